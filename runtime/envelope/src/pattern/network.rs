//! Network destinations: `[METHOD ]scheme://host[:port][/path glob]`.

use std::{fmt, net::SocketAddr};

use super::{Bindings, Host, PathPattern, PatternError, Variable};

/// The protocols an entry can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Requests through the HTTP interface, in clear.
    Http,
    /// Requests through the HTTP interface, over TLS.
    Https,
    /// Raw TCP.
    Tcp,
    /// Raw UDP.
    Udp,
}

impl Scheme {
    /// As written before `://`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }

    fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    fn default_port(self) -> Option<u16> {
        match self {
            Self::Http => Some(80),
            Self::Https => Some(443),
            Self::Tcp | Self::Udp => None,
        }
    }
}

/// A request as an entry is held against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// HTTP or HTTPS.
    pub scheme: Scheme,
    /// The method, in the case it is sent in.
    pub method: &'a str,
    /// A name in lower case and ASCII form, or an address without brackets.
    pub host: &'a str,
    /// The port; the default of the scheme if none was named.
    pub port: u16,
    /// The path, from its first slash, without the query.
    pub path: &'a str,
    /// What stands behind the question mark; no entry speaks of it.
    pub query: Option<&'a str>,
}

impl Request<'_> {
    /// The narrowest entry that allows it: with the path if a path pattern can say it, without the method if no
    /// entry can name that.
    #[must_use]
    pub fn entry(&self) -> String {
        let place = self.place();
        let ways = [
            // A star in a path would allow more than was asked for.
            (!self.path.contains('*')).then(|| format!("{} {place}{}", self.method, self.path)),
            Some(format!("{} {place}", self.method)),
        ];
        let allows =
            |entry: &String| NetworkPattern::parse(entry).is_ok_and(|pattern| pattern.allows_request(self));
        ways.into_iter().flatten().find(allows).unwrap_or(place)
    }

    /// The URL up to its path.
    fn place(&self) -> String {
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.to_owned(),
        };
        match Some(self.port) == self.scheme.default_port() {
            true => format!("{}://{host}", self.scheme.as_str()),
            false => format!("{}://{host}:{}", self.scheme.as_str(), self.port),
        }
    }
}

impl fmt::Display for Request<'_> {
    /// `POST https://api.example.com/v1?page=2`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.method, self.place(), self.path)?;
        match self.query {
            Some(query) => write!(f, "?{query}"),
            None => Ok(()),
        }
    }
}

/// Whether a path means what it says, however a server reads it: no segment that leads back, no slash or dot
/// in disguise. Others are inside entries without a path only.
fn is_plain_path(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    !["%2e", "%2f", "%5c", "\\"].iter().any(|part| lower.contains(part))
        && path.split('/').skip(1).all(|segment| !matches!(segment, "." | ".."))
        && !path.contains("//")
}

/// One network entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkPattern {
    /// Only for HTTP; none means any method.
    method: Option<String>,
    scheme: Scheme,
    host: Host,
    /// None means any port; for HTTP the scheme's port stands in.
    port: Option<u16>,
    /// Only for HTTP; none means any path.
    path: Option<PathPattern>,
}

const SHAPE_OF_VARIABLE: &str = "only what the caller names can be a host, and stands there alone: \"https://$ARG:1\", \"tcp://$ARG:host:5432\"";
const SHAPE: &str = "write [METHOD ]scheme://host[:port][/path], such as \"GET https://api.example.com/v1/*\" or \"tcp://db.internal:5432\"";

impl NetworkPattern {
    /// Reads an entry of an envelope, which may name what the caller names.
    ///
    /// # Errors
    /// As [`NetworkPattern::parse`], and a variable that is no argument.
    pub fn parse_declared(text: &str) -> Result<Self, PatternError> {
        // Names of hosts are shown in lower case, also those with a dollar sign.
        let is_variable = |authority: &str| {
            let mut names = authority.split('$').skip(1);
            names.any(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
        };
        Self::parse_with(text, |authority| match is_variable(authority) {
            true => named(authority, text),
            false => host_and_port(authority, text),
        })
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// An unknown scheme, a bad host or port, a method or path where the scheme has none.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        Self::parse_with(text, |authority| host_and_port(authority, text))
    }

    fn parse_with(
        text: &str,
        read: impl Fn(&str) -> Result<(Host, Option<u16>), PatternError>,
    ) -> Result<Self, PatternError> {
        let bad = |what: &str| bad(what, text);
        let (method, rest) = match text.split_once(' ') {
            Some((method, rest)) => {
                if method.is_empty() || !method.bytes().all(|b| b.is_ascii_uppercase() || b == b'-') {
                    return Err(bad("a method must be in capitals"));
                }
                (Some(method.to_owned()), rest)
            }
            None => (None, text),
        };
        let (scheme, rest) = rest.split_once("://").ok_or_else(|| bad("no scheme"))?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            "tcp" => Scheme::Tcp,
            "udp" => Scheme::Udp,
            _ => return Err(bad("unknown scheme; http, https, tcp and udp are known")),
        };
        if method.is_some() && !scheme.is_http() {
            return Err(bad("a method without http"));
        }
        let (authority, path) = split_path(rest);
        if path.is_some() && !scheme.is_http() {
            return Err(bad("a path without http"));
        }
        let path = path.map(PathPattern::parse).transpose()?; // it begins with a slash: there is no variable in it
        let (host, port) = read(authority)?;
        Ok(Self { method, scheme, host, port: port.or(scheme.default_port()), path })
    }

    /// Reads an entry that says where a skill may listen: `tcp` or `udp`, and a local address.
    ///
    /// # Errors
    /// As [`NetworkPattern::parse`]; HTTP, since that is not listened for, and names, since nobody looks them up.
    pub fn parse_listen(text: &str) -> Result<Self, PatternError> {
        let entry = Self::parse(text)?;
        match entry.host {
            Host::Net(_) if !entry.scheme.is_http() => Ok(entry),
            _ => Err(PatternError::new(
                format!("\"{}\" is no place to listen at", text.escape_debug()),
                "write tcp:// or udp:// and an address, such as \"tcp://0.0.0.0:8080\"",
            )),
        }
    }

    /// The same with what its variable stands for.
    #[must_use]
    pub fn bind(&self, bindings: &Bindings<'_>) -> Self {
        Self { host: self.host.bind(bindings), ..self.clone() }
    }

    /// The variable that it names as its host.
    #[must_use]
    pub fn variable(&self) -> Option<&Variable> {
        match &self.host {
            Host::Named(variable, _) => Some(variable),
            _ => None,
        }
    }

    /// How many hosts a destination is compared with, at most.
    pub(crate) fn values(&self) -> usize {
        self.host.values()
    }

    /// Whether a lookup of `name` is inside this entry.
    #[must_use]
    pub fn allows_lookup(&self, name: &str) -> bool {
        self.host.matches_name(name)
    }

    /// Whether a raw connection of `scheme` to `address` is inside this entry, `names` being those that
    /// lookups of this run answered with that address. An `https` entry never allows a raw socket.
    #[must_use]
    pub fn allows_socket(&self, scheme: Scheme, address: SocketAddr, names: &[String]) -> bool {
        self.scheme == scheme
            && self.port.is_none_or(|port| port == address.port())
            && (self.host.matches_address(address.ip())
                || names.iter().any(|name| self.host.matches_name(name)))
    }

    /// Whether a request through the HTTP interface is inside this entry. An entry without a method allows every
    /// method, one without a path every path; a raw socket entry allows no request.
    #[must_use]
    pub fn allows_request(&self, request: &Request<'_>) -> bool {
        self.scheme == request.scheme
            && self.port == Some(request.port)
            && self.method.as_ref().is_none_or(|method| method == request.method)
            && self.host.means(request.host)
            && self.path.as_ref().is_none_or(|path| is_plain_path(request.path) && path.matches(request.path))
    }

    /// Whether everything that `inner` allows, this entry allows too.
    #[must_use]
    pub fn covers(&self, inner: &Self) -> bool {
        self.scheme == inner.scheme
            && self.host.covers(&inner.host)
            && (self.port.is_none() || self.port == inner.port)
            && (self.method.is_none() || self.method == inner.method)
            && match (&self.path, &inner.path) {
                (None, _) => true,
                (Some(outer), Some(inner)) => outer.covers(inner),
                (Some(_), None) => false,
            }
    }

    /// The host of this entry.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The protocol of this entry.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The port; none means any.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

fn host_and_port(authority: &str, entry: &str) -> Result<(Host, Option<u16>), PatternError> {
    let (host, port) = split_port(authority).ok_or_else(|| bad("bad port", entry))?;
    Ok((Host::parse(&host)?, port))
}

/// Reads `$ARG:1` or `$ARG:1:443`.
fn named(authority: &str, entry: &str) -> Result<(Host, Option<u16>), PatternError> {
    let (variable, rest) = Variable::split(authority, &[':'])?;
    if !variable.is_argument() {
        let message = format!("{variable} is not a host in \"{}\"", entry.escape_debug());
        return Err(PatternError::new(message, SHAPE_OF_VARIABLE));
    }
    let port = rest.strip_prefix(':').map(|port| port.parse().ok().filter(|port| *port != 0));
    match port {
        Some(None) => Err(bad("bad port", entry)),
        port => Ok((Host::Named(variable, Vec::new()), port.flatten())),
    }
}

fn bad(what: &str, entry: &str) -> PatternError {
    PatternError::new(format!("{what} in \"{}\"", entry.escape_debug()), SHAPE)
}

/// Splits at the slash that begins the path: not the one inside a CIDR host.
fn split_path(text: &str) -> (&str, Option<&str>) {
    let mut from = 0;
    while let Some(at) = text[from..].find('/').map(|at| from + at) {
        let digits = text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let host = text[..at].trim_start_matches('[').trim_end_matches(']');
        let after = text.as_bytes().get(at + 1 + digits);
        let is_cidr = from == 0
            && (1..=3).contains(&digits)
            && matches!(after, None | Some(b':' | b'/'))
            && host.parse::<std::net::IpAddr>().is_ok();
        if !is_cidr {
            return (&text[..at], Some(&text[at..]));
        }
        from = at + 1 + digits;
    }
    (text, None)
}

/// Splits `host:port`, `[v6]:port`, `[v6]/64:port`; a v6 network comes back without its brackets.
fn split_port(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.rsplit_once(':') {
        // Colons inside brackets, or of an address without them, belong to the host.
        Some((_, tail)) if tail.contains(']') => (text, None),
        Some((host, _)) if host.contains(':') && !host.contains(']') => (text, None),
        Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0)?)),
        None => (text, None),
    };
    let host = match host.strip_prefix('[').and_then(|rest| rest.split_once("]/")) {
        Some((address, prefix)) => format!("{address}/{prefix}"),
        None => host.to_owned(),
    };
    Some((host, port))
}

impl fmt::Display for NetworkPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = &self.method {
            write!(f, "{method} ")?;
        }
        write!(f, "{}://{}", self.scheme.as_str(), self.host)?;
        if let Some(port) = self.port.filter(|port| Some(*port) != self.scheme.default_port()) {
            write!(f, ":{port}")?;
        }
        match &self.path {
            Some(path) => write!(f, "{path}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use proptest::prelude::*;

    use super::{NetworkPattern, Request, Scheme};
    use crate::Bindings;

    fn entry(text: &str) -> NetworkPattern {
        NetworkPattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn what_the_caller_names_is_one_host_and_taken_literally() {
        let declared = |text: &str| NetworkPattern::parse_declared(text).unwrap();
        for text in
            ["https://$ARG:1", "GET https://$ARG:url.host:8443/v1/*", "tcp://$ARG:*:5432", "udp://$ARG:2"]
        {
            assert_eq!(declared(text).to_string(), text);
            assert!(!declared(text).allows_lookup("a.example"), "until it is bound");
            let elsewhere = NetworkPattern::parse(text);
            assert!(
                !elsewhere.is_ok_and(|entry| entry.variable().is_some()),
                "only an envelope has variables"
            );
        }
        for bad in [
            "https://$HOME",
            "https://$ARG:1:0",
            "https://$ARG:1.example.com/",
            "tcp://$ARG:",
            "tcp://x$ARG:1",
        ] {
            assert!(NetworkPattern::parse_declared(bad).is_err(), "{bad}");
        }
        let bound = |text: &str, argument: &str| {
            let arguments = [argument.to_owned()];
            declared(text).bind(&Bindings { arguments: &arguments, ..Bindings::default() })
        };
        let entry = |argument| bound("tcp://$ARG:1:443", argument);
        assert!(
            entry("A.example").allows_lookup("a.example") && !entry("a.example").allows_lookup("b.a.example")
        );
        let socket = |argument, address: &str| {
            entry(argument).allows_socket(Scheme::Tcp, address.parse().unwrap(), &[])
        };
        assert!(socket("203.0.113.9", "203.0.113.9:443") && socket("[2001:db8::1]", "[2001:db8::1]:443"));
        for hostile in ["", "/", "*", "*.example", "0.0.0.0/0", "203.0.113.0/24", "203.0.113.9:443", "$ARG:1"]
        {
            assert!(!socket(hostile, "203.0.113.9:443"), "{hostile}");
            assert!(!entry(hostile).allows_lookup("a.example"), "{hostile}");
        }
        assert!(declared("tcp://$ARG:1").covers(&declared("tcp://$ARG:1:443")));
        assert!(!declared("tcp://$ARG:1").covers(&super::NetworkPattern::parse("tcp://a.example").unwrap()));
    }

    #[test]
    fn every_shape_is_read_and_shown_again() {
        for text in [
            "GET https://api.example.com/v1/*",
            "https://*.example.com",
            "http://localhost:8080/**",
            "tcp://db.internal:5432",
            "tcp://10.0.0.0/8:443",
            "tcp://10.0.0.0/8",
            "udp://192.0.2.7:53",
            "tcp://[2001:db8::1]:443",
            "tcp://[2001:db8::]/32:443",
            "http://10.0.0.0/8:8080/a/b",
        ] {
            assert_eq!(entry(text).to_string(), text);
        }
    }

    fn request<'a>(method: &'a str, host: &'a str, port: u16, path: &'a str) -> Request<'a> {
        Request { scheme: Scheme::Https, method, host, port, path, query: None }
    }

    #[test]
    fn a_request_is_inside_by_method_host_port_and_path() {
        let inside = |text: &str, method, host, port, path| {
            entry(text).allows_request(&request(method, host, port, path))
        };
        let narrow = "GET https://api.example.com/v1/*";
        assert!(inside(narrow, "GET", "api.example.com", 443, "/v1/users"));
        assert!(!inside(narrow, "POST", "api.example.com", 443, "/v1/users"));
        assert!(!inside(narrow, "GET", "api.example.com", 8443, "/v1/users"));
        assert!(!inside(narrow, "GET", "example.com", 443, "/v1/users"));
        assert!(!inside(narrow, "GET", "api.example.com", 443, "/v2/users"));
        assert!(inside("https://*.example.com", "DELETE", "a.example.com", 443, "/any/where"));
        assert!(inside("https://10.0.0.0/8:8443", "GET", "10.1.2.3", 8443, "/"));
        assert!(inside("https://[2001:db8::]/32", "GET", "2001:db8::1", 443, "/"));
        assert!(!inside("http://api.example.com", "GET", "api.example.com", 443, "/"));
        assert!(!inside("tcp://api.example.com:443", "GET", "api.example.com", 443, "/"));
    }

    #[test]
    fn a_path_in_disguise_is_inside_no_path_of_an_entry() {
        for path in ["/v1/../admin", "/v1/%2e%2e/admin", "/v1/a%2Fb", "/v1//admin", "/v1/a\\..\\b"] {
            let asked = request("GET", "api.example.com", 443, path);
            assert!(!entry("https://api.example.com/v1/**").allows_request(&asked), "{path}");
            assert!(entry("https://api.example.com").allows_request(&asked), "{path}");
        }
    }

    #[test]
    fn the_entry_of_a_request_allows_it_and_little_else() {
        let entry_of = |method, host, path| {
            let request = request(method, host, 443, path);
            let text = request.entry();
            assert!(entry(&text).allows_request(&request), "{text}");
            text
        };
        assert_eq!(entry_of("POST", "a.example", "/v1"), "POST https://a.example/v1");
        assert_eq!(entry_of("POST", "a.example", "/v1/*"), "POST https://a.example");
        assert_eq!(entry_of("POST", "a.example", "/v1/../x"), "POST https://a.example");
        assert_eq!(entry_of("post", "a.example", "/"), "https://a.example");
        assert_eq!(entry_of("GET", "2001:db8::1", "/"), "GET https://[2001:db8::1]/");
    }

    #[test]
    fn what_cannot_be_enforced_is_refused() {
        for bad in [
            "example.com",
            "ftp://example.com",
            "get https://example.com",
            "GET tcp://example.com:1",
            "tcp://example.com:1/path",
            "tcp://example.com:0",
            "tcp://example.com:99999",
            "https://*",
            "https://a.*.com",
            "https://exa mple.com",
            "https://",
            "https://example.com/a/../b",
            "https://example..com",
            "https://example.com..",
            "https://*..com",
        ] {
            assert!(NetworkPattern::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_listens_at_addresses_only() {
        for good in ["tcp://0.0.0.0:8080", "udp://[::]:53", "tcp://127.0.0.0/8", "udp://127.0.0.1"] {
            assert_eq!(NetworkPattern::parse_listen(good).unwrap().to_string(), good);
        }
        for bad in ["tcp://localhost:80", "http://127.0.0.1:80", "tcp://*.example:80", "127.0.0.1:80"] {
            assert!(NetworkPattern::parse_listen(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_socket_needs_its_own_scheme_port_and_an_address_or_an_answered_name() {
        let address: SocketAddr = "198.18.0.9:5432".parse().unwrap();
        let names = ["db.internal".to_owned()];
        assert!(entry("tcp://db.internal:5432").allows_socket(Scheme::Tcp, address, &names));
        assert!(!entry("tcp://db.internal:5432").allows_socket(Scheme::Tcp, address, &[]));
        assert!(!entry("tcp://db.internal:80").allows_socket(Scheme::Tcp, address, &names));
        assert!(!entry("https://db.internal:5432").allows_socket(Scheme::Tcp, address, &names));
        assert!(entry("tcp://198.18.0.0/15").allows_socket(Scheme::Tcp, address, &[]));
        let mapped: SocketAddr = "[::ffff:198.18.0.9]:5432".parse().unwrap();
        assert!(entry("tcp://198.18.0.0/15").allows_socket(Scheme::Tcp, mapped, &[]));
        for text in ["tcp://[::ffff:198.18.0.0]/111", "tcp://[::ffff:198.18.0.9]"] {
            assert!(entry(text).allows_socket(Scheme::Tcp, mapped, &[]), "{text}");
        }
    }

    #[test]
    fn names_are_compared_as_a_resolver_sees_them() {
        assert!(entry("https://example.com").allows_lookup("EXAMPLE.com."));
        assert!(entry("https://*.example.com").allows_lookup("a.b.example.com"));
        assert!(!entry("https://*.example.com").allows_lookup("example.com"));
        assert!(!entry("https://*.example.com").allows_lookup("badexample.com"));
        assert!(entry("https://bücher.example").allows_lookup("xn--bcher-kva.example"));
    }

    fn pattern() -> impl Strategy<Value = String> {
        let host = prop_oneof![
            Just("example.com"),
            Just("*.example.com"),
            Just("a.example.com"),
            Just("*.a.example.com"),
            Just("10.0.0.0/8"),
            Just("10.1.0.0/16"),
            Just("10.1.2.3"),
        ];
        (prop_oneof![Just("tcp"), Just("https")], host, prop_oneof![Just(""), Just(":443"), Just(":8443")])
            .prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"))
    }

    proptest! {
        #[test]
        fn covers_is_reflexive_and_transitive(a in pattern(), b in pattern(), c in pattern()) {
            let (a, b, c) = (entry(&a), entry(&b), entry(&c));
            prop_assert!(a.covers(&a));
            if a.covers(&b) && b.covers(&c) {
                prop_assert!(a.covers(&c));
            }
        }

        #[test]
        fn covers_is_sound(outer in pattern(), inner in pattern(), octet in 0u8..4, port in prop_oneof![Just(443u16), Just(8443)], name in prop_oneof![Just("example.com"), Just("a.example.com"), Just("b.a.example.com")]) {
            let (outer, inner) = (entry(&outer), entry(&inner));
            if outer.covers(&inner) {
                let address = SocketAddr::from(([10, octet, 2, 3], port));
                for names in [vec![], vec![name.to_owned()]] {
                    if inner.allows_socket(Scheme::Tcp, address, &names) {
                        prop_assert!(outer.allows_socket(Scheme::Tcp, address, &names));
                    }
                }
                prop_assert!(!inner.allows_lookup(name) || outer.allows_lookup(name));
            }
        }
    }
}
