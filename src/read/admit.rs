//! Which records become articles: what is wrong with a record, what the user asked for, and what has been there before.
//! It is the same for every format, and happens in input order on one thread, so that a run can be repeated.

use super::{
    Options, Reason, Workers, date,
    duplicates::Duplicates,
    html,
    ids::{self, Ids},
    language::language_code,
    mojibake,
};
use crate::model::Article;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What becomes of a record.
pub(super) enum Verdict {
    /// It is taken.
    Taken(Article),
    /// It cannot be read, for this reason.
    Faulty(Article, Reason, String),
    /// It is not asked for.
    PassedOver,
}

/// What is kept from record to record.
pub(super) struct Admission<'a> {
    options: &'a Options,
    workers: &'a dyn Workers,
    ids: Ids,
    duplicates: Duplicates,
    articles: u64,
    /// Whether ids and texts of earlier articles do not matter.
    forgetful: bool,
}

impl<'a> Admission<'a> {
    pub(super) fn new(options: &'a Options, workers: &'a dyn Workers) -> Self {
        let (ids, duplicates) = (Ids::default(), Duplicates::default());
        Admission { options, workers, ids, duplicates, articles: 0, forgetful: false }
    }

    /// As [`Admission::new`], where articles do not make one run: ids are not made unique, and articles that have the same text
    /// are not told.
    pub(super) fn forgetful(options: &'a Options, workers: &'a dyn Workers) -> Self {
        Admission { forgetful: true, ..Admission::new(options, workers) }
    }

    /// Whether as many articles have been taken as are wanted.
    pub(super) fn is_full(&self) -> bool {
        self.options.limit.is_some_and(|limit| self.articles >= limit)
    }

    /// Decides on an article with an id, a source and a record number, the next one in input order.
    pub(super) fn decide(&mut self, mut article: Article) -> Verdict {
        if let Some((reason, detail)) = fault(&article, self.options) {
            return Verdict::Faulty(article, reason, detail);
        }
        tidy(&mut article);
        if !self.is_wanted(&article) {
            return Verdict::PassedOver;
        }
        cut_id(&mut article);
        if !self.forgetful {
            article.id = self.ids.unique(article.id);
        }
        if self.options.duplicates && !self.forgetful {
            article.duplicate_of = self.duplicates.original(&article.text, &article.id);
            article.skipped |= self.options.skip_duplicates && article.duplicate_of.is_some();
        }
        self.articles += 1;
        Verdict::Taken(article)
    }

    fn is_wanted(&self, article: &Article) -> bool {
        self.options.sample.is_none_or(|sample| sample.takes(&article.id))
            && self.options.conditions.iter().all(|condition| condition.holds(article, self.workers))
    }
}

/// Why `article` cannot be taken.
pub(super) fn fault(article: &Article, options: &Options) -> Option<(Reason, String)> {
    let (length, limit) = (article.text.len() as u64, options.max_text);
    if length >= limit {
        return Some((Reason::TooLarge, format!("the text has {length} bytes, the limit is {limit}")));
    }
    article.text.trim().is_empty().then(|| (Reason::NoText, "the record's text is empty".to_string()))
}

/// Puts right what records say in many ways.
pub(super) fn tidy(article: &mut Article) {
    mojibake::mend_article(article);
    article.published = article.published.take().map(|date| date::from_text(&date));
    article.author = article.author.take().map(|author| html::by(&author)).filter(|author| !author.is_empty());
    article.language = article.language.take().and_then(|language| language_code(&language));
}

/// Shortens an id that is too long, and remarks on it.
pub(super) fn cut_id(article: &mut Article) {
    if article.id.len() > ids::LONGEST {
        article.remarks.push("id cut");
        article.id = ids::shortened(std::mem::take(&mut article.id));
    }
}

/// A share of all articles, drawn by lot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// How many, from 0 to 1.
    pub rate: f64,
    /// Another seed draws others.
    pub seed: u64,
}

impl Sample {
    /// The lot is a hash of seed and id alone. So an article is drawn or not whatever else is read, in whatever order and
    /// in how many runs, and, where records have ids of their own, whatever its file is called; an id that was made
    /// of a file's name stays the same when the folder that was named as input moves. Articles that share an id are
    /// drawn together.
    fn takes(self, id: &str) -> bool {
        // 53 bits are what a number between 0 and 1 can hold.
        let lot = (xxh3_64_with_seed(id.as_bytes(), self.seed) >> 11) as f64 / (1u64 << 53) as f64;
        lot < self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Alone, *};

    fn article(id: &str, text: &str) -> Article {
        Article { id: id.into(), source: "d".into(), record: 1, text: text.into(), ..Article::default() }
    }

    /// What becomes of articles, as `id` or `id=original`, with `!` if names are not looked for.
    fn decided(options: &Options, articles: Vec<Article>) -> Vec<String> {
        let mut admission = Admission::new(options, &Alone);
        let short = |verdict| match verdict {
            Verdict::Taken(article) => {
                let original = article.duplicate_of.map(|id| format!("={id}")).unwrap_or_default();
                format!("{}{original}{}", article.id, if article.skipped { "!" } else { "" })
            }
            Verdict::Faulty(_, reason, _) => reason.as_str().to_string(),
            Verdict::PassedOver => "-".to_string(),
        };
        articles.into_iter().map(|article| short(admission.decide(article))).collect()
    }

    #[test]
    fn what_was_there_before_is_marked() {
        let all = || vec![article("a", "One."), article("a", " One.\n"), article("b", "Two."), article("c", "One.")];
        let marked = decided(&Options::default(), all());
        assert_eq!(marked, ["a", "a~2=a", "b", "c=a"]);
        let skipped = decided(&Options { skip_duplicates: true, ..Options::default() }, all());
        assert_eq!(skipped, ["a", "a~2=a!", "b", "c=a!"]);
        let unasked = decided(&Options { duplicates: false, skip_duplicates: true, ..Options::default() }, all());
        assert_eq!(unasked, ["a", "a~2", "b", "c"]);
    }

    #[test]
    fn an_id_stands_in_every_row_and_is_cut() {
        let mut admission = Admission::new(Box::leak(Box::default()), &Alone);
        let mut taken = |id: &str| match admission.decide(article(id, "One.")) {
            Verdict::Taken(article) => article,
            _ => panic!("not taken"),
        };
        let long = "ə".repeat(400);
        let [first, other] = [taken(&long), taken(&format!("{long}ə"))];
        assert!(first.id.starts_with("əəə") && first.id.len() <= ids::LONGEST, "{}", first.id);
        assert_ne!(first.id, other.id);
        assert_eq!(other.duplicate_of, Some(first.id));
        assert_eq!(first.remarks, ["id cut"]);
        assert!(taken(&"x".repeat(ids::LONGEST)).remarks.is_empty());
    }

    #[test]
    fn what_is_passed_over_leaves_no_trace() {
        let options = Options { conditions: vec!["outlet=Herald".parse().unwrap()], ..Options::default() };
        let of = |outlet: &str, id: &str| Article { outlet: Some(outlet.into()), ..article(id, "One.") };
        let all = vec![of("Times", "a"), of("Herald", "a"), article("b", "One."), of("herald", "b"), of("Times", "")];
        assert_eq!(decided(&options, all), ["-", "a", "-", "b=a", "-"]);
        let empty = decided(&options, vec![Article { text: "  ".into(), ..of("Times", "x") }]);
        assert_eq!(empty, ["no text"], "what cannot be read is told, whatever is asked for");
    }

    #[test]
    fn a_sample_is_a_share_and_its_own_superset() {
        let ids: Vec<String> = (0..20_000).map(|i| format!("article-{i}")).collect();
        let drawn = |rate, seed| ids.iter().filter(|id| Sample { rate, seed }.takes(id)).collect::<Vec<_>>();
        for (rate, least, most) in [(0.0, 0, 0), (0.01, 150, 250), (0.5, 9_800, 10_200), (1.0, 20_000, 20_000)] {
            assert!((least..=most).contains(&drawn(rate, 7).len()), "{rate}: {}", drawn(rate, 7).len());
        }
        let (small, large) = (drawn(0.1, 7), drawn(0.2, 7));
        assert!(small.iter().all(|id| large.contains(id)), "a larger share keeps what the smaller one had");
        assert_ne!(drawn(0.1, 7), drawn(0.1, 8));
    }

    #[test]
    fn languages_are_spelled_in_one_way() {
        let mut admission = Admission::new(Box::leak(Box::default()), &Alone);
        for (given, kept) in
            [(Some("en-US"), Some("en")), (Some("German"), Some("de")), (Some("?"), None), (None, None)]
        {
            let article = Article { language: given.map(str::to_string), ..article("a", "One.") };
            let Verdict::Taken(article) = admission.decide(article) else { panic!("not taken") };
            assert_eq!(article.language.as_deref(), kept, "{given:?}");
        }
    }

    #[test]
    fn an_author_is_named_without_the_word_of_the_byline() {
        let mut admission = Admission::new(Box::leak(Box::default()), &Alone);
        for (given, kept) in
            [("By Mira Delgado,", Some("Mira Delgado")), ("Byron Ruiz", Some("Byron Ruiz")), ("  ", None)]
        {
            let article = Article { author: Some(given.into()), ..article("a", "One.") };
            let Verdict::Taken(article) = admission.decide(article) else { panic!("not taken") };
            assert_eq!(article.author.as_deref(), kept, "{given:?}");
        }
    }
}
