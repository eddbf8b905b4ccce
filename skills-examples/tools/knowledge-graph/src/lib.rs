//! A knowledge graph that lasts as long as its session: each call adds to it or asks it.

use std::{cell::RefCell, collections::BTreeSet};

wit_bindgen::generate!({
    inline: "
        package example:knowledge@1.0.0;

        interface knowledge-graph-ops {
            record relation {
                subject: string,
                predicate: string,
                object: string,
            }

            /// Adds relations, and says how many were new.
            create-relations: func(relations: list<relation>) -> u32;
            /// Every relation, in order; of one subject if it is named.
            read-graph: func(subject: option<string>) -> list<relation>;
            /// Forgets a subject. An error if it is not known.
            delete-subject: func(subject: string) -> result<u32, string>;
        }

        world knowledge {
            export knowledge-graph-ops;
        }
    ",
});

use exports::example::knowledge::knowledge_graph_ops::{Guest, Relation};

/// Relations that are kept. What comes after them is not new.
const RELATIONS_MAX: usize = 10_000;

thread_local! {
    static GRAPH: RefCell<BTreeSet<[String; 3]>> = const { RefCell::new(BTreeSet::new()) };
}

struct Knowledge;

impl Guest for Knowledge {
    fn create_relations(relations: Vec<Relation>) -> u32 {
        GRAPH.with_borrow_mut(|graph| {
            let mut new = 0;
            for Relation { subject, predicate, object } in relations {
                if graph.len() < RELATIONS_MAX && graph.insert([subject, predicate, object]) {
                    new += 1;
                }
            }
            new
        })
    }

    fn read_graph(subject: Option<String>) -> Vec<Relation> {
        GRAPH.with_borrow(|graph| {
            let asked = graph.iter().filter(|[of, ..]| subject.as_ref().is_none_or(|subject| subject == of));
            let relation = |[subject, predicate, object]: &[String; 3]| Relation {
                subject: subject.clone(),
                predicate: predicate.clone(),
                object: object.clone(),
            };
            asked.map(relation).collect()
        })
    }

    fn delete_subject(subject: String) -> Result<u32, String> {
        GRAPH.with_borrow_mut(|graph| {
            let before = graph.len();
            graph.retain(|[of, ..]| *of != subject);
            match u32::try_from(before - graph.len()) {
                Ok(0) | Err(_) => Err(format!("{subject} is not known")),
                Ok(deleted) => Ok(deleted),
            }
        })
    }
}

export!(Knowledge);
