"""What Dask writes are the tables of one `onrecord extract`."""

import dask
import dask.dataframe as dd
import pyarrow.parquet as pq
import pytest
from compared import ROOT, command_line, same

from with_dask import annotate

DUMP = ROOT / "data/articles.parquet"


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_partitions_give_the_tables_of_the_program(scheduler, tmp_path):
    expected = command_line([DUMP], tmp_path / "expected")
    dump = dd.read_parquet(DUMP).repartition(npartitions=3)
    counts = dask.compute(*annotate(dump, tmp_path / "out"), scheduler=scheduler, num_workers=2)
    assert len(counts) == dump.npartitions and sum(counts) == len(expected["quotes"])
    tables = {name: pq.read_table(tmp_path / "out" / name) for name in ("articles", "mentions", "quotes")}
    for name in ("mentions", "quotes"):
        same(tables, expected, name)
    # A record's place in a file is known to nobody here.
    same(tables, expected, "articles", untold=["source", "record"])


def test_a_partition_that_is_there_is_not_done_again(tmp_path):
    dump = dd.read_parquet(DUMP).repartition(npartitions=2)
    first = dask.compute(*annotate(dump, tmp_path), scheduler="sync")
    files = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*")}
    (tmp_path / "quotes/part-00001.parquet").unlink()
    assert dask.compute(*annotate(dump, tmp_path), scheduler="sync") == first
    again = {path for path, time in files.items() if path.stat().st_mtime_ns != time}
    assert {path.name for path in again} == {"part-00001.parquet"} and set(tmp_path.glob("*/*")) == set(files)
