"""The line of onrecord itself: `own.py PROGRAM DUMP NAMES FOLDER`. Learning the names is what a run on one short article
takes; the text takes what a run on the dump takes beyond that."""

import csv
import json
import pathlib
import resource
import subprocess
import sys

program, dump, names, folder = sys.argv[1:]
folder = pathlib.Path(folder)


def busy():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def extract(what, tables):
    before = busy()
    command = [program, "extract", what, "--gazetteer", names, "--threads", "1", "--quiet", "--out", folder / tables]
    subprocess.run(command, check=True)
    return busy() - before


def rows(table):
    with (folder / "all" / table).open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


article = folder / "one.txt"
article.write_text("Mayor Amina Okello of Turku said the bridge would open on Friday.\n", encoding="utf-8")
# The first run may compile the names and leave the file for the next ones; that is learning too.
learnt = extract(article, "one")
start = extract(article, "again")
took = extract(dump, "all") - start
with open(dump, encoding="utf-8") as lines:
    read = sum(len(json.loads(line)["text"].encode()) for line in lines)

found = f"{rows('mentions.csv')} names, {rows('quotes.csv')} quotations with speakers, in tables"
print("onrecord", learnt, read / 1e6, took, found, sep="\t")
