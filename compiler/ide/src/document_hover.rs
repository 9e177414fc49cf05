//! What a passage of a document is for the rules: by which name it is cited, what binds in it, and who carries it.

use crate::enclosing::item_at;
use crate::hover::{Hover, escaped};
use crate::meant::meant;
use crate::passage::{self, Carries, Cites};
use mandate_semantics::{Snapshot, Target, declared};
use mandate_syntax::ast::DeclKind;
use std::collections::BTreeSet;
use std::sync::Arc;

// Feature: Hover in documents
//
// On a passage: the names by which rules cite it, the force of its source, the rules that carry it with their review, and notes that set it aside.
/// What is to be said about the passage at a byte of a document, by all projects that are open; `None` outside of passages.
pub fn document_hover(projects: &[&Snapshot], path: &str, offset: u32) -> Option<Hover> {
    let first = projects.iter().find(|project| project.passage_file(path).is_some())?;
    let found = meant(first, path, offset).or_else(|| unsourced(first, path, offset))?;
    let document = first.passage_file(path)?;
    let name = match found.targets.first() {
        Some(Target::Passage { passage, .. }) => passage.clone(),
        _ => Arc::from(document.passage_at(offset)?),
    };
    let mut parts = Vec::new();
    for target in &found.targets {
        parts.push(source(first, target, &name)?);
    }
    if found.targets.is_empty() {
        parts.push(format!("`#{name}`\n\nNo source of the package has this document, so no rule can cite it yet."));
    } else {
        let carrying = carriers(projects, path, &name);
        parts.push(match carrying.is_empty() {
            true => "*No rule cites it.*".to_owned(),
            false => carrying.join("\n"),
        });
    }
    Some(Hover { span: found.span, markdown: parts.join("\n\n") })
}

/// A passage of a document that no source has.
fn unsourced(snapshot: &Snapshot, path: &str, offset: u32) -> Option<crate::Meant> {
    let document = snapshot.passage_file(path)?;
    let passage = document.passages.get(document.passage_at(offset)?)?;
    let span = passage::first_line(&snapshot.text(path)?, passage.span);
    Some(crate::Meant { span, targets: Vec::new() })
}

/// The source, with what binds in it and how its passage is cited.
fn source(snapshot: &Snapshot, target: &Target, name: &str) -> Option<String> {
    let Target::Passage { file, source, .. } = target else { return None };
    let described = snapshot.describe(&Target::Declaration { file: file.clone(), name: source.clone() })?;
    let cited = described.passages.first();
    let mut head = format!("```mandate\n{source}#{name}\n```\n\n**{}**", escaped(&described.title));
    let mut facts: Vec<String> = Vec::new();
    if let Some(cited) = cited {
        facts.extend(cited.issuer.as_ref().map(|issuer| escaped(issuer)));
        facts.extend(cited.force.map(|force| force.word().to_owned()));
        facts.extend(cited.in_force_from.as_ref().map(|day| format!("in force from {day}")));
    }
    if !facts.is_empty() {
        head.push_str(&format!("  \n*{}*", facts.join(" · ")));
    }
    if let Some(link) = cited.and_then(|cited| cited.link.as_ref()) {
        head.push_str(&format!("  \n[Official wording](<{link}>)"));
    }
    Some(head)
}

/// A line for each declaration that cites the passage, those that name it first.
fn carriers(projects: &[&Snapshot], path: &str, name: &str) -> Vec<String> {
    let mut lines: BTreeSet<(bool, String)> = BTreeSet::new();
    for project in projects {
        let Some(document) = project.passage_file(path) else { continue };
        for cites in passage::citations(project, path) {
            let Some(carries) = passage::carries(document, &cites, name) else { continue };
            lines.extend(carrier(project, &cites, carries).map(|line| (carries != Carries::Named, line)));
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

fn carrier(snapshot: &Snapshot, cites: &Cites, carries: Carries) -> Option<String> {
    let module = snapshot.syntax(&cites.place.path)?;
    let item = item_at(&module, cites.place.span.start)?;
    let span =
        cites.last.as_ref().map_or(format!("`#{}`", cites.first), |last| format!("`#{} .. #{last}`", cites.first));
    let how = match carries {
        Carries::Named if cites.last.is_none() => String::new(),
        Carries::Named => format!(" (cites {span})"),
        Carries::Part => format!(" (cites {span}, of which this is a part)"),
        Carries::Within => format!(" (cites {span}, a part of this)"),
    };
    if let DeclKind::Background(note) = &item.decl.kind {
        let reason = note.reason.as_ref().map(|reason| format!(": {}", escaped(&reason.text))).unwrap_or_default();
        return Some(format!("- Set aside{reason}{how}"));
    }
    let Some((name, _)) = declared(&item.decl.kind) else { return Some(format!("- Named in a mission{how}")) };
    let target = Target::Declaration { file: cites.place.path.clone(), name: Arc::from(name.text.as_str()) };
    let described = snapshot.describe(&target).unwrap_or_default();
    let title = if described.title.is_empty() { String::new() } else { format!(" {}", escaped(&described.title)) };
    let review = if described.review.is_empty() { String::new() } else { format!(". *{}*", described.review) };
    Some(format!("- `{}`{title}{how}{review}", name.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    const RULES: &str = "//- rules.mandate\nuse units.{Unit}\nsource order_7 {\n  title \"Order 7\"\n  issuer \"Command\"\n  force order\n  in force from 2026-01-01\n  document \"sources/order.md\"\n  link \"https://example.org/7\"\n}\nrule report_it \"Report it\" {\n  cites order_7#reporting\n  for each u: Unit\n  require u.name is known\n}\nrule both \"Both\" {\n  cites order_7#reporting .. #leave\n  for each u: Unit\n  require u.name is known\n}\nbackground order_7#leave \"granted by others\"\n";

    fn shown(files: &str) -> String {
        let fixture = Fixture::new(files);
        match document_hover(&[&fixture.snapshot], &fixture.path, fixture.offset) {
            Some(found) => format!("[{}]\n{}", fixture.words(found.span), found.markdown),
            None => String::new(),
        }
    }

    #[test]
    fn a_passage_tells_its_name_its_force_and_who_carries_it() {
        let files = format!("{MISSION}{RULES}").replace("sees a grave", "sees$0 a grave");
        assert_eq!(
            shown(&files),
            "[## Reporting {#reporting}]\n```mandate\norder_7#reporting\n```\n\n**Order 7**  \n*Command · order · in force from 2026-01-01*  \n[Official wording](<https://example.org/7>)\n\n- `both` Both (cites `#reporting .. #leave`)\n- `report_it` Report it"
        );
        let files = format!("{MISSION}{RULES}").replace("Leave is", "Le$0ave is");
        assert!(
            shown(&files).ends_with("- Set aside: granted by others\n- `both` Both (cites `#reporting .. #leave`)"),
            "{}",
            shown(&files)
        );
    }

    #[test]
    fn a_document_that_nobody_cites_says_so() {
        assert!(shown(&MISSION.replace("Leave is", "Le$0ave is")).contains("No source of the package"));
        let files = format!("{MISSION}{}", RULES.split("rule ").next().unwrap_or("")).replace("Leave is", "Le$0ave is");
        assert!(shown(&files).ends_with("*No rule cites it.*"), "{}", shown(&files));
        assert_eq!(shown(&MISSION.replace("# Order 7", "# Or$0der 7")), "");
    }
}
