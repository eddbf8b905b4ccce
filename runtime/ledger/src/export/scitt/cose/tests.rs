use coset::{AsCborValue, CoseSign1};
use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::*;
use crate::{
    Hash,
    body::Signing,
    disk::{Directory, Disk, simulated::Simulated},
    export::{
        files::{Files, Folder},
        scitt::names,
        testing::{START_MS, create, run, sample, with_gone},
    },
    published,
    reader::{self, Entry},
};

/// A receipt of ours. `scitt-cose` 0.5.0 (`verify_receipt`) and `pycose` 1.1.0 (`verify_signature`, over the root that the
/// path leads to) took it for that event and key, and the first of them for no other.
const VKEY: &str = "example.com/log+9be5d3c6+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
const EVENT: &str = "8701582081ad24f31fa5fa34c4cd065d1fbd3b70d65f4a9ba4d44e5aff6ba956a343c83105001b0000019bc262980058\
    2022ce9792f9e0a5d11682dc58617b546533b72d3305c2ebce848a55ac734eeeba820181956f68656c6c6f2022796f75\
    221be280ae58200303030303030303030303030303030303030303030303030303030303030303582000000000000000\
    0000000000000000000000000000000000000000000000000058204c503ca67761e5c4aaecfe996244c25d8c0b40902d\
    1085c85b4468bd567548c668616e206167656e7401687265706f72742d31000158200000000000000000000000000000\
    000000000000000000000000000000000000582000000000000000000000000000000000000000000000000000000000\
    0000000058200000000000000000000000000000000000000000000000000000000000000000021903e8000000000000\
    09";
const RECEIPT: &str = "d2844da3012704449be5d3c619018b01a119018ca12081586a830705835820e8c2061aa3379d4e14bee453c847372376\
    d3afbda32e3a3cae5723424366301c58201ba6ff050823a6d48ab7df5b3a57548f809cd76ba76ef6de89bb3dc7664398\
    d5582043f3f8c8e7091f874a8cc305b6895d1e0929ac823caa887af629d4094c754dd0f65840f9cb3dc4857261a5ba6f\
    fb9011e90cebbeaa2850de4966cbf05e60c3ef916650ce531ea877f68bc6d0067b50d1c23aef6a4cc51a6d60f2b452f1\
    40d828a2e00b";
const ROOT: &str = "a8c406394ab26c4c8dcc734545090adb8976c69d7491b060de2dbd0e83791dbc";

fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER.decode(hex.as_bytes()).unwrap()
}

fn known() -> (Vec<u8>, Vec<u8>, VerifierKey) {
    (bytes(RECEIPT), bytes(EVENT), VKEY.parse().unwrap())
}

#[test]
fn a_receipt_that_others_took_is_taken() {
    let (receipt, event, key) = known();
    let proved = check(&receipt, &event, &key).unwrap();
    assert_eq!((proved.event.index, proved.size, proved.root.to_string()), (5, 7, ROOT.to_owned()));
}

#[test]
fn the_same_receipt_is_made_again() {
    let (_, mut log) = create(Signing::Batch);
    for component in 0..5 {
        log.append(run(component), START_MS).unwrap();
    }
    log.commit().unwrap();
    log.publish().unwrap();
    assert_eq!(log.receipt(5).unwrap(), bytes(RECEIPT));
}

#[test]
fn it_is_of_one_event_and_one_key() {
    let (receipt, event, key) = known();
    let (disk, log) = sample(Signing::Batch);
    let Some((Entry::Event { bytes: other, .. }, _)) = reader::entry(&disk, 5).unwrap() else { panic!() };
    assert!(matches!(check(&receipt, &other, &key), Err(ReceiptError::Unproved)));
    let mut later = event.clone();
    assert_eq!(later.pop(), Some(9));
    later.push(8);
    assert!(matches!(check(&receipt, &later, &key), Err(ReceiptError::Unproved)));
    let stranger = crate::testing::signer("example.com/log").verifier(KeyKind::Ed25519);
    assert!(matches!(check(&receipt, &event, &stranger), Err(ReceiptError::OtherKey(_))));
    // The same key under the id of another.
    let other_receipt = log.receipt(5).unwrap();
    assert!(matches!(check(&other_receipt, &event, &key), Err(ReceiptError::Unproved)));
    assert!(check(&other_receipt, &other, &key).is_ok());
}

/// The known receipt, changed.
fn changed(change: impl FnOnce(&mut CoseSign1)) -> Result<ReceiptContent, ReceiptError> {
    let (receipt, event, key) = known();
    let mut message = CoseSign1::from_tagged_slice(&receipt).unwrap();
    change(&mut message);
    check(&message.to_tagged_vec().unwrap(), &event, &key)
}

#[test]
fn what_is_not_of_this_form_is_refused() {
    assert!(changed(|_| {}).is_ok());
    let form = |change: fn(&mut CoseSign1)| {
        let refused = changed(change);
        assert!(matches!(refused, Err(ReceiptError::Form(_))), "{refused:?}");
    };
    form(|message| message.payload = Some(bytes(ROOT)));
    form(|message| message.unprotected.rest.clear());
    form(|message| message.unprotected.rest[0].1 = Value::Map(Vec::new()));
    let protected = |change: fn(&mut Header)| {
        changed(|message| {
            message.protected.original_data = None;
            change(&mut message.protected.header);
        })
    };
    for change in [
        |header: &mut Header| header.alg = Some(iana::Algorithm::ES256.into()),
        |header: &mut Header| header.crit = vec![iana::HeaderParameter::Kid.into()],
        |header: &mut Header| header.rest[0].1 = Value::from(2),
        |header: &mut Header| header.rest.clear(),
    ] as [fn(&mut Header); 4]
    {
        assert!(matches!(protected(change), Err(ReceiptError::Form(_))));
    }
    let other_key = protected(|header| header.key_id = vec![1, 2, 3, 4]);
    assert!(matches!(other_key, Err(ReceiptError::OtherKey(_))));
    let more = protected(|header| header.content_type = Some(coset::ContentType::Text("a/b".into())));
    assert!(matches!(more, Err(ReceiptError::Unproved)));
    let (receipt, event, key) = known();
    let untagged = CoseSign1::from_tagged_slice(&receipt).unwrap().to_cbor_value().unwrap();
    let mut without = Vec::new();
    coset::cbor::into_writer(&untagged, &mut without).unwrap();
    let long = vec![0; RECEIPT_BYTES_MAX + 1];
    let behind = [receipt.as_slice(), &[0]].concat();
    for wrong in [without, long, behind, Vec::new()] {
        assert!(matches!(check(&wrong, &event, &key), Err(ReceiptError::Form(_))));
    }
}

/// The known receipt with other proofs.
fn with_proofs(proofs: &[Inclusion]) -> Result<ReceiptContent, ReceiptError> {
    let encoded = |proof: &Inclusion| {
        let mut bytes = Vec::new();
        append(proof, &mut bytes);
        Value::Bytes(bytes)
    };
    let proofs = Value::Array(proofs.iter().map(encoded).collect());
    changed(|message| message.unprotected.rest[0].1 = Value::Map(vec![(Value::from(INCLUSION), proofs)]))
}

#[test]
fn the_path_is_the_events_own() {
    let message = CoseSign1::from_tagged_slice(&bytes(RECEIPT)).unwrap();
    let proof = inclusion(&message.unprotected).unwrap();
    assert!(with_proofs(std::slice::from_ref(&proof)).is_ok());
    assert!(matches!(with_proofs(&[]), Err(ReceiptError::Form(_))));
    assert!(matches!(with_proofs(&[proof.clone(), proof.clone()]), Err(ReceiptError::Form(_))));
    let long = Inclusion { path: vec![Hash::default(); PROOF_HASHES_MAX + 1], ..proof.clone() };
    assert!(matches!(with_proofs(&[long]), Err(ReceiptError::Form(_))));
    for wrong in [
        Inclusion { index: 4, ..proof.clone() },
        Inclusion { index: 7, ..proof.clone() },
        Inclusion { size: 5, ..proof.clone() },
        Inclusion { size: u64::MAX, index: u64::MAX, ..proof.clone() },
        Inclusion { path: proof.path[1..].to_vec(), ..proof.clone() },
        Inclusion { path: proof.path.iter().rev().copied().collect(), ..proof.clone() },
    ] {
        assert!(
            matches!(with_proofs(std::slice::from_ref(&wrong)), Err(ReceiptError::Unproved)),
            "{wrong:?}"
        );
    }
    // The shape of a path is that of more than one size: why the size is not what is proved.
    assert_eq!(with_proofs(&[Inclusion { size: 8, ..proof }]).unwrap().size, 8);
}

#[test]
fn no_flipped_bit_proves_anything_else() {
    let (receipt, event, key) = known();
    let proved = check(&receipt, &event, &key).unwrap();
    for bit in 0..receipt.len() * 8 {
        let mut other = receipt.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        if let Ok(found) = check(&other, &event, &key) {
            assert_eq!((found.event, found.root), (proved.event.clone(), proved.root), "bit {bit}");
        }
    }
}

#[test]
fn a_range_of_events_becomes_a_directory() {
    let (disk, log) = sample(Signing::Each);
    let key = published::log_key(log.genesis()).unwrap();
    let place = tempfile::tempdir().unwrap();
    let exported = log.export_receipts(2..log.head().size, place.path()).unwrap();
    assert_eq!(exported.events, log.head().size - 2);
    let names_there = Directory::reading(place.path()).names().unwrap();
    assert_eq!(names_there.len() as u64, 2 * exported.events);
    let folder = Folder::new(place.path());
    for index in 2..log.head().size {
        let [event, receipt] = names(index).map(|name| folder.get(&name, 1 << 20).unwrap().unwrap());
        let proved = check(&receipt, &event, &key).unwrap();
        assert_eq!((proved.event.index, proved.root), (index, log.head().root));
        let (_, leaf) = reader::entry(&disk, index).unwrap().unwrap();
        assert_eq!(Hash::leaf(&event), leaf);
    }
}

#[test]
fn what_is_not_there_has_no_receipt() {
    let (disk, mut log) = sample(Signing::Batch);
    let size = log.head().size;
    log.append(run(1), START_MS + 10).unwrap();
    log.commit().unwrap();
    for index in [size, size + 1, u64::MAX] {
        let error = log.receipt(index).unwrap_err();
        assert!(matches!(error, ReceiptError::NotPublished { .. }), "{error}");
    }
    assert!(log.receipt(size - 1).is_ok());
    let place = tempfile::tempdir().unwrap();
    assert_eq!(log.export_receipts(5..5, place.path()).unwrap().events, 0);
    drop(log);
    let gone: Simulated = with_gone(&disk, 1);
    let index =
        (0..).find(|index| matches!(reader::entry(&gone, *index).unwrap(), Some((Entry::Tombstone, _))));
    let (log, _) = crate::Log::open(gone, None, 4096).unwrap();
    let index = index.unwrap();
    assert!(matches!(log.receipt(index), Err(ReceiptError::Tombstone(found)) if found == index));
}

#[test]
fn another_key_makes_no_receipt() {
    let (disk, log) = sample(Signing::Batch);
    let key = published::log_key(log.genesis()).unwrap();
    let published = published::read(&disk).unwrap().unwrap();
    let Some((Entry::Event { bytes, .. }, _)) = reader::entry(&disk, 5).unwrap() else { panic!() };
    let path = tree::inclusion(&crate::NodeFile::new(&disk), 5, log.head().size).unwrap().unwrap();
    let made = receipt(&bytes, path.clone(), &published, &key, |_| [7; 64]);
    assert!(matches!(made, Err(ReceiptError::Unproved)));
    let made = receipt(&bytes, path[1..].to_vec(), &published, &key, |_| panic!("nothing is signed"));
    assert!(matches!(made, Err(ReceiptError::Unproved)));
    let stranger = crate::testing::signer("example.com/other").verifier(KeyKind::Ed25519);
    let made = receipt(&bytes, path, &published, &stranger, |_| panic!("nothing is signed"));
    assert!(matches!(made, Err(ReceiptError::OtherKey(_))));
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_read_or_refused(any: Vec<u8>) {
        let (_, event, key) = known();
        prop_assert!(check(&any, &event, &key).is_err());
        let (receipt, ..) = known();
        prop_assert!(check(&receipt, &any, &key).is_err());
    }

    #[test]
    fn a_receipt_with_other_bytes_in_it_is_read_or_refused(at: prop::sample::Index, inserted in proptest::collection::vec(any::<u8>(), 1..9)) {
        let (mut receipt, event, key) = known();
        let at = at.index(receipt.len());
        receipt.splice(at..(at + inserted.len()).min(receipt.len()), inserted);
        if let Ok(proved) = check(&receipt, &event, &key) {
            prop_assert_eq!(proved.root.to_string(), ROOT);
        }
    }
}
