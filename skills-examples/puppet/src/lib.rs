//! Makes the host calls that its input names, one a line, and says what they answered.
//!
//! Every function of `wasi:cli/imports`, and of `wasi:http` for requests, `wasi:config` and `wasi:logging`, is a word here, so that a test can make any call with any arguments
//! without a WebAssembly toolchain. A line is `[name =] function argument…`; arguments are names of handles,
//! numbers, bare words and `"text"` with `\n`, `\"`, `\\` and `\xHH`. `repeat N line` makes a call N times.
//! Answers come as `ok …`, `err …` or the bare value, one a line.

mod files;
mod handles;
mod http;
mod script;
mod sockets;
mod streams;
mod udp;

wit_bindgen::generate!({
    inline: "
        package example:puppet;
        world puppet {
            include invar:skill/skill;
            import wasi:http/types@0.2.12;
            import wasi:http/outgoing-handler@0.2.12;
            import wasi:config/store@0.2.0-rc.1;
            import wasi:logging/logging@0.1.0-draft;
        }
    ",
    path: "../../wit",
    world: "example:puppet/puppet",
    generate_all,
    features: ["clocks-timezone", "network-error-code"],
});

use handles::{Handle, Handles};
use script::{Call, Script};

struct Puppet;

impl Guest for Puppet {
    fn invoke(input: Vec<u8>) -> Result<Vec<u8>, String> {
        let text = String::from_utf8(input).map_err(|_| "the script is not text".to_owned())?;
        let mut handles = Handles::default();
        let mut answers = String::new();
        for call in Script::parse(&text)? {
            let mut last = String::new();
            for _ in 0..call.times {
                last = answer(&call, &mut handles).map_err(|error| format!("{}: {error}", call.line))?;
            }
            answers.push_str(&last);
            answers.push('\n');
        }
        // What is still open is closed by the host: a drop would be a call that nobody asked for.
        std::mem::forget(handles);
        Ok(answers.into_bytes())
    }
}

export!(Puppet);

fn answer(call: &Call, handles: &mut Handles) -> Result<String, String> {
    use wasi::{cli, clocks, random};

    let number = |index| call.number(index);
    let text = match call.function.as_str() {
        "get-environment" => format!("{:?}", cli::environment::get_environment()),
        "get-arguments" => format!("{:?}", cli::environment::get_arguments()),
        "initial-cwd" => format!("{:?}", cli::environment::initial_cwd()),
        "exit" => {
            cli::exit::exit(if call.has("ok") { Ok(()) } else { Err(()) });
            String::new()
        }
        "exit-with-code" => {
            cli::exit::exit_with_code(number(0)? as u8);
            String::new()
        }
        "get-stdin" => handles.keep(call, Handle::Input(cli::stdin::get_stdin())),
        "get-stdout" => handles.keep(call, Handle::Output(cli::stdout::get_stdout())),
        "get-stderr" => handles.keep(call, Handle::Output(cli::stderr::get_stderr())),
        "get-terminal-stdin" => some(cli::terminal_stdin::get_terminal_stdin().is_some()),
        "get-terminal-stdout" => some(cli::terminal_stdout::get_terminal_stdout().is_some()),
        "get-terminal-stderr" => some(cli::terminal_stderr::get_terminal_stderr().is_some()),
        "config-get" => format!("{:?}", wasi::config::store::get(&call.word(0)?)),
        "config-get-all" => format!("{:?}", wasi::config::store::get_all()),
        "log" => {
            wasi::logging::logging::log(level(&call.word(0)?)?, &call.word(1)?, &call.word(2)?);
            "ok".to_owned()
        }
        "monotonic-now" => clocks::monotonic_clock::now().to_string(),
        "monotonic-resolution" => clocks::monotonic_clock::resolution().to_string(),
        "subscribe-instant" => {
            handles.keep(call, Handle::Pollable(clocks::monotonic_clock::subscribe_instant(number(0)?)))
        }
        "subscribe-duration" => {
            handles.keep(call, Handle::Pollable(clocks::monotonic_clock::subscribe_duration(number(0)?)))
        }
        "wall-now" => {
            let now = clocks::wall_clock::now();
            format!("{}.{:09}", now.seconds, now.nanoseconds)
        }
        "wall-resolution" => format!("{:?}", clocks::wall_clock::resolution().nanoseconds),
        "timezone-display" => {
            let display = clocks::timezone::display(datetime(number(0)?));
            format!("{} {} {}", display.utc_offset, display.name, display.in_daylight_saving_time)
        }
        "timezone-utc-offset" => clocks::timezone::utc_offset(datetime(number(0)?)).to_string(),
        "get-random-bytes" => hex(&random::random::get_random_bytes(number(0)?)),
        "get-random-u64" => random::random::get_random_u64().to_string(),
        "get-insecure-random-bytes" => hex(&random::insecure::get_insecure_random_bytes(number(0)?)),
        "get-insecure-random-u64" => random::insecure::get_insecure_random_u64().to_string(),
        "insecure-seed" => format!("{:?}", random::insecure_seed::insecure_seed()),
        "drop" => {
            drop(handles.take(call.word(0)?)?);
            "ok".to_owned()
        }
        // What a hostile skill does.
        "spin" => loop {
            std::hint::black_box(0);
        },
        "recurse" => recurse(0).to_string(),
        "grow" => core::arch::wasm32::memory_grow::<0>(number(0)? as usize).to_string(),
        "trap" => core::arch::wasm32::unreachable(),
        function => {
            let answered = streams::answer(function, call, handles)
                .or_else(|| files::answer(function, call, handles))
                .or_else(|| udp::answer(function, call, handles))
                .or_else(|| sockets::answer(function, call, handles))
                .or_else(|| http::answer(function, call, handles));
            answered.ok_or_else(|| "no such function".to_owned())??
        }
    };
    Ok(text)
}

fn level(name: &str) -> Result<wasi::logging::logging::Level, String> {
    use wasi::logging::logging::Level;
    Ok(match name {
        "trace" => Level::Trace,
        "debug" => Level::Debug,
        "info" => Level::Info,
        "warn" => Level::Warn,
        "error" => Level::Error,
        "critical" => Level::Critical,
        _ => return Err("no such level".to_owned()),
    })
}

fn datetime(seconds: u64) -> wasi::clocks::wall_clock::Datetime {
    wasi::clocks::wall_clock::Datetime { seconds, nanoseconds: 0 }
}

fn some(is_some: bool) -> String {
    if is_some { "some" } else { "none" }.to_owned()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[allow(unconditional_recursion, reason = "that is its purpose")]
fn recurse(depth: u64) -> u64 {
    std::hint::black_box(recurse(depth + 1)) + 1
}
