//! What answers HTTP requests.

use invar_envelope::{Host, NetworkPattern, Request, Scheme};
use minicbor::{Decode, Encode};

use crate::{Failure, Responder};

/// A request as the script is held against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Method and place.
    pub request: Request<'a>,
    /// Headers in their order.
    pub headers: &'a [(String, Vec<u8>)],
}

/// What changes in the answer to a request; the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Reply {
    /// This status.
    #[n(0)]
    Status(#[n(0)] u16),
    /// This body.
    #[n(1)]
    Body(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// Nothing: it fails.
    #[n(2)]
    Fails(#[n(0)] Failure),
}

impl Responder {
    /// Whether it answers a request.
    #[must_use]
    pub fn answers(&self, asked: &Asked<'_>) -> bool {
        self.matches.allows_request(&asked.request)
            && self.request_headers.iter().all(|(name, value)| {
                asked.headers.iter().any(|(header, content)| {
                    header.eq_ignore_ascii_case(name) && content.as_slice() == value.as_bytes()
                })
            })
    }

    /// Bytes of the response's body.
    #[must_use]
    pub fn body_len(&self) -> u64 {
        match self.body.is_empty() {
            true => 0,
            false => self.body_bytes.unwrap_or(self.body.len() as u64),
        }
    }

    /// Bytes of the response's body from `offset` on, at most `len`.
    #[must_use]
    pub fn body_at(&self, offset: u64, len: usize) -> Vec<u8> {
        let left = usize::try_from(self.body_len().saturating_sub(offset)).unwrap_or(usize::MAX);
        // Repeated as often as it takes: the beginning again after the end.
        let start = offset.checked_rem(self.body.len() as u64).unwrap_or(0);
        let mut rest = self.body.get(usize::try_from(start).unwrap_or(0)..).unwrap_or_default();
        let len = len.min(left);
        let mut bytes = Vec::new();
        while bytes.len() < len && !rest.is_empty() {
            bytes.extend_from_slice(&rest[..rest.len().min(len - bytes.len())]);
            rest = &self.body;
        }
        bytes
    }

    /// Puts an entry before a script: requests that `target` names are answered as the script says, but for this.
    ///
    /// # Errors
    /// Not one place, as a sentence.
    pub fn reply(script: &mut Vec<Self>, target: &str, reply: &Reply) -> Result<(), String> {
        let matches = self::target(target)?;
        let covers = script.iter().find(|entry| entry.matches.covers(&matches));
        let resolves = match matches.host() {
            Host::Name(name) => script.iter().find(|entry| entry.matches.allows_lookup(name)),
            Host::Below(_) | Host::Net(_) | Host::Named(..) => None,
        };
        let usual = covers.cloned().unwrap_or_else(|| Self {
            lookup: resolves.map(|entry| entry.lookup.clone()).unwrap_or_default(),
            latency_ns: resolves.map_or(Self::LATENCY_NS, |entry| entry.latency_ns),
            ..Self::new(matches.clone())
        });
        let mut entry = Self { matches, request_headers: Vec::new(), ..usual };
        match reply {
            Reply::Status(status) => entry.status = *status,
            Reply::Body(body) => {
                entry.body.clone_from(body);
                entry.body_bytes = None;
            }
            Reply::Fails(failure) => entry.fails = Some(*failure),
        }
        script.insert(0, entry);
        Ok(())
    }
}

/// Reads `[METHOD ]http[s]://HOST[:PORT][/PATH]` of one name or address.
pub(crate) fn target(text: &str) -> Result<NetworkPattern, String> {
    NetworkPattern::parse(text)
        .ok()
        .filter(|pattern| matches!(pattern.scheme(), Scheme::Http | Scheme::Https))
        .filter(|pattern| match pattern.host() {
            Host::Name(_) => true,
            Host::Below(_) | Host::Named(..) => false,
            Host::Net(net) => net.prefix_len() == net.max_prefix_len(),
        })
        .ok_or_else(|| {
            format!(
                "\"{}\" is not the URL of a request; write [METHOD ]https://HOST/PATH",
                text.escape_debug()
            )
        })
}

#[cfg(test)]
mod tests {
    use invar_envelope::{NetworkPattern, Request, Scheme};

    use super::{Asked, Reply, target};
    use crate::{Failure, Responder};

    fn entry(pattern: &str) -> Responder {
        Responder::new(NetworkPattern::parse(pattern).unwrap())
    }

    fn asked<'a>(method: &'a str, path: &'a str, headers: &'a [(String, Vec<u8>)]) -> Asked<'a> {
        let (scheme, host) = (Scheme::Https, "a.example");
        Asked { request: Request { scheme, method, host, port: 443, path, query: None }, headers }
    }

    #[test]
    fn an_entry_answers_by_method_path_and_headers() {
        let mut responder = entry("GET https://a.example/v1/*");
        assert!(responder.answers(&asked("GET", "/v1/x", &[])));
        assert!(!responder.answers(&asked("POST", "/v1/x", &[])));
        assert!(!responder.answers(&asked("GET", "/v2", &[])));
        responder.request_headers.push(("Accept".into(), "text/plain".into()));
        assert!(!responder.answers(&asked("GET", "/v1/x", &[])));
        assert!(responder.answers(&asked("GET", "/v1/x", &[("accept".into(), b"text/plain".to_vec())])));
        assert!(!responder.answers(&asked("GET", "/v1/x", &[("accept".into(), b"*/*".to_vec())])));
    }

    #[test]
    fn a_body_is_repeated_to_its_length() {
        let responder =
            Responder { body: b"abc".to_vec(), body_bytes: Some(8), ..entry("https://a.example") };
        assert_eq!(responder.body_at(0, 100), b"abcabcab");
        assert_eq!(responder.body_at(4, 2), b"bc");
        assert_eq!(responder.body_at(8, 2), b"");
        assert_eq!(responder.body_at(u64::MAX, 2), b"");
        let short = Responder { body_bytes: Some(2), ..responder };
        assert_eq!(short.body_at(0, 100), b"ab");
        assert_eq!(entry("https://a.example").body_at(3, 9), b"");
    }

    #[test]
    fn replies_add_up_and_leave_the_rest_as_it_was() {
        let mut script = vec![Responder { body: b"usual".to_vec(), ..entry("https://a.example") }];
        Responder::reply(&mut script, "GET https://a.example/v1", &Reply::Status(404)).unwrap();
        assert_eq!((script[0].status, script[0].body.as_slice()), (404, b"usual".as_slice()));
        Responder::reply(&mut script, "GET https://a.example/v1", &Reply::Body(b"new".to_vec())).unwrap();
        assert_eq!((script[0].status, script[0].body.as_slice()), (404, b"new".as_slice()));
        Responder::reply(&mut script, "https://b.example", &Reply::Fails(Failure::Tls)).unwrap();
        assert_eq!((script[0].fails, script[0].status), (Some(Failure::Tls), 200));
    }

    #[test]
    fn a_target_is_one_place() {
        assert!(target("POST https://a.example:8443/v1/x").is_ok());
        assert!(target("http://192.0.2.1").is_ok());
        for bad in ["a.example", "tcp://a.example:1", "https://*.example", "https://10.0.0.0/8", ""] {
            assert!(target(bad).unwrap_err().contains("is not the URL"), "{bad}");
        }
    }
}
