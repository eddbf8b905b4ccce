use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    Checkpoint, Hash, SignedCheckpoint,
    note::{KeyKind, KeyName, NoteSignature, VerifierKey},
    testing::signer,
};

fn log_key(name: &str) -> VerifierKey {
    signer(name).verifier(KeyKind::Ed25519)
}

fn witness_key(name: &str) -> VerifierKey {
    signer(name).verifier(KeyKind::Cosignature)
}

/// With `L1` and so on in the place of vkeys of logs, `W1` and so on in that of vkeys of witnesses.
fn with_keys(text: &str) -> String {
    let item = |item: &str| match item.as_bytes() {
        [b'L', b'0'..=b'9', ..] => log_key(item).to_string(),
        [b'W', b'0'..=b'9', ..] => witness_key(item).to_string(),
        _ => item.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(item).collect::<Vec<_>>().join(" ");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn parse(text: &str) -> Result<Policy, PolicyError> {
    Policy::parse(with_keys(text).as_bytes())
}

fn satisfied(policy: &Policy, cosigners: &str) -> bool {
    let keys: Vec<VerifierKey> = cosigners.split_whitespace().map(witness_key).collect();
    policy.satisfied_by(&keys)
}

#[track_caller]
fn wrong(text: &str, line: usize) -> PolicyLineError {
    match parse(text) {
        Err(PolicyError::Line { line: told, source }) if told == line => source,
        other => panic!("{text:?}: {other:?}"),
    }
}

/// The example of the specification.
const TWO_LEVELS: &str = "log L1

witness X1 W1
witness X2 W2
witness X3 W3
group X-witnesses 2 X1 X2 X3

witness Y1 W4
witness Y2 W5
witness Y3 W6
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
";

#[test]
fn groups_of_groups_are_counted() {
    let policy = parse(TWO_LEVELS).unwrap();
    assert_eq!((policy.logs().len(), policy.witnesses().len()), (1, 6));
    for enough in ["W1 W2 W4", "W2 W3 W6", "W1 W2 W3 W4 W5 W6", "W1 W2 W4 W9"] {
        assert!(satisfied(&policy, enough), "{enough}");
    }
    for too_few in ["", "W1 W4", "W1 W2 W3", "W4 W5 W6", "W1 W1 W4", "W1 W4 W5 W6", "W7 W8 W9"] {
        assert!(!satisfied(&policy, too_few), "{too_few}");
    }
    assert_eq!(Policy::parse(&policy.to_bytes()), Ok(policy));
}

#[test]
fn a_quorum_may_be_a_witness_or_nobody() {
    let one = parse("witness a W1 https://witness.example/\nwitness b W2\nquorum a\n").unwrap();
    assert!(satisfied(&one, "W1") && !satisfied(&one, "W2"));
    assert_eq!(one.witnesses()[0].url.as_ref().and_then(Octets::as_str), Some("https://witness.example/"));
    let nobody = parse("quorum none\n").unwrap();
    assert!(satisfied(&nobody, ""));
    assert_eq!(nobody, Policy::of_nobody());
}

#[test]
fn order_and_white_space_are_free() {
    let text =
        "\t# comment\n\n \t \nquorum none\n\twitness\t a \tW1 url \n#\n  log L1\nwitness none-of-it W2\n";
    let policy = parse(&text.replace("\tW1", "\t W1").replace('\t', " \t ")).unwrap();
    assert_eq!(policy.witnesses()[1].name.as_str(), Some("none-of-it"));
    assert_eq!(policy.witnesses()[0].name.as_str(), Some("a"));
    assert_eq!(policy.logs().len(), 1);
}

#[test]
fn names_are_octets() {
    // The letter K, the sign for kelvin, and bytes that are no text.
    let mut bytes = with_keys("witness K W1\nwitness \u{212a} W2\nwitness ? W3\nquorum ?\n").into_bytes();
    bytes.iter_mut().filter(|byte| **byte == b'?').for_each(|byte| *byte = 0xff);
    let policy = Policy::parse(&bytes).unwrap();
    assert!(satisfied(&policy, "W3") && !satisfied(&policy, "W1 W2"));
    assert_eq!(policy.to_bytes(), bytes);
    assert_eq!(policy.witnesses()[2].name.as_str(), None);
    assert_eq!(policy.witnesses()[2].name.to_string(), "\u{fffd}");
}

#[test]
fn what_is_no_policy_is_refused_with_its_line() {
    use PolicyLineError as Wrong;

    assert!(matches!(wrong("witness a W1\nwitness a W2\nquorum a\n", 2), Wrong::DuplicateName(_)));
    assert!(matches!(wrong("witness a W1\nwitness b W1\nquorum a\n", 2), Wrong::DuplicateKey { .. }));
    assert!(matches!(wrong("witness none W1\nquorum none\n", 1), Wrong::DuplicateName(_)));
    assert!(matches!(wrong("log L1\n\nlog L1 url\nquorum none\n", 3), Wrong::DuplicateKey { .. }));
    assert!(matches!(wrong("log W1\nquorum none\n", 1), Wrong::Kind { .. }));
    assert!(matches!(wrong("witness a L1\nquorum none\n", 1), Wrong::Kind { .. }));
    assert!(matches!(wrong("witness a b+c\nquorum none\n", 1), Wrong::Key(_)));
    assert!(matches!(wrong("log\nquorum none\n", 1), Wrong::Form(_)));
    assert!(matches!(wrong("log L1 url more\nquorum none\n", 1), Wrong::Form(_)));
    assert!(matches!(wrong("witness a\nquorum none\n", 1), Wrong::Form(_)));
    assert!(matches!(wrong("witness a W1 url more\nquorum none\n", 1), Wrong::Form(_)));
    assert!(matches!(wrong("quorum\n", 1), Wrong::Form(_)));
    assert!(matches!(wrong("quorum none none\n", 1), Wrong::Form(_)));
    assert!(matches!(wrong("quorum none\nquorum none\n", 2), Wrong::SecondQuorum));
    assert!(matches!(wrong("quorum a\nwitness a W1\n", 1), Wrong::Undefined(_)));
    assert!(matches!(wrong("trust L1\nquorum none\n", 1), Wrong::Unknown(_)));
    assert!(matches!(wrong("quorum none\r\n", 1), Wrong::Control(b'\r')));
    assert!(matches!(wrong("# \u{7f}\nquorum none\n", 1), Wrong::Control(0x7f)));
    let two = "witness a W1\nwitness b W2\n";
    assert!(matches!(wrong(&format!("{two}group g any\nquorum g\n"), 3), Wrong::Form(_)));
    assert!(matches!(wrong(&format!("{two}group g any none\nquorum g\n"), 3), Wrong::Undefined(_)));
    assert!(matches!(wrong(&format!("{two}group g any a g\nquorum g\n"), 3), Wrong::Undefined(_)));
    assert!(matches!(wrong(&format!("{two}group a any b\nquorum a\n"), 3), Wrong::DuplicateName(_)));
    assert!(matches!(wrong(&format!("{two}group g 2 a a\nquorum g\n"), 3), Wrong::Member(_)));
    assert!(matches!(wrong(&format!("{two}group g all a\ngroup h 1 a b\nquorum h\n"), 4), Wrong::Member(_)));
    for threshold in ["0", "3", "01", "+1", "-1", "Any", "18446744073709551617"] {
        let text = format!("{two}group g {threshold} a b\nquorum g\n");
        assert!(matches!(wrong(&text, 3), Wrong::Threshold(_)), "{threshold}");
    }
    assert_eq!(parse(""), Err(PolicyError::NoNewline));
    assert_eq!(parse("\n"), Err(PolicyError::NoQuorum));
    // Cut off, it would ask for another quorum.
    assert_eq!(parse("witness X W1\nwitness X-and-Y W2\nquorum X"), Err(PolicyError::NoNewline));
}

#[test]
fn floods_are_refused() {
    use std::fmt::Write as _;

    let lines = |count: usize, line: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        (0..count).for_each(|at| writeln!(text, "{}", line(at)).unwrap());
        text + "quorum none\n"
    };
    let logs = |at: usize| format!("log L{at}");
    let witnesses = |at: usize| format!("witness a{at} W{at}");
    let groups = |at: usize| match at {
        0 => "witness g0 W0".to_owned(),
        at => format!("group g{at} any g{}", at - 1),
    };
    assert!(parse(&lines(LOGS_MAX, &logs)).is_ok());
    assert!(parse(&lines(WITNESSES_MAX, &witnesses)).is_ok());
    assert!(parse(&lines(GROUPS_MAX + 1, &groups)).is_ok());
    let too_many = |text: &str, line| matches!(wrong(text, line), PolicyLineError::TooMany { .. });
    assert!(too_many(&lines(LOGS_MAX + 1, &logs), LOGS_MAX + 1));
    assert!(too_many(&lines(WITNESSES_MAX + 1, &witnesses), WITNESSES_MAX + 1));
    assert!(too_many(&lines(GROUPS_MAX + 2, &groups), GROUPS_MAX + 2));
    let long = "x".repeat(URL_BYTES_MAX + 1);
    assert_eq!(wrong(&format!("log L1 {long}\n"), 1), PolicyLineError::LongUrl);
    assert_eq!(wrong(&format!("witness {long} W1\n"), 1), PolicyLineError::LongName);
    assert!(matches!(Policy::parse(&vec![b'\n'; POLICY_BYTES_MAX + 1]), Err(PolicyError::TooLong(_))));
}

#[test]
fn all_of_some_keys_is_a_policy() {
    let policy = Policy::all_of(["W1", "W2"].map(witness_key)).unwrap();
    assert!(satisfied(&policy, "W1 W2") && !satisfied(&policy, "W1"));
    assert_eq!(Policy::parse(&policy.to_bytes()), Ok(policy));
    assert_eq!(Policy::all_of([]), Ok(Policy::of_nobody()));
    assert!(matches!(Policy::all_of([log_key("L1")]), Err(PolicyKeysError::Kind(_))));
    let renamed = VerifierKey::new(
        KeyName::new("other.example").unwrap(),
        KeyKind::Cosignature,
        witness_key("W1").public_key(),
    );
    let twice = Policy::all_of([witness_key("W1"), renamed.unwrap()]);
    assert!(matches!(twice, Err(PolicyKeysError::Duplicate(_))));
    let many = (0..=WITNESSES_MAX).map(|at| witness_key(&format!("W{at}")));
    assert!(matches!(Policy::all_of(many), Err(PolicyKeysError::TooMany(_))));
}

fn checkpoint(origin: &str, witnesses: &[(&str, u64)]) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(origin, 3, Hash::of(b"root")).unwrap();
    let mut signed = SignedCheckpoint::sign(checkpoint.clone(), &signer(origin)).unwrap();
    for (witness, time_s) in witnesses {
        let line = signer(witness).cosign(&checkpoint, *time_s);
        assert!(signed.add_cosignature(&line, &witness_key(witness)).unwrap());
    }
    signed
}

#[test]
fn a_checkpoint_is_believed_if_its_log_signed_and_the_quorum_saw_it() {
    let policy = parse("log L1\nwitness a W1\nwitness b W2\ngroup g any a b\nquorum g\n").unwrap();
    let check = |signed: &SignedCheckpoint, log: &str| {
        policy.check(signed, &log_key(log)).map(|who| who.iter().map(|who| who.time_s).collect::<Vec<_>>())
    };
    assert_eq!(check(&checkpoint("L1", &[("W2", 20)]), "L1"), Ok(vec![20]));
    assert_eq!(check(&checkpoint("L1", &[("W2", 20), ("W9", 1), ("W1", 10)]), "L1"), Ok(vec![10, 20]));
    let none = check(&checkpoint("L1", &[("W9", 1)]), "L1");
    assert_eq!(none, Err(NotTrusted::Quorum { have: 0, of: 2 }));
    let other = checkpoint("L2", &[("W1", 1)]);
    assert!(matches!(check(&other, "L1"), Err(NotTrusted::Origin { .. })));
    assert!(matches!(check(&other, "L2"), Err(NotTrusted::UnknownLog(_))));
    // Without logs in the policy, any log is taken that is named elsewhere.
    let open = parse("witness a W1\nquorum a\n").unwrap();
    assert!(open.check(&other, &log_key("L2")).is_ok());
    let forged = SignedCheckpoint::sign(checkpoint("L1", &[]).checkpoint().clone(), &signer("L3")).unwrap();
    assert!(matches!(check(&forged, "L1"), Err(NotTrusted::NotSigned(_))));
}

#[test]
fn a_wrong_cosignature_of_a_known_witness_spoils_the_checkpoint() {
    let policy = parse("witness a W1\nwitness b W2\ngroup g any a b\nquorum g\n").unwrap();
    let good = checkpoint("L1", &[("W1", 1)]);
    let with_bad = |witness: &str| {
        let key = witness_key(witness);
        let bad = NoteSignature::new(key.name().clone(), key.id(), vec![1; 72]).unwrap();
        let signed = SignedCheckpoint::parse(format!("{good}{bad}\n").as_bytes()).unwrap();
        policy.check(&signed, &log_key("L1"))
    };
    assert!(with_bad("W9").is_ok());
    assert!(matches!(with_bad("W2"), Err(NotTrusted::BadCosignature(_))));
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(
        logs in 0_usize..4,
        names in vec(vec(prop_oneof![0x21_u8..0x7f, 0x80_u8..], 1..6), 1..8),
        sizes in vec((1_usize..4, 1_usize..4), 0..4),
        quorum: prop::sample::Index,
    ) {
        let mut bytes = with_keys(&(0..logs).map(|at| format!("log L{at} u\n")).collect::<String>()).into_bytes();
        let mut free = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let name = [name, at.to_string().as_bytes()].concat();
            let key = witness_key(&format!("W{at}")).to_string();
            bytes.extend([&b"witness "[..], &name, b" ", key.as_bytes(), b"\n"].concat());
            free.push(name);
        }
        for (at, (size, threshold)) in sizes.iter().enumerate() {
            let members: Vec<Vec<u8>> = free.drain(..(*size).min(free.len() - 1)).collect();
            if members.is_empty() {
                break;
            }
            let name = format!("group-{at}");
            let head = format!("group {name} {} ", (*threshold).min(members.len()));
            bytes.extend([head.as_bytes(), &members.join(&b' '), b"\n"].concat());
            free.push(name.into_bytes());
        }
        bytes.extend([b"quorum ", &free[quorum.index(free.len())][..], b"\n"].concat());
        let policy = Policy::parse(&bytes).unwrap();
        prop_assert_eq!(Policy::parse(&policy.to_bytes()), Ok(policy));
    }

    #[test]
    fn anything_is_read_or_refused(
        bytes: Vec<u8>,
        lines in vec("(log|witness|group|quorum|#)?( (a|b|none|any|all|[0-9]|L1|L2|W1|W2)){0,5}", 0..12),
    ) {
        let _ = Policy::parse(&bytes);
        if let Ok(policy) = parse(&(lines.join("\n") + "\n")) {
            prop_assert_eq!(Policy::parse(&policy.to_bytes()), Ok(policy));
        }
    }
}
