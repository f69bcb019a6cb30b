"""How fast the package is beside the command line, and how soon an extractor is ready.

    cargo build --release --bin onrecord --example annotate_all
    pip install pyarrow target/wheels/onrecord-*.whl
    python python/benches/speed.py

Says in one table what the same articles take, with the same number of workers, in rounds that take turns:

- `extract`: `Extractor.extract` over a table of pyarrow, in a process that is warm; all tables of single articles are made, and those
  about the whole too (`entities`, `cooccurrences`, `candidates`).
- `annotate_all`: an example of the library that reads the same articles as JSON Lines and annotates them, without any table. It is the
  command line's work without writing.
- `command line`: `onrecord extract` as a whole, with its start and with CSV tables in `--folder` (give one in memory).

The target is that `extract` has at least 0.9 of the speed of `annotate_all`. Then: a new process that imports the package and builds an
extractor; the target is 50 ms for building it, import excluded.
"""

import argparse
import json
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow

import onrecord

ROOT = Path(__file__).resolve().parents[2]
WHOLE = ("entities", "cooccurrences", "candidates")
START = """
import time
begin = time.perf_counter()
import onrecord
imported = time.perf_counter()
extractor = onrecord.Extractor(threads={threads})
built = time.perf_counter()
extractor.extract(["A text."])
print(imported - begin, built - imported, time.perf_counter() - built)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000, help="articles of invented news")
    parser.add_argument("--input", type=Path, help="JSON Lines to take instead, with `id`, `title` and `text`")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="where the command line writes; best in memory")
    parser.add_argument("--programs", type=Path, default=ROOT / "target" / "release")
    options = parser.parse_args()
    program, example = options.programs / "onrecord", options.programs / "examples" / "annotate_all"
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        news = options.input or made(program, options.articles, Path(folder))
        table = read(news)
        size = news.stat().st_size / 1e6
        print(f"{platform.platform()}, Python {platform.python_version()}, onrecord {onrecord.__version__}")
        print(f"{table.num_rows} articles, {size:.1f} MB as JSON Lines, {options.threads} workers, {options.rounds} rounds\n")
        extractor = onrecord.Extractor(threads=options.threads)
        times = {"extract": [], "annotate_all": [], "command line": []}
        counts = set()
        found = None
        for round_ in range(options.rounds + 1):
            # What was found before is thrown away before the clock starts.
            del found
            start = time.perf_counter()
            found = extractor.extract(table)
            whole = sum(found[name].num_rows for name in WHOLE)
            took = [time.perf_counter() - start]
            done = subprocess.run([example, str(options.threads), news], capture_output=True, text=True, check=True)
            articles, mentions, quotes, seconds = re.findall(r"[\d.]+", done.stdout)
            took.append(float(seconds))
            counts.add((int(articles), int(mentions), int(quotes)))
            counts.add((found.articles.num_rows, found.mentions.num_rows, found.quotes.num_rows))
            out = Path(folder) / "tables"
            start = time.perf_counter()
            command = [program, "extract", news, "--out", out, "--quiet", "-j", str(options.threads)]
            subprocess.run(command, check=True, capture_output=True)
            took.append(time.perf_counter() - start)
            shutil.rmtree(out)
            # The first round warms up.
            if round_ > 0:
                for name, seconds in zip(times, took):
                    times[name].append(seconds)
        if len(counts) != 1 or whole == 0:
            sys.exit(f"they do not find the same: {counts}")
        base = statistics.median(times["annotate_all"])
        for name, seconds in times.items():
            median = statistics.median(seconds)
            spread = f"{min(seconds):.3f} to {max(seconds):.3f}"
            print(f"{name:14} {median:7.3f} s ({spread}), {size / median:6.1f} MB/s, {base / median:5.3f} of annotate_all")
        ratios = [base / one for one, base in zip(times["extract"], times["annotate_all"])]
        print(f"\nextract ÷ annotate_all, by round: median {statistics.median(ratios):.3f} (target: at least 0.9)")
    starts = [started(options.threads) for _ in range(options.rounds + 1)][1:]
    imported, built, first = (statistics.median(column) * 1000 for column in zip(*starts))
    print(f"\na new process: import {imported:.1f} ms, Extractor() {built:.1f} ms (target: at most 50),", end=" ")
    print(f"both {imported + built:.1f} ms; the first text, with starting workers, {first:.1f} ms")


def made(program, articles, folder):
    """A dump of invented news."""
    news = folder / "news.jsonl"
    command = [program, "generate", "articles", "--count", str(articles), "--out", news]
    subprocess.run(command, check=True, capture_output=True)
    return news


def read(news):
    """The fields that the command line would read, as a table."""
    with open(news, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    names = {name: None for record in records for name, value in record.items() if isinstance(value, str)}
    return pyarrow.table({name: [record.get(name) for record in records] for name in names})


def started(threads):
    """Seconds for the import, the extractor and the first text, in a new process."""
    command = [sys.executable, "-c", START.format(threads=threads)]
    return tuple(map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()))


if __name__ == "__main__":
    main()
