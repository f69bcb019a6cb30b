//! Small pages, and hostile ones.

use super::*;
use std::time::{Duration, Instant};

const LONG: &str = "The council of Lindmere has voted for a new bridge, and the mayor said that it would be built.";

fn text(html: &str) -> String {
    page(html).map_or_else(|(reason, detail)| format!("{}: {detail}", reason.as_str()), |article| article.text)
}

#[test]
fn text_is_as_a_reader_sees_it() {
    for (html, expected) in [
        ("<p>a<b>b</b>c&nbsp;d &amp; e</p>", "abc d & e"),
        ("<p>one<br><br>two<br>three</p>", "one\n\ntwo\nthree"),
        ("<p>one<p>two<div>three</div>four", "one\n\ntwo\n\nthree\n\nfour"),
        ("<ul><li>a<li>b</ul><blockquote>c</blockquote>", "a\n\nb\n\nc"),
        ("<p>He said <q>no</q>.</p>", "He said “no”."),
        ("<p>soft&shy;hyphen zero&#8203;width</p>", "softhyphen zero width"),
        ("<script>var a = '<p>no</p>';</script><style>p{}</style><p>yes</p><!-- no -->", "yes"),
        ("<pre>one\nline\n\nnext</pre>", "one line\n\nnext"),
        ("one\n\ntwo\nlines <i>here</i>", "one\n\ntwo lines here"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a\n\nb\n\nc"),
        ("<p>kept <figure>no<figcaption>no</figcaption></figure> kept too", "kept\n\nkept too"),
        ("<p style='display: none'>no</p><p hidden>no</p><p>yes</p>", "yes"),
        ("<p><em>broken <strong>tags</em> here</strong> too</p>", "broken tags here too"),
    ] {
        assert_eq!(fragment(html).unwrap(), expected, "{html}");
    }
}

#[test]
fn pages_without_an_article_are_rejects() {
    let menu =
        "<nav>x</nav>".to_string() + &"<div><a href=x>A headline of another article that is long</a></div>".repeat(40);
    let paid = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"H\",\"isAccessibleForFree\":false}}</script><h1>H</h1><p>{LONG}</p>"
    );
    for (html, start) in [
        ("", "bad markup: the page has no elements"),
        (
            "<html><body><script>render()</script></body></html>",
            "no text: the page shows no text: it may be filled by a script",
        ),
        (menu.as_str(), "no text: no article in the page: "),
        (paid.as_str(), "no text: the article is behind a paywall: 94 bytes"),
    ] {
        assert!(text(html).starts_with(start), "{}", text(html));
    }
}

#[test]
fn teasers_are_no_text() {
    let teaser = "<div><h2><a href=x>A headline of another article</a></h2><p>The mayor of Velmar has said that he will not go.</p></div>";
    let front = format!("<h1>The Herald</h1><section>{}</section>", teaser.repeat(20));
    assert!(text(&front).starts_with("no text: no article in the page"), "{}", text(&front));
    let page = format!(
        "<h1>A bridge</h1><div class=with-sidebar><div><p>{LONG}</p><p>{LONG} And so on.</p></div><div>{}</div></div>",
        teaser.repeat(20)
    );
    assert_eq!(text(&page), format!("{LONG}\n\n{LONG} And so on."));
}

#[test]
fn leads_are_kept_and_bylines_are_not() {
    let page = format!(
        "<title>A bridge | News</title><meta property=og:title content='A bridge'><h1>A bridge</h1><h2 class=sub-headline>It will cost more than was thought.</h2><div class=author-byline>By <a href=x>Ann Lee</a> <span>News</span></div><div class=article-body><p>{LONG}</p><p>{LONG} Again.</p><h3>Related</h3><ul><li><a href=x>Another article</a></li></ul></div>"
    );
    let article = super::page(&page).unwrap();
    assert_eq!(article.text, format!("It will cost more than was thought.\n\n{LONG}\n\n{LONG} Again."));
    let told = [&article.title, &article.author, &article.outlet].map(|value| value.as_deref().unwrap_or("-"));
    assert_eq!(told, ["A bridge", "Ann Lee", "News"]);
}

#[test]
fn a_described_text_counts_where_the_page_shows_little() {
    let words = LONG.repeat(6);
    let html = format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"H\",\"articleBody\":\"{words}\"}}</script><h1>H</h1><p>{LONG}</p>"
    );
    assert_eq!(text(&html), words);
}

/// Pages that make readers slow: what is nested, what never ends, what overlaps.
#[test]
fn no_page_takes_long() {
    let n = 300_000;
    let pages = [
        format!("{}{LONG}", "<div>".repeat(n)),
        format!("{}{LONG}{}", "<div><p>".repeat(n), "</p></div>".repeat(n)),
        format!("{}<p>{LONG}", "<b><i><a href=x>".repeat(n)),
        format!("{LONG}{}", "</div></p></b>".repeat(n)),
        format!("<div {}>{LONG}", "a=1 ".repeat(n)),
        format!("<div class='{}'>{LONG}", "related share ".repeat(n)),
        format!("<table>{LONG}{}", "<tr><td>".repeat(n)),
        format!("<ul>{LONG}{}", "<li>".repeat(n)),
        format!("<p>{LONG}{}", "<br>".repeat(n)),
        format!("<pre>{LONG}{}", "\n\n".repeat(n)),
        format!("{}{LONG}", "<blockquote>".repeat(n)),
        format!("<p>{LONG}{}", "&amp".repeat(n)),
        format!("<p>{LONG}{}", "<".repeat(n)),
        format!("<p>{LONG}</p>{}", "<!--".repeat(n)),
        format!("<h1>x</h1>{}", format!("<blockquote>{LONG}</blockquote>").repeat(n / 100)),
        format!("<script type='application/ld+json'>{}</script><p>{LONG}", "[".repeat(n)),
        format!("<script type='application/ld+json'>{}</script><p>{LONG}", "{\"@graph\":".repeat(n)),
        format!("<script type='application/ld+json'>\"Article\"{}</script><p>{LONG}", "\"author\":".repeat(n)),
        format!("<article itemprop=articleBody>{LONG}").repeat(n / 100),
        format!("<article itemprop=author><b itemprop=name>{LONG}").repeat(n / 100),
        format!("<p itemprop=headline>{LONG}<title>x").repeat(n / 100),
    ];
    for page in &pages {
        let start = Instant::now();
        let _ = text(page);
        let _ = fragment(page);
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(8), "{taken:?} for {}", &page[..60.min(page.len())]);
    }
}
