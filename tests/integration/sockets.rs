//! Sockets: who comes, what is sent, what is declared, and what each call answers.

use invar_probe::{InitialState, ObservedInputs};
use invar_trace::{Effect, EffectKind, Ending};

use crate::helpers::{Fixture, ScriptRun};

const LISTEN: &str = "\
n = instance-network
s = create-tcp-socket ipv4
start-bind s n 0.0.0.0:8080
finish-bind s
start-listen s
finish-listen s
";

const UDP: &str = "\
n = instance-network
u = create-udp-socket ipv4
udp-start-bind u n 0.0.0.0:0
udp-finish-bind u
";

/// The answers of the last calls.
fn last(played: &ScriptRun, number: usize) -> Vec<&str> {
    let answers = &played.answers;
    answers[answers.len() - number..].iter().map(String::as_str).collect()
}

/// Holds what each call of a script answers against what is expected of it.
#[track_caller]
fn assert_answers(script: &str, expected: &[&str]) {
    let answers = Fixture::new().play(script).answers;
    let wrong: Vec<_> = script
        .lines()
        .zip(answers.iter().zip(expected))
        .filter(|(_, (answer, expected))| answer != *expected)
        .collect();
    assert_eq!(wrong, []);
    assert_eq!(answers.len(), expected.len());
}

fn effect(kind: EffectKind, subject: &str) -> Effect {
    Effect { kind, subject: subject.into(), failed: None }
}

#[test]
fn a_socket_that_listens_accepts_who_comes() {
    let world = "[[inbound]]\nport = 8080\nfrom = \"192.0.2.7\"\nafter = \"2s\"\n\
                 dialogue = [{ say = \"GET /\" }, { after = \"200\", say = \"thanks\" }]\n";
    let script = format!(
        "{LISTEN}is-listening s\naccept s\np = subscribe-socket s\nready p\nblock p\na = accept s\nremote-address a\n\
         local-address a\nblocking-read in 100\nwrite out \"200 ok\"\nblocking-read in 100\nblocking-read in 100\n\
         accept s\n"
    );
    let played = Fixture::in_world(world).play(&script);
    assert_eq!(
        last(&played, 13),
        [
            "true",
            "err would-block",
            "ok",
            "false",
            "ok",
            "ok",
            "ok 192.0.2.7:32768",
            "ok 10.0.2.15:8080",
            "ok \"GET /\"",
            "ok",
            "ok \"thanks\"",
            "err closed",
            "err would-block"
        ]
    );
    assert!(played.behaviour.resources.waited_ns >= 1_990_000_000, "{:?}", played.behaviour.resources);
    let traffic = played.behaviour.traffic["tcp://0.0.0.0:8080"];
    assert_eq!((traffic.sent, traffic.received), (6, 11), "by where they come to");
    assert!(played.behaviour.effects.contains(&effect(EffectKind::NetworkListen, "tcp://0.0.0.0:8080")));
    assert_eq!(played.outcome.end.bytes.network_sent, 6);
}

#[test]
fn an_accepted_socket_has_the_options_of_the_one_that_listens() {
    let world = "[[inbound]]\nport = 8080\n";
    let script = format!(
        "n = instance-network\ns = create-tcp-socket ipv4\nset-hop-limit s 9\nset-keep-alive-enabled s true\n\
         {}p = subscribe-socket s\nblock p\na = accept s\nhop-limit a\nkeep-alive-enabled a\nis-listening a\n",
        LISTEN.lines().skip(2).map(|line| format!("{line}\n")).collect::<String>()
    );
    let played = Fixture::in_world(world).play(&script);
    assert_eq!(last(&played, 3), ["ok 9", "ok true", "false"]);
}

#[test]
fn waiting_for_somebody_who_never_comes_is_a_deadlock() {
    let script = format!("{LISTEN}p = subscribe-socket s\nblock p\n");
    assert_eq!(Fixture::new().play(&script).outcome.end.ending, Ending::Deadlock);
    let script = format!("{UDP}stream u\np = subscribe-incoming from\nblock p\n");
    assert_eq!(Fixture::new().play(&script).outcome.end.ending, Ending::Deadlock);
    let with_time = format!("{LISTEN}p = subscribe-socket s\nt = subscribe-duration 1000\npoll p t\n");
    let played = Fixture::new().play(&with_time);
    assert_eq!(last(&played, 1), ["[1]"], "time comes");
}

#[test]
fn a_skill_can_connect_to_itself() {
    for address in ["127.0.0.1", "10.0.2.15"] {
        let script = format!(
            "{LISTEN}c = create-tcp-socket ipv4\nstart-connect c n {address}:8080\np = subscribe-socket c\nblock p\n\
             finish-connect c\nwrite out \"hello\"\nq = subscribe-socket s\nblock q\na = accept s\n\
             blocking-read in 100\nwrite out \"you\"\nlocal-address c\nremote-address a\nlocal-address a\n"
        );
        let played = Fixture::new().play(&script);
        let answers = last(&played, 6);
        assert_eq!((answers[0], answers[1]), ("ok", "ok \"hello\""), "{answers:?}");
        assert_eq!(answers[3], answers[4], "one end is the other's");
        assert_eq!(answers[5], format!("ok {address}:8080"));
        assert_eq!(played.behaviour.traffic[&format!("tcp://{address}:8080")].sent, 5);
        assert_eq!(played.behaviour.traffic["tcp://0.0.0.0:8080"].sent, 3);
    }
}

#[test]
fn to_listen_must_be_declared() {
    let missing = |played: &ScriptRun| -> Vec<String> {
        played.behaviour.violations.keys().map(ToString::to_string).collect()
    };
    let undeclared = Fixture::new().with_envelope("").play(LISTEN);
    assert_eq!(missing(&undeclared), ["listen = [\"tcp://0.0.0.0:8080\"]"]);
    let declared = || Fixture::new().with_envelope("listen = [\"tcp://0.0.0.0:8080\"]").enforced();
    let played = declared().play(LISTEN);
    assert_eq!(missing(&played), Vec::<String>::new());
    assert_eq!(last(&played, 4), ["ok"; 4]);

    let refused = declared().play(&LISTEN.replace("8080", "8081"));
    assert_eq!(
        last(&refused, 4),
        ["err access-denied", "err not-in-progress", "err invalid-state", "err not-in-progress"]
    );
    // Any port will do to bind, as for every client; to listen there is another thing.
    let any = declared().play(&LISTEN.replace("8080", "0"));
    assert_eq!(last(&any, 4), ["ok", "ok", "err access-denied", "err not-in-progress"]);
    let loopback = declared().play(&LISTEN.replace("0.0.0.0", "127.0.0.1"));
    assert_eq!(last(&loopback, 4)[0], "err access-denied");
    let udp = "n = instance-network\nu = create-udp-socket ipv4\nudp-start-bind u n 0.0.0.0:8080\n";
    assert_eq!(last(&declared().play(udp), 1), ["err access-denied"], "that was declared for connections");
}

#[test]
fn datagrams_are_answered_by_the_script_and_everything_sent_is_kept() {
    let world = "[[network]]\nmatch = \"udp://dns.example:53\"\naddresses = [\"192.0.2.53\"]\nlatency = \"20ms\"\n\
                 dialogue = [{ after = \"a.example\", say = \"192.0.2.1\" }]\n";
    let script = format!(
        "{UDP}r = resolve-addresses n \"dns.example\"\nw = subscribe-addresses r\nblock w\nresolve-next-address r\n\
         stream u\ncheck-send to\nsend to \"?a.example\" 192.0.2.53:53\nreceive from 9\np = subscribe-incoming from\n\
         block p\nreceive from 9\nsend to \"?b.example\" 192.0.2.53:53\nsend to \"secret\" 198.51.100.9:9\n\
         receive from 9\nreceive from 0\n"
    );
    let played = Fixture::in_world(world).play(&script);
    assert_eq!(
        last(&played, 10),
        [
            "ok 1",
            "ok 1",
            "ok []",
            "ok",
            "ok",
            "ok [\"192.0.2.1\" from 192.0.2.53:53]",
            "ok 1",
            "ok 1",
            "ok []",
            "ok []"
        ]
    );
    let behaviour = &played.behaviour;
    let dns = behaviour.traffic["udp://dns.example:53"];
    assert_eq!((dns.sent, dns.received), (20, 9));
    assert_eq!(behaviour.traffic["udp://198.51.100.9:9"].sent, 6, "nobody is there, and it is kept");
    for subject in ["udp://dns.example:53", "udp://198.51.100.9:9"] {
        assert!(behaviour.effects.contains(&effect(EffectKind::NetworkDatagram, subject)), "{subject}");
    }
    assert_eq!(played.outcome.end.bytes.network_sent, 26);
    assert_eq!(played.outcome.end.bytes.network_received, 9);
    assert_eq!(behaviour.received_prefix["udp://dns.example:53"], b"192.0.2.1");
}

#[test]
fn what_can_be_answered_otherwise_is_what_a_connection_says() {
    let world = "[[network]]\nmatch = \"udp://192.0.2.53:53\"\ndialogue = [{ say = \"datagram\" }]\n\
                 [[network]]\nmatch = \"tcp://192.0.2.1:80\"\ndialogue = [{ say = \"connection\" }]\n\
                 [[inbound]]\nport = 8080\nfrom = \"192.0.2.7\"\ndialogue = [{ say = \"visit\" }]\n";
    let script = format!(
        "{LISTEN}p = subscribe-socket s\nblock p\na = accept s\nblocking-read in 100\n{}stream u\n\
         send to \"?\" 192.0.2.53:53\nq = subscribe-incoming from\nblock q\nreceive from 9\n\
         c = create-tcp-socket ipv4\nstart-connect c n 192.0.2.1:80\nr = subscribe-socket c\nblock r\n\
         finish-connect c\nblocking-read in 100\n",
        UDP.replace("n = instance-network\n", "")
    );
    let fixture = Fixture::in_world(world);
    let ScriptRun { trace, behaviour, .. } = fixture.play(&script);
    let received_prefix: Vec<&str> = behaviour.received_prefix.keys().map(String::as_str).collect();
    assert_eq!(received_prefix, ["tcp://0.0.0.0:8080", "tcp://192.0.2.1:80", "udp://192.0.2.53:53"]);
    let start = &fixture.start;
    let began = InitialState {
        world: &start.world,
        run: &start.run,
        files: &start.files,
        args: &start.args,
        input: b"",
        is_typed: false,
        input_bytes_max: invar_probe::INPUT_BYTES_MAX,
    };
    let inputs = ObservedInputs::of(&trace, &behaviour, began).unwrap();
    assert_eq!(inputs.answers, [("192.0.2.1:80".to_owned(), b"connection".to_vec())].into());
    assert_eq!(inputs.bodies, [].into());
}

#[test]
fn what_datagrams_hold_and_how_it_is_cut_is_compared() {
    let sent = |datagrams: &[&str]| {
        let sends: String =
            datagrams.iter().map(|text| format!("send to \"{text}\" 192.0.2.1:9\n")).collect();
        Fixture::new().play(&format!("{UDP}stream u\n{sends}")).behaviour.sent
    };
    assert_eq!(sent(&["ab"]), sent(&["ab"]));
    assert_ne!(sent(&["ab"]), sent(&["ac"]));
    assert_ne!(sent(&["ab"]), sent(&["a", "b"]));
    assert_eq!(sent(&[]), None);
}

#[test]
fn a_datagram_that_is_not_declared_is_refused() {
    let fixture = || Fixture::new().with_envelope("network = [\"udp://192.0.2.1:53\"]").enforced();
    let script = format!(
        "{UDP}stream u\nsend to \"in\" 192.0.2.1:53\nsend to \"out\" 192.0.2.1:54\nsend to \"out\" 192.0.2.2:53\n"
    );
    let played = fixture().play(&script);
    assert_eq!(last(&played, 3), ["ok 1", "err access-denied", "err access-denied"]);
    assert_eq!(played.outcome.end.bytes.network_sent, 2, "nothing else went");
    let missing: Vec<String> = played.behaviour.violations.keys().map(ToString::to_string).collect();
    assert_eq!(missing, ["network = [\"udp://192.0.2.1:54\"]", "network = [\"udp://192.0.2.2:53\"]"]);
    let played =
        fixture().play(&format!("{UDP}stream u 192.0.2.2:53\nudp-remote-address u\nstream u 192.0.2.1:53\n"));
    assert_eq!(last(&played, 3), ["err access-denied", "err invalid-state", "ok"]);
    let tcp = Fixture::new().with_envelope("network = [\"tcp://192.0.2.1:53\"]").enforced();
    let played = tcp.play(&format!("{UDP}stream u\nsend to \"in\" 192.0.2.1:53\n"));
    assert_eq!(last(&played, 1), ["err access-denied"], "an entry holds for one scheme");
}

#[test]
fn who_sends_to_a_declared_port_may_be_answered() {
    let world = "[[inbound]]\nprotocol = \"udp\"\nport = 53\nfrom = \"192.0.2.7\"\n\
                 dialogue = [{ say = \"?\" }, { after = \"!\", say = \"thanks\" }]\n";
    let bind = UDP.replace("0.0.0.0:0", "0.0.0.0:53");
    let script = format!(
        "{bind}stream u\nsend to \"early!\" 192.0.2.7:32768\np = subscribe-incoming from\nblock p\nreceive from 9\n\
         send to \"!\" 192.0.2.7:32768\nblock p\nreceive from 9\nsend to \"!\" 192.0.2.8:32768\n"
    );
    let played =
        Fixture::in_world(world).with_envelope("listen = [\"udp://0.0.0.0/0\"]").enforced().play(&script);
    assert_eq!(
        last(&played, 8),
        [
            "err access-denied",
            "ok",
            "ok",
            "ok [\"?\" from 192.0.2.7:32768]",
            "ok 1",
            "ok",
            "ok [\"thanks\" from 192.0.2.7:32768]",
            "err access-denied"
        ]
    );
    let traffic = played.behaviour.traffic["udp://0.0.0.0:53"];
    assert_eq!((traffic.sent, traffic.received), (1, 7), "by where they come to");
}

#[test]
fn sockets_for_datagrams_answer_as_the_interface_says() {
    let script = "\
n = instance-network
u = create-udp-socket ipv4
udp-local-address u
udp-remote-address u
stream u
udp-finish-bind u
udp-start-bind u n [::1]:0
udp-start-bind u n 192.0.2.1:0
udp-start-bind u n 127.0.0.1:53
udp-start-bind u n 127.0.0.1:54
stream u
udp-finish-bind u
udp-finish-bind u
udp-start-bind u n 127.0.0.1:54
udp-local-address u
v = create-udp-socket ipv4
udp-start-bind v n 0.0.0.0:53
stream u 192.0.2.1:0
stream u 0.0.0.0:53
stream u [::1]:53
stream u 255.255.255.255:53
stream u 192.0.2.1:53
udp-remote-address u
send to \"a\" 192.0.2.2:53
send to \"a\" 192.0.2.1:53
send to \"a\"
send to
drop from
drop to
stream u
udp-remote-address u
send to \"a\"
send to \"a\" 192.0.2.1:0
send to \"a\" [::1]:53
send to \"a\" 255.255.255.255:53
drop from
drop to
drop u
udp-start-bind v n 0.0.0.0:53
";
    let expected = [
        "ok",
        "ok",
        "err invalid-state",
        "err invalid-state",
        "err invalid-state",
        "err not-in-progress",
        "err invalid-argument",
        "err address-not-bindable",
        "ok",
        "err concurrency-conflict",
        "err concurrency-conflict",
        "ok",
        "err not-in-progress",
        "err invalid-state",
        "ok 127.0.0.1:53",
        "ok",
        "err address-in-use",
        "err invalid-argument",
        "err invalid-argument",
        "err invalid-argument",
        "err access-denied",
        "ok",
        "ok 192.0.2.1:53",
        "err invalid-argument",
        "ok 1",
        "ok 1",
        "ok 0",
        "ok",
        "ok",
        "ok",
        "err invalid-state",
        "err invalid-argument",
        "err invalid-argument",
        "err invalid-argument",
        "err access-denied",
        "ok",
        "ok",
        "ok",
        "ok",
    ];
    assert_answers(script, &expected);
}

#[test]
fn too_large_datagrams_are_refused_and_too_many_break_the_contract() {
    let fits = format!("{UDP}stream u\nsend to \"{}\" 192.0.2.1:53\n", "x".repeat(65_507));
    assert_eq!(last(&Fixture::new().play(&fits), 1), ["ok 1"]);
    let large = format!("{UDP}stream u\nsend to \"{}\" 192.0.2.1:53\n", "x".repeat(65_508));
    assert_eq!(last(&Fixture::new().play(&large), 1), ["err datagram-too-large"]);
    let two = format!("{UDP}stream u\nsend to \"a\" 192.0.2.1:53 and \"b\" 192.0.2.1:53\n");
    let ending = Fixture::new().play(&two).outcome.end.ending.to_string();
    assert!(ending.contains("check-send permits"), "{ending}");
    let again = format!("{UDP}stream u\nstream u\n");
    let ending = Fixture::new().play(&again).outcome.end.ending.to_string();
    assert!(ending.contains("streams of the socket are open"), "{ending}");
}

#[test]
fn sockets_that_listen_answer_as_the_interface_says() {
    let script = "\
n = instance-network
s = create-tcp-socket ipv4
start-listen s
finish-listen s
accept s
set-listen-backlog-size s 0
set-listen-backlog-size s 5
start-bind s n 192.0.2.1:80
start-bind s n 127.0.0.1:80
start-listen s
finish-bind s
start-listen s
start-listen s
start-connect s n 192.0.2.1:80
is-listening s
accept s
finish-listen s
finish-listen s
is-listening s
start-listen s
start-bind s n 127.0.0.1:81
start-connect s n 192.0.2.1:80
finish-connect s
shutdown s both
remote-address s
local-address s
set-listen-backlog-size s 7
t = create-tcp-socket ipv4
start-bind t n 127.0.0.1:80
drop s
start-bind t n 127.0.0.1:80
";
    let expected = [
        "ok",
        "ok",
        "err invalid-state",
        "err not-in-progress",
        "err invalid-state",
        "err invalid-argument",
        "ok",
        "err address-not-bindable",
        "ok",
        "err concurrency-conflict",
        "ok",
        "ok",
        "err concurrency-conflict",
        "err concurrency-conflict",
        "false",
        "err invalid-state",
        "ok",
        "err not-in-progress",
        "true",
        "err invalid-state",
        "err invalid-state",
        "err invalid-state",
        "err not-in-progress",
        "err invalid-state",
        "err invalid-state",
        "ok 127.0.0.1:80",
        "ok",
        "ok",
        "err address-in-use",
        "ok",
        "ok",
    ];
    assert_answers(script, &expected);
}

#[test]
fn options_refuse_nothing_and_hold_what_is_out_of_range_within_it() {
    let tcp = |options: &str| format!("n = instance-network\ns = create-tcp-socket ipv4\n{options}");
    for option in [
        "keep-alive-idle-time",
        "keep-alive-interval",
        "keep-alive-count",
        "hop-limit",
        "receive-buffer-size",
        "send-buffer-size",
    ] {
        let played = Fixture::new()
            .play(&tcp(&format!("{option} s\nset-{option} s 0\n{option} s\nset-{option} s 1\n")));
        let answers = last(&played, 4);
        assert_eq!((answers[1], answers[3]), ("err invalid-argument", "ok"), "{option}");
        assert_eq!(answers[0], answers[2], "{option}");
    }
    for option in ["unicast-hop-limit", "receive-buffer-size", "send-buffer-size"] {
        let script =
            format!("{UDP}udp-{option} u\nudp-set-{option} u 0\nudp-{option} u\nudp-set-{option} u 9\n");
        let played = Fixture::new().play(&script);
        let answers = last(&played, 4);
        assert_eq!((answers[1], answers[3]), ("err invalid-argument", "ok"), "{option}");
        assert_eq!(answers[0], answers[2], "{option}");
    }
    let played = Fixture::new().play(&tcp(
        "set-keep-alive-idle-time s 1\nkeep-alive-idle-time s\nset-keep-alive-interval s 99000000000000000\n\
         keep-alive-interval s\nset-keep-alive-count s 9999\nkeep-alive-count s\n",
    ));
    let answers = last(&played, 6);
    assert_eq!((answers[1], answers[3], answers[5]), ("ok 1000000000", "ok 32767000000000", "ok 127"));
    // While it connects there is nothing to ask.
    let played = Fixture::new()
        .play(&tcp("start-connect s n 192.0.2.1:80\nhop-limit s\nset-listen-backlog-size s 1\n"));
    assert_eq!(last(&played, 2), ["err invalid-state"; 2]);
}

#[test]
fn a_run_with_sockets_of_every_kind_leaves_the_same_trace_again() {
    let world = "[[inbound]]\nport = 8080\ndialogue = [{ say = \"hi\" }]\n\
                 [[network]]\nmatch = \"udp://192.0.2.1:53\"\ndialogue = [{ say = \"yes\" }]\n";
    let script = format!(
        "{LISTEN}p = subscribe-socket s\nblock p\na = accept s\nblocking-read in 9\n{}\
         stream u\nsend to \"x\" 192.0.2.1:53\nq = subscribe-incoming from\nblock q\nreceive from 9\n",
        UDP.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>()
    );
    let (one, other) = (Fixture::in_world(world).play(&script), Fixture::in_world(world).play(&script));
    assert_eq!(one.behaviour.head, other.behaviour.head);
    assert_eq!(last(&one, 1), ["ok [\"yes\" from 192.0.2.1:53]"]);
}

#[test]
fn a_flood_of_datagrams_is_stopped() {
    let script = format!("{UDP}stream u\nrepeat 5000 send to \"{}\" 192.0.2.1:53\n", "x".repeat(60_000));
    let ending = Fixture::new().play(&script).outcome.end.ending;
    assert_eq!(ending, Ending::Limit("trace bytes".into()));
}
