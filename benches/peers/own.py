"""The line of onrecord itself: `own.py PROGRAM NAMES TABLES`, from the record of a run; learning is what a run on one short
article takes."""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

program, names, tables = sys.argv[1:]
folder = pathlib.Path(tables)
run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
dump = pathlib.Path(run["inputs"][0])
with dump.open(encoding="utf-8") as lines:
    read = sum(len(json.loads(line)["text"].encode()) for line in lines)


def rows(table):
    with (folder / table).open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


with tempfile.TemporaryDirectory() as work:
    article = pathlib.Path(work) / "one.txt"
    article.write_text("Mayor Amina Okello of Turku said the bridge would open on Friday.\n", encoding="utf-8")
    begun = time.perf_counter()
    subprocess.run([program, "extract", article, "--gazetteer", names, "--quiet", "--out", f"{work}/tables"], check=True)
    learnt = time.perf_counter() - begun

found = f"{rows('mentions.csv')} names, {rows('quotes.csv')} quotations with speakers, in tables"
print("onrecord", learnt, read / 1e6, run["seconds"], found, sep="\t")
