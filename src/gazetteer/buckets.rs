//! The hash table of names: keys, and where the records of their forms lie.
//!
//! A bucket is 64 bytes, which is what a processor reads from memory at once. It has a byte for each of its twelve keys, which are
//! compared together, and the places of their records. A key whose bucket is full stands in the next one that is not; bits tell
//! of such keys in the buckets that they passed by, so that others need not look there.

use super::{bytes::bring, layer::slot};

/// Twelve bytes that are the tags of keys, bits of the keys that went on to the next bucket, and the places of the twelve
/// records, halved.
pub(super) type Bucket = [u32; 16];
/// Keys in a bucket.
const IN_BUCKET: usize = 12;
/// Where the bits of those that went on stand in a bucket, and where its places begin.
const WENT_ON: usize = 3;
const PLACES: usize = 4;

/// The bit of a key that went on to the next bucket.
fn went_on(key: u64) -> u32 {
    1 << (key >> 8 & 31)
}

/// The byte that stands for a key in its bucket; 0 is an empty place.
fn tag(key: u64) -> u8 {
    (key as u8).max(1)
}

/// Spreads sorted keys, each with half its place, over buckets of which seven places in eight are taken on average. A key whose
/// bucket is full stands in the next one that is not. Returns the number of buckets that keys are spread over, and all.
pub(super) fn buckets(keys: &[(u64, u32)]) -> (usize, Vec<Bucket>) {
    let length = keys.len() * 2 / 21 + 1;
    let mut buckets = vec![Bucket::default(); length];
    // The bucket that the last key stands in, and the keys that it holds.
    let (mut last, mut taken) = (0, 0);
    for (key, place) in keys {
        let home = slot(*key, length);
        if home > last {
            (last, taken) = (home, 0);
        }
        if taken == IN_BUCKET {
            (last, taken) = (last + 1, 0);
        }
        buckets.resize(buckets.len().max(last + 1), Bucket::default());
        buckets[home..last].iter_mut().for_each(|full| full[WENT_ON] |= went_on(*key));
        buckets[last][taken / 4] |= u32::from(tag(*key)) << (taken % 4 * 8);
        buckets[last][PLACES + taken] = *place;
        taken += 1;
    }
    (length, buckets)
}

/// Where the search for a key begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    key: u64,
    bucket: usize,
}

/// The table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buckets<'g> {
    all: &'g [Bucket],
    /// How many of them keys are spread over.
    length: usize,
}

impl<'g> Buckets<'g> {
    pub(super) fn new(all: &'g [Bucket], length: usize) -> Self {
        Buckets { all, length }
    }

    /// Where the search for a key begins. The bucket is on its way then.
    #[inline]
    pub(super) fn probe(&self, key: u64) -> Probe {
        let bucket = slot(key, self.length);
        bring(self.all, bucket);
        Probe { key, bucket }
    }

    /// Calls `found` for the place (halved) of every record that the key may have, with `true`; with `false` the place means nothing, so
    /// that the caller can do without a branch.
    #[inline]
    pub(super) fn places_of(&self, probe: &Probe, mut found: impl FnMut(u32, bool)) {
        let Probe { key, bucket: mut at } = *probe;
        let wanted = u64::from(tag(key)) * ONES;
        while let Some(bucket) = self.all.get(at) {
            let tags = u64::from(bucket[0]) | u64::from(bucket[1]) << 32;
            let mut same = zero_bytes(tags ^ wanted) | (zero_bytes(u64::from(bucket[2]) ^ wanted) & 0xf) << 8;
            let place = |same: u32| bucket[PLACES + same.trailing_zeros() as usize % IN_BUCKET];
            // Mostly there is one or none.
            found(place(same), same != 0);
            same &= same.wrapping_sub(1);
            while same != 0 {
                found(place(same), true);
                same &= same - 1;
            }
            if bucket[WENT_ON] & went_on(key) == 0 {
                return;
            }
            at += 1;
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// A bit for every byte of `bytes` that is zero.
fn zero_bytes(bytes: u64) -> u32 {
    const LOW: u64 = 0x7f * ONES;
    let zero = !(((bytes & LOW) + LOW) | bytes | LOW);
    // Each of the eight bits goes to a place of its own in the highest byte.
    ((zero >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn places(buckets: Buckets<'_>, key: u64) -> Vec<u32> {
        let mut out = Vec::new();
        buckets.places_of(&buckets.probe(key), |place, is_one| out.extend(is_one.then_some(place)));
        out
    }

    #[test]
    fn bytes_that_are_zero_are_told_exactly() {
        for (bytes, expected) in
            [(0, 0xff), (0x0101, 0xfc), (0x0100, 0xfd), (0xff80_0100_7f00_0001, 0b0001_0110), (u64::MAX, 0)]
        {
            assert_eq!(zero_bytes(bytes), expected, "{bytes:x}");
        }
    }

    proptest! {
        /// Every key is found, and one that is not there is seldom taken for another. Keys of few homes make buckets run over.
        #[test]
        fn all_keys_are_found(mut keys in prop::collection::btree_set(any::<u64>(), 0..300), home in 0u64..3) {
            if home > 0 {
                keys = keys.into_iter().map(|key| home << 62 | key >> 20).collect();
            }
            let rows: Vec<(u64, u32)> = keys.iter().copied().zip(1..).collect();
            let (length, all) = buckets(&rows);
            let table = Buckets::new(&all, length);
            for (key, place) in &rows {
                prop_assert!(places(table, *key).contains(place));
            }
            let others = (0..1000u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).filter(|key| !keys.contains(key));
            prop_assert!(others.map(|key| places(table, key).len()).sum::<usize>() < 200 + 1000 * rows.len() / 256);
        }
    }
}
