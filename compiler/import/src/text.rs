//! Plain text.

use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use crate::gather::Gather;
use crate::lines::{self, Line};

/// Reads plain text: blank lines part blocks, form feeds part pages, and shape tells headings and items.
pub(crate) fn read(text: &str) -> Result<Reading, Fault> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{b}'], "\n");
    let text = text.trim_end_matches(|c: char| c.is_whitespace());
    let paged = text.contains('\u{c}');
    let mut lines: Vec<Line> = Vec::new();
    let mut pages = 0;
    for page in text.split('\u{c}') {
        pages += 1;
        let mut apart = true;
        for raw in page.split('\n') {
            let words = cells(raw.trim());
            let words = words.as_str();
            if words.is_empty() {
                apart = true;
                continue;
            }
            if let (false, Some(level), Some(above)) = (apart, underline(words), lines.last_mut()) {
                above.underlined = Some(level);
                apart = true;
                continue;
            }
            let indent = raw.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4.0 } else { 1.0 }).sum();
            let page = paged.then_some(pages);
            lines.push(Line { text: words.to_owned(), page, indent, apart, ..Line::default() });
            apart = false;
        }
    }
    let mut gather = Gather::default();
    lines::add(lines, &mut gather);
    gather.finish(Form::Text, None, paged.then_some(pages))
}

/// Cells of a table stand far apart; a number or bullet before its words may, too.
fn cells(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for cell in text.split("    ").map(str::trim).filter(|cell| !cell.is_empty()) {
        if !out.is_empty() {
            out.push_str(if lines::is_mark(&out) { " " } else { " | " });
        }
        out.push_str(cell);
    }
    out
}

/// `=====` below a line makes it a heading, `-----` one of the second level.
fn underline(text: &str) -> Option<u8> {
    let of = |c: char| text.len() >= 3 && text.chars().all(|d| d == c);
    if of('=') {
        Some(1)
    } else if of('-') || of('~') {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::testing::outline;

    #[test]
    fn shape_tells_headings_paragraphs_and_items() {
        let text = "Camp policy\n\nThis policy holds in the\ncamp and on its roads.\n\nWarning and care\n\n  \u{2022} the siren is tested;\n    every day\n  \u{2022} runners stand by.\n\nThe log is kept.\n";
        assert_eq!(
            outline(&read(text).expect("read")),
            "# Camp policy\nThis policy holds in the camp and on its roads.\n## Warning and care\n- the siren is tested; every day\n- runners stand by.\nThe log is kept.\n"
        );
    }

    #[test]
    fn articles_numbers_and_letters_nest() {
        let text = "CAMP RULES\n\nChapter I\nWarning\n\nArticle 4\nSiren\n1. Everybody is told:\n(a) by siren;\n(b) by runner, as said in rule\n(a) of the old order.\n2. Nobody is left.\n\nArticle 5\n\n1. A log is kept.\n";
        assert_eq!(
            outline(&read(text).expect("read")),
            "# CAMP RULES\n## Chapter I Warning\n### Article 4 Siren\n- 1. Everybody is told:\n- (a) by siren;\n- (b) by runner, as said in rule (a) of the old order.\n- 2. Nobody is left.\n### Article 5\n- 1. A log is kept.\n"
        );
    }

    #[test]
    fn lines_without_space_between_them_are_parted_by_their_words() {
        let text = "Order of the camp\nThis order holds in the camp and on all the roads that lead\nto it, by day and by night.\nNobody is exempt.\nArticle 1 Warning\n1.    Everybody in the camp is told of a threat without delay,\nas Article 2 says.\nGuards    two\nDogs      one and a half\n";
        assert_eq!(
            outline(&read(text).expect("read")),
            "# Order of the camp\nThis order holds in the camp and on all the roads that lead to it, by day and by night.\nNobody is exempt.\n## Article 1 Warning\n- 1. Everybody in the camp is told of a threat without delay, as Article 2 says.\n- Guards | two\n- Dogs | one and a half\n"
        );
    }

    #[test]
    fn pages_end_with_form_feeds_and_their_furniture_is_dropped() {
        let page = |n: u32, text: &str| format!("Camp policy, edition 2\n\n{text}\n\nPage {n} of 3\n");
        let text =
            [page(1, "Guards stand at the gate and"), page(2, "at the bridge.\n\nLights burn."), page(3, "Dogs bark.")]
                .join("\u{c}");
        let reading = read(&text).expect("read");
        assert_eq!(outline(&reading), "Guards stand at the gate and at the bridge.\nLights burn.\nDogs bark.\n");
        assert_eq!(reading.pages, Some(3));
        assert_eq!(reading.blocks.iter().map(|block| block.page).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    }
}
