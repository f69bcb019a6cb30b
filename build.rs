//! Embeds every gazetteer and word list that the manifest names, so that the program works anywhere.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("gazetteers");
    let manifest = root.join("manifest.csv");
    println!("cargo::rerun-if-changed={}", manifest.display());
    let mut code = String::from(
        "/// Every file of the manifest: name, role, text.\npub(super) const FILES: &[(&str, &str, &str)] = &[\n",
    );
    for row in csv::Reader::from_path(&manifest)?.records() {
        let row = row?;
        let (file, role) = (row.get(0).unwrap_or(""), row.get(1).unwrap_or(""));
        let path = root.join(file);
        if !path.is_file() {
            return Err(format!("gazetteers/manifest.csv names {file}, which is not there").into());
        }
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(code, "    ({file:?}, {role:?}, include_str!({:?})),", path.display().to_string())?;
    }
    code.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("embedded.rs"), code)?;
    Ok(())
}
