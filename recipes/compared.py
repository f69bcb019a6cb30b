"""What a recipe has found, compared with the tables of the program."""

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa

ROOT = Path(__file__).parents[1]
PROGRAM = os.environ.get("ONRECORD") or shutil.which("onrecord") or str(ROOT / "target/release/onrecord")


def command_line(inputs, out, *options):
    """The tables of the program, as rows of text."""
    command = [PROGRAM, "extract", *inputs, "--out", out, "-q", "--no-guard", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    tables = {}
    for path in Path(out).glob("*.csv"):
        with open(path, encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return tables


def same(tables, expected, name, untold=()):
    """Asserts that both tables have the same columns, but for those `untold`, and the same rows in whatever order."""
    table, rows = tables[name], expected[name]
    columns = [column for column in rows[0] if column not in untold]
    assert [column for column in table.column_names if column not in untold] == columns
    kinds = [table.schema.field(column).type for column in columns]
    got = sorted(tuple(map(cell, row.values())) for row in table.select(columns).to_pylist())
    wanted = sorted(tuple(cell(parsed(row[column], kind)) for column, kind in zip(columns, kinds)) for row in rows)
    assert len(got) == len(wanted), name
    for one, other in zip(got, wanted):
        assert one == other, name


def parsed(text, kind):
    """A cell of CSV as a column of this type holds it."""
    if text == "":
        return None
    if pa.types.is_boolean(kind):
        return text == "yes"
    return int(text) if pa.types.is_integer(kind) else float(text) if pa.types.is_floating(kind) else text


def cell(value):
    """As text, so that rows can be sorted. Confidences have two decimals in the CSV, and coordinates come from there."""
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
