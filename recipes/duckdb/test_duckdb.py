"""What comes into DuckDB are the tables of one `onrecord extract`."""

import duckdb
import onrecord
import pytest
from compared import ROOT, command_line, same

from into_duckdb import annotate

DUMP = ROOT / "data/articles.parquet"


def test_articles_annotated_a_few_at_a_time_give_the_tables_of_the_program(tmp_path):
    expected = command_line([DUMP], tmp_path / "expected")
    with duckdb.connect(tmp_path / "news.db") as connection:
        annotate(connection, f"FROM '{DUMP}'", onrecord.Extractor(), rows=10)
        tables = {name: connection.table(name).to_arrow_table() for name in ("articles", "mentions", "quotes")}
        # As entities.csv counts them.
        counted = connection.sql("SELECT entity_id, count(*) AS mentions FROM mentions GROUP BY ALL").fetchall()
    for name in ("mentions", "quotes"):
        same(tables, expected, name)
    # There is no file here; records are numbered as the query gives them.
    same(tables, expected, "articles", untold=["source"])
    assert dict(counted) == {
        row["entity_id"]: int(row["mentions"]) for row in expected["entities"] if row["mentions"] != "0"
    }


def test_a_query_that_fails_leaves_no_half_tables(tmp_path):
    query = f"SELECT *, CASE WHEN id = '36-oasis-tomb' THEN error('stop') END AS other FROM '{DUMP}'"
    with duckdb.connect(tmp_path / "news.db") as connection, pytest.raises(Exception, match="stop"):
        annotate(connection, query, onrecord.Extractor(), rows=10)
    with duckdb.connect(tmp_path / "news.db") as connection:
        assert connection.sql("SHOW TABLES").fetchall() == []
