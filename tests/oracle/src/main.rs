//! Compares the oracle with the engine: `mandate-oracle [cases] [first seed]`.

use mandate_oracle::cases::case;
use mandate_oracle::compare::{Tally, compare};
use mandate_oracle::expressions::Features;
use mandate_oracle::shrink::shrink;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let cases = args.next().unwrap_or(100_000);
    let first = args.next().unwrap_or(1);
    let most = args.next().unwrap_or(1);
    let mut tally = Tally::new();
    let mut differ = 0;
    for seed in first..first + cases {
        let made = case(seed, features());
        if let Err(why) = compare(&made, &mut tally) {
            differ += 1;
            if differ > most {
                continue;
            }
            if why.starts_with("FAULT") {
                println!("seed {seed}: {why}");
                continue;
            }
            let small =
                shrink(&made, &|case| compare(case, &mut Tally::new()).is_err_and(|why| !why.starts_with("FAULT")));
            let why = compare(&small, &mut Tally::new()).err().unwrap_or_default();
            let rules: String =
                small.pack.rules.iter().map(|(name, rule)| format!("\n  {name}: {}", plain(rule))).collect();
            let mut small_facts = small.facts.clone();
            if let Some(records) = small_facts["records"].as_object_mut() {
                records.retain(|_, items| items.as_array().is_none_or(|items| !items.is_empty()));
            }
            let facts = serde_json::to_string(&small_facts).unwrap_or_default();
            println!(
                "seed {seed}\nrules {rules}\nfacts {facts}\nas of {} in {}\n{why}",
                small.as_of, small.pack.time_zone
            );
        }
    }
    for (what, number) in &tally {
        println!("{number:>9}  {what}");
    }
    if differ == 0 {
        println!("agree on {cases}");
        ExitCode::SUCCESS
    } else {
        println!("differ on {differ} of {cases}");
        ExitCode::FAILURE
    }
}

/// A rule as JSON, without what is always the same and without types.
fn plain(rule: &mandate_pack::Rule) -> String {
    fn stripped(json: serde_json::Value) -> serde_json::Value {
        use serde_json::Value;
        match json {
            Value::Object(mut map) => match (map.remove("node"), map.contains_key("type")) {
                (Some(node), true) => stripped(node),
                (node, _) => {
                    let node = node.map(|node| ("node".to_owned(), node));
                    Value::Object(map.into_iter().chain(node).map(|(k, v)| (k, stripped(v))).collect())
                }
            },
            Value::Array(items) => Value::Array(items.into_iter().map(stripped).collect()),
            other => other,
        }
    }
    let mut json = serde_json::to_value(rule).unwrap_or_default();
    if let Some(map) = json.as_object_mut() {
        map.retain(|key, _| !["title", "origin", "for_each", "constraint"].contains(&key.as_str()));
    }
    stripped(json).to_string()
}

/// What is drawn: everything carried out, less what the environment leaves out (`ORACLE_WITHOUT=lasting,overrides`).
fn features() -> Features {
    let without = std::env::var("ORACLE_WITHOUT").unwrap_or_default();
    let left = |name: &str, on: bool| on && !without.split(',').any(|word| word == name);
    let all = Features::CARRIED_OUT;
    Features {
        quantities: left("quantities", all.quantities),
        lasting: left("lasting", all.lasting),
        overrides: left("overrides", all.overrides),
        editions: left("editions", all.editions),
        histories: left("histories", all.histories),
        caveats: left("caveats", all.caveats),
    }
}
