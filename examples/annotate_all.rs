//! Annotates all articles of some files, on all cores, and counts what is found: the work of the command line without its tables.
//!
//! Run it with `cargo run --release --example annotate_all -- THREADS INPUT...`; 0 threads are one per core. The benches of the Python
//! package compare themselves with it.

use onrecord::{
    error::{Error, Result},
    gazetteer::Gazetteer,
    pipeline::Pipeline,
    read::{Inputs, Options},
    run::{Reading, Unobserved, each_article},
};
use std::{env, path::PathBuf, time::Instant};

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let threads = arguments.next().and_then(|threads| threads.parse().ok());
    let threads = threads.ok_or_else(|| Error::usage("give a number of threads, and files"))?;
    let inputs = Inputs::new(arguments.map(PathBuf::from).collect())?;
    let pipeline = Pipeline::new(Gazetteer::embedded()?)?;
    let start = Instant::now();
    let (mut mentions, mut quotations) = (0, 0);
    let reading = Reading { inputs: &inputs, options: &Options::default(), threads };
    let seen = each_article(
        &pipeline,
        &reading,
        &|article| pipeline.annotate(article),
        // Workers annotate; this is called for one article after the other, in input order.
        &mut |annotated| {
            mentions += annotated.mentions.len();
            quotations += annotated.quotations.len();
            Ok(())
        },
        &mut |reject| eprintln!("{}, record {}: {}", reject.source, reject.record, reject.reason),
        &Unobserved,
    )?;
    let (articles, seconds) = (seen.articles, start.elapsed().as_secs_f64());
    println!("{articles} articles, {mentions} mentions, {quotations} quotations, {seconds:.3} seconds");
    Ok(())
}
