//! What users of a command line are used to: defaults from a file, examples in the help, manual pages, completions,
//! statistics, no colours where none are wanted.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod place;

use place::{Place, stderr};
use std::{fs, process::Output};

const ARTICLE: &str = "Elshad Muradli, the mayor, spoke in Baku.\n\n“We will rebuild,” Muradli said.\n";

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A place with an article and a file of defaults.
fn place(defaults: &str) -> Place {
    let place = Place::new();
    place.write("a.txt", ARTICLE);
    place.write("onrecord.toml", defaults);
    place
}

fn options(place: &Place, out: &str) -> serde_json::Value {
    let record = fs::read_to_string(place.path(out).join("run.json")).unwrap();
    serde_json::from_str::<serde_json::Value>(&record).unwrap()["options"].clone()
}

#[test]
fn a_file_gives_defaults_and_the_command_line_wins() {
    let place = place(
        "threads = 2\n[extract]\nout = \"tables\"\nmin-confidence = 0.25\nmax-pairs = 1_000\nwhere = [\"date<2030\", \"title!=x\"]\nemit-text = true\nno-guard = false\n",
    );
    // The article has no date, so no condition on it holds.
    place.done("extract a.txt --where id~a -q");
    let given = options(&place, "tables");
    assert_eq!(given["threads"], 2);
    assert_eq!(given["minConfidence"], 0.25);
    assert_eq!(given["maxPairs"], 1000);
    assert_eq!(given["emitText"], true);
    assert_eq!(given["guard"], true);
    assert_eq!(given["where"].as_array().unwrap().len(), 1, "what is given replaces what the file gives: {given}");
    place.done("extract a.txt --where id~a -q --out other --threads 1 --min-confidence 0.5");
    let given = options(&place, "other");
    assert_eq!((&given["threads"], &given["minConfidence"]), (&1.into(), &0.5.into()));
    place.done("extract a.txt -q --out none --no-config");
    assert_eq!(options(&place, "none")["minConfidence"], 0.0);
    place.refused("extract a.txt -q --no-config", "--out");
}

#[test]
fn a_table_wins_over_what_stands_outside_and_paths_begin_at_the_file() {
    let place = place("");
    place.write("set/names.csv", "name,type\nElshad Muradli,person\n");
    place.write("set/defaults.toml", "gazetteer = \"names.csv\"\nmax-text = 7\n[extract]\nmax-text = 9\n");
    place.done("extract a.txt --out tables -q --config set/defaults.toml");
    assert_eq!(options(&place, "tables")["maxText"], 9_000_000);
    let record = fs::read_to_string(place.path("tables/run.json")).unwrap();
    assert!(record.contains("names.csv\""), "{record}");
    // The environment names a file as well; an option wins over it.
    let output = place.command("explain a.txt").env("ONRECORD_CONFIG", "set/defaults.toml").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let output = place.command("explain a.txt").env("ONRECORD_CONFIG", "nowhere.toml").output().unwrap();
    assert!(stderr(&output).contains("nowhere.toml"), "{}", stderr(&output));
    let mut command = place.command("explain a.txt --config set/defaults.toml");
    assert!(command.env("ONRECORD_CONFIG", "nowhere.toml").output().unwrap().status.success());
}

#[test]
fn a_file_that_cannot_be_meant_is_refused_with_its_line() {
    for (defaults, part) in [
        ("\nthreads = [", "onrecord.toml: line 2"),
        (
            "[extract]\nthreds = 2\n",
            "onrecord.toml: line 2: onrecord extract has no option --threds (did you mean threads?)",
        ),
        ("[extrct]\nthreads = 2\n", "onrecord.toml: line 1: onrecord has no command extrct"),
        (
            "[[extract]]\nthreads = 2\n",
            "onrecord has no option --extract: it is a command, and its options stand below [extract]",
        ),
        ("[gazetteer]\nthreads = 2\n", "onrecord gazetteer has no option --threads: it stands below [gazetteer.diff]"),
        ("threads = true\n", "onrecord.toml: line 1: --threads is one text or number"),
        ("quiet = 1\n", "--quiet is true or false"),
        ("quiet = \"yes\"\n", "--quiet is true or false"),
        ("[extract]\nforce = true\n", "--force is for one run"),
        ("[extract]\nresume = true\n", "--resume is for one run"),
        ("[extract]\nthreads = \"many\"\n", "onrecord.toml gives defaults"),
        ("[extract]\nthreads = { a = 1 }\n", "onrecord extract has no command threads"),
        ("[extract]\nout = [\"a\", \"b\"]\n", "--out is one text or number"),
    ] {
        place(defaults).refused("extract a.txt --out tables", part);
        place(defaults).done("extract a.txt --out tables --no-config -q");
    }
    place("").refused("extract a.txt --out tables --config none.toml", "none.toml");
}

#[test]
fn the_help_of_every_command_shows_examples_that_are_commands() {
    let place = Place::new();
    let mut commands = vec![Vec::new()];
    let mut seen = 0;
    while let Some(path) = commands.pop() {
        let path: Vec<String> = path;
        let help = stdout(&place.run(&format!("{} --help", path.join(" "))));
        let subcommands = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
        let names = subcommands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
        let names: Vec<_> = names.filter(|name| !name.is_empty() && *name != "help").map(str::to_string).collect();
        if names.is_empty() {
            let examples: Vec<_> = help.lines().filter(|line| line.starts_with("  onrecord ")).collect();
            assert!(!examples.is_empty(), "no example for {path:?}: {help}");
            assert!(examples.iter().any(|line| line.contains(&path.join(" "))), "{examples:?}");
        }
        seen += 1;
        commands.extend(names.into_iter().map(|name| [path.clone(), vec![name]].concat()));
    }
    assert!(seen >= 11, "{seen} commands");
}

#[test]
fn manual_pages_and_completions_tell_the_commands() {
    let place = Place::new();
    place.done("man --out pages");
    let page = fs::read_to_string(place.path("pages/onrecord-extract.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("min\\-confidence"), "{page}");
    assert!(place.path("pages/onrecord.1").exists() && place.path("pages/onrecord-gazetteer-compile.1").exists());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = place.run(&format!("completions {shell}"));
        assert!(output.status.success() && stdout(&output).contains("min-confidence"), "{shell}");
    }
    place.refused("completions tcsh", "possible values");
}

#[test]
fn the_version_names_the_gazetteers() {
    let version = stdout(&Place::new().run("--version"));
    let hash = version.trim().strip_prefix(concat!("onrecord ", env!("CARGO_PKG_VERSION"), " (gazetteers ")).unwrap();
    assert!(hash.strip_suffix(')').unwrap().bytes().all(|byte| byte.is_ascii_hexdigit()), "{version}");
}

#[test]
fn statistics_add_up() {
    let place = place("");
    let output = place.run("extract a.txt --out tables --stats");
    let text = stdout(&output);
    let cells = |name: &str| -> Vec<String> {
        let (_, statistics) = text.split_once("\nstatistics\n").unwrap();
        let mut lines = statistics.lines().filter_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix("  "));
        let line = lines.next().unwrap_or_else(|| panic!("{name}: {text}"));
        line.split_whitespace().map(|cell| cell.replace(',', "")).collect()
    };
    for table in ["articles", "mentions", "entities", "quotes", "rejects"] {
        let content = fs::read(place.path("tables").join(format!("{table}.csv"))).unwrap();
        let rows = csv::Reader::from_reader(&content[..]).records().count();
        assert_eq!(cells(table), [rows.to_string(), content.len().to_string()], "{text}");
    }
    assert!(cells("mentions an article")[0].parse::<f64>().unwrap() >= 2.0);
    assert!(!text.contains("\n    reject "), "{text}");
    place.refused("extract a.txt --out other --stats --quiet", "--stats");
    place.write("d.jsonl", "{\"text\":\n{\"id\": 1}\n{\"id\": 2}\n");
    let text = stdout(&place.run("extract d.jsonl --out rejected --stats"));
    let rejects = text.split("\n    reject ").nth(1).unwrap_or_default();
    let told: Vec<Vec<&str>> = rejects
        .lines()
        .skip(1)
        .map(|line| line.split("  ").filter(|c| !c.is_empty()).map(str::trim).collect())
        .collect();
    assert_eq!(told, [["no text", "2"], ["bad json", "1"]], "{text}");
}

#[test]
fn no_color_is_heard() {
    let place = place("");
    for (variables, colored) in [(&[("CLICOLOR_FORCE", "1")][..], true), (&[("NO_COLOR", "1")], false), (&[], false)] {
        let mut command = place.command("explain a.txt");
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").envs(variables.iter().copied());
        assert_eq!(stdout(&command.output().unwrap()).contains('\u{1b}'), colored, "{variables:?}");
    }
}
