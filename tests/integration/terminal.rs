//! What strangers chose, in messages: it neither moves the cursor nor hides, and passes for no line of ours.

use crate::helpers::{Invar, Output};

/// Texts that do something to a terminal: they clear it, colour it, end the line, turn the direction, or are not seen.
const HOSTILE: [&str; 5] =
    ["\u{1b}[2J\u{1b}[32m", "\nCONSISTENT", "\u{202e}", "a\u{200b}b\u{feff}", "\r\u{9b}2K"];

/// Nothing in it is unseen, and no line is one that a stranger wrote.
#[track_caller]
fn clean(output: &Output) {
    for text in [&output.stdout, &output.stderr] {
        let unseen = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{200b}' | '\u{202e}' | '\u{feff}' | '\u{9b}')
        };
        assert!(!text.chars().any(unseen), "{output:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("CONSISTENT")), "{output:?}");
    }
    assert!(!output.stderr.is_empty());
}

/// A text as TOML writes it.
fn toml(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("\\U{:08x}", u32::from(c)) })
        .collect();
    format!("\"{escaped}\"")
}

#[test]
fn names_in_a_manifest_stay_in_their_message() {
    for hostile in HOSTILE {
        for line in [
            format!("component = {}", toml(&format!("x{hostile}"))),
            format!("component = \"x.wasm\"\nname = {}", toml(hostile)),
            format!("component = \"x.wasm\"\n{} = 1", toml(&format!("unknown{hostile}"))),
            format!("component = \"x.wasm\"\n[envelope]\nnetwork = [{}]", toml(&format!("tcp://{hostile}"))),
            format!("component = \"x.wasm\"\n[envelope]\nfiles.read = [{}]", toml(hostile)),
            format!("component = \"x.wasm\"\n# raw {}\nversion = 1", hostile.replace(['\n', '\r'], "")),
        ] {
            let invar = Invar::new();
            let manifest = invar.write("skill/skill.toml", format!("[skill]\n{line}\n"));
            let skill = manifest.strip_suffix("/skill.toml").unwrap();
            clean(&invar.run(&["inspect", skill]).expect(33));
            clean(&invar.run(&["run", skill, "--world", "lab"]).expect(126));
        }
    }
}

#[test]
fn names_of_files_and_arguments_stay_in_their_message() {
    for hostile in HOSTILE {
        let invar = Invar::new();
        let missing = invar.path(&format!("x{hostile}.wasm")).display().to_string();
        clean(&invar.run(&["inspect", &missing]).expect(33));
        let broken = invar.write(&format!("y{hostile}.wasm"), "no component");
        clean(&invar.run(&["inspect", &broken]).expect(33));
        clean(&invar.run(&["trace", &missing]).expect(33));
        clean(&invar.run(&["trace", &broken]).expect(33));
        clean(&invar.run(&["history", "analyze", &broken]).expect(33));
        clean(&invar.run(&["ledger", "verify", "--from", &missing]).expect(33));
        clean(&invar.run(&[&format!("un{hostile}known")]).expect(2));
        clean(&invar.run(&["inspect", "@hello", &format!("--un{hostile}known")]).expect(2));
    }
}

#[test]
fn names_of_imports_stay_in_their_message() {
    for hostile in HOSTILE {
        let invar = Invar::new();
        let escaped: String = hostile.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        let text =
            format!("(module (import \"x{escaped}\" \"f{escaped}\" (func)) (func (export \"_start\")))");
        let module = invar.write("x.wasm", wat::parse_str(text).unwrap());
        let output = invar.run(&["run", &module, "--world", "lab"]);
        assert_ne!(output.code, 0, "{output:?}");
        clean(&output);
    }
}

#[test]
fn a_manifest_has_a_limit_in_bytes() {
    let invar = Invar::new();
    let plain = "[skill]\nname = \"x\"\nversion = \"1.0.0\"\ncomponent = \"x.wasm\"\n";
    let manifest = invar.write("skill/skill.toml", format!("{plain}# {}\n", "x".repeat(2 << 20)));
    let skill = manifest.strip_suffix("/skill.toml").unwrap();
    let output = invar.run(&["inspect", skill]).expect(33);
    assert!(output.stderr.contains("skill.toml is larger than 1048576 bytes"), "{output:?}");
    let policy = invar.write("policy.yaml", "x".repeat(2 << 20));
    let output = invar.run(&["inspect", "@hello", "--envelope", &policy]).expect(33);
    assert!(output.stderr.contains("policy.yaml is larger than 1048576 bytes"), "{output:?}");
}
