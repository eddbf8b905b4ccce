//! `covers` is sound: what the inner pattern matches, a pattern that covers it matches too.
//! Input: outer pattern, inner pattern and subject, a line each.
#![no_main]

use std::net::{Ipv4Addr, SocketAddr};

use invar_envelope::{Bindings, NamePattern, NetworkPattern, PathPattern};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut lines = text.lines();
    let (Some(outer), Some(inner), Some(subject)) = (lines.next(), lines.next(), lines.next()) else {
        return;
    };
    if let (Ok(outer), Ok(inner)) = (PathPattern::parse(outer), PathPattern::parse(inner)) {
        assert_eq!(PathPattern::parse(&inner.to_string()).as_ref(), Ok(&inner));
        // Where variables stand for what is asked for, too.
        let arguments = [subject.to_owned(), format!("{subject}/..")];
        let bindings = Bindings { home: Some(subject), arguments: &arguments, ..Bindings::default() };
        for (outer_bound, inner_bound) in
            [(outer.clone(), inner.clone()), (outer.bind(&bindings), inner.bind(&bindings))]
        {
            if outer.covers(&inner) && inner_bound.matches(subject) {
                assert!(outer_bound.matches(subject), "{outer} covers {inner} and does not match {subject}");
            }
        }
    }
    if let (Ok(outer), Ok(inner)) = (NamePattern::parse(outer), NamePattern::parse(inner))
        && outer.covers(&inner)
        && inner.matches(subject)
    {
        assert!(outer.matches(subject), "{outer} covers {inner} and does not match {subject}");
    }
    if let (Ok(outer), Ok(inner)) =
        (NetworkPattern::parse_declared(outer), NetworkPattern::parse_declared(inner))
    {
        assert_eq!(NetworkPattern::parse_declared(&inner.to_string()).as_ref(), Ok(&inner));
        let address = subject.parse().unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 443)));
        let names = [subject.to_owned()];
        if outer.covers(&inner) {
            assert!(
                outer.allows_lookup(subject) || !inner.allows_lookup(subject),
                "{outer} {inner} {subject}"
            );
            assert!(
                outer.allows_socket(outer.scheme(), address, &names)
                    || !inner.allows_socket(inner.scheme(), address, &names),
                "{outer} {inner} {address}"
            );
        }
    }
});
