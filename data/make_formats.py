"""Writes the articles of formats/articles.jsonl in every other format that onrecord reads.

    python3 data/make_formats.py          # needs pyarrow for the Parquet file, nothing else

Files come out the same every time. Compressed ones are made with Python's own modules, zstd by the program of that name.
"""

import bz2, csv, gzip, html, io, json, lzma, os, subprocess, tarfile, zipfile
from email.utils import format_datetime
from datetime import datetime, timezone
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent / "formats"
KEYS = ["id", "title", "text", "date", "author", "outlet", "url"]
ARTICLES = [json.loads(line) for line in open(HERE / "articles.jsonl", encoding="utf-8")]
JSONL = (HERE / "articles.jsonl").read_bytes()


def paragraphs(article):
    return article["text"].split("\n\n")


def write(name, content):
    path = HERE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def table(delimiter, encoding="utf-8"):
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, KEYS, delimiter=delimiter, lineterminator="\r\n")
    rows.writeheader()
    rows.writerows(ARTICLES)
    return out.getvalue().encode(encoding)


def page(article):
    e = html.escape
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article["title"],
        "datePublished": article["date"],
        "author": {"@type": "Person", "name": article["author"]},
        "publisher": {"@type": "Organization", "name": article["outlet"]},
    }
    body = "\n".join(f"      <p>{e(p, quote=False)}</p>" for p in paragraphs(article))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{e(article["title"])} | {e(article["outlet"])}</title>
  <link rel="canonical" href="{e(article["url"])}">
  <meta property="og:title" content="{e(article["title"])}">
  <meta property="og:site_name" content="{e(article["outlet"])}">
  <script type="application/ld+json">{json.dumps(data)}</script>
  <style>body {{ font: 1em serif }}</style>
</head>
<body>
  <header><nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a> <a href="/live">Live</a></nav></header>
  <main>
    <article>
      <h1>{e(article["title"])}</h1>
      <p class="byline">By <a rel="author" href="/staff">{e(article["author"])}</a></p>
      <time datetime="{article["date"]}">{article["date"]}</time>
{body}
    </article>
    <aside><h2>Most read</h2><ul><li><a href="/a">Ten walks for a wet Sunday</a></li><li><a href="/b">What the tide left</a></li></ul></aside>
  </main>
  <footer>Sample page. <a href="/contact">Contact</a> <a href="/privacy">Privacy</a></footer>
</body>
</html>
"""


def moment(article):
    return datetime.fromisoformat(article["date"]).replace(tzinfo=timezone.utc)


def rss():
    items = ""
    for a in ARTICLES:
        body = "".join(f"<p>{html.escape(p, quote=False)}</p>" for p in paragraphs(a))
        items += f"""
  <item>
    <title>{escape(a["title"])}</title>
    <link>{escape(a["url"])}</link>
    <guid isPermaLink="false">{a["id"]}</guid>
    <pubDate>{format_datetime(moment(a), usegmt=True)}</pubDate>
    <dc:creator>{escape(a["author"])}</dc:creator>
    <source url="https://example.org/feed">{escape(a["outlet"])}</source>
    <content:encoded><![CDATA[{body}]]></content:encoded>
  </item>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
  <title>Sample news</title>
  <link>https://example.org/</link>
  <description>Invented articles</description>{items}
</channel>
</rss>
"""


def atom():
    entries = ""
    for a in ARTICLES:
        body = "".join(f"<p>{html.escape(p, quote=False)}</p>" for p in paragraphs(a))
        entries += f"""
  <entry>
    <id>{a["id"]}</id>
    <title>{escape(a["title"])}</title>
    <link rel="alternate" href="{escape(a["url"])}"/>
    <published>{moment(a).isoformat()}</published>
    <updated>{moment(a).isoformat()}</updated>
    <author><name>{escape(a["author"])}</name></author>
    <source><title>{escape(a["outlet"])}</title></source>
    <content type="html">{escape(body)}</content>
  </entry>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>Sample news</title>
  <id>https://example.org/feed</id>
  <updated>2023-01-01T00:00:00+00:00</updated>{entries}
</feed>
"""


def nitf(a):
    body = "\n".join(f"      <p>{escape(p)}</p>" for p in paragraphs(a))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/">
  <head>
    <title>{escape(a["title"])}</title>
    <docdata>
      <doc-id id-string="{a["id"]}"/>
      <date.issue norm="{a["date"].replace("-", "")}"/>
    </docdata>
    <pubdata name="{escape(a["outlet"], {'"': "&quot;"})}"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>{escape(a["title"])}</hl1></hedline>
      <byline>By <person>{escape(a["author"])}</person></byline>
    </body.head>
    <body.content>
{body}
    </body.content>
  </body>
</nitf>
"""


def newsml():
    items = ""
    for a in ARTICLES:
        body = "".join(f"<p>{escape(p)}</p>" for p in paragraphs(a))
        items += f"""
    <newsItem guid="{a["id"]}" version="1" standard="NewsML-G2" standardversion="2.29" conformance="power">
      <itemMeta>
        <itemClass qcode="ninat:text"/>
        <provider><name>{escape(a["outlet"])}</name></provider>
        <versionCreated>{moment(a).isoformat()}</versionCreated>
      </itemMeta>
      <contentMeta>
        <contentCreated>{a["date"]}</contentCreated>
        <creator><name>{escape(a["author"])}</name></creator>
        <language tag="en"/>
        <headline>{escape(a["title"])}</headline>
      </contentMeta>
      <contentSet>
        <inlineXML contenttype="application/xhtml+xml">
          <html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(a["title"])}</title></head><body>{body}</body></html>
        </inlineXML>
      </contentSet>
    </newsItem>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">
  <header><sent>2023-01-01T00:00:00+00:00</sent></header>
  <itemSet>{items}
  </itemSet>
</newsMessage>
"""


def record(kind, uri, date, number, content_type, block):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 9, mtime=0)


def warc():
    out = b""
    for i, a in enumerate(ARTICLES):
        body = page(a).encode()
        if i % 2:  # as servers send it: compressed, in chunks
            body = gzip.compress(body, 9, mtime=0)
            chunks = [body[at : at + 700] for at in range(0, len(body), 700)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + b"0\r\n\r\n"
            more = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        else:
            more = f"Content-Length: {len(body)}\r\n"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{more}\r\n".encode()
        get = f"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n".encode()
        date = "2023-01-01T00:00:00Z"
        out += record("request", a["url"], date, 2 * i + 1, "application/http; msgtype=request", get)
        out += record("response", a["url"], date, 2 * i + 2, "application/http; msgtype=response", head + body)
    return out


def wet():
    out = b""
    for i, a in enumerate(ARTICLES):
        text = (a["title"] + "\n\n" + a["text"] + "\n").encode()
        out += record("conversion", a["url"], "2023-01-01T00:00:00Z", i + 1, "text/plain", text)
    return out


def archive_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for a in ARTICLES:
            archive.writestr(zipfile.ZipInfo(f"pages/{a['id']}.html"), page(a), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def archive_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for a in ARTICLES:
            content = (a["title"] + "\n\n" + a["text"]).encode()
            member = tarfile.TarInfo(f"articles/{a['id']}.txt")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(out.getvalue(), 9, mtime=0)


def main():
    write("articles.json", json.dumps(ARTICLES, ensure_ascii=False, indent=1) + "\n")
    write("articles.csv", table(","))
    write("articles.tsv", table("\t"))
    write("articles-utf16.csv", table(";", "utf-16"))
    write("articles.jsonl.gz", gzip.compress(JSONL[:6000], 9, mtime=0) + gzip.compress(JSONL[6000:], 9, mtime=0))
    write("articles.jsonl.bz2", bz2.compress(JSONL))
    write("articles.jsonl.xz", lzma.compress(JSONL))
    write("articles.jsonl.zst", subprocess.run(["zstd", "-19", "-c"], input=JSONL, capture_output=True, check=True).stdout)
    write("articles.warc.gz", warc())
    write("articles.warc.wet.gz", wet())
    write("articles.rss", rss())
    write("articles.atom", atom())
    write("articles.newsml.xml", newsml())
    write("pages.zip", archive_zip())
    write("texts.tar.gz", archive_tar())
    for a in ARTICLES:
        write(f"html/{a['id']}.html", page(a))
        write(f"nitf/{a['id']}.xml", nitf(a))
    import pyarrow, pyarrow.parquet

    columns = {key: [a.get(key) for a in ARTICLES] for key in KEYS}
    pyarrow.parquet.write_table(
        pyarrow.table(columns), HERE / "articles.parquet", compression="zstd", row_group_size=3
    )


main()
