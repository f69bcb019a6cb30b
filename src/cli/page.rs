//! `explain` as a page that needs nothing but itself.

use super::view::View;
use crate::error::{Error, Result};

/// The ending of the name makes the engine escape everything.
const NAME: &str = "explain.html";

/// The page.
pub(super) fn render(view: &View) -> Result<String> {
    let fail = |error: minijinja::Error| Error::format(format!("the page cannot be made: {error}"));
    let mut engine = minijinja::Environment::new();
    engine.add_template(NAME, include_str!("explain.html")).map_err(fail)?;
    engine.get_template(NAME).and_then(|template| template.render(view)).map_err(fail)
}
