//! The fenced blocks of a Markdown text.

/// A fenced block: ```` ```mandate wrong file=sites.mandate ````.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'t> {
    /// First word after the fence: `mandate`.
    pub language: &'t str,
    /// The other words: `wrong`, `file=sites.mandate`.
    pub words: Vec<&'t str>,
    /// What stands between the fences, with its last line end.
    pub text: &'t str,
    /// Line of the opening fence, from 1.
    pub line: usize,
    /// The heading above, without its marks; empty before the first.
    pub section: &'t str,
}

impl<'t> Block<'t> {
    /// Whether `word` stands after the language.
    pub fn is(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    /// The name after `file=`.
    pub fn file(&self) -> Option<&'t str> {
        self.words.iter().find_map(|word| word.strip_prefix("file="))
    }
}

/// Every fenced block, in order. A fence that is not closed runs to the end.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    // The block that is open: its block so far, and the byte where its text begins.
    let mut open: Option<(Block<'_>, usize)> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        match (&mut open, bare.strip_prefix("```")) {
            (Some((block, from)), Some("")) => {
                block.text = &text[*from..start];
                found.extend(open.take().map(|(block, _)| block));
            }
            (None, Some(info)) => {
                let mut words = info.split_whitespace();
                let language = words.next().unwrap_or("");
                open = Some((Block { language, words: words.collect(), text: "", line: number + 1, section }, at));
            }
            (None, None) if bare.starts_with('#') => section = bare.trim_start_matches('#').trim(),
            _ => {}
        }
    }
    if let Some((mut block, from)) = open {
        block.text = &text[from..];
        found.push(block);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_their_words_their_line_and_their_heading() {
        let text =
            "# One\n\n```mandate wrong file=a.mandate\nx\n\ny\n```\n## Two\n```yaml\n# no heading\n```\n```text\nopen";
        let all = blocks(text);
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].language, all[0].file(), all[0].text), ("mandate", Some("a.mandate"), "x\n\ny\n"));
        assert!(all[0].is("wrong") && !all[0].is("right"));
        assert_eq!((all[0].line, all[0].section), (3, "One"));
        assert_eq!((all[1].line, all[1].section, all[1].text), (9, "Two", "# no heading\n"));
        assert_eq!((all[2].section, all[2].text), ("Two", "open"));
    }
}
