//! Requests over `wasi:http`: what is answered, decided, recorded and found.

use invar_engine::Skill;
use invar_trace::{Effect, EffectKind, Ending};

use crate::helpers::{Fixture, Invar, ScriptRun};

/// Sends a request with a body, and reads what is answered to its end.
fn asking(method: &str, path: &str) -> String {
    format!(
        "h = http-fields.from-list x-mode full\nr = http-request.new h\nhttp-request.set-method r {method}\n\
         http-request.set-authority r api.example.com\nhttp-request.set-path-with-query r {path}\n\
         b = http-request.body r\nq = http-request.handle r\ns = http-body.write b\nwrite s \"secret\"\ndrop s\n\
         http-body.finish b\nw = http-future.subscribe q\nblock w\na = http-future.get q\n"
    )
}

/// The same, from the status to the end of the body.
fn reading(method: &str, path: &str) -> String {
    asking(method, path)
        + "http-response.status a\nc = http-response.consume a\ni = http-incoming.stream c\nblocking-read i 100\n\
           blocking-read i 100\n"
}

fn play(world: &str, script: &str) -> ScriptRun {
    let played = Fixture::in_world(world).play(script);
    let (engine, skill) = Fixture::engine();
    assert!(engine.replay(skill, &played.trace).unwrap().exact, "{:?}", played.answers);
    played
}

/// The last answers.
fn last(played: &ScriptRun, count: usize) -> Vec<&str> {
    played.answers[played.answers.len() - count..].iter().map(String::as_str).collect()
}

fn entry(lines: &str) -> String {
    format!("[[network]]\nmatch = \"https://api.example.com\"\n{lines}\n")
}

#[test]
fn a_request_is_answered_by_the_first_entry_of_its_method_path_and_headers() {
    let world = "[[network]]\nmatch = \"GET https://api.example.com/v1/*\"\nbody = \"got\"\n\
                 [[network]]\nmatch = \"https://api.example.com/v1/*\"\nrequest_headers = { X-Mode = \"none\" }\nstatus = 500\n\
                 [[network]]\nmatch = \"https://api.example.com/v1/*\"\nrequest_headers = { X-Mode = \"full\" }\nstatus = 202\n\
                 body = \"any\"\n";
    let answers = |method, path| {
        let played = play(world, &reading(method, path));
        last(&played, 5).iter().map(|answer| (*answer).to_owned()).collect::<Vec<_>>()
    };
    let ok = |text: &str| format!("ok {text:?}");
    let got = answers("GET", "/v1/a?page=2");
    assert_eq!((got[0].as_str(), got[3].as_str()), ("200", ok("got").as_str()), "{got:?}");
    let any = answers("POST", "/v1/a");
    assert_eq!((any[0].as_str(), any[3].as_str()), ("202", ok("any").as_str()), "{any:?}");
    let other = answers("POST", "/v2");
    assert_eq!((other[0].as_str(), other[3].as_str()), ("200", "err closed"), "the default takes everything");
}

#[test]
fn each_way_to_fail_is_seen_by_the_skill() {
    let error = |lines: &str| {
        let played = play(&entry(lines), &asking("GET", "/"));
        last(&played, 1)[0].to_owned()
    };
    assert_eq!(error("fails = \"refused\""), "err ErrorCode::ConnectionRefused");
    assert_eq!(error("fails = \"timeout\""), "err ErrorCode::HttpResponseTimeout");
    assert!(error("fails = \"nxdomain\"").starts_with("err ErrorCode::DnsError"));
    assert_eq!(error("fails = \"tls-error\""), "err ErrorCode::TlsProtocolError");
    assert_eq!(error("connect = \"timeout\""), "err ErrorCode::ConnectionTimeout");
    assert_eq!(error("connect = \"unreachable\""), "err ErrorCode::DestinationIpUnroutable");
    assert_eq!(error("lookup = \"timeout\""), "err ErrorCode::DnsTimeout");
    let world = entry("fails = \"reset\"\nbody = \"0123456789\"");
    let played = play(&world, &(reading("GET", "/") + "http-error.code error\n"));
    let [_, _, _, half, broken, code] = last(&played, 6)[..] else { panic!("{:?}", played.answers) };
    assert_eq!(half, "ok \"01234\"");
    assert!(broken.starts_with("err"), "{broken}");
    assert_eq!(code, "ErrorCode::ConnectionTerminated");
}

#[test]
fn a_timeout_of_the_skill_runs_out_before_a_slow_answer() {
    let script = "h = http-fields.new\nr = http-request.new h\nhttp-request.set-authority r api.example.com\n\
                  p = http-options.new\nhttp-options.set-first-byte-timeout p 1000000\nq = http-request.handle r p\n\
                  w = http-future.subscribe q\nblock w\nhttp-future.get q\nhttp-future.get q\n";
    let played = play(&entry("latency = \"2s\""), script);
    assert_eq!(last(&played, 2), ["err ErrorCode::HttpResponseTimeout", "err ()"], "and it is had once");
    let played = play(&entry("latency = \"1ms\""), script);
    assert_eq!(last(&played, 2), ["ok", "err ()"]);
}

#[test]
fn a_large_body_arrives_in_pieces_over_time_and_trailers_after_it() {
    let world = entry("body = \"abc\"\nbytes = \"40000B\"\ntrailers = { x-sum = \"9\" }");
    let script = asking("GET", "/")
        + "c = http-response.consume a\ni = http-incoming.stream c\nrepeat 3 blocking-skip i 20000\nmonotonic-now\n\
           read i 1\ndrop i\nt = http-incoming.finish c\nw = http-trailers.subscribe t\nblock w\n\
           f = http-trailers.get t\nhttp-fields.entries f\nhttp-trailers.get t\n";
    let played = play(&world, &script);
    assert_eq!(last(&played, 2), ["ok [x-sum=9]", "err ()"]);
    let traffic = played.behaviour.traffic["GET https://api.example.com/"];
    assert_eq!(traffic.received, 40_000, "{:?}", played.answers);
}

#[test]
fn what_is_sent_is_an_effect_without_its_query_and_a_payload_with_it() {
    let sent = |path: &str, body: &str| {
        let played = play("", &asking("POST", path).replace("secret", body));
        let effects: Vec<Effect> = played.behaviour.effects.iter().cloned().collect();
        let url = "POST https://api.example.com/v1";
        assert_eq!(effects, [Effect { kind: EffectKind::HttpRequest, subject: url.into(), failed: None }]);
        assert!(effects[0].is_lasting());
        let traffic = played.behaviour.traffic[url];
        assert_eq!(traffic.sent, played.outcome.end.bytes.network_sent);
        played.behaviour.sent.unwrap()
    };
    let usual = sent("/v1?key=a", "one");
    assert_eq!(usual, sent("/v1?key=a", "one"));
    assert_ne!(usual, sent("/v1?key=b", "one"));
    assert_ne!(usual, sent("/v1?key=a", "two"));
}

#[test]
fn an_undeclared_request_is_denied_where_the_world_enforces_it_and_named_by_its_line() {
    let fixture = |lines: &str| Fixture::new().with_envelope(lines).enforced();
    let script = asking("POST", "/v1?all").split("s = http-body").next().unwrap().to_owned();
    let played = fixture("network = [\"GET https://api.example.com/v1\"]").play(&script);
    assert_eq!(last(&played, 1), ["err ErrorCode::HttpRequestDenied"]);
    let missing: Vec<String> = played.behaviour.violations.keys().map(ToString::to_string).collect();
    assert_eq!(missing, ["network = [\"POST https://api.example.com/v1\"]"]);
    assert_eq!((played.behaviour.sent, played.outcome.end.bytes.network_sent), (None, 0));
    let played = fixture(&missing[0]).play(&script);
    assert_eq!(last(&played, 1), ["ok"]);
}

#[test]
fn a_body_is_held_to_its_content_length() {
    let script = |body: &str| {
        format!(
            "h = http-fields.from-list Content-Length 4\nr = http-request.new h\n\
             http-request.set-authority r api.example.com\nb = http-request.body r\nhttp-request.body r\n\
             q = http-request.handle r\ns = http-body.write b\nhttp-body.write b\nwrite s {body}\ndrop s\n\
             http-body.finish b\nw = http-future.subscribe q\nblock w\nhttp-future.get q\n"
        )
    };
    let played = play("", &script("1234"));
    assert_eq!(last(&played, 4), ["ok", "ok", "ok", "ok"]);
    let played = play("", &script("123"));
    assert_eq!(last(&played, 4)[0], "err ErrorCode::HttpRequestBodySize(Some(3))");
    assert_eq!(last(&played, 4)[3], "err ErrorCode::HttpProtocolError");
    let played = play("", &(script("12345") + "http-error.code error\n"));
    assert_eq!(last(&played, 1), ["ErrorCode::HttpRequestBodySize(Some(5))"]);
}

#[test]
fn a_body_that_is_finished_before_its_stream_is_dropped_breaks_the_contract() {
    let script = asking("POST", "/").replace("drop s\n", "");
    let ending = Fixture::new().play(&script).outcome.end.ending;
    assert!(matches!(ending, Ending::Misuse(_)), "{ending:?}");
}

#[test]
fn components_of_older_versions_of_the_interface_are_linked() {
    let (engine, _) = Fixture::engine();
    for version in ["0.2.0", "0.2.3", "0.2.12"] {
        let text = format!(
            r#"(component
            (import "wasi:http/types@{version}" (instance
                (export "fields" (type (sub resource)))
                (export "outgoing-request" (type (sub resource)))))
            (core module $m (func (export "run") (result i32) (i32.const 0)))
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $cli (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $cli)))"#
        );
        let skill: Result<Skill, _> = engine.load(&wat::parse_str(&text).unwrap());
        assert!(skill.is_ok(), "{version}: {:?}", skill.err().map(|error| error.to_string()));
    }
}

#[test]
fn a_change_of_an_answer_is_made_by_hand_and_seen() {
    let invar = Invar::new();
    let trace = invar.path("run.trace").display().to_string();
    let run = ["run", "@post-report", "--world", "lab", "--record", &trace];
    assert_eq!(invar.run(&run).expect(0).stdout, "201 filed\n");
    invar.run(&["replay", &trace, "--check"]).expect(0);
    let url = "http:POST https://reports.example.com/v1/daily";
    let shown = |value: &str| invar.run(&["replay", &trace, "--set", &format!("{url}={value}")]).stdout;
    assert!(shown("status:404").contains("→ 404"));
    assert!(shown("body:no").contains("→ ok \"no\""));
    assert!(shown("refused").contains("connection-refused"));
    let bad = invar.run(&["replay", &trace, "--set", &format!("{url}=gone")]);
    assert!(bad.stderr.contains("write http:[METHOD ]URL=status:404"), "{}", bad.stderr);
}

#[test]
fn an_undeclared_request_convicts_as_an_undeclared_connection_does() {
    let invar = Invar::new();
    let envelope =
        invar.write("envelope.toml", "[envelope]\nnetwork = [\"GET https://reports.example.com\"]\n");
    let words = ["monitor", "@post-report", "--envelope", &envelope, "--format", "json"];
    let report = invar.run(&words).json();
    let finding = &report["invariants"]["envelope"]["findings"][0];
    assert_eq!(finding["severity"], "critical", "{finding}");
    assert!(finding.to_string().contains("POST https://reports.example.com/v1/daily"), "{finding}");
}

#[test]
fn a_skill_that_waits_for_a_word_in_an_answer_is_solved() {
    let invar = Invar::new();
    let report = invar.run(&["fuzz", "@release-notes", "--format", "json"]).expect(22).json();
    assert_eq!(report["verdict"], "ACTIVATION-PATTERN-DETECTED");
    let text = report.to_string();
    assert!(text.contains("deploy-7") && text.contains("POST https://collect.example.net/in"), "{text}");
    let set = "--set 'http:GET https://releases.example.com/v1/newest=body:";
    assert!(text.contains(set), "the command that shows it is printed: {text}");
}
