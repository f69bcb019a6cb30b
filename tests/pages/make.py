#!/usr/bin/env python3
"""Writes the pages of this folder and, beside each, what should be found in it.

    python3 tests/pages/make.py

Articles, people, places and markup are invented. The markup follows habits of real news sites: utility classes, layout
tables, AMP, WordPress, live blogs, galleries, several articles on a page, windows-1252, comments longer than the article.
"""

import html
import json
import pathlib

from chrome import Chrome
from stories import STORIES

HERE = pathlib.Path(__file__).parent


def e(text):
    return html.escape(text, quote=False)


def ld(data):
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def broadsheet(s, c):
    """Utility classes, deep wrappers, related links and advertisements between paragraphs, JSON-LD in a @graph."""
    p = s["text"]
    body = []
    for i, text in enumerate(p):
        body.append(
            f'<div class="css-{c.number()} flex flex-col"><div class="css-53u6y8 w-full max-w-prose mx-auto">'
            f'<p class="css-at9mc1 evys1bk0 text-lg leading-8">{text}</p></div></div>'
        )
        if i == 1:
            body.append(
                '<div class="css-1 flex"><aside class="css-ew4tgv rounded-lg bg-gray-50 p-4" aria-label="companion column">'
                f'<h3 class="text-sm uppercase">More on this story</h3><ul>{c.teasers(3, "<li><a href={u}>{h}</a></li>")}</ul></aside></div>'
            )
        if i == 2:
            body.append(
                '<div class="css-2 my-8 ad-wrapper" id="story-ad-1-wrapper"><div class="text-xs text-center">Advertisement</div>'
                '<a href="#after-ad-1">SKIP ADVERTISEMENT</a><div id="story-ad-1" class="place-ad"></div></div>'
            )
        if i == 3:
            body.append(
                '<figure class="my-6" role="group"><picture><source srcset="/img/1.webp"><img src="/img/1.jpg" alt="The quay at low tide"></picture>'
                '<figcaption class="text-sm text-gray-500"><span>The old quay at Lindmere, where the ferries have landed since 1911.</span>'
                '<span class="credit">Credit...Ines Okoro for The Velmar Courier</span></figcaption></figure>'
            )
        if i == 4:
            body.append(f'<p class="css-at9mc1 evys1bk0"><strong>Read more:</strong> <a href="/x">{c.headline()}</a></p>')
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "The Velmar Courier", "url": "https://courier.example/"},
            {
                "@type": ["NewsArticle", "Article"],
                "headline": s["title"],
                "datePublished": "2023-03-14T09:05:22.000Z",
                "dateModified": "2023-03-15T11:00:00.000Z",
                "author": [{"@type": "Person", "name": "Maren Holt"}, {"@type": "Person", "name": "Tobias Lund"}],
                "publisher": {"@type": "NewsMediaOrganization", "name": "The Velmar Courier", "logo": {"url": "/logo.png"}},
                "mainEntityOfPage": "https://courier.example/2023/03/14/ferries.html",
                "isAccessibleForFree": False,
            },
        ],
    }
    return f"""<!DOCTYPE html>
<html lang="en" class="story nytapp-vi-article" xmlns:og="http://opengraphprotocol.org/schema/">
<head><meta charset="utf-8"><title data-rh="true">{e(s['title'])} - The Velmar Courier</title>
<meta data-rh="true" property="og:title" content="{e(s['title'])}"><meta property="og:type" content="article">
<meta property="article:section" content="Business"><link rel="canonical" href="https://courier.example/2023/03/14/ferries.html">
<style>{c.style(90)}</style><script>{c.script(25)}</script>{ld(graph)}</head>
<body><div id="app"><div class="min-h-screen"><div class="sticky top-0 z-50"><header class="flex items-center"><a href="#main">Skip to content</a>
<nav class="hidden lg:flex"><ul class="flex gap-4">{c.menu()}</ul></nav>{c.svg()}</header></div>
<div id="top-banner" class="bg-black text-white"><p>Subscribe today and get your first three months of the Courier for a single crown a week, cancel whenever you like.</p></div>
<main id="site-content" class="mx-auto"><div><article id="story" class="css-1vxca1d">
<header class="css-1"><h1 class="text-4xl font-bold" data-testid="headline">{s['title']}</h1>
<p id="article-summary" class="text-xl mt-2">{s['lead']}</p>
<div class="flex mt-4"><div class="rounded-full">{c.svg()}</div><div><p class="text-sm">By <a href="/by/maren-holt" class="underline">Maren Holt</a> and <span>Tobias Lund</span></p>
<p class="text-sm">Maren Holt reports on ports from Velmar. Tobias Lund covers labour.</p><time datetime="2023-03-14T09:05:22Z">March 14, 2023</time></div></div>
<div class="share-tools"><ul><li><button>Share full article</button></li><li><button>Save</button></li><li><span>137</span></li></ul></div></header>
<section name="articleBody" class="meteredContent">{''.join(body)}</section>
<div class="bottom-of-article"><div class="text-xs"><p>A version of this article appears in print on March 15, 2023, Section B, Page 1 of the national edition with the headline: Ferries. <a href="/reprints">Order Reprints</a> | <a href="/paper">Today's Paper</a></p></div></div>
</article></div>
<section class="related-coverage" aria-labelledby="rc"><h2 id="rc">Related Coverage</h2>{c.teasers(4, '<div class="flex"><h3><a href="{u}">{h}</a></h3><p class="text-sm">{s}</p></div>')}</section>
</main><footer class="bg-gray-100"><nav><ul>{c.menu()}</ul></nav><p>© 2023 The Velmar Courier Company. All rights reserved. Reproduction of any part without written permission is prohibited.</p></footer>
</div></div><script>{c.script(40)}</script></body></html>"""


def tables(s, c):
    """A layout of nested tables, font tags and double line breaks, as around 2003, in windows-1252, without metadata."""
    text = "<br><br>\n".join(s["text"])
    menu = c.menu('<tr><td bgcolor="#DDDDEE" height=18>&nbsp;<a href="/{s}"><font size="1">{t}</font></a></td></tr>')
    return f"""<HTML><HEAD><TITLE>Torvik Telegraph Online - {e(s['title'])}</TITLE>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1252">
<SCRIPT LANGUAGE="JavaScript"><!--
{c.script(8)}
function popup(u) {{ if (a < b) window.open(u, '<b>x</b>'); }}
//--></SCRIPT></HEAD>
<BODY BGCOLOR=#FFFFFF LINK=#003399 TOPMARGIN=0>
<TABLE WIDTH=760 BORDER=0 CELLPADDING=0 CELLSPACING=0 ALIGN=CENTER>
<TR><TD COLSPAN=3><IMG SRC="/gfx/top.gif" ALT="Torvik Telegraph"><BR><FONT SIZE=1>Saturday edition | <A HREF="/">Front page</A> | <A HREF="/weather">Weather</A> | <A HREF="/classified">Classified</A></FONT></TD></TR>
<TR VALIGN=TOP><TD WIDTH=130><TABLE WIDTH=130>{menu}</TABLE></TD>
<TD WIDTH=470><TABLE WIDTH=100% CELLPADDING=8><TR><TD>
<FONT FACE="Arial" SIZE=1 COLOR=#666666>Published: 3 February 2004, 14:20</FONT><BR>
<FONT FACE="Georgia,Times" SIZE=5><B>{s['title']}</B></FONT><BR>
<FONT FACE="Arial" SIZE=2><I>by Agneta Rask</I><P>
<TABLE ALIGN=RIGHT WIDTH=200><TR><TD><IMG SRC="/gfx/dam.jpg" WIDTH=200></TD></TR><TR><TD><FONT SIZE=1>The dam above Sarnholm on Monday morning. Photo: P. Vik</FONT></TD></TR></TABLE>
{text}
</FONT></TD></TR>
<TR><TD><HR><FONT SIZE=1><A HREF="mail.cgi">Send this story to a friend</A> | <A HREF="print.cgi">Printer friendly version</A></FONT></TD></TR></TABLE></TD>
<TD WIDTH=160 BGCOLOR=#EEEEEE><FONT SIZE=2><B>Other stories</B></FONT><BR>{c.teasers(9, '<FONT SIZE=1>&#149; <A HREF="{u}">{h}</A><BR>{s}</FONT><BR><BR>')}</TD></TR>
<TR><TD COLSPAN=3 ALIGN=CENTER><FONT SIZE=1>&copy; 2004 Torvik Telegraph. <A HREF="/about">About us</A> | <A HREF="/ads">Advertise</A> | Webmaster: web@telegraph.example</FONT></TD></TR></TABLE></BODY></HTML>"""


def amp(s, c):
    """An AMP page: amp- elements, a cookie banner, JSON-LD as one object with the image as list."""
    body = []
    for i, text in enumerate(s["text"]):
        body.append(f"<p>{text}</p>")
        if i in (1, 3):
            body.append('<amp-ad width="300" height="250" type="doubleclick" data-slot="/1/x"><div placeholder>Advertising</div><div fallback>No ad available</div></amp-ad>')
        if i == 2:
            body.append('<amp-img src="/a.jpg" width="9" height="5" alt="A weather balloon"><noscript><img src="/a.jpg" alt="A weather balloon"></noscript></amp-img><p class="caption">A balloon is released at Ashdown. Photograph: Lio Brandt</p>')
            body.append("<h2>A winter of records</h2>")
    data = {
        "@context": "http://schema.org", "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": "https://ashdownpost.example/science/balloons"},
        "headline": s["title"], "image": ["https://ashdownpost.example/a.jpg"],
        "datePublished": "2021-11-02T06:30:00+01:00", "dateModified": "2021-11-02T08:00:00+01:00",
        "author": {"@type": "Person", "name": "Lio Brandt"}, "publisher": {"@type": "Organization", "name": "Ashdown Post"},
    }
    return f"""<!doctype html>
<html ⚡ lang="en-GB"><head><meta charset="utf-8"><script async src="https://cdn.example/v0.js"></script>
<title>{e(s['title'])} | Ashdown Post</title><link rel="canonical" href="https://ashdownpost.example/science/balloons">
<meta name="viewport" content="width=device-width,minimum-scale=1"><style amp-boilerplate>body{{-webkit-animation:-amp-start 8s}}</style><style amp-custom>{c.style(140)}</style>{ld(data)}</head>
<body><amp-sidebar id="sidebar" layout="nodisplay" side="left"><ul>{c.menu()}</ul></amp-sidebar>
<header class="amp-header"><button on="tap:sidebar.toggle">Menu</button><a href="/">Ashdown Post</a></header>
<amp-consent id="consent" layout="nodisplay"><div class="consent-ui"><h3>We value your privacy</h3><p>We and our 214 partners store and access information on a device, such as cookies, and process personal data to show you advertisements and measure how they perform.</p><button on="tap:consent.accept">Accept</button></div></amp-consent>
<article class="amp-article"><h1 class="amp-title">{s['title']}</h1>
<div class="amp-meta"><span class="amp-author">Lio Brandt</span> <time datetime="2021-11-02T05:30:00Z">2 Nov 2021</time></div>
<amp-social-share type="email"></amp-social-share><amp-social-share type="twitter"></amp-social-share>
<div class="amp-content">{''.join(body)}</div>
<div class="amp-tags">Topics: <a href="/t/weather">Weather</a> <a href="/t/ashdown">Ashdown</a> <a href="/t/science">Science</a></div>
</article><amp-list src="/more.json" layout="fixed-height" height="400"><h3>You may also like</h3>{c.teasers(6, '<div class="card"><a href="{u}"><h4>{h}</h4></a><p>{s}</p></div>')}</amp-list>
<footer class="amp-footer"><p>Ashdown Post is published by the Ashdown Press Trust, registered charity 20311. <a href="/terms">Terms</a> <a href="/privacy">Privacy</a></p></footer></body></html>"""


def wordpress(s, c):
    """WordPress: entry-content with share bars, a newsletter form, a table of tags, a sidebar, comments with text."""
    body = [f"<p>{t}</p>" for t in s["text"]]
    body.insert(2, f'<blockquote class="wp-block-quote"><p>{s["quote"]}</p></blockquote>')
    body.insert(4, '<div id="attachment_81" style="width: 610px" class="wp-caption alignnone"><img src="/wp-content/uploads/x.jpg" alt=""><p class="wp-caption-text">Members of the choir in the rehearsal room in Quenby. (Photo: Rosa Ferrant)</p></div>')
    body.insert(6, '<div class="mc4wp-form newsletter-signup"><h4>Join 12,000 readers</h4><p>Get the stories of Quenby every Friday in your inbox, with recipes and the weekend weather. No spam, ever.</p><input type="email" placeholder="Your email"><button>Sign me up</button></div>')
    items = "".join(f"<li>{t}</li>" for t in s["list"])
    body.insert(7, f"<h3>{s['subhead']}</h3><ul class=\"wp-block-list\">{items}</ul>")
    return f"""<!DOCTYPE html><html lang="en-US" prefix="og: https://ogp.me/ns#"><head>
<meta charset="UTF-8" /><title>{e(s['title'])} &#8211; Quenby Voice</title>
<meta property="og:locale" content="en_US" /><meta property="og:type" content="article" /><meta property="og:title" content="{e(s['title'])} &#8211; Quenby Voice" />
<meta property="og:url" content="https://quenbyvoice.example/2019/09/choir/" /><meta property="og:site_name" content="Quenby Voice" />
<meta property="article:published_time" content="2019-09-20T17:45:03+00:00" /><meta name="author" content="Rosa Ferrant" />
<link rel='stylesheet' href='/wp-includes/css/x.css' /><style>{c.style(60)}</style><script>{c.script(15)}</script></head>
<body class="post-template-default single single-post postid-81 single-format-standard has-sidebar sidebar-right wp-embed-responsive">
<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a href="/">Quenby Voice</a></p><p class="site-description">Local news, by your neighbours</p><nav class="main-navigation"><ul id="menu-main" class="menu">{c.menu()}</ul></nav></header>
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-81" class="post-81 post type-post status-publish format-standard has-post-thumbnail hentry category-culture tag-choir">
<header class="entry-header"><span class="cat-links"><a href="/category/culture">Culture</a></span><h1 class="entry-title">{s['title']}</h1>
<div class="entry-meta"><span class="byline">by <span class="author vcard"><a class="url fn n" href="/author/rosa">Rosa Ferrant</a></span></span> <span class="posted-on"><time class="entry-date published" datetime="2019-09-20T17:45:03+00:00">September 20, 2019</time></span> <span class="reading-time">4 min read</span></div></header>
<div class="entry-content"><div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="#">Twitter</a></li><li><a href="#">Facebook</a></li><li><a href="#">Email</a></li></ul></div>
{chr(10).join(body)}
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3>{c.teasers(3, '<div class="jp-relatedposts-post"><p><a href="{u}">{h}</a></p><p>{s}</p></div>')}</div></div>
<footer class="entry-footer"><span class="tags-links">Tagged <a href="/tag/choir" rel="tag">choir</a>, <a href="/tag/music" rel="tag">music</a>, <a href="/tag/quenby" rel="tag">Quenby</a></span></footer></article>
<div class="author-box"><h4>Rosa Ferrant</h4><p>Rosa Ferrant has written about music and schools for the Quenby Voice since 2011. She sings alto, badly, and lives with two cats in the old town.</p></div>
<nav class="navigation post-navigation"><div class="nav-links"><div class="nav-previous"><a href="/p">{c.headline()}</a></div><div class="nav-next"><a href="/n">{c.headline()}</a></div></div></nav>
<div id="comments" class="comments-area"><h2 class="comments-title">24 thoughts on &ldquo;{s['title']}&rdquo;</h2><ol class="comment-list">
{c.comments(24, '<li id="comment-{n}" class="comment even thread-even depth-1"><article class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><b class="fn">{a}</b> <span class="says">says:</span></div><time datetime="2019-09-21T0{h}:00">September 21, 2019</time></footer><div class="comment-content"><p>{c}</p></div><div class="reply"><a href="#r">Reply</a></div></article></li>')}</ol>
<div id="respond" class="comment-respond"><h3>Leave a Reply</h3><form><p>Your email address will not be published. Required fields are marked *</p><textarea></textarea></form></div></div></main></div>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2>Recent Posts</h2><ul>{c.teasers(8, '<li><a href="{u}">{h}</a></li>')}</ul></section><section class="widget widget_text"><p>{c.summary()} {c.summary()}</p></section></aside></div>
<footer id="colophon" class="site-footer"><div class="site-info">Proudly powered by volunteers. Quenby Voice is a member of the Association of Small Papers.</div></footer></div><script>{c.script(20)}</script></body></html>"""


def liveblog(s, c):
    """A live blog: posts with times, share links in each, key events at the side."""
    posts = []
    for i, (time, head, paragraphs) in enumerate(s["posts"]):
        posts.append(
            f'<div class="live-post" id="post-{i}" itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting">'
            f'<div class="live-post__time"><time itemprop="datePublished" datetime="2022-06-08T{time}:00Z">{time}</time></div>'
            f'<h2 class="live-post__title" itemprop="headline">{head}</h2><div class="live-post__body" itemprop="articleBody">'
            + "".join(f"<p>{p}</p>" for p in paragraphs)
            + '</div><div class="live-post__share"><a href="#">Share</a> <a href="#">Copy link</a></div></div>'
        )
        if i == 1:
            posts.append('<div class="live-ad" data-ad="mid"><span>Advertisement</span></div>')
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{e(s['title'])} – as it happened | Politics | The Harrowby Mail</title>
<meta property="og:site_name" content="The Harrowby Mail"><meta property="og:title" content="{e(s['title'])}"><meta property="article:author" content="https://www.harrowbymail.example/profile/dora-lind">
<meta name="byl" content="Dora Lind"><meta property="og:url" content="https://www.harrowbymail.example/live/2022/jun/08/budget-vote"><script>{c.script(40)}</script>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"LiveBlogPosting","headline":{json.dumps(s['title'])},"datePublished":"2022-06-08T07:12:00.000Z",
"coverageStartTime":"2022-06-08T07:12:00.000Z","author":[{{"@type":"Person","name":"Dora Lind","sameAs":"https://x.example"}}],"publisher":{{"@type":"Organization","name":"The Harrowby Mail"}},
"liveBlogUpdate":[{{"@type":"BlogPosting","headline":"Older","datePublished":"2022-06-08T16:00:00Z","articleBody":"A "bad" quotation mark here"}}],}}</script></head>
<body class="content--live"><div class="skip"><a href="#main">Skip to main content</a></div><header role="banner"><div class="nav-wrap"><ul role="menu">{c.menu('<li role="menuitem"><a href="/{s}">{t}</a></li>')}</ul></div></header>
<main id="main"><div class="headline-area"><h1>{s['title']} – as it happened</h1><div class="standfirst"><p>{s['lead']}</p><ul><li><a href="/a">{c.headline()}</a></li><li><a href="/b">{c.headline()}</a></li></ul></div></div>
<div class="layout"><aside class="key-events"><h2>Key events</h2><ul>{''.join(f'<li><a href="#post-{i}"><time>{t}</time> {h}</a></li>' for i, (t, h, _) in enumerate(s['posts']))}</ul></aside>
<div class="live-feed" data-component="feed">{''.join(posts)}</div>
<div class="topics"><h3>Topics</h3><ul><li><a href="/politics">Politics</a></li><li><a href="/budget">Budget</a></li></ul></div>
<div class="most-viewed"><h2>Most viewed</h2><ol>{c.teasers(10, '<li><a href="{u}">{h}</a></li>')}</ol></div></div></main>
<footer role="contentinfo"><div>{c.menu('<a href="/{s}">{t}</a>')}</div><p>© 2022 Harrowby Mail &amp; Media Limited or its affiliated companies. All rights reserved.</p></footer></body></html>"""


def gallery(s, c):
    """An article with a gallery in its middle, whose captions are nearly as long as the text; microdata."""
    slides = "".join(
        f'<div class="gallery-slide" role="group"><img src="/g{i}.jpg" alt=""><div class="gallery-caption">{t}</div><div class="gallery-credit">Image {i} of 6 | Picture by Ola Svard</div></div>'
        for i, t in enumerate(s["captions"])
    )
    body = [f"<p>{t}</p>" for t in s["text"]]
    body.insert(3, f'<div class="gallery-carousel"><h3>In pictures</h3>{slides}<button>Next</button></div>')
    body.insert(1, f'<p class="article-inline-link"><a href="/r">{c.headline()}</a></p>')
    body.append('<p class="story-footer">Do you know more about this story? Write to <a href="mailto:tips@herald.example">tips@herald.example</a>.</p>')
    return f"""<!DOCTYPE html><html lang="en-AU"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{e(s['title'])}</title>
<meta name="twitter:title" content="{e(s['title'])}"><meta name="description" content="A short description of the story."><link href="https://marlowherald.example/garden" rel="canonical"><style>{c.style(40)}</style></head>
<body><div class="o-header"><div class="o-header__nav"><ul>{c.menu()}</ul></div></div>
<div itemscope itemtype="http://schema.org/NewsArticle"><meta itemprop="mainEntityOfPage" content="https://marlowherald.example/garden">
<h1 itemprop="headline">{s['title']}</h1><div class="story-meta"><span itemprop="author" itemscope itemtype="http://schema.org/Person">Words by <span itemprop="name">Beatriz Moro</span></span>
<time itemprop="datePublished" content="2018-05-06T10:00:00+10:00" datetime="2018-05-06">6 May 2018</time><span itemprop="publisher" itemscope itemtype="http://schema.org/Organization"><meta itemprop="name" content="Marlow Herald"></span></div>
<div class="social-bar"><a href="#">Facebook</a><a href="#">WhatsApp</a><span>Save to read later</span></div>
<div itemprop="articleBody" class="story-text">{''.join(body)}</div></div>
<div class="taboola-container"><h4>Promoted stories</h4>{c.teasers(8, '<div class="trc_item"><a href="{u}"><span class="video-title">{h}</span><span class="branding">Sponsored</span></a><p>{s}</p></div>')}</div>
<div class="o-footer"><p>Marlow Herald acknowledges the people who have cared for this land before us. Write to the editor at 4 Mill Lane, Marlow.</p></div><script>{c.script(30)}</script></body></html>"""


def endless(s, c):
    """Several articles below each other, as on sites that go on without end; the first is meant. A pull quote repeats."""
    def article(index, story, title, date):
        paragraphs = [f"<p>{t}</p>" for t in story]
        if index == 0:
            paragraphs.insert(2, f'<div class="pullquote"><span>{s["pull"]}</span></div>')
            paragraphs.insert(4, f'<blockquote class="big-quote"><p>{s["pull"]}</p><cite>Hedda Marsh</cite></blockquote>')
        return f"""<article class="post-full" data-index="{index}"><div class="post-head"><h{1 if index == 0 else 2} class="post-title">{title}</h{1 if index == 0 else 2}>
<div class="post-info"><a class="post-author" rel="author" href="/a">{'Nils Aker' if index == 0 else 'Staff'}</a> · <time datetime="{date}">{date}</time></div></div><div class="post-content">{''.join(paragraphs)}</div><div class="post-actions"><button>Like</button><button>Comment</button></div></article>"""
    others = "".join(article(i + 1, t, h, d) for i, (h, d, t) in enumerate(s["others"]))
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{e(s['title'])} | Brindle Week</title>
<meta property="og:title" content="{e(s['title'])}"><meta property="og:site_name" content="Brindle Week"><meta property="og:url" content="https://brindleweek.example/a/river-pool">
<script type="application/ld+json">[{{"@type":"BreadcrumbList","itemListElement":[]}},{{"@type":"ReportageNewsArticle","headline":{json.dumps(s['title'])},"datePublished":"2024-01-18","author":"Nils Aker","publisher":{{"@type":"Organization","name":"Brindle Week"}}}}]</script>
<style>{c.style(50)}</style></head><body><div id="__next"><div class="topbar"><div class="burger">{c.svg()}</div><div class="drawer" hidden><ul>{c.menu()}</ul></div></div>
<div class="stream">{article(0, s['text'], s['title'], '2024-01-18')}<div class="paywall-teaser"><p>Enjoying Brindle Week? Members read without advertisements and get our quarterly magazine.</p></div>{others}</div>
<div class="cookie-notice" role="dialog"><p>This site uses cookies to remember you and to count visits. By going on you accept them.</p><button>OK</button></div></div><script id="__NEXT_DATA__" type="application/json">{json.dumps({'props': {'html': '<p>' + s['text'][0] + '</p>', 'q': [c.headline() for _ in range(60)]}})}</script></body></html>"""


def agency(s, c):
    """An old agency page in windows-1252 whose lead stands apart, with dateline, and text in divs without paragraphs."""
    body = "".join(f'<div class="txt">{t}</div>' for t in s["text"])
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en"><head><meta http-equiv="content-type" content="text/html; charset=iso-8859-1" />
<title>{e(s['title'])} - Dunmore News Agency</title><meta name="DC.date.issued" content="2012-12-05" /><meta name="Author" content="Pascal Dume" /><meta name="source" content="Dunmore News Agency" />
<script type="text/javascript">//<![CDATA[
{c.script(30)}
//]]></script></head><body id="pg"><div id="wrap"><div id="hd"><div id="logo">DNA</div><div id="topmenu">{c.menu('<a href="/{s}.php">{t}</a> | ')}</div></div>
<div id="cols"><div id="left"><h4>Categories</h4><ul>{c.menu()}</ul></div>
<div id="mid"><div class="crumbs"><a href="/">Home</a> &raquo; <a href="/e">Economy</a> &raquo; {e(s['title'])}</div>
<h2 class="hl">{s['title']}</h2><div class="lead"><strong>{s['lead']}</strong></div>
<div class="dt">05 Dec 2012 11:47</div>{body}<div class="sign">pd/rk/lm</div>
<div class="tools"><a href="javascript:print()">Print</a> <a href="#">A+</a> <a href="#">A-</a></div>
<div class="box"><h4>Earlier on this topic</h4>{c.teasers(5, '<div class="it"><a href="{u}">{h}</a></div>')}</div></div>
<div id="right"><h4>Latest</h4>{c.teasers(14, '<div class="n"><b>12:0{n}</b> <a href="{u}">{h}</a><br/>{s}</div>')}</div></div>
<div id="ft">Dunmore News Agency, 11 Harbour Street. All texts are protected by law and may be used by subscribers only. Tel. 555 0199</div></div></body></html>"""


def forum(s, c):
    """Comments in plain divs, far longer than the article; the body in an own element with double line breaks."""
    text = "<br/><br/>".join(s["text"])
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>{e(s['title'])} :: Castell Today</title><meta property="og:title" content="{e(s['title'])}"/><meta property="og:site_name" content="Castell Today"/>
<meta name="parsely-pub-date" content="2016-08-11T13:00:00Z"/><meta name="parsely-author" content="Greta Ilves"/><meta name="parsely-link" content="https://castelltoday.example/n/4410"/></head>
<body><div class="head"><div class="menu-main">{c.menu('<span><a href="/{s}">{t}</a></span>')}</div></div><div class="page-2col">
<div class="news-detail"><h1>{s['title']}</h1><div class="news-date">11.08.2016 13:00</div><div class="news-author">Greta Ilves</div>
<div class="news-image"><img src="/i.jpg" alt="x"/><div class="news-image-sub">The old cinema in Castell before the fire. Archive photo.</div></div>
<div class="news-text" id="newstext">{text}</div><div class="rating">Rate this: <a href="#">1</a><a href="#">2</a><a href="#">3</a></div></div>
<div class="talkback"><div class="talkback-head">Comments (60)</div>{c.comments(60, '<div class="comment-item" data-id="{n}"><div class="comment-user">{a}, {h} hours ago</div><div class="comment-text">{c}</div><div class="comment-act"><a href="#">Answer</a> <a href="#">Report</a></div></div>')}</div>
<div class="sidecol">{c.teasers(12, '<div class="side-item"><a href="{u}">{h}</a><div>{s}</div></div>')}</div></div>
<div class="foot">Castell Today Ltd. Reg. 77120. Editor in chief: M. Tamm. We are not liable for the comments of our readers.</div><script>{c.script(20)}</script></body></html>"""


def magazine(s, c):
    """A modern magazine: sections in separate containers, sidebars inside the article, drop caps, inline markup in words."""
    text = list(s["text"])
    first = text[0]
    text[0] = f'<span class="dropcap">{first[0]}</span>{first[1:]}'
    half = len(text) // 2
    one, two = text[:half], text[half:]
    return f"""<!DOCTYPE html><html lang="en-IE"><head><meta charset="utf-8"><title>{e(s['title'])} • Oakhampton Review</title>
<meta property="og:title" content="{e(s['title'])}"><meta property="og:site_name" content="Oakhampton Review"><meta property="article:published_time" content="2020-07-30T04:00:00Z"><meta name="author" content="Ciara Nolan"><link rel="canonical" href="https://oakreview.example/essays/peat"><style>{c.style(120)}</style>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Article","name":"unused</script></head>
<body class="article-page with-comments"><header class="GlobalHeader_root__a1"><nav>{c.menu('<a class="GlobalHeader_link__b2" href="/{s}">{t}</a>')}</nav></header>
<article class="ArticlePage_root__x9"><div class="ArticleHeader_root__q1"><p class="Rubric_kicker__e3"><a href="/essays">Essays</a></p><h1 class="ArticleHeader_hed__z7">{s['title']}</h1>
<div class="ArticleHeader_dek__y2">{s['lead']}</div><p class="Byline_root__p4">By <a href="/c">Ciara Nolan</a></p><time class="PublishDate_root__k1" datetime="2020-07-30T04:00:00Z">July 30, 2020</time></div>
<div class="ArticleBody_chunk__m1"><div class="Container_grid__t5">{''.join(f'<p class="Paragraph_root__w2">{t}</p>' for t in one)}</div></div>
<div class="InlineNewsletter_root__n2"><h3>Sign up for the Review of the Week</h3><p>One long read, one short one, and a poem: every Saturday morning in your inbox, for nothing at all.</p><form><input><button>Subscribe</button></form></div>
<div class="ArticleBody_chunk__m1"><div class="Container_grid__t5"><aside class="Sidebar_root__s1"><h4>What is peat?</h4><p>Peat is made of plants that have not fully rotted. It grows by a millimetre a year, and holds more carbon than all forests together.</p></aside>{''.join(f'<p class="Paragraph_root__w2">{t}</p>' for t in two)}</div></div>
<div class="ArticleFooter_root__f1"><div class="Bio_root__b9"><p>Ciara Nolan is the author of two books about bogs and teaches at the University of Oakhampton.</p></div></div></article>
<section class="Recirculation_root__r3"><h2>Recommended reading</h2>{c.teasers(7, '<article class="Card_root__c7"><h3><a href="{u}">{h}</a></h3><p class="Card_dek__d4">{s} {s}</p><span>By Staff</span></article>')}</section>
<footer class="GlobalFooter_root__g8"><p>The Oakhampton Review is printed on paper from forests that are managed well. Photographs are protected by copyright.</p>{c.menu('<a href="/{s}">{t}</a>')}</footer></body></html>"""


# Kept back while the rules were written: what these show was looked at only at the end.


def regional(s, c):
    """Held back: a regional site with BEM classes, info boxes, a poll and a teaser list inside the text."""
    body = [f'<p class="article__paragraph">{t}</p>' for t in s["text"]]
    body.insert(1, f'<div class="article__embed article__embed--teaser"><a href="/x"><span class="teaser__kicker">Also read</span><span class="teaser__title">{c.headline()}</span></a></div>')
    body.insert(3, '<div class="infobox"><h4 class="infobox__title">At a glance</h4><ul><li>Founded in 1962</li><li>Closed in 2009</li><li>Bought by the town for one crown</li></ul></div>')
    body.insert(5, '<div class="poll"><p class="poll__question">Should the pool be opened again?</p><label>Yes</label><label>No</label></div>')
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{e(s['title'])} | Sarnholm Anzeiger</title><meta property="og:title" content="{e(s['title'])}"><meta property="og:site_name" content="Sarnholm Gazette">
<meta name="date" content="2017-10-03T18:22:00+0200"><meta name="author" content="Ulla Sten"><meta property="og:url" content="https://sarnholm.example/pool-1.1234"><script>{c.script(25)}</script></head><body>
<div class="page"><div class="page__header"><ul class="mainnav">{c.menu()}</ul></div><div class="page__content"><div class="article"><div class="article__header"><span class="article__kicker">Leisure</span><h1 class="article__title">{s['title']}</h1><p class="article__intro">{s['lead']}</p>
<div class="article__meta">Ulla Sten, 03.10.2017 18:22</div></div><div class="article__media"><img src="/p.jpg"><span class="article__media-caption">The pool has been empty for years. Photo: private</span></div><div class="article__body">{''.join(body)}</div>
<div class="article__tags"><a href="/t1">Sarnholm</a><a href="/t2">Pool</a></div></div><div class="page__aside">{c.teasers(10, '<div class="teaser"><h3 class="teaser__title"><a href="{u}">{h}</a></h3><p class="teaser__text">{s}</p></div>')}</div></div>
<div class="page__footer"><p>Sarnholm Gazette is delivered to 31,000 households each morning but Sunday. {c.menu('<a href="/{s}">{t}</a>')}</p></div></div></body></html>"""


def broadcaster(s, c):
    """Held back: a broadcaster with data attributes, paragraphs in divs of blocks, a topic list and an end note."""
    blocks = "".join(f'<div data-component="text-block" class="ssrc-{c.number()}"><div class="ssrc-x RichTextContainer"><p class="ssrc-1q0x1qg">{t}</p></div></div>' for t in s["text"][:3])
    blocks += '<div data-component="unordered-list-block" class="ssrc"><div class="ssrc-uf6"><ul role="list"><li><a href="/1"><span>' + c.headline() + '</span></a></li><li><a href="/2"><span>' + c.headline() + '</span></a></li></ul></div></div>'
    blocks += '<div data-component="subheadline-block"><h2 class="ssrc-h2">' + s["subhead"] + "</h2></div>"
    blocks += "".join(f'<div data-component="text-block" class="ssrc-{c.number()}"><div class="ssrc-x RichTextContainer"><p class="ssrc-1q0x1qg">{t}</p></div></div>' for t in s["text"][3:])
    data = {"@context": "http://schema.org", "@type": "ReportageNewsArticle", "url": "https://www.lbc.example/news/9", "publisher": {"@type": "NewsMediaOrganization", "name": "Lindmere Broadcasting"}, "datePublished": "2022-02-17T05:01:44.000Z", "headline": s["title"][:40] + "...", "author": [{"@type": "Person", "name": "Femi Adler"}], "articleBody": " ".join(html.unescape(t) for t in s["text"])}
    return f"""<!DOCTYPE html><html lang="en-GB" class="no-js"><head><meta charset="utf-8"><title data-react-helmet="true">{e(s['title'])} - Lindmere Broadcasting</title><meta property="og:title" content="{e(s['title'])}"><link rel="canonical" href="https://www.lbc.example/news/9">{ld(data)}<style>{c.style(200)}</style></head><body>
<div id="root"><header role="banner"><nav aria-label="main">{c.menu()}</nav></header><div id="main-wrapper"><main id="main-content"><article class="ssrc-pv1rh6"><header><h1 id="main-heading" tabindex="-1">{s['title']}</h1></header>
<div data-component="byline-block"><div>Femi Adler</div><div>Coast correspondent</div></div><div><time data-testid="timestamp" datetime="2022-02-17T05:01:44.000Z">17 February 2022</time></div><figure><div data-component="image-block"><img alt=""/></div><figcaption>The cliff path was closed in January</figcaption></figure>{blocks}
<section data-component="topic-list"><h2>Related topics</h2><ul><li><a href="/t">Coast</a></li><li><a href="/u">Lindmere</a></li></ul></section><section data-component="links-block"><h2>More on this story</h2><ul>{c.teasers(3, '<li><a href="{u}">{h}</a></li>')}</ul></section></article>
<section data-component="most-read"><h2>Top stories</h2>{c.teasers(6, '<div><a href="{u}"><h3>{h}</h3></a><p>{s}</p></div>')}</section></main></div><footer role="contentinfo">{c.menu()}<p>© 2022. We are not responsible for the content of external sites. Read about our approach to linking.</p></footer></div></body></html>"""


def portal(s, c):
    """Held back: a portal of 2010 with presentational divs, an inline share script, and paragraphs split by single breaks."""
    text = "<br />\n<br />\n".join(s["text"])
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1254"><title>{e(s['title'])} - Velmar Portal</title><meta name="pubdate" content="2010-04-22 08:15"></head>
<body><div id="container"><div id="header"><div class="menu">{c.menu()}</div></div><div id="main"><div id="col1"><div class="haber"><h1>{s['title']}</h1><div class="tarih">22 April 2010 Thursday 08:15</div><div class="spot"><h2>{s['lead']}</h2></div>
<div class="haberresim"><img src="/x.jpg"></div><div id="metin">{text}<script>{c.script(3)}</script></div><div class="kaynak"><a href="/">Velmar Portal</a></div></div><div class="yorumlar"><h3>READER COMMENTS</h3>{c.comments(9, '<div class="comment"><b>{a}</b><p>{c}</p></div>')}</div></div>
<div id="col2"><div class="sidebar">{c.teasers(20, '<div class="kutu"><a href="{u}">{h}</a><p>{s}</p></div>')}</div></div></div><div id="footer">Velmar Portal 2010. All rights reserved.</div></div></body></html>"""


SITES = [broadsheet, tables, amp, wordpress, liveblog, gallery, endless, agency, forum, magazine, regional, broadcaster, portal]
CHARSETS = {"tables": "windows-1252", "agency": "windows-1252", "portal": "windows-1254"}


def main():
    for number, site in enumerate(SITES, 1):
        name = site.__name__
        story = STORIES[name]
        page = site(story, Chrome(number))
        (HERE / f"{name}.html").write_bytes(page.encode(CHARSETS.get(name, "utf-8")))
        expected = {key: story["expected"].get(key) for key in ("title", "date", "author", "outlet", "url", "language")}
        expected["title"] = expected["title"] or html.unescape(story["title"])
        expected["text"] = [html.unescape(strip(t)) for t in story["expected"]["text"]]
        (HERE / f"{name}.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(name, len(page))


def strip(text):
    import re

    return re.sub(r"<[^>]+>", "", text)


if __name__ == "__main__":
    main()
