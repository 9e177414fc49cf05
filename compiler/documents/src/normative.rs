//! Whether a passage sounds like a norm: whether it says that somebody must, should, will or may not do something.
//!
//! This is a hint for people who look for passages that no rule carries yet. It knows English, hears words and not meaning, and leans
//! towards saying yes: a passage shown for nothing costs a look, one passed over costs a duty.

use crate::comparable::comparable;
use crate::document::{BlockKind, Document};

/// The words that make a block sound normative, as they stand, each once, with commas between. `None` for headings, and where there are none.
///
/// A list item that begins with a verb is a command where the words before the list are a norm (`Commanders shall:`, `report it`).
pub fn normative(document: &Document, block: usize) -> Option<String> {
    let own = document.blocks.get(block)?;
    match own.kind {
        BlockKind::Heading(_) => None,
        BlockKind::Paragraph => normative_words(&own.text),
        BlockKind::Item(_) => normative_words(&own.text).or_else(|| {
            let verb = command(&own.text)?;
            let lead = normative_words(&document.blocks.get(lead_in(document, block)?)?.text)?;
            Some(format!("{lead}: {verb}"))
        }),
    }
}

/// The words that make a text sound normative, as they stand, each once, with commas between.
pub fn normative_words(text: &str) -> Option<String> {
    let text = comparable(text);
    let words = words(&text);
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let length = norm_at(&words, at).unwrap_or(0);
        if length > 0 {
            let said = words[at..at + length].iter().map(|word| word.bare.as_str()).collect::<Vec<_>>().join(" ");
            if !found.contains(&said) {
                found.push(said);
            }
        }
        at += length.max(1);
    }
    (!found.is_empty()).then(|| found.join(", "))
}

/// A word of a passage.
struct Word {
    /// In small letters, without punctuation around it.
    bare: String,
    /// The first of a sentence or of a part behind a colon or semicolon.
    first: bool,
    /// Stands alone between quotation marks: spoken of, not said.
    mentioned: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut first = true;
    let all = text.split(' ').filter_map(|raw| {
        let bare = raw.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if bare.is_empty() {
            return None;
        }
        let marked = |c: char| matches!(c, '"' | '\'');
        let inner = raw.trim_end_matches([',', '.', ';', ':', ')']);
        let word =
            Word { bare, first, mentioned: raw.trim_start_matches('(').starts_with(marked) && inner.ends_with(marked) };
        // Behind a number in front the sentence has not begun.
        first = raw.ends_with(['.', ':', ';', '!', '?']) || first && is_mark(raw);
        Some(word)
    });
    all.collect()
}

/// `(a)`, `2.`, `iv)`
fn is_mark(raw: &str) -> bool {
    raw.len() <= 5 && raw.ends_with([')', '.']) && !raw.contains(',')
}

/// Verbs of promise and duty that take `to`.
const BEFORE_TO: [&str; 21] = [
    "committed",
    "commits",
    "commit",
    "aims",
    "seeks",
    "strives",
    "strive",
    "endeavours",
    "endeavors",
    "endeavour",
    "endeavor",
    "obliged",
    "obligated",
    "required",
    "undertakes",
    "undertake",
    "pledges",
    "pledge",
    "expected",
    "bound",
    "instructed",
];

/// What is aimed at by a text that speaks of itself: `the purpose of this paper is to ...`.
const PURPOSES: [&str; 7] = ["purpose", "aim", "goal", "objective", "intention", "point", "task"];

/// How many words make a norm at a place; `None` for none.
fn norm_at(words: &[Word], at: usize) -> Option<usize> {
    let word = words.get(at)?;
    if word.mentioned {
        return None;
    }
    let after = |n: usize| words.get(at + n).map_or("", |word| word.bare.as_str());
    // The words of the same sentence before this one.
    let start = words[..=at].iter().rposition(|word| word.first).unwrap_or(0);
    let before = &words[start..at];
    let last = before.last().map_or("", |word| word.bare.as_str());
    let negated = usize::from(matches!(after(1), "not" | "never" | "only" | "always"));
    match word.bare.as_str() {
        "shall" => Some(1 + negated),
        "must" if last != "a" && !past(after(1), after(2)) => Some(1 + negated),
        "should" if !word.first && !past(after(1), after(2)) => Some(1 + negated),
        "may" if after(1) == "only" => Some(2),
        "may" if after(1) == "not" && !possibility(after(2)) => Some(2),
        "may"
            if matches!(last, "nobody" | "one")
                && before.iter().any(|w| matches!(w.bare.as_str(), "no" | "nobody")) =>
        {
            Some(1)
        }
        "will" if promise(last, after(1)) => Some(1 + negated),
        "is" | "are" => be_at(words, at, before),
        "has" | "have" if after(1) == "to" && last != "to" => Some(2),
        "has" | "have"
            if matches!(after(1), "a" | "the" | "an")
                && matches!(after(2), "duty" | "obligation" | "responsibility")
                && after(3) == "to" =>
        {
            Some(4)
        }
        "needs" | "ought" if after(1) == "to" => Some(2),
        "aim" | "seek" if after(1) == "to" && !matches!(last, "the" | "an" | "this" | "its" | "to" | "our") => Some(2),
        "commits" | "commit" if matches!(after(1), "itself" | "themselves" | "ourselves") && after(2) == "to" => {
            Some(3)
        }
        "duty" if after(1) == "of" && before.iter().any(|w| w.bare == "is") => Some(2),
        "ensure" | "ensures" if !matches!(last, "to" | "can" | "could" | "would" | "help" | "helps" | "might") => {
            (after(1) == "that").then_some(2)
        }
        "refrain" | "refrains" if after(1) == "from" => Some(2),
        "prohibited" | "forbidden" | "prohibits" | "forbids" | "impermissible" => Some(1),
        "under" if after(1) == "no" && matches!(after(2), "circumstances" | "circumstance") => Some(3),
        "never" | "do" if word.first && (word.bare == "never" || after(1) == "not") => {
            Some(if word.bare == "do" { 2 } else { 1 })
        }
        known if BEFORE_TO.contains(&known) && after(1) == "to" && last != "to" => Some(2),
        _ => None,
    }
}

/// `is to report`, `are not to be used`, `is not permitted`, `is committed to`.
fn be_at(words: &[Word], at: usize, before: &[Word]) -> Option<usize> {
    let after = |n: usize| words.get(at + n).map_or("", |word| word.bare.as_str());
    let not = usize::from(after(1) == "not");
    if matches!(after(1 + not), "permitted" | "allowed") {
        // What is permitted is no duty; what is only permitted if is.
        let only = matches!(after(2 + not), "only");
        return (not == 1 || only).then_some(2 + not + usize::from(only));
    }
    if after(1 + not) == "to" {
        let of_itself = before.iter().any(|w| PURPOSES.contains(&w.bare.as_str()) || w.bare == "it");
        let told = matches!(before.last().map_or("", |w| w.bare.as_str()), "what" | "how" | "this" | "that" | "there");
        return (!of_itself && !told).then_some(2 + not);
    }
    let adverb = usize::from(after(1).ends_with("ly") && after(1) != "only");
    let (verb, to) = (after(1 + adverb), after(2 + adverb));
    (BEFORE_TO.contains(&verb) && to == "to").then_some(3 + adverb)
}

/// `must have been`, `should have happened`: what is supposed to have been, not what is to be.
fn past(next: &str, second: &str) -> bool {
    const GONE: [&str; 10] =
        ["been", "happened", "occurred", "known", "taken", "come", "gone", "seen", "left", "arisen"];
    next == "have" && GONE.contains(&second)
}

/// `may not have`, `may not be aware`: what is possible, not what is forbidden.
fn possibility(next: &str) -> bool {
    const POSSIBLE: [&str; 14] = [
        "have",
        "always",
        "necessarily",
        "yet",
        "even",
        "know",
        "reflect",
        "apply",
        "suffice",
        "exist",
        "seem",
        "appear",
        "want",
        "need",
    ];
    POSSIBLE.contains(&next)
}

/// Whether `will` promises: no noun (`political will`), no forecast (`will probably`).
fn promise(last: &str, next: &str) -> bool {
    const OF_SOMEBODY: [&str; 13] =
        ["the", "a", "political", "good", "free", "at", "of", "their", "own", "his", "her", "its", "last"];
    const FORECAST: [&str; 12] = [
        "have",
        "likely",
        "probably",
        "often",
        "usually",
        "perhaps",
        "inevitably",
        "sometimes",
        "typically",
        "generally",
        "depend",
        "vary",
    ];
    !OF_SOMEBODY.contains(&last)
        && !FORECAST.contains(&next)
        && !next.is_empty()
        && !matches!(next, "to" | "of" | "and")
}

/// The block before a list, or the item above an inner list, that ends with a colon or dash.
fn lead_in(document: &Document, item: usize) -> Option<usize> {
    let depth = |at: usize| match document.blocks[at].kind {
        BlockKind::Item(depth) => Some(depth),
        BlockKind::Heading(_) | BlockKind::Paragraph => None,
    };
    let own = depth(item)?;
    let lead = (0..item).rev().find(|at| depth(*at).is_none_or(|outer| outer < own))?;
    let leads = document.blocks[lead].text.trim_end().ends_with([':', '-', '\u{2013}', '\u{2014}']);
    (leads && !matches!(document.blocks[lead].kind, BlockKind::Heading(_))).then_some(lead)
}

/// Verbs with which commands begin.
const COMMANDS: &str = "abide accept account act address adopt advise allow alert appoint apply approve arrange ask assess assign assist \
    attend avoid brief bring build carry check coordinate collect comply conduct confirm consider consult contact contribute cooperate \
    create deliver demand deny deploy describe designate destroy develop direct disclose discuss document draw enable encourage enforce \
    engage ensure enter establish evaluate examine exclude facilitate follow give grant guarantee guard halt hand help hold identify \
    implement include incorporate inform inspect instruct integrate investigate invite issue keep lead leave limit list log maintain make \
    mark meet minimise minimize mitigate monitor name notify observe obtain offer open organise organize pass pay perform place plan post \
    prepare preserve prevent promote propose protect provide publish put raise read record refer refrain refuse register release remove \
    repair report request require respect respond restrict retain return review search secure seek send separate set share show sign stop \
    submit supervise support survey take teach tell test track train treat uphold use verify visit wait warn withdraw work write";

/// The verb with which an item commands, if it does.
fn command(text: &str) -> Option<String> {
    let text = comparable(text);
    let words = words(&text);
    let first = words.iter().find(|word| !is_number(&word.bare))?;
    let negated = matches!(first.bare.as_str(), "not" | "never");
    (negated || COMMANDS.split_whitespace().any(|verb| verb == first.bare)).then(|| first.bare.clone())
}

/// What is left of `(a)`, `2.`, `iv)`.
fn is_number(bare: &str) -> bool {
    bare.len() == 1 || bare.chars().all(|c| c.is_ascii_digit()) || bare.chars().all(|c| "ivx".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_like_a_norm() {
        let table = [
            ("The duty officer shall keep the log.", "shall"),
            ("Units must not park beside the clinic; they must also mark it.", "must not, must"),
            ("Goods may not be stored in a school.", "may not"),
            ("Patrols should greet the elders.", "should"),
            ("The warden is to sound the siren.", "is to"),
            ("Photographs are not to be shown.", "are not to"),
            ("The alliance is committed to the care of the displaced.", "is committed to"),
            ("The mission aims to reach every village by spring.", "aims to"),
            ("We aim to reach every village.", "aim to"),
            ("Contractors are obliged to report losses.", "are obliged to"),
            ("Each sector is legally required to test its sirens.", "is legally required to"),
            ("The host undertakes to keep the road open.", "undertakes to"),
            ("The centre will publish the figures every month.", "will"),
            ("Ransom is prohibited.", "prohibited"),
            ("Visits are not permitted at night.", "are not permitted"),
            ("Entry is permitted only with an escort.", "is permitted only"),
            ("No one may enter the store alone.", "may"),
            ("Nobody may enter the store alone.", "may"),
            ("Force may only be used as a last resort.", "may only"),
            ("2. Ensure that everybody has heard the warning.", "ensure that"),
            ("The head of mission ensures that advice is sought.", "ensures that"),
            ("Under no circumstances are children questioned alone.", "under no circumstances"),
            ("The sector has to be told.", "has to"),
            ("Commanders have a duty to warn.", "have a duty to"),
            ("Never leave a gate open.", "never"),
            ("(b) Do not photograph the dead.", "do not"),
            ("It is the duty of the warden to count everybody.", "duty of"),
            ("Staff commit themselves to fairness.", "commit themselves to"),
            ("Both sides refrain from firing.", "refrain from"),
            ("Wardens ought to know the exits.", "ought to"),
        ];
        for (text, words) in table {
            assert_eq!(normative_words(text).as_deref(), Some(words), "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "The shelter was built in spring and holds eighty people.",
            "Survivors may have happened on the road by chance.",
            "Something must have happened at the gate.",
            "The alarm should have been heard in the valley.",
            "Should the need arise, there is a second exit.",
            "Witnesses may not have seen the truck.",
            "The figures may not reflect every loss.",
            "Sirens may be tested at noon.",
            "It takes political will.",
            "The harvest will probably fail.",
            "The purpose of this chapter is to describe the camp.",
            "The aim is to describe the camp.",
            "The fence was raised to ensure that cattle stay out.",
            "Here \"shall\" is a word among others.",
            "Parking is permitted behind the hall.",
            "A radio is a must.",
            "The road to the mill is muddy.",
            "",
        ] {
            assert_eq!(normative_words(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_stands_below_a_norm_and_a_heading_is_none() {
        let text = "# What wardens must do\n\nWardens shall:\n\n- report each loss\n- (a) keep a log\n- the log of the day\n\nThe list is long:\n\n- report each loss\n\nReport it.\n";
        let document = Document::read(text);
        let found: Vec<Option<String>> = (0..document.blocks.len()).map(|block| normative(&document, block)).collect();
        let expected = [None, Some("shall"), Some("shall: report"), Some("shall: keep"), None, None, None, None];
        assert_eq!(found, expected.map(|words| words.map(str::to_owned)));
        assert_eq!(normative(&document, 99), None);
    }
}
