//! Akoma Ntoso, the XML vocabulary of parliaments and of the United Nations for laws, resolutions and reports.

use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use crate::gather::Gather;
use crate::xml;
use mandate_documents::BlockKind;
use roxmltree::Node;

/// What stands above its parts as a heading if it has a heading or a number in words.
const DIVISIONS: [&str; 22] = [
    "alinea",
    "annex",
    "article",
    "attachment",
    "book",
    "chapter",
    "clause",
    "division",
    "hcontainer",
    "level",
    "list",
    "paragraph",
    "part",
    "proviso",
    "rule",
    "section",
    "subchapter",
    "subdivision",
    "subpart",
    "subsection",
    "title",
    "tome",
];

/// What is numbered, and is a passage with its first words.
const NUMBERED: [&str; 14] = [
    "clause",
    "indent",
    "item",
    "level",
    "paragraph",
    "point",
    "recital",
    "subclause",
    "subparagraph",
    "subrule",
    "tblock",
    "transitional",
    "alinea",
    "citation",
];

/// What is no part of the text.
const DROPPED: [&str; 8] = ["meta", "authorialNote", "toc", "coverPage", "img", "noteRef", "eol", "marker"];

/// Reads a document of any type of the vocabulary.
pub(crate) fn read(text: &str) -> Result<Reading, Fault> {
    let document = xml::parse(text, Form::Akn)?;
    let root = document.root_element();
    if root.tag_name().name() != "akomaNtoso" {
        return Err(Fault::broken(Form::Akn, "its outermost element is not `akomaNtoso`"));
    }
    let mut walk = Walk { gather: Gather::default(), pending: None, level: 0, items: 0 };
    let titled =
        root.descendants().find(|node| node.tag_name().name() == "docTitle" || node.tag_name().name() == "shortTitle");
    let title = titled.map(words).or_else(|| alias(root));
    walk.children(root, 0)?;
    walk.settle();
    walk.gather.finish(Form::Akn, title, None)
}

fn alias(root: Node<'_, '_>) -> Option<String> {
    let alias = root.descendants().find(|node| matches!(node.tag_name().name(), "FRBRalias" | "FRBRtitle"))?;
    alias.attribute("value").map(str::to_owned)
}

struct Walk {
    gather: Gather,
    /// A number that waits for its words, with the name of its element.
    pending: Option<(String, BlockKind, Option<String>)>,
    level: u8,
    items: u8,
}

impl Walk {
    fn children(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), Fault> {
        if depth > xml::DEEPEST {
            return Err(Fault::too_large("nests its elements too deeply"));
        }
        for child in node.children().filter(Node::is_element) {
            self.element(child, depth + 1)?;
            if self.gather.is_full() {
                break;
            }
        }
        Ok(())
    }

    fn element(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), Fault> {
        let name = node.tag_name().name();
        match name {
            name if DROPPED.contains(&name) => Ok(()),
            // Said by the element around them.
            "num" | "heading" | "subheading" if is_titled(node) => Ok(()),
            "longTitle" | "docTitle" => {
                let first = self.gather.is_empty();
                self.block(if first { BlockKind::Heading(1) } else { BlockKind::Paragraph }, &words(node));
                self.level = self.level.max(1);
                Ok(())
            }
            "p" | "block" | "heading" | "num" | "subheading" | "crossHeading" | "listIntroduction" | "listWrapUp"
            | "docAuthority" | "wrapUp"
                if !has_blocks(node) =>
            {
                self.paragraph(node, name);
                Ok(())
            }
            "tr" => {
                let cells = node.children().filter(Node::is_element).map(words);
                let cells: Vec<String> = cells
                    .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
                    .filter(|cell| !cell.is_empty())
                    .collect();
                self.block(BlockKind::Item(0), &cells.join(" | "));
                Ok(())
            }
            "li" => self.inside(node, String::new(), depth),
            name if is_division(node, name) => self.division(node, depth),
            name if NUMBERED.contains(&name) || child(node, "num").is_some() => {
                let number = child(node, "num").map(words).unwrap_or_default();
                self.inside(node, number, depth)
            }
            _ if is_leaf(node) => {
                self.block(BlockKind::Paragraph, &words(node));
                Ok(())
            }
            _ => self.children(node, depth),
        }
    }

    /// A part with a heading of its own.
    fn division(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), Fault> {
        self.settle();
        let parts = ["num", "heading", "subheading"].into_iter().filter_map(|part| child(node, part)).map(words);
        let text =
            parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        self.level += 1;
        let items = std::mem::take(&mut self.items);
        self.gather.add_named(BlockKind::Heading(self.level), &text, None);
        let done = self.children(node, depth);
        self.settle();
        self.level -= 1;
        self.items = items;
        done
    }

    /// A numbered passage: its number waits for the first words inside.
    fn inside(&mut self, node: Node<'_, '_>, number: String, depth: usize) -> Result<(), Fault> {
        self.settle();
        let number = number.trim();
        // A bare number is read like one with a full stop.
        let bare = !number.is_empty() && number.chars().all(char::is_alphanumeric) && number.len() <= 4;
        let number = if bare { format!("{number}.") } else { number.to_owned() };
        let hint = if number.is_empty() { hint(node) } else { None };
        self.pending = Some((number, BlockKind::Item(self.items), hint));
        self.items = self.items.saturating_add(1);
        let done = if is_leaf(node) {
            self.block(BlockKind::Paragraph, &words(node));
            Ok(())
        } else {
            self.children(node, depth)
        };
        self.settle();
        self.items -= 1;
        done
    }

    fn paragraph(&mut self, node: Node<'_, '_>, name: &str) {
        let kind = match name {
            "heading" | "crossHeading" | "subheading" => BlockKind::Heading(self.level + 1),
            _ => BlockKind::Paragraph,
        };
        self.block(kind, &words(node));
    }

    fn block(&mut self, kind: BlockKind, text: &str) {
        match self.pending.take() {
            Some((number, item, hint)) => self.gather.add_named(item, &format!("{number} {text}"), hint),
            None => self.gather.add(kind, text),
        }
    }

    /// A number without words is a passage by itself.
    fn settle(&mut self) {
        if let Some((number, kind, hint)) = self.pending.take() {
            self.gather.add_named(kind, &number, hint);
        }
    }
}

fn is_division(node: Node<'_, '_>, name: &str) -> bool {
    let worded = |num: Node<'_, '_>| {
        words(num).split_whitespace().next().is_some_and(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2)
    };
    DIVISIONS.contains(&name) && (child(node, "heading").is_some() || child(node, "num").is_some_and(worded))
}

/// Whether a number or heading belongs to the element around it.
fn is_titled(node: Node<'_, '_>) -> bool {
    node.parent().is_some_and(|parent| {
        let name = parent.tag_name().name();
        is_division(parent, name) || (node.tag_name().name() == "num")
    })
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// Elements that stand inside a line.
const INLINE: [&str; 30] = [
    "a",
    "abbr",
    "b",
    "date",
    "def",
    "del",
    "docDate",
    "docNumber",
    "docProponent",
    "docTitle",
    "docType",
    "docStage",
    "entity",
    "i",
    "ins",
    "inline",
    "location",
    "mref",
    "object",
    "organization",
    "person",
    "placeholder",
    "quantity",
    "ref",
    "remark",
    "role",
    "rref",
    "span",
    "sub",
    "sup",
];

fn has_blocks(node: Node<'_, '_>) -> bool {
    let inside = node.children().filter(Node::is_element).map(|child| child.tag_name().name());
    inside.into_iter().any(|name| {
        !INLINE.contains(&name)
            && !DROPPED.contains(&name)
            && !matches!(name, "u" | "term" | "time" | "event" | "concept")
    })
}

/// Whether it has words and nothing but inline elements.
fn is_leaf(node: Node<'_, '_>) -> bool {
    !has_blocks(node)
        && node.children().any(|child| child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty()))
}

/// The words inside, without notes.
fn words(node: Node<'_, '_>) -> String {
    let dropped = |text: &Node<'_, '_>| {
        text.ancestors().take_while(|around| *around != node).any(|around| DROPPED.contains(&around.tag_name().name()))
    };
    let texts = node.descendants().filter(Node::is_text).filter(|text| !dropped(text));
    texts.filter_map(|text| text.text()).collect::<Vec<_>>().join("")
}

/// `art_4.para_2` for the identifier `art_4__para_2`.
fn hint(node: Node<'_, '_>) -> Option<String> {
    node.attribute("eId").map(|id| id.replace("__", ".").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::testing::outline;

    const ORDER: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="order">
<meta><identification source="#x"><FRBRWork><FRBRthis value="/x"/></FRBRWork></identification></meta>
<preface><longTitle><p>Order on the <docTitle>Camp of Larch Hill</docTitle></p></longTitle></preface>
<body><chapter eId="chp_1"><num>Chapter I</num><heading>Warning</heading>
<article eId="art_4"><num>Article 4</num><heading>Siren</heading>
<paragraph eId="art_4__para_1"><num>1.</num><list><intro><p>Everybody is told<authorialNote><p>a note</p></authorialNote>:</p></intro>
<point eId="art_4__para_1__point_a"><num>(a)</num><content><p>by <i>siren</i>;</p></content></point>
<point><num>(b)</num><content><p>by runner.</p></content></point></list></paragraph>
<paragraph eId="art_4__para_2"><num>2</num><content><p>Nobody is left.</p><p>Never.</p></content></paragraph>
<paragraph eId="art_4__para_x"><content><p>Unnumbered.</p></content></paragraph>
</article><article><num>Article 5</num><content><p>The log is kept.</p></content></article></chapter></body></act></akomaNtoso>"##;

    #[test]
    fn the_hierarchy_gives_headings_and_items() {
        let reading = read(ORDER).expect("read");
        assert_eq!(
            outline(&reading),
            "# Order on the Camp of Larch Hill\n## Chapter I Warning\n### Article 4 Siren\n- 1. Everybody is told:\n  - (a) by siren;\n  - (b) by runner.\n- 2. Nobody is left.\nNever.\n- Unnumbered.\n### Article 5\nThe log is kept.\n"
        );
        assert_eq!(reading.title.as_deref(), Some("Camp of Larch Hill"));
        assert_eq!(
            reading.blocks.iter().filter_map(|block| block.hint.as_deref()).collect::<Vec<_>>(),
            ["art_4.para_x"]
        );
    }

    #[test]
    fn doctypes_and_entities_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"xx\"><!ENTITY c \"&b;&b;\">]><akomaNtoso>&c;</akomaNtoso>";
        assert_eq!(read(bomb).expect_err("refused").code.id, "E225");
        let outside = "<!DOCTYPE a SYSTEM \"file:///etc/hosts\"><akomaNtoso/>";
        assert_eq!(read(outside).expect_err("refused").code.id, "E225");
        assert_eq!(read("<akomaNtoso><body>").expect_err("broken").code.id, "E220");
        let deep = format!("<akomaNtoso>{}x{}</akomaNtoso>", "<div>".repeat(50_000), "</div>".repeat(50_000));
        assert_eq!(read(&deep).expect_err("deep").code.id, "E223");
    }
}
