"""Reads tables and exports with what this Python has, and compares every cell with what onrecord wrote.

Run by tests/spreadsheet.rs with the folder that holds `plain`, `excel`, `split` and `bare` (tables), `parquet`, `json`, `news.db`,
`all.xlsx`, `network.gexf` (exports of `plain`) and `expected.json` (the cells of `plain`, without the guard).
Prints `read: PROGRAM VERSION: what` for what agreed and `missing: PROGRAM is not installed`; ends with an error for what did not.
"""

import csv
import importlib
import json
import os
import sys

HERE = sys.argv[1]
EXPECTED = json.load(open(os.path.join(HERE, "expected.json"), encoding="utf-8"))
PACKAGE = json.load(open(os.path.join(HERE, "plain", "datapackage.json"), encoding="utf-8"))
KINDS = {table["name"]: [field["type"] for field in table["schema"]["fields"]] for table in PACKAGE["resources"]}
NAMES = {table["name"]: [field["name"] for field in table["schema"]["fields"]] for table in PACKAGE["resources"]}
csv.field_size_limit(10**9)


def path(*parts):
    return os.path.join(HERE, *parts)


def typed(name, row):
    """A row of expected cells as formats with types have it."""
    cells = []
    for kind, cell in zip(KINDS[name], row):
        if cell == "":
            cells.append(None)
        elif kind == "integer":
            cells.append(int(cell))
        elif kind == "number":
            cells.append(float(cell))
        elif kind == "boolean":
            cells.append(cell == "yes")
        else:
            cells.append(cell)
    return cells


def same(what, name, rows):
    """Compares rows of a format with types."""
    expected = [typed(name, row) for row in EXPECTED[name]]
    rows = [list(row)[: len(KINDS[name])] for row in rows]
    assert len(rows) == len(expected), f"{what}: {name} has {len(rows)} rows, not {len(expected)}"
    for found, row in zip(rows, expected):
        for column, one, other in zip(NAMES[name], found, row):
            equal = one == other or (other is None and one != one)
            assert equal, f"{what}: {name}.{column} is {one!r}, not {other!r}"


def raw(folder, name, encoding="utf-8"):
    """The cells of a table as they are written."""
    with open(path(folder, f"{name}.csv"), encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def with_csv(_):
    for name in EXPECTED:
        rows = raw("bare", name)
        assert rows[0] == NAMES[name] and rows[1:] == EXPECTED[name], name
        rows = raw("excel", name, "utf-8-sig")
        assert rows[0][: len(NAMES[name])] == NAMES[name] and len(rows) - 1 == len(EXPECTED[name]), name
        assert max((len(cell.encode("utf-16-le")) // 2 for row in rows for cell in row), default=0) <= 32767
        data = open(path("excel", f"{name}.csv"), "rb").read()
        assert data.startswith(b"\xef\xbb\xbf\"") and data.endswith(b"\"\r\n"), name
    return "csv without guard, csv --excel"


def with_sqlite3(sqlite3):
    database = sqlite3.connect(path("news.db"))
    for name in EXPECTED:
        columns = ", ".join(f'"{column}"' for column in NAMES[name])
        rows = database.execute(f'SELECT {columns} FROM "{name}" ORDER BY rowid').fetchall()
        booleans = [place for place, kind in enumerate(KINDS[name]) if kind == "boolean"]
        rows = [[None if cell is None else bool(cell) if place in booleans else cell for place, cell in enumerate(row)] for row in rows]
        same("sqlite3", name, rows)
    found = database.execute("SELECT count(*) FROM quotes_fts WHERE quotes_fts MATCH 'boats'").fetchone()[0]
    assert found == sum("boats" in row[NAMES["quotes"].index("quote")] for row in EXPECTED["quotes"])
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    return "SQLite with full-text search"


def with_duckdb(duckdb):
    for name in EXPECTED:
        rows = duckdb.sql(f"FROM '{path('parquet', name + '.parquet')}'").fetchall()
        same("duckdb parquet", name, rows)
        columns = ", ".join(f"'{column}': 'VARCHAR'" for column in NAMES[name])
        rows = duckdb.sql(f"FROM read_csv('{path('bare', name + '.csv')}', columns={{{columns}}}, header=true, nullstr='\x01', max_line_size=10000000)").fetchall()
        assert [["" if cell is None else cell for cell in row] for row in rows] == EXPECTED[name], name
    assert duckdb.sql(f"SELECT typeof(published_date) FROM '{path('parquet', 'articles.parquet')}' LIMIT 1").fetchall()[0][0] == "DATE"
    rows = duckdb.sql(f"SELECT count(*) FROM read_json('{path('json', 'quotes.jsonl')}', format='newline_delimited')").fetchall()[0][0]
    assert rows == len(EXPECTED["quotes"])
    return "Parquet, csv, JSON Lines"


def with_pandas(pandas):
    try:
        importlib.import_module("pyarrow")
        parquet = "Parquet, "
        for name in EXPECTED:
            frame = pandas.read_parquet(path("parquet", f"{name}.parquet"))
            same("pandas parquet", name, frame.astype(object).where(frame.notna(), None).values.tolist())
    except ImportError:
        parquet = ""
    for folder, encoding in [("bare", "utf-8"), ("excel", "utf-8-sig")]:
        for name in EXPECTED:
            frame = pandas.read_csv(path(folder, f"{name}.csv"), dtype=str, keep_default_na=False, encoding=encoding)
            assert list(frame.columns)[: len(NAMES[name])] == NAMES[name], name
            if folder == "bare":
                assert frame.values.tolist() == EXPECTED[name], name
    frame = pandas.read_json(path("json", "mentions.jsonl"), lines=True, dtype=False)
    assert len(frame) == len(EXPECTED["mentions"])
    return parquet + "csv, csv --excel, JSON Lines"


def with_polars(polars):
    for name in EXPECTED:
        same("polars parquet", name, polars.read_parquet(path("parquet", f"{name}.parquet")).rows())
        if EXPECTED[name]:
            frame = polars.read_ndjson(path("json", f"{name}.jsonl"), infer_schema_length=None)
            same("polars json", name, frame.rows())
        frame = polars.read_csv(path("bare", f"{name}.csv"), infer_schema=False)
        assert [[cell or "" for cell in row] for row in frame.rows()] == EXPECTED[name], name
    return "Parquet, JSON Lines, csv"


def with_pyarrow(pyarrow):
    parquet = importlib.import_module("pyarrow.parquet")
    for name in EXPECTED:
        table = parquet.read_table(path("parquet", f"{name}.parquet"))
        same("pyarrow", name, zip(*(column.to_pylist() for column in table.columns)))
    return "Parquet"


def with_openpyxl(openpyxl):
    book = openpyxl.load_workbook(path("all.xlsx"), read_only=False)
    for name in EXPECTED:
        sheet = book[name]
        assert sheet.freeze_panes == "A2", name
        assert not EXPECTED[name] or sheet.auto_filter.ref, name
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), name
        assert sheet.max_row == len(EXPECTED[name]) + 1, name
    return "xlsx: header in view, filters, no formula"


def with_frictionless(frictionless):
    for folder in ["plain", "bare", "excel", "split"]:
        report = frictionless.Package(path(folder, "datapackage.json")).validate()
        assert report.valid, f"{folder}: {report.flatten(['name', 'type', 'note'])}"
    encodings = {frictionless.Package(path(folder, "datapackage.json")).resources[0].encoding for folder in ["plain", "excel"]}
    assert encodings == {"utf-8", "utf-8-sig"}, encodings
    return "datapackage.json of csv, without guard, --excel, in several files: valid"


def with_networkx(networkx):
    # It knows GEXF 1.1 and 1.2, which have the same elements under another address.
    text = open(path("network.gexf"), encoding="utf-8").read().replace("http://gexf.net/1.3", "http://www.gexf.net/1.2draft")
    text = text.replace('version="1.3"', 'version="1.2"')
    with open(path("network-1.2.gexf"), "w", encoding="utf-8") as file:
        file.write(text)
    graph = networkx.read_gexf(path("network-1.2.gexf"))
    pairs = EXPECTED["cooccurrences"]
    assert graph.number_of_edges() == len(pairs)
    assert all(graph[row[0]][row[1]]["weight"] == float(row[3]) for row in pairs)
    return f"GEXF: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges"


for module in ["csv", "sqlite3", "duckdb", "pandas", "polars", "pyarrow", "openpyxl", "frictionless", "networkx"]:
    try:
        found = importlib.import_module(module)
    except ImportError:
        print(f"missing: {module} is not installed for Python")
        continue
    version = found.sqlite_version if module == "sqlite3" else getattr(found, "__version__", None)
    if version is None:
        version = importlib.import_module("importlib.metadata").version(module) if module == "frictionless" else ""
    print(f"read: {module} {version}: {globals()['with_' + module](found)}")
