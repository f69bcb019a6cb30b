"""Rows of `onrecord pipe --arrow` against the objects of `onrecord pipe`, for each way in which Arrow keeps texts."""

import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.feather

program, path = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    records = [json.loads(line) for line in file]
records += [{"id": "none", "title": "no text"}, {"id": "last", "text": "Mira Delgado waited."}]
names = sorted({name for record in records for name in record})
table = pa.Table.from_pylist([{name: record.get(name) for name in names} for record in records])


def through(*options, stdin):
    done = subprocess.run([program, "pipe", *options], input=stdin, capture_output=True)
    assert done.returncode == 1, (done.returncode, done.stderr)
    return done.stdout


def without_offsets(rows):
    for row in rows:
        if row["error"]:
            del row["error"]["byte_offset"]
    return rows


def answers(stdin):
    with pa.ipc.open_stream(through("--arrow", stdin=stdin)) as reader:
        found = reader.read_all()
    found.validate(full=True)
    return without_offsets(found.to_pylist())


lines = "".join(json.dumps(record) + "\n" for record in records).encode()
keys = ["article", "mentions", "entities", "quotes", "error"]
objects = [json.loads(line) for line in through(stdin=lines).splitlines()]
expected = without_offsets([{key: found.get(key) for key in keys} for found in objects])


def as_type(change):
    columns = {name: table[name] for name in names}
    return pa.table({n: change(c) if c.type == pa.string() else c for n, c in columns.items()})


tables = {
    "string": table,
    "large_string": as_type(lambda column: column.cast(pa.large_string())),
    "string_view": as_type(lambda column: column.cast(pa.string_view())),
    "dictionary": as_type(lambda column: column.dictionary_encode()),
}
for name, kind in tables.items():
    for compression in [None, "lz4", "zstd"]:
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression=compression)
        with pa.ipc.new_stream(sink, kind.schema, options=options) as writer:
            writer.write_table(kind, max_chunksize=10)
        assert answers(sink.getvalue().to_pybytes()) == expected, (name, compression)
sink = pa.BufferOutputStream()
pyarrow.feather.write_feather(table, sink)
assert answers(sink.getvalue().to_pybytes()) == expected, "a file"
print(f"pyarrow {pa.__version__}: {len(expected)} rows are {len(objects)} objects")
