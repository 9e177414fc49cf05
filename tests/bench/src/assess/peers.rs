//! What is compared with: `serde_json` that only reads the same bytes, and a Rego engine that runs the same rules.
//!
//! Each runs as a process of its own (`mandate-bench parse FOLDER`, `mandate-bench rego FOLDER`), as the program does.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The facts files of a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|error| error.to_string())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    Ok(files)
}

/// Reads every line into a tree and drops it: the least that any tool working on JSON has to do.
pub fn parse(folder: &Path) -> Result<(), String> {
    let mut lines = 0;
    for file in files(folder)? {
        let bytes = fs::read(&file).map_err(|error| error.to_string())?;
        for line in bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            serde_json::from_slice::<Value>(line).map_err(|error| error.to_string())?;
            lines += 1;
        }
    }
    println!("{lines} records");
    Ok(())
}

/// Runs the hand-written rules; prints the number of broken instances by rule.
pub fn rego(folder: &Path) -> Result<(), String> {
    let mut engine = regorus::Engine::new();
    let said = |error: anyhow::Error| error.to_string();
    engine.add_policy("rules.rego".to_owned(), include_str!("rules.rego").to_owned()).map_err(said)?;
    let mut data = serde_json::Map::new();
    for file in files(folder)? {
        let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let records: Result<Vec<Value>, _> = text.lines().map(serde_json::from_str).collect();
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        data.insert(name, Value::Array(records.map_err(|error| error.to_string())?));
    }
    let data: regorus::Value = serde_json::from_value(Value::Object(data)).map_err(|error| error.to_string())?;
    engine.add_data(data).map_err(said)?;
    let broken = engine.eval_rule("data.rules.broken".to_owned()).map_err(said)?;
    println!("{}", broken.to_json_str().map_err(said)?);
    Ok(())
}
