//! Prints what is found out about a compiled pack: `cargo run -p mandate-prove --example look -- PACK [PREFIX]`.

use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let file = args.next().unwrap_or_default();
    let prefix = args.next().unwrap_or_default();
    let pack = match std::fs::read(&file)
        .map_err(|e| e.to_string())
        .and_then(|b| mandate_pack::Pack::read(&b).map_err(|e| e.to_string()))
    {
        Ok(pack) => pack,
        Err(error) => {
            eprintln!("{file}: {error}");
            std::process::exit(2)
        }
    };
    let began = Instant::now();
    let mut prover = mandate_prove::Prover::new();
    let found = prover
        .check(&std::sync::Arc::new(pack.clone()), &|name| name.starts_with(&prefix), &|| false)
        .unwrap_or_default();
    let took = began.elapsed();
    for finding in &found {
        println!("{} {:?} {}", finding.code.id, finding.at, finding.message);
        for (place, text) in &finding.related {
            println!("    {place:?}: {text}");
        }
        if let Some(situation) = &finding.situation {
            for line in &situation.story {
                println!("    | {line}");
            }
            for (rule, outcome) in &situation.outcomes {
                println!("    > {rule}: {outcome}");
            }
        }
    }
    println!("{} rules, {} findings, {took:?}", pack.rules.len(), found.len());
}
