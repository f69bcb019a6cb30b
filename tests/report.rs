//! The report as a file: nothing of a table becomes markup, everything that leads somewhere arrives, the same tables give the same
//! bytes, and what is no finished run is refused. What a browser makes of it is in `browser.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_onrecord");

fn onrecord(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM).current_dir(folder).args(arguments).output().unwrap()
}

/// Runs the program, which must succeed with this status.
fn done(folder: &Path, arguments: &[&str], status: i32) {
    let output = onrecord(folder, arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The report about `dump` (JSON Lines), extracted and reported with some options.
fn report(dump: &str, extract: &[&str], options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dump.jsonl"), dump).unwrap();
    // An empty dump is a reject.
    let status = i32::from(dump.is_empty());
    done(folder.path(), &[&["extract", "dump.jsonl", "--out", "tables", "-q"], extract].concat(), status);
    done(folder.path(), &[&["report", "tables", "--out", "report.html", "-q"], options].concat(), 0);
    fs::read_to_string(folder.path().join("report.html")).unwrap()
}

fn line(id: &str, title: &str, date: &str, url: &str, text: &str) -> String {
    let value = |text: &str| serde_json::to_string(text).unwrap();
    format!(
        "{{\"id\":{},\"title\":{},\"date\":{},\"url\":{},\"text\":{}}}\n",
        value(id),
        value(title),
        value(date),
        value(url),
        value(text)
    )
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles")
}

fn edit(path: &Path, change: impl Fn(String) -> String) {
    fs::write(path, change(fs::read_to_string(path).unwrap())).unwrap();
}

/// A page without what we wrote into it ourselves.
fn without_script_and_style(page: &str) -> String {
    let mut rest = page.to_string();
    for element in ["script", "style"] {
        let (start, end) = (rest.find(&format!("<{element}>")).unwrap(), rest.find(&format!("</{element}>")).unwrap());
        rest.replace_range(start..end, "");
    }
    rest
}

/// The values of an attribute in a page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let opening = format!(" {attribute}=\"");
    page.split(&opening).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

const STYLE_LOADS: &[&str] = &["@import", "url(http", "url(\"", "url('", "@font-face"];

/// What must hold of every report.
fn check(page: &str) {
    let own = without_script_and_style(page);
    assert_eq!((page.matches("<script").count(), page.matches("<style").count()), (1, 1));
    assert!(page.contains("default-src 'none'; script-src 'sha256-") && page.contains("style-src 'sha256-"));
    // Nothing is loaded, and no attribute holds a script or a style, which the policy would refuse.
    for loads in
        ["<link", "<img", "<iframe", "<object", "<embed", "<base", "<image", "<use", "<video", "<audio", "<form"]
    {
        assert!(!own.contains(loads), "{loads}");
    }
    assert!(!STYLE_LOADS.iter().any(|loads| page.contains(loads)));
    for attribute in own.split('<').filter_map(|tag| tag.split('>').next()).flat_map(|tag| tag.split('"').step_by(2)) {
        let attribute = attribute.trim_start().to_ascii_lowercase();
        let name = attribute.rsplit(' ').next().unwrap();
        assert!(
            !name.starts_with("on") && !["style=", "src=", "srcset=", "xlink:href="].contains(&name),
            "{attribute}"
        );
    }
    let ids = values(page, "id");
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len(), "an id is there twice");
    let links = values(page, "href");
    let web = |link: &str| {
        let link = link.replace("&#x2f;", "/").to_ascii_lowercase();
        ["#", "http://", "https://"].iter().any(|start| link.starts_with(start))
    };
    assert!(links.iter().all(|link| web(link)), "{links:?}");
    for link in links.iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(distinct.contains(link), "a link leads to #{link}, which is not there");
    }
    for attribute in ["aria-labelledby", "aria-describedby", "for", "list"] {
        for id in values(page, attribute).iter().flat_map(|ids| ids.split(' ')) {
            assert!(distinct.contains(id), "{attribute} names {id}, which is not there");
        }
    }
}

#[test]
fn the_samples_make_a_page_that_leads_to_the_characters() {
    let folder = tempfile::tempdir().unwrap();
    let samples = samples().display().to_string();
    done(folder.path(), &["extract", &samples, "--out", "t", "-q", "--emit-text"], 0);
    done(folder.path(), &["report", "t", "--out", "r.html", "--title", "Our samples"], 0);
    let page = fs::read_to_string(folder.path().join("r.html")).unwrap();
    check(&page);
    assert!(page.contains("<h1>Our samples</h1>") && page.contains("All 36 articles of the run"));
    // A row of mentions.csv is a mark at its characters.
    let mut rows = csv::Reader::from_path(folder.path().join("t/mentions.csv")).unwrap();
    let mut articles = csv::Reader::from_path(folder.path().join("t/articles.csv")).unwrap();
    let ids: Vec<String> = articles.records().map(|row| row.unwrap()[0].to_string()).collect();
    let mut marks = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let number = 1 + ids.iter().position(|id| *id == row[0]).unwrap();
        let zone = if &row[12] == "title" { "t" } else { "" };
        let mark = page.split(&format!(" id=\"a{number}-{zone}{}\"", &row[5])).nth(1).unwrap();
        let text = mark.split('>').nth(1).unwrap().split('<').next().unwrap();
        let plain = text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&");
        // Where a quotation begins or ends inside a name, the mark has its beginning.
        assert!(row[4].starts_with(&plain.replace('\n', " ")), "{} is marked as {plain}", &row[4]);
        marks += 1;
    }
    assert!(marks > 400);
    // Every row of the lists leads into the page, since all articles are in it.
    assert!(!page.contains("<span class=\"where\""));
    // The same tables give the same bytes.
    done(folder.path(), &["report", "t", "--out", "untitled.html", "-q"], 0);
    let untitled = fs::read_to_string(folder.path().join("untitled.html")).unwrap();
    assert!(untitled.contains("<h1>articles</h1>"), "the title is like the input");
    done(folder.path(), &["report", "t", "--out", "again.html", "--title", "Our samples", "-q"], 0);
    assert!(fs::read_to_string(folder.path().join("again.html")).unwrap() == page);
}

#[test]
fn without_texts_the_page_says_how_to_get_them() {
    let dump = line("a", "Harbour talks", "2024-03-02", "", "“We lost two boats,” said Mira Delgado in Lisbon.");
    let page = report(&dump, &[], &[]);
    check(&page);
    assert!(page.contains("--emit-text") && page.contains("The texts are not here"));
    // The anchors are at the quotation and at the names of the lists.
    for anchor in ["id=\"a1-q1\"", "id=\"a1-26\"", "href=\"#a1-q1\"", "href=\"#a1-26\""] {
        assert!(page.contains(anchor), "{anchor}");
    }
    assert!(!report(&dump, &["--emit-text"], &[]).contains("The texts are not here"));
}

#[test]
fn hostile_names_stay_text() {
    let attack = "</script><img src=x onerror=alert(1)>";
    let quoted = "\"' onmouseover=alert(2) x='";
    let dump = [
        line(
            &format!("{attack}{quoted}"),
            &format!("{attack} {{{{ 7*7 }}}} {{% raw %}}"),
            "2024-03-02",
            "javascript:alert(3)",
            &format!(
                "“We lost {attack} two boats,” said Mira {quoted} Delgado. “Go on,” said Ann\u{202e}a Ray\u{1b}[31m."
            ),
        ),
        line(
            "b\u{202e}c",
            "A --> <!-- ]]> title",
            "2024-03-03",
            "HTTPS://example.org/?a=\"><b>",
            &"“Stop,” said Bo <b>Ray</b>. ".repeat(30),
        ),
        line(
            "data:text/html,x",
            "t",
            "0001-01-01",
            " data:text/html,<script>alert(4)</script>",
            "“Stop,” said Bo Ray & <i>Co</i>.",
        ),
    ]
    .concat();
    for (extract, options) in [
        (&["--emit-text"][..], &["--title", "</title><script>alert(5)</script>"][..]),
        (&["--no-guard"], &["--title", "{{ title }}"]),
    ] {
        let page = report(&dump, extract, options);
        check(&page);
        let own = without_script_and_style(&page);
        for markup in ["<img", "<script>alert", "<b>Ray", "<i>Co", "<!--", "\u{202e}", "\u{1b}", " 49 "] {
            assert!(!own.contains(markup), "{markup:?}");
        }
        assert!(
            own.contains("&lt;img src=x onerror=alert(1)&gt;") || own.contains("&lt;&#x2f;script&gt;"),
            "the attack is shown"
        );
        let links: Vec<_> = values(&page, "href").into_iter().filter(|link| !link.starts_with('#')).collect();
        assert!(links.len() == 1 && links[0].starts_with("HTTPS:"), "{links:?}");
    }
}

#[test]
fn there_may_be_nothing_to_show() {
    let page = report("", &[], &[]);
    check(&page);
    for said in
        ["No quotation with a named speaker", "No names were found", "The run has no articles", "There is no timeline"]
    {
        assert!(page.contains(said), "{said}");
    }
    // Names, and nobody who speaks.
    let page = report(&line("a", "", "", "", "Mira Delgado went to Lisbon with Bo Ray."), &["--emit-text"], &[]);
    check(&page);
    assert!(page.contains("No quotation with a named speaker") && page.contains(">Lisbon</span>"));
    // Somebody who speaks, and no dates; and no articles asked for.
    let text = "“We lost two boats to Bo Ray in Lisbon,” said Mira Delgado, 41.";
    for options in [&[][..], &["--articles", "0"]] {
        let page = report(&line("a", "", "", "", text), &["--emit-text"], options);
        check(&page);
        assert!(page.contains("none of the articles that quote these speakers has a date"));
        assert!(page.contains("id=\"a1-q1\"") == options.is_empty());
        assert!(page.contains("<span class=\"where\"") != options.is_empty());
    }
}

#[test]
fn of_many_articles_some_are_chosen_and_the_page_says_so() {
    let folder = tempfile::tempdir().unwrap();
    done(folder.path(), &["generate", "articles", "-n", "600", "--out", "dump.jsonl"], 0);
    done(folder.path(), &["extract", "dump.jsonl", "--out", "t", "-q"], 0);
    let page = |articles: &str| {
        done(folder.path(), &["report", "t", "--out", "r.html", "--force", "-q", "--articles", articles], 0);
        fs::read_to_string(folder.path().join("r.html")).unwrap()
    };
    let some = page("40");
    check(&some);
    assert!(some.contains("40 of 600 articles"));
    assert_eq!(some.matches("<article ").count(), 40);
    assert!(some == page("40"));
    // What is counted does not depend on it.
    let lists = |page: &str| -> Vec<String> {
        let start = page.find("id=\"entities-table\"").unwrap();
        let rows = page[start..].split("</table>").next().unwrap();
        rows.split("class=\"number\">").skip(1).map(|cell| cell.split('<').next().unwrap().to_string()).collect()
    };
    let more = page("600");
    assert!(more.contains("All 600 articles"));
    assert_eq!(lists(&some), lists(&more));
    assert!(lists(&some).len() > 300);
}

#[test]
fn counts_are_those_of_the_tables() {
    let text = "Mira Delgado spoke in Lisbon. “We lost two boats,” she said. “Bo Ray knows it,” Delgado said. \
                The minister said that “nothing” was lost. “It is over,” said Bo Ray.";
    let page = report(&line("a", "", "2024-03-02", "", text), &["--emit-text"], &[]);
    let row = page.split("<th scope=\"row\"><a href=").find(|row| row.contains(">Mira Delgado</a>")).unwrap();
    let numbers: Vec<&str> =
        row.split("class=\"number\">").skip(1).take(4).map(|cell| cell.split('<').next().unwrap()).collect();
    // Direct, mixed and indirect; by name, by a pronoun, by description.
    assert_eq!(numbers, ["2 · 0 · 0", "1", "1", "0"]);
    // Who speaks about whom.
    let about = page.split("Who names whom how often").nth(1).unwrap();
    assert!(about.contains("<th scope=\"row\">Mira Delgado</th><td><a href=\"#a1-") && about.contains(">Bo Ray</a>"));
}

#[test]
fn what_is_no_finished_run_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("dump.jsonl"), line("a", "T", "2024-03-02", "", "“Go,” said Mira Delgado in Lisbon.")).unwrap();
    done(path, &["extract", "dump.jsonl", "--out", "good", "-q", "--emit-text"], 0);
    fs::create_dir(path.join("foreign")).unwrap();
    fs::write(path.join("foreign/quotes.csv"), "a,b\n1,2\n").unwrap();
    let spoiled = |name: &str, spoil: &dyn Fn(&Path)| {
        fs::create_dir(path.join(name)).unwrap();
        for entry in fs::read_dir(path.join("good")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), path.join(name).join(entry.file_name())).unwrap();
        }
        spoil(&path.join(name));
    };
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    spoiled("version", &|folder| {
        edit(&folder.join("run.json"), |text| text.replace(version, "\"version\": \"9.9.9\""))
    });
    spoiled("cut", &|folder| edit(&folder.join("quotes.csv"), |text| text[..text.len() - 20].to_string()));
    spoiled("columns", &|folder| edit(&folder.join("mentions.csv"), |text| text.replacen("surface", "face", 1)));
    spoiled("changed", &|folder| edit(&folder.join("entities.csv"), |text| text.replace("Mira", "Nora")));
    spoiled("texts", &|folder| edit(&folder.join("texts.csv"), |text| text.replace("Mira", "Nora")));
    spoiled("gone", &|folder| fs::remove_file(folder.join("candidates.csv")).unwrap());
    spoiled("stopped", &|folder| fs::write(folder.join("quotes.csv.partial"), "").unwrap());
    for (name, reason) in [
        ("nowhere", "nowhere"),
        ("foreign", "no tables of a run"),
        ("version", "9.9.9"),
        ("cut", "quotes.csv"),
        ("columns", "other columns"),
        ("changed", "entities.csv"),
        ("texts", "texts.csv"),
        ("gone", "candidates.csv"),
        ("stopped", "not finished"),
        ("dump.jsonl", "dump.jsonl"),
    ] {
        let output = onrecord(path, &["report", name, "--out", "r.html"]);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {message}");
        assert!(message.contains(reason), "{name}: {message}");
    }
    // A file that is there stays, whatever it is.
    fs::write(path.join("mine.html"), "mine").unwrap();
    let output = onrecord(path, &["report", "good", "--out", "mine.html"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("--force"));
    assert_eq!(onrecord(path, &["report", "cut", "--out", "mine.html", "--force"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(path.join("mine.html")).unwrap(), "mine");
    assert_eq!(onrecord(path, &["report", "good", "--out", "no/such/folder.html"]).status.code(), Some(2));
    done(path, &["report", "good", "--out", "mine.html", "--force"], 0);
    assert!(fs::read_to_string(path.join("mine.html")).unwrap().starts_with("<!doctype html>"));
    let left = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.contains("partial") && name != "r.html"));
}
