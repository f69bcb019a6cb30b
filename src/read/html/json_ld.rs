//! Descriptions of an article in JSON-LD, as schema.org has them; broken ones too.

use super::about::About;
use serde_json::Value;

/// Objects in objects deeper than this are not looked into.
const DEEPEST: usize = 8;
/// Scripts of more bytes than this are not parsed, since that takes many times their size; they are scanned.
const MOST_BYTES: usize = 1 << 20;

impl About {
    /// Takes from the content of a script what is not known yet.
    pub(super) fn describe(&mut self, script: &str) {
        let script = script.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
        let script = script.trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
        let script = script.trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
        if script.len() > MOST_BYTES {
            return self.scan(script);
        }
        match serde_json::from_str(script).or_else(|_| serde_json::from_str(&mended(script))) {
            Ok(value) => self.value(&value, 0),
            Err(_) => self.scan(script),
        }
    }

    fn value(&mut self, value: &Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Array(list) => list.iter().for_each(|value| self.value(value, depth + 1)),
            Value::Object(map) => {
                if map.get("@type").is_some_and(is_article) {
                    self.article(value);
                } else {
                    for key in ["@graph", "mainEntity", "hasPart"] {
                        if let Some(inner) = map.get(key) {
                            self.value(inner, depth + 1);
                        }
                    }
                    // The page around it knows less, but may be all there is.
                    if self.outlet.is_none() && map.get("@type").is_some_and(|kind| is_one(kind, &|k| k == "WebSite")) {
                        self.outlet = map.get("name").and_then(text);
                    }
                }
            }
            _ => {}
        }
    }

    fn article(&mut self, article: &Value) {
        let keep = |slot: &mut Option<String>, value: Option<String>| {
            if slot.is_none() {
                *slot = value;
            }
        };
        let first = self.title.is_none();
        keep(&mut self.title, article.get("headline").or_else(|| article.get("name")).and_then(text));
        if !first {
            return;
        }
        keep(&mut self.published, article.get("datePublished").or_else(|| article.get("dateCreated")).and_then(text));
        keep(&mut self.author, article.get("author").or_else(|| article.get("creator")).and_then(|v| names(v, 0)));
        if let Some(publisher) = article.get("publisher").and_then(|v| names(v, 0)) {
            self.outlet = Some(publisher);
        }
        let page = article.get("mainEntityOfPage");
        let url = [article.get("url"), page.and_then(|page| page.get("@id")), page, article.get("@id")];
        keep(&mut self.url, url.into_iter().flatten().filter_map(text).find(|url| url.starts_with("http")));
        keep(&mut self.language, article.get("inLanguage").and_then(text));
        keep(&mut self.text, article.get("articleBody").and_then(text));
        self.free = self.free.or(match article.get("isAccessibleForFree") {
            Some(Value::Bool(free)) => Some(*free),
            Some(Value::String(free)) => Some(!free.eq_ignore_ascii_case("false")),
            _ => None,
        });
    }

    /// Takes what can be told from a script that is no JSON: the first string behind a key.
    fn scan(&mut self, script: &str) {
        if !["Article\"", "Posting\""].iter().any(|kind| script.contains(kind)) || self.title.is_some() {
            return;
        }
        self.title = string_at(script, "headline");
        self.published = self.published.take().or_else(|| string_at(script, "datePublished"));
        let nested = |key: &str| {
            let at = script.find(&format!("\"{key}\""))?;
            let rest = &script[at..];
            string_at(rest, key).or_else(|| string_at(rest, "name"))
        };
        self.author = self.author.take().or_else(|| nested("author"));
        self.outlet = nested("publisher").or(self.outlet.take());
    }
}

/// Whether `kind`, a type or a list of types, has an article among it.
fn is_article(kind: &Value) -> bool {
    is_one(kind, &|kind| kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report")
}

fn is_one(kind: &Value, test: &dyn Fn(&str) -> bool) -> bool {
    match kind {
        Value::String(kind) => test(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(test),
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim(),
        // A value with a language, or a list of one.
        Value::Object(map) => map.get("@value").and_then(Value::as_str)?.trim(),
        Value::Array(list) => list.first().and_then(Value::as_str)?.trim(),
        _ => return None,
    };
    (!text.is_empty()).then(|| text.to_string())
}

/// The names of people or organizations.
fn names(value: &Value, depth: usize) -> Option<String> {
    match value {
        Value::Array(list) if depth < DEEPEST => {
            let mut all: Vec<String> = Vec::new();
            for name in list.iter().filter_map(|value| names(value, depth + 1)) {
                if !all.contains(&name) && all.len() < 32 {
                    all.push(name);
                }
            }
            (!all.is_empty()).then(|| all.join("; "))
        }
        Value::Object(map) => names(map.get("name")?, depth + 1),
        Value::String(name) => {
            Some(name.trim().to_string()).filter(|name| !name.is_empty() && !name.starts_with("http"))
        }
        _ => None,
    }
}

/// JSON without what it must not have and often has: line breaks in strings, and commas before a closing bracket.
fn mended(script: &str) -> String {
    let mut mended = String::with_capacity(script.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in script.chars() {
        match c {
            '\n' | '\r' | '\t' if in_string => mended.push(' '),
            c if c.is_control() && !c.is_whitespace() => {}
            '}' | ']' if !in_string => {
                let end = mended.trim_end().len();
                if mended[..end].ends_with(',') {
                    mended.truncate(end - 1);
                }
                mended.push(c);
            }
            c => mended.push(c),
        }
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = in_string,
            '"' => in_string = !in_string,
            _ => {}
        }
    }
    mended
}

/// The string that is the value of the first `key`.
fn string_at(script: &str, key: &str) -> Option<String> {
    let at = script.find(&format!("\"{key}\""))? + key.len() + 2;
    let value = script[at..].trim_start().strip_prefix(':')?.trim_start();
    let mut strings = serde_json::Deserializer::from_str(value).into_iter::<Value>();
    match strings.next()?.ok()? {
        Value::String(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(script: &str) -> About {
        let mut described = About::default();
        described.describe(script);
        described
    }

    #[test]
    fn articles_are_found_wherever_they_stand() {
        let article = r#"{"@type":["NewsArticle"],"headline":" H ","datePublished":"2020-01-02","author":[{"name":"A"},{"name":"B"},{"name":"A"}],"publisher":{"name":"P"},"mainEntityOfPage":{"@id":"https://x/y"},"isAccessibleForFree":"False"}"#;
        for script in [
            article.to_string(),
            format!("[{{\"@type\":\"Organization\",\"name\":\"no\"}},{article}]"),
            format!("{{\"@graph\":[{{\"@type\":\"WebSite\",\"name\":\"no\"}},{article}]}}"),
            format!("<!-- {article} -->"),
            format!("//<![CDATA[\n{article}\n//]]>"),
            format!("[{article},]"),
            article.replace(" H ", "\n H "),
        ] {
            let found = read(&script);
            assert_eq!(found.title.as_deref(), Some("H"), "{script}");
            assert_eq!(found.author.as_deref(), Some("A; B"));
            assert_eq!((found.outlet.as_deref(), found.url.as_deref()), (Some("P"), Some("https://x/y")));
            assert_eq!(found.free, Some(false));
        }
    }

    #[test]
    fn what_is_no_json_is_scanned() {
        let script = r#"{"@type":"NewsArticle","headline":"A \"good\" day","author":{"@type":"Person","name":"N"},"datePublished" : "2020-01-02","articleBody":"a "bad" mark"#;
        let found = read(script);
        assert_eq!(found.title.as_deref(), Some("A \"good\" day"));
        assert_eq!((found.author.as_deref(), found.published.as_deref()), (Some("N"), Some("2020-01-02")));
        assert_eq!(read("{\"@type\":\"Product\",\"name\":\"x\" oops"), About::default());
    }
}
