//! Hosts of network patterns.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use ipnet::{IpNet, Ipv4Net};

use super::{Bindings, PatternError, Variable};

/// Which hosts a network entry means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// One name, in lower case and ASCII form.
    Name(String),
    /// `*.example.com`: every name below, not `example.com` itself. Holds `example.com`.
    Below(String),
    /// Addresses; a single address is a network of one.
    Net(IpNet),
    /// `$ARG:1`: what the caller names, and that alone. The hosts are those of a run; none until it is bound.
    Named(Variable, Vec<Host>),
}

impl Host {
    /// Reads `name`, `*.name`, an address or a CIDR network.
    ///
    /// # Errors
    /// Anything else; a lone `*` too, since it would say nothing about where data goes.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if let Ok(net) = text.parse::<IpNet>() {
            return Ok(Self::Net(canonical(net.trunc())));
        }
        if let Some(address) = parse_address(text) {
            return Ok(Self::Net(address.to_canonical().into()));
        }
        let bad = || {
            PatternError::new(
                format!("\"{}\" is not a host", text.escape_debug()),
                "write a name, \"*.\" and a name, an address, or a network such as 10.0.0.0/8",
            )
        };
        match text.strip_prefix("*.") {
            Some(name) => normalise(name).map(Self::Below).ok_or_else(bad),
            None => normalise(text).map(Self::Name).ok_or_else(bad),
        }
    }

    /// One host and nothing else: a name, or an address.
    fn single(text: &str) -> Option<Self> {
        match parse_address(text) {
            Some(address) => Some(Self::Net(address.to_canonical().into())),
            None => normalise(text).map(Self::Name),
        }
    }

    /// The same with what its variable stands for.
    pub(super) fn bind(&self, bindings: &Bindings<'_>) -> Self {
        match self {
            Self::Named(variable, _) => {
                let mut hosts: Vec<Self> =
                    bindings.named(variable).into_iter().filter_map(Self::single).collect();
                hosts.dedup();
                Self::Named(variable.clone(), hosts)
            }
            host => host.clone(),
        }
    }

    /// How many hosts are compared with what is wanted.
    pub(super) fn values(&self) -> usize {
        match self {
            Self::Named(_, hosts) => hosts.len().max(1),
            _ => 1,
        }
    }

    /// Whether the name, as a skill gave it to a lookup, is meant.
    #[must_use]
    pub fn matches_name(&self, name: &str) -> bool {
        normalise(name).is_some_and(|name| self.is_name(&name))
    }

    fn is_name(&self, name: &str) -> bool {
        match self {
            Self::Name(expected) => expected == name,
            Self::Below(parent) => is_below(name, parent),
            Self::Net(_) => false,
            Self::Named(_, hosts) => hosts.iter().any(|host| host.is_name(name)),
        }
    }

    /// Whether the address itself is meant. Names never mean addresses: a lookup must have said so.
    #[must_use]
    pub fn matches_address(&self, address: IpAddr) -> bool {
        match self {
            Self::Net(net) => net.contains(&address.to_canonical()),
            Self::Named(_, hosts) => hosts.iter().any(|host| host.matches_address(address)),
            Self::Name(_) | Self::Below(_) => false,
        }
    }

    /// Whether the host of a URL is meant: a name, or an address without brackets.
    #[must_use]
    pub fn means(&self, host: &str) -> bool {
        match host.parse() {
            Ok(address) => self.matches_address(address),
            Err(_) => self.matches_name(host),
        }
    }

    /// Whether every host that `inner` means, this one means too: what the caller names is covered by itself, and covers the
    /// hosts that it stands for in a run.
    #[must_use]
    pub fn covers(&self, inner: &Self) -> bool {
        match (self, inner) {
            (Self::Name(outer), Self::Name(inner)) => outer == inner,
            (Self::Below(outer), Self::Name(inner)) => is_below(inner, outer),
            (Self::Below(outer), Self::Below(inner)) => inner == outer || is_below(inner, outer),
            (Self::Net(outer), Self::Net(inner)) => outer.contains(inner),
            (Self::Named(outer, _), Self::Named(inner, _)) => outer == inner,
            (Self::Named(_, hosts), inner) => hosts.iter().any(|host| host.covers(inner)),
            _ => false,
        }
    }
}

/// A host name in lower case and ASCII form (IDNA), as a resolver would see it; none if it is not a name.
pub(crate) fn normalise(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name);
    // No resolver decodes percent signs; the parser of URLs would.
    if name.is_empty() || name.contains('%') {
        return None;
    }
    match url::Host::parse(name) {
        Ok(url::Host::Domain(name)) if is_resolvable(&name) => Some(name),
        _ => None,
    }
}

/// Whether a name has the lengths of RFC 1035, 2.3.4: no resolver takes another. A star, which other characters can
/// stand for until they are in ASCII form, would read as more than a name.
fn is_resolvable(name: &str) -> bool {
    name.len() <= 253 && !name.contains('*') && name.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// A network of mapped addresses (`::ffff:10.0.0.0/104`) as what it stands for: that is how addresses are
/// compared, because it would match nothing without that.
fn canonical(net: IpNet) -> IpNet {
    match net {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => match v6.addr().to_ipv4_mapped() {
            Some(v4) => Ipv4Net::new(v4, v6.prefix_len() - 96).map_or(net, IpNet::V4),
            None => net,
        },
        _ => net,
    }
}

/// An address, with or without the brackets that URLs put around the sixth version.
fn parse_address(text: &str) -> Option<IpAddr> {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => text.parse().ok(),
    }
}

fn is_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Below(name) => write!(f, "*.{name}"),
            Self::Named(variable, _) => write!(f, "{variable}"),
            Self::Net(net) if net.prefix_len() == net.max_prefix_len() => match net.addr() {
                IpAddr::V4(address) => write!(f, "{address}"),
                IpAddr::V6(address) => write!(f, "[{address}]"),
            },
            Self::Net(IpNet::V4(net)) => write!(f, "{net}"),
            Self::Net(IpNet::V6(net)) => write!(f, "[{}]/{}", net.addr(), net.prefix_len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Host, normalise};

    #[test]
    fn a_name_in_disguise_is_none() {
        assert_eq!(normalise("API.Example.org.").as_deref(), Some("api.example.org"));
        for name in
            ["api.e%2ample.org", "%61pi.example.org", "api.e\u{ff0a}mple.org", "*.example.org", "a..b", ""]
        {
            assert_eq!(normalise(name), None, "{name}");
        }
        assert!(Host::parse("api.e%2ample.org").is_err());
        assert!(Host::parse("*.example.org").is_ok());
    }
}
