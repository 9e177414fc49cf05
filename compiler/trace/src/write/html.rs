//! A page for a browser, whole in itself: no script, nothing from elsewhere.

use super::{Options, kind, listed, origin, share, through};
use crate::model::{DocumentTrace, PassageTrace, State, Trace};
use mandate_render::safe::html as escape;
use std::io::{self, Write};

/// Colours have a contrast of at least 7 to 1, and say nothing that words do not say.
const STYLE: &str = "
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1b; --line: #767676; --open: #7a1f00; --head: #f0f0f0; }
@media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #f2f2f2; --line: #9a9a9a; --open: #ffb59c; --head: #2a2a2a; } }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { background: var(--head); }
td ul { margin: 0; padding-left: 1.2rem; }
.state { min-width: 8rem; }
.words { min-width: 16rem; }
.rules { min-width: 14rem; max-width: 24rem; }
.scenarios { min-width: 10rem; }
caption { position: sticky; left: 0; }
.open { color: var(--open); font-weight: 600; }
a:focus-visible, .table:focus-visible { outline: 3px solid var(--open); }
@media print { .table { overflow: visible; } thead { display: table-header-group; } tr { break-inside: avoid; } }
";

pub(super) fn write(trace: &Trace, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let title = "Passages and the rules that carry them";
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>")?;
    writeln!(out, "<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>")?;
    if trace.documents.len() > 1 {
        writeln!(out, "<nav aria-label=\"Documents\">\n<ul>")?;
        for (number, document) in trace.documents.iter().enumerate() {
            writeln!(
                out,
                "<li><a href=\"#document-{number}\">{}</a>: {}</li>",
                escape(&document.title),
                share(document)
            )?;
        }
        writeln!(out, "</ul>\n</nav>")?;
    }
    for (number, document) in trace.documents.iter().enumerate() {
        section(number, document, options, out)?;
    }
    if options.lists_unsourced() && !trace.without_source.is_empty() {
        writeln!(
            out,
            "<section aria-labelledby=\"unsourced\">\n<h2 id=\"unsourced\">Rules without a source</h2>\n<ul>"
        )?;
        for rule in &trace.without_source {
            let said = format!("{} ({}, {})", rule.title, kind(rule), origin(&rule.origin));
            writeln!(out, "<li><code>{}</code> {}</li>", escape(&rule.name), escape(&said))?;
        }
        writeln!(out, "</ul>\n</section>")?;
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

fn section(number: usize, document: &DocumentTrace, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let id = format!("document-{number}");
    writeln!(out, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>", escape(&document.title))?;
    writeln!(
        out,
        "<p><code>{}</code>, {}: {}.</p>",
        escape(&document.source),
        escape(&document.file),
        escape(&share(document))
    )?;
    let passages = listed(document, options);
    if !passages.is_empty() {
        // What can be scrolled must be reached by keyboard, and says what it is.
        writeln!(
            out,
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-labelledby=\"passages-{number}\">\n<table>"
        )?;
        writeln!(
            out,
            "<caption id=\"passages-{number}\">Passages of {}, open ones first</caption>",
            escape(&document.title)
        )?;
        let head = ["Passage", "Page", "Line", "State", "Words", "Rules", "Scenarios"];
        let cells: String = head.iter().map(|cell| format!("<th scope=\"col\">{cell}</th>")).collect();
        writeln!(out, "<thead><tr>{cells}</tr></thead>\n<tbody>")?;
        passages.into_iter().try_for_each(|passage| row(passage, out))?;
        writeln!(out, "</tbody>\n</table>\n</div>")?;
    }
    if options.lists_nameless() && !document.nameless.is_empty() {
        writeln!(out, "<h3>Sounds like a norm, and has no name by which a rule could cite it</h3>\n<ul>")?;
        for block in &document.nameless {
            writeln!(out, "<li>{}: {}</li>", super::place(block.page, block.line), escape(&block.text))?;
        }
        writeln!(out, "</ul>")?;
    }
    if options.only.is_none() && !document.whole.is_empty() {
        let rules: Vec<String> =
            document.whole.iter().map(|rule| format!("<code>{}</code>", escape(&rule.name))).collect();
        writeln!(out, "<p>Cited as a whole by {}.</p>", rules.join(", "))?;
    }
    writeln!(out, "</section>")
}

fn row(passage: &PassageTrace, out: &mut dyn Write) -> io::Result<()> {
    let state = match (passage.state, &passage.sounds) {
        (State::Open, Some(sounds)) => format!("<span class=\"open\">open</span>: {}", escape(sounds)),
        (State::NotARule, _) => escape(&format!("not a rule: {}", passage.reason.as_deref().unwrap_or_default())),
        (state, _) => state.word().to_owned(),
    };
    let rules = passage.rules.iter().map(|rule| {
        let through = through(rule).map_or_else(String::new, |through| format!(" ({})", escape(&through)));
        format!("<code>{}</code> {}{through}", escape(&rule.name), escape(&rule.title))
    });
    let words: Vec<String> = passage.text.lines().map(escape).collect();
    let page = passage.page.map_or_else(String::new, |page| page.to_string());
    write!(
        out,
        "<tr><th scope=\"row\"><code>{}</code></th><td>{page}</td><td>{}</td>",
        escape(&passage.name),
        passage.line
    )?;
    write!(out, "<td class=\"state\">{state}</td><td class=\"words\">{}</td>", words.join("<br>"))?;
    write!(out, "<td class=\"rules\">{}</td>", list(rules.collect()))?;
    writeln!(
        out,
        "<td class=\"scenarios\">{}</td></tr>",
        list(passage.scenarios.iter().map(|s| escape(&s.title)).collect())
    )
}

fn list(items: Vec<String>) -> String {
    match items.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        many => format!("<ul>{}</ul>", many.iter().map(|item| format!("<li>{item}</li>")).collect::<String>()),
    }
}
