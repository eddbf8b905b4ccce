//! A tool that fetches what a URL names.

use http_client::{Method, send};

wit_bindgen::generate!({
    inline: "
        package example:fetch;

        /// Fetches over HTTPS.
        world fetch {
            /// The status and the text that a URL answers with.
            export fetch: func(url: string) -> result<page, string>;

            use types.{page};
        }

        interface types {
            record page {
                status: u16,
                text: string,
            }
        }
    ",
});

struct Fetch;

impl Guest for Fetch {
    fn fetch(url: String) -> Result<Page, String> {
        let rest = url.strip_prefix("https://").ok_or("only https:// is fetched")?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = if path.is_empty() { "/" } else { path };
        let answer = send(Method::Get, host, path, b"")?;
        let text = String::from_utf8(answer.body).map_err(|_| "the answer is not text")?;
        Ok(Page { status: answer.status, text })
    }
}

export!(Fetch);
