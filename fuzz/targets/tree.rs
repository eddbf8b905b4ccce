//! A manifest of files is read or refused; what is read is written and read again the same.
#![no_main]

use std::collections::BTreeMap;

use invar_world::Tree;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // Every file is empty: a digest of other content cannot be found by chance.
    let Ok(tree) = Tree::from_manifest(data, |_| Some(Vec::new())) else { return };
    let mut blobs = BTreeMap::new();
    let manifest = tree.to_manifest(|digest, content| {
        blobs.insert(digest, content.to_vec());
    });
    let again = Tree::from_manifest(&manifest, |digest| blobs.get(&digest).cloned())
        .expect("what was written is read");
    assert_eq!(again.digest(), tree.digest());
    let _ = tree.changes(&again);
});
