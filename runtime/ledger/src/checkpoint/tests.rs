use proptest::prelude::*;

use super::*;
use crate::{
    Hash,
    note::{KeyKind, NoteSignature, TEXT_BYTES_MAX, VerifierKey},
    testing::{checkpoints, signed_checkpoints, signer},
};

/// From the specification, which does not tell the keys.
const SOFA: &str = "example.com/behind-the-sofa\n\
    20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
    \n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

fn checkpoint() -> Checkpoint {
    Checkpoint::new("log.example/1", 7, Hash::of(b"root")).unwrap()
}

fn log_key() -> VerifierKey {
    signer("log.example/1").verifier(KeyKind::Ed25519)
}

fn signed() -> SignedCheckpoint {
    SignedCheckpoint::sign(checkpoint(), &signer("log.example/1")).unwrap()
}

#[test]
fn the_example_of_the_specification_is_read() {
    let signed = SignedCheckpoint::parse(SOFA.as_bytes()).unwrap();
    assert_eq!(signed.checkpoint().origin(), "example.com/behind-the-sofa");
    assert_eq!(signed.checkpoint().size(), 20_852_163);
    assert_eq!(signed.checkpoint().root().short(), "0ac5186a9186");
    assert_eq!(signed.to_string(), SOFA);
    let cosignature = Cosignature::from_bytes(signed.note().signatures()[1].bytes()).unwrap();
    assert_eq!(cosignature.time_s, 1_679_315_147);
    let message = Cosignature::message(cosignature.time_s, signed.note().text());
    let known = "cosignature/v1\n\
        time 1679315147\n\
        example.com/behind-the-sofa\n\
        20852163\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    assert_eq!(message, known);
}

#[test]
fn we_write_three_lines() {
    assert_eq!(checkpoint().text(), "log.example/1\n7\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n");
}

#[test]
fn lines_that_follow_are_kept() {
    let text = checkpoint().text() + "one\ntwo\n";
    let read = Checkpoint::parse(&text).unwrap();
    assert_eq!(read.text(), text);
    assert_ne!(read, checkpoint());
}

#[test]
fn what_is_not_a_checkpoint_is_refused() {
    let good = checkpoint().text();
    for wrong in [
        String::new(),
        "\n\n\n".to_owned(),
        good.trim_end().to_owned(),
        format!("{good}\n"),
        format!("{good}one"),
        format!("{good}one\n\n"),
        format!("{good}\none\n"),
        format!("{good}o\tne\n"),
        format!("\n{good}"),
        good.replace("log.example/1", ""),
        good.replace("log.example/1", &"x".repeat(ORIGIN_BYTES_MAX + 1)),
        good.replace("log.example/1", "a\u{7}"),
        good.replace("\n7\n", "\n07\n"),
        good.replace("\n7\n", "\n-7\n"),
        good.replace("\n7\n", "\n18446744073709551616\n"),
        good.replace("\n7\n", "\n\n"),
        good.replace("d7I=", "d7="),
        good.replace("d7I=", "d7J="),
        good.replace("SBNJ", ""),
        good.replace('\n', "\r\n"),
    ] {
        assert!(Checkpoint::parse(&wrong).is_err(), "{wrong:?}");
    }
    assert!(Checkpoint::new("a\nb", 0, Hash::default()).is_err());
    let long = good + &"x\n".repeat(TEXT_BYTES_MAX);
    assert!(matches!(Checkpoint::parse(&long), Err(CheckpointError::TooLong(_))));
}

#[test]
fn a_cosignature_tells_who_saw_it_and_when() {
    let (w1, w2) = (signer("witness.example/1"), signer("witness.example/2"));
    let [key_1, key_2] = [&w1, &w2].map(|witness| witness.verifier(KeyKind::Cosignature));
    let mut signed = signed();
    assert!(signed.add_cosignature(&w1.cosign(&checkpoint(), 100), &key_1).unwrap());
    assert!(signed.add_cosignature(&w2.cosign(&checkpoint(), 200), &key_2).unwrap());
    // The newer takes the place of the older.
    assert!(signed.add_cosignature(&w1.cosign(&checkpoint(), 300), &key_1).unwrap());
    assert_eq!(signed.note().signatures().len(), 3);
    assert!(signed.signed_by(&log_key()));
    assert_eq!(signed.cosigned_by(&key_1), Some(300));
    assert_eq!(signed.cosigned_by(&key_2), Some(200));
    assert_eq!(SignedCheckpoint::parse(signed.to_string().as_bytes()), Ok(signed));
}

#[test]
fn what_does_not_cosign_this_checkpoint_is_not_taken() {
    let witness = signer("witness.example/1");
    let key = witness.verifier(KeyKind::Cosignature);
    let before = signed();
    let mut signed = before.clone();
    let other = Checkpoint::new("log.example/1", 8, Hash::of(b"root")).unwrap();
    let good = witness.cosign(&checkpoint(), 5);
    let mut later = good.bytes().to_vec();
    later[7] = 6;
    let later = NoteSignature::new(good.name().clone(), good.id(), later).unwrap();
    let short = NoteSignature::new(good.name().clone(), good.id(), good.bytes()[..71].to_vec()).unwrap();
    let stranger = signer("witness.example/2").cosign(&checkpoint(), 5);
    for wrong in [witness.cosign(&other, 5), witness.sign(&checkpoint().text()), later, short, stranger] {
        assert!(!signed.add_cosignature(&wrong, &key).unwrap(), "{wrong}");
    }
    // The log's own signature is no cosignature, and the other way round.
    let signature = before.note().signatures()[0].clone();
    assert!(!signed.add_cosignature(&signature, &log_key()).unwrap());
    assert_eq!(signed, before);
    assert_eq!(signed.cosigned_by(&log_key()), None);
    assert!(signed.add_cosignature(&good, &key).unwrap());
    assert!(!signed.signed_by(&key));
}

#[test]
fn a_wrong_line_of_a_known_witness_spoils_its_cosignature() {
    let witness = signer("witness.example/1");
    let good = witness.cosign(&checkpoint(), 5);
    let bad = NoteSignature::new(good.name().clone(), good.id(), vec![0; Cosignature::BYTES]).unwrap();
    let key = witness.verifier(KeyKind::Cosignature);
    let newer = witness.cosign(&checkpoint(), 9);
    let of = |lines: &[&NoteSignature]| {
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        SignedCheckpoint::parse(format!("{}{lines}", signed()).as_bytes()).unwrap().cosigned_by(&key)
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[&newer, &good]), Some(9));
    assert_eq!(of(&[&good, &bad]), None);
    assert_eq!(of(&[&bad, &good]), None);
}

#[test]
fn times_that_must_not_be_written_are_not() {
    let witness = signer("witness.example/1");
    let late = witness.cosign(&checkpoint(), u64::MAX);
    assert_eq!(Cosignature::from_bytes(late.bytes()).unwrap().time_s, Cosignature::TIME_S_MAX);
    assert_eq!(Cosignature::from_bytes(&[0xff; Cosignature::BYTES]), None);
}

#[test]
fn another_implementation_reads_our_checkpoints_and_we_read_theirs() {
    use tlog_tiles::{checkpoint::Checkpoint as Other, tlog};

    for text in [checkpoint().text(), checkpoint().text() + "one\ntwo\n"] {
        let other = Other::from_bytes(text.as_bytes()).unwrap();
        assert_eq!((other.origin(), other.size()), ("log.example/1", 7));
        assert_eq!(other.hash().0, checkpoint().root().0);
        assert_eq!(Checkpoint::parse(&text).unwrap().text().as_bytes(), other.to_bytes());
    }
    let theirs = Other::new("other log", 0, tlog::Hash([7; 32]), "").unwrap();
    let read = Checkpoint::parse(str::from_utf8(&theirs.to_bytes()).unwrap()).unwrap();
    assert_eq!(read, Checkpoint::new("other log", 0, Hash([7; 32])).unwrap());
}

/// Knows of a cosignature what the specification says, and nothing of how it is made here.
struct OtherCosigner {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl signed_note::Verifier for OtherCosigner {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        signed_note::key_id(&self.name, &[&[4], &self.key.as_bytes()[..]].concat())
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let (time, signature) = signature.split_at(8);
        let time = u64::from_be_bytes(time.try_into().unwrap());
        let message = [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat();
        let signature = ed25519_dalek::Signature::from_slice(signature).unwrap();
        self.key.verify_strict(&message, &signature).is_ok()
    }
}

#[test]
fn another_implementation_opens_what_we_cosigned() {
    use signed_note::{Note, StandardVerifier, VerifierList};

    let witness = signer("witness.example/1");
    let key = witness.verifier(KeyKind::Cosignature);
    let mut ours = signed();
    assert!(ours.add_cosignature(&witness.cosign(&checkpoint(), 100), &key).unwrap());
    let cosigner = OtherCosigner {
        name: "witness.example/1".to_owned(),
        key: ed25519_dalek::VerifyingKey::from_bytes(key.public_key()).unwrap(),
    };
    let log = StandardVerifier::new(&log_key().to_string()).unwrap();
    let known = VerifierList::new(vec![Box::new(log), Box::new(cosigner)]);
    let opened = Note::from_bytes(ours.to_string().as_bytes()).unwrap();
    let (verified, unverified) = opened.verify(&known).unwrap();
    assert_eq!((verified.len(), unverified.len()), (2, 0));
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(checkpoint in checkpoints(), signed in signed_checkpoints()) {
        prop_assert_eq!(Checkpoint::parse(&checkpoint.text()), Ok(checkpoint));
        prop_assert_eq!(SignedCheckpoint::parse(signed.to_string().as_bytes()), Ok(signed));
    }

    #[test]
    fn anything_is_read_or_refused(bytes: Vec<u8>, text in r"(?s)(a|\n|[0-9]|[A-Z]{43}=|.){0,10}") {
        let _ = SignedCheckpoint::parse(&bytes);
        let _ = Cosignature::from_bytes(&bytes);
        if let Ok(checkpoint) = Checkpoint::parse(&text) {
            prop_assert_eq!(checkpoint.text(), text);
        }
    }
}
