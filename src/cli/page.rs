//! `explain` as a page that needs nothing but itself.

use super::view::View;
use crate::{error::Result, report};

/// The ending of the name makes the engine escape everything.
const TEMPLATE: (&str, &str) = ("explain.html", include_str!("explain.html"));

/// The page.
pub(super) fn render(view: &View) -> Result<String> {
    report::render(&[TEMPLATE], view)
}
