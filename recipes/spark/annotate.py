"""What a Spark worker does: batches of records in, and a row for each record out, with all that was found in it.

The rows of one article stay together as lists, so that all tables come from one pass over the texts. This is a module of its own,
and no part of the job's script, because a worker process imports it once: what it remembers (the extractor) is there for all tasks
of that process, where a script's own functions are sent anew with each task.
"""

import hashlib
import json
import os

import numpy as np
import onrecord
import pyarrow as pa
from pyspark import SparkFiles

#: Columns that the job adds to the records, to tell where they stand.
FILE, SPLIT, ROW = "onrecord_file", "onrecord_split", "onrecord_row"


def found(batches, options, files, firsts):
    """Gives rows of `SCHEMA` for each batch of records.

    `files` has for each file how many records come before it, its name, and what ids made for its records begin with. `firsts` has
    for each part of a file of lines the number of its first record; it is empty where Spark numbers the rows of files itself.
    """
    lines = {}
    for batch in batches:
        paths = batch.column(FILE).to_pylist()
        if firsts:
            numbers = []
            for part in zip(paths, batch.column(SPLIT).to_pylist()):
                lines[part] = lines.get(part, firsts[part] - 1) + 1
                numbers.append(lines[part])
            records = [read(line) for line in batch.column("line").to_pylist()]
        else:
            numbers = [row + 1 for row in batch.column(ROW).to_pylist()]
            records = batch.drop_columns([FILE, SPLIT, ROW])
        origins = [Origin(files[path], number) for path, number in zip(paths, numbers)]
        yield from rows(extractor(options), records, origins)


_extractors = {}


def extractor(options):
    """The extractor with these options (JSON), made once a process, and anew when one of its files has changed. Files are named as
    Spark has sent them."""
    given = json.loads(options)
    for name in ("gazetteers", "corrections"):
        given[name] = [SparkFiles.get(file) for file in given[name]]
    key = (options, *(os.stat(file).st_mtime_ns for file in given["gazetteers"] + given["corrections"]))
    if key not in _extractors:
        _extractors.clear()
        _extractors[key] = onrecord.Extractor(**given)
    return _extractors[key]


class Origin:
    """Where a record comes from. Its place is its number in the dump, from 1."""

    def __init__(self, file, number):
        before, self.source, self.stem = file
        self.place, self.number = before + number, number


class Unread:
    """A line that is no record."""

    def __init__(self, reason, detail):
        self.reason, self.detail = reason, detail


def read(line):
    """The record that a line of JSON holds."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
        if b"\\u" in line:
            # Half a pair of surrogates is no text.
            json.dumps(record, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        return Unread("bad encoding", str(error))
    except (ValueError, RecursionError) as error:
        return Unread("bad json", str(error))
    return record if isinstance(record, dict) else Unread("bad json", "no object")


def struct(table, *without, introduces=False):
    fields = [field for field in pa.schema(onrecord.schema(table)) if field.name not in without]
    return pa.struct([*fields, pa.field("introduces", pa.bool_())] if introduces else fields)


SCHEMA = pa.schema(
    {
        "place": pa.int64(),
        "article": struct("articles"),
        # Whether a row is the first in its article about its entity is told with it.
        "mentions": pa.list_(struct("mentions", introduces=True)),
        "quotes": pa.list_(struct("quotes", introduces=True)),
        # Sums over all articles of a batch, which go with the first of them. What entities are called cannot be summed up like this.
        "entities": pa.list_(struct("entities", "name", "surfaces")),
        "pairs": pa.list_(struct("cooccurrences")),
        # What tells equal bodies.
        "body": pa.binary(),
        # At which byte of a file a record begins, Spark does not tell.
        "reject": struct("rejects", "byte_offset"),
    }
)


#: What rows are made of.
TABLES = ["articles", "mentions", "quotes", "entities", "cooccurrences", "rejects", "texts"]


def rows(extractor, records, origins):
    """Rows for `records`: of an article what was found, of another record why it could not be read."""
    told = 0
    if isinstance(records, list):
        unread = [(record, origin) for record, origin in zip(records, origins) if isinstance(record, Unread)]
        if unread:
            yield rejected([(origin, record.reason, record.detail) for record, origin in unread])
            told = len(unread)
        pairs = [(record, origin) for record, origin in zip(records, origins) if not isinstance(record, Unread)]
        batches, read = [record for record, _ in pairs], [origin for _, origin in pairs]
    else:
        batches, read = [records], origins
    for extraction in extractor.extract_batches(batches, tables=TABLES):
        articles, rejects = table(extraction, "articles"), table(extraction, "rejects")
        if articles.num_rows > 0:
            yield annotated(
                extraction, articles, [read[number - 1] for number in articles.column("record").to_pylist()]
            )
        if rejects.num_rows > 0:
            refused = [read[number - 1] for number in rejects.column("record").to_pylist()]
            yield rejected(
                list(zip(refused, rejects.column("reason").to_pylist(), rejects.column("detail").to_pylist()))
            )
        told += articles.num_rows + rejects.num_rows
    if told != len(origins):
        raise RuntimeError(f"of {len(origins)} records {told} gave a row")


def table(extraction, name):
    """A table as one batch."""
    return pa.record_batch(extraction[name])


def rejected(told):
    cells = {
        "source": [origin.source for origin, _, _ in told],
        "record": [origin.number for origin, _, _ in told],
        "reason": [reason for _, reason, _ in told],
        "detail": [detail for _, _, detail in told],
    }
    fields = list(SCHEMA.field("reject").type)
    columns = [pa.array(cells[field.name], field.type) for field in fields]
    return filled(
        place=[origin.place for origin, _, _ in told], reject=pa.StructArray.from_arrays(columns, fields=fields)
    )


def annotated(extraction, articles, origins):
    articles, mentions, quotes = named(articles, table(extraction, "mentions"), table(extraction, "quotes"), origins)
    entities, pairs = (
        table(extraction, "entities").drop_columns(["name", "surfaces"]),
        table(extraction, "cooccurrences"),
    )
    counts = [articles.column(name).to_pylist() for name in ("mentions", "quotes")]
    introduced = introducing(mentions.column("entity_id"), quotes.column("speaker_id"), *counts)
    mentions, quotes = (rows.append_column("introduces", cells) for rows, cells in zip((mentions, quotes), introduced))
    others = [0] * (len(origins) - 1)
    return filled(
        place=[origin.place for origin in origins],
        article=articles.to_struct_array(),
        mentions=lists(mentions, counts[0]),
        quotes=lists(quotes, counts[1]),
        entities=lists(entities, [entities.num_rows, *others]),
        pairs=lists(pairs, [pairs.num_rows, *others]),
        body=[digest(text or "") for text in table(extraction, "texts").column("text").to_pylist()],
    )


def introducing(entities, speakers, mentions, quotes):
    """For each mention and each quotation, whether it is the first row of its article about its entity: of articles with so many
    `mentions` and `quotes`."""
    ids = pa.concat_arrays([entities, speakers]).dictionary_encode()
    ids = ids.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    turns = np.arange(len(mentions))
    article = np.concatenate([np.repeat(turns, mentions), np.repeat(turns, quotes)])
    # All mentions stand before all quotations here, so that the first of equal ones is the one.
    _, first = np.unique(article * (len(ids) + 1) + ids, return_index=True)
    flags = np.zeros(len(ids), dtype=bool)
    flags[first] = True
    flags &= ids >= 0
    return pa.array(flags[: len(entities)]), pa.array(flags[len(entities) :])


def filled(**columns):
    """A batch of `SCHEMA` with nulls in the other columns."""
    nulls = [None] * len(columns["place"])
    cells = [(columns.get(field.name, nulls), field.type) for field in SCHEMA]
    return pa.record_batch(
        [cells.cast(kind) if isinstance(cells, pa.Array) else pa.array(cells, kind) for cells, kind in cells],
        schema=SCHEMA,
    )


def named(articles, mentions, quotes, origins):
    """The tables with the records' sources, and with ids made of these for articles that have none of their own.

    The extractor has made ids for those of the only source that it knows, `memory`.
    """
    ids, changed = articles.column("article_id").to_pylist(), {}
    for id, source, number, origin in zip(
        ids, *(articles.column(name).to_pylist() for name in ("source", "record")), origins
    ):
        if id == f"{source}:{number}":
            changed[id] = f"{origin.stem}:{origin.number}"
    articles = replaced(articles, "source", [origin.source for origin in origins])
    articles = replaced(articles, "record", [origin.number for origin in origins])
    if changed:
        articles, mentions, quotes = (renamed(rows, "article_id", changed) for rows in (articles, mentions, quotes))
        quotes = renamed(renamed(quotes, "quote_id", changed), "echo_of", changed)
    return articles, mentions, quotes


def renamed(rows, name, changed):
    """The rows with other ids of articles, which have a mark and a number behind them in ids of quotations."""

    def new(id):
        article, mark, number = id.rpartition("#")
        return changed.get(id) or (changed[article] + mark + number if article in changed else id)

    return replaced(rows, name, [id and new(id) for id in rows.column(name).to_pylist()])


def replaced(rows, name, cells):
    at = rows.schema.get_field_index(name)
    return rows.set_column(at, rows.schema.field(at), pa.array(cells, rows.schema.field(at).type))


def digest(text):
    """What tells equal bodies, white space around them apart."""
    return hashlib.blake2b(text.strip().encode(), digest_size=16).digest()


def lists(rows, counts):
    """The rows of a table as lists, the first one with the first `counts` rows and so on."""
    offsets = [0]
    for count in counts:
        offsets.append(offsets[-1] + count)
    if offsets[-1] != rows.num_rows:
        raise RuntimeError(f"{rows.num_rows} rows where the articles have {offsets[-1]}")
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), rows.to_struct_array())
