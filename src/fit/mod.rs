//! `onrecord fit`: weights of the evidence from annotated articles.

mod names;
mod quotations;

pub use names::names;
pub use quotations::quotations;
