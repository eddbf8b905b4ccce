//! A tool that its operator configures, and that keeps a log.

wit_bindgen::generate!({
    inline: "
        package example:settings;

        world settings {
            import wasi:config/store@0.2.0-rc.1;
            import wasi:logging/logging@0.1.0-draft;

            /// Greets in the way that is configured.
            export greet: func(name: string) -> result<string, string>;
        }
    ",
    path: "../../../wit",
    world: "example:settings/settings",
    generate_all,
});

use wasi::{
    config::store::get,
    logging::logging::{Level, log},
};

struct Settings;

impl Guest for Settings {
    fn greet(name: String) -> Result<String, String> {
        let greeting = get("GREETING").map_err(|error| format!("{error:?}"))?;
        if greeting.is_none() {
            log(Level::Warn, "settings", "GREETING is not configured");
        }
        Ok(format!("{}, {name}!", greeting.as_deref().unwrap_or("Hello")))
    }
}

export!(Settings);
