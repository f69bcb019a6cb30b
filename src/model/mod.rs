//! What things are: plain data with public fields, used by every other room.
//!
//! | word | meaning |
//! | --- | --- |
//! | article | one news text with its metadata |
//! | mention | one occurrence of a name: surface form, span, type, and the entity that it refers to |
//! | entity | what mentions refer to: one canonical name and id |
//! | quotation | a stretch of reported speech: direct, mixed or indirect |
//! | speaker | the entity (or description) that a quotation is attributed to |
//! | cue | the word or phrase that introduces speech |
//! | evidence | a named, weighted reason for or against a decision |
//! | span | a half-open range of **bytes**; tables turn bytes into Unicode code points |

mod annotated;
mod article;
mod draft;
mod entity;
mod quotation;
mod span;
mod texts;

pub use annotated::{Annotated, Correction, Diagnostic};
pub use article::{Article, Reject};
pub use draft::{Ending, Found, Profile, Resolved, Statement, Stretch};
pub use entity::{Entity, EntityType, Evidence, Facts, Gender, Mention, Method, Zone};
pub use quotation::{Quotation, QuotationKind, Speaker};
pub use span::{Span, beginning};
pub use texts::Texts;
