"""Writes the Parquet files beside this script: twelve of the sample articles, by three programs that are not ours.

    python3 -m venv venv && venv/bin/pip install pyarrow polars duckdb
    venv/bin/python tests/foreign/parquet/make.py

tests/foreign_parquet.rs reads them and finds the same articles in each. The versions that wrote them stand in the files.
"""

import datetime as dt
import json
import pathlib

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
COUNT = 12
lines = (HERE.parents[2] / "data" / "articles.jsonl").read_text(encoding="utf-8").splitlines()[:COUNT]
articles = [json.loads(line) for line in lines]
ids = [a["id"] for a in articles]
titles = [a.get("title") for a in articles]
texts = [a["text"] for a in articles]
# Times that have all the parts of which a format might lose one, an hour apart.
times = [dt.datetime(2020, 10, 11, 10, 30, 15, tzinfo=dt.timezone.utc) + dt.timedelta(hours=n) for n in range(COUNT)]
local = [time.replace(tzinfo=None) for time in times]
authors = [["Mira Delgado", f"Author {n}"][: n % 3] for n in range(COUNT)]


def arrow(text=pa.string(), published=None):
    published = published if published is not None else pa.array(times, pa.timestamp("us", "UTC"))
    return pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "title": pa.array(titles, pa.string()),
            "published": published,
            "authors": pa.array(authors, pa.list_(pa.string())),
            "text": pa.array([t.encode() for t in texts] if text == pa.binary() else texts, text),
            # Nobody asks for this column.
            "noise": pa.array([f"{n * 7919 % 1000:03}" * 100 for n in range(COUNT)], pa.string()),
        }
    )


def write(name, table, **options):
    pq.write_table(table, HERE / f"{name}.parquet", **options)


for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    write(f"pyarrow-{codec}", arrow(), compression=codec)
write(
    "pyarrow-groups",
    arrow(),
    row_group_size=5,
    data_page_size=2000,
    write_batch_size=2,
    use_dictionary=False,
    write_statistics=False,
    compression="none",
)
write("pyarrow-v2", arrow(), version="2.6", data_page_version="2.0", compression="zstd")
write("pyarrow-plain", arrow(), use_dictionary=False, write_statistics=False, data_page_version="2.0")
write("pyarrow-large", arrow(pa.large_string()))
write("pyarrow-binary", arrow(pa.binary()))
write("pyarrow-dictionary", arrow(pa.dictionary(pa.int32(), pa.string())))
for encoding in ["DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]:
    name = "pyarrow-" + encoding.lower().replace("_byte_array", "").replace("_", "-")
    for version in ["1.0", "2.0"]:
        write(
            name + ("-v2" if version == "2.0" else ""),
            arrow(),
            use_dictionary=False,
            column_encoding={"id": encoding, "title": encoding, "text": encoding},
            data_page_version=version,
        )
for unit in ["s", "ms", "us", "ns"]:
    write(f"pyarrow-time-{unit}", arrow(published=pa.array(times, pa.timestamp(unit, "UTC"))))
write("pyarrow-time-local", arrow(published=pa.array(local, pa.timestamp("ns"))))
write("pyarrow-time-int96", arrow(published=pa.array(local, pa.timestamp("ns"))), use_deprecated_int96_timestamps=True)
write("pyarrow-date", arrow(published=pa.array([time.date() for time in times], pa.date32())))
write("pyarrow-time-number", arrow(published=pa.array([int(time.timestamp()) for time in times], pa.int64())))
write("pyarrow-time-text", arrow(published=pa.array([time.strftime("%d %B %Y %H:%M:%S GMT") for time in times])))
write(
    "pyarrow-nested",
    pa.table(
        {
            "id": pa.array(range(COUNT), pa.int64()),
            "meta": pa.array(
                [{"title": t, "when": w, "by": [{"name": x} for x in a]} for t, w, a in zip(titles, times, authors)],
                pa.struct(
                    {
                        "title": pa.string(),
                        "when": pa.timestamp("ms", "UTC"),
                        "by": pa.list_(pa.struct({"name": pa.string()})),
                    }
                ),
            ),
            "doc": pa.array([{"parts": t.split("\n\n")} for t in texts], pa.struct({"parts": pa.list_(pa.large_string())})),
        }
    ),
)
write(
    "pyarrow-nulls",
    pa.table(
        {
            "id": pa.array([None if n % 4 == 1 else i for n, i in enumerate(ids)]),
            "title": pa.array([None] * COUNT, pa.string()),
            "text": pa.array([None if n % 3 == 2 else t for n, t in enumerate(texts)]),
        }
    ),
)

frame = pl.DataFrame(
    {"id": ids, "title": titles, "published": times, "authors": authors, "text": texts},
    schema_overrides={"published": pl.Datetime("us", "UTC"), "authors": pl.List(pl.String)},
)
frame.write_parquet(HERE / "polars.parquet")
frame.write_parquet(HERE / "polars-groups.parquet", row_group_size=5, compression="lz4", statistics="full")

duckdb.sql("set timezone = 'UTC'")
source = frame.to_arrow()
duckdb.register("articles", source)
duckdb.sql(f"copy (from articles) to '{HERE}/duckdb.parquet' (format parquet)")
duckdb.sql(f"copy (from articles) to '{HERE}/duckdb-v2.parquet' (format parquet, parquet_version v2, codec brotli)")
# The key is of no worth: the file is there to be refused.
duckdb.sql("set force_mbedtls_unsafe = 'true'")
duckdb.sql("pragma add_parquet_key('key', '0123456789112345')")
duckdb.sql(f"copy (from articles) to '{HERE}/duckdb-encrypted.parquet' (encryption_config {{footer_key: 'key'}})")

# The sample in data/, all articles with all that is known of them.
every = [json.loads(line) for line in (HERE.parents[2] / "data" / "articles.jsonl").read_text("utf-8").splitlines()]
names = ["id", "title", "text", "date", "author", "outlet", "url"]
table = pa.table({name: pa.array([article.get(name) for article in every], pa.string()) for name in names})
pq.write_table(table, HERE.parents[2] / "data" / "articles.parquet", compression="zstd")
