//! The words of the language, in the groups that completion, hover and did-you-mean ask for.
//!
//! Every keyword is an ordinary word where the grammar does not ask for it: a field may be called `source` or `at`.

/// Words that start a declaration in the first column.
pub const DECLARATIONS: &[&str] = &[
    "use",
    "source",
    "enum",
    "record",
    "role",
    "parameter",
    "define",
    "action",
    "waiver",
    "caveat",
    "rule",
    "constraint",
    "endorse",
    "assume",
    "concern",
    "purpose",
    "mission",
    "background",
    "carries",
    "scenario",
];

/// Words that start a clause of a rule, `in force` with both; everything else in a rule is a norm sentence.
pub const CLAUSES: &[&str] = &[
    "cites",
    "carries",
    "reads",
    "for",
    "on",
    "in force",
    "party",
    "let",
    "when",
    "unless",
    "require",
    "otherwise",
    "waivable",
    "overrides",
    "limits",
    "flag",
    "tally",
];

/// The modals as they are written, `no one may` and `no one should` included.
pub const MODALS: &[&str] =
    &["must", "must not", "should", "should not", "aims to", "may", "no one may", "no one should"];

/// The single words a modal can start with.
pub const MODAL_WORDS: &[&str] = &["must", "should", "aims", "may"];

/// Words that start the time of a norm.
pub const TIMES: &[&str] = &["within", "by", "before", "during", "from", "every"];

/// The types that are built in.
pub const TYPES: &[&str] =
    &["Bool", "Int", "Decimal", "Text", "Date", "Time", "Duration", "Period", "Length", "Location", "Money", "Nation"];

/// Particulars of a source; `in force` and `not waivable` are written with both words.
pub const SOURCE_ITEMS: &[&str] = &[
    "title",
    "issuer",
    "force",
    "in force",
    "compulsory",
    "adopted",
    "supersedes",
    "implements",
    "document",
    "link",
    "verified",
    "not waivable",
    "binds",
];

/// What follows the type in an `evidence` of an action.
pub const EVIDENCE_PARTS: &[&str] = &["where", "at", "during", "by"];

/// What a waiver's `evidence` has besides.
pub const WAIVER_PARTS: &[&str] = &["names", "rank", "valid if", "revoked", "exceptional if", "flag"];

/// Words that start a line of a scenario.
pub const STEPS: &[&str] = &["let", "as of", "known at", "set", "data through", "given", "expect"];

/// Words that start a line of a mission.
pub const MISSION_LINES: &[&str] = &["set", "drops", "accepts weaker"];

/// What a scenario may expect of a rule.
pub const STATUSES: &[&str] = &[
    "satisfied",
    "violated",
    "advice",
    "repaired",
    "pending",
    "exempt",
    "overridden",
    "waived",
    "permitted",
    "undetermined",
    "not applicable",
];

/// Words that join or start expressions.
pub const OPERATORS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "overlaps",
    "covers",
    "is known",
    "is missing",
    "is empty",
    "is",
    "if",
    "then",
    "else",
    "if unknown",
    "some",
    "no",
    "every",
    "satisfies",
    "count",
    "sum",
    "min",
    "max",
    "share",
    "latest",
    "earliest",
    "the",
    "where",
    "all",
    "true",
    "false",
];

/// Units that quantities are written with, besides the three capital letters of a currency.
pub const UNITS: &[&str] = &[
    "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "year", "years", "m", "km", "percent",
];

macro_rules! keywords {
    ($($id:ident $text:tt)*) => {
        /// A word the grammar knows; [`Keyword::Plain`] is any other.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Keyword {
            /// A word without a meaning of its own.
            Plain,
            $(#[doc = concat!("`", $text, "`")] $id,)*
        }

        impl Keyword {
            /// Every keyword, in the order of their texts.
            pub const ALL: &[Keyword] = &[$(Keyword::$id),*];

            /// As written; empty for a plain word.
            pub const fn text(self) -> &'static str {
                match self {
                    Keyword::Plain => "",
                    $(Keyword::$id => $text,)*
                }
            }
        }
    };
}

keywords! {
    Above "above" Accepts "accepts" Action "action" Adopted "adopted" After "after" Aims "aims" All "all" And "and" As "as"
    Assume "assume" At "at" Background "background" Because "because" Before "before" Binds "binds" By "by" Carries "carries"
    Caveat "caveat" Cites "cites" Compulsory "compulsory" Concern "concern" Constraint "constraint" Corrects "corrects" Count "count"
    Covers "covers" Data "data" Define "define" Document "document" Drops "drops" Due "due" During "during" Each "each"
    Earliest "earliest" Else "else" Empty "empty" Endorse "endorse" Ensure "ensure" Enum "enum" Every "every"
    Everyone "everyone" Evidence "evidence" Exceptional "exceptional" Exceptionally "exceptionally"
    Excludes "excludes" Expect "expect" False "false" Flag "flag" Flagged "flagged" For "for" Force "force" From "from"
    Gaps "gaps" Given "given" Held "held" If "if" Implements "implements" In "in" Is "is"
    Issuer "issuer" Key "key" Known "known" Late "late" Latest "latest" Let "let" Limits "limits" Link "link"
    List "list" Max "max" May "may" Min "min" Missing "missing" Mission "mission" Most "most" Must "must" Names "names" No "no"
    Not "not" Of "of" On "on" One "one" Or "or" Otherwise "otherwise" Over "over" Overlaps "overlaps" Overrides "overrides"
    Parameter "parameter" Party "party" Purpose "purpose" Rank "rank" Rather "rather" Reads "reads" Record "record" Recorded "recorded"
    Refines "refines" Replaces "replaces" Require "require" Revoked "revoked" Role "role" Rule "rule" Satisfies "satisfies" Scenario "scenario" Sensitive "sensitive"
    Set "set" Share "share" Should "should" Since "since" Some "some" Source "source" Sum "sum" Supersedes "supersedes"
    Tally "tally" Than "than" The "the" Then "then" Through "through" Time "time" Title "title" To "to" True "true" Uncovered "uncovered" Under "under"
    Unknown "unknown" Unless "unless" Until "until" Use "use" Valid "valid" Verified "verified" Waivable "waivable"
    Waiver "waiver" Weaker "weaker" When "when" Where "where" With "with" Within "within"
}

impl Keyword {
    /// The keyword spelt `text`, or [`Keyword::Plain`].
    pub fn of(text: &str) -> Keyword {
        Self::ALL.binary_search_by(|word| word.text().cmp(text)).map_or(Keyword::Plain, |i| Self::ALL[i])
    }

    /// Whether it starts a declaration.
    pub const fn starts_declaration(self) -> bool {
        use Keyword::*;
        matches!(
            self,
            Use | Source
                | Enum
                | Record
                | Role
                | Parameter
                | Define
                | Action
                | Waiver
                | Caveat
                | Rule
                | Constraint
                | Endorse
                | Assume
                | Concern
                | Purpose
                | Mission
                | Background
                | Carries
                | Scenario
        )
    }

    /// Whether it starts a clause of a rule.
    pub const fn starts_clause(self) -> bool {
        use Keyword::*;
        matches!(
            self,
            Cites
                | Carries
                | Reads
                | For
                | On
                | Party
                | Let
                | When
                | Unless
                | Require
                | Otherwise
                | Waivable
                | Overrides
                | Limits
                | Flag
                | Tally
        )
    }

    /// Whether it can never be a value: it joins expressions, starts a clause or a time, or is a modal.
    pub const fn ends_expression(self) -> bool {
        use Keyword::*;
        matches!(
            self,
            And | Or
                | In
                | Is
                | Then
                | Else
                | Where
                | Satisfies
                | Overlaps
                | Covers
                | Must
                | Should
                | After
                | Before
                | Within
                | Until
                | Unless
                | When
                | Require
                | Otherwise
                | Waivable
                | Cites
                | For
                | By
                | From
                | To
                | During
                | With
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mandate_diagnostics::did_you_mean;

    #[test]
    fn keywords_are_found_by_their_text() {
        assert!(Keyword::ALL.is_sorted_by_key(|word| word.text()));
        assert!(Keyword::ALL.iter().all(|word| Keyword::of(word.text()) == *word));
        assert_eq!(Keyword::of("wehn"), Keyword::Plain);
    }

    #[test]
    fn the_groups_and_the_questions_agree() {
        let starting = |ask: fn(Keyword) -> bool| Keyword::ALL.iter().filter(|word| ask(**word)).count();
        assert!(DECLARATIONS.iter().all(|word| Keyword::of(word).starts_declaration()));
        assert_eq!(starting(Keyword::starts_declaration), DECLARATIONS.len());
        // `in force` takes both its words: `in` alone is an operator.
        let single = CLAUSES.iter().filter(|word| **word != "in force");
        assert!(single.clone().all(|word| Keyword::of(word).starts_clause()));
        assert_eq!(starting(Keyword::starts_clause), single.count());
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_a_different_word_is_not() {
        assert_eq!(did_you_mean("wehn", CLAUSES.iter().copied()), Some("when"));
        assert_eq!(did_you_mean("rul", DECLARATIONS.iter().copied()), Some("rule"));
        assert_eq!(did_you_mean("Constrant", DECLARATIONS.iter().copied()), Some("constraint"));
        assert_eq!(did_you_mean("banana", CLAUSES.iter().copied()), None);
        assert_eq!(did_you_mean("x", CLAUSES.iter().copied()), None);
    }
}
