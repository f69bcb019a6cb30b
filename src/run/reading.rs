//! Where reading stands, and whether the input is still what it was.
//!
//! Reading is deterministic: the same inputs and options give the same batches. So a run goes on by reading from the
//! beginning, without annotating, up to where it was. A digest over everything that was read tells whether the input is the same.

use crate::{
    error::{Error, Result},
    read::{Batch, Inputs, Item, Options},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::VecDeque, io};
use xxhash_rust::xxh3::Xxh3;

/// Where reading stands between two batches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Batches so far.
    pub batches: u64,
    /// Digest over all of their records.
    pub digest: u128,
    /// Bytes of the inputs so far.
    pub bytes: u64,
    /// Records so far, whatever became of them.
    pub records: u64,
    /// The source of the last record.
    pub source: String,
    /// The last record's number in it.
    pub record: u64,
}

/// Follows what is read.
#[derive(Default)]
pub(super) struct Follower {
    state: Xxh3,
    place: Place,
}

impl Follower {
    /// Adds a batch. Returns where reading stands behind it.
    pub(super) fn add(&mut self, batch: &Batch) -> Place {
        // Every field of every record, in a form that is the same on every machine.
        let hashed = postcard::to_io(&(&batch.items, batch.passed_over), Hashing(&mut self.state));
        debug_assert!(hashed.is_ok(), "records can be written and a hash takes everything");
        let (source, record) = match batch.items.last() {
            Some(Item::Article { article, .. }) => (article.source.as_str(), article.record),
            Some(Item::Reject(reject)) => (reject.source.as_str(), reject.record),
            // All were passed over: the last one that was not tells about where it is.
            None => (self.place.source.as_str(), self.place.record),
        };
        self.place = Place {
            batches: self.place.batches + 1,
            digest: self.state.digest128(),
            bytes: batch.bytes,
            records: self.place.records + batch.records(),
            source: source.to_string(),
            record,
        };
        self.place.clone()
    }

    /// Where reading stands.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }
}

/// Hashes what is written to it.
struct Hashing<'x>(&'x mut Xxh3);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The most places that are kept.
const MOST: usize = 512;

/// Some of the places that a run has passed, evenly spread, so that it can be told about where an input differs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Marks {
    places: VecDeque<Place>,
    /// Of so many places more than one, one is kept.
    passed_over: u64,
    since: u64,
}

impl Marks {
    /// Passes `place`.
    pub(super) fn pass(&mut self, place: &Place) {
        if self.since < self.passed_over {
            self.since += 1;
            return;
        }
        self.since = 0;
        self.places.push_back(place.clone());
        if self.places.len() == MOST {
            let mut number = 0;
            self.places.retain(|_| {
                number += 1;
                number % 2 == 0
            });
            self.passed_over = self.passed_over * 2 + 1;
        }
    }
}

/// The way back to where a run was.
pub(super) struct Replay {
    until: Place,
    marks: VecDeque<Place>,
    agreed: Option<Place>,
}

impl Replay {
    /// Up to `until`; on the way the `marks` must be met.
    pub(super) fn new(until: Place, marks: Marks) -> Replay {
        Replay { until, marks: marks.places, agreed: None }
    }

    /// Whether the batch that ends at `place` was done before.
    ///
    /// # Errors
    /// Where the input is not what it was.
    pub(super) fn is_behind(&mut self, place: &Place) -> Result<bool> {
        if place.batches > self.until.batches {
            return Ok(false);
        }
        let mark = self.marks.front().filter(|mark| mark.batches == place.batches);
        let expected = if place.batches == self.until.batches { Some(&self.until) } else { mark };
        let Some(expected) = expected else { return Ok(true) };
        if expected.digest != place.digest {
            return Err(self.differs(expected));
        }
        self.agreed = Some(place.clone());
        if mark.is_some() {
            self.marks.pop_front();
        }
        Ok(true)
    }

    /// Checks that an input which ended at `place` was long enough.
    pub(super) fn check_end(&self, place: &Place) -> Result<()> {
        if place.batches >= self.until.batches {
            return Ok(());
        }
        let (then, now) = (self.until.records, place.records);
        Err(refusal(format!("it had {then} records up to where the run was stopped, and now ends after {now}")))
    }

    fn differs(&self, expected: &Place) -> Error {
        let name = |place: &Place| match place.source.as_str() {
            "" => format!("the first {} records", place.records),
            source => format!("record {} of {source}", place.record),
        };
        let from = self.agreed.as_ref().map_or("its beginning".to_string(), name);
        refusal(format!("it differs between {from} and what was {}", name(expected)))
    }
}

/// What to do about an input that has changed stands in the message.
fn refusal(what: String) -> Error {
    Error::usage(format!(
        "the input is not what it was when the run was stopped: {what}. Restore it, or begin anew with --force"
    ))
}

/// The files to be read, in short: their number, their bytes and a digest of names and sizes.
pub(super) fn listing(inputs: &Inputs, options: &Options) -> Value {
    let mut state = Xxh3::new();
    let (mut files, mut bytes) = (0u64, 0u64);
    inputs.list(options, &mut |name, size| {
        files += 1;
        bytes += size.unwrap_or(0);
        state.update(name.as_bytes());
        state.update(&[0, u8::from(size.is_some())]);
        state.update(&size.unwrap_or(0).to_le_bytes());
    });
    json!({ "files": files, "bytes": bytes, "digest": format!("{:032x}", state.digest128()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Article, Reject};

    fn batch(number: u64, text: &str) -> Batch {
        let article =
            Article { id: "a".into(), source: "d".into(), record: number, text: text.into(), ..Article::default() };
        Batch { items: vec![Item::Article { article, byte_offset: 7 }], passed_over: 0, bytes: number * 10 }
    }

    fn followed(batches: u64) -> (Replay, Vec<Place>) {
        let (mut follower, mut marks, mut places) = (Follower::default(), Marks::default(), Vec::new());
        for number in 1..=batches {
            places.push(follower.add(&batch(number, "text")));
            marks.pass(&places[places.len() - 1]);
        }
        (Replay::new(follower.place().clone(), marks), places)
    }

    #[test]
    fn every_field_counts() {
        let digest =
            |item: Item| Follower::default().add(&Batch { items: vec![item], passed_over: 0, bytes: 0 }).digest;
        let (article, reject) = (Article::default(), Reject::default());
        let of = |article: Article, byte_offset| digest(Item::Article { article, byte_offset });
        let digests = [
            of(article.clone(), 0),
            of(article.clone(), 1),
            of(Article { text: "x".into(), ..article.clone() }, 0),
            of(Article { source: "x".into(), ..article.clone() }, 0),
            of(Article { skipped: true, ..article.clone() }, 0),
            of(Article { language: Some("en".into()), ..article.clone() }, 0),
            of(Article { remarks: vec!["x"], ..article }, 0),
            digest(Item::Reject(reject.clone())),
            digest(Item::Reject(Reject { detail: "x".into(), ..reject })),
        ];
        for (i, one) in digests.iter().enumerate() {
            assert!(!digests[i + 1..].contains(one), "{i}");
        }
    }

    #[test]
    fn the_same_input_is_followed_to_where_it_was() {
        for count in [1, 2, 511, 512, 1500, 3000] {
            let (mut replay, places) = followed(count);
            assert!(replay.marks.len() < MOST);
            for place in &places {
                assert!(replay.is_behind(place).unwrap());
            }
            let next = Place { batches: count + 1, ..Place::default() };
            assert!(!replay.is_behind(&next).unwrap());
            replay.check_end(&next).unwrap();
        }
    }

    #[test]
    fn another_input_is_told_from_it() {
        for count in [2, 100, 1000] {
            let (mut replay, _) = followed(count);
            let mut follower = Follower::default();
            let error = (1..=count).find_map(|number| {
                let place = follower.add(&batch(number, if number == count / 2 + 1 { "other" } else { "text" }));
                replay.is_behind(&place).err()
            });
            let message = error.unwrap().to_string();
            assert!(message.contains("it differs between record"), "{message}");
            let (replay, places) = followed(count);
            let message = replay.check_end(&places[0]).unwrap_err().to_string();
            assert!(message.contains("now ends after 1"), "{message}");
        }
    }
}
