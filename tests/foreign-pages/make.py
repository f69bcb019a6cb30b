#!/usr/bin/env python3
"""Writes the files of this folder: articles of data/articles.jsonl, as other programs write them.

    pip install warcio feedgen lxml markdown brotli zstandard && apt-get install wget tidy
    python3 tests/foreign-pages/make.py
"""

import functools
import gzip
import html
import http.server
import io
import json
import pathlib
import shutil
import subprocess
import tempfile
import threading
import zlib

import brotli
import markdown
import zstandard
from feedgen.feed import FeedGenerator
from lxml import etree
from lxml.html import builder as E
from lxml.html import document_fromstring, tostring
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE = pathlib.Path(__file__).parent
with open(HERE.parent.parent / "data" / "articles.jsonl", encoding="utf-8") as lines:
    ALL = [json.loads(line) for line in lines]
ARTICLES = [article for article in ALL if article.get("title") and article.get("date") and article.get("url")][:5]


def paragraphs(article):
    return [p for p in article["text"].split("\n\n") if p.strip()]


def page(article, charset="utf-8"):
    """A page, built and written by lxml."""
    head = E.HEAD(
        E.META(charset=charset),
        E.TITLE(f"{article['title']} | {article['outlet']}"),
        E.META(property="og:title", content=article["title"]),
        E.META(property="og:site_name", content=article["outlet"]),
        E.META(property="article:published_time", content=article["date"]),
        E.LINK(rel="canonical", href=article["url"]),
    )
    body = E.BODY(
        E.UL(*[E.LI(E.A(name, href=f"/{name}")) for name in ["News", "Sport", "Culture"]], id="menu"),
        E.DIV(E.H1(article["title"]), *[E.P(p) for p in paragraphs(article)], E.CLASS("story")),
        E.DIV(E.P("All rights are ours, and none of them is yours; write to us if you want one."), id="footer"),
    )
    return tostring(E.HTML(head, body, lang="en"), doctype="<!DOCTYPE html>", encoding=charset)


def write(name, data):
    (HERE / name).write_bytes(data)
    print(name, len(data))


def pages():
    write("lxml.html", page(ARTICLES[0]))
    write("lxml-1252.html", page(ARTICLES[1], "windows-1252"))
    write("lxml.xhtml", etree.tostring(document_fromstring(page(ARTICLES[2])), method="xml", xml_declaration=True, encoding="utf-8"))
    source = f"# {ARTICLES[3]['title']}\n\n" + "\n\n".join(html.escape(p, quote=False) for p in paragraphs(ARTICLES[3]))
    write("markdown.html", f"<!DOCTYPE html>\n<html><body>{markdown.markdown(source)}</body></html>\n".encode())
    tidy = subprocess.run(
        ["tidy", "-q", "-i", "-w", "72", "--tidy-mark", "yes", "-utf8"], input=page(ARTICLES[4]), capture_output=True, check=False
    )
    write("tidy.html", tidy.stdout)


def chunked(data, size=700):
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def warcio(name, compressed, version):
    """Every article packed in another way, as servers send them, with records around that hold no page."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("test.warc", {"software": "warcio"}))
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = [
        ([], lambda d: d),
        ([("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")], lambda d: chunked(gzip.compress(d))),
        ([("Content-Encoding", "br")], brotli.compress),
        ([("Content-Encoding", "zstd")], zstandard.compress),
        ([("Content-Encoding", "deflate")], lambda d: raw.compress(d) + raw.flush()),
    ]
    for article, (headers, pack) in zip(ARTICLES, packed):
        body = pack(page(article))
        ask = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x.example")], is_http_request=True)
        writer.write_record(writer.create_warc_record(article["url"], "request", http_headers=ask, payload=io.BytesIO(b"")))
        answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body))), *headers], protocol="HTTP/1.1")
        record = writer.create_warc_record(article["url"], "response", payload=io.BytesIO(body), http_headers=answer)
        writer.write_record(record)
    moved = StatusAndHeaders("301 Moved", [("Content-Type", "text/html"), ("Location", "/x")], protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record("https://x.example/y", "response", payload=io.BytesIO(b"<p>Moved</p>"), http_headers=moved))
    write(name, out.getvalue())


def wet():
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    for article in ARTICLES:
        text = io.BytesIO(article["text"].encode())
        writer.write_record(writer.create_warc_record(article["url"], "conversion", payload=text, warc_content_type="text/plain"))
    write("warcio.wet", out.getvalue())


def wget():
    """Pages fetched by wget from a server on this machine, with the WARC file that it writes."""
    with tempfile.TemporaryDirectory() as folder:
        site = pathlib.Path(folder) / "site"
        site.mkdir()
        links = ""
        for number, article in enumerate(ARTICLES):
            (site / f"{number}.html").write_bytes(page(article))
            links += f'<li><a href="{number}.html">{html.escape(article["title"])}</a></li>'
        (site / "index.html").write_text(f"<html><body><ul>{links}</ul></body></html>", encoding="utf-8")
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            url = f"http://127.0.0.1:{server.server_port}/index.html"
            command = ["wget", "-q", "-r", "-l1", "--no-warc-compression", "--no-warc-keep-log", f"--warc-file={folder}/out", "-P", f"{folder}/down", url]
            subprocess.run(command, check=False)
            server.shutdown()
            thread.join()
        shutil.copy(f"{folder}/out.warc", HERE / "wget.warc")
        print("wget.warc", (HERE / "wget.warc").stat().st_size)


def feeds():
    feed = FeedGenerator()
    feed.load_extension("dc")
    feed.id("https://feed.example/")
    feed.title("Feed of the day")
    feed.link(href="https://feed.example/", rel="alternate")
    feed.description("All that is new")
    feed.language("en")
    for article in ARTICLES:
        entry = feed.add_entry(order="append")
        entry.id(article["url"])
        entry.title(article["title"])
        entry.link(href=article["url"])
        entry.published(article["date"][:10] + "T08:00:00+00:00")
        entry.updated(article["date"][:10] + "T09:00:00+00:00")
        if article.get("author"):
            entry.author({"name": article["author"], "email": "desk@feed.example"})
        entry.description("A short description.")
        entry.content("".join(f"<p>{html.escape(p)}</p>" for p in paragraphs(article)), type="CDATA")
    write("feedgen.rss", feed.rss_str(pretty=True))
    write("feedgen.atom", feed.atom_str(pretty=True))


def nitf(article):
    root = etree.Element("nitf")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = article["title"]
    data = etree.SubElement(head, "docdata")
    etree.SubElement(data, "doc-id", {"id-string": article["id"]})
    etree.SubElement(data, "date.issue", norm=article["date"][:10].replace("-", "") + "T080000Z")
    etree.SubElement(data, "doc.copyright", holder=article["outlet"])
    body = etree.SubElement(root, "body")
    top = etree.SubElement(body, "body.head")
    etree.SubElement(etree.SubElement(top, "hedline"), "hl1").text = article["title"]
    if article.get("author"):
        etree.SubElement(top, "byline").text = f"By {article['author']}"
    content = etree.SubElement(body, "body.content")
    block = etree.SubElement(content, "block")
    for text in paragraphs(article):
        etree.SubElement(block, "p").text = text
    etree.SubElement(etree.SubElement(body, "body.end"), "tagline").text = "Written for all subscribers."
    return root


def agencies():
    write("lxml.nitf", etree.tostring(nitf(ARTICLES[0]), xml_declaration=True, encoding="utf-8", pretty_print=True,
                                      doctype='<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">'))
    nar, xhtml = "http://iptc.org/std/nar/2006-10-01/", "http://www.w3.org/1999/xhtml"
    message = etree.Element(f"{{{nar}}}newsMessage", nsmap={None: nar})
    header = etree.SubElement(message, f"{{{nar}}}header")
    etree.SubElement(header, f"{{{nar}}}sent").text = "2024-01-01T00:00:00Z"
    items = etree.SubElement(message, f"{{{nar}}}itemSet")
    for number, article in enumerate(ARTICLES):
        item = etree.SubElement(items, f"{{{nar}}}newsItem", {"guid": f"urn:newsml:{article['id']}", "version": "1", "standard": "NewsML-G2",
                                "standardversion": "2.30", "conformance": "power", "{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})
        meta = etree.SubElement(item, f"{{{nar}}}itemMeta")
        etree.SubElement(meta, f"{{{nar}}}itemClass", qcode="ninat:text")
        provider = etree.SubElement(meta, f"{{{nar}}}provider", literal="p")
        etree.SubElement(provider, f"{{{nar}}}name").text = article["outlet"]
        etree.SubElement(meta, f"{{{nar}}}versionCreated").text = "2024-01-01T00:00:00Z"
        about = etree.SubElement(item, f"{{{nar}}}contentMeta")
        etree.SubElement(about, f"{{{nar}}}contentCreated").text = article["date"][:10] + "T08:00:00Z"
        if article.get("author"):
            etree.SubElement(about, f"{{{nar}}}by").text = f"By {article['author']}"
        etree.SubElement(about, f"{{{nar}}}headline").text = article["title"]
        inline = etree.SubElement(etree.SubElement(item, f"{{{nar}}}contentSet"), f"{{{nar}}}inlineXML")
        if number % 2:
            inline.set("contenttype", "application/nitf+xml")
            inline.append(nitf(article))
        else:
            inline.set("contenttype", "application/xhtml+xml")
            page = etree.SubElement(inline, f"{{{xhtml}}}html", nsmap={"h": xhtml})
            etree.SubElement(etree.SubElement(page, f"{{{xhtml}}}head"), f"{{{xhtml}}}title").text = article["title"]
            body = etree.SubElement(page, f"{{{xhtml}}}body")
            for text in paragraphs(article):
                etree.SubElement(body, f"{{{xhtml}}}p").text = text
    write("lxml-newsml-g2.xml", etree.tostring(message, xml_declaration=True, encoding="utf-16", pretty_print=True))


if __name__ == "__main__":
    pages()
    warcio("warcio-1.0.warc", False, "1.0")
    warcio("warcio-1.1.warc", False, "1.1")
    wet()
    wget()
    feeds()
    agencies()
