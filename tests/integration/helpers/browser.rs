//! A browser, driven over the WebDriver protocol.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A session of a browser; it ends with this.
pub(crate) struct Browser {
    driver: Child,
    /// Open as long as the driver may write to it.
    _output: BufReader<ChildStdout>,
    port: u16,
    session: String,
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
        let port =
            output.by_ref().lines().map_while(Result::ok).find_map(|line| {
                line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
            });
        let mut browser = Self {
            driver,
            _output: output,
            port: port.unwrap(),
            session: String::new(),
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
        let answer = browser.call(
            "POST",
            "/session",
            &json!({ "capabilities": { "alwaysMatch": {
                "goog:chromeOptions": { "binary": chromium, "args": arguments },
                "goog:loggingPrefs": { "browser": "ALL" },
            }}}),
        );
        browser.session = answer["sessionId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        browser
    }

    /// Shows a page.
    pub(crate) fn show(&self, url: &str) {
        self.command("url", &json!({ "url": url }));
    }

    /// Makes the screen that large, in CSS pixels.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.command("goog/cdp/execute", &command);
    }

    /// What a script returns.
    pub(crate) fn eval(&self, script: &str) -> Value {
        self.command("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Presses the tabulator.
    pub(crate) fn tab(&self) {
        const TAB: &str = "\u{e004}";
        let keys = json!([{ "type": "keyDown", "value": TAB }, { "type": "keyUp", "value": TAB }]);
        self.command(
            "actions",
            &json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": keys }] }),
        );
    }

    /// What stands in the console, worse than information.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let entries = self.command("se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().unwrap().iter().filter(|entry| entry["level"] != "INFO");
        entries.map(|entry| entry["message"].to_string()).collect()
    }

    fn command(&self, path: &str, body: &Value) -> Value {
        self.call("POST", &format!("/session/{}/{path}", self.session), body)
    }

    /// The value of the answer, which must not be an error.
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.request(method, path, body).unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {answer:#}");
        answer["value"].clone()
    }

    /// One request, one connection.
    fn request(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
        const PATIENCE: Duration = Duration::from_secs(60);
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap_or(0);
                }
                None if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl Drop for Browser {
    /// Ends the browser, then the driver: both are ours.
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = self.request("DELETE", &format!("/session/{}", self.session), &json!({}));
        }
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
