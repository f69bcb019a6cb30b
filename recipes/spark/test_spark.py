"""The tables of the Spark job are those of one `onrecord extract` over the same articles, row for row after sorting.

    ONRECORD=target/release/onrecord pytest recipes/spark

Needs Java, and `onrecord` (the wheel) in the same environment; `recipes/test.sh` sees to both.
"""

import csv
import functools
import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark import cloudpickle
from pyspark.sql import SparkSession

import annotate
import extract
from compared import PROGRAM, ROOT, command_line, same


@pytest.fixture(scope="session")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        # Four attempts, as on a cluster: by default a local session gives a task one.
        SparkSession.builder.master("local[2,4]")
        .config("spark.ui.enabled", False)
        .config("spark.ui.showConsoleProgress", False)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.sql.shuffle.partitions", 2)
        # Small parts and small batches, so that articles are torn apart as in a large dump.
        .config("spark.sql.files.maxPartitionBytes", 300_000)
        .config("spark.sql.files.openCostInBytes", 0)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 37)
        .getOrCreate()
    )
    # Workers do not know this file.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    yield spark
    spark.stop()


@pytest.fixture(scope="session")
def news(tmp_path_factory):
    """Made-up news, in which names come again, and the sample articles."""
    folder = tmp_path_factory.mktemp("news")
    subprocess.run(
        [PROGRAM, "generate", "gazetteer", "-n", "300", "--out", folder / "names.csv"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    command = [
        PROGRAM,
        "generate",
        "articles",
        "-n",
        "500",
        "--names",
        folder / "names.csv",
        "--share",
        "90",
        "--out",
        folder / "made.jsonl",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(folder / "made.jsonl", encoding="utf-8") as lines:
        made = [json.loads(line) for line in lines]
    with open(ROOT / "data/articles.jsonl", encoding="utf-8") as lines:
        samples = [json.loads(line) for line in lines]
    return folder, made, samples


def job(spark, inputs, out, *options, **more):
    """The tables of the job, as rows of Arrow."""
    extract.run(spark, extract.parsed([*map(str, inputs), "--out", str(out), *options]), **more)
    return {table.name: pq.read_table(table) for table in Path(out).iterdir()}


def written(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(record if isinstance(record, str) else json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="session")
def lines(news):
    """A folder of JSON Lines with everything that dumps have in them, and what the program makes of it."""
    folder, made, samples = news
    dump = folder / "lines"
    crowd = " and ".join(dict.fromkeys(name(row) for row in names(folder)[:260]))
    known = name(names(folder)[0])
    written(dump / "a.jsonl", [*made[:300], {"id": "crowd", "text": f"Here came {crowd}. Later {known} left Ankara."}])
    written(
        dump / "a" / "b c.jsonl",
        [
            {key: value for key, value in made[300].items() if key != "id"},
            "\n",
            "  \n",
            "{\n",
            "[1]\n",
            '"text"\n',
            "{}\n",
            json.dumps({"id": "null", "text": None}) + "\n",
            # Ids that come again, and ids that look as if they had.
            made[1],
            {**made[301], "id": made[1]["id"]},
            {**made[302], "id": made[1]["id"] + "~2"},
            {**made[303], "id": made[1]["id"]},
            {"id": "space", "text": f"  {made[2]['text']}\n"},
            {"id": "broken", "text": "“Half a pair \ud83d and no other,” said Mira Delgado in Lisbon."},
            *made[304:320],
        ],
    )
    written(dump / "z.jsonl", [json.dumps(made[320]) + "\r\n", *made[321:], *samples])
    with open(dump / "z.jsonl", "a") as file:
        file.write(json.dumps(made[5]))
    return dump, command_line([dump], folder / "lines-tables", "-g", folder / "names.csv")


def names(folder):
    with open(folder / "names.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name(row):
    return row["name"]


#: The tables that the program has too, and their columns that differ: at which byte of a file a record begins Spark does not tell,
#: and what is wrong in JSON Python tells in its own words.
EQUAL = {
    "articles": [],
    "mentions": [],
    "quotes": [],
    "entities": [],
    "cooccurrences": [],
    "rejects": ["byte_offset", "detail"],
}


def test_lines_give_the_tables_of_the_program(spark, news, lines, tmp_path):
    dump, expected = lines
    options = ["--gazetteer", str(news[0] / "names.csv")]
    tables = job(spark, [dump], tmp_path / "out", *options, found=functools.partial(watched, folder=tmp_path))
    assert len(list(tmp_path.glob("worker-*"))) >= 2
    for table, untold in EQUAL.items():
        same(tables, expected, table, untold)
    quoted = {row["entity_id"]: int(row["quotes"]) for row in expected["entities"] if row["quotes"] != "0"}
    speakers = tables["speakers"].to_pylist()
    assert {row["entity_id"]: row["quotes"] for row in speakers} == quoted
    assert all(row["direct"] + row["mixed"] + row["indirect"] == row["quotes"] for row in speakers)


def watched(batches, folder, victim=None, **more):
    """As `annotate.found`, in workers that tell of themselves. The one that meets the article `victim` kills itself, once."""

    def seen():
        for batch in batches:
            (folder / f"worker-{os.getpid()}").touch()
            if victim and victim in batch.column("id").to_pylist() and not (folder / "killed").exists():
                (folder / "killed").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    return annotate.found(seen(), **more)


def test_a_killed_worker_leaves_no_trace_in_the_tables(spark, news, tmp_path):
    _, made, samples = news
    dump = tmp_path / "dump"
    dump.mkdir()
    rows = [{**row, "pages": 1} for row in [*made, *samples]]
    for field in ("id", "title", "date", "text"):
        rows[7] = {**rows[7], field: None}
        rows[9 + len(field)][field] = None
    rows[40]["text"] = ""
    columns = ["pages", "text", "id", "title", "date", "outlet", "author", "url"]
    table = pa.table({name: pa.array([row.get(name) for row in rows]) for name in columns})
    days = [
        row.get("date") and datetime.fromisoformat(row["date"][:10]).replace(hour=23, tzinfo=timezone.utc)
        for row in rows
    ]
    table = table.set_column(columns.index("date"), "date", pa.array(days, pa.timestamp("us", "UTC")))
    # One group of rows, larger than a part of a file: all but one of its parts are empty.
    pq.write_table(table.slice(0, 330), dump / "a.parquet")
    pq.write_table(table.slice(330, 0), dump / "b.parquet")
    pq.write_table(table.slice(330), dump / "c.parquet", row_group_size=50)
    expected = command_line([dump], tmp_path / "expected")
    # The program tells of a file that holds no record, for Spark there is none.
    expected["rejects"] = [row for row in expected["rejects"] if row["reason"] != "empty"]
    tables = job(
        spark, [dump], tmp_path / "out", found=functools.partial(watched, folder=tmp_path, victim=made[200]["id"])
    )
    assert (tmp_path / "killed").exists()
    assert len(list(tmp_path.glob("worker-*"))) >= 2
    for table, untold in EQUAL.items():
        same(tables, expected, table, untold)


def test_one_bad_record_costs_itself_alone(spark, tmp_path):
    dump = tmp_path / "dump.jsonl"
    dump.write_bytes(
        b'{"id": "old", "text": "A caf\xe9"}\n{"no": "text"}\n'
        + json.dumps({"text": "Mira Delgado left Lisbon."}).encode()
    )
    tables = job(spark, [dump], tmp_path / "out")
    assert tables["articles"].column("article_id").to_pylist() == ["dump.jsonl:3"]
    assert tables["mentions"].column("article_id").to_pylist() == ["dump.jsonl:3"] * 2
    rejects = sorted(tables["rejects"].to_pylist(), key=lambda row: row["record"])
    assert [(row["record"], row["reason"]) for row in rejects] == [(1, "bad encoding"), (2, "no text")]


def test_a_dump_without_articles_gives_empty_tables(spark, tmp_path):
    dump = tmp_path / "dump.jsonl"
    dump.write_text("{}\n")
    tables = job(spark, [dump], tmp_path / "out")
    assert {name: len(table) for name, table in tables.items()} == {
        "found": 1,
        "articles": 0,
        "mentions": 0,
        "quotes": 0,
        "rejects": 1,
        "entities": 0,
        "speakers": 0,
        "cooccurrences": 0,
    }


def test_what_cannot_be_done_is_refused(spark, news, tmp_path):
    dump = tmp_path / "dump.jsonl"
    dump.write_text(json.dumps({"text": "Mira Delgado left Lisbon."}))
    broken = tmp_path / "broken.csv"
    broken.write_text("name,type\nMira Delgado,ship\n")
    out = tmp_path / "out"
    (out / "found").mkdir(parents=True)
    (out / "found" / "mine").touch()
    for options, reason in [
        ([dump], "is there already"),
        ([dump, "--gazetteer", tmp_path], "gazetteer compile"),
        ([dump, "--option", "threads"], "NAME=VALUE"),
        ([ROOT / "data/articles.parquet", "--columns", "text,none"], "no column none"),
        ([ROOT / "data/articles.parquet", "--columns", "title,date"], "no column of texts"),
        ([dump, "--option", "colour=red"], "colour"),
        ([dump, "--gazetteer", broken], "broken.csv"),
    ]:
        with pytest.raises(extract.Refused, match=reason):
            job(spark, options, out)
    assert (out / "found" / "mine").exists()
    assert [path.name for path in out.iterdir()] == ["found"]


def test_the_short_form_in_the_documentation_works(spark, tmp_path):
    text = (ROOT / "docs/recipes.md").read_text(encoding="utf-8")
    code = text.split("### Spark")[1].split("```python")[1].split("```")[0]
    code = code.replace('.parquet("quotes")', f'.parquet("{tmp_path}/quotes")')
    dump = ROOT / "data/articles.parquet"
    exec(code, {"spark": spark, "articles": spark.read.parquet(str(dump))})
    expected = command_line([dump], tmp_path / "expected")
    same({"quotes": pq.read_table(tmp_path / "quotes")}, expected, "quotes")
