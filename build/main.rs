//! Compiles every gazetteer and word list that the manifest names into one image, which becomes part of the program: it
//! works anywhere, and has nothing to do when it starts.
//!
//! The image is written by the same code that reads it; the modules of the library that are needed for that are taken in
//! by their paths.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "the library's modules do more than is needed here")]

mod cues;
mod gazetteer;
mod letters;
mod lexicon;
mod lists;
mod loader;

#[path = "../src/error.rs"]
mod error;
#[path = "../src/model/mod.rs"]
mod model;
#[path = "../src/token/mod.rs"]
mod token;

use sha2::{Digest, Sha256};
use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    for code in ["build", "src/gazetteer", "src/token", "src/model", "src/error.rs"] {
        println!("cargo::rerun-if-changed={}", folder.join(code).display());
    }
    let folder = folder.join("gazetteers");
    let manifest = folder.join("manifest.csv");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let mut loader = loader::Loader::new();
    for row in csv::Reader::from_path(&manifest)?.records() {
        let row = row?;
        let (file, role) = (row.get(0).unwrap_or(""), row.get(1).unwrap_or(""));
        // Of no use to the matcher: the importers take it in themselves.
        if role == "import" {
            continue;
        }
        let path = folder.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        let text =
            fs::read_to_string(&path).map_err(|error| format!("gazetteers/manifest.csv names {file}: {error}"))?;
        loader.file(file, role, &text)?;
    }
    let image = loader.finish()?;
    // What it is called by: enough of its hash to tell it from any other.
    let version: String = Sha256::digest(&image).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    println!("cargo::rustc-env=ONRECORD_GAZETTEERS={version}");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("embedded.bin"), image)?;
    Ok(())
}
