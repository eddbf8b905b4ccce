//! Tools for files: functions that an agent calls by their names.

use std::{fs, path::Path};

wit_bindgen::generate!({
    inline: "
        package example:files;

        /// Reads and writes text files.
        world files {
            /// Reads a text file whole.
            export read-file: func(path: string) -> result<string, string>;
            /// Writes a text file, and says how many bytes it has.
            export write-file: func(path: string, content: string) -> result<u64, string>;
            /// Lists the lines of the files in a directory that contain a text; `limit` of them at most.
            export search-file: func(directory: string, text: string, limit: option<u32>) -> result<list<found>, string>;

            use types.{found};
        }

        interface types {
            /// A line that was found.
            record found {
                path: string,
                /// From 1.
                line: u32,
                text: string,
            }
        }
    ",
});

/// Lines that are listed if the caller names no limit.
const LIMIT: u32 = 100;

struct Files;

impl Guest for Files {
    fn read_file(path: String) -> Result<String, String> {
        fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))
    }

    fn write_file(path: String, content: String) -> Result<u64, String> {
        fs::write(&path, &content).map_err(|error| format!("{path}: {error}"))?;
        Ok(content.len() as u64)
    }

    fn search_file(directory: String, text: String, limit: Option<u32>) -> Result<Vec<Found>, String> {
        let failed = |error: std::io::Error| format!("{directory}: {error}");
        let mut paths = Vec::new();
        for entry in fs::read_dir(&directory).map_err(failed)? {
            paths.push(entry.map_err(failed)?.path());
        }
        paths.sort();
        let limit = limit.unwrap_or(LIMIT) as usize;
        Ok(paths.iter().flat_map(|path| lines(path, &text)).take(limit).collect())
    }
}

fn lines(path: &Path, text: &str) -> Vec<Found> {
    let content = fs::read_to_string(path).unwrap_or_default();
    let lines = (1..).zip(content.lines()).filter(|(_, line)| line.contains(text));
    let found =
        |(line, text): (u32, &str)| Found { path: path.display().to_string(), line, text: text.into() };
    lines.map(found).collect()
}

export!(Files);
