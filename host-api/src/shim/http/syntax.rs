//! What may stand in the head of a request.

use crate::limits::URI_BYTES_MAX;

/// Headers that belong to the connection: its owner sets them, not the skill.
const FORBIDDEN: [&str; 10] = [
    "connection",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Whether a text is a token: a method, or the name of a header (RFC 9110).
pub(super) fn is_token(text: &str) -> bool {
    let is_sign = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte))
}

/// Whether bytes can be the value of a header: no control characters but the tab.
pub(super) fn is_field_value(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b'\t' | 0x20..=0x7e | 0x80..))
}

/// Whether a header is none that a skill may set.
pub(super) fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.iter().any(|forbidden| forbidden.eq_ignore_ascii_case(name))
}

/// Whether a text is a path with its query: visible ASCII without a fragment.
pub(super) fn is_path_with_query(text: &str) -> bool {
    text.len() <= URI_BYTES_MAX
        && text.starts_with(['/', '?'])
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

/// Whether a text is a scheme (RFC 3986).
pub(super) fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{is_field_value, is_forbidden, is_path_with_query, is_scheme, is_token};

    #[test]
    fn names_are_tokens_and_values_hold_no_line_ends() {
        assert!(is_token("X-Api_Key"));
        for bad in ["", "a b", "a:", "a\r\nb", "é"] {
            assert!(!is_token(bad), "{bad:?}");
        }
        assert!(is_field_value("Bearer é\t!".as_bytes()));
        assert!(is_field_value(b""));
        for bad in [b"a\r\nHost: b".as_slice(), b"\0", b"\x7f"] {
            assert!(!is_field_value(bad), "{bad:?}");
        }
        // Other hosts hold them against this crate.
        for byte in 0..=255 {
            let text = format!("a{}", char::from(byte));
            assert_eq!(is_token(&text), http::Method::from_bytes(text.as_bytes()).is_ok(), "{text:?}");
            assert_eq!(is_token(&text), http::HeaderName::from_bytes(text.as_bytes()).is_ok(), "{text:?}");
            assert_eq!(is_field_value(&[byte]), http::HeaderValue::from_bytes(&[byte]).is_ok(), "{byte}");
        }
        assert!(is_forbidden("Host") && is_forbidden("transfer-encoding") && !is_forbidden("hostname"));
    }

    #[test]
    fn paths_are_visible_and_of_bounded_length() {
        assert!(is_path_with_query("/v1/users?page=2"));
        assert!(is_path_with_query("?page=2"));
        for bad in ["", "v1", "/a b", "/a#b", "/a\r\nb", "/é"] {
            assert!(!is_path_with_query(bad), "{bad:?}");
        }
        assert!(!is_path_with_query(&format!("/{}", "a".repeat(8192))));
        assert!(is_scheme("ws") && is_scheme("coap+tcp") && !is_scheme("1a") && !is_scheme("a b"));
    }
}
