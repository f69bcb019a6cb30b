//! Text that was decoded wrongly before it came to us: UTF-8 that was read as windows-1252, windows-1254 or Latin-1, once or
//! several times. `â€œCafÃ©â€` becomes `“Café”`.
//!
//! A sequence of characters is mended if its bytes in those encodings are one character of UTF-8, and if nobody would write
//! it: `Ã©` is sure, but `É”` ends many a quotation, though its bytes would be `ɔ`. Doubtful sequences are mended only in
//! a text that has sure ones, and where they do not look sound. So text that is fine is never touched.

use crate::model::Article;
use std::borrow::Cow;

/// The remark on an article that was mended.
const REMARK: &str = "mojibake repaired";

/// Mends all of `article` that people read.
pub(super) fn mend_article(article: &mut Article) {
    let fields = [&mut article.title, &mut article.author, &mut article.outlet];
    let texts = fields.into_iter().flatten().chain([&mut article.text]);
    let mut any = false;
    for text in texts {
        if let Cow::Owned(mended) = mend(text) {
            *text = mended;
            any = true;
        }
    }
    if any && !article.remarks.contains(&REMARK) {
        article.remarks.push(REMARK);
    }
}

/// How many times a text is mended: each time that it was decoded wrongly makes one.
const ROUNDS: usize = 3;

/// `text` as it was meant; borrowed if nothing is wrong.
pub fn mend(text: &str) -> Cow<'_, str> {
    let mut mended = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        let Some(next) = once(&mended) else { break };
        mended = Cow::Owned(next);
    }
    mended
}

fn once(text: &str) -> Option<String> {
    let found: Vec<Sequence> = Sequences { text, at: 0 }.collect();
    if !found.iter().any(|sequence| sequence.is_sure) {
        return None;
    }
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for sequence in found {
        let follows = done > 0 && sequence.start == done;
        if !sequence.is_sure && !sequence.may_be && !follows {
            continue;
        }
        out.push_str(&text[done..sequence.start]);
        out.push(sequence.meant);
        done = sequence.end;
    }
    out.push_str(&text[done..]);
    Some(out)
}

/// Some characters whose bytes are one character of UTF-8.
#[derive(Debug)]
struct Sequence {
    start: usize,
    end: usize,
    meant: char,
    /// Nobody writes these characters in a row.
    is_sure: bool,
    /// They make no sense as they stand, in a text where others are sure.
    may_be: bool,
}

/// All sequences of a text. Every one begins with a letter from `Â` to `ô` (or one that stands in its place in Turkish), of
/// which most texts have few.
struct Sequences<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Sequences<'_> {
    type Item = Sequence;

    fn next(&mut self) -> Option<Sequence> {
        let bytes = self.text.as_bytes();
        loop {
            // The first byte of these letters in UTF-8: U+00C0 to U+00FF, and the six Turkish ones.
            self.at += memchr::memchr3(0xC3, 0xC4, 0xC5, bytes.get(self.at..)?)?;
            if let Some(sequence) = self.here() {
                self.at = sequence.end;
                return Some(sequence);
            }
            self.at += 2;
        }
    }
}

impl Sequences<'_> {
    /// The sequence that begins here.
    fn here(&self) -> Option<Sequence> {
        let (start, rest) = (self.at, &self.text[self.at..]);
        let (end, mut meant) = sequence(rest)?;
        let taken = &rest[..end];
        let before = self.text[..start].chars().next_back();
        let after = rest[end..].chars().next();
        if taken == "â€" && before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric) {
            // The last byte of a hyphen is lost as that of a closing mark is.
            meant = '\u{2010}';
        }
        let lead = taken.chars().next()?;
        let typographic = taken.chars().skip(1).all(follows_words);
        let adjacent =
            sequence(&rest[end..]).is_some_and(|(_, next)| is_alike(meant, next)) || self.alike_before(start, meant);
        let is_sure = match meant {
            // Control characters stand for bytes that windows-1252 has no character for.
            _ if taken.chars().any(char::is_control) => true,
            // Nobody writes `â€`.
            '\u{2000}'..='\u{2044}' | '\u{FEFF}' | '\u{FFFD}' => true,
            // These are among the characters of windows-1252, so that the next round needs them.
            '\u{20AC}' | '\u{2122}' | 'ƒ' | 'ˆ' | '˜' => !typographic,
            // Western and Turkish letters: `Ã©`, `ÅŸ`, `Ä°`. Words may end in `Ã`, `Ä` and `Å`, and marks follow them.
            '\u{C0}'..='\u{17F}' => {
                let inside = before.is_some_and(char::is_lowercase) && after.is_some_and(char::is_alphabetic);
                !typographic || inside
            }
            // Signs and spaces after `Â`.
            '\u{A0}'..='\u{BF}' => meant != '»' && !before.is_some_and(char::is_alphabetic),
            // Azerbaijani `ə`; but `É™` may end a brand.
            '\u{259}' => after.is_some_and(char::is_lowercase),
            // Emoji: `ðŸ˜€`.
            '\u{1F000}'..='\u{1FAFF}' => true,
            // Words in other scripts are no single letters.
            _ => adjacent,
        };
        // Words in capitals may end in these letters: `CAFÉ”`, `AMANHÃ”`. In front of a mark, there are other letters.
        let sound = lead.is_uppercase() && before.is_some_and(char::is_uppercase) && typographic;
        Some(Sequence { start, end: start + end, meant, is_sure, may_be: !sound && is_usual(meant) })
    }

    /// Whether a sequence of the same script ends at `start`.
    fn alike_before(&self, start: usize, meant: char) -> bool {
        let width = meant.len_utf8();
        let Some((at, _)) = self.text[..start].char_indices().rev().take(width).last() else { return false };
        sequence(&self.text[at..]).is_some_and(|(end, other)| at + end == start && is_alike(meant, other))
    }
}

/// The character of UTF-8 that the first characters of `text` are the bytes of, and where they end.
fn sequence(text: &str) -> Option<(usize, char)> {
    let mut chars = text.char_indices();
    let (_, first) = chars.next()?;
    let lead = byte(first)?;
    let width = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let mut bytes = [lead, 0, 0, 0];
    for slot in bytes.iter_mut().take(width).skip(1) {
        match chars.next() {
            Some((_, c)) if byte(c).is_some_and(|byte| (0x80..0xC0).contains(&byte)) => *slot = byte(c)?,
            // A dash whose last character was made a plain mark.
            Some((at, '"')) if text[..at].ends_with("â€") => return Some((at + 1, '—')),
            // A closing quotation mark ends in a byte that is nothing in windows-1252, and is often lost.
            Some((at, char::REPLACEMENT_CHARACTER)) if text[..at].ends_with("â€") => return Some((at + 3, '”')),
            Some((at, _)) if text[..at].ends_with("â€") => return Some((at, '”')),
            None if text == "â€" => return Some((text.len(), '”')),
            _ => return None,
        }
    }
    let meant = std::str::from_utf8(bytes.get(..width)?).ok()?.chars().next()?;
    let end = chars.next().map_or(text.len(), |(at, _)| at);
    // Control characters mean nothing, but for those that stand for a byte of the next round.
    (!meant.is_control() || text[..end].ends_with(meant)).then_some((end, meant))
}

/// The byte that windows-1252, windows-1254 or Latin-1 reads as `c`. Where the first two differ, so do the places in which
/// UTF-8 has the byte.
fn byte(c: char) -> Option<u8> {
    Some(match c {
        '\u{80}'..='\u{FF}' => c as u8,
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        'Ğ' => 0xD0,
        'İ' => 0xDD,
        'Ş' => 0xDE,
        'ğ' => 0xF0,
        'ı' => 0xFD,
        'ş' => 0xFE,
        _ => return None,
    })
}

/// Marks and spaces that stand right behind words.
fn follows_words(c: char) -> bool {
    matches!(
        c,
        '‘' | '’'
            | '“'
            | '”'
            | '„'
            | '‚'
            | '‹'
            | '›'
            | '»'
            | '–'
            | '—'
            | '…'
            | '•'
            | '™'
            | '®'
            | '\u{A0}'
            | '\u{AD}'
    )
}

/// Characters that news in English have now and then.
fn is_usual(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{17F}' | 'ə' | 'Ə' | 'ƒ' | 'ˆ' | '˜' | '\u{20A0}'..='\u{20BF}' | '™')
}

/// Whether two characters are of one script, so that they may stand in one word.
fn is_alike(a: char, b: char) -> bool {
    let block = |c: char| match c {
        '\u{370}'..='\u{3FF}' => 1,
        '\u{400}'..='\u{4FF}' => 2,
        '\u{590}'..='\u{5FF}' => 3,
        '\u{600}'..='\u{6FF}' => 4,
        '\u{10A0}'..='\u{10FF}' => 5,
        '\u{530}'..='\u{58F}' => 6,
        '\u{900}'..='\u{DFF}' => 7,
        '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' => 8,
        '\u{AC00}'..='\u{D7AF}' => 9,
        _ => 0,
    };
    block(a) != 0 && block(a) == block(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` as windows-1252 (with the control characters of Latin-1 where it has nothing) reads its UTF-8.
    fn misread(text: &str) -> String {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn what_was_misread_is_mended() {
        let texts = [
            "“We will see,” said José Müller’s aide — again… – and “left”.",
            "İstanbul Büyükşehir Belediyesi, Erdoğan, Çankırı, Öz, Ülkü, Şanlıurfa",
            "It cost £5m, or €6m, at 20 °C in Málaga; Øystein Åse, Łódź, Kraków, Škoda, Ærø, São Paulo, coração",
            "İlham Əliyev və Hikmət Hacıyev",
            "Москва Київ Αθήνα القاهرة 東京 서울",
            "A smile 😀, a trade mark™, and a space\u{A0}here.",
            "« Déjà vu », ‘so’ they say",
        ];
        for text in texts {
            let once = misread(text);
            assert_ne!(once, text);
            assert_eq!(mend(&once), text, "{once}");
            assert_eq!(mend(&misread(&once)), text, "twice");
            let latin: String = text.bytes().map(char::from).collect();
            assert_eq!(mend(&latin), text, "{latin:?}");
            let (turkish, ..) = encoding_rs::WINDOWS_1254.decode_without_bom_handling(text.as_bytes());
            assert_eq!(mend(&turkish), text, "{turkish}");
        }
    }

    #[test]
    fn lost_characters_are_told_by_what_is_left() {
        for (text, meant) in [
            ("â€œYes,â€ she said.", "“Yes,” she said."),
            ("â€œYesâ€", "“Yes”"),
            ("â€œYesâ€\u{FFFD} it was", "“Yes” it was"),
            ("one â€\" two", "one — two"),
            ("the real-world and the realâ€world", "the real-world and the real\u{2010}world"),
            ("Mixed: “sound” and itâ€™s not.", "Mixed: “sound” and it’s not."),
        ] {
            assert_eq!(mend(text), meant);
        }
    }

    #[test]
    fn sound_texts_are_left_alone() {
        for text in [
            "Plain words.",
            "“CAFÉ” and “AMANHÔ and “NESCAFÉ™ Gold” and “É…”",
            "the letters Å–Ö, “Å”, “Ä” and ‘Ã’",
            "“Fiancé…” “touché”— “voilà…” GROß” Spaß”",
            "Erdoğan’ın, “dağ”, “barış” – İ’nin “Ş” “ı”…",
            "Úžasný, Ñ’ and Đoković’s «Â»",
            "naïve “Ångström”…",
        ] {
            assert!(matches!(mend(text), Cow::Borrowed(_)), "{text} -> {}", mend(text));
        }
    }

    #[test]
    fn doubtful_sequences_follow_sure_ones() {
        assert_eq!(mend("JosÃ© said â€œÃ‰xito en MÃ“STOLESâ€\u{9D}, “CAFÉ”"), "José said “Éxito en MÃ“STOLES”, “CAFÉ”");
    }
}
