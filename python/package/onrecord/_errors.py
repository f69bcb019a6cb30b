"""The exceptions of this package. Their messages are those of the command line."""


class OnrecordError(Exception):
    """Anything that this package fails with, files that cannot be read or written apart: those are `OSError`s."""


class UsageError(OnrecordError, ValueError):
    """An argument that cannot be used: a column that is not there, a folder that holds tables already."""


class GazetteerError(OnrecordError, ValueError):
    """A gazetteer or a file of corrections that does not have the expected form. The message names file and line."""


class TableError(OnrecordError, ValueError):
    """A table that does not have the expected form."""


class InterruptedRun(OnrecordError):
    """A run that was stopped. What is done so far is kept in its folder: `resume=True` goes on with it."""
