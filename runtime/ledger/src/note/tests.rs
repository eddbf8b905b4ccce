use proptest::prelude::*;

use super::*;
use crate::testing::{notes, signer};

const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// The seed that belongs to it, from the tests of the first implementation of notes.
const PETERS_SEED: &str = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
const PETERS_NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
/// From the specification, which does not tell the key.
const POEM: &str = "Ognuno sta solo sul cuor della terra\n\
    trafitto da un raggio di sole:\n\
    \n\
    ed è subito sera.\n\
    \n\
    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

fn parse(text: &str) -> Result<Note, NoteError> {
    Note::parse(text.as_bytes())
}

#[test]
fn the_known_note_is_made_and_verified() {
    let seed = crate::Hash::from_hex(PETERS_SEED).unwrap();
    let peter = Signer::new(KeyName::new("PeterNeumann").unwrap(), &seed.0);
    let key = peter.verifier(KeyKind::Ed25519);
    assert_eq!(key.to_string(), PETER);
    assert_eq!(PETER.parse(), Ok(key.clone()));
    let note = parse(PETERS_NOTE).unwrap();
    assert!(note.signed_by(&key));
    let signed = Note::new(note.text(), vec![peter.sign(note.text())]).unwrap();
    assert_eq!(signed.to_string(), PETERS_NOTE);
}

#[test]
fn a_text_may_have_empty_lines() {
    let note = parse(POEM).unwrap();
    assert!(note.text().ends_with("sole:\n\ned è subito sera.\n"));
    assert_eq!(note.signatures().len(), 1);
    assert_eq!(note.to_string(), POEM);
}

#[test]
fn another_text_name_id_or_signature_is_not_signed() {
    let key: VerifierKey = PETER.parse().unwrap();
    assert!(!parse(&PETERS_NOTE.replace("answer", "question")).unwrap().signed_by(&key));
    assert!(!parse(&PETERS_NOTE.replace("— Peter", "— Petra")).unwrap().signed_by(&key));
    assert!(!parse(&PETERS_NOTE.replace("x08go", "x08gp")).unwrap().signed_by(&key));
    assert!(!parse(&PETERS_NOTE.replace("AM=", "AQ=")).unwrap().signed_by(&key));
    let other = signer("PeterNeumann").verifier(KeyKind::Ed25519);
    assert!(!parse(PETERS_NOTE).unwrap().signed_by(&other));
}

#[test]
fn one_wrong_signature_of_a_known_key_spoils_the_note() {
    let log = signer("log.example");
    let text = "text\n";
    let good = log.sign(text);
    let key = log.verifier(KeyKind::Ed25519);
    let bad = NoteSignature::new(good.name().clone(), good.id(), vec![0; 64]).unwrap();
    let strange = signer("other.example").sign("other\n");
    assert!(Note::new(text, vec![strange, good.clone()]).unwrap().signed_by(&key));
    assert!(!Note::new(text, vec![good.clone(), bad.clone()]).unwrap().signed_by(&key));
    assert!(!Note::new(text, vec![bad, good]).unwrap().signed_by(&key));
}

#[test]
fn what_is_put_takes_the_place_of_the_same_key_alone() {
    let (log, other) = (signer("log.example"), signer("other.example"));
    let mut note = Note::new("text\n", vec![log.sign("else\n"), other.sign("text\n")]).unwrap();
    note.put(log.sign("text\n")).unwrap();
    assert_eq!(note.signatures(), [other.sign("text\n"), log.sign("text\n")]);
}

#[test]
fn what_is_not_a_note_is_refused() {
    let line = "— a AAAAAAA=\n";
    let good = format!("text\n\n{line}");
    assert_eq!(parse(&good).unwrap().to_string(), good);
    for wrong in [
        String::new(),
        "text\n".to_owned(),
        "text\n\n".to_owned(),
        line.to_owned(),
        format!("\n{line}"),
        format!("text\n{line}"),
        format!("text\r\n\n{line}"),
        format!("te\txt\n\n{line}"),
        good.trim_end().to_owned(),
        format!("{good}\n"),
        format!("{good}text\n"),
        good.replace('—', "-"),
        good.replace("— a", "—  a"),
        good.replace("a A", "a  A"),
        good.replace(" a ", " a+b "),
        good.replace(" a ", " a\u{a0}b "),
        good.replace("AAAAAAA=", "AAAAAA=="),
        good.replace("AAAAAAA=", "AAAAAAB="),
        good.replace("AAAAAAA=", "AAAAAAA"),
    ] {
        assert!(parse(&wrong).is_err(), "{wrong:?}");
    }
    assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::NotPlain));
}

#[test]
fn floods_are_refused() {
    let line = "— a AAAAAAA=\n";
    let of = |lines: usize| format!("text\n\n{}", line.repeat(lines));
    assert!(parse(&of(SIGNATURES_MAX)).is_ok());
    assert_eq!(parse(&of(SIGNATURES_MAX + 1)), Err(NoteError::TooManySignatures));
    let text = "x".repeat(TEXT_BYTES_MAX);
    assert!(matches!(parse(&format!("{text}\n\n{line}")), Err(NoteError::TextTooLong(_))));
    assert!(matches!(Note::parse(&vec![b'\n'; NOTE_BYTES_MAX + 1]), Err(NoteError::TooLong(_))));
    let long =
        NoteSignature::new(KeyName::new("a").unwrap(), KeyId([0; 4]), vec![0; SIGNATURE_BYTES_MAX]).unwrap();
    assert_eq!(NoteSignature::parse(&long.to_string()), Ok(long.clone()));
    // Sixteen of the longest signatures have to fit beside the longest text.
    let text = format!("{}\n", "x".repeat(TEXT_BYTES_MAX - 1));
    assert!(Note::new(text, vec![long.clone(); 16]).is_ok());
    assert!(matches!(Note::new("a\n", vec![long; 32]), Err(NoteError::TooLong(_))));
    let name = "x".repeat(NAME_BYTES_MAX + 1);
    assert!(KeyName::new(&name).is_err());
    assert!(KeyName::new(&name[1..]).is_ok());
}

#[test]
fn a_vkey_that_does_not_agree_with_itself_is_refused() {
    let error = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    assert!(PETER.replace("c74f20a3", "C74F20A3").parse::<VerifierKey>().is_ok());
    assert!(matches!(error(&PETER.replace("c74f", "c74e")), VerifierKeyError::Id { .. }));
    assert!(matches!(error(&PETER.replace("Peter", "Petra")), VerifierKeyError::Id { .. }));
    assert!(matches!(
        error(&PETER.replace("+AR", "+AS")),
        VerifierKeyError::Key(_) | VerifierKeyError::Id { .. }
    ));
    assert!(matches!(error(&PETER.replace("+AR", "+Bh")), VerifierKeyError::Kind { byte: 6, .. }));
    assert!(matches!(error(&PETER.replace("10TW", "")), VerifierKeyError::Key(_)));
    for wrong in ["", "a", "a+b", "a+c74f20a3+", "a+c74f20a3+=", "++", "a b+c74f20a3+AQ=="] {
        assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
    }
}

#[test]
fn keys_for_which_anybody_can_sign_are_refused() {
    let name = KeyName::new("weak.example").unwrap();
    // The neutral point, one of order two, and another spelling of the neutral point (y = p + 1).
    let mut one = [0; 32];
    one[0] = 1;
    let mut minus_one = [0xff; 32];
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    let mut again = [0xff; 32];
    (again[0], again[31]) = (0xee, 0x7f);
    for key in [one, minus_one, again, [0; 32]] {
        let error = VerifierKey::new(name.clone(), KeyKind::Ed25519, &key);
        assert_eq!(error, Err(VerifierKeyError::Key(name.clone())));
    }
}

#[test]
fn another_implementation_opens_our_notes_and_we_open_theirs() {
    use signed_note::{StandardSigner, StandardVerifier, VerifierList};

    let ours = signer("log.example/1");
    let vkey = ours.verifier(KeyKind::Ed25519).to_string();
    let note = Note::new("one\n\nthree\n", vec![ours.sign("one\n\nthree\n")]).unwrap();
    let opened = signed_note::Note::from_bytes(note.to_string().as_bytes()).unwrap();
    let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&vkey).unwrap())]);
    let (verified, unverified) = opened.verify(&known).unwrap();
    assert_eq!((verified.len(), unverified.len()), (1, 0));
    assert_eq!(opened.text(), note.text().as_bytes());

    let skey = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let mut theirs = signed_note::Note::new("è\n\n\n".as_bytes(), &[]).unwrap();
    theirs.add_sigs(&[&StandardSigner::new(skey).unwrap()]).unwrap();
    let opened = Note::parse(&theirs.to_bytes()).unwrap();
    assert!(opened.signed_by(&PETER.parse().unwrap()));
    assert_eq!(opened.to_string().as_bytes(), theirs.to_bytes());
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(note in notes()) {
        prop_assert_eq!(parse(&note.to_string()), Ok(note));
    }

    #[test]
    fn anything_is_read_or_refused(bytes: Vec<u8>, text in r"(?s)(a|\n|\n\n|— | |\+|[A-Z]{4}|=|.){0,40}") {
        let _ = Note::parse(&bytes);
        if let Ok(note) = parse(&text) {
            prop_assert_eq!(note.to_string(), text.clone());
        }
        let _ = text.parse::<VerifierKey>();
    }
}
