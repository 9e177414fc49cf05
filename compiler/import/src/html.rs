//! HTML, as browsers understand it.

mod walk;

use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use crate::gather::Gather;
use scraper::Html;

/// Reads a page: what stands in `<main>` or its only `<article>`, else in `<body>`, without navigation, scripts and forms.
pub(crate) fn read(text: &str) -> Result<Reading, Fault> {
    if nests_deeper(text, DEEPEST) {
        return Err(Fault::too_large("nests its elements too deeply"));
    }
    let page = Html::parse_document(text);
    let root = page.root_element();
    let named = |name: &str| root.descendent_elements().filter(|e| e.value().name() == name).collect::<Vec<_>>();
    let main =
        root.descendent_elements().find(|e| e.value().name() == "main" || e.value().attr("role") == Some("main"));
    let articles = named("article");
    let article = articles.first().copied().filter(|_| articles.len() == 1);
    let chosen = main.or(article).filter(|e| e.text().any(|text| !text.trim().is_empty()));
    let mut gather = Gather::default();
    walk::add(chosen.unwrap_or(root), &mut gather)?;
    let title = named("h1").first().or(named("title").first()).map(|e| walk::words(*e));
    gather.finish(Form::Html, title, None)
}

/// Adds what stands in a piece of HTML; nothing of one that nests beyond reason.
pub(crate) fn add(text: &str, gather: &mut Gather) {
    if nests_deeper(text, DEEPEST) {
        return;
    }
    // Nothing is lost if it is refused: it does not nest.
    let _ = walk::add(Html::parse_fragment(text).root_element(), gather);
}

/// Most elements around each other. Real pages nest some dozens deep; parsers take the square of it.
const DEEPEST: usize = 2_000;

/// Whether more tags are open at one point than a bound, by a rough count: elements that need no end tag do not count.
fn nests_deeper(text: &str, bound: usize) -> bool {
    const OPEN: [&str; 22] = [
        "p", "li", "br", "img", "hr", "meta", "link", "input", "td", "th", "tr", "dt", "dd", "option", "col", "source",
        "wbr", "area", "base", "tbody", "thead", "param",
    ];
    let mut depth = 0_usize;
    for tag in text.split('<').skip(1) {
        let name = tag.split(|c: char| !(c.is_ascii_alphanumeric() || c == '/')).next().unwrap_or("");
        if name.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !OPEN.contains(&name.to_ascii_lowercase().as_str())
        {
            depth += 1;
        }
        if depth > bound {
            return true;
        }
    }
    false
}

/// The encoding that a page says it has, near its start.
pub(crate) fn charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let said = head.split("charset").nth(1).or_else(|| head.split("encoding").nth(1))?;
    let said = said.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let name: String = said.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')).collect();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::outline;

    #[test]
    fn the_main_part_without_navigation() {
        let page = "<!doctype html><html><head><title>Camp | Site</title><style>p{}</style></head><body><nav><ul><li>Home</ul></nav>\
            <main><h1>Camp policy</h1><script>x()</script><p>All in the <b>ca</b>mp.<br>Always.</p>\
            <ol type=a start=2><li>by siren<li><p>by runner</p><ul><li>at night</ul></ol>\
            <table><tr><th>gate<th>guard<tr><td>north<td>two</table><div>Loose <em>words</em><p>Then</div><aside>Ad</aside></main><footer>Foot</footer>";
        let reading = read(page).expect("read");
        assert_eq!(
            outline(&reading),
            "# Camp policy\nAll in the camp. Always.\n- b. by siren\n- c. by runner\n  - at night\n- gate | guard\n- north | two\nLoose words\nThen\n"
        );
        assert_eq!(reading.title.as_deref(), Some("Camp policy"));
    }

    #[test]
    fn a_page_says_its_encoding() {
        assert_eq!(charset(b"<meta charset='ISO-8859-2'>").as_deref(), Some("iso-8859-2"));
        assert_eq!(charset(b"<meta http-equiv=x content=\"text/html; charset=koi8-r\">").as_deref(), Some("koi8-r"));
        assert_eq!(charset(b"<p>none"), None);
    }

    #[test]
    fn endless_nesting_is_refused_at_once() {
        assert_eq!(read(&"<b>".repeat(1_000_000)).expect_err("deep").code.id, "E223");
        assert!(read(&"<p>a<p>b<br>".repeat(5_000)).is_ok());
    }
}
