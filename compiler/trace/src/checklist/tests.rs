use super::*;
use crate::write::Format;
use mandate_pack::{Carried, Carrier, Citation, Origin, Pack};

const LIST: &str = "id,area,kind,strength,source\nC-1,Camp,obligation,must,\"Camp policy, art. 2\"\nC-2,Camp,definition,fact,Camp policy\nC-3,Camp,obligation,must,Camp policy\nS-1,Sea,history,fact,Log\nS-2,Sea,constraint,must,Log\n";

fn carried(id: &str, part: Option<&str>, by: Carrier) -> Carried {
    Carried {
        id: id.to_owned(),
        part: part.map(str::to_owned),
        by,
        reason: format!("the reason of {id}"),
        origin: Origin { file: "camp:camp.mandate".to_owned(), line: 7 },
    }
}

fn record(name: &str) -> Carrier {
    Carrier::Declaration { kind: "record".to_owned(), name: name.to_owned() }
}

/// The package `camp`, whose rules and others carry statements.
fn camp() -> Pack {
    let mut pack = crate::fixture::pack("camp");
    let rule = pack.rules.get_mut("camp.warn_in_time").expect("a rule");
    rule.carries = vec!["C-1 (when)".to_owned(), "S-2".to_owned(), "S-2".to_owned()];
    pack.rules.get_mut("camp.threats_have_names").expect("a constraint").carries = vec!["C-1 (what)".to_owned()];
    let passage = Citation {
        source: "camp.camp_policy".to_owned(),
        passage: Some("art_1".to_owned()),
        to: None,
        quotation: None,
    };
    pack.carried = vec![
        carried("C-2", None, record("camp.Threat")),
        carried("C-2", None, record("camp.Warden")),
        carried("S-1", None, Carrier::Background { citation: passage }),
        carried("X-9", None, record("camp.Threat")),
    ];
    pack
}

fn written(format: Format) -> String {
    let found = cover(&[camp()], &Checklist::read(LIST).expect("a list"));
    let mut bytes = Vec::new();
    write_coverage(&found, format, false, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn every_statement_is_told_once_with_what_carries_it() {
    let found = cover(&[camp()], &Checklist::read(LIST).expect("a list"));
    let told: Vec<String> = found
        .statements
        .iter()
        .map(|one| {
            let by = one.carriers.iter().map(|by| {
                format!(
                    " [{:?} {} {} {:?} {:?} {}]",
                    by.part,
                    by.kind,
                    by.name,
                    by.strength,
                    by.force,
                    by.cites.join(",")
                )
            });
            format!("{}{}", one.statement.id, by.collect::<String>())
        })
        .collect();
    assert_eq!(
        told,
        [
            "C-1 [Some(\"what\") constraint camp.threats_have_names None None ] [Some(\"when\") rule camp.warn_in_time Some(\"must\") Some(Order) camp.camp_policy#art_2.1]",
            "C-2 [None record camp.Threat None None ] [None record camp.Warden None None ]",
            "C-3",
            "S-1 [None background camp.camp_policy#art_1 None None ]",
            "S-2 [None rule camp.warn_in_time Some(\"must\") Some(Order) camp.camp_policy#art_2.1]",
        ]
    );
    let problems: Vec<String> = found.problems.iter().map(Problem::said).collect();
    assert_eq!(
        problems,
        [
            "C-3 is not carried",
            "X-9 is carried by camp.Threat, and the list has no such statement",
            "C-2 is carried twice: by camp.Threat and camp.Warden",
        ]
    );
}

#[test]
fn packages_that_are_used_count_and_answer_to_their_own_lists() {
    let mut mission = camp();
    mission.name = "mission".to_owned();
    let list = Checklist::read(LIST).expect("a list");
    let alone = cover(&[mission.clone()], &list);
    assert!(alone.problems.iter().all(|problem| problem.kind != ProblemKind::NotInTheList), "{:?}", alone.problems);
    assert_eq!(alone.statements[3].carriers.len(), 1);
    // What both packs hold is one carrier.
    let both = cover(&[camp(), mission], &list);
    assert_eq!(both.packages, ["camp", "mission"]);
    assert_eq!(both.problems, cover(&[camp()], &list).problems);
}

#[test]
fn each_format_says_the_same() {
    let text = written(Format::Text);
    assert!(
        text.starts_with("5 statements: 4 carried, 1 not, in camp\n\nCamp  3 statements: 2 carried, 1 not\n"),
        "{text}"
    );
    let rule = "    (when) rule camp.warn_in_time  camp:camp.mandate:";
    assert!(text.contains(rule) && text.contains("      must, order; cites camp_policy#art_2.1\n"), "{text}");
    assert!(text.contains("\nCarried twice (1)\n  C-2 is carried twice"), "{text}");
    let markdown = written(Format::Markdown);
    let row = "| S-1 | history | fact | Log | background camp\\_policy\\#art\\_1: the reason of S-1 |\n";
    assert!(
        markdown.contains(row) && markdown.contains("| C-3 | obligation | must | Camp policy | **not carried** |"),
        "{markdown}"
    );
    assert!(!markdown.contains("camp.mandate"), "{markdown}");
    let csv = written(Format::Csv);
    assert_eq!(csv.lines().count(), 9, "{csv}");
    assert!(
        csv.contains(
            "C-1,Camp,obligation,must,\"Camp policy, art. 2\",carried,when,rule,camp.warn_in_time,must,order,"
        ),
        "{csv}"
    );
    assert!(csv.contains("X-9,,,,,not in the list,,,camp.Threat,"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json)).expect("JSON");
    assert_eq!((&json["version"], &json["statements"][0]["carriers"][1]["force"]), (&1.into(), &"order".into()));
    assert_eq!(json["problems"][0]["kind"], "not_carried");
}

#[test]
fn a_list_that_is_none_is_refused_with_its_line() {
    let refused = |text: &str| Checklist::read(text).expect_err("refused").to_string();
    assert_eq!(
        refused("id,area,kind,strength\nA-1,x,y,z\n"),
        "line 1: the header has no column `source`; it names id, area, kind, strength, source"
    );
    let header = "source,id,area,kind,strength,note";
    assert_eq!(refused(&format!("{header}\nLog,A-1,x,y,z\n")), "line 2: this row has 5 cells, and the header 6");
    assert_eq!(refused(&format!("{header}\nLog,,x,y,z,\n")), "line 2: this statement has no identifier");
    let twice = refused(&format!("{header}\nLog,A-1,x,y,z,\n\nLog, A-1 ,x,y,z,\n"));
    assert_eq!(twice, "line 4: the identifier `A-1` stands in line 2 already");
    let read = Checklist::read(&format!("\u{FEFF}{header}\r\nLog,A-1,x,y,z,\r\n")).expect("a list");
    assert_eq!((read.statements[0].id.as_str(), read.statements[0].source.as_str()), ("A-1", "Log"));
}
