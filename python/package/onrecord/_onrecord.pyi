from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Protocol, TypeAlias, final

import pandas
import polars
import pyarrow

class _SpeaksArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class _SpeaksArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

_Path: TypeAlias = str | PathLike[str]
_Paths: TypeAlias = _Path | Sequence[_Path]
_Arrow: TypeAlias = _SpeaksArrowStream | _SpeaksArrowArray
_Record: TypeAlias = str | dict[str, Any] | None
_Articles: TypeAlias = _Arrow | Iterable[_Record] | Iterable[_Arrow]

__all__ = ["Extractor", "Batches", "Report", "Extraction", "Table", "schema", "Progress", "__version__", "TABLES"]

__version__: str
TABLES: tuple[str, ...]

def schema(name: str) -> Table: ...
@final
class Extractor:
    def __new__(
        cls,
        gazetteers: _Paths | None = None,
        *,
        corrections: _Paths | None = None,
        max_work: int = 1,
        threads: int = 0,
        min_confidence: float = 0.0,
        max_pairs: int = 2_000_000,
        emit_text: bool = False,
        language: str | Sequence[str] | None = None,
        skip_duplicates: bool = False,
        no_duplicates: bool = False,
        max_text: int = 50,
        id_field: str | None = None,
        text_field: str | None = None,
        title_field: str | None = None,
        date_field: str | None = None,
        source_field: str | None = None,
        author_field: str | None = None,
        url_field: str | None = None,
        language_field: str | None = None,
    ) -> Extractor: ...
    def extract(self, articles: _Articles, *, tables: str | Sequence[str] | None = None) -> Extraction: ...
    def extract_batches(self, batches: _Articles, *, tables: str | Sequence[str] | None = None) -> Batches: ...
    def extract_path(
        self,
        inputs: _Paths,
        out: _Path,
        *,
        format: str | None = None,
        force: bool = False,
        resume: bool = False,
        checkpoint: float = 5.0,
        shard: str | None = None,
        split_rows: int | None = None,
        excel: bool = False,
        no_guard: bool = False,
        limit: int | None = None,
        where: str | Sequence[str] | None = None,
        sample: float | None = None,
        seed: int = 0,
        max_depth: int = 4,
        max_memory: int = 550,
        max_members: int = 10_000_000,
        max_unpacked: int = 1000,
        max_ratio: int = 500,
        progress: Callable[[Progress], object] | None = None,
    ) -> Report: ...
    def __reduce__(self) -> tuple[Any, tuple[()]]: ...

@final
class Batches:
    def __iter__(self) -> Batches: ...
    def __next__(self) -> Extraction: ...

@final
class Extraction:
    @property
    def articles(self) -> Table: ...
    @property
    def mentions(self) -> Table: ...
    @property
    def entities(self) -> Table: ...
    @property
    def quotes(self) -> Table: ...
    @property
    def cooccurrences(self) -> Table: ...
    @property
    def candidates(self) -> Table: ...
    @property
    def rejects(self) -> Table: ...
    @property
    def texts(self) -> Table: ...
    def keys(self) -> list[str]: ...
    def items(self) -> list[tuple[str, Table]]: ...
    def __getitem__(self, name: str, /) -> Table: ...
    def __contains__(self, name: str, /) -> bool: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[str]: ...

@final
class Table:
    @property
    def name(self) -> str: ...
    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def to_pyarrow(self) -> pyarrow.Table: ...
    def to_pandas(self) -> pandas.DataFrame: ...
    def to_polars(self) -> polars.DataFrame: ...
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

@final
class Progress:
    @property
    def bytes(self) -> int: ...
    @property
    def total_bytes(self) -> int | None: ...
    @property
    def articles(self) -> int: ...
    @property
    def rejects(self) -> int: ...
    @property
    def catching_up(self) -> bool: ...

@final
class Report:
    @property
    def out(self) -> Path: ...
    @property
    def rows(self) -> dict[str, int]: ...
    @property
    def articles(self) -> int: ...
    @property
    def rejects(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def elapsed(self) -> float: ...
    @property
    def done_before(self) -> bool: ...
