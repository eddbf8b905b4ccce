//! Posts its input to a declared URL, and says what was answered.

wit_bindgen::generate!({ path: "../../wit", world: "skill", generate_all });

use http_client::{Method, send};

struct PostReport;

impl Guest for PostReport {
    fn invoke(input: Vec<u8>) -> Result<Vec<u8>, String> {
        let answer = send(Method::Post, "reports.example.com", "/v1/daily", &input)?;
        let body = String::from_utf8_lossy(&answer.body);
        Ok(format!("{} {}\n", answer.status, body.trim_end()).into_bytes())
    }
}

export!(PostReport);
