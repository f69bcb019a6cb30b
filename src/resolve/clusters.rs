//! Which names of an article are one entity.

use super::{
    roles::Role,
    variants::{gender_pair, one_letter_apart, skeleton},
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

/// The names that are taken for one entity.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub kind: EntityType,
    /// The fullest form.
    pub name: String,
    /// Folded words of the fullest form, without small words.
    pub words: Vec<String>,
    /// Number of words of the fullest form.
    pub longest: usize,
    pub entries: Vec<u32>,
    pub gender: Gender,
    pub classes: Vec<u16>,
    pub countries: Vec<String>,
    pub age: u32,
    pub role: String,
    /// Index of the last name that joined.
    last: usize,
}

/// All clusters, and to which each name belongs.
pub(super) struct Clusters {
    pub list: Vec<Cluster>,
    pub of: Vec<usize>,
    /// Folded words of each name, without small words.
    pub words: Vec<Vec<String>>,
}

impl Clusters {
    pub(super) fn new(segments: &Segments, gazetteer: &Gazetteer, found: &[Found], roles: &[Role]) -> Clusters {
        let words: Vec<Vec<String>> = found.iter().map(|name| content_words(segments, gazetteer, name)).collect();
        let mut out = Clusters { list: Vec::new(), of: vec![usize::MAX; found.len()], words };
        // Full names first, so that a surname finds its owner even where it stands before it (in a headline).
        for pass in [true, false] {
            for (i, name) in found.iter().enumerate() {
                let full = out.words[i].len() > 1;
                if full != pass {
                    continue;
                }
                let own = own_gender(gazetteer, name, &out.words[i], &roles[i]);
                let joined = out.candidate(gazetteer, segments, found, i, own);
                let cluster = joined.unwrap_or_else(|| out.add(segments, name, i));
                out.join(segments, gazetteer, found, i, cluster, &roles[i]);
            }
        }
        out
    }

    fn add(&mut self, segments: &Segments, name: &Found, i: usize) -> usize {
        self.list.push(Cluster {
            kind: name.kind,
            name: canonical(segments, name),
            words: self.words[i].clone(),
            longest: self.words[i].len(),
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

    fn join(
        &mut self,
        segments: &Segments,
        gazetteer: &Gazetteer,
        found: &[Found],
        i: usize,
        cluster: usize,
        role: &Role,
    ) {
        let own = own_gender(gazetteer, &found[i], &self.words[i], role);
        let words = &self.words[i];
        let cluster_number = cluster;
        let cluster = &mut self.list[cluster];
        self.of[i] = cluster_number;
        if words.len() > cluster.longest {
            cluster.name = canonical(segments, &found[i]);
            cluster.words = words.clone();
            cluster.longest = words.len();
        }
        // A short form's entries say nothing against the full name: "Putin" after "Gordon Putin", "NFC" after the
        // "Northern Fisheries Council".
        if words.len() > 1 && !found[i].entries.is_empty() && cluster.longest == words.len() {
            cluster.entries.retain(|e| found[i].entries.contains(e));
        }
        for entry in &found[i].entries {
            let fits = words.len() >= cluster.longest || entry_fits(gazetteer, *entry, &cluster.words);
            if fits && !cluster.entries.contains(entry) {
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
                cluster.countries.push(country.clone());
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
    fn candidate(
        &self,
        gazetteer: &Gazetteer,
        segments: &Segments,
        found: &[Found],
        i: usize,
        own: Gender,
    ) -> Option<usize> {
        let name = &found[i];
        let words = &self.words[i];
        let fits: Vec<(usize, u8)> = self
            .list
            .iter()
            .enumerate()
            .rev()
            .take(NEAR)
            .filter(|(_, cluster)| cluster.kind == name.kind)
            .filter_map(|(c, cluster)| {
                let strength = match name.kind {
                    EntityType::Person => person_fit(gazetteer, words, cluster, own),
                    _ => other_fit(segments, name, words, cluster),
                };
                (strength > 0).then_some((c, strength))
            })
            .collect();
        let best = fits.iter().map(|(_, strength)| *strength).max()?;
        // Of several owners of a surname: the one named last before, else the first after.
        fits.iter().filter(|(_, strength)| *strength == best).map(|(c, _)| *c).min_by_key(|c| {
            let last = self.list[*c].last;
            if last < i { (0, i - last) } else { (1, last) }
        })
    }
}

/// Whether a gazetteer's name can be the full name that a cluster has: same surname and given name.
fn entry_fits(gazetteer: &Gazetteer, entry: u32, words: &[String]) -> bool {
    let name = token::fold(gazetteer.entry(entry).name());
    let mut parts = name.split_whitespace();
    let (Some(first), Some(own)) = (parts.next(), words.first()) else { return false };
    parts.next_back() == words.last().map(String::as_str)
        && (gazetteer.same_given_name(first, own) || skeleton(first) == skeleton(own))
}

/// How well a person's name fits a cluster: 0 not at all, 3 surely.
fn person_fit(gazetteer: &Gazetteer, words: &[String], cluster: &Cluster, own: Gender) -> u8 {
    if words == cluster.words {
        return 3;
    }
    let (Some(surname), Some(theirs)) = (words.last(), cluster.words.last()) else { return 0 };
    if !own.agrees(cluster.gender) {
        let typo = words.len() == 1 && gender_pair(surname, theirs);
        return u8::from(typo);
    }
    if let [word] = words {
        if word == theirs {
            return 3;
        }
        let given = cluster.words.len() > 1 && cluster.words.first() == Some(word);
        if given || cluster.words.len() > 2 && cluster.words[1..].contains(word) {
            return 2;
        }
        let variant = skeleton(word) == skeleton(theirs) || gender_pair(word, theirs) || one_letter_apart(word, theirs);
        return u8::from(variant && cluster.words.len() > 1);
    }
    if cluster.words.len() < 2 {
        return if surname == theirs && cluster.words.len() == 1 { 2 } else { 0 };
    }
    let same_surname = surname == theirs || skeleton(surname) == skeleton(theirs);
    let (first, their_first) = (&words[0], &cluster.words[0]);
    let initial = first.chars().count() == 1 || their_first.chars().count() == 1;
    let same_given = gazetteer.same_given_name(first, their_first)
        || skeleton(first) == skeleton(their_first)
        || initial && first.chars().next() == their_first.chars().next();
    if same_surname && same_given {
        return 3;
    }
    // "Mohammed bin Salman" and "Salman"; "Kim Jong-un" and "Kim Jong Un": all words of the shorter one, in order.
    let (short, long) =
        if words.len() < cluster.words.len() { (words, &cluster.words[..]) } else { (&cluster.words[..], words) };
    let mut rest = long.iter();
    let inside = short.iter().all(|word| rest.any(|other| other == word));
    u8::from(inside && short.len() < long.len()) * 2
}

/// How well the name of a place or an organization fits a cluster.
fn other_fit(segments: &Segments, name: &Found, words: &[String], cluster: &Cluster) -> u8 {
    if words == cluster.words
        || name.entries.iter().any(|e| cluster.entries.contains(e)) && cluster.entries.len() == name.entries.len()
    {
        return 3;
    }
    let joined = |words: &[String]| words.concat();
    if joined(words) == joined(&cluster.words) {
        return 3;
    }
    if !name.entries.is_empty() && !cluster.entries.is_empty() {
        return 0;
    }
    if let ([a], [b]) = (words, &cluster.words[..]) {
        let slip = name.kind == EntityType::Place && name.entries.is_empty() && a.len() > 6 && one_letter_apart(a, b);
        return u8::from(slip);
    }
    if name.kind != EntityType::Organization {
        return 0;
    }
    let (short, long) =
        if words.len() < cluster.words.len() { (words, &cluster.words[..]) } else { (&cluster.words[..], words) };
    if let [acronym] = short {
        let shape = segments.tokens[name.tokens.start].shape;
        let initials: String = long.iter().filter_map(|w| w.chars().next()).collect();
        let upper = words.len() > 1 || shape == Shape::Upper;
        return if upper && acronym.len() > 1 && *acronym == initials { 3 } else { 0 };
    }
    // "Minsk Group" of "OSCE Minsk Group".
    u8::from(short.len() >= 2 && long.len() > short.len() && (long.ends_with(short) || long.starts_with(short)))
}

/// The gender that name and role tell.
fn own_gender(gazetteer: &Gazetteer, name: &Found, words: &[String], role: &Role) -> Gender {
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
    if words.len() > 1 {
        let flags = gazetteer.lexicon.flags(gazetteer.lexicon.get(&words[0]));
        match (flags.contains(Flags::GIVEN_MALE), flags.contains(Flags::GIVEN_FEMALE)) {
            (true, false) => return Gender::Male,
            (false, true) => return Gender::Female,
            _ => {}
        }
        return words.last().map_or(Gender::Unknown, |last| gazetteer.suffixes.gender(last));
    }
    Gender::Unknown
}

/// The folded words of a name that carry it: capitalized ones, without "Jr" and the like.
fn content_words(segments: &Segments, gazetteer: &Gazetteer, name: &Found) -> Vec<String> {
    let capitals = name.tokens.clone().filter(|t| segments.tokens[*t].is_word());
    let small = Flags::DET | Flags::PREP | Flags::CCONJ;
    let mut words: Vec<(String, bool)> = capitals
        .map(|t| {
            let token = &segments.tokens[t];
            let after =
                gazetteer.lexicon.is(token, Flags::AFTER_NAME) && t + 1 == name.tokens.end && t > name.tokens.start;
            // "Al-Najjar" and "Van der Meulen" at the start of a sentence are "al-Najjar" and "van der Meulen".
            let hyphened = segments.tokens.get(t + 1).is_some_and(|next| next.is('-'));
            let particle = t == name.tokens.start
                && gazetteer.lexicon.is(token, Flags::PARTICLE)
                && (hyphened || !gazetteer.lexicon.is(token, Flags::GIVEN));
            let keep = token.is_capitalized() && !after && !particle
                || !token.is_capitalized() && !gazetteer.lexicon.is(token, small | Flags::PARTICLE);
            (token::fold(segments.word(t)), keep)
        })
        .collect();
    if words.iter().any(|(_, keep)| *keep) {
        words.retain(|(_, keep)| *keep);
    }
    words.into_iter().map(|(word, _)| word).collect()
}

/// The form of a name as a canonical name: white space of the text levelled, capitals of a headline undone.
fn canonical(segments: &Segments, name: &Found) -> String {
    let text = segments.span(name.tokens.clone()).of(&segments.text);
    let level = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = segments.tokens[name.tokens.clone()].iter().filter(|t| t.is_word());
    let shouted = words.clone().count() > 1 && words.clone().all(|t| t.shape == Shape::Upper && t.end - t.start > 2);
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
