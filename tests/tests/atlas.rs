//! Every part of a declaration is found where it stands.
// What these tests build on may fail them like any assertion.
#![allow(clippy::unwrap_used)]

use mandate_pack::{Act, Condition};
use mandate_project::standard_packages;
use mandate_semantics::{Atlas, Declaration, Host, Part, ProjectInput};

/// The words at a part, normalised.
fn words(atlas: &Atlas, name: &str, part: Part) -> Option<String> {
    let place = atlas.place_of(Declaration::Named(name), part)?;
    let text = atlas.text(&place.path)?.get(place.span.range())?;
    Some(plain(text))
}

/// White space normalised; a pack has commas where a text may have line ends.
fn plain(text: &str) -> String {
    text.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_clause_of_the_standard_library_is_found_by_its_number() {
    let mut host = Host::new();
    host.set_project(ProjectInput { packages: standard_packages() });
    let mut found = 0;
    for package in standard_packages() {
        let snapshot = host.snapshot();
        let (pack, atlas) = (snapshot.pack(&package.name).unwrap(), snapshot.atlas(&package.name));
        for (name, rule) in &pack.rules {
            let mut check = |part: Part, expected: &str| {
                let there = words(&atlas, name, part);
                assert_eq!(there.as_deref(), Some(plain(expected).as_str()), "{name} {part:?}");
                found += 1;
            };
            let whole = |conditions: &[Condition]| conditions.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
            whole(&rule.when).iter().enumerate().for_each(|(at, text)| check(Part::When(at), text));
            let required = match &rule.norm.act {
                Act::Ensure(required) => whole(required),
                Act::Do { .. } => Vec::new(),
            };
            required.iter().enumerate().for_each(|(at, text)| check(Part::Require(at), text));
            let unless = whole(&rule.unless).into_iter().map(|text| format!("unless {text}"));
            unless.enumerate().for_each(|(at, text)| check(Part::Unless(at), &text));
            let otherwise = rule.otherwise.iter().map(|norm| format!("otherwise {}", norm.text));
            otherwise.enumerate().for_each(|(at, text)| check(Part::Otherwise(at), &text));
            check(Part::Name, name.rsplit('.').next().unwrap());
            if !rule.constraint {
                check(Part::Norm, &rule.norm.text);
            }
            for (at, cite) in rule.cites.iter().enumerate() {
                let there = words(&atlas, name, Part::Cites(at)).unwrap();
                assert!(cite.passage.as_ref().is_none_or(|passage| there.contains(&format!("#{passage}"))), "{there}");
            }
            let count = |all: usize, part: fn(usize) -> Part| {
                assert!(all == 0 || words(&atlas, name, part(all - 1)).is_some(), "{name}");
                assert_eq!(words(&atlas, name, part(all)), None, "{name}");
            };
            count(rule.when.len(), Part::When);
            count(rule.unless.len(), Part::Unless);
            count(rule.otherwise.len(), Part::Otherwise);
            count(rule.overrides.len(), Part::Overrides);
            count(rule.limits.len(), Part::Limits);
            count(rule.cites.len(), Part::Cites);
            assert_eq!(rule.waivable.is_some(), words(&atlas, name, Part::Waivable).is_some(), "{name}");
        }
        for assumption in &pack.assumptions {
            let place = atlas.place_of(Declaration::At(&assumption.origin), Part::Name).unwrap();
            let text = atlas.text(&place.path).unwrap();
            assert!(text[place.span.range()].contains(&assumption.title), "{}", assumption.title);
        }
        for (name, source) in &pack.sources {
            for passage in source.passages.values() {
                let place = atlas.line_of(name, source.document.as_ref().unwrap(), passage.line).unwrap();
                let line = &atlas.text(&place.path).unwrap()[place.span.range()];
                assert!(!line.is_empty() && !line.contains('\n'), "{name}");
            }
        }
    }
    assert!(found > 150, "{found} parts");
}
