//! `skill.toml`.

use std::{collections::BTreeMap, fmt, ops::Range};

use serde::Deserialize;
use toml::Spanned;

use crate::{
    Bindings, Clocks, Document, DocumentError, Envelope, Limits, NamePattern, NetworkPattern, PathPattern,
    PatternError,
    value::{parse_duration, parse_size},
};

/// A skill's manifest, checked whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Who the skill is.
    pub skill: Skill,
    /// What it asks for.
    pub envelope: Envelope,
    /// What it claims about its behaviour, if anything.
    pub claims: Claims,
    /// What it claims about single functions.
    pub call_claims: Vec<CallClaims>,
    /// How to try it.
    pub lab: Lab,
    /// Its tests.
    pub tests: Tests,
}

/// `[skill]`: who the skill is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// `[a-z0-9-]`, 64 at most.
    pub name: String,
    /// As the publisher writes it.
    pub version: String,
    /// Empty if not given.
    pub publisher: String,
    /// The component file, relative to the manifest and below it.
    pub component: String,
    /// The changelog file, relative to the manifest and below it.
    pub changelog: Option<String>,
    /// What lasts from call to call; none: nothing is said of it.
    pub session: Option<Session>,
}

/// `[skill.session]`: state in memory lasts from call to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// How many calls one instance serves at most.
    pub calls: u32,
}

/// `[claims]`: what the skill claims about its behaviour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// What output or cost may depend on besides the input. Empty means deterministic, none means no claim.
    pub varies_with: Option<Vec<VariesWith>>,
    /// Cost in input bytes.
    pub complexity: Option<Complexity>,
    /// Exit statuses that are an answer; none: any status is.
    pub exit: Option<Vec<u8>>,
}

impl Claims {
    /// Whether a run that ends with this status has answered, as opposed to failed.
    #[must_use]
    pub fn is_answer(&self, status: u8) -> bool {
        self.exit.as_ref().is_none_or(|exit| exit.contains(&status))
    }
}

/// `[claims.call."NAME"]`: what the skill claims about one function that it exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallClaims {
    /// The function, by any form of its name.
    pub call: String,
    /// The claims; those that the table does not make are those of `[claims]`.
    pub claims: Claims,
    /// Where the name is in the manifest, in bytes.
    pub span: Range<usize>,
}

/// One thing that output or cost may depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariesWith {
    /// Either clock.
    Clock,
    /// Random bytes.
    Random,
    /// Answers from the network.
    Network,
    /// Variables.
    Env(NamePattern),
    /// Files and their metadata.
    Files(PathPattern),
}

impl Claims {
    /// The same with what the variables of its patterns stand for in a run.
    #[must_use]
    pub fn bind(&self, bindings: &Bindings<'_>) -> Self {
        let bind = |varies: &VariesWith| match varies {
            VariesWith::Files(pattern) => VariesWith::Files(pattern.bind(bindings)),
            varies => varies.clone(),
        };
        let varies_with = self.varies_with.as_ref().map(|list| list.iter().map(bind).collect());
        Self { varies_with, ..self.clone() }
    }
}

impl VariesWith {
    fn parse(text: &str) -> Result<Self, PatternError> {
        match (text, text.split_once(':')) {
            ("clock", _) => Ok(Self::Clock),
            ("random", _) => Ok(Self::Random),
            ("network", _) => Ok(Self::Network),
            (_, Some(("env", name))) => NamePattern::parse(name).map(Self::Env),
            (_, Some(("files", glob))) => PathPattern::parse(glob).map(Self::Files),
            _ => Err(PatternError::new(
                format!("\"{}\" is not something to vary with", text.escape_debug()),
                "write \"clock\", \"random\", \"network\", \"env:NAME\" or \"files:GLOB\"",
            )),
        }
    }
}

impl fmt::Display for VariesWith {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock => f.write_str("clock"),
            Self::Random => f.write_str("random"),
            Self::Network => f.write_str("network"),
            Self::Env(name) => write!(f, "env:{name}"),
            Self::Files(glob) => write!(f, "files:{glob}"),
        }
    }
}

/// Growth of cost with input bytes, slowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Complexity {
    /// Constant.
    One,
    /// Logarithmic.
    LogN,
    /// Linear.
    N,
    /// Linearithmic.
    NLogN,
    /// Quadratic.
    N2,
    /// Cubic.
    N3,
    /// Exponential.
    Exp,
}

impl Complexity {
    const NAMES: [(Self, &'static str); 7] = [
        (Self::One, "1"),
        (Self::LogN, "log n"),
        (Self::N, "n"),
        (Self::NLogN, "n log n"),
        (Self::N2, "n^2"),
        (Self::N3, "n^3"),
        (Self::Exp, "2^n"),
    ];

    fn parse(text: &str) -> Result<Self, PatternError> {
        Self::NAMES.iter().find(|(_, name)| *name == text).map(|(class, _)| *class).ok_or_else(|| {
            PatternError::new(
                format!("\"{}\" is not a complexity", text.escape_debug()),
                "write one of 1, log n, n, n log n, n^2, n^3, 2^n",
            )
        })
    }
}

impl fmt::Display for Complexity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(class, _)| class == self).map_or("", |(_, name)| name);
        f.write_str(name)
    }
}

/// `[lab]`: how to try the skill. Paths are relative to the manifest and below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lab {
    /// What stdin, or the typed input, is read from.
    pub input: Option<String>,
    /// The world to run in.
    pub world: Option<String>,
    /// The calls that a run of a tool skill makes, in order.
    pub calls: Vec<LabCall>,
}

/// One entry of `[lab] calls`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabCall {
    /// The function, by any form of its name.
    pub call: String,
    /// Its arguments by name, as JSON.
    pub args: String,
    /// Where it is in the manifest, in bytes.
    pub span: Range<usize>,
}

/// `[tests]`: the tests of the skill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tests {
    /// The command and its arguments; empty if there is none.
    pub command: Vec<String>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// An unknown or missing key, a bad name, glob, host, size or path: with file, line and column.
    pub fn parse(document: Document<'_>) -> Result<Self, DocumentError> {
        let raw: RawManifest = document.read()?;
        let at = Reader { document };
        let RawClaims { call, .. } = &raw.claims;
        let claims = at.claims(&raw.claims)?;
        Ok(Self {
            skill: at.skill(raw.skill)?,
            envelope: at.envelope(raw.envelope)?,
            call_claims: call
                .iter()
                .map(|(name, raw)| at.call_claims(name, raw, &claims))
                .collect::<Result<_, _>>()?,
            claims,
            lab: Lab {
                input: at.below(raw.lab.input)?,
                world: at.below(raw.lab.world)?,
                calls: raw.lab.calls.into_iter().map(|call| at.call(call)).collect::<Result<_, _>>()?,
            },
            tests: Tests { command: raw.tests.command },
        })
    }
}

impl Manifest {
    /// Reads a document that has only an `[envelope]`: what an operator holds a skill to. A whole manifest will
    /// do too.
    ///
    /// # Errors
    /// As [`Manifest::parse`].
    pub fn parse_envelope(document: Document<'_>) -> Result<Envelope, DocumentError> {
        let raw: RawEnvelopeDocument = document.read()?;
        Reader { document }.envelope(raw.envelope)
    }
}

/// Converts values, or reports an error at their place.
struct Reader<'a> {
    document: Document<'a>,
}

impl Reader<'_> {
    fn value<T>(
        &self,
        raw: &Spanned<String>,
        parse: impl FnOnce(&str) -> Result<T, PatternError>,
    ) -> Result<T, DocumentError> {
        parse(raw.get_ref()).map_err(|error| {
            let help = error.help;
            DocumentError::at(self.document, raw.span(), error.to_string()).with_help(help)
        })
    }

    fn list<T>(
        &self,
        raw: &[Spanned<String>],
        parse: fn(&str) -> Result<T, PatternError>,
    ) -> Result<Vec<T>, DocumentError> {
        raw.iter().map(|raw| self.value(raw, parse)).collect()
    }

    fn optional<T>(
        &self,
        raw: Option<&Spanned<String>>,
        parse: fn(&str) -> Result<T, PatternError>,
    ) -> Result<Option<T>, DocumentError> {
        raw.map(|raw| self.value(raw, parse)).transpose()
    }

    /// A path to a file that came with the manifest.
    fn below(&self, raw: Option<Spanned<String>>) -> Result<Option<String>, DocumentError> {
        self.optional(raw.as_ref(), relative_path)
    }

    fn skill(&self, raw: RawSkill) -> Result<Skill, DocumentError> {
        Ok(Skill {
            name: self.value(&raw.name, skill_name)?,
            version: self.value(&raw.version, label)?,
            publisher: self.optional(raw.publisher.as_ref(), label)?.unwrap_or_default(),
            component: self.value(&raw.component, relative_path)?,
            changelog: self.below(raw.changelog)?,
            session: raw.session.map(|session| self.session(&session.calls)).transpose()?,
        })
    }

    fn session(&self, calls: &Spanned<u32>) -> Result<Session, DocumentError> {
        match *calls.get_ref() {
            0 => Err(DocumentError::at(self.document, calls.span(), "an instance serves at least one call")
                .with_help("write the number of calls, such as 100, or leave the table out")),
            calls => Ok(Session { calls }),
        }
    }

    /// One call. Arguments that TOML cannot write, such as null or large integers, can be JSON in a text.
    fn call(&self, raw: Spanned<RawCall>) -> Result<LabCall, DocumentError> {
        let (span, raw) = (raw.span(), raw.into_inner());
        let args = match raw.args {
            None => Ok("{}".to_owned()),
            Some(toml::Value::String(json)) => Ok(json),
            Some(args) if args.is_table() => json(&args).map(|args| args.to_string()),
            Some(_) => Err("the arguments of a call are a table, or JSON in a text"),
        };
        let args = args.map_err(|what| {
            DocumentError::at(self.document, span.clone(), what)
                .with_help("write args = { NAME = VALUE }, or args = '{\"NAME\": …}'")
        })?;
        Ok(LabCall { call: raw.call, args, span })
    }

    fn envelope(&self, raw: RawEnvelope) -> Result<Envelope, DocumentError> {
        let mut clocks = Clocks::default();
        for clock in &raw.clock {
            self.value(clock, |text| match text {
                "wall" => {
                    clocks.wall = true;
                    Ok(())
                }
                "monotonic" => {
                    clocks.monotonic = true;
                    Ok(())
                }
                _ => Err(PatternError::new(
                    format!("\"{}\" is not a clock", text.escape_debug()),
                    "write \"wall\" or \"monotonic\"",
                )),
            })?;
        }
        let limits = raw.limits;
        Ok(Envelope {
            files_read: self.list(&raw.files.read, PathPattern::parse)?,
            files_write: self.list(&raw.files.write, PathPattern::parse)?,
            network: self.list(&raw.network, NetworkPattern::parse_declared)?,
            listen: self.list(&raw.listen, NetworkPattern::parse_listen)?,
            env: self.list(&raw.env, NamePattern::parse)?,
            clocks,
            random: raw.random,
            limits: Limits {
                fuel: limits.fuel,
                memory_bytes: self.optional(limits.memory.as_ref(), parse_size)?,
                wall_time_ns: self.optional(limits.wall_time.as_ref(), parse_duration)?,
                output_bytes: self.optional(limits.output.as_ref(), parse_size)?,
                host_calls: limits.host_calls,
                file_bytes: self.optional(limits.file_bytes.as_ref(), parse_size)?,
                network_bytes: self.optional(limits.network_bytes.as_ref(), parse_size)?,
            },
        })
    }

    fn claims(&self, raw: &RawClaims) -> Result<Claims, DocumentError> {
        Ok(Claims {
            varies_with: self.varies_with(raw.varies_with.as_deref())?,
            complexity: self.optional(raw.complexity.as_ref(), Complexity::parse)?,
            exit: raw.exit.as_ref().map(|list| self.statuses(list)).transpose()?,
        })
    }

    /// Claims about one function; `general` are those about all.
    fn call_claims(
        &self,
        name: &Spanned<String>,
        raw: &RawCallClaims,
        general: &Claims,
    ) -> Result<CallClaims, DocumentError> {
        let varies_with = self.varies_with(raw.varies_with.as_deref())?;
        let complexity = self.optional(raw.complexity.as_ref(), Complexity::parse)?;
        let claims = Claims {
            varies_with: varies_with.or_else(|| general.varies_with.clone()),
            complexity: complexity.or(general.complexity),
            exit: general.exit.clone(),
        };
        Ok(CallClaims { call: name.get_ref().clone(), claims, span: name.span() })
    }

    fn varies_with(&self, raw: Option<&[Spanned<String>]>) -> Result<Option<Vec<VariesWith>>, DocumentError> {
        raw.map(|list| self.list(list, VariesWith::parse)).transpose()
    }

    /// Exit statuses: what a process can end with.
    fn statuses(&self, raw: &Spanned<Vec<Spanned<i64>>>) -> Result<Vec<u8>, DocumentError> {
        if raw.get_ref().is_empty() {
            let error = DocumentError::at(self.document, raw.span(), "no exit status is an answer");
            return Err(error.with_help("name the statuses that are, such as [0, 1], or leave the key out"));
        }
        raw.get_ref()
            .iter()
            .map(|status| {
                u8::try_from(*status.get_ref()).map_err(|_| {
                    let message = format!("{} is not an exit status", status.get_ref());
                    DocumentError::at(self.document, status.span(), message)
                        .with_help("write numbers from 0 to 255")
                })
            })
            .collect()
    }
}

/// A value as JSON.
fn json(value: &toml::Value) -> Result<serde_json::Value, &'static str> {
    Ok(match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        // As arguments have them.
        toml::Value::Float(number) if number.is_nan() => "NaN".into(),
        toml::Value::Float(number) if *number == f64::INFINITY => "Infinity".into(),
        toml::Value::Float(number) if *number == f64::NEG_INFINITY => "-Infinity".into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(value) => (*value).into(),
        toml::Value::Datetime(_) => return Err("an argument is no date: write it as text"),
        toml::Value::Array(values) => values.iter().map(json).collect::<Result<_, _>>()?,
        toml::Value::Table(table) => {
            let fields = table.iter().map(|(name, value)| json(value).map(|value| (name.clone(), value)));
            serde_json::Value::Object(fields.collect::<Result<_, _>>()?)
        }
    })
}

fn skill_name(text: &str) -> Result<String, PatternError> {
    let valid = (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    match valid {
        true => Ok(text.to_owned()),
        false => Err(PatternError::new(
            format!("\"{}\" is not a skill's name", text.escape_debug()),
            "lower-case letters, digits and \"-\", 64 at most",
        )),
    }
}

/// Text shown in one line of a report: a control character in it could forge another line.
fn label(text: &str) -> Result<String, PatternError> {
    let valid = (1..=128).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    match valid {
        true => Ok(text.to_owned()),
        false => Err(PatternError::new(
            format!("\"{}\" cannot be shown in one line", text.escape_debug()),
            "1 to 128 characters, none of them control characters",
        )),
    }
}

fn relative_path(text: &str) -> Result<String, PatternError> {
    let valid = !text.is_empty()
        && !text.starts_with('/')
        && !text.contains(['\\', '\0'])
        && text.split('/').all(|segment| !matches!(segment, "" | ".."));
    match valid {
        true => Ok(text.to_owned()),
        false => Err(PatternError::new(
            format!("\"{}\" is not a file beside the manifest", text.escape_debug()),
            "write a path relative to the manifest and below it, without \"..\"",
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManifest {
    skill: RawSkill,
    #[serde(default)]
    envelope: RawEnvelope,
    #[serde(default)]
    claims: RawClaims,
    #[serde(default)]
    lab: RawLab,
    #[serde(default)]
    tests: RawTests,
}

/// The other tables may be there: they are read, and not needed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEnvelopeDocument {
    #[serde(rename = "skill", default)]
    _skill: Option<RawSkill>,
    envelope: RawEnvelope,
    #[serde(rename = "claims", default)]
    _claims: RawClaims,
    #[serde(rename = "lab", default)]
    _lab: RawLab,
    #[serde(rename = "tests", default)]
    _tests: RawTests,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSkill {
    name: Spanned<String>,
    version: Spanned<String>,
    publisher: Option<Spanned<String>>,
    component: Spanned<String>,
    changelog: Option<Spanned<String>>,
    session: Option<RawSession>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSession {
    calls: Spanned<u32>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawEnvelope {
    files: RawFiles,
    network: Vec<Spanned<String>>,
    listen: Vec<Spanned<String>>,
    env: Vec<Spanned<String>>,
    clock: Vec<Spanned<String>>,
    random: bool,
    limits: RawLimits,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawFiles {
    read: Vec<Spanned<String>>,
    write: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawLimits {
    fuel: Option<u64>,
    memory: Option<Spanned<String>>,
    wall_time: Option<Spanned<String>>,
    output: Option<Spanned<String>>,
    host_calls: Option<u64>,
    file_bytes: Option<Spanned<String>>,
    network_bytes: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawClaims {
    varies_with: Option<Vec<Spanned<String>>>,
    complexity: Option<Spanned<String>>,
    exit: Option<Spanned<Vec<Spanned<i64>>>>,
    call: BTreeMap<Spanned<String>, RawCallClaims>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawCallClaims {
    varies_with: Option<Vec<Spanned<String>>>,
    complexity: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawLab {
    input: Option<Spanned<String>>,
    world: Option<Spanned<String>>,
    calls: Vec<Spanned<RawCall>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCall {
    call: String,
    args: Option<toml::Value>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawTests {
    command: Vec<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Complexity, Manifest, VariesWith};
    use crate::{Document, DocumentError};

    const WHOLE: &str = r#"
[skill]
name = "data-enrichment-service"
version = "1.3.0"
publisher = "example.org"
component = "data_enrichment.wasm"
changelog = "CHANGELOG.md"

[envelope]
files.read  = ["/data/**"]
files.write = ["/tmp/enrichment-cache/**"]
network     = ["GET https://api.example.com/v1/*", "tcp://db.internal:5432"]
env         = ["LANG", "AWS_*"]
clock       = ["wall", "monotonic"]
random      = true
limits      = { fuel = 5_000_000_000, memory = "64MiB", wall_time = "10s", output = "4MiB", host_calls = 100_000, file_bytes = "64MiB", network_bytes = "1MiB" }

[claims]
varies_with = ["clock", "env:LANG", "files:/tmp/enrichment-cache/**"]
complexity  = "n log n"
exit        = [0, 1]

[lab]
input = "input.csv"
world = "world.toml"

[tests]
command = ["./test.sh"]
"#;

    fn parse(text: &str) -> Result<Manifest, DocumentError> {
        Manifest::parse(Document { name: "skill.toml", text })
    }

    fn error(text: &str) -> (usize, usize, String) {
        let error = parse(text).unwrap_err();
        (error.line, error.column, error.message)
    }

    #[test]
    fn a_whole_manifest_is_read() {
        let manifest = parse(WHOLE).unwrap();
        assert_eq!(manifest.skill.name, "data-enrichment-service");
        assert_eq!(manifest.envelope.limits.memory_bytes, Some(64 << 20));
        assert_eq!(manifest.envelope.limits.wall_time_ns, Some(10_000_000_000));
        assert_eq!(manifest.claims.complexity, Some(Complexity::NLogN));
        assert_eq!(manifest.claims.varies_with.as_deref().unwrap()[0], VariesWith::Clock);
        assert_eq!(manifest.lab.world.as_deref(), Some("world.toml"));
        assert_eq!(manifest.claims.exit, Some(vec![0, 1]));
    }

    #[test]
    fn calls_are_read_with_their_arguments_as_json() {
        const SMALL: &str = "[skill]\nname = 'a'\nversion = '1'\ncomponent = 'a.wasm'\n";
        let with = |text: &str| {
            let table = if text.starts_with('[') { "" } else { "[lab]\n" };
            parse(&format!("{SMALL}{table}{text}"))
        };
        let calls = |lab: &str| {
            let calls = with(lab).unwrap().lab.calls;
            calls.into_iter().map(|call| (call.call, call.args)).collect::<Vec<_>>()
        };
        let call = |name: &str, args: &str| (name.to_owned(), args.to_owned());
        assert_eq!(
            calls(
                "calls = [{ call = \"a\", args = { b = [1, -inf, true], c = { d = 'e' } } }, { call = \"f\" }]"
            ),
            [call("a", r#"{"b":[1,"-Infinity",true],"c":{"d":"e"}}"#), call("f", "{}")]
        );
        assert_eq!(calls("calls = [{ call = 'a', args = '{\"n\": null}' }]"), [call("a", "{\"n\": null}")]);
        for bad in [
            "calls = [{ call = 'a', args = 7 }]",
            "calls = [{ call = 'a', args = { b = 1979-05-27 } }]",
            "calls = [{ call = 'a', arguments = {} }]",
            "calls = [{ args = {} }]",
            "calls = 'a'",
            "[skill.session]\ncalls = 0",
            "[skill.session]\ncalls = -1",
            "[skill.session]",
        ] {
            assert!(with(bad).is_err(), "{bad}");
        }
        assert_eq!(
            with("[skill.session]\ncalls = 100").unwrap().skill.session.map(|session| session.calls),
            Some(100)
        );
    }

    #[test]
    fn every_exit_status_is_an_answer_unless_claims_say_which_are() {
        let skill = "[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n[claims]\n";
        let claims = |text: &str| parse(&format!("{skill}{text}\n")).unwrap().claims;
        assert!(claims("").is_answer(0) && claims("").is_answer(10));
        assert!(claims("exit = [0, 10]").is_answer(10) && !claims("exit = [0, 10]").is_answer(1));
        for wrong in ["exit = [256]", "exit = [-1]", "exit = []", "exit = ['0']", "exit = 1"] {
            assert_eq!(error(&format!("{skill}{wrong}\n")).0, 6, "{wrong}");
        }
    }

    #[test]
    fn a_function_claims_what_its_table_says_and_what_all_claim_otherwise() {
        let skill = "[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n[claims]\nvaries_with = []\ncomplexity = 'n'\n";
        let text = format!(
            "{skill}[claims.call.\"graph.add\"]\ncomplexity = 'n^2'\n[claims.call.now]\nvaries_with = ['clock']\n"
        );
        let manifest = parse(&text).unwrap();
        let [add, now] = manifest.call_claims.as_slice() else { panic!("{:?}", manifest.call_claims) };
        assert_eq!((add.call.as_str(), now.call.as_str()), ("graph.add", "now"));
        assert_eq!(text[add.span.clone()].trim_matches('"'), "graph.add");
        assert_eq!(
            (add.claims.complexity, now.claims.complexity),
            (Some(Complexity::N2), Some(Complexity::N))
        );
        assert_eq!(add.claims.varies_with, Some(vec![]));
        assert_eq!(now.claims.varies_with, Some(vec![VariesWith::Clock]));
        assert_eq!(manifest.claims.complexity, Some(Complexity::N));
        for (wrong, message) in [
            ("complexty = 'n'", "unknown field `complexty`"),
            ("exit = [0]", "unknown field `exit`"),
            ("complexity = 'n!'", "\"n!\" is not a complexity"),
            ("varies_with = ['moon']", "\"moon\" is not something to vary with"),
        ] {
            let (line, _, said) = error(&format!("{skill}[claims.call.add]\n{wrong}\n"));
            assert_eq!(line, 9, "{wrong}");
            assert!(said.starts_with(message), "{said}");
        }
    }

    #[test]
    fn no_claim_is_not_the_claim_to_vary_with_nothing() {
        let skill = "[skill]\nname='a'\nversion='1'\ncomponent='a.wasm'\n";
        assert_eq!(parse(skill).unwrap().claims.varies_with, None);
        let claim = format!("{skill}[claims]\nvaries_with = []\n");
        assert_eq!(parse(&claim).unwrap().claims.varies_with, Some(vec![]));
    }

    #[test]
    fn an_error_names_the_place_of_the_value() {
        let bad_glob = WHOLE.replace("/data/**", "data/**");
        assert_eq!(error(&bad_glob), (10, 16, "glob \"data/**\" does not begin with \"/\"".into()));
        let bad_size = WHOLE.replace("64MiB\", wall", "64\", wall");
        assert_eq!(error(&bad_size), (16, 48, "\"64\" is not a size".into()));
        let bad_host = WHOLE.replace("tcp://db.internal:5432", "tcp://db..internal:x");
        assert_eq!(error(&bad_host).0, 12);
        let unknown = WHOLE.replace("random      = true", "radnom = true");
        let (line, column, message) = error(&unknown);
        assert_eq!((line, column), (15, 1));
        assert!(message.starts_with("unknown field `radnom`"), "{message}");
        assert_eq!(error("[skill").0, 1);
    }

    #[test]
    fn an_envelope_can_stand_alone() {
        let alone = "[envelope]\nrandom = true\n";
        let envelope = Manifest::parse_envelope(Document { name: "e.toml", text: alone }).unwrap();
        assert!(envelope.random);
        assert!(Manifest::parse_envelope(Document { name: "e.toml", text: WHOLE }).is_ok());
        assert!(Manifest::parse_envelope(Document { name: "e.toml", text: "random = true" }).is_err());
    }

    #[test]
    fn files_of_a_manifest_stay_below_it() {
        for bad in ["/etc/passwd", "../up.wasm", "a/../../b", "", "a//b", "a\\b"] {
            let text = WHOLE.replace("data_enrichment.wasm", &bad.replace('\\', "\\\\"));
            assert!(parse(&text).unwrap_err().message.contains("beside the manifest"), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]a-z=\"'.\n*/ ]{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn a_broken_manifest_never_makes_it_panic(at in 0..WHOLE.len(), with in any::<char>()) {
            let mut text = WHOLE.to_owned();
            if text.is_char_boundary(at) {
                text.insert(at, with);
            }
            let _ = parse(&text);
        }
    }
}
