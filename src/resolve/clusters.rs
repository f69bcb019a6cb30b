//! Which names of an article are one entity.

use super::{
    roles::Role,
    variants::{gender_pair, one_letter_apart, skeleton},
    words::Words,
};
use crate::{
    gazetteer::{Flags, Gazetteer},
    model::{EntityType, Found, Gender},
    text::Segments,
    token::{self, Shape},
};

/// Clusters that a name is compared with, the newest first: far more than an article has, so that only a text of
/// book length feels it.
const NEAR: usize = 3_000;

/// Comparisons of an article after which a name is compared with few clusters only, and how few these are. A library of
/// names in one text would take its time otherwise; equal names still become one entity.
const MANY: usize = 4_000_000;
const FEW: usize = 100;

/// The names that are taken for one entity.
#[derive(Clone, Debug)]
pub(super) struct Cluster<'g> {
    pub kind: EntityType,
    /// The name with the fullest form, as an index: the first of those with most words.
    pub fullest: usize,
    /// Number of words of that form.
    pub longest: usize,
    pub entries: Vec<u32>,
    pub gender: Gender,
    pub classes: Vec<u16>,
    pub countries: Vec<&'g str>,
    pub age: u32,
    pub role: String,
    /// Index of the last name that joined.
    last: usize,
}

/// All clusters, and to which each name belongs.
pub(super) struct Clusters<'a> {
    pub list: Vec<Cluster<'a>>,
    pub of: Vec<usize>,
    pub words: Words,
    compared: usize,
    segments: &'a Segments,
    gazetteer: &'a Gazetteer,
    found: &'a [Found],
}

impl<'a> Clusters<'a> {
    pub(super) fn new(
        segments: &'a Segments,
        gazetteer: &'a Gazetteer,
        found: &'a [Found],
        roles: &[Option<Box<Role<'a>>>],
    ) -> Clusters<'a> {
        let words = Words::new(segments, gazetteer, found);
        let of = vec![usize::MAX; found.len()];
        let mut out =
            Clusters { list: Vec::with_capacity(found.len()), of, words, compared: 0, segments, gazetteer, found };
        let none = Role::default();
        // Full names first, so that a surname finds its owner even where it stands before it (in a headline).
        for pass in [true, false] {
            for (i, role) in roles.iter().map(|role| role.as_deref().unwrap_or(&none)).enumerate() {
                let full = out.words.of(i).len() > 1;
                if full == pass {
                    let own = out.own_gender(i, role);
                    let cluster = out.candidate(i, own).unwrap_or_else(|| out.add(i));
                    out.join(i, cluster, own, role);
                }
            }
        }
        out
    }

    fn add(&mut self, i: usize) -> usize {
        self.list.push(Cluster {
            kind: self.found[i].kind,
            fullest: i,
            longest: self.words.of(i).len(),
            entries: Vec::new(),
            gender: Gender::Unknown,
            classes: Vec::new(),
            countries: Vec::new(),
            age: 0,
            role: String::new(),
            last: i,
        });
        self.list.len() - 1
    }

    fn join(&mut self, i: usize, number: usize, own: Gender, role: &Role<'a>) {
        let (cluster, words) = (&mut self.list[number], self.words.of(i));
        let entries = &self.found[i].entries;
        let known = cluster.entries == *entries;
        self.of[i] = number;
        if words.len() > cluster.longest {
            cluster.fullest = i;
            cluster.longest = words.len();
        }
        // A short form's entries say nothing against the full name: "Putin" after "Gordon Putin", "NFC" after the
        // "Northern Fisheries Council".
        if !known && words.len() > 1 && !entries.is_empty() && cluster.longest == words.len() {
            cluster.entries.retain(|e| entries.contains(e));
        }
        for entry in entries.iter().filter(|_| !known) {
            let fits = || {
                words.len() >= cluster.longest
                    || entry_fits(self.gazetteer, *entry, &self.words, self.words.of(cluster.fullest))
            };
            if !cluster.entries.contains(entry) && fits() {
                cluster.entries.push(*entry);
            }
        }
        if cluster.gender == Gender::Unknown || role.gender != Gender::Unknown {
            cluster.gender = if role.gender == Gender::Unknown { own } else { role.gender };
        }
        for class in &role.classes {
            if !cluster.classes.contains(class) {
                cluster.classes.push(*class);
            }
        }
        for country in &role.countries {
            if !cluster.countries.contains(country) {
                cluster.countries.push(country);
            }
        }
        if role.age > 0 {
            cluster.age = role.age;
        }
        if role.text.len() > cluster.role.len() {
            cluster.role.clone_from(&role.text);
        }
        cluster.last = i;
    }

    /// The cluster that name `i` belongs to, if there is one.
    fn candidate(&mut self, i: usize, own: Gender) -> Option<usize> {
        let count =
            if self.compared / self.segments.work < MANY { NEAR.saturating_mul(self.segments.work) } else { FEW };
        self.compared += count.min(self.list.len());
        let (name, words) = (&self.found[i], self.words.of(i));
        let near = self.list.iter().enumerate().rev().take(count).filter(|(_, cluster)| cluster.kind == name.kind);
        let fits = near.filter_map(|(number, cluster)| {
            let strength = match name.kind {
                EntityType::Person => self.person_fit(words, cluster, own),
                _ => self.other_fit(i, cluster),
            };
            // Of several owners of a surname: the one named last before, else the first after.
            let last = cluster.last;
            let distance = if last < i { (0, i - last) } else { (1, last) };
            (strength > 0).then_some((std::cmp::Reverse(strength), distance, number))
        });
        fits.min().map(|(_, _, number)| number)
    }

    /// How well a person's name fits a cluster: 0 not at all, 3 surely.
    fn person_fit(&self, words: &[u32], cluster: &Cluster<'_>, own: Gender) -> u8 {
        let theirs = self.words.of(cluster.fullest);
        if same(words, theirs) {
            return 3;
        }
        let folded = |word: u32| self.words.folded(word);
        let (Some(surname), Some(their_surname)) = (words.last().copied(), theirs.last().copied()) else { return 0 };
        if !own.agrees(cluster.gender) {
            let typo = words.len() == 1 && gender_pair(folded(surname), folded(their_surname));
            return u8::from(typo);
        }
        if let [word] = words {
            if *word == their_surname {
                return 3;
            }
            if theirs.len() > 1 && (theirs[0] == *word || theirs[1..].contains(word)) {
                return 2;
            }
            let (a, b) = (folded(*word), folded(their_surname));
            let variant =
                || self.words.same_skeleton(*word, their_surname) || gender_pair(a, b) || one_letter_apart(a, b);
            return u8::from(theirs.len() > 1 && variant());
        }
        if theirs.len() < 2 {
            return if surname == their_surname { 2 } else { 0 };
        }
        let same_given = |a: u32, b: u32| {
            let (first, their_first) = (folded(a), folded(b));
            let initial = || is_initial(first) || is_initial(their_first);
            self.words.same_skeleton(a, b)
                || first.chars().next() == their_first.chars().next() && initial()
                || self.gazetteer.same_given_name(first, their_first)
        };
        if self.words.same_skeleton(surname, their_surname) && same_given(words[0], theirs[0]) {
            return 3;
        }
        // "Mohammed bin Salman" and "Salman"; "Kim Jong-un" and "Kim Jong Un": all words of the shorter one, in order.
        let (short, long) = if words.len() < theirs.len() { (words, theirs) } else { (theirs, words) };
        let mut rest = long.iter();
        u8::from(short.len() < long.len() && short.iter().all(|word| rest.any(|other| other == word))) * 2
    }

    /// How well the name of a place or an organization fits a cluster.
    fn other_fit(&self, i: usize, cluster: &Cluster<'_>) -> u8 {
        let (name, words, theirs) = (&self.found[i], self.words.of(i), self.words.of(cluster.fullest));
        if same(words, theirs)
            || cluster.entries.len() == name.entries.len() && name.entries.iter().any(|e| cluster.entries.contains(e))
        {
            return 3;
        }
        if self.words.same_letters(i, cluster.fullest) {
            return 3;
        }
        if !name.entries.is_empty() && !cluster.entries.is_empty() {
            return 0;
        }
        if let ([a], [b]) = (words, theirs) {
            if name.kind != EntityType::Place || !name.entries.is_empty() {
                return 0;
            }
            let (a, b) = (self.words.folded(*a), self.words.folded(*b));
            return u8::from(a.len() > 6 && one_letter_apart(a, b));
        }
        if name.kind != EntityType::Organization {
            return 0;
        }
        let (short, long) = if words.len() < theirs.len() { (words, theirs) } else { (theirs, words) };
        if let [acronym] = short {
            let acronym = self.words.folded(*acronym);
            let upper = words.len() > 1 || self.segments.tokens[name.tokens.start].shape == Shape::Upper;
            let initials = long.iter().filter_map(|word| self.words.folded(*word).chars().next());
            return if upper && acronym.len() > 1 && acronym.chars().eq(initials) { 3 } else { 0 };
        }
        // "Minsk Group" of "OSCE Minsk Group".
        u8::from(short.len() >= 2 && long.len() > short.len() && (long.ends_with(short) || long.starts_with(short)))
    }

    /// The fullest form as a canonical name: white space of the text levelled, capitals of a headline undone.
    pub(super) fn canonical(&self, cluster: &Cluster<'_>) -> String {
        let tokens = self.found[cluster.fullest].tokens.clone();
        let level = level(self.segments.span(tokens.clone()).of(&self.segments.text));
        let words = self.segments.tokens[tokens].iter().filter(|t| t.is_word());
        let shouted =
            words.clone().count() > 1 && words.clone().all(|t| t.shape == Shape::Upper && t.end - t.start > 2);
        if !shouted {
            return level;
        }
        let mut out = String::new();
        let mut start = true;
        for c in level.chars() {
            if start {
                out.push(c)
            } else {
                out.extend(c.to_lowercase())
            }
            start = !c.is_alphanumeric() && c != '\'' && c != '’';
        }
        out
    }

    /// The gender that name and role tell.
    fn own_gender(&self, i: usize, role: &Role<'_>) -> Gender {
        let (name, words, gazetteer) = (&self.found[i], self.words.of(i), self.gazetteer);
        if name.kind != EntityType::Person {
            return Gender::Unknown;
        }
        if role.gender != Gender::Unknown {
            return role.gender;
        }
        let mut known = name.entries.iter().map(|e| gazetteer.entry(*e).gender());
        if let Some(gender) = known.next()
            && gender != Gender::Unknown
            && known.all(|other| other == gender)
        {
            return gender;
        }
        let [given, .., surname] = words else { return Gender::Unknown };
        let flags = gazetteer.lexicon.flags(self.words.lexicon(*given));
        match (flags.contains(Flags::GIVEN_MALE), flags.contains(Flags::GIVEN_FEMALE)) {
            (true, false) => Gender::Male,
            (false, true) => Gender::Female,
            _ => gazetteer.suffixes.gender(self.words.folded(*surname)),
        }
    }
}

/// Whether two names have the same words; most differ in the last.
fn same(a: &[u32], b: &[u32]) -> bool {
    a.len() == b.len() && a.last() == b.last() && a == b
}

fn is_initial(word: &str) -> bool {
    word.chars().nth(1).is_none()
}

/// Whether a gazetteer's name can be the full name that a cluster has: same surname and given name.
fn entry_fits(gazetteer: &Gazetteer, entry: u32, words: &Words, theirs: &[u32]) -> bool {
    let name = token::fold(gazetteer.entry(entry).name());
    let mut parts = name.split_whitespace();
    let (Some(first), [own, ..]) = (parts.next(), theirs) else { return false };
    let own = words.folded(*own);
    parts.next_back() == theirs.last().map(|surname| words.folded(*surname))
        && (gazetteer.same_given_name(first, own) || skeleton(first) == skeleton(own))
}

/// A text whose white space is single spaces.
pub(super) fn level(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
