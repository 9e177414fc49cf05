use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn document(blocks: &[&str]) -> Document {
    Document::read(&blocks.join("\n\n"))
}

/// The alignment in short: `new<old` with the change.
fn short(old: &[&str], new: &[&str]) -> Vec<String> {
    let place = |place: Option<usize>| place.map_or("-".to_owned(), |place| place.to_string());
    let pairs = align(&document(old), &document(new)).pairs;
    pairs.iter().map(|pair| format!("{}>{} {}", place(pair.old), place(pair.new), pair.change.name())).collect()
}

const REPORT: &str = "The commander reports every grave incident to the mission within one day.";
const GUARD: &str = "A guard stands at each school until it is handed over to the council.";
const TRAIN: &str = "Every contingent is trained before it is deployed.";

#[test]
fn passages_are_told_by_their_words() {
    assert_eq!(short(&[REPORT, GUARD, TRAIN], &[REPORT, GUARD, TRAIN]), ["0>0 same", "1>1 same", "2>2 same"]);
    assert_eq!(short(&[REPORT, GUARD, TRAIN], &[TRAIN, REPORT, GUARD]), ["2>0 moved", "0>1 same", "1>2 same"]);
    assert_eq!(
        short(&[REPORT, GUARD, TRAIN], &[&REPORT.replace("one day", "twelve hours"), "Nobody pays.", TRAIN]),
        ["0>0 reworded", "->1 added", "1>- removed", "2>2 same"]
    );
    assert_eq!(short(&[], &[REPORT]), ["->0 added"]);
    assert_eq!(short(&[REPORT], &[]), ["0>- removed"]);
}

#[test]
fn a_number_in_front_is_no_other_passage() {
    let old = ["## Article 4 Warning", "1. Everybody is told.", "2. The log is kept.", "## Article 5 Care"];
    let new = [
        "## Article 4 Warning",
        "1. A siren is tested.",
        "2. Everybody is told.",
        "3. The log is kept.",
        "## Article 6 Care",
    ];
    assert_eq!(short(&old, &new), ["0>0 same", "->1 added", "1>2 reworded", "2>3 reworded", "3>4 reworded"]);
    // A bare number says nothing: these are other articles, however alike their headings look.
    assert_eq!(short(&["# Article 4"], &["# Article 5"]), ["->0 added", "0>- removed"]);
}

#[test]
fn repeated_words_are_told_apart_by_their_headings_then_their_order() {
    let old = ["# A", "None.", "# B", "None.", "None."];
    assert_eq!(short(&old, &old), ["0>0 same", "1>1 same", "2>2 same", "3>3 same", "4>4 same"]);
    let new = ["# B", "None.", "None.", "# A", "None."];
    assert_eq!(short(&old, &new), ["2>0 same", "3>1 same", "4>2 same", "0>3 moved", "1>4 moved"]);
    let new = ["# A", "None.", "# C", "None.", "# B", "None.", "None."];
    assert_eq!(
        short(&old, &new),
        ["0>0 same", "1>1 same", "->2 added", "->3 added", "2>4 same", "3>5 same", "4>6 same"]
    );
    assert_eq!(short(&["x y", "x y", "x y"], &["x y", "x y"]).iter().filter(|pair| pair.ends_with("same")).count(), 2);
    // Names decide where words do not, and never against words.
    let (old, new) = (document(&["x {#a}", "x {#b}"]), document(&["x {#b}"]));
    assert_eq!(align(&old, &new).of_new(0).and_then(|pair| pair.old), Some(1));
    let (old, new) = (document(&["x {#a}", "y {#b}"]), document(&["x {#b}", "y {#a}"]));
    assert_eq!(align(&old, &new).counts(), Counts { same: 2, ..Counts::default() });
}

#[test]
fn of_two_much_alike_the_place_decides() {
    let unit = |unit: &str| format!("{unit} reports each incident to the operations centre within one day.");
    let (north, south) = (unit("North"), unit("South"));
    let (new_north, new_south) = (north.replace("one day", "an hour"), south.replace("one day", "an hour"));
    assert_eq!(
        short(&["# North", &north, "# South", &south], &["# North", &new_north, "# South", &new_south]),
        ["0>0 same", "1>1 reworded", "2>2 same", "3>3 reworded"]
    );
    assert_eq!(
        short(
            &["# North", "Reports come within one day.", "# South", "Reports come within one day."],
            &["# South", "Reports come within two days.", "# North", "Reports come within two days."]
        ),
        ["2>0 same", "3>1 reworded", "0>2 moved", "1>3 reworded"]
    );
}

fn blocks() -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(vec!["a", "b", "c", "d", "report", "1.", "(a)", "guard"]);
    let block = (prop::bool::weighted(0.2), prop::collection::vec(word, 1..6))
        .prop_map(|(heading, words)| format!("{}{}", if heading { "# " } else { "" }, words.join(" ")));
    prop::collection::vec(block, 0..9)
}

fn read(blocks: &[String]) -> Document {
    Document::read(&blocks.join("\n\n"))
}

/// Length of the longest rising part, by trying every one.
fn rising(places: &[usize], above: Option<usize>) -> usize {
    let Some((first, rest)) = places.split_first() else { return 0 };
    let without = rising(rest, above);
    if above.is_some_and(|above| *first < above) { without } else { without.max(1 + rising(rest, Some(*first))) }
}

/// The rewordings found by comparing all pairs of blocks that are alone, the best of all first.
fn all_pairs(words: &Words, pairing: &mut Pairing<'_>) {
    let expected = rewording::expected(pairing);
    let alone = |paired: &[Option<usize>]| (0..paired.len()).filter(|at| paired[*at].is_none()).collect::<Vec<_>>();
    let (firsts, seconds) = (alone(&pairing.first), alone(&pairing.second));
    let pairs = firsts.iter().flat_map(|first| seconds.iter().map(|second| (*first, *second)));
    let likely = |(first, second)| {
        rewording::candidate(words, pairing, &expected, words.similarity(first, second), first, second)
    };
    let mut left: Vec<_> = pairs.filter_map(likely).collect();
    while let Some(best) = left.iter().copied().min_by_key(|c| (1000 - i32::from(c.score), c.far, c.first, c.second)) {
        pairing.pair(best.first, best.second);
        left.retain(|c| c.first != best.first && c.second != best.second);
    }
}

proptest! {
    #[test]
    fn every_block_stands_in_one_pair(old in blocks(), new in blocks()) {
        let (old, new) = (read(&old), read(&new));
        let found = align(&old, &new);
        let olds: BTreeSet<usize> = found.pairs.iter().filter_map(|pair| pair.old).collect();
        let news: Vec<usize> = found.pairs.iter().filter_map(|pair| pair.new).collect();
        prop_assert_eq!(olds.len(), old.blocks.len());
        prop_assert_eq!(found.pairs.iter().filter(|pair| pair.old.is_some()).count(), old.blocks.len());
        prop_assert_eq!(news, (0..new.blocks.len()).collect::<Vec<_>>());
        for pair in &found.pairs {
            let words = |document: &Document, place: Option<usize>| place.map(|place| crate::comparable(&document.blocks[place].text));
            let equal = words(&old, pair.old) == words(&new, pair.new);
            match pair.change {
                Change::Same | Change::Moved => prop_assert!(equal),
                Change::Reworded { similarity, .. } => prop_assert!(!equal && (rewording::LEAST..1000).contains(&similarity)),
                Change::Added => prop_assert!(pair.old.is_none()),
                Change::Removed => prop_assert!(pair.new.is_none()),
            }
            if let Some(place) = pair.old { prop_assert_eq!(found.of_old(place), Some(pair)); }
            if let Some(place) = pair.new { prop_assert_eq!(found.of_new(place), Some(pair)); }
        }
        // What stays the same is the longest part in order of all with the same words, of which as many are paired as there can be.
        let kept: Vec<usize> = found.pairs.iter().filter(|p| p.change == Change::Same).filter_map(|p| p.old).collect();
        prop_assert!(kept.is_sorted());
        let alike: Vec<usize> = found.pairs.iter().filter(|p| matches!(p.change, Change::Same | Change::Moved)).filter_map(|p| p.old).collect();
        prop_assert_eq!(kept.len(), rising(&alike, None));
        let texts: BTreeSet<String> = old.blocks.iter().map(|b| b.text.clone()).collect();
        let times = |document: &Document, text: &str| document.blocks.iter().filter(|b| b.text == text).count();
        let most: usize = texts.iter().map(|text| times(&old, text).min(times(&new, text))).sum();
        prop_assert_eq!(alike.len(), most);
    }

    #[test]
    fn turned_round_it_is_the_same_alignment(old in blocks(), new in blocks()) {
        let (old, new) = (read(&old), read(&new));
        let (there, back) = (align(&old, &new), align(&new, &old));
        let pairs = |pairs: &[Pair], turned: bool| -> BTreeSet<(Option<usize>, Option<usize>, String)> {
            let sides = |pair: &Pair| if turned { (pair.new, pair.old) } else { (pair.old, pair.new) };
            pairs.iter().filter(|p| p.old.is_some() && p.new.is_some()).map(|p| (sides(p).0, sides(p).1, format!("{:?}", p.change))).collect()
        };
        prop_assert_eq!(pairs(&there.pairs, false), pairs(&back.pairs, true));
        prop_assert_eq!(there.counts().added, back.counts().removed);
    }

    #[test]
    fn a_document_is_the_same_as_itself(blocks in blocks()) {
        let document = read(&blocks);
        let found = align(&document, &document);
        prop_assert!(found.pairs.iter().all(|pair| pair.change == Change::Same && pair.old == pair.new));
    }

    #[test]
    fn the_search_for_likely_partners_misses_none(old in blocks(), new in blocks()) {
        let (old, new) = (read(&old), read(&new));
        let words = Words::of(&old, &new);
        let mut fast = Pairing::new(&old, &new);
        pairing::pair_equal(&words, &mut fast);
        let mut slow = Pairing::new(&old, &new);
        pairing::pair_equal(&words, &mut slow);
        rewording::pair_similar(&words, &mut fast);
        all_pairs(&words, &mut slow);
        prop_assert_eq!(fast.pairs(), slow.pairs());
    }

    #[test]
    fn inserting_removing_and_changing_one_passage_leaves_the_others(at in 0usize..20, what in 0u8..3) {
        let all: Vec<String> = (0..20).map(|n| format!("Passage {n} is about subject{n} and nothing else.")).collect();
        let mut new = all.clone();
        match what {
            0 => new.insert(at, "Something wholly unheard.".to_owned()),
            1 => drop(new.remove(at)),
            _ => new[at] = new[at].replace("nothing", "little"),
        }
        let counts = align(&read(&all), &read(&new)).counts();
        let expected = match what {
            0 => Counts { same: 20, added: 1, ..Counts::default() },
            1 => Counts { same: 19, removed: 1, ..Counts::default() },
            _ => Counts { same: 19, reworded: 1, ..Counts::default() },
        };
        prop_assert_eq!(counts, expected);
    }
}
