//! Where a request goes.

/// A host and its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authority {
    /// A name in lower case and ASCII form, or an address without brackets.
    pub(super) host: String,
    /// None: that of the scheme.
    pub(super) port: Option<u16>,
}

impl Authority {
    /// Reads `host[:port]`. Names and passwords before an `@` are none: they would be a way around headers.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.rsplit_once(':') {
            Some((_, tail)) if tail.contains(']') => (text, None),
            Some((host, port)) => {
                let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
                (host, Some(port.parse().ok().filter(|port| is_number && *port != 0)?))
            }
            None => (text, None),
        };
        let host = match url::Host::parse(host.strip_suffix('.').unwrap_or(host)).ok()? {
            url::Host::Domain(name) => name,
            url::Host::Ipv4(address) => address.to_string(),
            url::Host::Ipv6(address) => address.to_string(),
        };
        Some(Self { host, port })
    }
}

#[cfg(test)]
mod tests {
    use super::Authority;

    fn parsed(text: &str) -> Option<(String, Option<u16>)> {
        Authority::parse(text).map(|authority| (authority.host, authority.port))
    }

    #[test]
    fn a_host_is_read_as_a_resolver_would_see_it() {
        assert_eq!(parsed("API.Example.com"), Some(("api.example.com".into(), None)));
        assert_eq!(parsed("bücher.example.:8443"), Some(("xn--bcher-kva.example".into(), Some(8443))));
        assert_eq!(parsed("[2001:DB8::1]:80"), Some(("2001:db8::1".into(), Some(80))));
        assert_eq!(parsed("[::1]"), Some(("::1".into(), None)));
        assert_eq!(parsed("0x7f.1"), Some(("127.0.0.1".into(), None)));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for bad in
            ["", ":80", "a:", "a:0", "a:65536", "a:+1", "user@a", "a/b", "a b", "::1", "[::1", "a\r\nb"]
        {
            assert_eq!(parsed(bad), None, "{bad:?}");
        }
    }
}
