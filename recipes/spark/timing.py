"""What Spark adds: the same articles by an empty mapInArrow, by mapInArrow with the wheel, and by the command line, in turn.

    python recipes/spark/timing.py [--articles 20000] [--rounds 5] [--program target/release/onrecord]

Two workers each. Every way reads the same file of Parquet; Spark's rows go nowhere, the command line writes its tables. Prints the
medians, and by how much the wheel stays below 1.25 times the command line and the empty mapInArrow.
"""

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import onrecord
import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import annotate
import extract

WORKERS = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--program", default=str(HERE.parents[1] / "target/release/onrecord"))
    args = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master(f"local[{WORKERS}]")
        .config("spark.ui.enabled", False)
        .config("spark.ui.showConsoleProgress", False)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 1000)
        # Small parts, so that both workers have as much to do, as the command line's have.
        .config("spark.sql.files.maxPartitionBytes", "1m")
        .config("spark.sql.shuffle.partitions", WORKERS)
        .getOrCreate()
    )
    with tempfile.TemporaryDirectory() as folder:
        compare(spark, args, Path(folder))
    spark.stop()


def compare(spark, args, folder):
    lines, dump = folder / "dump.jsonl", folder / "dump.parquet"
    run([args.program, "generate", "articles", "-n", str(args.articles), "--out", lines])
    table = pyarrow.json.read_json(lines)
    pq.write_table(table, dump, row_group_size=1000)
    given = extract.parsed([str(dump), "--out", str(folder / "tables"), "--overwrite"])
    options = extract.shipped(spark, given)
    records, files, firsts = extract.read(spark, given)
    found = functools.partial(annotate.found, options=options, files=files, firsts=firsts)

    # As docs/recipes.md has it.
    articles = records.drop(annotate.FILE, annotate.SPLIT, annotate.ROW)
    quotes_schema = from_arrow_schema(pa.schema(onrecord.schema("quotes")))

    def quoted(batches):
        for extraction in onrecord.Extractor(threads=1).extract_batches(batches, tables="quotes"):
            yield pa.record_batch(extraction["quotes"])

    def nowhere(rows):
        rows.write.format("noop").mode("overwrite").save()

    ways = {
        "empty mapInArrow": lambda: nowhere(records.mapInArrow(lambda batches: batches, records.schema)),
        "mapInArrow, all tables": lambda: nowhere(records.mapInArrow(found, from_arrow_schema(annotate.SCHEMA))),
        "mapInArrow, quotes": lambda: nowhere(articles.mapInArrow(quoted, quotes_schema)),
        "command line": lambda: run(
            [args.program, "extract", dump, "--out", folder / "out", "--force", "-q", f"-j{WORKERS}"]
        ),
    }
    # What the job leaves behind in Java's memory slows whatever comes after: it has rounds of its own.
    times = timed(ways, args.rounds) | timed({"the whole job": lambda: extract.run(spark, given)}, args.rounds)
    quotes = pq.read_table(folder / "tables/quotes").num_rows
    megabytes = sum(len(text) for text in table["text"].to_pylist()) / 1e6
    print(f"{args.articles:,} made-up articles, {megabytes:.1f} million characters, {quotes:,} quotations")
    print(f"{WORKERS} workers, {args.rounds} rounds, medians")
    for name, seconds in times.items():
        print(f"{name:<26} {statistics.median(seconds):7.2f} s   ({min(seconds):.2f} to {max(seconds):.2f})")
    floor, everything, quotes, line, _ = (statistics.median(seconds) for seconds in times.values())
    for name, seconds in (("all tables", everything), ("quotes", quotes)):
        print(f"({name} - empty) / command line = {(seconds - floor) / line:.2f}   (the bar is 1.25)")
    started = [json.loads(subprocess.check_output([sys.executable, "-c", START])) for _ in range(5)]
    loading, making = (1000 * statistics.median(column) for column in zip(*started))
    print(f"import onrecord {loading:.0f} ms, Extractor() {making:.0f} ms   (the bar is 50 ms)")


def timed(ways, rounds):
    """For each way the seconds that it takes, in turn."""
    times = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            # The first time, workers start and Java compiles.
            if turn > 0:
                times[name].append(time.perf_counter() - start)
    return times


START = """
import json, time
start = time.perf_counter()
import onrecord
loaded = time.perf_counter()
onrecord.Extractor(threads=1)
print(json.dumps([loaded - start, time.perf_counter() - loaded]))
"""


def run(command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
