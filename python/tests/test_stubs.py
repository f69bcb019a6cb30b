"""The types that the package tells are those that it has."""

import subprocess
import sys
from pathlib import Path

import pytest

import onrecord


def test_stubs_say_what_is_there(tmp_path):
    pytest.importorskip("mypy")
    # Away from the sources, so that the package that is installed is looked at.
    (tmp_path / "mypy.ini").write_text("[mypy]\nignore_missing_imports = True\n")
    command = [sys.executable, "-m", "mypy.stubtest", "onrecord", "--concise", "--mypy-config-file", "mypy.ini"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_programs_that_use_it_are_checked(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "good.py").write_text(
        "import pyarrow\nimport onrecord\n"
        "extractor = onrecord.Extractor(['names.csv'], threads=2)\n"
        "found: onrecord.Extraction = extractor.extract(['a text', {'text': 'b'}, None])\n"
        "rows: int = found.quotes.num_rows + len(found['mentions'])\n"
        "extractor.extract_path('a', 'b', progress=lambda p: print(p.articles))\n"
        "for part in extractor.extract_batches(pyarrow.table({})):\n    part.rejects.to_pandas()\n"
    )
    (tmp_path / "bad.py").write_text("import onrecord\nonrecord.Extractor(thread=2)\nonrecord.Extractor().extract(7)\n")
    run = [sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports"]
    good = subprocess.run([*run, "good.py"], capture_output=True, text=True, cwd=tmp_path)
    assert good.returncode == 0, good.stdout
    bad = subprocess.run([*run, "bad.py"], capture_output=True, text=True, cwd=tmp_path)
    assert bad.returncode == 1 and bad.stdout.count("error:") == 2, bad.stdout


def test_everything_is_described():
    for name in onrecord.__all__:
        thing = getattr(onrecord, name)
        if isinstance(thing, type) or callable(thing):
            assert thing.__doc__ and len(thing.__doc__) > 20, name
            for member in dir(thing):
                if not member.startswith("_") and not issubclass(thing if isinstance(thing, type) else object, Exception):
                    assert getattr(thing, member).__doc__, f"{name}.{member}"
    assert Path(onrecord.__file__).with_name("py.typed").exists()
