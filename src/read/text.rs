//! Text files: the whole file is one article.

use super::{Flow, Format, Reason, Sink, Source, encoding::Decoded, unknown};
use crate::model::Article;
use std::io;

/// A text file.
#[derive(Debug)]
pub(super) struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text", "md"]
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        !unknown::is_binary(head) && !unknown::is_markup(head)
    }

    fn read(&self, source: &mut Source, sink: &mut Sink<'_>) -> io::Result<Flow> {
        let limit = sink.options().max_text;
        let bytes = source.read_all(limit)?;
        if unknown::is_binary(source.head()) {
            return Ok(sink.record(
                source,
                1,
                0,
                Reason::NotText,
                unknown::describe(source.extension(), source.head()),
            ));
        }
        if bytes.len() as u64 >= limit {
            let detail = format!("the file has {limit} bytes or more, which is the limit for one text");
            return Ok(sink.record(source, 1, 0, Reason::TooLarge, detail));
        }
        let Decoded { text, remark } = match source.decode(&bytes) {
            Ok(decoded) => decoded,
            Err(detail) => return Ok(sink.record(source, 1, 0, Reason::BadEncoding, detail)),
        };
        if text.contains('\0') {
            let detail = "the file holds zero bytes".to_string();
            return Ok(sink.record(source, 1, 0, Reason::NotText, detail));
        }
        if text.trim().is_empty() {
            let detail = "the file holds nothing but white space".to_string();
            return Ok(sink.record(source, 1, 0, Reason::Empty, detail));
        }
        let id = source.stem().to_string();
        let (text, remarks) = (text.into_owned(), remark.into_iter().collect());
        Ok(sink.article(source, 1, 0, Article { id, text, remarks, ..Article::default() }))
    }
}
