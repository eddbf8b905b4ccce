//! A browser, driven over the WebDriver protocol.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

/// How long the browser may take to answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(60);

/// A session of a browser; it ends with this.
pub(crate) struct Browser {
    driver: Child,
    /// Open as long as the driver may write to it.
    _output: BufReader<ChildStdout>,
    http: Agent,
    /// Where the driver answers, and the session once there is one.
    url: String,
    _profile: TempDir,
}

impl Browser {
    /// None if there is no browser here, unless `INVAR_BROWSER=required` says that there must be one.
    pub(crate) fn open() -> Option<Self> {
        let is_required = std::env::var("INVAR_BROWSER").is_ok_and(|value| value == "required");
        let chromium = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(in_path);
        match (in_path("chromedriver"), chromium) {
            (Some(driver), Some(chromium)) => Some(Self::start(&driver, &chromium)),
            _ if is_required => panic!("INVAR_BROWSER=required, and chromium or chromedriver is not there"),
            _ => {
                println!("skipped: chromium or chromedriver is not there");
                None
            }
        }
    }

    fn start(driver: &str, chromium: &str) -> Self {
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(driver.stdout.take().unwrap());
        let port: Option<u16> =
            output.by_ref().lines().map_while(Result::ok).find_map(|line| {
                line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
            });
        let config = Agent::config_builder()
            .timeout_global(Some(ANSWER_TIME_MAX))
            .http_status_as_error(false)
            .proxy(None)
            .max_idle_connections(0);
        let mut browser = Self {
            driver,
            _output: output,
            http: config.build().into(),
            url: format!("http://127.0.0.1:{}/session", port.unwrap()),
            _profile: tempfile::tempdir().unwrap(),
        };
        let profile = format!("--user-data-dir={}", browser._profile.path().display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &profile,
        ];
        let answer = browser.command(
            "",
            &json!({ "capabilities": { "alwaysMatch": {
                "goog:chromeOptions": { "binary": chromium, "args": arguments },
                "goog:loggingPrefs": { "browser": "ALL" },
            }}}),
        );
        let session = answer["sessionId"].as_str().unwrap_or_else(|| panic!("{answer}"));
        browser.url = format!("{}/{session}", browser.url);
        browser
    }

    /// Shows a page.
    pub(crate) fn show(&self, url: &str) {
        self.command("/url", &json!({ "url": url }));
    }

    /// Makes the screen that large, in CSS pixels.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.command("/goog/cdp/execute", &command);
    }

    /// What a script returns.
    pub(crate) fn eval(&self, script: &str) -> Value {
        self.command("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Presses the tabulator.
    pub(crate) fn tab(&self) {
        const TAB: &str = "\u{e004}";
        let keys = json!([{ "type": "keyDown", "value": TAB }, { "type": "keyUp", "value": TAB }]);
        self.command(
            "/actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": keys }] }),
        );
    }

    /// What stands in the console, worse than information.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let entries = self.command("/se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().unwrap().iter().filter(|entry| entry["level"] != "INFO");
        entries.map(|entry| entry["message"].to_string()).collect()
    }

    /// The value of the answer, which must not be an error.
    fn command(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).content_type("application/json");
        let answer = request.send(body.to_string()).unwrap().body_mut().read_to_string().unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {answer:#}");
        answer["value"].clone()
    }
}

impl Drop for Browser {
    /// Ends the browser, then the driver: both are ours.
    fn drop(&mut self) {
        let _ = self.http.delete(&self.url).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn in_path(name: &str) -> Option<String> {
    let directories = std::env::var_os("PATH")?;
    let found =
        std::env::split_paths(&directories).map(|directory| directory.join(name)).find(|path| path.is_file());
    found.map(|path| path.display().to_string())
}
