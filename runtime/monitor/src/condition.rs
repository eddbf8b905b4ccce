//! Conditions that a skill is run under: changes of the world, one at a time.

use std::collections::BTreeSet;

use invar_envelope::Envelope;
use invar_trace::{Behaviour, EffectKind};
use invar_world::{Change, Connect, Failure, Late, NetworkCondition, Reply, Timestamp};

use crate::{calendar, command, source::Source, text};

/// Random seeds that are tried: a gate that opens one time in a hundred is seen 19 times of 20 in these.
pub(crate) const SEEDS: u64 = 300;

/// Files that are put in place or taken away. Stops a skill that looks for names without end.
const FILES_MAX: usize = 32;

/// Requests that are answered differently. Stops a skill that asks for a new URL each time.
const REQUESTS_MAX: usize = 16;

/// Names that do not resolve, and destinations that refuse, one at a time. Stops a skill that makes them up.
const DESTINATIONS_MAX: usize = 16;

/// One change of the world.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    /// In words: `CI=true`.
    pub(crate) words: String,
    /// Where it comes from.
    pub(crate) source: Source,
    /// What is changed.
    pub(crate) change: Change,
}

/// Conditions of one kind, which a skill that does not look cannot notice.
#[derive(Debug, Clone)]
pub(crate) struct Sweep {
    /// In the plural: `variables`.
    pub(crate) name: &'static str,
    /// What is tried, of which every entry stands for itself.
    pub(crate) conditions: Vec<Condition>,
}

/// Variables that are set first: the likeliest of each group below.
const FIRST_VARIABLES: [&str; 12] = [
    "CI",
    "GITHUB_ACTIONS",
    "ENV",
    "NODE_ENV",
    "KUBERNETES_SERVICE_HOST",
    "AWS_SECRET_ACCESS_KEY",
    "USER",
    "HOME",
    "HOSTNAME",
    "TZ",
    "LANG",
    "DEBUG",
];

/// Conditions of each other kind that are tried first. Together with the variables they are what a minimum of
/// questions has room for, on two runs.
const FIRST_OF_A_KIND: usize = 5;

/// Machines, and ways to be started, that are tried first.
const FIRST_MACHINES: usize = 2;

/// The world's variables that are unset first.
const FIRST_UNSET: usize = 4;

/// What a machine is like, and how a program is started on it.
const MACHINES: &str = "machines and ways to be started";

impl Sweep {
    /// The conditions that are tried before any kind is tried in full: of as many sources as there is room for, the
    /// likeliest variables, and moments and seeds from all over the range.
    pub(crate) fn first(&self) -> Vec<usize> {
        let all = || self.conditions.iter().enumerate();
        let first_of_a_source = |index: usize| {
            !self.conditions[..index]
                .iter()
                .any(|condition| condition.source == self.conditions[index].source)
        };
        let chosen: Vec<usize> = match self.name {
            "variables" => {
                let unset =
                    |condition: &Condition| matches!(condition.change, Change::Env { value: None, .. });
                let is_likely = |condition: &Condition| match &condition.source {
                    Source::Variable(name) => FIRST_VARIABLES.contains(&name.as_str()),
                    _ => false,
                };
                let gone =
                    all().filter(|(_, condition)| unset(condition)).map(|(index, _)| index).take(FIRST_UNSET);
                let mut seen = BTreeSet::new();
                let set = all().filter(|(_, condition)| {
                    !unset(condition) && is_likely(condition) && seen.insert(condition.source.to_string())
                });
                return gone.chain(set.map(|(index, _)| index)).collect();
            }
            MACHINES | "files" => {
                (0..self.conditions.len()).filter(|index| first_of_a_source(*index)).collect()
            }
            // The states of the whole network come before single answers.
            "network states" => (0..self.conditions.len().min(FIRST_OF_A_KIND)).collect(),
            _ => (0..self.conditions.len()).collect(),
        };
        if self.name == MACHINES {
            // None stands for another: the likeliest.
            return chosen.into_iter().take(FIRST_MACHINES).collect();
        }
        let step = chosen.len().div_ceil(FIRST_OF_A_KIND).max(1);
        chosen.into_iter().step_by(step).collect()
    }
}

/// The inputs that the control runs access.
#[derive(Debug, Default)]
pub(crate) struct AccessedInputs {
    variables: bool,
    clock: bool,
    random: bool,
    network: bool,
    /// Whether a stream is a terminal.
    terminal: bool,
    /// What a clock is exact to.
    resolution: bool,
    /// The numbers of files.
    inodes: bool,
    arguments: bool,
    /// Since when the machine has been up.
    uptime: bool,
    /// How often the clocks are read.
    readings: u64,
    /// Names that were looked up.
    names: BTreeSet<String>,
    /// Where connections were made to: `HOST:PORT`.
    destinations: BTreeSet<String>,
    /// Requests that were sent: method and URL.
    requests: BTreeSet<String>,
    /// Paths that were looked for and not found.
    missed: BTreeSet<String>,
    /// Paths that were read or looked at.
    read: BTreeSet<String>,
}

impl AccessedInputs {
    pub(crate) fn of<'a>(runs: impl IntoIterator<Item = &'a Behaviour>) -> Self {
        let mut looks = Self::default();
        for run in runs {
            let is_reading = |function: &str| function == "now";
            let readings = run.calls.iter().filter_map(|(id, times)| {
                let function = id.get()?;
                let is_clock = function.interface.starts_with("wasi:clocks/");
                (is_clock && is_reading(function.name)).then_some(*times)
            });
            looks.readings = looks.readings.max(readings.sum());
            for function in run.calls.keys().filter_map(|id| id.get()) {
                looks.resolution |= function.name == "resolution";
                looks.inodes |= function.name.contains("metadata-hash");
                looks.uptime |= function.interface == "wasi:clocks/monotonic-clock" && function.name == "now";
                looks.arguments |= function.name == "get-arguments";
                looks.terminal |= function.name.starts_with("get-terminal-");
                match function.interface {
                    "wasi:cli/environment" => looks.variables = true,
                    "wasi:random/random" | "wasi:random/insecure" | "wasi:random/insecure-seed" => {
                        looks.random = true;
                    }
                    interface if interface.starts_with("wasi:clocks/") => looks.clock = true,
                    interface if interface.starts_with("wasi:sockets/") => looks.network = true,
                    interface if interface.starts_with("wasi:http/") => looks.network = true,
                    // Files have times.
                    _ if function.name.contains("stat") || function.name.contains("metadata-hash") => {
                        looks.clock = true;
                    }
                    _ => {}
                }
            }
            for effect in &run.effects {
                if effect.kind == EffectKind::HttpRequest {
                    looks.requests.insert(effect.subject.clone());
                }
                match effect.kind {
                    EffectKind::NetworkLookup => drop(looks.names.insert(effect.subject.clone())),
                    EffectKind::NetworkConnect => {
                        let destination = effect.subject.strip_prefix("tcp://").map(str::to_owned);
                        looks.destinations.extend(destination);
                    }
                    _ => {}
                }
                let is_look = matches!(effect.kind, EffectKind::FileRead | EffectKind::FileStat);
                match effect.failed.as_deref() {
                    Some("no-entry") if is_look => drop(looks.missed.insert(effect.subject.clone())),
                    None if is_look => drop(looks.read.insert(effect.subject.clone())),
                    _ => {}
                }
            }
        }
        looks
    }
}

/// All conditions for a run that starts at `start`, cheapest and likeliest first. `variables` are those of the
/// world; `is_given` says whether a path is a file of the world's.
pub(crate) fn sweeps(
    looks: &AccessedInputs,
    start: Timestamp,
    variables: &[String],
    envelope: Option<&Envelope>,
    is_given: impl Fn(&str) -> bool,
) -> Vec<Sweep> {
    let only = |seen: bool, conditions: Vec<Condition>| if seen { conditions } else { Vec::new() };
    vec![
        Sweep { name: "variables", conditions: only(looks.variables, of_variables(variables)) },
        Sweep { name: "files", conditions: of_files(looks, is_given) },
        Sweep { name: "network states", conditions: only(looks.network, of_network(looks)) },
        Sweep { name: "sets of directories", conditions: of_preopens(envelope) },
        Sweep { name: MACHINES, conditions: of_machines(looks) },
        Sweep { name: "machine speeds", conditions: only(looks.clock, of_speed()) },
        Sweep { name: "dates and hours", conditions: only(looks.clock, of_clock(start)) },
        Sweep { name: "random seeds", conditions: only(looks.random, of_random()) },
    ]
}

fn of_clock(start: Timestamp) -> Vec<Condition> {
    let absences = calendar::ABSENCES_NS.iter().map(|ns| start.after(*ns));
    let mut times: Vec<Timestamp> = calendar::moments(start).into_iter().chain(absences).collect();
    times.sort_unstable();
    times.dedup();
    times
        .into_iter()
        .map(|time| Condition {
            words: format!("the clock at {time}"),
            source: Source::Clock,
            change: Change::Clock(time),
        })
        .collect()
}

fn of_random() -> Vec<Condition> {
    (0..SEEDS)
        .map(|seed| Condition {
            words: format!("random seed {seed}"),
            source: Source::Random,
            change: Change::Random(seed),
        })
        .collect()
}

fn of_speed() -> Vec<Condition> {
    [(0.05, "a machine 20 times slower"), (5.0, "a machine 5 times faster")]
        .into_iter()
        .map(|(factor, words): (f64, _)| Condition {
            words: words.into(),
            source: Source::Speed,
            change: Change::Speed(factor.to_bits()),
        })
        .collect()
}

/// Every way in which a machine can be another that the skill looks at.
fn of_machines(looks: &AccessedInputs) -> Vec<Condition> {
    /// What browsers and some systems are exact to.
    const RESOLUTIONS_NS: [u64; 2] = [1_000_000, 100];
    /// Where numbers of files begin: in a new file system, and in one that is in use.
    const FIRST_INODES: [u64; 2] = [2, 1 << 20];
    /// What a shell has, and what a desktop has.
    const VARIABLES: [u32; 4] = [24, 60, 3, 8];
    const ARGUMENTS: [u32; 3] = [3, 1, 8];
    /// A minute: the first programs run.
    const JUST_STARTED_NS: u64 = 60_000_000_000;
    /// Longer than anything that a scheduler does: somebody looks on with a debugger.
    const LATE_NS: u64 = 3_000_000_000;
    let mut all = Vec::new();
    let mut add = |is_seen: bool, words: String, change: Change| {
        let condition = Source::of(&change).map(|source| Condition { words, source, change });
        all.extend(condition.filter(|_| is_seen));
    };
    add(looks.terminal, "standard streams that are a terminal".into(), Change::Terminal(true));
    for number in VARIABLES {
        let words = text::several(number as usize, "more environment variables");
        add(looks.variables, words, Change::MoreVariables(number));
    }
    for ns in RESOLUTIONS_NS {
        let words = format!("clocks that are exact to {}", text::exact_duration(ns));
        add(looks.resolution, words, Change::Resolution(ns));
    }
    for first in FIRST_INODES {
        add(looks.inodes, format!("numbers of files from {first} on"), Change::Inodes(first));
    }
    for number in ARGUMENTS {
        let words = text::several(number as usize, "more arguments");
        add(looks.arguments, words, Change::MoreArguments(number));
    }
    add(looks.uptime, "a machine that was just started".into(), Change::Uptime(JUST_STARTED_NS));
    // The second reading, and one in the middle: what is measured lies between two of them.
    let middle = Some(looks.readings / 2 + 1).filter(|middle| *middle > 2);
    for reading in [2].into_iter().chain(middle) {
        let words = format!("reading {reading} of the clock {} late", text::exact_duration(LATE_NS));
        add(looks.readings > 1, words, Change::Late(Late { reading, by_ns: LATE_NS }));
    }
    all
}

/// Every state of the whole network, and every answer to a request.
fn of_network(looks: &AccessedInputs) -> Vec<Condition> {
    let states = NetworkCondition::ALL.into_iter().map(|network_condition| Condition {
        words: match network_condition {
            NetworkCondition::Down => "the network down".into(),
            NetworkCondition::Refused => "every connection refused".into(),
            NetworkCondition::Nxdomain => "no name resolving".into(),
            NetworkCondition::Slow => "a slow network".into(),
        },
        source: Source::Network,
        change: Change::Network(network_condition),
    });
    states.chain(of_requests(looks)).chain(of_destinations(looks)).collect()
}

/// Each name does not resolve, and each destination refuses, where the others do as always: all at once are a state of
/// the whole network.
fn of_destinations(looks: &AccessedInputs) -> impl Iterator<Item = Condition> + use<> {
    let of_several = |all: &BTreeSet<String>| -> Vec<String> {
        all.iter().filter(|_| all.len() > 1).take(DESTINATIONS_MAX).cloned().collect()
    };
    let names = of_several(&looks.names).into_iter();
    let unresolved = names.map(|name| Condition {
        words: format!("{} not resolving", name.escape_debug()),
        source: Source::Name(name.clone()),
        change: Change::Dns { name, addresses: Vec::new() },
    });
    let destinations = of_several(&looks.destinations).into_iter();
    let refused = destinations.map(|destination| Condition {
        words: format!("{} refusing", destination.escape_debug()),
        source: Source::Answer(format!("tcp://{destination}")),
        change: Change::Connected { destination, connect: Connect::Refused },
    });
    unresolved.chain(refused)
}

/// Each request fails, is answered with an error of the server's, and with nothing.
fn of_requests(looks: &AccessedInputs) -> Vec<Condition> {
    let ways = [
        ("failing", Reply::Fails(Failure::Refused)),
        ("answering with status 500", Reply::Status(500)),
        ("answering with an empty body", Reply::Body(Vec::new())),
    ];
    let conditions = looks.requests.iter().take(REQUESTS_MAX).flat_map(|target| {
        ways.clone().map(|(what, reply)| Condition {
            words: format!("{} {what}", target.escape_debug()),
            source: Source::Network,
            change: Change::Requested { target: target.clone(), reply },
        })
    });
    // A URL that no `--set` can name is left alone: a star in its path, say.
    conditions.filter(|condition| command::target(&condition.change).is_some()).collect()
}

fn of_preopens(envelope: Option<&Envelope>) -> Vec<Condition> {
    let Some(envelope) = envelope else { return Vec::new() };
    let mut roots: BTreeSet<String> = envelope.roots().collect();
    if roots.is_empty() {
        // What every world has.
        roots.insert("/tmp".into());
    }
    match roots.contains("/") {
        true => Vec::new(),
        false => vec![Condition {
            words: "only the declared directories handed over".into(),
            source: Source::Preopens,
            change: Change::Preopens(roots.into_iter().collect()),
        }],
    }
}

/// What was looked for, put there; what was read and is the world's, emptied and taken away.
fn of_files(looks: &AccessedInputs, is_given: impl Fn(&str) -> bool) -> Vec<Condition> {
    let change = |path: &str, content: Option<&[u8]>| Change::File {
        path: path.to_owned(),
        content: content.map(<[u8]>::to_vec),
    };
    let condition = |words: String, path: &str, change: Change| Condition {
        words,
        source: Source::File(path.to_owned()),
        change,
    };
    let mut all = Vec::new();
    for path in looks.missed.iter().take(FILES_MAX) {
        for content in plausible(path) {
            let shown = path.escape_debug();
            all.push(condition(format!("{shown} present"), path, change(path, Some(content))));
        }
    }
    for path in looks.read.iter().filter(|path| is_given(path)).take(FILES_MAX) {
        let shown = path.escape_debug();
        all.push(condition(format!("{shown} absent"), path, change(path, None)));
        all.push(condition(format!("{shown} empty"), path, change(path, Some(b""))));
    }
    all
}

/// What a file of that name could hold.
fn plausible(path: &str) -> &'static [&'static [u8]] {
    match path {
        "/proc/self/status" => {
            &[b"Name:\tskill\nState:\tR (running)\nTracerPid:\t0\n", b"Name:\tskill\nTracerPid:\t4242\n"]
        }
        "/etc/hostname" => &[b"prod-01\n"],
        path if path.ends_with(".json") => &[b"{}\n"],
        _ => &[b"1\n"],
    }
}

/// Whether a path is a sign of being watched rather than data.
pub(crate) fn is_sign_path(path: &str) -> bool {
    ["/proc/", "/sys/", "/dev/"].iter().any(|root| path.starts_with(root))
        || path.ends_with("/.dockerenv")
        || path.ends_with("/.containerenv")
}

/// Variables, the values they are given, and whether they are a sign of being watched.
const VARIABLES: &[(&str, &[&str], bool)] = &[
    // Is this a pipeline?
    ("CI", &["true"], false),
    ("CONTINUOUS_INTEGRATION", &["true"], false),
    ("GITHUB_ACTIONS", &["true"], false),
    ("GITLAB_CI", &["true"], false),
    ("JENKINS_URL", &["http://jenkins.internal/"], false),
    ("TRAVIS", &["true"], false),
    ("CIRCLECI", &["true"], false),
    ("BUILDKITE", &["true"], false),
    ("TF_BUILD", &["True"], false),
    ("TEAMCITY_VERSION", &["2026.1"], false),
    ("BUILD_NUMBER", &["1"], false),
    // Is this for real?
    ("ENV", &["production", "prod", "staging"], false),
    ("ENVIRONMENT", &["production", "prod"], false),
    ("NODE_ENV", &["production", "development", "test"], false),
    ("APP_ENV", &["production", "prod"], false),
    ("RAILS_ENV", &["production"], false),
    ("RACK_ENV", &["production"], false),
    ("FLASK_ENV", &["production"], false),
    ("DJANGO_ENV", &["production"], false),
    ("ASPNETCORE_ENVIRONMENT", &["Production"], false),
    ("DEPLOYMENT", &["production"], false),
    ("DEPLOY_ENV", &["production"], false),
    ("STAGE", &["production", "prod"], false),
    ("PROD", &["1", "true"], false),
    ("PRODUCTION", &["1", "true"], false),
    ("KUBERNETES_SERVICE_HOST", &["10.0.0.1"], false),
    ("KUBERNETES_PORT", &["tcp://10.0.0.1:443"], false),
    ("AWS_LAMBDA_FUNCTION_NAME", &["handler"], false),
    ("AWS_EXECUTION_ENV", &["AWS_ECS_FARGATE"], false),
    ("AWS_REGION", &["us-east-1"], false),
    ("ECS_CONTAINER_METADATA_URI", &["http://169.254.170.2/v3"], false),
    ("FUNCTION_NAME", &["handler"], false),
    ("K_SERVICE", &["service"], false),
    ("WEBSITE_INSTANCE_ID", &["1"], false),
    ("DYNO", &["web.1"], false),
    ("VERCEL", &["1"], false),
    ("FLY_APP_NAME", &["app"], false),
    ("container", &["docker"], false),
    ("DOCKER", &["1"], false),
    // Is there something to take?
    ("AWS_SECRET_ACCESS_KEY", &["wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"], false),
    ("AWS_ACCESS_KEY_ID", &["AKIAIOSFODNN7EXAMPLE"], false),
    ("GITHUB_TOKEN", &["ghp_0000000000000000000000000000000000000"], false),
    ("OPENAI_API_KEY", &["sk-0000000000000000000000000000000000000"], false),
    ("ANTHROPIC_API_KEY", &["sk-ant-00000000000000000000000000000000"], false),
    ("API_KEY", &["0000000000000000"], false),
    ("DATABASE_URL", &["postgres://app:secret@db.internal/app"], false),
    ("SSH_AUTH_SOCK", &["/run/user/1000/ssh-agent"], false),
    ("KUBECONFIG", &["/home/user/.kube/config"], false),
    // Who is it, and where?
    ("USER", &["root", "admin", "alice", "ubuntu"], false),
    ("LOGNAME", &["root", "alice"], false),
    ("USERNAME", &["root", "Administrator"], false),
    ("SUDO_USER", &["alice"], false),
    ("HOME", &["/root", "/home/alice", "/home/user"], false),
    ("HOSTNAME", &["prod-01", "production", "localhost", "build-7"], false),
    ("HOST", &["prod-01"], false),
    ("COMPUTERNAME", &["PROD-01"], false),
    ("USERDOMAIN", &["CORP"], false),
    ("SHELL", &["/bin/bash"], false),
    ("TERM", &["xterm-256color", "dumb"], false),
    ("DISPLAY", &[":0"], false),
    ("SSH_CONNECTION", &["10.0.0.7 50022 10.0.0.1 22"], false),
    ("PWD", &["/srv/app", "/root"], false),
    ("TZ", &["America/New_York", "Asia/Tokyo", "Europe/Moscow", "UTC"], false),
    ("LANG", &["en_US.UTF-8", "de_DE.UTF-8", "ru_RU.UTF-8", "zh_CN.UTF-8", "ja_JP.UTF-8"], false),
    ("LC_ALL", &["en_US.UTF-8", "de_DE.UTF-8", "ru_RU.UTF-8", "zh_CN.UTF-8", "ja_JP.UTF-8"], false),
    ("LANGUAGE", &["de", "ru"], false),
    // Does somebody watch?
    ("DEBUG", &["1", "*"], true),
    ("TRACE", &["1"], true),
    ("VERBOSE", &["1"], true),
    ("LOG_LEVEL", &["debug"], true),
    ("RUST_LOG", &["trace"], true),
    ("RUST_BACKTRACE", &["1"], true),
    ("INVAR", &["1"], true),
    ("SANDBOX", &["1", "true"], true),
    ("ANALYSIS", &["1"], true),
    ("MONITOR", &["1"], true),
    ("TEST", &["1"], true),
    ("TESTING", &["1", "true"], true),
    ("PYTEST_CURRENT_TEST", &["test_skill"], true),
    ("JEST_WORKER_ID", &["1"], true),
    ("VALGRIND_LIB", &["/usr/lib/valgrind"], true),
    ("LD_PRELOAD", &["/usr/lib/libtrace.so"], true),
    ("STRACE", &["1"], true),
    ("GDB", &["1"], true),
    ("LLDB_DEBUGSERVER_PATH", &["/usr/bin/lldb-server"], true),
    ("FRIDA", &["1"], true),
    ("COVERAGE_RUN", &["true"], true),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", &["http://collector:4317"], true),
];

/// Whether a variable is a sign of being watched.
pub(crate) fn is_sign_variable(name: &str) -> bool {
    VARIABLES.iter().any(|(listed, _, is_sign)| *listed == name && *is_sign)
}

/// Every variable of the world unset; every variable that says where a program runs, set.
fn of_variables(present: &[String]) -> Vec<Condition> {
    let condition = |name: &str, value: Option<&str>| Condition {
        words: match value {
            Some(value) => format!("{}={}", name.escape_debug(), value.escape_debug()),
            None => format!("{} unset", name.escape_debug()),
        },
        source: Source::Variable(name.to_owned()),
        change: Change::Env { name: name.to_owned(), value: value.map(str::to_owned) },
    };
    let unset = present.iter().map(|name| condition(name, None));
    let set = VARIABLES
        .iter()
        .flat_map(|(name, values, _)| values.iter().map(move |value| condition(name, Some(value))));
    unset.chain(set).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use invar_world::Timestamp;

    use super::{
        AccessedInputs, FIRST_MACHINES, FIRST_OF_A_KIND, FIRST_UNSET, FIRST_VARIABLES, MACHINES, sweeps,
    };
    use crate::{
        Class,
        budget::{CONFIRMING_RUNS, minimum},
    };

    #[test]
    fn what_is_tried_first_fits_into_the_minimum_and_leaves_no_kind_out() {
        let names = |prefix: &str| (0..40).map(|n| format!("/{prefix}/{n}")).collect::<BTreeSet<String>>();
        let looks = AccessedInputs {
            variables: true,
            clock: true,
            random: true,
            network: true,
            requests: (0..40).map(|n| format!("GET https://a.example/{n}")).collect(),
            missed: names("missed"),
            read: names("read"),
            terminal: true,
            resolution: true,
            inodes: true,
            arguments: true,
            uptime: true,
            readings: 400,
            names: names("names"),
            destinations: names("destinations"),
        };
        let variables: Vec<String> = (0..20).map(|n| format!("OWN_{n}")).collect();
        let start = Timestamp(1_768_492_800_000_000_000);
        let text = "[envelope]\nfiles.read = [\"/data/**\"]\n";
        let envelope =
            invar_envelope::Manifest::parse_envelope(invar_envelope::Document { name: "envelope", text })
                .unwrap();
        let all = sweeps(&looks, start, &variables, Some(&envelope), |_| true);
        let mut asked = 0;
        for sweep in &all {
            let first = sweep.first();
            assert!(!first.is_empty(), "{}", sweep.name);
            assert!(first.windows(2).all(|pair| pair[0] < pair[1]), "{}: {first:?}", sweep.name);
            let room = match sweep.name {
                "variables" => FIRST_VARIABLES.len() + FIRST_UNSET,
                MACHINES => FIRST_MACHINES,
                _ => FIRST_OF_A_KIND,
            };
            assert!(first.len() <= room, "{}: {}", sweep.name, first.len());
            asked += first.len();
        }
        assert_eq!(all.len(), 8);
        // On two runs, which are made again themselves.
        let room = (minimum(Class::Environment) - CONFIRMING_RUNS) as usize;
        assert!(2 * (asked + 1) <= room, "{asked} conditions on two runs");
    }
}
