//! STRING -> tokens: words, numbers, punctuation and quotation marks with their byte offsets, and the
//! folded form under which words are looked up.
//!
//! A token never crosses white space. Hyphens split words ("Nagorno-Karabakh" is three tokens), apostrophes inside
//! a word do not ("O'Hara", "don't"), a possessive "'s" is a token of its own, and dotted acronyms ("U.S.") are one.

mod ascii;
mod fold;
mod hash;
mod scan;

pub use fold::{fold, fold_into};
pub use hash::{hash, hash_word};
pub use scan::{tokenize, tokenize_range, tokens};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, possibly with digits and inner apostrophes.
    Word,
    /// Begins with a digit.
    Number,
    /// The "'s" of a possessive (or of "he's").
    Possessive,
    /// A double quotation mark of any kind, single guillemets and digraphs included.
    Double,
    /// A single quotation mark or an apostrophe outside a word.
    Single,
    /// Any other punctuation or symbol.
    Punctuation,
    /// A web or mail address.
    Address,
}

/// Letter case of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Begins with a lower-case or caseless letter, or is no word.
    Lower,
    /// Begins with an upper-case letter, and has lower-case ones.
    Capital,
    /// Two or more letters, all upper case; dotted acronyms too.
    Upper,
    /// One upper-case letter, with or without a period.
    Initial,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Number of the folded word in the lexicon; 0 if the lexicon does not have it (or none was asked).
    pub word: u32,
    /// What the word can be: the bits of the lexicon's flags, and of what begins with it; 0 where it has not been looked up.
    pub bits: u128,
    /// [`hash()`] of the folded word, under which names are looked up; 0 where it has not been computed.
    pub hash: u64,
    /// The character of a punctuation token (entities decoded, digraphs as `"`), else NUL.
    pub character: char,
    /// What it is.
    pub kind: Kind,
    /// Letter case.
    pub shape: Shape,
    /// Whether white space (or the start of the text) stands before.
    pub space_before: bool,
}

impl Token {
    /// The token's text.
    #[inline]
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Whether this is the punctuation `c`.
    #[inline]
    pub fn is(&self, c: char) -> bool {
        self.character == c && self.kind == Kind::Punctuation
    }

    /// Whether it is a word that begins with an upper-case letter.
    #[inline]
    pub fn is_capitalized(&self) -> bool {
        (self.kind == Kind::Word) & (self.shape != Shape::Lower)
    }

    /// Whether it is a word.
    #[inline]
    pub fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    /// Whether it is a quotation mark that can open or close speech by itself.
    #[inline]
    pub fn is_double(&self) -> bool {
        self.kind == Kind::Double
    }

    /// Whether it is no part of a phrase of words.
    #[inline]
    pub fn is_word_boundary(&self) -> bool {
        self.kind == Kind::Punctuation && !self.is('-')
    }

    /// Whether it is a dash (not a hyphen).
    #[inline]
    pub fn is_dash(&self) -> bool {
        self.kind == Kind::Punctuation && matches!(self.character, '—' | '–' | '―')
    }

    /// Whether it ends a sentence when nothing speaks against it.
    #[inline]
    pub fn is_stop(&self) -> bool {
        self.kind == Kind::Punctuation && matches!(self.character, '.' | '!' | '?' | '…')
    }
}
