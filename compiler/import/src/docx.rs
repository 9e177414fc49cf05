//! Word documents (DOCX, Office Open XML).

mod body;
pub(crate) mod number;
mod numbering;
mod package;
mod styles;

use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use crate::xml;
use body::Body;
use numbering::Numbering;
use package::Package;
use roxmltree::Node;
use styles::Styles;

/// Reads a Word document: headings by their styles and outline levels, automatic numbers as words, tables row by row, pages where Word noted
/// them when it saved the document.
pub(crate) fn read(bytes: &[u8]) -> Result<Reading, Fault> {
    let mut package = Package::open(bytes)?;
    let main = package.main();
    let Some(text) = package.part(&main)? else { return Err(Fault::broken(Form::Docx, "its text is missing")) };
    let styles = package.part(&package::beside(&main, "styles.xml"))?;
    let numbering = package.part(&package::beside(&main, "numbering.xml"))?;
    let properties = package.part("docProps/app.xml")?;
    let styles = styles.as_deref().map(Styles::read).transpose()?.unwrap_or_default();
    let numbering = numbering.as_deref().map(|text| Numbering::read(text, &styles)).transpose()?.unwrap_or_default();
    let document = xml::parse(&text, Form::Docx)?;
    let known = properties.as_deref().and_then(pages);
    Body::new(&styles, numbering, known).read(document.root_element())
}

/// The number of pages that the program noted.
fn pages(text: &str) -> Option<u32> {
    let document = xml::parse(text, Form::Docx).ok()?;
    let pages = document.descendants().find(|node| is(*node, "Pages"))?;
    pages.text()?.trim().parse().ok()
}

/// Whether it is the element of this name, in whichever of the two namespaces of the format.
fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| is(*child, name))
}

/// The attribute of this name, in whichever namespace.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// The attribute `val` of a child.
fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).and_then(|child| attribute(child, "val"))
}

/// A switch such as `<w:vanish/>`: on unless it says otherwise.
fn switched(node: Node<'_, '_>, name: &str) -> bool {
    child(node, name).is_some_and(|child| !matches!(attribute(child, "val"), Some("0" | "false" | "off" | "none")))
}
