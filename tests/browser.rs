//! The report in a real browser: nothing is loaded or refused, search, sort and filters work, it fits a phone, and all of it can be
//! reached by keyboard.
//!
//! It drives headless Chromium through its DevTools protocol. Where Chromium is not installed it says so and does nothing;
//! with `ONRECORD_FOREIGN=1` it fails then.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use serde_json::{Value, json};
use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};
use tungstenite::{Message, WebSocket};

/// How long a browser may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page, which ends with the test.
struct Browser {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    last: u64,
    /// What the page has logged, thrown or tried to load.
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// `None`, said aloud, where there is no Chromium.
    fn start() -> Option<Browser> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let found = names.iter().find(|name| {
            let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        });
        let Some(program) = found else {
            assert!(std::env::var_os("ONRECORD_FOREIGN").is_none(), "chromium is not installed");
            // Not through a macro, whose output a test that passes would keep to itself.
            io::stderr().write_all(b"passed over: chromium is not installed\n").unwrap();
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        let flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
                     --disable-component-update --disable-sync --remote-debugging-port=0";
        let mut process = Command::new(program)
            .args(flags.split_whitespace())
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (sender, receiver) = mpsc::channel();
        // Reads to the end, so that the browser never waits for somebody to take what it says.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(at) = line.find("ws://") {
                    let _ = sender.send(line[at..].trim().to_string());
                }
            }
        });
        let Ok(address) = receiver.recv_timeout(PATIENCE) else {
            let _ = process.kill();
            panic!("chromium did not start");
        };
        let host = address.trim_start_matches("ws://").split('/').next().unwrap();
        let stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, _) = tungstenite::client(&address, stream).unwrap();
        let mut browser =
            Browser { process, socket, session: String::new(), last: 0, events: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.call("Target.attachToTarget", attach)["sessionId"].as_str().unwrap().to_string();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Calls a method and waits for its answer.
    fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.socket.send(Message::text(message.to_string())).unwrap();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let Message::Text(text) = self.socket.read().unwrap() else { continue };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
        panic!("{method} took too long");
    }

    /// The value of an expression of JavaScript; a promise is waited for.
    fn value(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Shows a file on a screen of this width, and waits until all of it is there. How long that took.
    fn open(&mut self, path: &Path, width: u32, fragment: &str) -> Duration {
        let screen = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", screen);
        let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        self.call("Emulation.setEmulatedMedia", still);
        // A page that differs in its fragment alone would not be loaded again.
        self.call("Page.navigate", json!({ "url": "about:blank" }));
        self.events.clear();
        let begun = Instant::now();
        self.call("Page.navigate", json!({ "url": format!("file://{}{fragment}", path.display()) }));
        while self.value("location.protocol === 'file:' && document.readyState === 'complete'") != true {
            assert!(begun.elapsed() < PATIENCE, "{} is not there yet", path.display());
            thread::sleep(Duration::from_millis(20));
        }
        begun.elapsed()
    }

    /// Waits until an expression is true.
    fn wait(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.value(expression) != true {
            assert!(begun.elapsed() < Duration::from_secs(10), "never true: {expression}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Nothing is wider than the screen. On a phone, a page that is makes the screen wider.
    fn assert_fits(&mut self, width: u32) {
        assert_eq!(self.value("innerWidth"), width);
        let wider = "[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 \
                     && !e.closest('.scroll, .contents ul')).map((e) => e.outerHTML.slice(0, 120))";
        assert_eq!(self.value(wider), json!([]), "{width} pixels");
        assert_eq!(self.value("document.documentElement.scrollWidth <= innerWidth"), true);
    }

    fn key(&mut self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let mut press = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if kind == "keyDown" && key == "Enter" {
                press["text"] = "\r".into();
            }
            self.call("Input.dispatchKeyEvent", press);
        }
    }

    fn text(&mut self, field: &str, text: &str) {
        self.value(&format!("document.querySelector('{field}').select()"));
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Nothing was logged, thrown, refused, or asked for but the page itself.
    fn assert_quiet(&mut self) {
        self.value("1");
        for event in &self.events {
            let method = event["method"].as_str().unwrap_or_default();
            let loud = ["Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"].contains(&method);
            assert!(!loud, "{event}");
            let url = event["params"]["request"]["url"].as_str().unwrap_or_default();
            if method == "Network.requestWillBeSent" {
                let page = event["params"]["type"] == "Document" && (url.starts_with("file:") || url == "about:blank");
                assert!(page, "the page asks for {url}");
            }
        }
    }
}

fn onrecord(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord")).current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A report about our samples.
fn samples(folder: &Path) -> std::path::PathBuf {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles").display().to_string();
    onrecord(folder, &["extract", &samples, "--out", "t", "-q", "--emit-text"]);
    onrecord(folder, &["report", "t", "--out", "report.html", "-q"]);
    folder.join("report.html")
}

const SHOWN: &str = "[...document.querySelectorAll('#entities-table tbody tr')].filter((row) => !row.hidden)";
const STORIES: &str = "[...document.querySelectorAll('.story')].filter((story) => !story.hidden)";

#[test]
fn the_report_works_in_a_browser() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = samples(folder.path());

    // It fits every width, and nothing is loaded.
    for width in [360, 768, 1280] {
        browser.open(&page, width, "");
        browser.assert_fits(width);
        browser.assert_quiet();
    }

    // Names: search, types, order.
    let all = browser.value(&format!("{SHOWN}.length")).as_u64().unwrap();
    assert!(all > 200);
    browser.text("#entities-search", "lehto");
    browser.wait(&format!("{SHOWN}.length === 1 && {SHOWN}[0].textContent.includes('Marketta Lehtovaara')"));
    assert_eq!(browser.value("document.querySelector('#entities-status').textContent"), format!("1 of {all} names"));
    browser.text("#entities-search", "");
    browser.call("Input.dispatchKeyEvent", json!({ "type": "keyDown", "key": "Delete", "windowsVirtualKeyCode": 46 }));
    browser.wait(&format!("{SHOWN}.length === {all}"));
    browser.value("document.querySelector('#entities input[value=person]').click()");
    browser.wait(&format!("{SHOWN}.length < {all} && {SHOWN}.every((row) => row.dataset.kind !== 'person')"));
    browser.value("document.querySelector('#entities input[value=person]').click()");
    let head = "document.querySelector('#entities-table th button')";
    browser.value(&format!("{head}.focus()"));
    browser.key("Enter", 13);
    browser.wait(&format!("{head}.parentElement.getAttribute('aria-sort') === 'ascending'"));
    let names = "[...document.querySelectorAll('#entities-table tbody th')].map((head) => head.textContent.normalize('NFKD').replace(/\\p{M}/gu, '').toLowerCase().trim())";
    browser.wait(&format!("(() => {{ const n = {names}; return n.every((name, i) => !i || n[i - 1] <= name); }})()"));
    assert_eq!(browser.value("document.querySelectorAll('#entities-table [aria-sort]').length"), 1);

    // Articles: words, speaker, confidence, types.
    let all = browser.value(&format!("{STORIES}.length")).as_u64().unwrap();
    assert_eq!(all, 36);
    browser.text("#reader-search", "mfangano");
    browser.wait(&format!("{STORIES}.length === 1"));
    browser.text("#reader-speaker", "nobody of that name");
    browser.wait(&format!("{STORIES}.length === 0"));
    browser.text("#reader-speaker", "grace chebet");
    browser.wait(&format!("{STORIES}.length === 1"));
    browser.wait("document.querySelectorAll('#a1 .said:not(.faint)').length === 3");
    assert_eq!(browser.value("document.querySelector('#reader-status').textContent"), "1 of 36 articles");
    browser.value(
        "(() => { const sure = document.querySelector('#reader-confidence'); sure.value = 0.8; sure.dispatchEvent(new Event('input')); })()",
    );
    browser.wait("document.querySelectorAll('#a1 .said:not(.faint)').length === 2");
    browser.wait("[...document.querySelectorAll('.text .n')].every((n) => n.classList.contains('faint') === Number(n.dataset.c) < 0.8)");
    browser.value("document.querySelector('#reader input[value=place]').click()");
    browser.wait("getComputedStyle(document.querySelector('#a1 .text .place')).backgroundColor === 'rgba(0, 0, 0, 0)'");

    // A link leads to its characters, though filters hide the article, and tells what is known of them.
    let link = "document.querySelector('#speakers tbody a')";
    let target = browser.value(&format!("{link}.hash.slice(1)"));
    let target = target.as_str().unwrap();
    browser.value(&format!("{link}.focus()"));
    browser.key("Enter", 13);
    browser.wait(&format!("document.activeElement.id === '{target}' && {STORIES}.length === 36"));
    browser.wait("!document.querySelector('#card').hidden");
    browser.wait("(() => { const box = document.querySelector('#card').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; })()");
    let card = browser.value("document.querySelector('#card').textContent");
    for part in ["Elshad Muradli", "confidence", "rule"] {
        assert!(card.as_str().unwrap().contains(part), "{card}");
    }
    let seen = format!(
        "(() => {{ const box = document.getElementById('{target}').getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight; }})()"
    );
    browser.wait(&seen);
    browser.key("Escape", 27);
    browser.wait("document.querySelector('#card').hidden");
    // So does the page when it is opened there.
    browser.open(&page, 360, &format!("#{target}"));
    browser.wait(&format!("document.activeElement.id === '{target}'"));
    browser.wait("!document.querySelector('#card').hidden");
    browser.wait(&seen);
    browser.assert_fits(360);

    // With every article open, nothing is wider than a phone.
    browser.value("document.querySelector('#reader-open').click()");
    browser.wait("[...document.querySelectorAll('.story details')].every((story) => story.open)");
    browser.assert_fits(360);
    browser.assert_quiet();
}

#[test]
fn the_report_can_be_used_by_keyboard_and_without_script() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = samples(folder.path());
    browser.open(&page, 1280, "");
    browser.key("Tab", 9);
    assert_eq!(browser.value("document.activeElement.className"), "skip");
    browser.key("Enter", 13);
    browser.wait("document.activeElement.id === 'main'");
    // Tab passes through every control, and each shows where the focus is.
    browser.value("document.querySelector('#entities-search').focus()");
    let mut reached = Vec::new();
    for _ in 0..16 {
        let seen = browser.value(
            "(() => { const e = document.activeElement; return [e.id || e.value || e.textContent, getComputedStyle(e).outlineStyle]; })()",
        );
        assert_ne!(seen[1], "none", "the focus on {} cannot be seen", seen[0]);
        reached.push(seen[0].as_str().unwrap().to_string());
        browser.key("Tab", 9);
    }
    for control in ["entities-search", "person", "place", "organization", "Name", "Mentions", "Quotations"] {
        assert!(reached.iter().any(|name| name == control), "{control} is not among {reached:?}");
    }
    // Everything that can be clicked has a name and takes the focus.
    let unnamed = browser.value(
        "[...document.querySelectorAll('a[href], button, input, summary')].filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).map((e) => e.outerHTML)",
    );
    assert_eq!(unnamed, json!([]));
    browser.assert_quiet();

    // Without script, all is there to be read, and nothing to be clicked that does nothing.
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&page, 1280, "");
    assert_eq!(browser.value("document.querySelectorAll('#entities-table tbody tr').length > 200"), true);
    assert_eq!(
        browser
            .value("[...document.querySelectorAll('.controls')].every((c) => getComputedStyle(c).display === 'none')"),
        true
    );
    assert_eq!(browser.value("document.querySelectorAll('th button').length"), 0);
    assert_eq!(
        browser.value("document.querySelector('#a1 .text .q').title.includes('Kenya Maritime Authority')"),
        true
    );
    browser.assert_quiet();
}

#[test]
fn hostile_articles_run_nothing() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let attack = "<script>window.attacked = 1</script><img src=x onerror=\"window.attacked = 2\">";
    let long = "Wumbo".repeat(300);
    let mut dump = String::new();
    for (i, text) in [
        format!("“We lost {attack} two boats,” said Mira Delgado {attack} in Lisbon."),
        format!("“Go,” said {long} Delgado. {long}{long}"),
        format!(
            "“Stop,” said Bo\u{202e} Ray\u{2066} in \"><svg onload='window.attacked = 3'> Baku. {}",
            "\u{301}".repeat(900)
        ),
    ]
    .iter()
    .enumerate()
    {
        let article = json!({ "id": format!("{attack}{i}{long}"), "title": format!("{attack}{long}"), "text": text,
            "outlet": long, "author": attack, "url": "javascript:window.attacked = 4", "date": "2024-03-02" });
        dump += &format!("{article}\n");
    }
    fs::write(folder.path().join("dump.jsonl"), dump).unwrap();
    for extract in [&["--emit-text"][..], &[]] {
        onrecord(folder.path(), &[&["extract", "dump.jsonl", "--out", "t", "-q", "--force"], extract].concat());
        onrecord(folder.path(), &["report", "t", "--out", "r.html", "-q", "--force", "--title", attack]);
        browser.open(&folder.path().join("r.html"), 360, "");
        browser.value("document.querySelector('#reader-open').click()");
        browser.value("document.querySelectorAll('a, .n, .q, .chip').forEach((e) => { e.focus(); if (e.tagName.toLowerCase() !== 'a') e.click(); })");
        assert_eq!(browser.value("window.attacked ?? null"), Value::Null);
        assert_eq!(browser.value("document.querySelectorAll('script').length"), 1);
        assert_eq!(browser.value("document.querySelectorAll('img, svg[onload]').length"), 0);
        browser.assert_fits(360);
        browser.assert_quiet();
    }
}

#[test]
fn a_large_report_opens_quickly() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    onrecord(folder.path(), &["generate", "articles", "-n", "2000", "--out", "dump.jsonl"]);
    onrecord(folder.path(), &["extract", "dump.jsonl", "--out", "t", "-q", "--emit-text"]);
    onrecord(folder.path(), &["report", "t", "--out", "r.html", "-q", "--articles", "300"]);
    let took = browser.open(&folder.path().join("r.html"), 1280, "");
    eprintln!("300 of 2,000 articles are there after {} ms", took.as_millis());
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(browser.value(&format!("{STORIES}.length")), 300);
    browser.text("#reader-search", "harbour");
    browser.wait(&format!("{STORIES}.length < 300"));
    browser.assert_quiet();
}
