//! Policies of MCP servers, in YAML, as envelopes: `microsoft/policy-mcp` version 1, and Wassette's spelling of limits.
//!
//! A policy is held whole or refused: what it says and an envelope cannot hold is an error that names the field. Clocks
//! and random bytes are no subject of such a policy, and are declared.

use serde::{Deserialize, de::IgnoredAny};
use serde_saphyr::{Location, Spanned};

use crate::{
    Clocks, Document, DocumentError, Envelope, Limits, NamePattern, NetworkPattern, PathPattern, PatternError,
};

impl Envelope {
    /// Reads a policy.
    ///
    /// # Errors
    /// Not YAML, an unknown key, a version other than 1, or a field that cannot be held: with its place.
    pub fn parse_policy(document: Document<'_>) -> Result<Self, DocumentError> {
        document.check_size()?;
        let policy: Policy = serde_saphyr::from_str(document.text).map_err(|error| {
            let place = error.location().map_or(0..0, |location| place(document.text, location));
            let message = error.to_string();
            DocumentError::at(document, place, message.lines().next().unwrap_or("not a policy").to_owned())
        })?;
        Reader { document }.policy(policy)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    version: Spanned<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for people")]
    description: Option<String>,
    #[serde(default, rename = "$schema")]
    #[expect(dead_code, reason = "for editors")]
    schema: Option<String>,
    permissions: Permissions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Permissions {
    #[serde(default)]
    storage: Lists<Storage>,
    #[serde(default)]
    network: Lists<Network>,
    #[serde(default)]
    environment: Lists<Variable>,
    #[serde(default)]
    resources: Resources,
    #[serde(default)]
    runtime: Option<Spanned<IgnoredAny>>,
    #[serde(default)]
    ipc: Option<Spanned<IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists<T> {
    #[serde(default = "Vec::new")]
    allow: Vec<T>,
    #[serde(default)]
    deny: Option<Spanned<Vec<IgnoredAny>>>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { allow: Vec::new(), deny: None }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Storage {
    uri: Spanned<String>,
    access: Vec<Access>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Access {
    Read,
    Write,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Network {
    #[serde(default)]
    host: Option<Spanned<String>>,
    #[serde(default)]
    cidr: Option<Spanned<String>>,
    #[serde(default)]
    defaults: Option<Spanned<bool>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    key: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resources {
    /// Megabytes.
    #[serde(default)]
    memory: Option<Spanned<u64>>,
    #[serde(default)]
    cpu: Option<Spanned<IgnoredAny>>,
    #[serde(default)]
    io: Option<Spanned<IgnoredAny>>,
    #[serde(default)]
    limits: ResourceLimits,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceLimits {
    /// As Kubernetes writes it: `512Mi`.
    #[serde(default)]
    memory: Option<Spanned<String>>,
    #[serde(default)]
    cpu: Option<Spanned<IgnoredAny>>,
}

struct Reader<'a> {
    document: Document<'a>,
}

impl Reader<'_> {
    fn policy(&self, policy: Policy) -> Result<Envelope, DocumentError> {
        let Permissions { storage, network, environment, resources, runtime, ipc } = policy.permissions;
        if !policy.version.value.starts_with("1.") {
            let message = format!("policy version \"{}\" is not known", policy.version.value.escape_debug());
            return Err(self.error(&policy.version, message, "write version: \"1.0\""));
        }
        self.not_held("permissions.runtime", runtime.as_ref())?;
        self.not_held("permissions.ipc", ipc.as_ref())?;
        self.not_held("permissions.resources.cpu", resources.cpu.as_ref())?;
        self.not_held("permissions.resources.io", resources.io.as_ref())?;
        self.not_held("permissions.resources.limits.cpu", resources.limits.cpu.as_ref())?;
        self.no_deny("permissions.storage.deny", storage.deny.as_ref())?;
        self.no_deny("permissions.network.deny", network.deny.as_ref())?;
        self.no_deny("permissions.environment.deny", environment.deny.as_ref())?;
        let mut envelope = Envelope {
            clocks: Clocks { wall: true, monotonic: true },
            random: true,
            limits: Limits { memory_bytes: self.memory(&resources)?, ..Limits::default() },
            ..Envelope::default()
        };
        for Storage { uri, access } in &storage.allow {
            let path = uri.value.strip_prefix("fs://").ok_or_else(|| {
                let message = format!("storage \"{}\" is no file", uri.value.escape_debug());
                self.error(uri, message, "only fs:// can be held")
            })?;
            let glob = format!("/{}", path.trim_start_matches('/'));
            let pattern = self.pattern(uri, &glob, PathPattern::parse)?;
            if access.contains(&Access::Read) {
                envelope.files_read.push(pattern.clone());
            }
            if access.contains(&Access::Write) {
                envelope.files_write.push(pattern);
            }
        }
        for entry in &network.allow {
            envelope.network.extend(self.network(entry)?);
        }
        for Variable { key } in &environment.allow {
            if key.value.contains('*') {
                return Err(self.error(key, "a variable with \"*\" in its name".into(), "name it in full"));
            }
            envelope.env.push(self.pattern(key, &key.value, NamePattern::parse)?);
        }
        Ok(envelope)
    }

    /// A host means every way to reach it, unless it names one.
    fn network(&self, entry: &Network) -> Result<Vec<NetworkPattern>, DocumentError> {
        const SCHEMES: [&str; 4] = ["https", "http", "tcp", "udp"];
        if let Some(defaults) = entry.defaults.as_ref().filter(|defaults| defaults.value) {
            let help = "list the hosts that are needed: nobody who reads the policy sees those behind it";
            return Err(self.error(defaults, "network defaults cannot be held".into(), help));
        }
        let place = entry.host.iter().chain(&entry.cidr);
        place
            .flat_map(|place| match place.value.contains("://") {
                true => vec![(place, place.value.clone())],
                false => SCHEMES.map(|scheme| (place, format!("{scheme}://{}", place.value))).to_vec(),
            })
            .map(|(place, text)| self.pattern(place, &text, NetworkPattern::parse))
            .collect()
    }

    fn memory(&self, resources: &Resources) -> Result<Option<u64>, DocumentError> {
        const MB: u64 = 1_000_000;
        let of_megabytes = resources.memory.as_ref().map(|memory| memory.value.saturating_mul(MB));
        let Some(text) = &resources.limits.memory else { return Ok(of_megabytes) };
        let units = [
            ("Ki", 1 << 10),
            ("Mi", 1 << 20),
            ("Gi", 1 << 30),
            ("k", 1000),
            ("M", MB),
            ("G", 1000 * MB),
            ("", 1),
        ];
        let bytes = units.iter().find_map(|(unit, factor): &(&str, u64)| {
            text.value.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(*factor)
        });
        let bytes = bytes.ok_or_else(|| {
            let message = format!("\"{}\" is no amount of memory", text.value.escape_debug());
            self.error(text, message, "write it like 512Mi or 1Gi")
        })?;
        Ok(Some(of_megabytes.map_or(bytes, |megabytes| megabytes.min(bytes))))
    }

    fn no_deny(&self, field: &str, list: Option<&Spanned<Vec<IgnoredAny>>>) -> Result<(), DocumentError> {
        self.not_held(field, list.filter(|list| !list.value.is_empty()))
    }

    fn not_held<T>(&self, field: &str, value: Option<&Spanned<T>>) -> Result<(), DocumentError> {
        match value {
            None => Ok(()),
            Some(value) => {
                let message = format!("{field} cannot be held");
                Err(self.error(
                    value,
                    message,
                    "leave it out, or hold it elsewhere: a policy is held whole or refused",
                ))
            }
        }
    }

    fn pattern<T>(
        &self,
        at: &Spanned<String>,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, PatternError>,
    ) -> Result<T, DocumentError> {
        parse(text).map_err(|error| self.error(at, error.to_string(), error.help))
    }

    fn error<T>(&self, at: &Spanned<T>, message: String, help: &str) -> DocumentError {
        DocumentError::at(self.document, place(self.document.text, at.referenced), message).with_help(help)
    }
}

/// Where a line and column are, in bytes: to the end of the line.
fn place(text: &str, location: Location) -> std::ops::Range<usize> {
    let line = usize::try_from(location.line().saturating_sub(1)).unwrap_or(usize::MAX);
    let column = usize::try_from(location.column().saturating_sub(1)).unwrap_or(usize::MAX);
    let mut start = 0;
    for (number, text_line) in text.split_inclusive('\n').enumerate() {
        if number == line {
            let within =
                text_line.char_indices().nth(column).map_or(text_line.trim_end().len(), |(at, _)| at);
            return start + within..start + text_line.trim_end().len();
        }
        start += text_line.len();
    }
    start..start
}

#[cfg(test)]
mod tests {
    use crate::{Document, DocumentError, Envelope};

    const WHOLE: &str = r#"version: "1.0"
description: "What the agent may do"
permissions:
  storage:
    allow:
    - uri: "fs://data/agent/**"
      access: ["read", "write"]
    - uri: "fs://data/notes.txt"
      access: ["read"]
  network:
    allow:
    - host: "api.example.com"
    - host: "https://*.internal.example"
    - cidr: "10.0.0.0/8"
  environment:
    allow:
    - key: "API_KEY"
  resources:
    limits:
      memory: "512Mi"
"#;

    fn parse(text: &str) -> Result<Envelope, DocumentError> {
        Envelope::parse_policy(Document { name: "policy.yaml", text })
    }

    #[test]
    fn a_policy_is_read_as_the_envelope_that_it_stands_for() {
        let envelope = parse(WHOLE).unwrap();
        let shown = |all: &[crate::PathPattern]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(shown(&envelope.files_read), ["/data/agent/**", "/data/notes.txt"]);
        assert_eq!(shown(&envelope.files_write), ["/data/agent/**"]);
        let network: Vec<String> = envelope.network.iter().map(ToString::to_string).collect();
        assert!(network.contains(&"https://api.example.com".into()), "{network:?}");
        assert!(network.contains(&"tcp://10.0.0.0/8".into()), "{network:?}");
        assert!(!network.contains(&"http://*.internal.example".into()), "{network:?}");
        assert!(envelope.env[0].matches("API_KEY"));
        assert_eq!(envelope.limits.memory_bytes, Some(512 << 20));
        assert!(envelope.clocks.wall && envelope.random, "no policy speaks of them");
    }

    #[test]
    fn what_cannot_be_held_is_refused_by_its_name_and_place() {
        let refused = |from: &str, to: &str| {
            let error = parse(&WHOLE.replace(from, to)).unwrap_err();
            (error.line, error.message)
        };
        let deny = "  environment:\n    deny:\n    - key: \"X\"\n    allow:";
        assert!(refused("  environment:\n    allow:", deny).1.contains("permissions.environment.deny"));
        let (line, message) = refused("    - cidr: \"10.0.0.0/8\"", "    - defaults: true");
        assert_eq!((line, message.as_str()), (14, "network defaults cannot be held"));
        assert!(refused("      memory: \"512Mi\"", "      cpu: \"500m\"").1.contains("limits.cpu"));
        assert!(refused("fs://data/notes.txt", "s3://bucket/x").1.contains("is no file"));
        assert!(refused("\"1.0\"", "\"2.0\"").1.contains("version"));
        assert!(refused("host: \"api.example.com\"", "host: \"*\"").1.contains("host"));
        assert!(refused("  environment:", "  invented:\n    x: 1\n  environment:").1.contains("invented"));
        assert!(parse("version: [").is_err() && parse("").is_err());
    }
}
