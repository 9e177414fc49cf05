//! What a release has to be, by what differs, and what its manifest claims.

use super::model::{DeclarationDifference, Level, Release, RuleDifference, Verdict};
use mandate_pack::Pack;
use std::fmt;

/// What the release of the new pack has to be.
pub(crate) fn release(
    old: &Pack,
    new: &Pack,
    rules: &[RuleDifference],
    declarations: &[DeclarationDifference],
) -> Release {
    let mut reasons: Vec<(Level, String)> = rules.iter().map(|rule| (of_rule(rule), reason(rule))).collect();
    reasons.extend(declarations.iter().map(|declared| {
        let name = if declared.name.is_empty() { String::new() } else { format!(" `{}`", declared.name) };
        (declared.level, format!("{}{name} {}", declared.kind, declared.change.word()))
    }));
    // What is listed nowhere (documentation, order, tests) is written otherwise all the same.
    let differs = {
        let mut like = old.clone();
        like.version.clone_from(&new.version);
        like.digest.clone_from(&new.digest);
        like != *new
    };
    let least = if differs { Level::Patch } else { Level::None };
    let needed = reasons.iter().map(|(level, _)| *level).max().unwrap_or(Level::None).max(least);
    let because =
        reasons.into_iter().filter(|(level, _)| *level == needed && needed > Level::None).map(|(_, r)| r).collect();
    let (from, to) = (Version::read(&old.version), Version::read(&new.version));
    let before_first = from.as_ref().is_some_and(|version| version.numbers[0] == 0);
    let claimed = from.as_ref().zip(to.as_ref()).map_or(Level::None, |(from, to)| claimed(from, to));
    let enough = match (&from, &to) {
        (Some(from), Some(to)) => to.numbers >= from.numbers && (claimed >= needed || from.is_draft_of(to)),
        _ => needed == Level::None,
    };
    let least_version = from.map(|from| from.after(needed).to_string());
    Release { needed, because, claimed, enough, least_version, before_first }
}

/// What a change of a rule makes of a release.
pub(crate) fn of_rule(rule: &RuleDifference) -> Level {
    let binding = rule.new.as_ref().is_some_and(|side| side.modal.starts_with("must"));
    match rule.verdict {
        Verdict::Removed => Level::Major,
        // What was nobody's duty can be broken now.
        Verdict::Added if binding => Level::Major,
        Verdict::Added => Level::Minor,
        // Findings, waivers and other packages name rules.
        _ if rule.renamed => Level::Major,
        Verdict::Same => Level::Patch,
        Verdict::Retold | Verdict::Weaker if rule.never_stricter => Level::Minor,
        Verdict::Retold | Verdict::Weaker | Verdict::Stricter | Verdict::Incomparable | Verdict::Undecided => {
            Level::Major
        }
    }
}

fn reason(rule: &RuleDifference) -> String {
    let name = rule.new.as_ref().or(rule.old.as_ref()).map(|side| side.name.as_str()).unwrap_or_default();
    let said = match rule.verdict {
        Verdict::Added => "is new",
        Verdict::Removed => "is gone",
        _ if rule.renamed => "has another name, and findings, waivers and other packages name it",
        Verdict::Same => "is written otherwise and means the same",
        Verdict::Retold => "is judged the same and told otherwise",
        Verdict::Stricter => "is stricter",
        Verdict::Weaker if rule.never_stricter => "is weaker",
        Verdict::Weaker => "is weaker, and not shown to be nowhere stricter",
        Verdict::Incomparable => "is stricter in some situations and weaker in others",
        Verdict::Undecided => "differs, and is not shown to be nowhere stricter",
    };
    format!("rule `{name}` {said}")
}

/// Three numbers, and whether a suffix makes it a draft: `1.2.0-rc.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    numbers: [u64; 3],
    draft: bool,
}

impl Version {
    fn read(text: &str) -> Option<Version> {
        let text = text.split('+').next().unwrap_or_default();
        let (numbers, draft) = text.split_once('-').map_or((text, false), |(numbers, _)| (numbers, true));
        let mut parts = numbers.split('.').map(|part| part.parse::<u64>().ok());
        let numbers = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Version { numbers, draft })
    }

    /// Whether this is a draft of another version: what changes until then needs no number.
    fn is_draft_of(&self, other: &Version) -> bool {
        self.draft && self.numbers == other.numbers
    }

    /// The least version after this one for a change.
    fn after(&self, level: Level) -> Version {
        let [major, minor, patch] = self.numbers;
        let numbers = match (level, major) {
            (Level::None, _) => self.numbers,
            _ if self.draft => self.numbers,
            (Level::Patch, _) | (Level::Minor, 0) => [major, minor, patch.saturating_add(1)],
            (Level::Major, 0) | (Level::Minor, _) => [major, minor.saturating_add(1), 0],
            (Level::Major, _) => [major.saturating_add(1), 0, 0],
        };
        Version { numbers, draft: false }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// What two versions say a release is. Below 1.0.0 the second number stands for the first, and the third for both others.
fn claimed(from: &Version, to: &Version) -> Level {
    let ([a, b, c], [x, y, z]) = (from.numbers, to.numbers);
    match () {
        () if x > a => Level::Major,
        () if x < a => Level::None,
        () if y > b && a == 0 => Level::Major,
        () if y > b => Level::Minor,
        () if y < b => Level::None,
        () if z > c && a == 0 => Level::Minor,
        () if z > c => Level::Patch,
        () => Level::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(from: &str, to: &str) -> Level {
        claimed(&Version::read(from).expect("a version"), &Version::read(to).expect("a version"))
    }

    #[test]
    fn versions_claim_what_their_numbers_say() {
        assert_eq!(between("1.2.3", "2.0.0"), Level::Major);
        assert_eq!(between("1.2.3", "1.3.0"), Level::Minor);
        assert_eq!(between("1.2.3", "1.2.4"), Level::Patch);
        assert_eq!(between("1.2.3", "1.2.3"), Level::None);
        assert_eq!(between("1.2.3", "1.1.9"), Level::None);
        assert_eq!(between("0.2.3", "0.3.0"), Level::Major);
        assert_eq!(between("0.2.3", "0.2.4"), Level::Minor);
        assert_eq!(between("0.2.3", "1.0.0"), Level::Major);
        assert_eq!(Version::read("1.2"), None);
        assert_eq!(Version::read("1.2.3.4"), None);
    }

    #[test]
    fn the_least_version_follows_from_the_level() {
        let after = |from: &str, level| Version::read(from).expect("a version").after(level).to_string();
        assert_eq!(after("1.2.3", Level::Major), "2.0.0");
        assert_eq!(after("1.2.3", Level::Minor), "1.3.0");
        assert_eq!(after("1.2.3", Level::Patch), "1.2.4");
        assert_eq!(after("1.2.3", Level::None), "1.2.3");
        assert_eq!(after("0.2.3", Level::Major), "0.3.0");
        assert_eq!(after("0.2.3", Level::Minor), "0.2.4");
        assert_eq!(after("2.0.0-rc.1", Level::Major), "2.0.0");
    }
}
