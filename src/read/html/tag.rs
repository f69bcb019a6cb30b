//! The elements of HTML, as far as they matter for finding an article in a page.

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// No element but a stretch of text.
    Text,
    /// The document itself.
    Root,
    /// Anything that stands within a line: `b`, `span`, and elements that nobody knows.
    Inline,
    /// `a`.
    Link,
    /// `br`.
    Break,
    /// `q`, which browsers show with quotation marks.
    Quote,
    /// `time`.
    Time,
    /// `html` and `body`.
    Page,
    /// `head`.
    Head,
    /// `title`.
    Title,
    /// `meta` and `link`, which have no content.
    Meta,
    /// `script`.
    Script,
    /// `h1` to `h6`.
    Heading(u8),
    /// `p`.
    Paragraph,
    /// `blockquote`.
    BlockQuote,
    /// `ul`, `ol` and `dl`.
    List,
    /// `li`, `dt` and `dd`.
    Item,
    /// `table`.
    Table,
    /// `tr`.
    Row,
    /// `td`, `th` and the caption of a table.
    Cell,
    /// `pre`.
    Verbatim,
    /// `article` and `main`.
    Article,
    /// `div`, `section` and other blocks.
    Block,
    /// Blocks that are hardly ever part of the article: `aside`, `footer`, `form`.
    Beside,
    /// Elements whose content is not for reading, or not part of the article: `style`, `nav`, `figure`.
    Hidden,
    /// `img`.
    Image,
    /// Elements without content, of no interest.
    Void,
}

impl Tag {
    /// The element called `name`, in lower case.
    pub(super) fn named(name: &[u8]) -> Tag {
        match name {
            b"a" => Tag::Link,
            b"br" => Tag::Break,
            b"q" => Tag::Quote,
            b"time" => Tag::Time,
            b"html" | b"body" => Tag::Page,
            b"head" => Tag::Head,
            b"title" => Tag::Title,
            b"meta" | b"link" => Tag::Meta,
            b"script" => Tag::Script,
            b"h1" | b"hl1" => Tag::Heading(1),
            b"h2" | b"hl2" => Tag::Heading(2),
            b"h3" => Tag::Heading(3),
            b"h4" => Tag::Heading(4),
            b"h5" => Tag::Heading(5),
            b"h6" => Tag::Heading(6),
            b"p" => Tag::Paragraph,
            b"blockquote" | b"bq" => Tag::BlockQuote,
            b"ul" | b"ol" | b"dl" | b"menu" => Tag::List,
            b"li" | b"dt" | b"dd" => Tag::Item,
            b"table" => Tag::Table,
            b"tr" => Tag::Row,
            b"td" | b"th" | b"caption" => Tag::Cell,
            b"pre" | b"listing" => Tag::Verbatim,
            b"article" | b"main" => Tag::Article,
            b"div" | b"section" | b"header" | b"address" | b"center" | b"details" | b"summary" | b"hgroup" | b"dir"
            | b"fieldset" | b"tbody" | b"thead" | b"tfoot" | b"block" => Tag::Block,
            b"aside" | b"footer" | b"form" => Tag::Beside,
            b"style" | b"nav" | b"figure" | b"figcaption" | b"noscript" | b"iframe" | b"svg" | b"math"
            | b"template" | b"select" | b"option" | b"textarea" | b"button" | b"label" | b"legend" | b"object"
            | b"video" | b"audio" | b"canvas" | b"map" | b"dialog" | b"applet" | b"noembed" | b"noframes"
            | b"datalist" | b"rt" | b"rp" | b"media" => Tag::Hidden,
            b"hr" => Tag::Void,
            b"img" => Tag::Image,
            b"input" | b"area" | b"base" | b"col" | b"embed" | b"param" | b"source" | b"track" | b"wbr"
            | b"basefont" | b"bgsound" | b"frame" | b"keygen" => Tag::Void,
            _ => Tag::Inline,
        }
    }

    /// Whether the element never has content.
    pub(super) fn is_void(self) -> bool {
        matches!(self, Tag::Break | Tag::Meta | Tag::Image | Tag::Void)
    }

    /// Whether text before, in and after the element stands in lines of its own.
    pub(super) fn is_block(self) -> bool {
        !matches!(
            self,
            Tag::Text
                | Tag::Inline
                | Tag::Link
                | Tag::Break
                | Tag::Quote
                | Tag::Time
                | Tag::Meta
                | Tag::Image
                | Tag::Void
        )
    }

    /// Whether an open paragraph ends where the element begins.
    pub(super) fn ends_paragraph(self) -> bool {
        matches!(
            self,
            Tag::Heading(_)
                | Tag::Paragraph
                | Tag::BlockQuote
                | Tag::List
                | Tag::Item
                | Tag::Table
                | Tag::Verbatim
                | Tag::Article
                | Tag::Block
                | Tag::Beside
        )
    }
}
