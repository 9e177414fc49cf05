//! What is written for the words of the language: declarations, clauses in their order, particulars, steps and lines.

use mandate_syntax::ast::{ClauseKind, SourceItemKind};

/// A word or phrase, what is written for it, and a few words about it.
pub(super) type Form = (&'static str, &'static str, &'static str);

pub(super) const DECLARATIONS: &[Form] = &[
    (
        "rule",
        "rule ${1:name} \"${2:title}\" {\n  cites ${3:source}\n  for each ${4:x}: ${5:Record}\n  $0\n}",
        "who must, should or may do what",
    ),
    (
        "constraint",
        "constraint ${1:name} \"${2:title}\" {\n  cites ${3:source}\n  for each ${4:x}: ${5:Record}\n  require $0\n}",
        "what must be so",
    ),
    (
        "scenario",
        "scenario \"${1:what it shows}\" {\n  as of ${2:2026-01-01}\n  given ${3:x}: ${4:Record} { $5 }\n  expect ${6:rule}(${3:x}) ${0:violated}\n}",
        "given facts, expected findings",
    ),
    ("define", "define ${1:name}(${2:x}: ${3:Record}) = $0", "a name for a condition or value"),
    ("parameter", "parameter ${1:name}: ${2:Duration} = $0", "a value that a mission may set"),
    ("record", "record ${1:Name} key ${2:id} {\n  ${2:id}: Text\n  $0\n}", "what the data tells of a thing"),
    ("enum", "enum ${1:Name} { ${0:first, second} }", "a closed list of values"),
    (
        "role",
        "role ${1:name} of ${2:u}: ${3:Unit} held by ${4:p} for ${4:p}: ${5:Post} where $0",
        "who holds an office",
    ),
    (
        "action",
        "action ${1:name}(${2:x}: ${3:Record}) {\n  evidence ${4:r}: ${5:Record} where $0\n}",
        "an act, and the records that show it",
    ),
    (
        "waiver",
        "waiver ${1:name}(${2:x}: ${3:Record}) {\n  evidence ${4:w}: ${5:Record} where $0\n}",
        "what may set a rule aside",
    ),
    (
        "caveat",
        "caveat ${1:name}(${2:u}: ${3:Unit}) {\n  evidence ${4:c}: ${5:Record} where $0\n}",
        "a waiver of a nation",
    ),
    (
        "source",
        "source ${1:name} {\n  title \"${2:title}\"\n  force ${3:commitment}\n  document \"sources/${4:name}.md\"$0\n}",
        "a document that is cited",
    ),
    ("use", "use $0", "names of other modules and packages"),
    ("background", "background ${1:source}#${2:passage} \"${0:why it is no rule}\"", "a passage that is no rule"),
    (
        "carries",
        "carries \"${1:identifier}\" by ${2:declaration} \"${0:why it carries this}\"",
        "a declaration that carries statements of a checklist",
    ),
    ("endorse", "endorse ${1:source} from ${2:2026-01-01} by \"${0:order}\"", "a text that the mission follows"),
    (
        "assume",
        "assume \"${1:what holds}\" {\n  for each ${2:x}: ${3:Record}\n  require $0\n}",
        "what always holds in the data",
    ),
    (
        "concern",
        "concern \"${1:what must not happen}\" {\n  for each ${2:x}: ${3:Record}\n  when $0\n}",
        "what the rules must make impossible",
    ),
    (
        "purpose",
        "purpose \"${1:what must stay possible}\" {\n  for each ${2:x}: ${3:Record}\n  when $0\n}",
        "what the rules must leave possible",
    ),
    ("mission", "mission ${1:name} \"${2:title}\" refines ${3:package} {\n  $0\n}", "what a mission makes of policies"),
];

/// Clauses in the order of the language; a name where the clause may stand once only.
pub(super) const CLAUSES: &[(Form, Once)] = &[
    (("cites", "cites $0", "on whose authority"), Once::No),
    (("carries", "carries \"$0\"", "identifiers of a checklist"), Once::No),
    (
        (
            "reads",
            "reads \"${1:words}\" as \"${2:meaning}\" by \"${0:authority}\"",
            "how ambiguous words are understood",
        ),
        Once::No,
    ),
    (("for each", "for each ${1:x}: $0", "the cases"), Once::No),
    (("in force", "in force from $0", "the edition of the rule"), Once::Yes),
    (("on", "on $0", "the day that chooses the edition"), Once::Yes),
    (("party", "party $0", "whose obligations count"), Once::Yes),
    (("let", "let ${1:name} = $0", "a name for a value"), Once::No),
    (("when", "when $0", "the rule holds only if"), Once::No),
    (("unless", "unless $0", "an exception"), Once::No),
    (("require", "require $0", "what must be so"), Once::Require),
    (("otherwise", "otherwise ${1:everyone} must $0", "the duty after a breach"), Once::Otherwise),
    (("waivable", "waivable under $0", "who can set it aside"), Once::Yes),
    (("overrides", "overrides $0", "the rule that gives way"), Once::No),
    (("limits", "limits $0", "the rule that is narrowed"), Once::No),
    (("flag", "flag \"${1:remark}\" when $0", "a remark on the finding"), Once::No),
    (("tally by", "tally by $0", "counts by group"), Once::No),
];

/// How often a clause may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Once {
    No,
    Yes,
    /// In a constraint only.
    Require,
    /// In a rule only.
    Otherwise,
}

pub(super) const PARTICULARS: &[Form] = &[
    ("title", "title \"$0\"", "said in findings"),
    ("issuer", "issuer \"$0\"", "who issued it"),
    ("force", "force $0", "law, order, commitment, guidance, voluntary"),
    ("adopted", "adopted $0", "the day of adoption"),
    ("in force", "in force from $0", "since when it binds"),
    ("compulsory", "compulsory from $0", "the end of the transition"),
    ("supersedes", "supersedes $0", "the text it takes the place of"),
    ("implements", "implements $0", "the text it carries out"),
    ("document", "document \"$0\"", "the file with its passages"),
    ("link", "link \"https://$0\"", "the official wording"),
    ("verified", "verified \"$0\"", "how the passages were checked"),
    ("not waivable", "not waivable #$0", "passages that nothing sets aside"),
    ("binds", "binds ${1:n}: Nation from $0", "since when it binds a state"),
];

pub(super) const STEPS: &[Form] = &[
    ("as of", "as of $0", "when it is read"),
    ("known at", "known at $0", "only what was recorded by then"),
    ("set", "set $0", "the value of a parameter"),
    ("let", "let ${1:name} = $0", "a name for a value"),
    ("data through", "data through ${1:2026-01-01} for $0", "the records are complete up to then"),
    ("given", "given ${1:x}: $0", "a record"),
    ("expect", "expect $0", "what comes out"),
];

pub(super) const MISSION: &[Form] = &[
    ("set", "set $0", "the value of a parameter"),
    ("drops", "drops ${1:rule} because \"$0\"", "a rule that does not hold here"),
    (
        "accepts weaker",
        "accepts weaker ${1:rule}\n    by \"${2:who}\" under ${3:source} until ${4:2027-01-01} because \"$0\"",
        "who answers for a weakening",
    ),
];

pub(super) const EVIDENCE: &[Form] = &[
    ("evidence", "evidence ${1:r}: $0", "records that show it"),
    ("excludes", "excludes $0", "acts that are never both done"),
];

pub(super) const STATEMENT: &[Form] = &[
    ("for each", "for each ${1:x}: $0", "the cases"),
    ("when", "when $0", "only if"),
    ("require", "require $0", "what holds"),
];

/// Place of a clause in the order of the language.
pub(super) fn order(kind: &ClauseKind) -> Option<usize> {
    let word = match kind {
        ClauseKind::Cites(_) => "cites",
        ClauseKind::Carries(_) => "carries",
        ClauseKind::Reads(_) => "reads",
        ClauseKind::ForEach(_) => "for each",
        ClauseKind::InForce(..) => "in force",
        ClauseKind::On(_) => "on",
        ClauseKind::Party(_) => "party",
        ClauseKind::Let(..) => "let",
        ClauseKind::When(_) => "when",
        ClauseKind::Unless(_) => "unless",
        ClauseKind::Norm(_) | ClauseKind::Require(_) => "require",
        ClauseKind::Otherwise(_) => "otherwise",
        ClauseKind::Waivable(_) => "waivable",
        ClauseKind::Overrides(_) => "overrides",
        ClauseKind::Limits(_) => "limits",
        ClauseKind::Flag(_) => "flag",
        ClauseKind::Tally(_) => "tally by",
    };
    CLAUSES.iter().position(|((known, ..), _)| *known == word)
}

pub(super) fn particular(kind: &SourceItemKind) -> &'static str {
    match kind {
        SourceItemKind::Title(_) => "title",
        SourceItemKind::Issuer(_) => "issuer",
        SourceItemKind::Force(_) => "force",
        SourceItemKind::InForce(..) => "in force",
        SourceItemKind::Compulsory(_) => "compulsory",
        SourceItemKind::Adopted(_) => "adopted",
        SourceItemKind::Supersedes(_) => "supersedes",
        SourceItemKind::Implements(_) => "implements",
        SourceItemKind::Document(_) => "document",
        SourceItemKind::Link(_) => "link",
        SourceItemKind::Verified(_) => "verified",
        SourceItemKind::NotWaivable(_) => "not waivable",
        SourceItemKind::Binds(..) => "binds",
    }
}
