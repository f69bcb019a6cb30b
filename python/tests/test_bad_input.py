"""What is wrong costs its own record, or is told clearly; nothing crashes."""

import datetime

import pyarrow
import pytest

import onrecord


def rejects(extraction):
    return [(row["record"], row["reason"], row["detail"]) for row in extraction.rejects.to_pyarrow().to_pylist()]


def test_records_without_a_text_are_rows_of_rejects(extractor):
    texts = ["One.", None, "", " \n", float("nan"), "Two."]
    found = extractor.extract(texts)
    assert found.articles.num_rows == 2
    assert [(record, reason) for record, reason, _ in rejects(found)] == [(n, "no text") for n in (2, 3, 4, 5)]
    for kind in (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()):
        column = pyarrow.array(["One.", None, "", " \n", None, "Two."], kind)
        found = extractor.extract(pyarrow.table({"text": column}))
        assert found.articles.num_rows == 2 and len(rejects(found)) == 4
    none = extractor.extract(pyarrow.table({"text": pyarrow.nulls(3)}))
    assert (none.articles.num_rows, none.rejects.num_rows) == (0, 3)


def test_lone_surrogates_cost_their_record(extractor):
    found = extractor.extract(["Fine.", "half \ud800 of it", {"text": "Fine.", "title": "\udfff"}, {"text": ["a", "\udc80"]}])
    assert found.articles.num_rows == 1
    assert rejects(found) == [
        (2, "bad encoding", "character 6 is a lone surrogate, which is no text"),
        (3, "bad encoding", "`title`: character 1 is a lone surrogate, which is no text"),
        (4, "bad encoding", "`text`: character 1 is a lone surrogate, which is no text"),
    ]
    assert extractor.extract([{"text": "Fine.", "\ud800": 1}]).articles.num_rows == 1


def test_bytes_that_are_no_text_cost_their_row(extractor):
    # No producer should make such an array of strings, and some do.
    bytes_of = pyarrow.array([b"Fine.", b"caf\xe9", b"\xed\xa0\x80"], pyarrow.binary())
    broken = pyarrow.Array.from_buffers(pyarrow.string(), 3, bytes_of.buffers())
    for column in (bytes_of, broken):
        found = extractor.extract(pyarrow.table({"text": column}))
        assert found.articles.num_rows == 1
        assert [(record, reason) for record, reason, _ in rejects(found)] == [(2, "bad encoding"), (3, "bad encoding")]


def test_damaged_arrow_data_are_told(extractor):
    text = pyarrow.array(["One.", "Two."])
    offsets = pyarrow.array([0, 900_000, 4], pyarrow.int32()).buffers()[1]
    damaged = pyarrow.Array.from_buffers(pyarrow.string(), 2, [None, offsets, text.buffers()[2]])
    with pytest.raises(ValueError, match="damaged Arrow data"):
        extractor.extract(pyarrow.table({"text": damaged}))


def test_columns_that_are_missing_are_named(extractor):
    table = pyarrow.table({"story": ["One."], "n": [1]})
    with pytest.raises(onrecord.UsageError, match=r"no column of texts.*the columns are `story`, `n`"):
        extractor.extract(table)
    with pytest.raises(ValueError, match=r"there is no column `body_text`; the columns are `story`, `n`"):
        onrecord.Extractor(text_field="body_text").extract(table)
    with pytest.raises(onrecord.UsageError, match=r"there is no column `day`"):
        onrecord.Extractor(text_field="story", date_field="day").extract_batches(table)
    assert onrecord.Extractor(text_field="story").extract(table).articles.num_rows == 1


@pytest.mark.parametrize("kind", [pyarrow.int64(), pyarrow.bool_(), pyarrow.date32(), pyarrow.list_(pyarrow.int8())])
def test_columns_of_other_types_are_told(extractor, kind):
    with pytest.raises(onrecord.UsageError, match=r"column `text` holds .*, no texts; the columns are `text`"):
        extractor.extract(pyarrow.table({"text": pyarrow.nulls(2, kind)}))


def test_other_fields_may_be_numbers_and_dates(extractor):
    day = datetime.date(2024, 3, 2)
    table = pyarrow.table({"id": [7], "date": [day], "text": ["One."], "source": pyarrow.array(["A"]).dictionary_encode()})
    for given in (table, table.to_pylist(), [{**table.to_pylist()[0], "date": datetime.datetime(2024, 3, 2)}]):
        row = extractor.extract(given).articles.to_pyarrow().to_pylist()[0]
        assert row["article_id"] == "7" and row["published"].startswith("2024-03-02") and row["outlet"] == "A"


def test_empty_input_gives_empty_tables(extractor):
    empty = pyarrow.table({"text": pyarrow.array([], pyarrow.string())})
    batch = pyarrow.record_batch({"text": pyarrow.array([], pyarrow.string())})
    for given in ([], iter(()), empty, batch, [empty, batch], empty.to_reader(), pyarrow.chunked_array([], pyarrow.string())):
        found = extractor.extract(given)
        for name, table in found.items():
            assert table.num_rows == 0, name
            assert pyarrow.table(table).schema == pyarrow.schema(onrecord.schema(name))
            assert pyarrow.record_batch(table).num_rows == 0
    assert list(extractor.extract_batches([])) == []


def test_columns_alone_are_texts(extractor):
    for given in (pyarrow.array(["One.", None]), pyarrow.chunked_array([["One."], [None]])):
        found = extractor.extract(given)
        assert (found.articles.num_rows, found.rejects.num_rows) == (1, 1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("a text", "a str is one record: give a list"),
        (b"a text", "a bytes is one record: give a list"),
        ({"text": "a text"}, "a dict is one record: give a list"),
        (7, "a int holds no records"),
        (None, "a NoneType holds no records"),
        (["One.", 7], "record 2 is a int: give texts or dictionaries"),
        ([["One."]], "record 1 is a list: give texts or dictionaries"),
        ([{"text": "One.", "date": object()}], "record 1, `date`: a object is no text, number, date"),
    ],
)
def test_what_is_no_record_is_told(extractor, given, message):
    with pytest.raises((TypeError, ValueError)) as told:
        extractor.extract(given)
    assert message in str(told.value)


def test_values_that_hold_themselves_cost_their_record(extractor):
    endless = []
    endless.append(endless)
    found = extractor.extract([{"text": "One.", "author": endless}, {"text": "Two.", "other": endless}])
    assert (found.articles.num_rows, rejects(found)[0][:2]) == (1, (1, "too deep"))


def test_errors_of_the_source_are_passed_on(extractor):
    def texts():
        yield "One."
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        extractor.extract(texts())
    with pytest.raises(LookupError):
        list(extractor.extract_batches(texts()))
    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("text", pyarrow.string())]), broken_batches())
    with pytest.raises(ValueError, match="the source broke"):
        extractor.extract(reader)


def broken_batches():
    yield pyarrow.record_batch({"text": ["One."]})
    raise RuntimeError("the source broke")


def test_tables_whose_rows_are_null_are_told(extractor):
    rows = pyarrow.StructArray.from_arrays([pyarrow.array(["a", "b"])], ["text"], mask=pyarrow.array([False, True]))
    with pytest.raises(ValueError, match="null as a whole"):
        extractor.extract(rows)


def test_readers_can_be_read_once(extractor):
    class Once:
        def __init__(self, table):
            self.capsule = table.__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema=None):
            return self.capsule

    once = Once(pyarrow.table({"text": ["One."]}))
    assert extractor.extract(once).articles.num_rows == 1
    with pytest.raises(ValueError, match="read before"):
        extractor.extract(once)


def test_objects_that_lie_about_arrow_are_told(extractor):
    class Liar:
        def __arrow_c_stream__(self, requested_schema=None):
            return "no capsule"

        def __arrow_c_array__(self, requested_schema=None):
            return None

    with pytest.raises(TypeError):
        extractor.extract(Liar())
    capsule = pyarrow.table({"text": ["One."]}).schema.__arrow_c_schema__()
    with pytest.raises(ValueError):
        extractor.extract(type("Other", (), {"__arrow_c_stream__": lambda self, s=None: capsule})())


def test_arguments_that_cannot_be_used_are_told(tmp_path):
    missing = tmp_path / "missing.csv"
    with pytest.raises(FileNotFoundError, match="missing.csv: No such file"):
        onrecord.Extractor([missing])
    broken = tmp_path / "broken.csv"
    broken.write_text("name,type\nA Name,planet\n")
    with pytest.raises(onrecord.GazetteerError, match=r"broken.csv: line 2"):
        onrecord.Extractor(broken)
    for options, message in [
        ({"min_confidence": 1.5}, "min_confidence=1.5: a number from 0 to 1"),
        ({"min_confidence": float("nan")}, "a number from 0 to 1"),
        ({"max_text": 0}, "max_text=0: a number from 1 to 1000000"),
        ({"max_work": 0}, "max_work=0"),
        ({"language": "q"}, "no language that is known"),
        ({"skip_duplicates": True, "no_duplicates": True}, "give one of them"),
    ]:
        with pytest.raises(onrecord.UsageError, match=message):
            onrecord.Extractor(**options)
    with pytest.raises(TypeError):
        onrecord.Extractor(no_such_option=1)
    with pytest.raises(OverflowError):
        onrecord.Extractor(threads=-1)


def test_runs_over_files_tell_what_is_wrong(extractor, tmp_path):
    news = tmp_path / "news.jsonl"
    news.write_text('{"text": "One."}\n{"text":\n')
    with pytest.raises(FileNotFoundError, match="nowhere"):
        extractor.extract_path(tmp_path / "nowhere", tmp_path / "out")
    for options, message in [
        ({"format": "docx"}, "no such format"),
        ({"shard": "5/4"}, "there is no shard 5 of 4"),
        ({"shard": "x"}, "two numbers such as 1/4"),
        ({"where": "colour=red"}, "where="),
        ({"sample": 2.0}, "sample=2"),
        ({"checkpoint": -1.0}, "checkpoint=-1"),
        ({"split_rows": 1}, "split_rows=1"),
        ({"resume": True, "force": True}, "give one of them"),
    ]:
        with pytest.raises(onrecord.UsageError, match=message):
            extractor.extract_path(news, tmp_path / "out", **options)
    report = extractor.extract_path([news], str(tmp_path / "out"))
    assert (report.articles, report.rejects) == (1, 1)
    with pytest.raises(onrecord.UsageError):
        extractor.extract_path(news, tmp_path / "out")
    assert extractor.extract_path(news, tmp_path / "out", force=True).articles == 1
