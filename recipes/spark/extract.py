"""Tables of names and quotations from a dump, with Spark.

    spark-submit --master 'local[2]' recipes/spark/extract.py dump/ --out tables

reads Parquet or JSON Lines and writes Parquet: articles, mentions, quotes, rejects, entities, speakers and cooccurrences, and
`found`, a row for each record, from which the others are made. README.md beside this file tells the rest.
"""

import argparse
import functools
import json
import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession, Window, functions as F
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

import annotate
import onrecord
from annotate import FILE, ROW, SPLIT

HERE = Path(__file__).parent


class Refused(Exception):
    """What the caller can put right."""


def main():
    args = parsed()
    spark = (
        SparkSession.builder.appName("onrecord")
        # A batch is in memory several times over: in Spark, in Arrow, and with all that was found in it.
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", args.batch_rows)
        .getOrCreate()
    )
    try:
        counts = run(spark, args)
    except Refused as error:
        sys.exit(f"extract.py: {error}")
    finally:
        spark.stop()
    for table, rows in counts.items():
        print(f"{rows:>12,} {table}")


def parsed(arguments=None):
    parser = argparse.ArgumentParser(description="Tables of names and quotations from a dump, with Spark.")
    add = parser.add_argument
    add("input", nargs="+", help="files or folders of Parquet or JSON Lines")
    add("--out", required=True, help="folder for the tables")
    add("--format", choices=["parquet", "jsonl"], help="of the input [by default told by the first file's name]")
    add("--columns", help="read only these columns of Parquet, joined by commas [by default all]")
    add("--gazetteer", action="append", default=[], metavar="FILE", help="add the names in this file; may be repeated")
    add(
        "--corrections",
        action="append",
        default=[],
        metavar="FILE",
        help="apply the corrections in this file; may be repeated",
    )
    add(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="for onrecord.Extractor, such as text_field=body",
    )
    add("--batch-rows", type=int, default=1000, metavar="N", help="most records in an Arrow batch [1000]")
    add("--overwrite", action="store_true", help="replace tables that are there")
    return parser.parse_args(arguments)


def run(spark, args, found=annotate.found):
    """Writes the tables; returns how many rows each has. `found` is what workers do with their batches."""
    # Points in time are told as the program tells them.
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    options = shipped(spark, args)
    records, files, firsts = read(spark, args)
    work = functools.partial(found, options=options, files=files, firsts=firsts)
    # What will not do is told here at once, and not by workers again and again.
    try:
        extractor = annotate.extractor(options)
        if not firsts:
            extractor.extract(to_arrow_schema(records.drop(FILE, SPLIT, ROW).schema, timezone="UTC").empty_table())
    except (onrecord.OnrecordError, OSError, TypeError) as error:
        raise Refused(error) from None
    mode = "overwrite" if args.overwrite else "errorifexists"
    counts = {}

    def write(table, rows):
        path = f"{args.out.rstrip('/')}/{table}"
        try:
            rows.write.parquet(path, mode=mode)
        except AnalysisException as error:
            if error.getCondition() != "PATH_ALREADY_EXISTS":
                raise
            raise Refused(f"{path} is there already: name another folder, or give --overwrite") from None
        kept = spark.read.parquet(path)
        counts[table] = kept.count()
        return kept

    # The one pass over the texts. All else is made of what it has written, so that nothing is annotated twice.
    everything = write("found", records.mapInArrow(work, from_arrow_schema(annotate.SCHEMA)))
    for table, rows in of_articles(spark, everything).items():
        write(table, rows)
    views(everything)
    write("entities", spark.sql(sql("entities"))).createOrReplaceTempView("entities")
    for table in ("speakers", "cooccurrences"):
        write(table, spark.sql(sql(table)))
    return counts


def shipped(spark, args):
    """Sends what workers need to them; returns the options of their extractors as JSON."""
    spark.sparkContext.addPyFile(str(HERE / "annotate.py"))
    # Spark has a process for each core already. The texts tell which articles are the same. No batch has too many pairs.
    options = {"gazetteers": [], "corrections": [], "threads": 1, "emit_text": True, "max_pairs": 1 << 31}
    sent = set()
    for name, paths in (("gazetteers", args.gazetteer), ("corrections", args.corrections)):
        for path in paths:
            file = os.path.basename(path)
            if not os.path.isfile(path):
                raise Refused(
                    f"{path} is no file on this machine: compile a folder with `onrecord gazetteer compile` first"
                )
            if file in sent:
                raise Refused(f"{path}: another file that is sent has the same name; give one of them another")
            spark.sparkContext.addFile(path)
            options[name].append(file)
            sent.add(file)
    for option in args.option:
        name, equals, value = option.partition("=")
        if not equals:
            raise Refused(f"--option {option}: give NAME=VALUE")
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return json.dumps(options)


def read(spark, args):
    """The records with where they stand, and what `annotate.found` wants to know of files and their parts."""
    lines = (args.format or ("parquet" if is_parquet(spark, args.input) else "jsonl")) == "jsonl"
    if lines:
        # As bytes: text that is no UTF-8 must not stop the job.
        frame = spark.read.text(args.input, lineSep="\n", recursiveFileLookup=True).where(
            "value rlike '[^ \\\\t\\\\r\\\\f]'"
        )
        frame = frame.selectExpr("CAST(value AS BINARY) AS line", "_metadata")
    else:
        frame = spark.read.parquet(*args.input, recursiveFileLookup=True)
        names = args.columns.split(",") if args.columns else frame.columns
        unknown = [name for name in names if name not in frame.columns]
        if unknown:
            raise Refused(f"no column {', '.join(unknown)} in {args.input[0]}, which has {', '.join(frame.columns)}")
        frame = frame.select(*(F.col(f"`{name}`") for name in names), "_metadata")
    path, split = F.col("_metadata.file_path").alias(FILE), F.col("_metadata.file_block_start").alias(SPLIT)
    # Parts of files are counted first, which reads no column of Parquet, and lines without parsing them.
    parts = frame.groupBy(path, split).count().collect()
    counts = {part[FILE]: 0 for part in parts}
    for part in parts:
        counts[part[FILE]] += part["count"]
    files = numbered(counts, args.input)
    if not lines:
        return frame.select("*", path, split, F.col("_metadata.row_index").alias(ROW)).drop("_metadata"), files, {}
    firsts, last = {}, {}
    for part in sorted(parts, key=lambda part: (part[FILE], part[SPLIT])):
        firsts[part[FILE], part[SPLIT]] = last.get(part[FILE], 0) + 1
        last[part[FILE]] = last.get(part[FILE], 0) + part["count"]
    return frame.select("line", path, split), files, firsts


def is_parquet(spark, inputs):
    first = spark.read.text(inputs, recursiveFileLookup=True).inputFiles()[:1]
    return not first or first[0].endswith(".parquet")


def numbered(counts, inputs):
    """For files with so many records each: how many come before, in the order in which `onrecord extract` reads files; the name that
    it gives the file; and what the ids begin with that it makes."""
    named = []
    for path in counts:
        url = urlsplit(path)
        shown = unquote(url.path) if url.scheme in ("", "file") else path
        for turn, given in enumerate(inputs):
            root = given if urlsplit(given).scheme else os.path.abspath(given)
            below = shown.removeprefix(root.rstrip("/"))
            if below != shown and below[:1] in ("", "/"):
                stem = below[1:] or os.path.basename(shown)
                named.append((turn, stem.encode().split(b"/"), path, given.rstrip("/") + below, stem))
                break
        else:
            named.append((len(inputs), shown.encode().split(b"/"), path, shown, os.path.basename(shown)))
    files, before = {}, 0
    for _, _, path, name, stem in sorted(named):
        files[path] = (before, name, stem)
        before += counts[path]
    return files


def of_articles(spark, everything):
    """The tables that have rows of their own for each article."""
    articles = everything.where("article IS NOT NULL")
    new = spark.createDataFrame(repeated(articles.select("place", "article.article_id")), "place BIGINT, new_id STRING")
    everything = everything.join(F.broadcast(new), "place", "left")
    own = {"article_id": F.expr("coalesce(new_id, article_id)")}
    # The number of the quotation stays.
    quoted = {
        name: F.expr(f"coalesce(new_id || regexp_extract({name}, '#[0-9]+$', 0), {name})")
        for name in ("quote_id", "echo_of")
    }

    articles = everything.where("article IS NOT NULL").select("place", "body", "new_id", "article.*").withColumns(own)
    first = articles.groupBy("body").agg(
        F.count("*").alias("times"), F.min("place").alias("first"), F.min_by("article_id", "place").alias("first_id")
    )
    duplicate = {"duplicate_of": F.expr("CASE WHEN place > first THEN first_id END")}
    articles = articles.join(first.where("times > 1"), "body", "left").withColumns(duplicate)
    return {
        "articles": articles.drop("place", "body", "new_id", "times", "first", "first_id"),
        "mentions": everything.select("new_id", F.inline("mentions")).withColumns(own).drop("new_id", "introduces"),
        "quotes": everything.select("new_id", F.inline("quotes"))
        .withColumns({**own, **quoted})
        .drop("new_id", "introduces"),
        "rejects": everything.where("reject IS NOT NULL").select("reject.*"),
    }


def repeated(articles):
    """New ids for articles whose id another one had before: `id~2`, `id~3` and so on, as the program gives them."""
    times = F.count("*").over(Window.partitionBy("article_id"))
    doubtful = articles.withColumn("times", times).where("times > 1 OR article_id rlike '~[0-9]+$'")
    seen, last, new = set(), {}, []
    for row in doubtful.orderBy("place").toLocalIterator():
        id = row.article_id
        if id in seen:
            number = last.get(id, 1) + 1
            while f"{id}~{number}" in seen:
                number += 1
            last[id] = number
            new.append((row.place, f"{id}~{number}"))
            id = f"{id}~{number}"
        seen.add(id)
    return new


#: A sight is the place of the article, and in so many bits below what comes first in it. Of an article with more than two million
#: mentions or quotations the last ones all come at once.
BITS = 23
HALF = 1 << BITS - 2


def views(everything):
    """What the queries ask for."""
    articles = everything.where("article IS NOT NULL")
    for table, base in (("mentions", 0), ("quotes", HALF)):
        rows = articles.select("place", "article.published", F.posexplode(table).alias("number", "row"))
        sight = F.expr(f"shiftleft(place, {BITS}) + 2 * ({base} + least(number, {HALF} - 1))").alias("sight")
        wanted = [F.col(f"row.{name}") for name in WANTED[table]]
        rows.select("place", "published", sight, *wanted).createOrReplaceTempView(table)
    articles.select("place", F.inline("entities")).createOrReplaceTempView("sums")
    articles.select(F.inline("pairs")).createOrReplaceTempView("pairs")


WANTED = {
    "mentions": ["entity_id", "name", "surface", "introduces"],
    "quotes": ["speaker_id", "speaker", "kind", "echo_of", "introduces"],
}


def sql(name):
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
