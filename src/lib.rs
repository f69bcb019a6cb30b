//! Turns dumps of news articles into tables of who said what, and about whom, what and where.

pub mod attribute;
pub mod cli;
pub mod error;
pub mod evaluate;
pub mod evidence;
pub mod export;
pub mod finished;
pub mod fit;
pub mod gazetteer;
pub mod generate;
pub mod mention;
pub mod model;
pub mod pipeline;
pub mod quote;
pub mod read;
pub mod report;
pub mod resolve;
pub mod review;
pub mod run;
pub mod table;
pub mod text;
pub mod token;
pub mod whole;
pub mod workbench;
