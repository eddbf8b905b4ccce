//! What a search never executed, in the monitor's words.

use std::collections::BTreeSet;

use invar_monitor::{Dormant, Reach};
use invar_probe::{Directions, Guard, InstrumentedComponent, SiteCoverage};

/// Longest name of a function that is reported. Stops a skill from filling a report.
const NAME_CHARS_MAX: usize = 80;

/// What the searches of a copy never executed, in `runs` runs.
///
/// `waiting` are sites that some search left open to the environment: those that another flipped are not.
pub(crate) fn dormant(
    copy: &InstrumentedComponent,
    executed: &SiteCoverage,
    waiting: &[u32],
    runs: u64,
) -> Vec<Dormant> {
    let offset = |site: &u32| copy.sites.get(*site as usize).map(|site| site.offset);
    let open: BTreeSet<u64> = waiting.iter().filter_map(offset).collect();
    let all = copy.code.dormant(&copy.sites, executed);
    all.into_iter()
        .map(|call| {
            let name = call.name.map_or_else(String::new, |name| {
                let start: String = name.chars().take(NAME_CHARS_MAX).collect();
                format!(" ({})", start.escape_debug())
            });
            let place = match call.is_imported {
                true => format!("a call in function {} at {:#x}", call.function, call.offset),
                false => format!(
                    "function {}{name}, called from function {} at {:#x}",
                    call.callee, call.function, call.offset
                ),
            };
            Dormant {
                place,
                is_open: call.guard.is_some_and(|guard| {
                    guard.directions != Directions::Both && open.contains(&guard.offset)
                }),
                guard: call.guard.and_then(guard),
                reaches: call.effects.iter().filter_map(|effect| reach(effect)).collect(),
                texts: call.texts,
                runs,
            }
        })
        .collect()
}

fn guard(guard: Guard) -> Option<String> {
    match guard.directions {
        Directions::Held => Some(format!("behind a comparison at {:#x} that always held", guard.offset)),
        Directions::NotHeld => Some(format!("behind a comparison at {:#x} that never held", guard.offset)),
        // Something else decided.
        Directions::Both => None,
    }
}

/// What an imported function does.
fn reach(effect: &str) -> Option<Reach> {
    let (interface, function) = effect.split_once(' ')?;
    Some(match (interface, function) {
        ("wasi:filesystem/types", function) => match function.strip_prefix("descriptor.")? {
            "open-at" => Reach::Open,
            "write-via-stream" => Reach::Write,
            "append-via-stream" => Reach::Append,
            "set-size" => Reach::Resize,
            "create-directory-at" => Reach::MakeDirectory,
            "link-at" | "symlink-at" => Reach::Link,
            "remove-directory-at" | "unlink-file-at" => Reach::Remove,
            "rename-at" => Reach::Rename,
            _ => return None,
        },
        ("wasi:sockets/tcp", _) => Reach::Connect,
        ("wasi:sockets/udp", _) => Reach::Datagram,
        ("wasi:sockets/ip-name-lookup", _) => Reach::Lookup,
        ("wasi:http/outgoing-handler", _) => Reach::Request,
        ("wasi_snapshot_preview1", function) => match function {
            "path_open" => Reach::Open,
            "fd_pwrite" => Reach::Write,
            "fd_filestat_set_size" => Reach::Resize,
            "path_create_directory" => Reach::MakeDirectory,
            "path_link" | "path_symlink" => Reach::Link,
            "path_remove_directory" | "path_unlink_file" => Reach::Remove,
            "path_rename" => Reach::Rename,
            "sock_send" => Reach::Send,
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use invar_monitor::Reach;

    use super::reach;

    #[test]
    fn effects_of_both_previews_have_words() {
        let described = |effect| reach(effect).map(|reach| (reach.to_string(), reach.capability()));
        let connect = described("wasi:sockets/tcp tcp-socket.start-connect");
        assert_eq!(connect, Some(("network connect".into(), Some("network"))));
        let write = described("wasi:filesystem/types descriptor.write-via-stream");
        assert_eq!(write, Some(("file write".into(), Some("files.write"))));
        assert_eq!(reach("wasi_snapshot_preview1 path_open"), Some(Reach::Open));
        assert_eq!(reach("wasi_snapshot_preview1 path_unlink_file"), Some(Reach::Remove));
        assert_eq!(reach("wasi_snapshot_preview1 fd_filestat_set_size"), Some(Reach::Resize));
    }
}
