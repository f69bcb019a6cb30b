//! `onrecord fit`: weights of the evidence from annotated articles.

mod names;
mod quotations;
mod renamed;

pub use names::names;
pub use quotations::quotations;
