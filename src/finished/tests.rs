use super::*;
use crate::table::{TABLES, header};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs;

/// A folder with a run that has written rejects only, in `files`.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let schema = TABLES.iter().map(|table| table.schema()).find(|schema| schema.name == "rejects").unwrap();
    let mut listed = Vec::new();
    for (i, rows) in files.iter().enumerate() {
        let name = if i == 0 { "rejects.csv".to_string() } else { format!("rejects-{}.csv", i + 1) };
        let text = [header(schema, Dialect::default()), rows.as_bytes().to_vec()].concat();
        fs::write(folder.path().join(&name), &text).unwrap();
        let sha256: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        listed.push(json!({ "path": name, "rows": rows.lines().count(), "bytes": text.len(), "sha256": sha256 }));
    }
    let record = json!({
        "program": "onrecord",
        "version": env!("CARGO_PKG_VERSION"),
        "options": { "guard": true, "excel": false },
        "tables": [{ "name": "rejects", "rows": 0, "bytes": 0, "files": listed }],
    });
    fs::write(folder.path().join("run.json"), record.to_string()).unwrap();
    folder
}

/// All cells, or what is wrong.
fn all(folder: &Path) -> std::result::Result<Vec<Vec<String>>, String> {
    let read = || {
        let mut reader = Finished::open(folder)?.table("rejects")?;
        let mut rows = Vec::new();
        while let Some(row) = reader.read()? {
            rows.push(row.cells().map(str::to_string).collect());
        }
        Ok(rows)
    };
    read().map_err(|error: Error| error.to_string())
}

#[test]
fn rows_come_from_all_files_without_the_guard() {
    let folder = folder(&["a.csv,1,0,record,'=x\n", "'+b.csv,2,7,record,'tis\n"]);
    let rows = all(folder.path()).unwrap();
    assert_eq!(rows, [["a.csv", "1", "0", "record", "=x"], ["+b.csv", "2", "7", "record", "'tis"]]);
    let mut reader = Finished::open(folder.path()).unwrap().table("rejects").unwrap();
    let [record, detail] = reader.columns(["record", "detail"]).unwrap();
    let row = reader.read().unwrap().unwrap();
    assert_eq!(row.integer(record).unwrap(), 1);
    assert!(row.integer(detail).unwrap_err().to_string().contains("detail is no whole number"));
    assert!(reader.column("speaker").is_err());
}

#[test]
fn what_is_no_finished_run_is_refused_with_the_reason() {
    let good = ["a.csv,1,0,record,x\n"];
    type Spoil = fn(&Path);
    let cases: &[(&str, Spoil)] = &[
        ("there is no run.json", |folder| fs::remove_file(folder.join("run.json")).unwrap()),
        ("not finished", |folder| fs::write(folder.join("rejects.csv.partial"), "").unwrap()),
        ("no record of a run", |folder| fs::write(folder.join("run.json"), "{}").unwrap()),
        ("no record of a run", |folder| fs::write(folder.join("run.json"), "[").unwrap()),
        ("version 0.0.1", |folder| {
            fs::write(folder.join("run.json"), r#"{"program":"onrecord","version":"0.0.1"}"#).unwrap();
        }),
        ("rejects.csv", |folder| fs::remove_file(folder.join("rejects.csv")).unwrap()),
        ("other columns", |folder| fs::write(folder.join("rejects.csv"), "a,b\n").unwrap()),
        ("cut short", |folder| {
            fs::write(folder.join("rejects.csv"), "source,record,byte_offset,reason,detail\n").unwrap()
        }),
        ("SHA-256", |folder| {
            fs::write(folder.join("rejects.csv"), "source,record,byte_offset,reason,detail\na.csv,1,0,record,y\n")
                .unwrap();
        }),
        ("line 2", |folder| {
            fs::write(folder.join("rejects.csv"), "source,record,byte_offset,reason,detail\na.csv,1\n").unwrap();
        }),
        ("no record of a run", |folder| {
            let record = fs::read_to_string(folder.join("run.json")).unwrap();
            fs::write(folder.join("run.json"), record.replace("rejects.csv", "../rejects.csv")).unwrap();
        }),
    ];
    assert!(all(folder(&good).path()).is_ok());
    for (reason, spoil) in cases {
        let folder = folder(&good);
        spoil(folder.path());
        let message = all(folder.path()).unwrap_err();
        assert!(message.contains(reason), "{message}, not {reason}");
    }
    let folder = folder(&good);
    let message = Finished::open(folder.path()).unwrap().table("quotes").err().unwrap().to_string();
    assert!(message.contains("no table of quotes"), "{message}");
}
