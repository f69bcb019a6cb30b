//! The state of [`Totals`] as bytes, so that a run can go on where it was stopped. It is written and read in frames of bounded
//! size: however many entities there are, no second copy of them is in memory.

use super::{
    Totals,
    arena::{Arena, Count},
    pairs::{Pair, Pairs},
    totals::Sum,
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
        };
        write_frame(out, &head)?;
        let (mut text, counts) = self.arena.parts();
        write_frame(out, &(text.len() as u64))?;
        while !text.is_empty() {
            let end = (0..=TEXT.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
            let (frame, rest) = text.split_at(end);
            write_frame(out, frame)?;
            text = rest;
        }
        write_all(out, counts)?;
        write_all(out, &self.entities)?;
        write_all(out, self.pairs.list())
    }

    /// Reads what [`Totals::save`] wrote.
    ///
    /// # Errors
    /// Of `input`, and [`io::ErrorKind::InvalidData`] where it holds something else.
    pub fn load(input: &mut dyn Read) -> io::Result<Totals> {
        let head: Head = read_frame(input)?;
        let length: u64 = read_frame(input)?;
        let mut text = String::new();
        while (text.len() as u64) < length {
            let frame: String = read_frame(input)?;
            if frame.is_empty() {
                return Err(damaged());
            }
            text.push_str(&frame);
        }
        let counts: Vec<Count> = read_all(input)?;
        let entities: Vec<Sum> = read_all(input)?;
        let pairs: Vec<Pair> = read_all(input)?;
        let arena = Arena::of(text, counts).ok_or_else(damaged)?;
        let sound = entities.iter().all(|sum| sum.is_sound(&arena));
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
            max_pairs: head.max_pairs.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
            merged: head.merged,
            entities,
            arena,
            pairs: Pairs::of(pairs),
            ..Totals::default()
        };
        totals.index_again();
        Ok(totals)
    }
}
