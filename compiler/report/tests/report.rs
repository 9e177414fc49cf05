//! The report as a reader sees it, in `tests/snapshots`; `MANDATE_BLESS=1 cargo test` writes it anew.

#[path = "../../assess/tests/shapes/mod.rs"]
mod shapes;
use mandate_assess::{Assessment, Facts, FactsFile, Options, TallyTable, assess};
use mandate_pack::*;
use mandate_report::tally::Threshold;
use mandate_report::{By, Format, Report};
use shapes::*;
use std::path::Path;

fn source(pack: &mut Pack, name: &str, title: &str, force: Force, text: &str) {
    let mut source = pack.sources["from_day_1"].clone();
    source.title = title.into();
    source.force = force;
    source.in_force_from = None;
    source.not_waivable = Vec::new();
    source.passages = [("1".to_owned(), Passage { text: text.into(), line: 3, page: None })].into();
    pack.sources.insert(name.into(), source);
}

/// A rule with its title and the one passage it cites.
fn titled(title: &str, source: &str, force: Force, sentence: &str, mut rule: Rule) -> Rule {
    rule.title = title.into();
    rule.cites = vec![cite(source, "1")];
    rule.force = Some(force);
    rule.norm.text = sentence.into();
    rule
}

/// A treaty, an order, a policy; a breach of each, and every other outcome.
fn judged(explain_all: bool) -> (Assessment, Pack) {
    let refuted = eq(path("Incident", "i.verification"), variant("Verification", "refuted"));
    let mut reporting = report_in_24_hours();
    reporting.unless.push(cond("i.verification == refuted", refuted));
    reporting.otherwise = vec![Norm {
        text: "unit_commander must report_late(i) within 48 hours".into(),
        ..norm("unit_commander", Modal::Must, "report_late", i(), Some(Window::Within(hours(48))))
    }];
    let by_day = report(Some(Window::By(path("Incident", "i.due_on"))));
    let by_day = Rule { when: vec![cond("i.due_on is known", known(path("Incident", "i.due_on")))], ..by_day };
    let mut ban = rule("s", "Site", norm("commander", Modal::MustNot, "use", s(), None));
    ban.waivable = Some(Waivable {
        waiver: "necessity".into(),
        args: vec![s()],
        floor: None,
        exceptional_floor: None,
        longest: None,
    });
    let clear = Rule {
        when: vec![cond("i.invited", eq(path("Incident", "i.invited"), yes()))],
        ..require("Incident", "i", eq(path("Incident", "i.clear"), yes()))
    };
    let mut advised = clear;
    advised.norm.modal = Modal::Should;
    let mut manual = advised.clone();
    manual.when = vec![cond("i.clear is known", known(path("Incident", "i.clear")))];
    let Act::Ensure(conditions) = &mut advised.norm.act else { panic!("a constraint") };
    conditions[0].text = "i.clear".into();

    let mut pack = pack(vec![
        (
            "report",
            titled(
                "Commanders report every incident",
                "policy",
                Force::Commitment,
                "unit_commander must report(i) within 24 hours after i.observed_at",
                reporting,
            ),
        ),
        (
            "report_by_day",
            titled(
                "Commanders report by the day set",
                "order",
                Force::Order,
                "unit_commander must report(i) by i.due_on",
                by_day,
            ),
        ),
        (
            "advised",
            titled("Incidents are looked into", "manual", Force::Guidance, "everyone should ensure i.clear", manual),
        ),
        (
            "visits",
            titled(
                "Sites may be visited",
                "treaty",
                Force::Law,
                "everyone may use(s)",
                rule("s", "Site", norm("commander", Modal::May, "use", s(), None)),
            ),
        ),
        ("no_use", titled("Sites are not used", "treaty", Force::Law, "commander must not use(s)", ban)),
        (
            "clear",
            titled("Incidents are cleared up", "guidance", Force::Guidance, "everyone should ensure i.clear", advised),
        ),
    ]);
    source(&mut pack, "manual", "Field Manual", Force::Guidance, "Clear up what can be cleared up.");
    source(&mut pack, "policy", "Policy on Incidents", Force::Commitment, "Reporting\nCommanders report in good time.");
    source(&mut pack, "order", "Standing Order 7", Force::Order, "Reports are in by the day set.");
    source(&mut pack, "treaty", "Convention on Sites", Force::Law, "Sites are not used.");
    source(&mut pack, "guidance", "Handbook", Force::Guidance, "Incidents should be cleared up.");
    pack.endorsements.push(Endorsement {
        source: "guidance".into(),
        party: None,
        from: Some("2024-01-01".into()),
        by: Some("Order 3".into()),
    });
    pack.seal();

    let yaml = facts(
        "Incident late observed_at=@8 verification=alleged; Report R1 incident=late sent_at=@38; \
         Incident never observed_at=@20 verification=alleged due_on=day2; \
         Incident open observed_at=@70 verification=alleged; \
         Incident refuted observed_at=@8 verification=refuted; \
         Incident next_day observed_at=@8 verification=refuted due_on=day1; Report R2 incident=next_day sent_at=day2; \
         Incident unseen1 verification=alleged; Incident unseen2 verification=alleged; \
         Incident unseen3 verification=alleged; \
         Incident ignored observed_at=@70 verification=alleged invited=true clear=false; \
         Incident unsure observed_at=@70 verification=alleged invited=true; \
         Incident mended observed_at=@9 verification=alleged; Report R3 incident=mended sent_at=@40 reason=radio; \
         Site used; Use U1 site=used at=@10; \
         Site waived; Use U2 site=waived at=@10; Waiver W1 site=waived rule=no_use; \
         Site spared",
    );
    let (facts, faults) = Facts::load(&pack, &[FactsFile { name: "facts.yaml".into(), bytes: yaml.into_bytes() }]);
    assert!(faults.is_empty(), "{faults:#?}");
    let now = clock(84).parse().expect("time");
    let found = assess(&pack, &facts, &Options { as_of: Some(now), explain_all, ..Options::at(now) }).expect("sound");
    (found, pack)
}

fn written(explain: bool, by: By, format: Format) -> String {
    let (found, pack) = judged(explain);
    let options = mandate_report::Options { explain, all: explain, by, ..Default::default() };
    Report::new(&found, &pack, options).to_text(format)
}

fn snapshot(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("MANDATE_BLESS").is_some() {
        std::fs::write(&path, found).expect("the snapshot is written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} differs from {}", path.display());
}

#[test]
fn the_report_for_people() {
    snapshot("report.txt", &written(false, By::Rule, Format::Text));
    snapshot("report-explained.txt", &written(true, By::Rule, Format::Text));
    snapshot("report-by-record.txt", &written(false, By::Record, Format::Text));
    snapshot("report.md", &written(false, By::Rule, Format::Markdown));
}

#[test]
fn the_report_for_programs() {
    snapshot("report.json", &written(false, By::Rule, Format::Json));
    snapshot("report.sarif", &written(false, By::Rule, Format::Sarif));
    snapshot("report-junit.xml", &written(false, By::Rule, Format::Junit));
    snapshot("report.csv", &written(false, By::Rule, Format::Csv));
}

#[test]
fn a_commitment_is_never_said_to_be_law() {
    let (found, _) = judged(false);
    let text = written(false, By::Rule, Format::Text);
    assert!(text.contains("violated (commitment, not law)") && text.contains("violated (law)"), "{text}");
    assert!(text.contains("Policy on Incidents (commitment), 1"), "{text}");
    for finding in &found.findings {
        assert!(finding.citations.iter().all(|cited| cited.force == finding.force), "{finding:?}");
    }
}

/// Counts by nation of which one is small.
fn tallied() -> (Assessment, Pack) {
    let (mut found, pack) = judged(false);
    let mut table = TallyTable { rule: "report".into(), by: "i.unit.nation".into(), ..TallyTable::default() };
    for (nation, word, n) in
        [("DEU", "satisfied", 20), ("DEU", "violated", 16), ("FRA", "satisfied", 31), ("FRA", "violated", 3)]
    {
        (0..n).for_each(|_| table.add(vec![Some(nation.to_owned())], word));
    }
    (0..7).for_each(|_| table.add(vec![None], "satisfied"));
    found.tallies.push(table);
    (found, pack)
}

#[test]
fn small_counts_are_hidden_in_every_format_that_has_counts() {
    let (found, pack) = tallied();
    let written = |format, below| {
        let suppress_below = Threshold::new(below).expect("a threshold");
        let options = mandate_report::Options { suppress_below, ..Default::default() };
        Report::new(&found, &pack, options).to_text(format)
    };
    for (format, small) in [
        (Format::Text, "<5"),
        (Format::Json, "\"<5\""),
        (Format::Sarif, "\"<5\""),
        (Format::Junit, "&lt;5"),
        (Format::Markdown, "\\<5"),
    ] {
        let text = written(format, 5);
        assert!(text.contains(small) && text.contains("withheld"), "{format:?}: {text}");
        assert!(text.contains("1 count below 5 is hidden"), "{format:?}: {text}");
        // Neither what is hidden nor what would tell it: 16, 20 and 31 stand nowhere else.
        let open = written(format, 0);
        assert!(open.contains("31") && !text.contains("satisfied: 31") && open != text, "{format:?}");
    }
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json, 5)).expect("JSON");
    let groups = json["tallies"][0]["groups"].as_array().expect("groups");
    let counts: Vec<&serde_json::Value> = groups.iter().map(|group| &group["counts"]).collect();
    let expected =
        [serde_json::json!(["withheld", "withheld"]), serde_json::json!(["withheld", "<5"]), serde_json::json!([7, 0])];
    assert_eq!(counts, expected.iter().collect::<Vec<_>>());
    assert!(!written(Format::Csv, 5).contains("DEU"));
}
