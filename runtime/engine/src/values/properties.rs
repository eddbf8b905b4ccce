//! What must hold for every type and value.

use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value as Json, json};
use wasmtime::component::Val;

use super::{ResourceName, ValueError, ValueType, canonical, number_of};

fn names(prefix: &'static str, count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{prefix}{index}")).collect()
}

fn any_type() -> impl Strategy<Value = ValueType> {
    let integer = (any::<bool>(), prop::sample::select(vec![8, 16, 32, 64]))
        .prop_map(|(signed, bits)| ValueType::Integer { signed, bits });
    let leaf = prop_oneof![
        integer,
        prop::sample::select(vec![
            ValueType::Bool,
            ValueType::Float32,
            ValueType::Float64,
            ValueType::Char,
            ValueType::Text,
            ValueType::Bytes,
        ]),
        (1..5_usize).prop_map(|count| ValueType::Enum(names("case", count))),
        (1..40_usize).prop_map(|count| ValueType::Flags(names("flag", count))),
        any::<bool>().prop_map(|owned| ValueType::Resource {
            resource: ResourceName { interface: None, name: "thing".into() },
            owned,
        }),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let fields = |types: Vec<ValueType>| names("field", types.len()).into_iter().zip(types).collect();
        let optional = || option::of(inner.clone());
        let cases =
            |types: Vec<Option<ValueType>>| names("case", types.len()).into_iter().zip(types).collect();
        prop_oneof![
            inner.clone().prop_map(|ty| ValueType::List(Box::new(ty))).prop_filter("it is bytes", |ty| {
                *ty != ValueType::List(Box::new(ValueType::Integer { signed: false, bits: 8 }))
            }),
            inner.clone().prop_map(|ty| ValueType::Option(Box::new(ty))),
            vec(inner.clone(), 1..4).prop_map(move |types| ValueType::Record(fields(types))),
            vec(inner.clone(), 1..4).prop_map(ValueType::Tuple),
            vec(optional(), 1..4).prop_map(move |types| ValueType::Variant(cases(types))),
            (optional(), optional())
                .prop_map(|(ok, err)| ValueType::Result { ok: ok.map(Box::new), err: err.map(Box::new) }),
        ]
    })
}

fn of_case(ty: Option<&ValueType>) -> BoxedStrategy<Option<Box<Val>>> {
    match ty {
        Some(ty) => any_value(ty).prop_map(|value| Some(Box::new(value))).boxed(),
        None => Just(None).boxed(),
    }
}

fn all_of(types: Vec<&ValueType>) -> BoxedStrategy<Vec<Val>> {
    types.into_iter().map(any_value).collect::<Vec<_>>().boxed()
}

fn any_value(ty: &ValueType) -> BoxedStrategy<Val> {
    match ty {
        ValueType::Bool => any::<bool>().prop_map(Val::Bool).boxed(),
        ValueType::Integer { signed, bits } => match (signed, bits) {
            (true, 8) => any::<i8>().prop_map(Val::S8).boxed(),
            (false, 8) => any::<u8>().prop_map(Val::U8).boxed(),
            (true, 16) => any::<i16>().prop_map(Val::S16).boxed(),
            (false, 16) => any::<u16>().prop_map(Val::U16).boxed(),
            (true, 32) => any::<i32>().prop_map(Val::S32).boxed(),
            (false, 32) => any::<u32>().prop_map(Val::U32).boxed(),
            (true, _) => any::<i64>().prop_map(Val::S64).boxed(),
            (false, _) => prop_oneof![any::<u64>(), Just(u64::MAX)].prop_map(Val::U64).boxed(),
        },
        ValueType::Float32 => any::<u32>().prop_map(|bits| Val::Float32(f32::from_bits(bits))).boxed(),
        ValueType::Float64 => any::<u64>().prop_map(|bits| Val::Float64(f64::from_bits(bits))).boxed(),
        ValueType::Char => any::<char>().prop_map(Val::Char).boxed(),
        ValueType::Resource { .. } => (1..=u32::MAX).prop_map(Val::U32).boxed(),
        ValueType::Text => any::<String>().prop_map(Val::String).boxed(),
        ValueType::Bytes => vec(any::<u8>().prop_map(Val::U8), 0..9).prop_map(Val::List).boxed(),
        ValueType::List(ty) => vec(any_value(ty), 0..4).prop_map(Val::List).boxed(),
        ValueType::Record(fields) => {
            let names: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
            all_of(fields.iter().map(|(_, ty)| ty).collect())
                .prop_map(move |values| Val::Record(names.iter().cloned().zip(values).collect()))
                .boxed()
        }
        ValueType::Tuple(types) => all_of(types.iter().collect()).prop_map(Val::Tuple).boxed(),
        ValueType::Variant(cases) => {
            let each = cases.iter().map(|(name, ty)| {
                let name = name.clone();
                of_case(ty.as_ref()).prop_map(move |value| Val::Variant(name.clone(), value)).boxed()
            });
            prop::strategy::Union::new(each).boxed()
        }
        ValueType::Result { ok, err } => prop_oneof![
            of_case(ok.as_deref()).prop_map(|value| Val::Result(Ok(value))),
            of_case(err.as_deref()).prop_map(|value| Val::Result(Err(value))),
        ]
        .boxed(),
        ValueType::Enum(names) => prop::sample::select(names.clone()).prop_map(Val::Enum).boxed(),
        ValueType::Option(ty) => {
            option::of(any_value(ty)).prop_map(|value| Val::Option(value.map(Box::new))).boxed()
        }
        ValueType::Flags(names) => {
            prop::sample::subsequence(names.clone(), 0..=names.len()).prop_map(Val::Flags).boxed()
        }
    }
}

fn typed_value() -> impl Strategy<Value = (ValueType, Val)> {
    any_type().prop_flat_map(|ty| any_value(&ty).prop_map(move |value| (ty.clone(), value)))
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "(case|flag|field)[0-9]|NaN|.{0,6}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof!["tag|val|some", "field[0-3]", ".{0,3}"];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::hash_map(key, inner, 0..4)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_json_of_a_value_is_read_back_as_that_value((ty, value) in typed_value()) {
        let json = ty.write(&value);
        let text = canonical(&json);
        let parsed: Json = serde_json::from_str(&text).unwrap();
        let read = ty.read(Some(&parsed)).unwrap();
        prop_assert_eq!(canonical(&ty.write(&read)), text);
        prop_assert_eq!(read, value);
    }

    #[test]
    fn json_of_anybody_is_refused_or_is_a_value_that_is_written_the_same_each_time(ty in any_type(), json in any_json()) {
        if let Ok(value) = ty.read(Some(&json)) {
            let written = ty.write(&value);
            let again = ty.read(Some(&written)).unwrap();
            prop_assert_eq!(ty.write(&again), written);
        }
    }

    #[test]
    fn the_handles_of_a_value_are_as_many_as_its_type_says_and_are_replaced_in_order((ty, value) in typed_value()) {
        let mut seen = Vec::new();
        let next = ty.replace_handles(value.clone(), &mut |_, _, value| {
            seen.push(number_of(&value));
            Ok::<_, ()>(Val::U32(u32::try_from(seen.len()).unwrap()))
        });
        let count = u32::try_from(seen.len()).unwrap();
        let bounds = ty.handles();
        prop_assert!(bounds.least <= count && bounds.most.is_none_or(|most| count <= most));
        let mut numbers = 1..;
        let mut back = seen.iter();
        let again = ty.replace_handles(next.unwrap(), &mut |_, _, value| {
            assert_eq!(Some(number_of(&value)), numbers.next());
            Ok::<_, ()>(Val::U32(*back.next().unwrap()))
        });
        prop_assert_eq!(again, Ok(value));
    }

    #[test]
    fn an_example_of_a_type_is_a_value_of_it(ty in any_type()) {
        prop_assert!(ty.read(Some(&ty.example())).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_json_of_a_value_validates_against_the_schema_of_its_type((ty, value) in typed_value()) {
        let schema = ty.schema();
        let validator = jsonschema::validator_for(&schema).unwrap();
        for json in [ty.write(&value), ty.example()] {
            prop_assert!(validator.is_valid(&json), "{} against {}", json, schema);
        }
    }
}

fn record() -> ValueType {
    ValueType::Record(vec![
        ("path".into(), ValueType::Text),
        ("limit".into(), ValueType::Option(Box::new(ValueType::Integer { signed: false, bits: 8 }))),
        ("tags".into(), ValueType::List(Box::new(ValueType::Text))),
    ])
}

fn error(ty: &ValueType, json: Json) -> String {
    ty.read(Some(&json)).unwrap_err().in_field("args").to_string()
}

#[test]
fn an_error_says_where_what_was_expected_and_what_was_found() {
    for (json, message) in [
        (json!([]), "args: expected an object, found an array of 0"),
        (json!({ "tags": [] }), "args.path: expected text, found nothing"),
        (json!({ "path": "a", "tags": ["a", 3] }), "args.tags[1]: expected text, found 3"),
        (
            json!({ "path": "a", "tags": [], "limit": 256 }),
            "args.limit: expected an integer from 0 to 255, found 256",
        ),
        (
            json!({ "path": "a", "tags": [], "root": true }),
            "args: expected no fields but path, limit and tags, found \"root\"",
        ),
    ] {
        assert_eq!(error(&record(), json), message);
    }
    let nested = ValueType::List(Box::new(ValueType::Variant(vec![("some-case".into(), Some(record()))])));
    assert_eq!(
        error(&nested, json!([{ "tag": "some-case", "val": { "path": 1, "tags": [] } }])),
        "args[0].val.path: expected text, found 1"
    );
    assert_eq!(
        error(&nested, json!([{ "tag": "other" }])),
        "args[0].tag: expected one of some-case, found \"other\""
    );
}

#[test]
fn what_an_error_repeats_is_escaped_and_cut() {
    let hostile = format!("\u{1b}[2J\n{}", "x".repeat(1 << 20));
    let message = error(&ValueType::Bool, json!(hostile));
    assert!(message.len() < 200 && !message.contains(char::is_control), "{message}");
    let message = error(&record(), json!({ hostile: 1 }));
    assert!(message.len() < 200 && !message.contains(char::is_control), "{message}");
}

#[test]
fn each_type_has_its_json() {
    let option = |ty| ValueType::Option(Box::new(ty));
    let cases: Vec<(ValueType, Val, Json)> = vec![
        (ValueType::Integer { signed: false, bits: 64 }, Val::U64(u64::MAX), json!(u64::MAX)),
        (ValueType::Integer { signed: true, bits: 64 }, Val::S64(i64::MIN), json!(i64::MIN)),
        (ValueType::Float32, Val::Float32(0.1), json!(0.1)),
        (ValueType::Float64, Val::Float64(f64::NEG_INFINITY), json!("-Infinity")),
        (ValueType::Bytes, Val::List(vec![Val::U8(0), Val::U8(255)]), json!("AP8=")),
        (option(ValueType::Bool), Val::Option(None), Json::Null),
        (
            option(option(ValueType::Bool)),
            Val::Option(Some(Box::new(Val::Option(None)))),
            json!({ "some": null }),
        ),
        (ValueType::Flags(names("f", 3)), Val::Flags(vec!["f0".into(), "f2".into()]), json!(["f0", "f2"])),
        (ValueType::Result { ok: None, err: None }, Val::Result(Err(None)), json!({ "tag": "err" })),
    ];
    for (ty, value, json) in cases {
        assert_eq!(ty.write(&value), json);
        assert_eq!(ty.read(Some(&json)), Ok::<_, ValueError>(value));
    }
    assert_eq!(
        ValueType::Bytes.read(Some(&json!([0, 255]))).unwrap(),
        Val::List(vec![Val::U8(0), Val::U8(255)])
    );
    for (ty, json) in [
        (ValueType::Bytes, json!("A")),
        (ValueType::Char, json!("ab")),
        (ValueType::Float32, json!(1e300)),
        (ValueType::Integer { signed: false, bits: 64 }, json!(1.5)),
        (ValueType::Integer { signed: false, bits: 64 }, json!(-1)),
        (ValueType::Flags(names("f", 2)), json!(["f0", "f0"])),
        (ValueType::Tuple(vec![ValueType::Bool]), json!([true, true])),
        (option(option(ValueType::Bool)), json!(true)),
    ] {
        assert!(ty.read(Some(&json)).is_err(), "{json}");
    }
}
