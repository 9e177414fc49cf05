use super::{Named, Unnamed, name};
use crate::document::{BlockKind, Document, Front};
use crate::write;
use BlockKind::{Heading, Item, Paragraph};
use proptest::prelude::*;

fn found(blocks: &[(BlockKind, &str)]) -> Vec<Unnamed> {
    let one =
        |(kind, text): &(BlockKind, &str)| Unnamed { kind: *kind, text: (*text).to_owned(), page: None, hint: None };
    blocks.iter().map(one).collect()
}

fn names(named: &Named) -> Vec<&str> {
    named.blocks.iter().filter_map(|block| block.name.as_deref()).collect()
}

/// The file of an import, read again.
fn filed(named: &Named) -> Document {
    let front = Front { retired: named.retired.clone(), ..Front::default() };
    Document::read(&write(&front, &named.blocks))
}

#[test]
fn the_table_of_the_documentation() {
    let named = name(
        found(&[
            (Paragraph, "What stands before the first heading."),
            (Heading(1), "Camp policy"),
            (Paragraph, "One."),
            (Heading(2), "Article 4 Warning"),
            (Paragraph, "1. Everybody is told:"),
            (Item(0), "(a) by siren"),
            (Paragraph, "(b) by runner"),
            (Paragraph, "(i) at night"),
            (Paragraph, "(ii) in fog"),
            (Paragraph, "(2) Nobody is left."),
            (Item(0), "a bullet"),
            (Item(0), "another"),
            (Paragraph, "The log is kept."),
            (Heading(2), "Article 5"),
            (Heading(3), "3.2 Training"),
            (Paragraph, "3.2.1 All are trained."),
            (Paragraph, "(a) yearly"),
            (Heading(2), "Camp policy"),
            (Heading(2), "Camp policy"),
            (Paragraph, "A. Smith wrote this."),
        ]),
        None,
    );
    let expected = [
        "p1",
        "camp_policy",
        "camp_policy.p1",
        "art_4",
        "art_4.1",
        "art_4.1.a",
        "art_4.1.b",
        "art_4.1.b.i",
        "art_4.1.b.ii",
        "art_4.2",
        "art_4.i1",
        "art_4.i2",
        "art_4.p1",
        "art_5",
        "3.2",
        "3.2.1",
        "3.2.1.a",
        "camp_policy.camp_policy",
        "camp_policy.camp_policy_2",
        "camp_policy.camp_policy_2.p1",
    ];
    assert_eq!(names(&named), expected);
}

#[test]
fn letters_go_on_from_h_to_j_and_lists_begin_again_behind_a_paragraph() {
    let letters: Vec<String> = ('a'..='k').map(|c| format!("({c}) the rule of {c}")).collect();
    let mut blocks = vec![(Heading(1), "Order")];
    blocks.extend(letters.iter().map(|text| (Paragraph, text.as_str())));
    blocks.extend([(Paragraph, "Next."), (Paragraph, "(a) again")]);
    let named = name(found(&blocks), None);
    assert_eq!(names(&named)[8..], ["order.h", "order.i", "order.j", "order.k", "order.p1", "order.a_2"]);
}

#[test]
fn a_new_paragraph_gets_a_new_name_and_a_gone_one_is_never_given_again() {
    let first = name(
        found(&[(Heading(1), "Order"), (Paragraph, "Guards stand at the gate."), (Paragraph, "Lights burn at night.")]),
        None,
    );
    let second = name(
        found(&[
            (Heading(1), "Order"),
            (Paragraph, "Dogs bark along every fence."),
            (Paragraph, "Lights burn at night."),
        ]),
        Some(&filed(&first)),
    );
    assert_eq!(names(&second), ["order", "order.p1_2", "order.p2"]);
    assert_eq!(second.gone, ["order.p1"]);
    let third = name(
        found(&[(Heading(1), "Order"), (Paragraph, "Guards stand at the gate."), (Paragraph, "Lights burn at night.")]),
        Some(&filed(&second)),
    );
    assert_eq!(names(&third), ["order", "order.p1_3", "order.p2"]);
    assert_eq!(third.retired.iter().map(String::as_str).collect::<Vec<_>>(), ["order.p1", "order.p1_2"]);
}

#[test]
fn a_heading_with_other_words_over_the_same_passages_keeps_its_name() {
    let blocks = |title: &'static str, words: &'static str| {
        found(&[
            (Heading(1), "Order"),
            (Heading(2), title),
            (Paragraph, "1. Guards stand at the gate."),
            (Paragraph, words),
        ])
    };
    let first = name(blocks("Article 4 Gate", "2. Lights burn at night."), None);
    let second = name(blocks("Article 4 Watch", "2. Lights burn at night."), Some(&filed(&first)));
    assert_eq!(names(&second), ["order", "art_4", "art_4.1", "art_4.2"]);
    assert!(second.fresh.is_empty() && second.gone.is_empty());
    // Over half of the passages only, it is another one.
    let third = name(blocks("Article 4 Fence", "2. Dogs bark along it."), Some(&filed(&second)));
    assert_eq!(names(&third)[1], "order.art_4");
    assert_eq!(third.gone, ["art_4", "art_4.2"]);
}

/// Words that make different sentences for different numbers.
fn sentence(number: usize) -> String {
    const WORDS: [&str; 24] = [
        "guards", "water", "children", "convoy", "shelter", "radio", "bridge", "school", "market", "doctor", "fence",
        "lamp", "river", "patrol", "village", "bread", "engine", "window", "harvest", "letter", "blanket", "signal",
        "orchard", "quarry",
    ];
    let word =
        |step: usize| WORDS[(number * (2 * step + 1) * 7 + number / 5 + step * 11 + number * number) % WORDS.len()];
    let words: Vec<&str> = (0..12).map(word).collect();
    format!("Case {number} of the {}.", words.join(" "))
}

fn policy() -> Vec<Unnamed> {
    let mut blocks = Vec::new();
    let block = |kind, text: String| Unnamed { kind, text, page: None, hint: None };
    blocks.push(block(Heading(1), "Camp policy".to_owned()));
    for article in 1..=25 {
        blocks.push(block(Heading(2), format!("Article {article} {}", sentence(article * 31))));
        for number in 1..=4 {
            let text = sentence(article * 40 + number);
            blocks.push(match number {
                1 => block(Paragraph, format!("1. {text}")),
                2 => block(Item(1), format!("(a) {text}")),
                3 => block(Paragraph, text),
                _ => block(Item(0), text),
            });
        }
    }
    blocks
}

/// One small change: what is done, where, and something to choose by. Texts of touched blocks are noted.
fn edit(blocks: &mut Vec<Unnamed>, (what, at, by): (u8, usize, usize), touched: &mut Vec<String>) {
    let at = at % blocks.len();
    let fresh = |kind, text: String| Unnamed { kind, text, page: None, hint: None };
    match what {
        0 => blocks.insert(at, fresh(Paragraph, sentence(5_000 + by))),
        1 => touched.push(blocks.remove(at).text),
        2 => {
            let block = blocks.remove(at);
            let to = by % (blocks.len() + 1);
            blocks.insert(to, block);
        }
        3 => {
            let block = &mut blocks[at];
            touched.push(block.text.clone());
            let mut words: Vec<&str> = block.text.split(' ').collect();
            let place = 2 + by % (words.len() - 2).max(1);
            words.insert(place.min(words.len()), "promptly");
            block.text = words.join(" ");
        }
        4 => blocks.insert(at, fresh(Heading(2), format!("Chapter about {}", sentence(9_000 + by)))),
        _ => blocks.insert(at, fresh(Item(0), sentence(7_000 + by))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each case makes a few small edits one after another, with an import after each.
    #[test]
    fn small_edits_leave_the_anchors_of_everything_else_alone(
        edits in prop::collection::vec((0_u8..6, 0_usize..1000, 0_usize..1000), 1..6)
    ) {
        let mut blocks = policy();
        let first = name(blocks.clone(), None);
        let mut file = filed(&first);
        // Every wording that a name ever had.
        let mut ever: std::collections::BTreeMap<String, String> =
            first.blocks.iter().map(|b| (b.name.clone().expect("named"), b.text.clone())).collect();
        for change in edits {
            let mut touched = Vec::new();
            let before = file.clone();
            edit(&mut blocks, change, &mut touched);
            let named = name(blocks.clone(), Some(&file));
            file = filed(&named);
            let known: std::collections::BTreeMap<&str, &str> =
                named.blocks.iter().map(|b| (b.name.as_deref().expect("named"), b.text.as_str())).collect();
            prop_assert_eq!(known.len(), named.blocks.len(), "no name stands twice");
            let untouched: Vec<_> = before.blocks.iter().filter(|b| !touched.contains(&b.text)).collect();
            let same = untouched.iter().filter(|b| known.get(b.name.as_deref().expect("named")) == Some(&b.text.as_str())).count();
            prop_assert!(same * 100 >= untouched.len() * 99, "{same} of {}", untouched.len());
            for (name, text) in &known {
                prop_assert!(!named.retired.contains(*name), "{name} is retired");
                if let Some(was) = ever.get(*name) {
                    // Nothing but the one word that rewording puts in.
                    let bare = |text: &str| text.split(' ').filter(|word| *word != "promptly").collect::<Vec<_>>().join(" ");
                    prop_assert_eq!(bare(was), bare(text), "{} names another passage", name);
                }
            }
            ever.extend(known.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())));
        }
    }

    #[test]
    fn every_block_has_a_name_of_its_own_that_a_rule_can_cite(
        texts in prop::collection::vec((0_u8..6, "[(]?[a-z0-9A-Z.) ]{1,6} ?[a-zé.'\u{430}-\u{435}]{0,9}"), 1..30)
    ) {
        let blocks = texts.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(kind, text)| Unnamed {
            kind: match kind { 0 => Heading(1), 1 => Heading(2), 2 => Item(0), 3 => Item(1), _ => Paragraph },
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            page: None,
            hint: None,
        });
        let named = name(blocks.collect(), None);
        let all: std::collections::BTreeSet<&str> = names(&named).into_iter().collect();
        prop_assert_eq!(all.len(), named.blocks.len());
        prop_assert!(all.iter().all(|name| super::marks::is_anchor(name)), "{:?}", all);
        // Importing the same again changes nothing.
        let again = name(named.blocks.iter().map(|b| Unnamed { kind: b.kind, text: b.text.clone(), page: None, hint: None }).collect(), Some(&filed(&named)));
        prop_assert_eq!(names(&again), names(&named));
        prop_assert!(again.fresh.is_empty() && again.gone.is_empty());
    }
}
