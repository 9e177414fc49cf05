//! `mandate.acceptReview`: the edit of `mandate.lock` that records a review.

use crate::convert::{Places, Settings};
use crate::text::Lines;
use crate::workspace::View;
use mandate_diagnostics::Span;
use mandate_ide::{NoReview, ReviewAsked};
use std::path::Path;
use tower_lsp::ls_types::{TextEdit, WorkspaceEdit};

/// A review that is to be recorded, without the snapshot.
pub(crate) struct Prepared {
    asked: Result<ReviewAsked, NoReview>,
    rule: String,
    places: Places,
    settings: Settings,
}

pub(crate) fn prepare(view: View, rule: &str) -> Prepared {
    let asked = mandate_ide::review_asked(&view.snapshot, &view.path, rule);
    Prepared { asked, rule: rule.to_owned(), places: view.places, settings: view.settings }
}

/// The edit, in the name of whom git knows in the directory of the package; or why there is none, for the user.
pub(crate) fn accepted(prepared: &Prepared) -> Result<WorkspaceEdit, String> {
    let Prepared { asked, rule, places, settings } = prepared;
    let asked = asked.as_ref().map_err(|why| match why {
        NoReview::Lock => "the package keeps no reviews: `mandate source review` begins to".to_owned(),
        NoReview::Rule => format!("there is no rule `{rule}` here that cites a passage"),
    })?;
    if !settings.edits {
        return Err("this editor takes no edits; `mandate source review --accept` records the review".to_owned());
    }
    let path = &asked.path;
    let by = Path::new(&**path).parent().and_then(mandate_project::git_user).ok_or_else(|| {
        "nobody is named as reviewer, and git knows no user here; `mandate source review --by` says who".to_owned()
    })?;
    let uri = places.uri(path).ok_or_else(|| format!("`{path}` cannot be edited"))?;
    let today = jiff::Zoned::now().date().to_string();
    let whole = Span::new(0, asked.text.len() as u32);
    let range = Lines::new(&asked.text).range(&asked.text, whole, settings.encoding);
    let edit = TextEdit::new(range, asked.accepted(&by, &today));
    Ok(WorkspaceEdit { changes: Some([(uri, vec![edit])].into_iter().collect()), ..WorkspaceEdit::default() })
}
