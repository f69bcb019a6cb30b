//! Random choices that are the same on any machine; the only file that knows `oorandom`.

use oorandom::Rand64;

/// A source of choices.
pub(super) struct Random(Rand64);

impl Random {
    /// The choices of `stream` (an article, a list) under `seed`.
    pub(super) fn new(seed: u64, stream: u64) -> Random {
        Random(Rand64::new(u128::from(mix(seed)) << 64 | u128::from(mix(stream ^ mix(seed ^ 1)))))
    }

    /// A number below `end`; 0 if there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { self.0.rand_range(0..end as u64) as usize }
    }

    /// True `percent` times of a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `items`.
    pub(super) fn pick<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        items.get(self.below(items.len()))
    }

    /// Brings `items` into random order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}

/// Spreads the bits of a number: neighbours have nothing in common afterwards (the finalizer of SplitMix64, Steele and
/// others 2014).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The numbers below `size` in an order that looks random, without a list of them: a Feistel network over the next power
/// of four, gone through again where it leads beyond `size`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permutation {
    size: u64,
    half: u32,
    key: u64,
}

impl Permutation {
    pub(super) fn new(size: u64, key: u64) -> Permutation {
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        Permutation { size, half: bits.div_ceil(2).max(1), key: mix(key) }
    }

    /// How many numbers there are.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The number in place `at`, which must be below the size.
    pub(super) fn get(&self, at: u64) -> u64 {
        let mut number = at;
        loop {
            number = self.round_trip(number);
            if number < self.size || self.size == 0 {
                return number;
            }
        }
    }

    fn round_trip(&self, number: u64) -> u64 {
        let mask = (1u64 << self.half) - 1;
        let (mut left, mut right) = (number >> self.half & mask, number & mask);
        for round in 0..4 {
            (left, right) = (right, left ^ mix(right ^ self.key.wrapping_add(round << 40)) & mask);
        }
        left << self.half | right
    }
}
