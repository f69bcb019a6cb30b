//! Turns dumps of news articles into tables of who said what, and about whom, what and where.

pub mod cli;
pub mod error;
pub mod evaluate;
pub mod evidence;
pub mod gazetteer;
pub mod mention;
pub mod model;
pub mod pipeline;
pub mod read;
pub mod run;
pub mod table;
pub mod text;
pub mod token;
