//! The scanner. One pass, no backtracking beyond a bounded look ahead.

use super::{Kind, Shape, Token, ascii::Run};

/// Splits `text` into tokens.
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    tokenize_range(text, 0, text.len(), &mut tokens);
    tokens
}

/// The tokens of `text`, one after the other.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut scanner = Scanner { text, base: 0, at: 0, space: true };
    std::iter::from_fn(move || scanner.next())
}

/// Appends the tokens of `text[start..end]` to `tokens`; offsets count in the whole `text`. Text beyond
/// 4 GiB is not looked at.
pub fn tokenize_range(text: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let end = end.min(u32::MAX as usize);
    let Some(part) = text.get(start..end) else { return };
    let bytes = part.as_bytes();
    let mut scanner = Scanner { text: part, base: start, at: 0, space: true };
    // Plain words, spaces and marks are nearly all of a text, and need no look at characters.
    while let Some(byte) = bytes.get(scanner.at) {
        let token = match CLASSES[usize::from(*byte)] {
            Class::Space => {
                scanner.space = true;
                scanner.at += 1;
                continue;
            }
            Class::Letter => scanner.plain_word(*byte),
            Class::Mark => Some(scanner.make(scanner.at + 1, Kind::Punctuation, char::from(*byte), Shape::Lower)),
            Class::Other => None,
        };
        let Some(token) = token.or_else(|| scanner.next()) else { return };
        scanner.at = token.end as usize - start;
        scanner.space = false;
        tokens.push(token);
    }
}

/// What a byte can begin.
#[derive(Clone, Copy)]
enum Class {
    /// White space.
    Space,
    /// An ASCII letter.
    Letter,
    /// A mark that is a token by itself, whatever follows.
    Mark,
    /// Anything else: digits, quotation marks, bytes that are not ASCII.
    Other,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t'..=b'\r' => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'"' | b'\'' | b'`' | b'&' | b'0'..=b'9' => Class::Other,
            _ => Class::Mark,
        };
        byte += 1;
    }
    classes
};

struct Scanner<'t> {
    text: &'t str,
    base: usize,
    at: usize,
    space: bool,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<Token> {
        loop {
            let c = self.peek(self.at)?;
            if c.is_whitespace() || is_invisible(c) {
                self.space |= c.is_whitespace();
                self.at += c.len_utf8();
                continue;
            }
            let plain = u8::try_from(c).ok().filter(u8::is_ascii_alphabetic).and_then(|first| self.plain_word(first));
            let token = plain.unwrap_or_else(|| self.token(c));
            self.at = token.end as usize - self.base;
            self.space = false;
            return Some(token);
        }
    }

    fn peek(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte < 0x80 { Some(byte as char) } else { self.text[at..].chars().next() }
    }

    fn make(&self, end: usize, kind: Kind, character: char, shape: Shape) -> Token {
        Token {
            start: (self.base + self.at) as u32,
            end: (self.base + end) as u32,
            word: 0,
            bits: 0,
            hash: 0,
            character,
            kind,
            shape,
            space_before: self.space,
        }
    }

    /// A word of ASCII letters and digits that nothing around makes more of: most words. It begins with the letter `first`.
    #[inline(always)]
    fn plain_word(&self, first: u8) -> Option<Token> {
        let bytes = &self.text.as_bytes()[self.at..];
        let run = Run::at(bytes);
        match bytes.get(run.length) {
            // An apostrophe, a letter of another alphabet, an accent: any of these goes on with the word.
            Some(b'\'' | 0x80..) => return None,
            // "U.S.", "J.", "www.".
            Some(b'.') if run.one_letter || run.length == 3 => return None,
            // "https://".
            Some(b':') if run.length == 4 || run.length == 5 => return None,
            _ => {}
        }
        let shape = if !first.is_ascii_uppercase() {
            Shape::Lower
        } else if run.one_letter {
            Shape::Initial
        } else if run.has_lower {
            Shape::Capital
        } else {
            Shape::Upper
        };
        let mut token = self.make(self.at + run.length, Kind::Word, '\0', shape);
        token.hash = run.hash;
        Some(token)
    }

    fn token(&mut self, c: char) -> Token {
        let bytes = self.text.as_bytes();
        if c.is_alphanumeric() {
            return self.word(c);
        }
        match c {
            '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '〝' | '〞' => {
                self.make(self.at + c.len_utf8(), Kind::Double, c, Shape::Lower)
            }
            '″' => self.make(self.at + c.len_utf8(), Kind::Double, '"', Shape::Lower),
            '`' if bytes.get(self.at + 1) == Some(&b'`') => self.make(self.at + 2, Kind::Double, '“', Shape::Lower),
            // Three in a row: a nested mark and the outer one, which stands outside: 'no,'''
            '\'' if !self.space && bytes[self.at..].starts_with(b"'''") => self.single(c, self.at + 1),
            '\'' if bytes.get(self.at + 1) == Some(&b'\'') => self.make(self.at + 2, Kind::Double, '"', Shape::Lower),
            '‘' | '’' if self.peek(self.at + c.len_utf8()) == Some(c) => {
                let double = if c == '‘' { '“' } else { '”' };
                self.make(self.at + 2 * c.len_utf8(), Kind::Double, double, Shape::Lower)
            }
            '\'' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | '`' | '´' => self.single(c, self.at + c.len_utf8()),
            '&' => self.entity(),
            _ => self.make(self.at + c.len_utf8(), Kind::Punctuation, c, Shape::Lower),
        }
    }

    /// A single mark; with an "s" and a word end behind it, and a word right before, a possessive.
    fn single(&self, c: char, after: usize) -> Token {
        if !self.space && matches!(c, '\'' | '’' | '‘' | '`' | '´') && self.possessive_at(after) {
            return self.make(after + 1, Kind::Possessive, '\0', Shape::Lower);
        }
        self.make(after, Kind::Single, c, Shape::Lower)
    }

    fn possessive_at(&self, after: usize) -> bool {
        matches!(self.text.as_bytes().get(after), Some(b's' | b'S'))
            && !self.peek(after + 1).is_some_and(|n| n.is_alphanumeric())
    }

    /// An HTML entity that stands for punctuation, else a plain ampersand.
    fn entity(&self) -> Token {
        let window = &self.text.as_bytes()[self.at..self.text.len().min(self.at + 10)];
        if let Some(length) = window.iter().position(|b| *b == b';')
            && let Some(c) = std::str::from_utf8(&window[1..length]).ok().and_then(entity_character)
        {
            let end = self.at + length + 1;
            return match c {
                '"' | '“' | '”' | '„' | '«' | '»' => self.make(end, Kind::Double, c, Shape::Lower),
                '\'' | '‘' | '’' => self.single(c, end),
                _ => self.make(end, Kind::Punctuation, c, Shape::Lower),
            };
        }
        self.make(self.at + 1, Kind::Punctuation, '&', Shape::Lower)
    }

    fn word(&self, first: char) -> Token {
        if matches!(first, 'h' | 'H' | 'w' | 'W')
            && let Some(end) = self.address()
        {
            return self.make(end, Kind::Address, '\0', Shape::Lower);
        }
        if first.is_ascii_digit() {
            let end = self.number();
            return self.make(end, Kind::Number, '\0', Shape::Lower);
        }
        if let Some(end) = self.dotted() {
            let shape = if first.is_uppercase() { Shape::Upper } else { Shape::Lower };
            return self.make(end, Kind::Word, '\0', shape);
        }
        let mut end = self.at;
        let (mut upper, mut lower, mut letters) = (0usize, 0usize, 0usize);
        while let Some(c) = self.peek(end) {
            let joins = matches!(c, '\'' | '’' | 'ʼ' | 'ʻ') && self.inner_apostrophe(end, c)
                || is_invisible(c) && self.peek(end + c.len_utf8()).is_some_and(char::is_alphanumeric);
            if c.is_alphanumeric() || is_mark(c) {
                letters += usize::from(c.is_alphabetic());
                upper += usize::from(c.is_uppercase());
                lower += usize::from(c.is_lowercase());
                end += c.len_utf8();
            } else if joins {
                end += c.len_utf8();
            } else {
                break;
            }
        }
        let shape = shape(first, letters, upper, lower);
        if shape == Shape::Initial && self.peek(end) == Some('.') {
            end += 1;
        }
        self.make(end, Kind::Word, '\0', shape)
    }

    /// Whether the apostrophe at `at` stands between letters and begins no possessive.
    fn inner_apostrophe(&self, at: usize, c: char) -> bool {
        let after = at + c.len_utf8();
        self.peek(after).is_some_and(char::is_alphabetic) && !self.possessive_at(after)
    }

    /// The end of a dotted acronym: at least two single letters, each with a period ("U.S.", "U.N", "p.m.").
    fn dotted(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        let mut letters = 0;
        while bytes.get(end).is_some_and(u8::is_ascii_alphabetic) {
            let period = bytes.get(end + 1) == Some(&b'.');
            let more = self.peek(end + 1).is_some_and(|n| n.is_alphanumeric());
            if !period {
                if letters >= 1 && !more {
                    letters += 1;
                    end += 1;
                }
                break;
            }
            letters += 1;
            end += 2;
        }
        let glued = self.peek(end).is_some_and(char::is_alphabetic);
        (letters >= 2 && !glued).then_some(end)
    }

    fn number(&self) -> usize {
        let mut end = self.at;
        while let Some(c) = self.peek(end) {
            let inner = matches!(c, '.' | ',' | ':' | '/') && self.peek(end + 1).is_some_and(|n| n.is_ascii_digit());
            if c.is_alphanumeric() || inner {
                end += c.len_utf8();
            } else {
                break;
            }
        }
        end
    }

    fn address(&self) -> Option<usize> {
        let rest = &self.text.as_bytes()[self.at..];
        let starts = |prefix: &[u8]| rest.len() > prefix.len() && rest[..prefix.len()].eq_ignore_ascii_case(prefix);
        if !(starts(b"http://") || starts(b"https://") || starts(b"www.")) {
            return None;
        }
        let length = rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'<' | b'>' | b')'));
        let mut end = self.at + length.unwrap_or(rest.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        while end > self.at && matches!(self.text.as_bytes()[end - 1], b'.' | b',' | b';' | b'!' | b'?' | b'\'') {
            end -= 1;
        }
        Some(end)
    }
}

fn shape(first: char, letters: usize, upper: usize, lower: usize) -> Shape {
    if !first.is_uppercase() {
        Shape::Lower
    } else if letters == 1 {
        Shape::Initial
    } else if lower == 0 && upper >= 2 {
        Shape::Upper
    } else {
        Shape::Capital
    }
}

fn is_mark(c: char) -> bool {
    c > '\u{2ff}' && unicode_normalization::char::is_combining_mark(c)
}

/// Characters that are neither white space nor part of a word: soft hyphen, zero-width characters, BOM.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// The punctuation that an HTML entity (without `&` and `;`) stands for.
fn entity_character(name: &str) -> Option<char> {
    Some(match name {
        "quot" | "#34" | "#x22" => '"',
        "ldquo" | "#8220" | "#x201c" | "#x201C" => '“',
        "rdquo" | "#8221" | "#x201d" | "#x201D" => '”',
        "bdquo" | "#8222" => '„',
        "laquo" | "#171" => '«',
        "raquo" | "#187" => '»',
        "apos" | "#39" | "#039" | "#x27" => '\'',
        "lsquo" | "#8216" | "#x2018" => '‘',
        "rsquo" | "#8217" | "#x2019" => '’',
        "amp" | "#38" => '&',
        "ndash" | "#8211" => '–',
        "mdash" | "#8212" => '—',
        "hellip" | "#8230" => '…',
        "nbsp" | "#160" => ' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokenize(text).iter().map(|t| t.text(text)).collect()
    }

    #[test]
    fn tokens_of_a_line() {
        for (text, expected) in [
            ("Turkey's Akar", vec!["Turkey", "'s", "Akar"]),
            ("O’Hara don't", vec!["O’Hara", "don't"]),
            ("the U.S. and U.N.", vec!["the", "U.S.", "and", "U.N."]),
            ("J.K. Rowling met J. Smith", vec!["J.K.", "Rowling", "met", "J.", "Smith"]),
            ("Nagorno-Karabakh", vec!["Nagorno", "-", "Karabakh"]),
            ("at 2:00 (GMT+4)", vec!["at", "2:00", "(", "GMT", "+", "4", ")"]),
            ("20,000 men.", vec!["20,000", "men", "."]),
            ("``we'' &quot;go&quot;", vec!["``", "we", "''", "&quot;", "go", "&quot;"]),
            ("workers' plan", vec!["workers", "'", "plan"]),
            ("see https://example.org/a?b. Now", vec!["see", "https://example.org/a?b", ".", "Now"]),
            ("It ended. A. B", vec!["It", "ended", ".", "A.", "B"]),
            ("a\u{200b}b x\u{ad}y", vec!["a\u{200b}b", "x\u{ad}y"]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    /// The short way to plain words against the long one.
    #[test]
    fn plain_words_are_what_the_long_way_says() {
        let pieces = [
            "a", "B", "NATO", "www", "Www", "http", "https", "J", "1", "x9", "é", "’", "'", ".", ":", "//", "s", " ",
            "-",
        ];
        let mut state = 1u32;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..6 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(pieces[(state >> 16) as usize % pieces.len()]);
            }
            let scanner = Scanner { text: &text, base: 0, at: 0, space: true };
            if let (Some(first), true) = (text.bytes().next(), text.starts_with(|c: char| c.is_ascii_alphabetic()))
                && let Some(plain) = scanner.plain_word(first)
            {
                let long = scanner.word(char::from(first));
                let told = |t: &Token| (t.start, t.end, t.kind, t.shape, t.character);
                assert_eq!(told(&plain), told(&long), "{text}");
            }
        }
    }

    #[test]
    fn shapes_of_words() {
        for (text, shape) in [
            ("Akar", Shape::Capital),
            ("NATO", Shape::Upper),
            ("U.S.", Shape::Upper),
            ("J.", Shape::Initial),
            ("al", Shape::Lower),
            ("McDonald", Shape::Capital),
            ("Əliyev", Shape::Capital),
        ] {
            assert_eq!(tokenize(text)[0].shape, shape, "{text}");
        }
    }
}
