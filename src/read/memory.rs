//! Records that are in memory: rows of a table of Arrow, objects of another language. They go the way of records in files, so
//! that the same record becomes the same article, wherever it comes from.

use super::{Batch, Field, Fields, Flow, Options, Parsed, Reason, Sink, Workers, fields};
use crate::model::{Article, Reject};
use serde_json::Value;
use std::borrow::Cow;

/// What records in memory are called.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'m> {
    /// The source of all of them, as tables name it; ids that are made for records begin with it.
    pub source: &'m str,
    /// How many records came before.
    pub before: u64,
    /// Whether they are one run: ids are made unique, and articles that have the same text are told. Without, each is read by itself,
    /// and nothing is kept of it.
    pub together: bool,
}

/// As [`read()`](super::read()), for `records` without source and number, which are filled in here. Their ids may be empty.
pub fn read_memory(
    memory: Memory<'_>,
    records: &mut dyn Iterator<Item = Parsed>,
    options: &Options,
    workers: &dyn Workers,
    emit: &mut dyn FnMut(Batch) -> Flow,
) -> u64 {
    let Memory { source, before, together } = memory;
    let mut sink = if together { Sink::new(options, workers, emit) } else { Sink::forgetful(options, workers, emit) };
    let source = source.to_string();
    for (record, parsed) in (before + 1..).zip(records) {
        let flow = match parsed {
            Ok(article) => {
                let id = if article.id.is_empty() { format!("{source}:{record}") } else { article.id };
                sink.placed(0, Article { id, source: source.clone(), record, ..article })
            }
            Err((reason, detail)) => {
                let reason = reason.as_str().to_string();
                sink.reject(Reject { source: source.clone(), record, byte_offset: 0, reason, detail })
            }
        };
        if flow.is_break() {
            break;
        }
    }
    sink.finish()
}

/// A record whose fields come one after the other, such as an object of another language.
#[derive(Debug)]
pub struct Gathered<'f> {
    fields: &'f Fields,
    found: fields::Found<'static>,
}

impl<'f> Gathered<'f> {
    /// Nothing yet of a record whose fields are where `fields` says.
    pub fn new(fields: &'f Fields) -> Gathered<'f> {
        Gathered { fields, found: fields::Found::default() }
    }

    /// Whether anything of the value of `key` may be wanted.
    pub fn wants(&self, key: &str) -> bool {
        !self.fields.wanted(key).is_empty()
    }

    /// Takes a text.
    pub fn text(&mut self, key: &str, text: String) {
        fields::keep_text(&mut self.found, &self.fields.wanted(key), Cow::Owned(text));
    }

    /// Takes any other value: a number, a list, an object.
    pub fn value(&mut self, key: &str, value: &Value) {
        fields::keep_other(&mut self.found, &self.fields.wanted(key), value);
    }

    /// The article without source and number, or why it is none.
    ///
    /// # Errors
    /// A record without a text.
    pub fn article(self) -> Parsed {
        fields::assemble(self.found).ok_or_else(|| (Reason::NoText, self.fields.missing_text()))
    }
}

/// A record that is nothing but a text.
///
/// # Errors
/// A text that is empty.
pub fn text_alone(text: String) -> Parsed {
    let mut found = fields::Found::default();
    found[Field::Text as usize] = Some((0, Cow::Owned(text)));
    fields::assemble(found).ok_or_else(|| (Reason::NoText, "the record's text is empty".to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::{Alone, Item, encoding, json_lines, read_bytes};
    use super::*;

    const LINES: &[&str] = &[
        r#"{"id": "a", "text": "One.", "date": 1602374400, "authors": ["Mira Delgado", "Jon Ruiz"], "lang": "eng"}"#,
        r#"{"id": 7, "body": "<p>Two &amp; <b>more</b>.</p><p>And so on.</p>", "headline": "A &amp; B"}"#,
        r#"{"title": "no text", "text": " "}"#,
        r#"{"id": "a", "text": "Same id.", "source": {"name": "Herald"}, "other": {"text": 1}}"#,
        r#"{"text": "One."}"#,
    ];

    fn items(read: impl FnOnce(&mut dyn FnMut(Batch) -> Flow)) -> Vec<Item> {
        let mut items = Vec::new();
        read(&mut |batch| {
            items.extend(batch.items);
            Flow::Continue(())
        });
        items
    }

    /// The record that `line` holds, field by field.
    fn gathered(line: &str, fields: &Fields) -> Parsed {
        let Value::Object(object) = serde_json::from_str(line).unwrap() else { panic!("no object") };
        let mut gathered = Gathered::new(fields);
        for (key, value) in object {
            assert_eq!(gathered.wants(&key), key != "other", "{key}");
            match value {
                Value::String(text) => gathered.text(&key, text),
                value => gathered.value(&key, &value),
            }
        }
        gathered.article()
    }

    #[test]
    fn records_in_memory_become_what_lines_of_a_file_become() {
        let options = Options { format: crate::read::format_named("jsonl"), ..Options::default() };
        let file = LINES.join("\n");
        let expected = items(|emit| read_bytes("memory", file.as_bytes(), &options, emit));
        let mut parsed = LINES.iter().map(|line| gathered(line, &options.fields));
        let memory = Memory { source: "memory", before: 0, together: true };
        let mut found = items(|emit| {
            assert_eq!(read_memory(memory, &mut parsed, &options, &Alone, emit), 5);
        });
        // There are no bytes to count, and what a JSON parser would say of them is said by nobody.
        let mut expected = expected;
        for item in expected.iter_mut().chain(&mut found) {
            match item {
                Item::Article { byte_offset, .. } | Item::Reject(Reject { byte_offset, .. }) => *byte_offset = 0,
            }
        }
        assert_eq!(found, expected);
        let ids: Vec<&str> = found.iter().filter_map(|item| item.article().map(|article| &*article.id)).collect();
        assert_eq!(ids, ["a", "7", "a~2", "memory:5"]);
    }

    #[test]
    fn of_records_that_are_no_run_nothing_is_kept() {
        let texts = ["One.", "", "One."].map(|text| text_alone(text.to_string()));
        let memory = Memory { source: "m", before: 41, together: false };
        let found = items(|emit| {
            read_memory(memory, &mut texts.into_iter(), &Options::default(), &Alone, emit);
        });
        let ids: Vec<&str> = found.iter().filter_map(|item| item.article().map(|article| &*article.id)).collect();
        assert_eq!(ids, ["m:42", "m:44"]);
        assert!(found.iter().filter_map(Item::article).all(|article| article.duplicate_of.is_none()));
        let Item::Reject(reject) = &found[1] else { panic!("{found:?}") };
        assert_eq!((reject.record, reject.reason.as_str()), (43, "no text"));
    }

    #[test]
    fn a_text_is_a_record_with_one_field() {
        let fields = Fields::default();
        let line = encoding::Decoded { text: r#"{"text": "One."}"#.into(), remark: None };
        assert_eq!(text_alone("One.".into()), json_lines::parsed(&fields, 1, &line));
    }
}
