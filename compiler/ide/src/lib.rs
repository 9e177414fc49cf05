//! Editor features over a snapshot of the analysis: one file each, named as editors name them.
//!
//! Every entry takes a snapshot, the path of a file and a byte in it, and answers in byte spans and Markdown. Nothing here
//! knows the protocol that carries the answers, and nothing here keeps state.

mod accept_review;
mod actions;
mod call_hierarchy;
mod code_lenses;
mod completion;
mod diagnostics;
mod document_hover;
mod document_links;
mod document_symbols;
mod enclosing;
#[cfg(test)]
mod fixture;
mod folding_ranges;
mod formatting;
mod goto_declaration;
mod goto_definition;
mod goto_implementation;
mod goto_type_definition;
mod hover;
mod hover_values;
mod inlay_hints;
mod keywords;
mod linked_editing;
mod meant;
mod passage;
mod proofs;
mod references;
mod rename;
mod rule_graph;
mod scenario_text;
mod scenarios;
mod selection_range;
mod semantic_tokens;
mod signature_help;
mod tree;
mod trials;
mod why;
mod will_rename_files;
mod workspace_symbols;

pub use accept_review::{NoReview, ReviewAsked, review_asked};
pub use actions::{Action, ActionKind, FileEdits, Later, Reviewer, Work, apply, code_actions, resolve_action};
pub use call_hierarchy::{Caller, incoming_calls, outgoing_calls, prepare_call_hierarchy};
pub use code_lenses::{CodeLens, LensAbout, code_lenses, findings_about, rules_citing_passage, scenarios_expecting};
pub use completion::{About, Completion, Completions, Shape, completion, completion_page};
pub use diagnostics::{diagnostics, is_module, syntax_diagnostics};
pub use document_hover::document_hover;
pub use document_links::{Link, LinkTo, document_links};
pub use document_symbols::document_symbols;
pub use folding_ranges::{Fold, FoldKind, folding_ranges};
pub use formatting::{formatting, on_type_formatting, range_formatting};
pub use goto_declaration::goto_declaration;
pub use goto_definition::{Definition, goto_definition};
pub use goto_implementation::{goto_implementation, implementations};
pub use goto_type_definition::goto_type_definition;
pub use hover::{Hover, hover, hover_with};
pub use inlay_hints::{Hint, HintKind, HintKinds, inlay_hints};
pub use linked_editing::linked_editing;
pub use mandate_semantics::{CitingRule, Kind, Place, Symbol, SymbolKind, Target};
pub use meant::{Meant, meant};
pub use proofs::{Change, Proven, is_conflict, proven};
pub use references::{Access, document_highlight, references};
pub use rename::{Edits, Group, Refusal, Renamable, prepare_rename, rename};
pub use rule_graph::{GraphEdge, GraphNode, Relation, RuleGraph, rule_graph};
pub use scenario_text::{Unwritable, scenario_module};
pub use scenarios::{
    ScenarioMessage, ScenarioOutcome, ScenarioPlace, ScenarioRun, ScenarioRuns, scenario_runs, scenarios, scenarios_of,
};
pub use selection_range::selection_range;
pub use semantic_tokens::{Modifiers, Token, TokenType, semantic_tokens};
pub use signature_help::{SignatureHelp, signature_help};
pub use trials::{Shown, Trials, trials};
pub use why::{Truth, Why, WhyAsked, why};
pub use will_rename_files::will_rename_files;
pub use workspace_symbols::{Found, workspace_symbols};
