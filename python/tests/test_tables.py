"""The tables are those of the command line, whatever the articles come in."""

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pytest
from conftest import GOLDEN, ROOT, TABLES, as_csv, csv_rows, equals_golden, same_rows, table

import onrecord

# A frame of pandas makes None of a missing string, and a table of DuckDB any order of columns; all hold the same articles.
SHAPES = {
    "dictionaries": lambda articles: articles,
    "a generator of dictionaries": lambda articles: (article for article in articles),
    "a pyarrow table": lambda articles: table(articles),
    "a pyarrow batch": lambda articles: table(articles).to_batches()[0],
    "a reader": lambda articles: table(articles).to_reader(max_chunksize=5),
    "a list of batches": lambda articles: table(articles).to_batches(max_chunksize=7),
    "tables and dictionaries": lambda articles: [table(articles[:9]), *articles[9:]],
    "large strings": lambda articles: cast(articles, pyarrow.large_string()),
    "string views": lambda articles: cast(articles, pyarrow.string_view()),
    "binary": lambda articles: cast(articles, pyarrow.binary()),
    "dictionaries of Arrow": lambda articles: encoded(articles),
    "slices": lambda articles: sliced(articles),
    "a polars frame": lambda articles: polars.DataFrame(articles),
    "a pandas frame": lambda articles: pandas.DataFrame(articles),
    "DuckDB": lambda articles: queried(articles),
    "Parquet": lambda articles: pyarrow.parquet.read_table(ROOT / "data" / "articles.parquet"),
    "a dataset": lambda articles: pyarrow.dataset.dataset(ROOT / "data" / "articles.parquet").scanner(),
}


def cast(articles, kind):
    strings = table(articles)
    return strings.cast(pyarrow.schema([(name, kind) for name in strings.column_names]))


def encoded(articles):
    strings = table(articles)
    columns = {name: strings.column(name).combine_chunks() for name in strings.column_names}
    return pyarrow.table({name: column.dictionary_encode() for name, column in columns.items()})


def sliced(articles):
    batch = table([articles[0], *articles, articles[0]]).to_batches()[0]
    count = len(articles)
    return [batch.slice(1, 10), batch.slice(11, 0), batch.slice(11, count - 10)]


def queried(articles):
    connection = duckdb.connect()
    connection.register("news", table(articles))
    return connection.sql("select url, * exclude (url) from news")


@pytest.mark.parametrize("shape", SHAPES)
def test_tables_are_those_of_the_command_line(extractor, articles, shape):
    given = SHAPES[shape](articles)
    if shape == "a dataset":
        given = given.to_reader()
    equals_golden(extractor.extract(given))


def test_files_become_what_the_command_line_makes_of_them(extractor, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT / "data")
    report = extractor.extract_path("articles.jsonl", tmp_path / "out")
    for name in TABLES:
        assert (tmp_path / "out" / f"{name}.csv").read_bytes() == (GOLDEN / f"{name}.csv").read_bytes()
    assert report.rows["quotes"] == len(csv_rows(GOLDEN / "quotes.csv"))
    assert (report.articles, report.rejects, report.done_before) == (36, 0, False)
    assert report.out == tmp_path / "out" and report.elapsed > 0
    candidates = csv_rows(tmp_path / "out" / "candidates.csv")
    extraction = extractor.extract(pyarrow.parquet.read_table(ROOT / "data" / "articles.parquet"))
    same_rows(as_csv(extraction.candidates), candidates)


def test_batches_are_each_by_itself(extractor, articles):
    for size in (1, 11, 1000):
        parts = list(extractor.extract_batches(table(articles).to_reader(max_chunksize=size)))
        assert len(parts) == -(-len(articles) // size)
        for name in ("articles", "mentions", "quotes"):
            rows = [row for part in parts for row in as_csv(part[name])]
            same_rows(rows, csv_rows(GOLDEN / f"{name}.csv"), but=("source",))


def test_batches_of_texts_are_numbered_through(extractor):
    parts = list(extractor.extract_batches(f"Text number {number}." for number in range(2500)))
    assert [part.articles.num_rows for part in parts] == [1000, 1000, 500]
    assert as_csv(parts[2].articles)[0]["article_id"] == "memory:2001"
    batches = extractor.extract_batches(["One."] * 2)
    assert [row["duplicate_of"] for row in as_csv(next(batches).articles)] == ["", ""]
    assert next(batches, None) is None and next(batches, None) is None


def test_ids_are_unique_and_duplicates_are_told(extractor):
    rows = as_csv(extractor.extract([{"id": "a", "text": "One."}, {"id": "a", "text": "One."}, "Two."]).articles)
    assert [row["article_id"] for row in rows] == ["a", "a~2", "memory:3"]
    assert [row["duplicate_of"] for row in rows] == ["", "a", ""]


def test_columns_have_types_and_descriptions(extractor, articles):
    mentions = extractor.extract(articles).mentions
    schema = mentions.to_pyarrow().schema
    kinds = {field.name: str(field.type) for field in schema}
    assert kinds["start"] == "int64" and kinds["confidence"] == "double" and kinds["name"] == "string"
    assert b"code points" in schema.field("start").metadata[b"description"].lower().replace(b"-", b" ")
    assert pyarrow.schema(onrecord.schema("mentions")) == schema
    for name in onrecord.TABLES:
        empty = onrecord.schema(name)
        assert empty.num_rows == 0 and empty.column_names == pyarrow.schema(empty).names
        assert pyarrow.table(empty).num_rows == 0
    with pytest.raises(KeyError, match="nothing"):
        onrecord.schema("nothing")


def test_offsets_are_those_of_python(extractor, articles):
    bodies = {article["id"]: article for article in articles}
    mentions = extractor.extract(articles).mentions.to_pyarrow().to_pylist()
    assert len(mentions) > 100
    for row in mentions:
        article = bodies[row["article_id"]]
        field = "text" if row["zone"] == "body" or not article.get("title") else "title"
        if row["zone"] == "title" and field == "text":
            continue
        assert article[field][row["start"] : row["end"]] == row["surface"]


def test_tables_go_to_other_programs(extractor, articles):
    found = extractor.extract(articles)
    quotes = found.quotes.to_pyarrow()
    assert found.quotes.to_pandas().shape == quotes.shape == found.quotes.to_polars().shape
    assert polars.DataFrame(found.quotes).height == quotes.num_rows
    assert pyarrow.record_batch(found.quotes).to_pylist() == quotes.to_pylist()
    counted = duckdb.connect().execute("select count(*) from quotes where speaker_id is not null").fetchone()[0]
    assert counted == quotes.num_rows - quotes.column("speaker_id").null_count > 0


def test_an_extraction_is_a_mapping(extractor, articles):
    found = extractor.extract(articles[:2])
    names = ["articles", "mentions", "entities", "quotes", "cooccurrences", "candidates", "rejects"]
    assert list(found) == found.keys() == names and len(found) == 7
    assert found["quotes"] is found.quotes and "quotes" in found and "texts" not in found
    assert {name: len(table) for name, table in found.items()} == {name: len(found[name]) for name in dict(found)}
    with pytest.raises(KeyError):
        found["nothing"]
    with pytest.raises(AttributeError, match="emit_text=True"):
        found.texts
    assert repr(found) == f"<onrecord.Extraction of 2 articles: {len(found.mentions)} mentions, {len(found.quotes)} quotes, 0 rejects>"
    assert repr(found.rejects) == "<onrecord.Table rejects: 0 rows, 5 columns>"


def test_tables_that_are_not_asked_for_are_not_made(extractor, articles):
    every = extractor.extract(articles)
    for asked in ("quotes", ["quotes"], ("entities", "rejects"), ["texts", "mentions"], []):
        found = extractor.extract(articles, tables=asked)
        names = [asked] if isinstance(asked, str) else asked
        assert sorted(found) == sorted(names)
        assert all(table.to_pyarrow().equals(every[name].to_pyarrow()) for name, table in found.items() if name in every)
        assert repr(found) == repr(every), "what was found is counted all the same"
        (batch,) = extractor.extract_batches([table(articles)], tables=asked)
        assert list(batch) == list(found)
        with pytest.raises(AttributeError, match="was not asked for"):
            found.cooccurrences
    for call in (extractor.extract, extractor.extract_batches):
        with pytest.raises(onrecord.UsageError, match='tables="quote": there are articles, mentions'):
            call(articles, tables=["quotes", "quote"])


def test_options_do_what_they_do_on_the_command_line(articles, tmp_path):
    sure = onrecord.Extractor(min_confidence=0.9, emit_text=True, threads=1).extract(articles)
    assert min(row["confidence"] for row in sure.mentions.to_pyarrow().to_pylist()) >= 0.9
    assert as_csv(sure.texts)[0]["text"] == articles[0]["text"]
    names = tmp_path / "names.csv"
    names.write_text("name,type,id\nQuorvane Institute,organization,x:quorvane\n")
    for gazetteers in (names, str(names), [names], [str(tmp_path)]):
        text = "A report by the Quorvane Institute was published on Monday."
        found = onrecord.Extractor(gazetteers).extract([text]).mentions.to_pyarrow().to_pylist()
        assert [row["entity_id"] for row in found] == ["x:quorvane"]
    corrections = tmp_path / "fixes.csv"
    corrections.write_text("action,surface\nnot a name,Quorvane Institute\n")
    other = onrecord.Extractor(corrections=corrections, language="en", skip_duplicates=True, max_text=1)
    found = other.extract([text, text, "x" * 1_000_000])
    assert (found.articles.num_rows, found.mentions.num_rows, found.rejects.num_rows) == (2, 0, 1)
    renamed = {"meta": {"story": articles[0]["text"]}, "key": 7}
    fields = onrecord.Extractor(text_field="meta.story", id_field="key")
    for given in ([renamed], pyarrow.Table.from_pylist([renamed])):
        assert as_csv(fields.extract(given).articles)[0]["article_id"] == "7"
