//! What a file that is not WebAssembly seems to be: by its first bytes, or by its first lines if it is text.

use thiserror::Error;

/// Bytes at the beginning of a file that are looked at. Stops a text of megabytes from being searched.
const HEAD_BYTES: usize = 4096;
/// Where an ELF file has its ABI, and the one that wasmtime writes there.
const ELF_ABI: (usize, u8) = (7, 200);
/// The section that wasmtime's compiled code has.
const WASMTIME_SECTION: &[u8] = b".wasmtime.engine";

/// A file that is not WebAssembly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotWasm {
    /// Machine code that another engine compiled.
    #[error(
        "not WebAssembly, but precompiled code of {0}: code of another engine is never run; give the .wasm that it was \
         compiled from"
    )]
    Precompiled(&'static str),
    /// Files in an archive, or compressed.
    #[error("not WebAssembly, but it seems to be {0}: unpack it and give the .wasm that it contains")]
    Packed(&'static str),
    /// A program for an operating system.
    #[error("not WebAssembly, but it seems to be {0}: only WebAssembly is run; build it for wasm32-wasip2")]
    Program(&'static str),
    /// The text format.
    #[error(
        "not WebAssembly, but it seems to be its text format: convert it first (wasm-tools parse skill.wat -o skill.wasm)"
    )]
    Wat,
    /// Source code.
    #[error("not WebAssembly, but it seems to be {language} source: build a component of it first ({with})")]
    Source {
        /// The language.
        language: &'static str,
        /// The tool that builds it.
        with: &'static str,
    },
    /// A script for a shell, or another interpreter that is not known here.
    #[error("not WebAssembly, but it seems to be a script: only WebAssembly is run")]
    Script,
    /// A web page.
    #[error(
        "not WebAssembly, but it seems to be an HTML page: a download may have failed; give the .wasm itself"
    )]
    Html,
    /// What Git LFS has in place of a file.
    #[error("not WebAssembly, but a Git LFS pointer: fetch the file that it stands for (git lfs pull)")]
    LfsPointer,
    /// The manifest of a skill.
    #[error("not WebAssembly, but it seems to be a manifest: give the directory that contains it")]
    Manifest,
    /// Nothing that is recognised.
    #[error(
        "not WebAssembly: a component begins with \\0asm\\r\\0\\x01\\0, a WASI p1 module with \\0asm\\x01\\0\\0\\0"
    )]
    Unknown,
}

const PYTHON: NotWasm = NotWasm::Source { language: "Python", with: "componentize-py" };
const JAVASCRIPT: NotWasm = NotWasm::Source { language: "JavaScript", with: "componentize-qjs" };

impl NotWasm {
    /// What the file seems to be.
    pub(crate) fn of(file: &[u8]) -> Self {
        let head = &file[..file.len().min(HEAD_BYTES)];
        let packed = |magic: &[u8], what| head.starts_with(magic).then_some(Self::Packed(what));
        let program = |magic: &[u8], what| head.starts_with(magic).then_some(Self::Program(what));
        Self::precompiled(file)
            .or_else(|| packed(b"\x1f\x8b", "gzip-compressed data"))
            .or_else(|| packed(b"PK\x03\x04", "a zip archive"))
            .or_else(|| packed(b"\x28\xb5\x2f\xfd", "zstd-compressed data"))
            .or_else(|| packed(b"\xfd7zXZ\0", "xz-compressed data"))
            .or_else(|| packed(b"\0webc", "a Wasmer package"))
            .or_else(|| program(b"\x7fELF", "an ELF program"))
            .or_else(|| program(b"MZ", "a program for Windows"))
            .or_else(|| program(b"\xcf\xfa\xed\xfe", "a program for macOS"))
            .or_else(|| Self::of_text(&text(head)?))
            .unwrap_or(Self::Unknown)
    }

    fn precompiled(file: &[u8]) -> Option<Self> {
        let (abi_at, abi) = ELF_ABI;
        let is_wasmtime = || {
            file.get(abi_at) == Some(&abi)
                || file.windows(WASMTIME_SECTION.len()).any(|window| window == WASMTIME_SECTION)
        };
        let engine = match file {
            [b'\x7f', b'E', b'L', b'F', ..] if is_wasmtime() => "wasmtime",
            [b'\0', b'w', b'a', b's', b'm', b'e', b'r', ..] => "Wasmer",
            [b'w', b'a', b's', b'm', b'e', b'r', b'-', ..] => "Wasmer",
            [b'\0', b'a', b'o', b't', ..] => "WAMR",
            _ => return None,
        };
        Some(Self::Precompiled(engine))
    }

    fn of_text(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let first = text.lines().next().unwrap_or_default();
        let lower = first.to_ascii_lowercase();
        if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
            return Some(Self::Html);
        }
        if first.starts_with("version https://git-lfs.github.com/spec/") {
            return Some(Self::LfsPointer);
        }
        if let Some(interpreter) = first.strip_prefix("#!") {
            let is = |names: &[&str]| names.iter().any(|name| interpreter.contains(name));
            return Some(if is(&["python"]) {
                PYTHON
            } else if is(&["node", "deno", "bun"]) {
                JAVASCRIPT
            } else {
                Self::Script
            });
        }
        let wat = after_wat_comments(text);
        let is_field = |name: &str| {
            let after = wat.strip_prefix('(').and_then(|wat| wat.trim_start().strip_prefix(name));
            after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
        };
        if is_field("module") || is_field("component") {
            return Some(Self::Wat);
        }
        text.lines().find_map(of_line)
    }
}

/// What a line of a source is in, if it can be in one language only.
fn of_line(line: &str) -> Option<NotWasm> {
    let line = line.trim();
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    if line == "[skill]" {
        return Some(NotWasm::Manifest);
    }
    if begins(&["import {", "import * as ", "import \"", "import '", "import("])
        || begins(&["import "]) && line.contains(" from ")
        || begins(&["export ", "const ", "let ", "var ", "function ", "async function ", "\"use strict\""])
        || begins(&["'use strict'", "module.exports", "console."])
        || begins(&["class "]) && line.ends_with('{')
    {
        return Some(JAVASCRIPT);
    }
    if begins(&["from "]) && line.contains(" import ")
        || begins(&["import "]) && !line.ends_with(';')
        || begins(&["def ", "async def ", "class ", "if __name__"]) && line.ends_with(':')
        || begins(&["print("]) && line.ends_with(')')
    {
        return Some(PYTHON);
    }
    None
}

/// The head of a file as text; none if it is not text.
fn text(head: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // Cut within a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then(|| text.to_owned())
}

/// The text after the blanks and comments that WebAssembly text can begin with.
fn after_wat_comments(text: &str) -> &str {
    let mut text = text;
    loop {
        text = text.trim_start();
        let end = match text {
            _ if text.starts_with(";;") => text.find('\n'),
            _ if text.starts_with("(;") => text.find(";)").map(|end| end + 2),
            _ => return text,
        };
        let Some(end) = end else { return "" };
        text = &text[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::{JAVASCRIPT, NotWasm, PYTHON};

    #[test]
    fn files_are_recognised_by_their_first_bytes() {
        for (file, is) in [
            (&b"\x1f\x8b\x08\0\0"[..], NotWasm::Packed("gzip-compressed data")),
            (b"PK\x03\x04\x14\0", NotWasm::Packed("a zip archive")),
            (b"\x7fELF\x02\x01\x01\0\0", NotWasm::Program("an ELF program")),
            (b"MZ\x90\0", NotWasm::Program("a program for Windows")),
            (b"\0wasmer-universal\0\0\0\0\0", NotWasm::Precompiled("Wasmer")),
            (b"wasmer-universalWASMER\0\0", NotWasm::Precompiled("Wasmer")),
            (b"\0aot\x05\0\0\0", NotWasm::Precompiled("WAMR")),
            (b"\x7fELF\x02\x01\x01\xc8\0", NotWasm::Precompiled("wasmtime")),
            (b"\x7fELF\x02\x01\x01\0 code .wasmtime.engine\0", NotWasm::Precompiled("wasmtime")),
            (b"", NotWasm::Unknown),
            (b"\0asm", NotWasm::Unknown),
            (b"\xff\xfe\xfd import os", NotWasm::Unknown),
            (b"import os\0", NotWasm::Unknown),
        ] {
            assert_eq!(NotWasm::of(file), is, "{}", file.escape_ascii());
        }
    }

    #[test]
    fn code_that_wasmtime_compiled_is_recognised() {
        let code = wasmtime::Engine::default().precompile_module(b"\0asm\x01\0\0\0").unwrap();
        assert_eq!(NotWasm::of(&code), NotWasm::Precompiled("wasmtime"));
    }

    #[test]
    fn texts_are_recognised_by_their_first_lines() {
        for (text, is) in [
            ("(module (func))", NotWasm::Wat),
            (";; a skill\n(; of\n mine ;)\n  (component)", NotWasm::Wat),
            ("( module)", NotWasm::Wat),
            ("(modules)", NotWasm::Unknown),
            ("<!DOCTYPE html>\n<html>", NotWasm::Html),
            ("\n<HTML lang=en>", NotWasm::Html),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:0", NotWasm::LfsPointer),
            ("#!/usr/bin/env python3\nprint(1)", PYTHON),
            ("#!/usr/bin/env node\n", JAVASCRIPT),
            ("#!/bin/sh\n", NotWasm::Script),
            ("# A skill.\n\"\"\"Of mine.\"\"\"\nimport os\n", PYTHON),
            ("from os import path\n", PYTHON),
            ("def main():\n    pass\n", PYTHON),
            ("import fs from \"fs\";\n", JAVASCRIPT),
            ("// A skill.\n\nimport { readFile } from 'fs';\n", JAVASCRIPT),
            ("/* of mine */\nexport function invoke(input) {\n", JAVASCRIPT),
            ("class Skill {\n", JAVASCRIPT),
            ("class Skill:\n", PYTHON),
            ("# mine\n[skill]\nname = \"x\"\n", NotWasm::Manifest),
            ("import java.util.List;\n", NotWasm::Unknown),
            ("What this is, nobody can say.\n", NotWasm::Unknown),
        ] {
            assert_eq!(NotWasm::of(text.as_bytes()), is, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_cut_within_a_character_is_still_text() {
        let text = format!("import os\n# {}", "é".repeat(10_000));
        assert_eq!(NotWasm::of(text.as_bytes()), PYTHON);
        assert_eq!(NotWasm::of(format!(" {text}").as_bytes()), PYTHON);
    }

    #[test]
    fn comments_without_end_are_no_module() {
        assert_eq!(NotWasm::of(b"(; (module)"), NotWasm::Unknown);
        assert_eq!(NotWasm::of(b";; (module)"), NotWasm::Unknown);
    }
}
