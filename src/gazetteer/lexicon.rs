//! The words that the lists know: their numbers, what each can be, and the phrases that they form.

use super::{
    CueForm, Flags,
    bytes::bring,
    image::{Image, Section},
    layer::{Layer, parts_of, slot},
    phrases::Phrases,
};
use crate::{
    model::Gender,
    token::{self, Kind, Token},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a phrase of the word lists is; the number says which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// What it is.
    pub kind: PhraseKind,
    /// Index into the list of that kind.
    pub index: u32,
}

/// The lists that phrases come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseKind {
    /// [`Lexicon::titles`].
    Title,
    /// [`Lexicon::roles`].
    Role,
    /// [`super::Gazetteer::cues`].
    Cue(CueForm),
    /// [`Lexicon::media`].
    Medium,
    /// A demonym; of several words, mostly ("Costa Rican").
    Demonym,
    /// The name of something that is no person, place or organization ("Cold War").
    Other,
    /// [`Lexicon::contexts`]: shows that a quoted span is no speech.
    Context,
}

/// A title that stands before a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Title {
    /// Class of role, as in `role_classes.csv`.
    pub class: u16,
    /// Gender that it tells.
    pub gender: Gender,
    /// Whether it is only a form of address ("Mr").
    pub honorific: bool,
}

/// Whether a noun is one or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NounNumber {
    /// "diplomat".
    Singular,
    /// "diplomats".
    Plural,
}

/// A noun for people, bodies or documents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Role {
    /// Class of role, as in `role_classes.csv`.
    pub class: u16,
    /// Gender that it tells.
    pub gender: Gender,
    /// One or many.
    pub number: NounNumber,
}

/// Word numbers, flags and phrases.
#[derive(Clone, Debug)]
pub struct Lexicon {
    words: Words,
    /// What each word can be, by number.
    flags: &'static [u128],
    /// What the user's names make more of a word, by number, as bits of [`super::layer::PARTS`]; empty without such names.
    added: Vec<u16>,
    phrases: Phrases,
    /// The word, its hash and its bits of each ASCII mark.
    marks: Box<[(u32, u64, u128); 128]>,
    /// The names that the user added.
    layers: Vec<Arc<Layer>>,
    pub(super) months: Vec<(u32, u8)>,
    /// Titles, by number.
    pub titles: Vec<Title>,
    /// Role nouns, by number.
    pub roles: Vec<Role>,
    /// Media: the medium that a phrase tells, by number.
    pub media: Vec<String>,
    /// Kinds of context that show that a quoted span is no speech ("title", "name", ...), by number.
    pub contexts: Vec<String>,
    /// Classes of roles: name and the numbers of all classes that a member also counts as.
    pub classes: Vec<(String, Vec<u16>)>,
}

/// A slot of the table of words: hash and number.
pub(crate) type WordSlot = [u64; 2];

/// The table of words.
#[derive(Clone, Copy, Debug)]
struct Words {
    slots: &'static [WordSlot],
    ends: &'static [u32],
    text: &'static [u8],
}

impl Words {
    /// Has the place brought near where a word is looked for.
    #[inline]
    fn bring(&self, hash: u64) {
        bring(self.slots, slot(hash, self.slots.len()));
    }

    fn get(&self, hash: u64) -> u32 {
        let mut at = slot(hash, self.slots.len());
        for _ in 0..self.slots.len() {
            let [found, number] = self.slots[at];
            if found == hash || number == 0 {
                return number as u32;
            }
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
        0
    }
}

/// Beside the flags of a word: whether a phrase of the lists begins with it. It is nothing that a word can be.
pub(crate) const STARTS_PHRASE: u128 = 1 << 127;
/// The same for phrases that stand beside names, whatever their letters: titles and demonyms.
pub(crate) const STARTS_TITLE: u128 = 1 << 124;
/// The same for names of something else.
pub(crate) const STARTS_OTHER: u128 = 1 << 123;

/// Where a word stands in the phrases of one kind: it is one by itself, begins one, or is the second word of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within {
    pub alone: u128,
    pub first: u128,
    pub second: u128,
}

/// The same for cues and for media, which are asked for at every word.
pub(crate) const IN_CUE: Within = Within { alone: 1 << 122, first: 1 << 121, second: 1 << 120 };
pub(crate) const IN_MEDIUM: Within = Within { alone: 1 << 119, first: 1 << 118, second: 1 << 117 };

/// The same for names: forms that begin with the word in upper case, and those that begin with it as it is.
pub(crate) const STARTS_NAME: u128 = 1 << 126;
pub(crate) const STARTS_NAME_LOWER: u128 = 1 << 125;
/// The word is a form by itself, or the second word of one: among the names of the program, and among those of the user.
pub(crate) const NAME_ALONE: u128 = 1 << 116;
pub(crate) const SECOND_OF_NAME: u128 = 1 << 115;
pub(crate) const OWN_NAME_ALONE: u128 = 1 << 114;
pub(crate) const SECOND_OF_OWN_NAME: u128 = 1 << 113;
/// It is the second word of a form in which no capital begins it.
pub(crate) const SECOND_OF_NAME_LOWER: u128 = 1 << 112;
pub(crate) const SECOND_OF_OWN_NAME_LOWER: u128 = 1 << 111;
/// Of a token only: a form begins with its word as it is written.
const NAME_HERE: u128 = 1 << 110;

/// Words that only the user's names have: layer and slot there.
const OWN_BITS: u32 = 26;
/// So many tokens before a word is looked up, its place is brought near.
const AHEAD: usize = 8;

impl Lexicon {
    /// The lexicon of an image, without phrases' lists.
    pub(super) fn new(image: &'static Image, lists: super::lists::WordLists) -> Self {
        let words = Words {
            slots: image.slice(Section::WordSlots),
            ends: image.slice(Section::WordEnds),
            text: image.slice(Section::WordText),
        };
        let flags = image.slice::<u128>(Section::WordFlags);
        let mut lexicon = Lexicon {
            words,
            flags,
            added: Vec::new(),
            phrases: Phrases::new(image),
            marks: Box::new([(0, 0, 0); 128]),
            layers: Vec::new(),
            months: lists.months,
            titles: lists.titles,
            roles: lists.roles,
            media: lists.media,
            contexts: lists.contexts,
            classes: lists.classes,
        };
        lexicon.read_marks();
        lexicon
    }

    /// Looks up all marks, for [`Lexicon::number`].
    fn read_marks(&mut self) {
        for mark in 0u8..128 {
            let hash = token::hash(char::from(mark).encode_utf8(&mut [0; 4]));
            let (word, bits) = self.look_up(hash);
            // Behind a period, which is no word of a form, any word may be the second one.
            let second = if mark == b'.' { SECOND_OF_NAME | SECOND_OF_OWN_NAME } else { 0 };
            self.marks[mark as usize] = (word, hash, bits | name_here(bits, false) | second);
        }
    }

    /// Adds what the words of a layer of names can be.
    pub(super) fn add_layer(&mut self, layer: Arc<Layer>, lexicon: u64) {
        // Zeros that nobody has touched cost no memory and no time.
        if self.added.is_empty() {
            self.added = vec![0; self.flags.len()];
        }
        let mut add = |word: u32, parts: u16| {
            if let Some(added) = self.added.get_mut(word as usize) {
                *added |= parts;
            }
        };
        if layer.lexicon_checksum() == lexicon {
            layer.overlay().for_each(|(word, parts)| add(word, parts));
        } else {
            // Compiled beside another lexicon: each word is looked up.
            for [hash, word] in self.words.slots.iter().filter(|[_, word]| *word != 0) {
                let word = *word as u32;
                if let Some((_, bits)) = layer.part(*hash) {
                    add(word, bits);
                }
            }
        }
        self.layers.push(layer);
        self.read_marks();
    }

    /// Forgets the words of all layers.
    pub(super) fn drop_layers(&mut self) {
        self.added = Vec::new();
        self.layers.clear();
        self.read_marks();
    }

    /// Writes the numbers of their words, and the hashes of these, into `tokens`.
    pub fn number(&self, text: &str, tokens: &mut [Token]) {
        let mut buffer = String::new();
        for at in 0..tokens.len() {
            if let Some(later) = tokens.get(at + AHEAD) {
                self.words.bring(later.hash);
            }
            let token = &mut tokens[at];
            if token.character.is_ascii() && token.kind == Kind::Punctuation {
                (token.word, token.hash, token.bits) = self.marks[token.character as usize];
                continue;
            }
            if token.hash == 0 {
                token.hash = token_hash(token, text, &mut buffer);
            }
            let (word, bits) = self.look_up(token.hash);
            (token.word, token.bits) = (word, bits | name_here(bits, token.is_capitalized()));
        }
    }

    /// The number of the word with this hash, and its bits.
    #[inline]
    fn look_up(&self, hash: u64) -> (u32, u128) {
        let word = self.words.get(hash);
        if word == 0 && !self.layers.is_empty() { self.own(hash) } else { (word, self.bits(word)) }
    }

    /// The same for a word that only the user's names have: its number in the first layer that knows it, and what it is in any.
    fn own(&self, hash: u64) -> (u32, u128) {
        let known = self.layers.iter().zip(1..).filter_map(|(layer, number)| Some((number, layer.part(hash)?)));
        known.fold((0, 0), |(word, bits), (number, (slot, parts))| {
            let word = if word == 0 { number << OWN_BITS | slot } else { word };
            (word, bits | parts_of(parts))
        })
    }

    /// Whether `word` is listed as a context of `kind` by itself.
    pub fn has_context(&self, word: &str, kind: &str) -> bool {
        self.is_context(self.get(&token::fold(word)), kind)
    }

    /// Whether the word with this number is listed as a context of `kind` by itself.
    pub fn is_context(&self, word: u32, kind: &str) -> bool {
        let starts = self.flags.get(word as usize).is_some_and(|bits| bits & STARTS_PHRASE != 0);
        starts
            && self
                .phrases
                .get(&[word])
                .any(|phrase| phrase.kind == PhraseKind::Context && self.contexts[phrase.index as usize] == kind)
    }

    /// The number of a month's name or abbreviation, from 1.
    pub fn month(&self, word: u32) -> Option<u8> {
        self.months.iter().find(|(month, _)| *month == word).map(|(_, number)| *number)
    }

    /// The number of a folded word; 0 if unknown.
    pub fn get(&self, folded: &str) -> u32 {
        self.look_up(token::hash(folded)).0
    }

    /// The number of the word with this hash; 0 if the lists do not have it.
    pub(super) fn number_of(&self, hash: u64) -> u32 {
        self.words.get(hash)
    }

    /// The words of the lists: number and hash.
    pub(super) fn hashes(&self) -> impl Iterator<Item = (u32, u64)> + use<> {
        let slots = self.words.slots;
        slots.iter().filter(|[_, number]| *number != 0).map(|[hash, number]| (*number as u32, *hash))
    }

    /// What the word with this number can be.
    #[inline]
    pub fn flags(&self, word: u32) -> Flags {
        Flags::from_bits_truncate(self.bits(word))
    }

    /// The same, and what begins with the word.
    #[inline]
    fn bits(&self, word: u32) -> u128 {
        match self.flags.get(word as usize) {
            Some(bits) => bits | self.added(word),
            None => self.own_flags(word),
        }
    }

    /// Whether a name can begin with this token, as it is written.
    #[inline]
    pub(super) fn starts_name(token: &Token) -> bool {
        token.bits & NAME_HERE != 0
    }

    /// Which layers may have this word alone as a form, as bits.
    #[inline]
    pub(super) fn has_name(token: &Token) -> u8 {
        layers(token.bits & NAME_ALONE != 0, token.bits & OWN_NAME_ALONE != 0)
    }

    /// Which layers may have a form with this word behind its first one, as bits; in the letter case that it has, unless any will do.
    #[inline]
    pub(super) fn has_second(token: &Token, any_case: bool) -> u8 {
        if !any_case & token.is_word() & !token.is_capitalized() {
            layers(token.bits & SECOND_OF_NAME_LOWER != 0, token.bits & SECOND_OF_OWN_NAME_LOWER != 0)
        } else {
            layers(token.bits & SECOND_OF_NAME != 0, token.bits & SECOND_OF_OWN_NAME != 0)
        }
    }

    /// What the user's names make more of a word of the lists.
    fn added(&self, word: u32) -> u128 {
        parts_of(self.added.get(word as usize).copied().unwrap_or(0))
    }

    #[cold]
    fn own_flags(&self, word: u32) -> u128 {
        let layer = (word >> OWN_BITS).checked_sub(1).and_then(|i| self.layers.get(i as usize));
        layer.map_or(0, |layer| layer.part_flags(word & ((1 << OWN_BITS) - 1)))
    }

    /// All words of the lists with what each can be, in the order of the lists.
    pub fn words(&self) -> impl Iterator<Item = (&str, Flags)> {
        let ends = self.words.ends.iter().map(|end| *end as usize);
        let starts = std::iter::once(0).chain(ends.clone());
        let text = |(start, end)| self.words.text.get(start..end).and_then(|word| std::str::from_utf8(word).ok());
        starts.zip(ends).enumerate().skip(1).map(move |(i, range)| (text(range).unwrap_or(""), self.flags(i as u32)))
    }

    /// Whether `token` is a word that can be any of `flags`.
    #[inline]
    pub fn is(&self, token: &Token, flags: Flags) -> bool {
        Flags::of(token).intersects(flags)
    }

    /// Whether a title or a demonym may begin with this token, or the capitalized name of something else.
    #[inline]
    pub fn begins_title(&self, token: &Token) -> bool {
        let wanted = if token.is_capitalized() { STARTS_TITLE | STARTS_OTHER } else { STARTS_TITLE };
        token.bits & wanted != 0
    }

    /// Whether `tokens` may begin with a cue.
    #[inline]
    pub fn begins_cue(&self, tokens: &[Token]) -> bool {
        self.begins(tokens, IN_CUE)
    }

    /// The longest phrase for a medium that `tokens` begin with: number of tokens, and what it tells.
    #[inline]
    pub fn medium_at(&self, tokens: &[Token]) -> Option<(usize, &str)> {
        if !self.begins(tokens, IN_MEDIUM) {
            return None;
        }
        let (length, medium) = self.longest(tokens, |kind| kind == PhraseKind::Medium)?;
        Some((length, &self.media[medium.index as usize]))
    }

    /// Whether the first two of `tokens` allow for a phrase of a kind.
    #[inline]
    fn begins(&self, tokens: &[Token], within: Within) -> bool {
        let is = |token: &Token, place: u128| token.bits & place != 0;
        let Some(first) = tokens.first().filter(|first| is(first, within.alone | within.first)) else { return false };
        is(first, within.alone) || tokens.get(1).is_some_and(|next| is(next, within.second) || next.is('.'))
    }

    /// All phrases that `tokens` begin with, as (number of tokens, phrase); shorter ones first.
    #[inline]
    pub fn phrases_at(&self, tokens: &[Token], mut found: impl FnMut(usize, Phrase)) {
        let Some(first) = tokens.first() else { return };
        if first.bits & STARTS_PHRASE == 0 {
            return;
        }
        let mut node = 0;
        for (i, token) in tokens.iter().enumerate() {
            // "Lt. Gen." is listed as "lt gen".
            if token.is('.') && !token.space_before && i > 0 {
                continue;
            }
            match self.phrases.step(node, token.word) {
                Some(next) => node = next,
                None => return,
            }
            for phrase in self.phrases.values(node) {
                found(i + 1, phrase);
            }
            if !self.phrases.goes_on(node) {
                return;
            }
        }
    }

    /// The longest phrase of a kind that `tokens` begin with.
    pub fn longest(&self, tokens: &[Token], want: impl Fn(PhraseKind) -> bool) -> Option<(usize, Phrase)> {
        let mut best = None;
        self.phrases_at(tokens, |length, phrase| {
            if want(phrase.kind) {
                best = Some((length, phrase));
            }
        });
        best
    }

    /// Whether a person of class `holder` can be meant by a description of class `description`.
    pub fn class_covers(&self, description: u16, holder: u16) -> bool {
        description == holder || self.classes.get(holder as usize).is_some_and(|(_, all)| all.contains(&description))
    }

    /// The number of a class by name.
    pub fn class_number(&self, name: &str) -> Option<u16> {
        self.classes.iter().position(|(known, _)| known == name).map(|i| i as u16)
    }
}

/// [`NAME_HERE`], if a form begins with a word of these bits in this letter case.
#[inline]
fn name_here(bits: u128, capitalized: bool) -> u128 {
    let upper = if capitalized { STARTS_NAME } else { 0 };
    if bits & (STARTS_NAME_LOWER | upper) != 0 { NAME_HERE } else { 0 }
}

/// Layers as bits: that of the program, and those of the user.
#[inline]
fn layers(program: bool, user: bool) -> u8 {
    u8::from(program) | (u8::from(user).wrapping_neg() << 1)
}

/// Appends the folded form of a token; one for each kind of quotation mark and of dash.
pub(crate) fn fold_token(token: &Token, text: &str, out: &mut String) {
    match token.kind {
        Kind::Word | Kind::Number | Kind::Address => token::fold_into(token.text(text), out),
        Kind::Possessive => out.push_str("'s"),
        Kind::Double => out.push('"'),
        Kind::Single => out.push('\''),
        Kind::Punctuation => out.push(match token.character {
            '–' | '—' | '―' => '—',
            '‐' | '‑' => '-',
            other => other,
        }),
    }
}

/// The hash of what [`fold_token`] gives.
pub(super) fn token_hash(token: &Token, text: &str, buffer: &mut String) -> u64 {
    match token.kind {
        Kind::Word | Kind::Number | Kind::Address => token::hash_word(token.text(text), buffer),
        _ => {
            buffer.clear();
            fold_token(token, text, buffer);
            token::hash(buffer)
        }
    }
}
