"""Tables of who said what, and about whom, what and where, from news articles.

>>> import onrecord
>>> extractor = onrecord.Extractor()
>>> found = extractor.extract(['"We will talk," President Ilham Aliyev said in Baku on Monday.'])
>>> found.quotes.to_pyarrow().column("speaker").to_pylist()
['Ilham Aliyev']

An `Extractor` is made once, which takes some milliseconds, and then used as often as one likes, from as many threads as one
likes: it lets other threads of Python run while it works, and its own workers share its gazetteers.

`Extractor.extract` takes texts, dictionaries with the fields of JSON records, or anything that speaks Arrow (tables and batches of
pyarrow, polars, pandas and DuckDB), and gives an `Extraction`: the tables of the command line, with the same names and columns.
Each is a `Table`, which speaks Arrow too. Numbers have types there, and what is empty in a CSV is null.

Offsets (`start`, `end`, `spans`) count Unicode code points from 0, as Python's own strings do, and `end` is exclusive:
`text[start:end]` is the name. Lengths in `characters` count code points too.
"""

from ._errors import GazetteerError, InterruptedRun, OnrecordError, TableError, UsageError
from ._onrecord import (
    TABLES,
    Batches,
    Extraction,
    Extractor,
    Progress,
    Report,
    Table,
    __version__,
    schema,
)

__all__ = [
    "TABLES",
    "Batches",
    "Extraction",
    "Extractor",
    "GazetteerError",
    "InterruptedRun",
    "OnrecordError",
    "Progress",
    "Report",
    "Table",
    "TableError",
    "UsageError",
    "__version__",
    "schema",
]
