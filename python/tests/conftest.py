"""What several tests need: the sample articles, the tables that the command line makes of them, and one extractor."""

import csv
import json
from pathlib import Path

import pyarrow
import pytest

import onrecord

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "jsonl"
#: Those that are kept as golden tables.
TABLES = ["articles", "mentions", "quotes", "entities", "cooccurrences"]


@pytest.fixture(scope="session")
def extractor():
    return onrecord.Extractor(threads=2)


@pytest.fixture(scope="session")
def articles():
    with open(ROOT / "data" / "articles.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def table(articles):
    """Articles as a table of Arrow, with a column for every key that any of them has."""
    names = {name: None for article in articles for name in article}
    return pyarrow.table({name: [article.get(name) for article in articles] for name in names})


def unguarded(cell):
    """A cell of a CSV without the apostrophe that guards spreadsheets."""
    rest = cell.removeprefix("'")
    return rest if rest != cell and rest.lstrip("' ").startswith(tuple("=+-@\t\r\n＝＋－＠")) else cell


def csv_rows(path):
    """The rows of a table that the command line wrote."""
    with open(path, encoding="utf-8", newline="") as file:
        return [{key: unguarded(cell) for key, cell in row.items()} for row in csv.DictReader(file)]


def as_csv(table):
    """The rows of a table of Arrow, with cells as the command line would write them."""

    def cell(column, value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if column == "confidence":
            return f"{value:.2f}"
        return str(value)

    return [{key: cell(key, value) for key, value in row.items()} for row in table.to_pyarrow().to_pylist()]


def same_rows(found, expected, but=()):
    """Compares row for row. Numbers with a fraction may be written in another way."""

    def shown(row):
        cells = {key: value for key, value in row.items() if key not in but}
        for key in ("latitude", "longitude"):
            if cells.get(key):
                cells[key] = float(cells[key])
        return cells

    found, expected = [shown(row) for row in found], [shown(row) for row in expected]
    for number, (one, other) in enumerate(zip(found, expected)):
        assert one == other, f"row {number + 1}"
    assert len(found) == len(expected)


def equals_golden(extraction, but=("source",)):
    for name in TABLES:
        same_rows(as_csv(extraction[name]), csv_rows(GOLDEN / f"{name}.csv"), but)
