//! Lines of a log are read or refused with their place; what is read is judged, and never worse than VARIANT.
#![no_main]

use invar_history::{History, Log};
use invar_monitor::Verdict;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: &[u8]| {
    let mut log = Log::default();
    match log.read("log", lines) {
        Ok(()) => {
            let history = History::of(&log, "id".into(), "0".into());
            assert_eq!(history.executions, log.executions().len());
            assert!(history.verdict <= Verdict::Variant, "nothing in a log is confirmed");
            let json = serde_json::to_string(&history).expect("a report is written");
            let again = serde_json::to_string(&History::of(&log, "id".into(), "0".into()));
            assert_eq!(json, again.expect("twice"), "the same log comes to the same");
        }
        Err(error) => {
            let shown = error.to_string();
            assert!(shown.starts_with("log") && !shown.contains(char::is_control), "{shown:?}");
        }
    }
});
