//! Turns dumps of news articles into tables of who said what, and about whom, what and where.

pub mod attribute;
pub mod error;
pub mod evidence;
pub mod fit;
pub mod gazetteer;
pub mod mention;
pub mod model;
pub mod pipeline;
pub mod quote;
pub mod resolve;
pub mod text;
pub mod token;
