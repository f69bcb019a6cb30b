//! Byte offsets -> Unicode code points.

/// The number of bytes between two counts that are kept.
const STEP: usize = 64;

/// Counts of the code points before every 64th byte of a text: made in one pass over it, then each offset costs a look
/// at 64 bytes at most.
#[derive(Clone, Debug)]
pub struct Offsets<'t> {
    bytes: &'t [u8],
    /// Code points before byte `i * STEP`; empty where the text is ASCII and both counts agree.
    counts: Vec<u32>,
}

impl<'t> Offsets<'t> {
    /// Counts the code points of `text`.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut counts = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            counts.reserve(bytes.len() / STEP + 1);
            for chunk in bytes.chunks(STEP) {
                counts.push(count);
                count += starts(chunk);
            }
        }
        Offsets { bytes, counts }
    }

    /// The number of code points before byte `at`; the whole text's where `at` lies behind its end.
    pub fn code_points(&self, at: usize) -> usize {
        let at = at.min(self.bytes.len());
        if self.counts.is_empty() {
            return at;
        }
        let step = (at / STEP).min(self.counts.len() - 1);
        self.counts[step] as usize + starts(&self.bytes[step * STEP..at]) as usize
    }
}

/// How many code points begin in `bytes`.
fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from((*byte as i8) >= -0x40)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_characters() {
        for text in ["", "plain", "ə", "“A” — ş👩‍👩‍👧e\u{301}", &"ab“ə👩".repeat(60), &"x".repeat(200), &"é".repeat(64)]
        {
            let offsets = Offsets::new(text);
            for (count, (at, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.code_points(at), count, "{text} at {at}");
            }
            for behind in [text.len(), text.len() + 9] {
                assert_eq!(offsets.code_points(behind), text.chars().count());
            }
        }
    }
}
