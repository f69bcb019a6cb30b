//! `onrecord fit`: weights of the evidence from annotated articles.

mod names;
mod renamed;

pub use names::names;
