#!/usr/bin/env python3
"""Write what the program really prints into the README and docs, between their `refresh` comments.

Usage, from the root of the repository, after `cargo build --release`:  python3 docs/refresh.py [PROGRAM]

Standard library only. Look at the difference before you commit it: the rows that are shown are named here, and a row that
is not there any more is an error.
"""
import csv
import datetime
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "target/release/onrecord"
QUOTES = [
    ("16-port-sidebar.txt", "Muradli"),
    ("16-port-sidebar.txt", "the deputy director"),
    ("08-metro-posts.txt", "she"),
    ("25-ministers-summit.txt", "Retno Wulandari-Hadi"),
    ("21-reef-siblings.txt", "he"),
    ("03-atacama-wells.txt", "Olivares"),
]
ENTITIES = ["Elshad Muradli", "Vahram Sarukhanyan", "Turku", "Lake Victoria Basin Commission"]
DESK = """\
name,type,aliases,country,latitude,longitude,gender,roles
Elshad Muradli,person,,AZ,,,m,deputy director of Khazar Lines
Khazar Lines,organization,,AZ,,,,
Somosomo,place,,FJ,-16.76,-179.97,,
"""


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], check=True, capture_output=True, text=True).stdout


def rows(folder, table):
    with open(Path(folder) / f"{table}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def markdown(found, columns):
    cell = lambda text: text.replace("|", "\\|")
    lines = ["| " + " | ".join(columns) + " |", "| " + " | ".join("---" for _ in columns) + " |"]
    return "\n".join(lines + ["| " + " | ".join(cell(row[c]) for c in columns) + " |" for row in found])


def indented(text):
    return "\n".join("    " + line if line else "" for line in text.rstrip("\n").split("\n"))


def pick(table, **wanted):
    fits = [row for row in table if all(row[key] == value for key, value in wanted.items())]
    if not fits:
        sys.exit(f"no row with {wanted}")
    return fits[0]


def parts(folder):
    """What stands between the comments, by name."""
    tables, gold, names, corrected = (Path(folder) / name for name in ("tables", "gold", "names", "corrected"))
    summary = run("extract", "data/articles", "--out", tables).replace(str(tables), "tables")
    names.mkdir()
    (names / "desk.csv").write_text(DESK, encoding="utf-8")
    run("extract", "data/articles", "--gazetteer", names, "--out", corrected, "--quiet")
    run("extract", "data/gold.jsonl", "--out", gold, "--quiet")
    scores = json.loads(run("evaluate", "--gold", "data/gold.jsonl", gold, "--json"))
    explained = run("explain", "data/articles/15-ministers-call.txt", "--color", "never").split("\n")

    quotes, entities = rows(tables, "quotes"), rows(tables, "entities")
    yield "summary", indented(summary)
    picked = [pick(quotes, article_id=article, speaker_surface=surface) for article, surface in QUOTES]
    yield "quotes", markdown(
        picked, ["speaker", "speaker_surface", "speaker_role", "cue", "kind", "quote", "medium", "method", "confidence"]
    )
    mentions = [row for row in rows(tables, "mentions") if row["article_id"] == "16-port-sidebar.txt"][4:9]
    yield "mentions", markdown(
        mentions, ["entity_id", "type", "name", "surface", "start", "end", "paragraph", "role", "method", "confidence"]
    )
    columns = ["entity_id", "type", "name", "surfaces", "country", "latitude", "longitude", "known", "mentions", "quotes"]
    yield "entities", markdown([pick(entities, name=name) for name in ENTITIES], columns)

    yield "desk", indented(DESK)
    known = [row["name"] for row in csv.DictReader(DESK.splitlines())]
    columns = ["entity_id", "name", "country", "latitude", "longitude", "known", "mentions"]
    before = [row for row in entities if row["name"] in known]
    after = [row for row in rows(corrected, "entities") if row["name"] in known]
    text = "Before, `entities.csv` had of these\n\n" + markdown(before, columns)
    yield "corrected", text + "\n\nand with the gazetteer\n\n" + markdown(after, columns)

    def lines(words, count, after="names"):
        first = explained.index(after)
        at = next((i for i in range(first, len(explained)) if words in explained[i]), None)
        if at is None:
            sys.exit(f"nothing explains {words!r}")
        return "\n".join(explained[at : at + count])

    name, quotation = lines("  Turku  place", 2), lines("by Marketta Lehtovaara  as: the minister", 3, "quotations")
    yield "explain", indented(name + "\n\n" + quotation)
    yield "explain-names", indented(name)
    yield "explain-quotes", indented(quotation)
    yield "date", datetime.date.today().isoformat()

    prf = lambda of: [f"{of[key]:.3f}" for key in ("precision", "recall", "f1")]
    exact = [dict(zip(("names", "precision", "recall", "F1"), [kind, *prf(of)])) for kind, of in scores["names"]["exact"].items()]
    names_table = markdown(exact, ["names", "precision", "recall", "F1"])
    header = ("quotations", "precision", "recall", "F1", "with speaker, F1", "resolved, F1")
    kinds = scores["quotations"]["units"]["attribution/strict"]
    strict = [
        dict(zip(header, [kind, *prf(of["content"]), f"{of['end_to_end']['f1']:.3f}", f"{of['end_to_end_f1_resolved']:.3f}"]))
        for kind, of in kinds.items()
        if kind != "ignored"
    ]
    both = names_table + "\n\n" + markdown(strict, list(header))
    yield "quality", both


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = dict(parts(folder))
    for path in ("README.md", "docs/names.md", "docs/quotations.md", "docs/accuracy.md"):
        text = Path(path).read_text(encoding="utf-8")
        for name, content in found.items():
            inline = "\n" not in content
            around = content if inline else f"\n\n{content}\n\n"
            pattern = re.compile(rf"(<!-- refresh {name} -->).*?(<!-- end -->)", re.S)
            text = pattern.sub(lambda m: m[1] + around + m[2], text)
        Path(path).write_text(text, encoding="utf-8")


main()
