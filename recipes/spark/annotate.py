"""What a Spark worker does: batches of records in, and a row for each of them out, with all that was found in it.

The rows of one article stay together as lists, so that all tables come from one pass over the texts. This is a module of its
own, and not part of the job's script, because workers import it once: what it remembers (the extractor) stays for all tasks of a
process, where a script's own functions are sent anew with each task.
"""

import hashlib
import json
import os

import pyarrow as pa
import onrecord
from pyspark import SparkFiles

#: Columns that the job adds to the records, to tell where they stand.
FILE, SPLIT, ROW = "onrecord_file", "onrecord_split", "onrecord_row"

#: In `place` the number of the file stands above so many bits.
FILE_BITS = 40

_extractors = {}


def extractor(options):
    """The extractor with these options (JSON), made once a process, and anew when one of its files has changed. Gazetteers
    are named as Spark has sent them."""
    named = json.loads(options)
    named["gazetteers"] = [SparkFiles.get(name) for name in named["gazetteers"]]
    key = (options, *(os.stat(path).st_mtime_ns for path in named["gazetteers"]))
    if key not in _extractors:
        _extractors.clear()
        _extractors[key] = onrecord.Extractor(**named)
    return _extractors[key]


def found(batches, options, files, firsts):
    """Gives a batch of rows for each batch of records, in the form of `schema`.

    `files` has for each file its number, name and the beginning of made ids; `firsts`, for texts cut into lines, for each
    part of a file the number of its first record, and is empty where the rows of files are numbered by Spark.
    """
    seen = {}
    for batch in batches:
        if batch.num_rows == 0:
            continue
        paths, splits = batch.column(FILE).to_pylist(), batch.column(SPLIT).to_pylist()
        if firsts:
            records, stands = [], []
            for part in zip(paths, splits):
                row = seen[part] = seen.get(part, -1) + 1
                records.append(firsts[part] + row)
                # A part holds fewer lines than bytes, so these numbers rise from line to line and from part to part.
                stands.append(part[1] + row)
            rows = [line(raw) for raw in batch.column("line").to_pylist()]
        else:
            stands = batch.column(ROW).to_pylist()
            records = [row + 1 for row in stands]
            rows = batch.drop_columns([FILE, SPLIT, ROW])
        places = [files[path][0] << FILE_BITS | stand for path, stand in zip(paths, stands)]
        origins = [(files[path][1], record, files[path][2]) for path, record in zip(paths, records)]
        yield annotated(extractor(options), rows, places, origins)


def line(raw):
    """A line of JSON as a record; one that is none as the reason."""
    try:
        record = json.loads(raw.decode("utf-8-sig"))
        return record if isinstance(record, dict) else Bad("bad json", "no object")
    except UnicodeDecodeError as error:
        return Bad("bad encoding", str(error))
    except (ValueError, RecursionError) as error:
        return Bad("bad json", str(error))


class Bad:
    """A record that could not be read."""

    def __init__(self, reason, detail):
        self.reason, self.detail = reason, detail


def annotated(extractor, rows, places, origins):
    """A row for each record: of an article what was found, of another one why it could not be read."""
    bad = {}
    if isinstance(rows, list):
        bad = {at: row for at, row in enumerate(rows) if isinstance(row, Bad)}
        kept = [at for at in range(len(rows)) if at not in bad]
        rows = [rows[at] for at in kept]
    else:
        kept = range(rows.num_rows)
    result = extractor.extract(rows)
    articles, mentions, quotes, rejects, entities, texts = (
        pa.record_batch(result[name]) for name in ("articles", "mentions", "quotes", "rejects", "entities", "texts")
    )
    at = [kept[record - 1] for record in articles.column("record").to_pylist()]
    refused = [kept[record - 1] for record in rejects.column("record").to_pylist()]
    if len(at) + len(refused) + len(bad) != len(places):
        raise RuntimeError(f"{len(places)} records gave {len(at)} articles and {len(refused) + len(bad)} rejects")

    articles, mentions, quotes = named(articles, mentions, quotes, [origins[i] for i in at])
    rejects = pa.record_batch(
        {
            "source": pa.array([origins[i][0] for i in [*refused, *bad]], pa.string()),
            "record": pa.array([origins[i][1] for i in [*refused, *bad]], pa.int64()),
            "reason": pa.array(rejects.column("reason").to_pylist() + [row.reason for row in bad.values()], pa.string()),
            "detail": pa.array(rejects.column("detail").to_pylist() + [row.detail for row in bad.values()], pa.string()),
        }
    )
    facts = entities.select([name for name in FACTS if name in entities.schema.names])
    first = [facts.num_rows] + [0] * (len(at) - 1) if at else []
    good = pa.record_batch(
        {
            "place": pa.array([places[i] for i in at], pa.int64()),
            "article": articles.to_struct_array(),
            "mentions": lists(mentions, articles.column("mentions").to_pylist()),
            "quotes": lists(quotes, articles.column("quotes").to_pylist()),
            "facts": lists(facts, first),
            "body": pa.array([digest(text) for text in texts.column("text").to_pylist()], pa.binary()),
        }
    )
    none = pa.record_batch(
        {
            "place": pa.array([places[i] for i in [*refused, *bad]], pa.int64()),
            "reject": rejects.to_struct_array(),
        }
    )
    both = pa.concat_tables([pa.Table.from_batches([part]) for part in (good, none)], promote_options="default")
    return pa.record_batch([column.combine_chunks() for column in both.columns], both.schema.names)


def schema(extractor):
    """What rows look like."""
    return annotated(extractor, [], [], []).schema


#: What the program knows of an entity, whatever the articles say.
FACTS = ["entity_id", "type", "country", "latitude", "longitude", "wikidata", "geonames", "known"]


def named(articles, mentions, quotes, origins):
    """The rows with their sources, and ids made of these for articles that have none of their own.

    The extractor has made ids for those of the only file that it knows, the batch.
    """
    ids, changed = articles.column("article_id").to_pylist(), {}
    made = zip(ids, articles.column("source").to_pylist(), articles.column("record").to_pylist(), origins)
    for id, source, record, (_, number, stem) in made:
        if id == f"{source}:{record}":
            changed[id] = f"{stem}:{number}"
    articles = replaced(articles, "source", pa.array([source for source, _, _ in origins], pa.string()))
    articles = replaced(articles, "record", pa.array([number for _, number, _ in origins], pa.int64()))
    if not changed:
        return articles, mentions, quotes

    def new(id):
        return changed.get(id, id)

    def numbered(id):
        article, mark, number = (id or "").rpartition("#")
        return (new(article) + mark + number) or None

    articles = mapped(articles, "article_id", new)
    articles = mapped(articles, "duplicate_of", new)
    mentions = mapped(mentions, "article_id", new)
    for name, change in (("article_id", new), ("quote_id", numbered), ("echo_of", numbered)):
        quotes = mapped(quotes, name, change)
    return articles, mentions, quotes


def mapped(rows, name, change):
    cells = [change(cell) for cell in rows.column(name).to_pylist()]
    return replaced(rows, name, pa.array(cells, rows.schema.field(name).type))


def replaced(rows, name, cells):
    at = rows.schema.get_field_index(name)
    return rows.set_column(at, name, cells)


def digest(text):
    """What tells equal bodies, white space around them apart."""
    return hashlib.blake2b(text.strip().encode("utf-8", "surrogatepass"), digest_size=16).digest()


def lists(rows, counts):
    """The rows of a table as lists, the first one with the first `counts` rows and so on."""
    offsets = [0]
    for count in counts:
        offsets.append(offsets[-1] + count)
    if offsets[-1] != rows.num_rows:
        raise RuntimeError(f"{rows.num_rows} rows where the articles have {offsets[-1]}")
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), rows.to_struct_array())
