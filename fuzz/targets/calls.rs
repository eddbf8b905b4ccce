//! Calls of functions, and values of every type, are read or refused; what is read is written and read again the same.
#![no_main]

use std::sync::{Arc, LazyLock};

use invar_engine::{Calls, ResourceName, Signature, Tool, ValueType, canonical};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value as Json, json};

fn integer(signed: bool, bits: u8) -> ValueType {
    ValueType::Integer { signed, bits }
}

fn option(of: ValueType) -> ValueType {
    ValueType::Option(Box::new(of))
}

fn list(of: ValueType) -> ValueType {
    ValueType::List(Box::new(of))
}

fn named<T>(all: impl IntoIterator<Item = (&'static str, T)>) -> Vec<(String, T)> {
    all.into_iter().map(|(name, of)| (name.to_owned(), of)).collect()
}

fn names(all: &[&str]) -> Vec<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

/// A function for each kind of type, which gives back what it takes, and two with handles of a resource.
static TOOLS: LazyLock<Vec<Tool>> = LazyLock::new(|| {
    let integers =
        [false, true].into_iter().flat_map(|signed| [8, 16, 32, 64].map(|bits| integer(signed, bits)));
    let record = named([("x", integer(true, 32)), ("label", option(ValueType::Text))]);
    let shapes =
        named([("dot", None), ("circle", Some(ValueType::Float64)), ("all", Some(list(ValueType::Char)))]);
    let outcome =
        ValueType::Result { ok: Some(Box::new(integer(false, 32))), err: Some(Box::new(ValueType::Text)) };
    let empty = ValueType::Result { ok: None, err: None };
    let flags = names(&["bold", "italic", "underlined"]);
    let types = [
        ("bool", ValueType::Bool),
        ("integers", ValueType::Tuple(integers.collect())),
        ("floats", ValueType::Tuple(vec![ValueType::Float32, ValueType::Float64])),
        ("char", ValueType::Char),
        ("text", ValueType::Text),
        ("bytes", ValueType::Bytes),
        ("list", list(list(integer(false, 16)))),
        ("record", ValueType::Record(record)),
        ("variant", list(ValueType::Variant(shapes))),
        ("enum", ValueType::Enum(names(&["red", "green"]))),
        ("option", option(option(option(ValueType::Bool)))),
        ("outcome", list(outcome)),
        ("empty", empty),
        ("flags", ValueType::Flags(flags)),
    ];
    let tool = |interface: Option<&str>, function: &str, params, result| Tool {
        interface: interface.map(Arc::from),
        function: function.to_owned(),
        signature: Ok(Signature { params, result }),
    };
    let mut tools: Vec<Tool> = types
        .into_iter()
        .map(|(name, of)| {
            tool(Some("example:every-type/echo@0.1.0"), name, named([("value", of.clone())]), Some(of))
        })
        .collect();
    let name = ResourceName { interface: None, name: "counter".into() };
    let handle = |owned| ValueType::Resource { resource: name.clone(), owned };
    let (own, borrow) = (handle(true), handle(false));
    tools.push(tool(None, "start", Vec::new(), Some(own.clone())));
    tools.push(tool(None, "add", named([("counter", own.clone()), ("others", list(borrow))]), Some(own)));
    // A name that another function has, too: it must be written in full.
    tools.push(tool(Some("example:other/echo@0.1.0"), "text", named([("value", ValueType::Text)]), None));
    tools
});

/// Calls that are taken are written as one text, which is taken and written the same.
fn check(read: Calls) {
    let text = read.to_json();
    let again = Calls::read(&TOOLS, text.as_bytes()).expect("what was written is read");
    assert_eq!((again.to_json(), again.count()), (text, read.count()));
}

fuzz_target!(|bytes: &[u8]| {
    // All of it as a list of calls.
    match Calls::read(&TOOLS, bytes) {
        Ok(calls) => check(calls),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    // The first byte chooses a function, the rest is the value of each of its arguments.
    let Some((choice, rest)) = bytes.split_first() else { return };
    let Ok(value) = serde_json::from_slice::<Json>(rest) else { return };
    let tool = &TOOLS[usize::from(*choice) % TOOLS.len()];
    let Ok(signature) = &tool.signature else { return };
    let args = signature.params.iter().map(|(name, _)| (name.clone(), value.clone())).collect();
    match Calls::one(&TOOLS, &tool.name(), &Json::Object(args)) {
        Ok(calls) => {
            let written: Json = serde_json::from_str(&calls.to_json()).expect("it is JSON");
            assert_eq!(written[0]["call"], json!(tool.name()));
            assert_eq!(canonical(&written), calls.to_json());
            check(calls);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
