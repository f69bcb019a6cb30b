//! What the classes and ids of an element say of it.
//!
//! Sites name what they build: `related-posts`, `ArticleBody_root__x1`, `newsletter-signup`. The words in this file are
//! such names, not English that is looked for in texts. A name is cut at everything that is no letter and where small
//! letters meet capitals; pairs of words count as well, so that `mostRead` and `most-read` are one.

use bitflags::bitflags;

bitflags! {
    /// What an element may be, by its names.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(super) struct Signals: u16 {
        /// Certainly no part of an article, however long: comments.
        const FOREIGN = 1;
        /// Hardly part of an article, unless most of the text is in it.
        const BESIDE = 1 << 1;
        /// The body of an article.
        const BODY = 1 << 2;
        /// The lead.
        const LEAD = 1 << 3;
        /// Author, date and the like.
        const ABOUT = 1 << 4;
        /// The author.
        const AUTHOR = 1 << 5;
        /// The date.
        const DATE = 1 << 6;
        /// A sentence of the article that is shown once more.
        const PULL = 1 << 7;
        /// The headline.
        const HEADLINE = 1 << 8;
        /// Text that can be had for money only.
        const PAYWALL = 1 << 9;
    }
}

/// What `class` (or an id) says.
pub(super) fn of_class(class: &str) -> Signals {
    let mut signals = Signals::empty();
    for name in class.split_ascii_whitespace() {
        signals |= of_words(name);
    }
    signals
}

/// What the name of an element that HTML does not have says.
pub(super) fn of_name(name: &[u8]) -> Signals {
    // AMP has elements of its own for everything around an article, and none for its text.
    if name.starts_with(b"amp-") {
        return Signals::BESIDE;
    }
    match std::str::from_utf8(name) {
        Ok(name) if name.contains('-') => of_words(name),
        _ => Signals::empty(),
    }
}

/// The longest word of the lists, and the longest pair.
const LONGEST: usize = 20;

fn of_words(name: &str) -> Signals {
    let mut signals = Signals::empty();
    // The word before and this one, in lower case, in one buffer.
    let (mut buffer, mut before, mut end) = ([0u8; 2 * LONGEST], 0, 0);
    let mut last = 0u8;
    for byte in name.bytes().chain([b' ']) {
        let splits = !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() && last.is_ascii_lowercase();
        last = byte;
        if splits && end > before {
            signals |= known(&buffer[before..end]);
            if before > 0 {
                signals |= pair(&buffer[..end]);
            }
            buffer.copy_within(before..end, 0);
            (before, end) = (end - before, end - before);
        }
        if byte.is_ascii_alphabetic() {
            if end - before >= LONGEST {
                (before, end) = (0, 0);
            }
            if end < buffer.len() {
                buffer[end] = byte.to_ascii_lowercase();
                end += 1;
            }
        }
    }
    signals
}

fn known(word: &[u8]) -> Signals {
    match word {
        b"comment" | b"comments" | b"commentlist" | b"disqus" | b"talkback" | b"talkbacks" | b"respond"
        | b"replies" | b"yorumlar" => Signals::FOREIGN,
        b"footer" | b"foot" | b"colophon" | b"nav" | b"navigation" | b"navbar" | b"mainnav" | b"topnav" | b"menu"
        | b"breadcrumb" | b"breadcrumbs" | b"crumbs" | b"sidebar" | b"sidecol" | b"taboola" | b"outbrain"
        | b"cookie" | b"cookies" | b"consent" | b"gdpr" | b"recirc" | b"recirculation" | b"related"
        | b"relatedposts" | b"recommended" | b"recommendations" | b"promo" | b"promos" | b"promoted" | b"promotion"
        | b"teaser" | b"teasers" | b"share" | b"sharing" | b"sharebar" | b"sharedaddy" | b"social" | b"addthis"
        | b"addtoany" | b"tweet" | b"instagram" | b"tiktok" | b"newsletter" | b"newsletters" | b"signup"
        | b"subscribe" | b"subscription" | b"ad" | b"ads" | b"advert" | b"adverts" | b"advertisement"
        | b"advertising" | b"adslot" | b"adunit" | b"dfp" | b"sponsor" | b"sponsored" | b"sponsors" | b"popup"
        | b"modal" | b"overlay" | b"toolbar" | b"tools" | b"rating" | b"ratings" | b"poll" | b"quiz" | b"tags"
        | b"topics" | b"tagcloud" | b"keywords" | b"bio" | b"caption" | b"captions" | b"credit" | b"credits"
        | b"gallery" | b"slideshow" | b"carousel" | b"trending" | b"infobox" | b"factbox" | b"masthead"
        | b"pagination" | b"pager" | b"donate" | b"donation" | b"copyright" | b"disclaimer" | b"toc" | b"ticker"
        | b"figcaption" | b"videoplayer" | b"printonly" | b"noprint" | b"visuallyhidden" | b"sronly" | b"skiplink"
        | b"topbar" | b"banner" | b"tooltip" | b"dropdown" => Signals::BESIDE,
        b"paywall" | b"regwall" | b"piano" | b"paywalled" => Signals::PAYWALL.union(Signals::BESIDE),
        b"byline" | b"bylines" | b"author" | b"authors" | b"signature" => Signals::AUTHOR.union(Signals::ABOUT),
        b"date" | b"dt" | b"time" | b"timestamp" | b"pubdate" | b"published" | b"datetime" | b"tarih" | b"dateline" => {
            Signals::DATE.union(Signals::ABOUT)
        }
        b"meta" | b"metadata" | b"kicker" | b"eyebrow" | b"rubric" | b"readtime" | b"sign" => Signals::ABOUT,
        b"articlebody" | b"storybody" | b"bodytext" | b"storytext" | b"articletext" | b"newstext" | b"fulltext" => {
            Signals::BODY
        }
        b"lead" | b"lede" | b"standfirst" | b"dek" | b"deck" | b"intro" | b"subtitle" | b"subheadline" | b"spot"
        | b"ingress" | b"abstract" | b"teaserlead" => Signals::LEAD,
        b"pullquote" | b"pulledquote" => Signals::PULL,
        b"headline" | b"hed" | b"hl" => Signals::HEADLINE,
        _ => Signals::empty(),
    }
}

/// Two words in a row, written as one.
fn pair(words: &[u8]) -> Signals {
    match words {
        b"mostread" | b"mostviewed" | b"mostpopular" | b"mostshared" | b"readmore" | b"alsoread" | b"readalso"
        | b"moreon" | b"morestories" | b"topstories" | b"youmay" | b"inlinelink" | b"linksblock" | b"topiclist"
        | b"tagslinks" | b"taglinks" | b"articletags" | b"posttags" | b"keyevents" | b"authorbox" | b"authorbio"
        | b"aboutauthor" | b"infobox" | b"factbox" | b"photocredit" | b"imagecredit" | b"imagecaption"
        | b"imagesub" | b"mediacaption" | b"captiontext" | b"screenreader" | b"skiplink" | b"visuallyhidden"
        | b"printonly" | b"sidebarbox" | b"postnavigation" | b"prevnext" | b"livead" | b"adwrapper"
        | b"adcontainer" => Signals::BESIDE,
        b"articlebody" | b"storybody" | b"bodytext" | b"storytext" | b"articletext" | b"newstext" | b"entrycontent"
        | b"postcontent" | b"articlecontent" | b"storycontent" | b"postbody" | b"entrybody" | b"newsbody"
        | b"newscontent" | b"articlecopy" | b"bodycopy" => Signals::BODY,
        b"subheadline" | b"subhead" | b"articlesummary" | b"storysummary" | b"articleintro" | b"articlelead" => {
            Signals::LEAD
        }
        b"pullquote" | b"pulledquote" | b"bigquote" => Signals::PULL,
        b"entrytitle" | b"posttitle" | b"articletitle" | b"storytitle" | b"newstitle" => Signals::HEADLINE,
        b"entrymeta" | b"postmeta" | b"articlemeta" | b"storymeta" | b"postinfo" | b"readingtime" => Signals::ABOUT,
        _ => Signals::empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        for (class, signals) in [
            ("css-53u6y8 flex", Signals::empty()),
            ("ArticleBody_chunk__m1", Signals::BODY),
            ("article__body--full", Signals::BODY),
            ("mostRead x", Signals::BESIDE),
            ("jp-relatedposts", Signals::BESIDE),
            ("site-footer", Signals::BESIDE),
            ("comment-body", Signals::FOREIGN),
            ("header adapted reading", Signals::empty()),
            ("post-81 entry-content", Signals::BODY),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ads", Signals::BESIDE),
        ] {
            assert_eq!(of_class(class), signals, "{class}");
        }
    }
}
