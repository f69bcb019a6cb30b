"""Names and quotations of whatever DuckDB can read, as tables of DuckDB.

    python recipes/duckdb/into_duckdb.py news.db "FROM 'dump/*.parquet'"

makes the tables articles, mentions and quotes in news.db. Articles are read, annotated and inserted a thousand at a time, so that
memory is bounded; the extractor has a thread for each core.
"""

import sys

import duckdb
import onrecord
import pyarrow as pa

TABLES = ("articles", "mentions", "quotes")


def annotate(connection, query, extractor, rows=1000):
    """Adds what is found in the articles that `query` gives to the tables, which are made if they are not there; or nothing at all,
    if anything fails."""
    # A connection has one open result, so that reading needs a cursor of its own.
    batches = connection.cursor().sql(query).to_arrow_reader(rows)
    connection.begin()
    try:
        for found in extractor.extract_batches(batches):
            for name in TABLES:
                connection.register("found", pa.table(found[name]))
                connection.execute(f"CREATE TABLE IF NOT EXISTS {name} AS FROM found LIMIT 0")
                connection.execute(f"INSERT INTO {name} FROM found")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def main():
    database, query = sys.argv[1:]
    with duckdb.connect(database) as connection:
        annotate(connection, query, onrecord.Extractor())
        print(
            connection.sql(
                "SELECT speaker, count(*) AS quotes FROM quotes WHERE echo_of IS NULL GROUP BY ALL ORDER BY quotes DESC LIMIT 10"
            )
        )


if __name__ == "__main__":
    main()
