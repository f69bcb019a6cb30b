#!/usr/bin/env python3
"""Writes the files beside this script from data/, with other people's tools.

Needs Python 3.9, and gzip, zstd, xz, bzip2, tar, zip and 7z (Debian: gzip zstd xz-utils bzip2 tar zip p7zip-full).
Every file holds the articles of data/articles.jsonl, or some of them; tests/foreign.rs says which.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent.parent / "data"
LINES = (DATA / "articles.jsonl").read_bytes().splitlines(keepends=True)
ARTICLES = [json.loads(line) for line in LINES]
TEXTS = sorted((DATA / "articles").glob("*.txt"))
COLUMNS = ["id", "title", "text", "date", "author", "outlet", "url"]
FIRST, REST = b"".join(LINES[:20]), b"".join(LINES[20:])


def table(name, articles, encoding, **form):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", **form)
    writer.writeheader()
    writer.writerows(articles)
    (HERE / name).write_bytes(text.getvalue().encode(encoding))


def encodable(encoding):
    for article in ARTICLES:
        try:
            "".join(article.values()).encode(encoding)
            yield article
        except UnicodeEncodeError:
            pass


def run(*command, data=None, to=None, cwd=None):
    out = subprocess.run([str(part) for part in command], input=data, stdout=subprocess.PIPE, cwd=cwd, check=True).stdout
    if to:
        (HERE / to).write_bytes(out)
    return out


def main():
    # Python's csv module.
    table("python.csv", ARTICLES, "utf-8")
    table("python-excel.csv", ARTICLES, "utf-8-sig", dialect="excel", delimiter=";", quoting=csv.QUOTE_ALL)
    table("python.tsv", ARTICLES, "utf-8", dialect="excel-tab", lineterminator="\n")
    table("python-utf16.tsv", ARTICLES[:12], "utf-16", dialect="excel-tab")
    table("python-utf16be.csv", ARTICLES[:12], "utf-16-be")
    table("python-1252.csv", list(encodable("cp1252"))[:20], "cp1252")
    table("python-1254.csv", list(encodable("cp1254"))[:20], "cp1254", delimiter="|")

    # Compressors; the first of each is one stream, the second several.
    run("gzip", "-6nc", data=FIRST + REST, to="gzip.jsonl.gz")
    (HERE / "python.jsonl.gz").write_bytes(gzip.compress(FIRST, mtime=0) + gzip.compress(REST, mtime=0) + bytes(100))
    run("bzip2", "-c", data=FIRST + REST, to="bzip2.jsonl.bz2")
    (HERE / "python.jsonl.bz2").write_bytes(bz2.compress(FIRST) + bz2.compress(REST))
    run("xz", "-c", data=FIRST + REST, to="xz.jsonl.xz")
    (HERE / "python.jsonl.xz").write_bytes(lzma.compress(FIRST, check=lzma.CHECK_SHA256) + bytes(8) + lzma.compress(REST))
    run("zstd", "-19", "--long=27", "-c", data=FIRST + REST, to="zstd.jsonl.zst")
    skipped = b"\x5E\x2A\x4D\x18\x04\0\0\0skip"
    frames = [run("zstd", "-c", "--no-check", data=part) for part in (FIRST, REST)]
    (HERE / "zstd-frames.jsonl.zst").write_bytes(skipped + frames[0] + skipped + frames[1])

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        deep = folder / ("a long name for a folder of the archive " * 3).strip() / "and another"
        deep.mkdir(parents=True)
        for text in TEXTS[:12]:
            shutil.copy(text, deep if text.name < "04" else folder)
        (folder / "link.txt").symlink_to("05-cocoa-transcript.txt")
        (folder / ".hidden.txt").write_text("Left out.")
        for path in folder.rglob("*"):
            os.utime(path, (10**9, 10**9), follow_symlinks=False)
        names = sorted(path.name for path in folder.iterdir())
        fixed = ["--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--sort=name", "-cf", "-"]

        # GNU tar in its three forms.
        run("tar", "--format=gnu", *fixed, *names, cwd=folder, to="gnu.tar")
        run("xz", "-c", data=run("tar", "--format=posix", "--pax-option=delete=atime,delete=ctime", *fixed, *names, cwd=folder), to="pax.txz")
        run("zstd", "-c", data=run("tar", "--format=gnu", *fixed, *names, cwd=folder), to="gnu.tar.zst")
        plain = run("tar", "--format=v7", *fixed, *[name for name in names if len(name) < 40], cwd=folder)
        run("bzip2", "-c", data=plain, to="v7.tar.bz2")
        # Python's tarfile.
        plain = io.BytesIO()
        with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name in names:
                archive.add(folder / name, f"../{name}")
        (HERE / "python.tar.gz").write_bytes(gzip.compress(plain.getvalue(), mtime=0))

        # Info-ZIP, to a file and to a pipe, where sizes follow the data.
        for name in ("infozip.zip", "infozip-encrypted.zip"):
            (HERE / name).unlink(missing_ok=True)
        run("zip", "-qrX", HERE / "infozip.zip", *names, cwd=folder)
        run("zip", "-qrX", "-", *names, cwd=folder, to="infozip-pipe.zip")
        locked = HERE / "infozip-encrypted.zip"
        run("zip", "-qX", "-P", "secret", locked, "04-potter-interview.txt", cwd=folder)
        run("zip", "-qX", locked, "05-cocoa-transcript.txt", cwd=folder)
        # 7-Zip with its other methods.
        for method in ("BZip2", "Deflate", "Deflate64", "LZMA"):
            name = HERE / f"7zip-{method.lower()}.zip"
            name.unlink(missing_ok=True)
            run("7z", "a", "-tzip", f"-mm={method}", "-bso0", "-bsp0", name, *names, cwd=folder)

    # Python's zipfile: every method, sizes of 64 bits, one name twice.
    with zipfile.ZipFile(HERE / "python.zip", "w") as archive:
        for i, method in enumerate((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)):
            part = b"".join(LINES[i * 8:i * 8 + 8])
            archive.writestr(zipfile.ZipInfo(f"part{i}.jsonl"), part, method)
        with archive.open(zipfile.ZipInfo("big.jsonl"), "w", force_zip64=True) as member:
            member.write(b"".join(LINES[24:30]))
        archive.writestr(zipfile.ZipInfo("big.jsonl"), b"".join(LINES[30:]), zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(HERE / "python-lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(zipfile.ZipInfo("all.jsonl"), FIRST + REST, zipfile.ZIP_LZMA)
    # Archives in an archive.
    with zipfile.ZipFile(HERE / "python-nested.zip", "w", zipfile.ZIP_STORED) as archive:
        for name in ("python.tar.gz", "7zip-deflate.zip", "xz.jsonl.xz"):
            archive.writestr(zipfile.ZipInfo(name), (HERE / name).read_bytes())


if __name__ == "__main__":
    main()
