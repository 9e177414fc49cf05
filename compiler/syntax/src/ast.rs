//! The tree of one module: plain data with holes.
//!
//! Every span is relative to the start of its declaration's chunk, so that a declaration that only moved is equal to
//! itself. A piece that is missing from the text is a hole (`Name` with empty text, `ExprKind::Hole`, `None`), for which an
//! error has been reported already: later layers stay silent about holes.

use mandate_diagnostics::{Diagnostic, Span};

/// A module as parsed: always a tree, with the errors found on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// `//!` lines at the head of the file, without their marks.
    pub doc: String,
    /// The declarations in the order of the text.
    pub items: Vec<Item>,
}

/// One chunk of the text: a declaration with the comments above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Byte of the file at which the chunk starts; every span below is relative to it.
    pub offset: u32,
    /// Length of the chunk in bytes.
    pub len: u32,
    /// The declaration, shared so that an unchanged one costs nothing.
    pub decl: std::sync::Arc<Decl>,
}

/// A declaration with its documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decl {
    /// `///` lines above, without their marks.
    pub doc: String,
    /// From the keyword to the last token.
    pub span: Span,
    /// What is declared.
    pub kind: DeclKind,
    /// Errors of this declaration's text, spans relative like all others.
    pub errors: Vec<Diagnostic>,
}

/// The kinds of declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclKind {
    /// `use core.{Incident, Report}`
    Use(Use),
    /// `source caac_policy { ... }`
    Source(Source),
    /// `enum RiskLevel { low < moderate < high }`
    Enum(Enum),
    /// `record Report key id at sent_at { ... }`
    Record(Record),
    /// `role commander of u: Unit held by p for p: Post where ...`
    Role(Role),
    /// `parameter window: Duration in 1 hour .. 72 hours = 24 hours`
    Parameter(Parameter),
    /// `define is_child(v: Victim) = v.age < 18`
    Define(Define),
    /// `action report(i: Incident) { evidence r: Report where ... }`
    Action(Action),
    /// `waiver necessity(s: Site) { evidence w: Waiver ... }`, and `caveat` in place of `waiver`
    Waiver(Action),
    /// `rule name "title" { ... }` and `constraint name "title" { ... }`
    Rule(Rule),
    /// `endorse guidelines from 2024-01-01 by "order 12"`
    Endorse(Endorse),
    /// `assume "..." { for each ... require ... }`
    Assume(Statement),
    /// `concern "..." { for each ... when ... }`
    Concern(Statement),
    /// `purpose "..." { for each ... when ... }`
    Purpose(Statement),
    /// `mission exercise_heron "title" refines caac { set window = 12 hours ... }`
    Mission(Mission),
    /// `background caac_policy#history "why this is no rule"`
    Background(Background),
    /// `carries "CAAC-01" by Victim "why this carries it"`
    Carried(Carried),
    /// `scenario "title" { ... }`
    Scenario(Scenario),
    /// Text that is no declaration (an error has been reported), or a chunk of comments only.
    Nothing,
}

/// A name where it stands. Empty text is a hole.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

impl Name {
    /// Whether the name is missing from the text.
    pub fn is_hole(&self) -> bool {
        self.text.is_empty()
    }
}

/// A text in quotation marks, unescaped. The span includes the marks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// The text meant.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A dotted name: `core.Incident`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    /// At least one.
    pub segments: Vec<Name>,
    /// From the first to the last.
    pub span: Span,
}

/// `use core.{Incident, Report}`, `use core.Incident`, `use core.sites` (a module, then written `sites.Site`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Before the braces; without braces, the whole path.
    pub path: Path,
    /// The names in braces, if there are braces.
    pub names: Option<Vec<Name>>,
}

/// `source NAME { title "..." ... }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name citations use.
    pub name: Name,
    /// Its particulars in the order written; repeats are refused later.
    pub items: Vec<SourceItem>,
}

/// One particular of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceItem {
    /// From its keyword to its end.
    pub span: Span,
    /// Which.
    pub kind: SourceItemKind,
}

/// The particulars of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceItemKind {
    /// `title "..."`
    Title(Text),
    /// `issuer "..."`
    Issuer(Text),
    /// `force commitment`
    Force(Name),
    /// `in force [from DATE] [until DATE]`
    InForce(Option<Expr>, Option<Expr>),
    /// `compulsory from DATE`
    Compulsory(Expr),
    /// `adopted DATE`, or `adopted DATE "who says so", DATE "who else"` where sources differ.
    Adopted(Vec<(Expr, Option<Text>)>),
    /// `supersedes a, b`
    Supersedes(Vec<Path>),
    /// `implements a, b`
    Implements(Vec<Path>),
    /// `document "sources/x.md"`
    Document(Text),
    /// `link "https://..."`
    Link(Text),
    /// `verified "how the passages were checked against the text"`
    Verified(Text),
    /// `not waivable #4(3), #4(4)`
    NotWaivable(Vec<Passage>),
    /// `binds n: Nation from EXPR`
    Binds(Binder, Expr),
}

/// `#4(1)`: the name of a passage, without the mark.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Passage {
    /// Without `#`.
    pub text: String,
    /// With `#`.
    pub span: Span,
}

/// `enum N { a, b = "spelling" }` or `{ a < b }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// Name of the type.
    pub name: Name,
    /// `<` between the variants.
    pub ordered: bool,
    /// Variants with documentation and spelling.
    pub variants: Vec<Variant>,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// `///` lines above.
    pub doc: String,
    /// As rules write it.
    pub name: Name,
    /// As the data spells it, if otherwise.
    pub spelling: Option<Text>,
}

/// `record N [key f] [at f | during a .. b] [corrects f] [recorded f] { fields }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Name of the type.
    pub name: Name,
    /// The field that identifies a record.
    pub key: Option<Name>,
    /// The field that dates it, or the two that bound it.
    pub dated: Option<Dated>,
    /// The field that names the record this one replaces.
    pub corrects: Option<Name>,
    /// The field that tells when it was entered.
    pub recorded: Option<Name>,
    /// Fields in the order written.
    pub fields: Vec<Field>,
}

/// Which fields say when a record happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dated {
    /// `at f`
    At(Name),
    /// `during a .. b`
    During(Name, Name),
}

/// `[sensitive] name: type [over time] [= default]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `///` lines above.
    pub doc: String,
    /// May be tested, never shown.
    pub sensitive: bool,
    /// Name in rules and in the data.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// `over time`: its value changes.
    pub over_time: Option<Span>,
    /// The value an absent field has.
    pub default: Option<Expr>,
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeRef {
    /// Where.
    pub span: Span,
    /// Which.
    pub kind: TypeRefKind,
}

/// The forms of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeRefKind {
    /// `Time`, `RiskLevel`, `core.Incident`
    Named(Path),
    /// `list of T`
    List(Box<TypeRef>),
    /// `T?`
    Optional(Box<TypeRef>),
    /// Missing from the text.
    Hole,
}

/// `name: Type` (all records of the type) or `name in expr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binder {
    /// The variable.
    pub name: Name,
    /// What it ranges over.
    pub over: Domain,
}

/// What a variable ranges over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// `: Type`
    Type(TypeRef),
    /// `in expr`
    Items(Box<Expr>),
}

/// `role N [is parent] [of u: T] [held by expr for binders [where expr] [during a .. b] [for at most D]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Name of the role.
    pub name: Name,
    /// The wider role whose holders include this one's.
    pub is: Option<Path>,
    /// The record the role belongs to.
    pub of: Option<Binder>,
    /// Who holds it.
    pub held: Option<Box<Held>>,
}

/// `held by expr for binders [where expr] [during a .. b] [for at most D]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The holder.
    pub by: Expr,
    /// Variables.
    pub binders: Vec<Binder>,
    /// Condition.
    pub condition: Option<Expr>,
    /// From when to when such a record makes someone the holder.
    pub during: Option<(Expr, Expr)>,
    /// Longest time it can.
    pub longest: Option<Expr>,
}

/// `parameter N: T [in a .. b] (= value | { from DATE value ... })`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
    /// Both bounds, inclusive.
    pub bounds: Option<(Expr, Expr)>,
    /// The value, or values from dates on.
    pub value: ParameterValue,
}

/// Value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// `= v`
    One(Expr),
    /// `{ from DATE v ... }`
    Dated(Vec<(Expr, Expr)>),
    /// Missing from the text.
    Hole,
}

/// `define N(params) [: T] = expr`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Define {
    /// Name.
    pub name: Name,
    /// Parameters.
    pub params: Vec<Param>,
    /// Result type, if written.
    pub ty: Option<TypeRef>,
    /// The expression it stands for.
    pub body: Expr,
}

/// `name: Type`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Variable.
    pub name: Name,
    /// Type.
    pub ty: TypeRef,
}

/// `action N(params) { evidence ... }`, and `waiver` or `caveat` in place of `action`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Name.
    pub name: Name,
    /// What the act is done to or for.
    pub params: Vec<Param>,
    /// Each kind of record that shows the act.
    pub evidence: Vec<Evidence>,
    /// `excludes other`: acts that cannot both be done.
    pub excludes: Vec<Path>,
    /// A waiver of a nation, written `caveat`.
    pub caveat: bool,
}

/// `evidence r: Report where c [at e | during a .. b] [by e]`; a waiver also `names`, `rank`, `valid if`, `revoked`,
/// `exceptional if`, `flag`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// From `evidence` to its end.
    pub span: Span,
    /// The record variable.
    pub name: Name,
    /// Its record type.
    pub ty: TypeRef,
    /// Conditions on it.
    pub condition: Option<Expr>,
    /// The instant of the act, if not the record's own date.
    pub at: Option<Expr>,
    /// The period of the act (or of the waiver's validity).
    pub during: Option<(Expr, Expr)>,
    /// Who acted (who granted, for a waiver).
    pub by: Option<Expr>,
    /// Waiver: the rule or provision its record names, compared with the waived rule's name.
    pub names: Option<Expr>,
    /// Waiver: the rank of the authority.
    pub rank: Option<Expr>,
    /// Waiver: further conditions without which it does not help.
    pub valid: Option<Expr>,
    /// Waiver: when it was withdrawn.
    pub revoked: Option<Expr>,
    /// Waiver: `exceptional if c`: a lower authority can grant it.
    pub exceptional: Option<Expr>,
    /// Waiver: `flag "..." when c`: helps, but is to be reviewed.
    pub flags: Vec<Flag>,
}

/// `flag "text" when c`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Said on the finding.
    pub text: Text,
    /// When.
    pub condition: Expr,
}

/// `rule N ["title"] [replaces path] { clauses }`, or `constraint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Written with the word `constraint`.
    pub constraint: bool,
    /// Name.
    pub name: Name,
    /// Title for people.
    pub title: Option<Text>,
    /// The rule of a base package it stands in for.
    pub replaces: Option<Path>,
    /// Clauses in the order written.
    pub clauses: Vec<Clause>,
    /// The closing brace, where a missing clause is reported and inserted; empty if missing.
    pub close: Span,
}

/// A clause with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// `///` lines above.
    pub doc: String,
    /// From its first word to its last token.
    pub span: Span,
    /// Which.
    pub kind: ClauseKind,
}

/// The clauses of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClauseKind {
    /// `cites a#4(1) "quotation", b#7`
    Cites(Vec<Citation>),
    /// `carries "CAAC-23", "NCAAC-R"`: identifiers of the statements of a checklist that this rule carries.
    Carries(Vec<Text>),
    /// `reads "words" as "meaning" by "authority" rather than "another" because "why"`
    Reads(Interpretation),
    /// `for each a: A, b in a.items`
    ForEach(Vec<Binder>),
    /// `on expr`: the day that chooses the edition.
    On(Expr),
    /// `in force [from DATE] [until DATE]`: the edition of the rule itself.
    InForce(Option<Expr>, Option<Expr>),
    /// `party expr`: the nation whose obligations count.
    Party(Expr),
    /// `let n = expr`
    Let(Name, Expr),
    /// `when expr`
    When(Expr),
    /// `unless expr`
    Unless(Expr),
    /// The norm sentence.
    Norm(Sentence),
    /// `require expr`
    Require(Expr),
    /// `otherwise sentence`
    Otherwise(Sentence),
    /// `waivable under w(s) [by rank or above [exceptionally by rank or above]] [for at most 7 days]`
    Waivable(Waivable),
    /// `overrides r(args)`
    Overrides(RuleCall),
    /// `limits r(args)`
    Limits(RuleCall),
    /// `flag "text" when expr`
    Flag(Flag),
    /// `tally by expr, expr`
    Tally(Vec<Expr>),
}

/// How an ambiguous passage was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpretation {
    /// Words of the passage.
    pub words: Text,
    /// What they were taken to mean.
    pub reading: Text,
    /// On whose authority.
    pub authority: Text,
    /// Readings that were rejected, each with the reason if it is given.
    pub rejected: Vec<(Text, Option<Text>)>,
}

/// `source#passage ["quotation"]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The source.
    pub source: Path,
    /// The passage; `None` cites the document as a whole.
    pub passage: Option<Passage>,
    /// Last passage of a span: `a#4 .. #6`.
    pub to: Option<Passage>,
    /// Words quoted from the passage.
    pub quotation: Option<Text>,
    /// The whole citation.
    pub span: Span,
}

/// `under w(args) [by rank or above [exceptionally by rank or above]] [for at most D]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waivable {
    /// The kind of waiver.
    pub waiver: Path,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// Lowest rank that can grant it.
    pub floor: Option<Name>,
    /// Lowest rank that can grant it where the waiver is exceptional.
    pub exceptional_floor: Option<Name>,
    /// Longest time it can run.
    pub longest: Option<Expr>,
}

/// `name(args)` of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCall {
    /// The rule.
    pub rule: Path,
    /// Its variables, by position.
    pub args: Vec<Expr>,
}

/// A norm: who must, must not, should or may do what, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The whole sentence.
    pub span: Span,
    /// On whom it falls.
    pub bearer: Bearer,
    /// How strongly, and whether to do or to refrain.
    pub modal: Modal,
    /// Where the modal stands.
    pub modal_span: Span,
    /// What.
    pub act: Act,
    /// Time window.
    pub time: Option<TimeClause>,
}

/// On whom a norm falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    /// `everyone`, and the bearer of `no one may`.
    Everyone(Span),
    /// `role of path`
    RoleOf(Path, Box<Expr>),
    /// A standing role or a path to a record: decided by its name.
    Path(Box<Expr>),
    /// Missing.
    Hole(Span),
}

/// The modals. `no one may` is `MustNot` of everyone; `no one should` is `ShouldNot`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Modal {
    /// `must`
    Must,
    /// `must not`, `no one may`
    MustNot,
    /// `should`
    Should,
    /// `should not`, `no one should`
    ShouldNot,
    /// `aims to`
    AimsTo,
    /// `may`
    May,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// `report(i)`
    Call(Path, Vec<Expr>),
    /// `ensure condition`
    Ensure(Expr),
    /// Missing.
    Hole(Span),
}

/// The time of a norm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeClause {
    /// Where.
    pub span: Span,
    /// Which.
    pub kind: TimeKind,
    /// `with gaps of at most D`.
    pub gaps: Option<Gaps>,
}

/// `with gaps of at most D`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    /// From `with` to the end.
    pub span: Span,
    /// The longest gap.
    pub longest: Expr,
}

/// How a period ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// `to B`: the day or instant is part of it.
    To(Expr),
    /// `until C`: it is not.
    Until(Expr),
}

impl End {
    /// The day or instant.
    pub fn expr(&self) -> &Expr {
        match self {
            End::To(expr) | End::Until(expr) => expr,
        }
    }
}

/// The forms of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeKind {
    /// `within D`: from the breach before it (in `otherwise`).
    Within(Expr),
    /// `within D after T`
    WithinAfter(Expr, Expr),
    /// `within D before T`
    WithinBefore(Expr, Expr),
    /// `by T`
    By(Expr),
    /// `before T`
    Before(Expr),
    /// `during P`
    During(Expr),
    /// `from A [to B | until C]`
    From(Expr, Option<End>),
    /// `every D from A [to B | until C]`
    Every(Expr, Expr, Option<End>),
}

/// `endorse path [for expr] from DATE [by "..."]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorse {
    /// The source endorsed.
    pub source: Path,
    /// For whom.
    pub party: Option<Expr>,
    /// Since when.
    pub from: Option<Expr>,
    /// The order or decision.
    pub by: Option<Text>,
}

/// `assume`, `concern`, `purpose`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it says, for people.
    pub title: Option<Text>,
    /// Variables.
    pub binders: Vec<Binder>,
    /// `when` conditions.
    pub when: Vec<Expr>,
    /// `require` conditions (assumptions).
    pub require: Vec<Expr>,
}

/// `mission N ["title"] refines a, b { lines }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mission {
    /// Name.
    pub name: Name,
    /// Title for people.
    pub title: Option<Text>,
    /// Names of the packages it tailors.
    pub refines: Vec<Name>,
    /// What it changes, in the order written.
    pub lines: Vec<MissionLine>,
}

/// A line of a mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissionLine {
    /// From its first word to its last token.
    pub span: Span,
    /// Which.
    pub kind: MissionLineKind,
}

/// The lines of a mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissionLineKind {
    /// `set parameter = value`
    Set(Path, Expr),
    /// `drops rule because "why"`
    Drops(Path, Option<Text>),
    /// `accepts weaker rule by "who" under source#passage until DATE because "why"`
    Accepts(Box<Accepted>),
}

/// `rule by "who" under source#passage until DATE because "why"` after `accepts weaker`; what is missing is refused later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The rule that is weaker.
    pub rule: Path,
    /// Who accepted it.
    pub by: Option<Text>,
    /// The passage that lets them.
    pub under: Option<Citation>,
    /// The first day on which it no longer holds.
    pub until: Option<Expr>,
    /// Why.
    pub because: Option<Text>,
}

/// `background source#passage "reason" [carries "ID", "ID"]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Background {
    /// The passage.
    pub citation: Citation,
    /// Why it is no rule.
    pub reason: Option<Text>,
    /// Identifiers of the statements of a checklist that are settled by it.
    pub carries: Vec<Text>,
}

/// `carries "ID", "ID" by path "why this carries it"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Identifiers of statements of a checklist.
    pub ids: Vec<Text>,
    /// The declaration that carries them.
    pub by: Path,
    /// Why it does.
    pub reason: Option<Text>,
}

/// `scenario "title" { ... }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its name for people.
    pub title: Option<Text>,
    /// Steps in the order written.
    pub steps: Vec<Step>,
}

/// A line of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where.
    pub span: Span,
    /// Which.
    pub kind: StepKind,
}

/// The lines of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// `let x = expr`
    Let(Name, Expr),
    /// `as of expr`
    AsOf(Expr),
    /// `known at expr`
    KnownAt(Expr),
    /// `set parameter = expr`
    Set(Path, Expr),
    /// `data through expr for Type` : the feed of a record type is complete up to then.
    DataThrough(Expr, Option<TypeRef>),
    /// `given [name:] Type { field: value, ... }`
    Given {
        /// A name to refer to it.
        name: Option<Name>,
        /// Record type.
        ty: TypeRef,
        /// Its fields.
        fields: Vec<(Name, Expr)>,
    },
    /// `expect r(args) status {, detail}` and `expect no r(args)` (the rule does not apply).
    Expect(Expectation),
}

/// What a scenario expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The rule.
    pub rule: Path,
    /// The records it is about, by position of the rule's variables; `None` when no parentheses are written.
    pub args: Option<Vec<Expr>>,
    /// `satisfied`, `violated`, ... or `not applicable` (one name with a space).
    pub status: Name,
    /// `late by D`, `due T`, `missing path` and so on.
    pub details: Vec<Detail>,
}

/// A detail of an expectation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// `late by D`
    LateBy(Expr),
    /// `due T`
    Due(Expr),
    /// `since T`
    Since(Expr),
    /// `missing i.observed_at`
    Missing(Expr),
    /// `flagged "words of the remark"`
    Flagged(Text),
    /// `uncovered A .. B`
    Uncovered(Expr, Expr),
    /// `then STATUS`: how the next duty that arose from the breach stands.
    Then(Name),
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// Which.
    pub kind: ExprKind,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}

/// What is asked with `is`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Test {
    /// `is known`
    Known,
    /// `is missing`
    Missing,
    /// `is empty`
    Empty,
}

/// `some`, `no`, `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `some x in xs [where c]`
    Some,
    /// `no x in xs [where c]`
    No,
    /// `every x in xs satisfies c`
    Every,
}

/// `count`, `share`, `sum`, `min`, `max` over a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// `count(x in xs [where c])`
    Count,
    /// `share(x in xs where c)`
    Share,
    /// `sum(e for x in xs [where c])`
    Sum,
    /// `min(e for x in xs [where c])`
    Min,
    /// `max(e for x in xs [where c])`
    Max,
}

/// Picks one record: `latest`, `earliest`, `the`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pick {
    /// `latest x: T where c`: by the record's own date.
    Latest,
    /// `earliest x: T where c`
    Earliest,
    /// `the x: T where c`: the only one.
    The,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// Missing from the text.
    Hole,
    /// `true`, `false`
    Bool(bool),
    /// `18`, `0.1`: as written, without `_`.
    Number(String),
    /// `24 hours`, `200 m`, `500000 USD`: number and unit as written.
    Quantity(String, Name),
    /// `"text"`
    Text(String),
    /// `2024-03-01`: as written.
    Date(String),
    /// `2024-03-01T08:00Z`: as written.
    Time(String),
    /// A variable, parameter, enum value, constant (`never`, `as_of`) or standing role.
    Name(String),
    /// `a.b`
    Field(Box<Expr>, Name),
    /// `f(a, b)`; the callee is a path.
    Call(Path, Vec<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a and b and c`, flat.
    And(Vec<Expr>),
    /// `a or b or c`, flat.
    Or(Vec<Expr>),
    /// `a < b`
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `a + b`
    Arith(ArithOp, Box<Expr>, Box<Expr>),
    /// `-a`
    Neg(Box<Expr>),
    /// `a in b`
    In(Box<Expr>, Box<Expr>),
    /// `a overlaps b`
    Overlaps(Box<Expr>, Box<Expr>),
    /// `a covers b`
    Covers(Box<Expr>, Box<Expr>),
    /// `a is known`
    Is(Box<Expr>, Test),
    /// `p is commander of u at t`
    Holds(Box<Holds>),
    /// `a if unknown b`
    IfUnknown(Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a .. b`: a period, or a range after `in`.
    Range(Box<Expr>, Box<Expr>),
    /// `some x in xs where c`
    Quantified(Quantifier, Box<Binder>, Option<Box<Expr>>),
    /// `count(x in xs where c)`, `sum(e for x in xs where c)`
    Aggregate(Aggregate, Option<Box<Expr>>, Box<Binder>, Option<Box<Expr>>),
    /// `latest x: T where c`
    Pick(Pick, Box<Binder>, Option<Box<Expr>>),
    /// `{a, b}` and `[a, b]`
    List(Vec<Expr>),
    /// `{ age: 9 }` and `Victim { age: 9 }`, in scenarios.
    Record(Option<TypeRef>, Vec<(Name, Expr)>),
    /// `all { name: condition unless exception, ... }`
    All(Vec<NamedCondition>),
}

/// Whether someone holds a role: `who is role [of record] [at t]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holds {
    /// Who.
    pub who: Expr,
    /// The role.
    pub role: Path,
    /// The record it belongs to.
    pub of: Option<Expr>,
    /// When; without it, at the instant at which the condition is read.
    pub at: Option<Expr>,
}

/// `name: condition [unless exception]` inside `all { ... }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCondition {
    /// Said in findings when it fails.
    pub name: Name,
    /// What must hold.
    pub condition: Expr,
    /// Lifts this one condition.
    pub unless: Option<Expr>,
}
