"""Names and quotations of a dump in Parquet, partition by partition, with Dask.

    python recipes/dask/with_dask.py dump/ tables/

writes tables/articles, mentions and quotes with a file for each partition. A partition whose files are there is not done
again, so that a run that was stopped goes on.
"""

import functools
import os
import sys

import dask
import dask.dataframe as dd
import onrecord
import pyarrow as pa
import pyarrow.parquet as pq

TABLES = ("articles", "mentions", "quotes")


@functools.cache
def extractor():
    """One for each process; threads share it. Dask has the threads, so it needs none itself."""
    return onrecord.Extractor(threads=1)


def annotate(dump, out):
    """Annotates a frame of Dask; returns how many quotations each partition has."""
    for table in TABLES:
        os.makedirs(f"{out}/{table}", exist_ok=True)
    return [annotate_part(part, out, number) for number, part in enumerate(dump.to_delayed())]


@dask.delayed
def annotate_part(frame, out, number):
    paths = {table: f"{out}/{table}/part-{number:05}.parquet" for table in TABLES}
    if not all(map(os.path.exists, paths.values())):
        result = extractor().extract(pa.Table.from_pandas(frame, preserve_index=False))
        for table, path in paths.items():
            # It has another name until it is whole.
            pq.write_table(pa.table(result[table]), path + ".partial")
            os.replace(path + ".partial", path)
    return pq.read_metadata(paths["quotes"]).num_rows


if __name__ == "__main__":
    source, out = sys.argv[1:]
    quotes = dask.compute(*annotate(dd.read_parquet(source), out), scheduler="threads")
    print(f"{sum(quotes):,} quotations in {out}/quotes")
