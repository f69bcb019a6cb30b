//! The state of [`Totals`] as bytes, so that a run can go on where it was stopped. It is written and read in frames of bounded
//! size: however many entities there are, no second copy of them is in memory.

use super::{
    Totals,
    arena::{Arena, Count, Form, Text},
    pairs::{Pair, Pairs},
    sum::Sum,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};

/// Things in a frame.
const THINGS: usize = 4096;
/// Bytes of text in a frame.
const TEXT: usize = 1 << 20;
/// The most bytes of a frame; one that claims to be longer is damaged.
const LONGEST: u32 = 1 << 26;

/// Everything that has a fixed size.
#[derive(Serialize, Deserialize)]
struct Head {
    articles: u64,
    rejects: u64,
    passed_over: u64,
    duplicates: u64,
    skipped: u64,
    mentions: [u64; 3],
    quotations: [u64; 3],
    dropped_pairs: u64,
    max_pairs: Option<u64>,
    merged: u32,
    examples_elsewhere: bool,
}

/// Writes one frame: its length in four bytes, then `value`.
///
/// # Errors
/// Of `out`.
pub fn write_frame<T: Serialize + ?Sized>(out: &mut dyn Write, value: &T) -> io::Result<()> {
    let frame = postcard::to_stdvec(value).map_err(io::Error::other)?;
    let length = u32::try_from(frame.len()).ok().filter(|length| *length <= LONGEST);
    out.write_all(&length.ok_or_else(|| io::Error::other("a frame is too long"))?.to_le_bytes())?;
    out.write_all(&frame)
}

/// Reads one frame.
///
/// # Errors
/// Of `input`, and [`io::ErrorKind::InvalidData`] where it holds something else.
pub fn read_frame<T: DeserializeOwned>(input: &mut dyn Read) -> io::Result<T> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(damaged());
    }
    let mut frame = Vec::new();
    input.take(length.into()).read_to_end(&mut frame)?;
    match postcard::take_from_bytes(&frame) {
        Ok((value, [])) if frame.len() == length as usize => Ok(value),
        _ => Err(damaged()),
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it holds something else than sums over a run")
}

fn write_all<T: Serialize>(out: &mut dyn Write, things: &[T]) -> io::Result<()> {
    write_frame(out, &(things.len() as u64))?;
    things.chunks(THINGS).try_for_each(|chunk| write_frame(out, chunk))
}

fn read_all<T: DeserializeOwned>(input: &mut dyn Read) -> io::Result<Vec<T>> {
    let count: u64 = read_frame(input)?;
    let mut things = Vec::new();
    while (things.len() as u64) < count {
        let chunk: Vec<T> = read_frame(input)?;
        if chunk.is_empty() || chunk.len() as u64 > count - things.len() as u64 {
            return Err(damaged());
        }
        things.extend(chunk);
    }
    Ok(things)
}

impl Totals {
    /// Writes everything that [`Totals::load`] needs to go on as if nothing had happened.
    ///
    /// # Errors
    /// Of `out`.
    pub fn save(&self, out: &mut dyn Write) -> io::Result<()> {
        let head = Head {
            articles: self.articles,
            rejects: self.rejects,
            passed_over: self.passed_over,
            duplicates: self.duplicates,
            skipped: self.skipped,
            mentions: self.mentions,
            quotations: self.quotations,
            dropped_pairs: self.dropped_pairs,
            max_pairs: self.max_pairs.map(|most| most as u64),
            merged: self.merged,
            examples_elsewhere: self.examples.is_some(),
        };
        write_frame(out, &head)?;
        write_all(out, &self.corrections)?;
        let (mut text, forms, counts) = self.arena.parts();
        write_frame(out, &(text.len() as u64))?;
        while !text.is_empty() {
            let end = (0..=TEXT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
            let (frame, rest) = text.split_at(end);
            write_frame(out, frame)?;
            text = rest;
        }
        write_all(out, forms)?;
        write_all(out, counts)?;
        write_all(out, &self.facts)?;
        write_all(out, &self.entities)?;
        write_all(out, self.pairs.list())
    }

    /// Reads what [`Totals::save`] wrote. Examples that were kept elsewhere are those that [`Totals::keep_in`] names then.
    ///
    /// # Errors
    /// Of `input`, and [`io::ErrorKind::InvalidData`] where it holds something else.
    pub fn load(input: &mut dyn Read) -> io::Result<Totals> {
        let head: Head = read_frame(input)?;
        let corrections = read_all(input)?;
        let length: u64 = read_frame(input)?;
        let mut text = String::new();
        while (text.len() as u64) < length {
            let frame: String = read_frame(input)?;
            if frame.is_empty() {
                return Err(damaged());
            }
            text.push_str(&frame);
        }
        let forms: Vec<Form> = read_all(input)?;
        let counts: Vec<Count> = read_all(input)?;
        let facts: Vec<Text> = read_all(input)?;
        let entities: Vec<Sum> = read_all(input)?;
        let pairs: Vec<Pair> = read_all(input)?;
        let arena = Arena::of(text, forms, counts).ok_or_else(damaged)?;
        let sound = facts.iter().all(|text| arena.has(*text))
            && entities.iter().all(|sum| sum.is_sound(&arena, facts.len(), head.examples_elsewhere));
        let fits = |pair: &Pair| pair.places.1 < entities.len() as u32 && pair.places.0 < pair.places.1;
        if !sound || !pairs.iter().all(fits) || entities.len() > u32::MAX as usize {
            return Err(damaged());
        }
        let mut totals = Totals {
            articles: head.articles,
            rejects: head.rejects,
            passed_over: head.passed_over,
            duplicates: head.duplicates,
            skipped: head.skipped,
            mentions: head.mentions,
            quotations: head.quotations,
            dropped_pairs: head.dropped_pairs,
            corrections,
            max_pairs: head.max_pairs.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
            merged: head.merged,
            entities,
            arena,
            facts,
            examples: None,
            pairs: Pairs::of(pairs),
            ..Totals::default()
        };
        totals.index_again();
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Dialect, Document, Rows, TABLES};
    use super::*;
    use crate::model::{
        Annotated, Article, Entity, EntityType, Facts, Gender, Mention, Method, Quotation, QuotationKind, Span,
        Speaker, Zone,
    };
    use crate::{
        error::{Error, Result},
        table::Examples,
    };
    use proptest::prelude::*;
    use std::sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    };

    /// An article that names some of a few entities, each twice, in one sentence.
    fn annotated(names: &[u8], day: u8) -> Annotated {
        let (mut text, mut mentions, mut entities) = (String::new(), Vec::new(), Vec::new());
        for (number, name) in names.iter().enumerate() {
            let kind = EntityType::ALL[usize::from(name % 3)];
            let country = if name % 2 == 0 { "AZ".into() } else { String::new() };
            entities.push(Entity {
                id: format!("id{name}"),
                kind,
                name: format!("Name {name}"),
                known: name % 4 == 0,
                gender: [Gender::Unknown, Gender::Male, Gender::Female][usize::from((name + day) % 3)],
                facts: Facts { country, ..Facts::default() },
            });
            for form in 0..2 {
                let start = text.len();
                text += &format!("Şəki{} ", (name + form * day) % 5);
                mentions.push(Mention {
                    span: Span::new(start, text.len() - 1),
                    entity: number,
                    kind,
                    role: if day.is_multiple_of(3) { "mayor".into() } else { String::new() },
                    method: Method::Pattern,
                    confidence: f32::from(day) / 40.0,
                    zone: Zone::Body,
                    paragraph: 1,
                    sentence: 1,
                    evidence: Vec::new(),
                });
            }
        }
        let pairs = (1..entities.len()).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
        let quotations = (0..entities.len().min(1)).map(|speaker| Quotation {
            parts: vec![Span::new(0, 2)],
            words: vec![Span::new(0, 2)],
            kind: QuotationKind::Direct,
            cue: None,
            speaker: Speaker { entity: Some(speaker), ..Speaker::default() },
            medium: String::new(),
            addressee: String::new(),
            mentioned: Vec::new(),
            method: "test",
            confidence: 0.9,
            zone: Zone::Body,
            paragraph: 1,
            echo_of: None,
            evidence: Vec::new(),
        });
        Annotated {
            published: if day.is_multiple_of(5) { String::new() } else { format!("2020-01-{day:02}") },
            paragraphs: 1,
            quotations: quotations.collect(),
            entities,
            mentions,
            pairs,
            article: Article { text: text.clone(), ..Article::default() },
            text,
            ..Annotated::default()
        }
    }

    /// Examples outside the sums.
    #[derive(Debug, Default)]
    struct Memory(Mutex<String>);

    impl Examples for Memory {
        fn keep(&self, text: &str) -> Result<u64> {
            let mut kept = self.0.lock().unwrap();
            kept.push_str(text);
            Ok((kept.len() - text.len()) as u64)
        }

        fn example(&self, place: u64, length: usize) -> Result<String> {
            Ok(self.0.lock().unwrap()[place as usize..][..length].to_string())
        }
    }

    fn saved(totals: &Totals) -> Vec<u8> {
        let mut bytes = Vec::new();
        totals.save(&mut bytes).unwrap();
        bytes
    }

    /// Batches of articles: which entities each names, and its day.
    fn batches() -> impl Strategy<Value = Vec<Vec<(Vec<u8>, u8)>>> {
        let article = (prop::collection::vec(0u8..40, 0..6), 1u8..29);
        prop::collection::vec(prop::collection::vec(article, 0..4), 1..12)
    }

    proptest! {
        /// Wherever a run is cut, its sums go on as if nothing had happened: also which pairs are dropped.
        #[test]
        fn sums_go_on_where_they_were_cut(
            batches in batches(), cuts in prop::collection::vec(any::<bool>(), 12), most in 0usize..60,
        ) {
            let [store, other] = [(); 2].map(|()| Arc::new(Memory::default()));
            let mut whole = Totals::bounded(most, Some(store));
            let mut cut = Totals::bounded(most, Some(other.clone()));
            for (articles, cut_here) in batches.iter().zip(cuts) {
                let mut sums = Totals::default();
                for (names, day) in articles {
                    sums.add(&Document::new(&annotated(names, *day), 0.0));
                }
                whole.merge(&sums).unwrap();
                // A shard keeps the sums of a batch; so they go through bytes as well.
                cut.merge(&Totals::load(&mut &saved(&sums)[..]).unwrap()).unwrap();
                if cut_here {
                    cut = Totals::load(&mut &saved(&cut)[..]).unwrap();
                    cut.keep_in(other.clone());
                }
            }
            prop_assert!(saved(&whole) == saved(&cut));
            let example = |totals: &Totals, place| totals.entity(place).example().unwrap().into_owned();
            let examples = |totals: &Totals| {
                totals.ranked().into_iter().map(|place| example(totals, place)).collect::<Vec<_>>()
            };
            prop_assert_eq!(examples(&whole), examples(&cut));
            let (pairs, others) = (whole.ranked_pairs(), cut.ranked_pairs());
            prop_assert_eq!(pairs.len(), others.len());
            (0..pairs.len()).try_for_each(|number| {
                prop_assert_eq!(pairs.get(number), others.get(number));
                Ok(())
            })?;
        }
    }

    /// Examples that were kept and cannot be read again.
    #[derive(Debug, Default)]
    struct Lost(AtomicUsize);

    impl Examples for Lost {
        fn keep(&self, _: &str) -> Result<u64> {
            Ok(0)
        }

        fn example(&self, _: u64, _: usize) -> Result<String> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Err(Error::format("lost"))
        }
    }

    #[test]
    fn a_table_ends_with_the_row_that_cannot_be_made() {
        let lost = Arc::new(Lost::default());
        let (mut one, mut totals) = (Totals::default(), Totals::bounded(10, Some(lost.clone())));
        one.add(&Document::new(&annotated(&[1, 2, 3], 7), 0.0));
        totals.merge(&one).unwrap();
        let candidates = TABLES.iter().find(|table| table.schema().name == "candidates").unwrap();
        assert_eq!(candidates.of_run(&totals).unwrap().count(), 3);
        let mut rows = Rows::new(candidates.schema(), Dialect { guard: true, excel: false });
        candidates.finish(&totals, &mut rows);
        assert!(rows.finish().unwrap_err().to_string().contains("lost"));
        assert_eq!(lost.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn other_bytes_are_told_from_sums() {
        let mut totals = Totals::bounded(10, None);
        totals.add(&Document::new(&annotated(&[1, 2, 3], 7), 0.0));
        let good = saved(&totals);
        assert!((0..good.len()).all(|length| Totals::load(&mut &good[..length]).is_err()));
        // Whatever a bit is changed to, the outcome is an error or sums that can be used.
        for at in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[at / 8] ^= 1 << (at % 8);
            if let Ok(totals) = Totals::load(&mut &bad[..]) {
                let surfaces = totals
                    .ranked()
                    .into_iter()
                    .map(|place| {
                        let entity = totals.entity(place);
                        entity.surfaces().count()
                            + entity.published().0.len() / 50
                            + entity.example().unwrap().len() / 500
                    })
                    .sum::<usize>();
                assert!(surfaces < 20 && totals.ranked_pairs().len() < 20);
            }
        }
    }
}
