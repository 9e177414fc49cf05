//! Documents that other programs wrote: see `fixtures/README.md`.

use mandate_documents::Document;
use mandate_import::{Hints, Imported, Origin, import, read};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

fn imported(name: &str, earlier: Option<&Document>) -> Imported {
    let bytes = fixture(name);
    let reading = read(&bytes, &Hints { name: Some(name.to_owned()), ..Hints::default() }).expect("read");
    import(reading, Origin { bytes: &bytes, file: Some(name), title: None }, earlier)
}

/// What both the DOCX and the PDF give.
const POLICY: &str = "1 camp_policy_of_larch_hill: Camp policy of Larch Hill
1 camp_policy_of_larch_hill.p1: This policy was invented for tests. It is kept at the gate, and everybody who stays in the camp for more than a night is given a copy of it in a language that they read.
1 chapter_i: Chapter I Warning and care
1 art_1: Article 1 Warning
1 art_1.1: 1. The duty officer warns everybody in the camp of a threat without delay:
1 art_1.1.a: (a) by siren, unless the siren would lead the threat to the camp;
1 art_1.1.b: (b) by runner, where people sleep behind the orchard and hear no siren.
1 art_1.2: 2. Nobody is left behind when the camp is cleared.
1 art_1.p1: The duty officer keeps a log of every warning, with the hour and the words that were used, and hands it over when the watch changes.
1 art_2: Article 2 Care
1 art_2.p1: The camp keeps ready at all times:
1 art_2.i1: water for three days;
1 art_2.i2: blankets and lamps; and
1 art_2.i3: a room in which a doctor can work.
2 chapter_ii: Chapter II The watch
2 art_3: Article 3 Who stands where
2 art_3.1: 1. Each gate is watched by day and by night.
2 art_3.2: 2. The table says who stands where.
2 art_3.i1: Gate | Watch
2 art_3.i2: North gate | two guards
2 art_3.i3: River gate | one guard and a dog
3 annex_a: Annex A Forms
3 annex_a.p1: A warning is written down as it was given, so that whoever reads the log a year later understands what was known at the time, who knew it, and what was done about it before the watch changed.
";

/// Page, anchor and words of each block.
fn listed(text: &str) -> String {
    let document = Document::read(text);
    assert_eq!(document.repeated(), []);
    let line = |block: &mandate_documents::Block| {
        format!("{} {}: {}\n", block.page.unwrap_or(0), block.name.as_deref().unwrap_or("-"), block.text)
    };
    document.blocks.iter().map(line).collect()
}

#[test]
fn a_word_document_by_another_program_with_anchors_and_pages() {
    let imported = imported("camp-policy.docx", None);
    assert_eq!(listed(&imported.text), POLICY);
    assert_eq!((imported.headings, imported.passages, imported.pages), (7, 16, Some(3)));
    assert_eq!(imported.title.as_deref(), Some("Camp policy of Larch Hill"));
}

#[test]
fn a_pdf_by_another_program_with_anchors_and_pages() {
    let imported = imported("camp-policy.pdf", None);
    assert_eq!(listed(&imported.text), POLICY);
    assert_eq!((imported.headings, imported.passages, imported.pages), (7, 16, Some(3)));
}

#[test]
fn the_same_bytes_give_the_same_file_and_another_form_keeps_every_anchor() {
    let first = imported("camp-policy.docx", None);
    assert_eq!(imported("camp-policy.docx", None).text, first.text);
    let again = imported("camp-policy.docx", Some(&Document::read(&first.text)));
    assert_eq!(again.text, first.text);
    let pdf = imported("camp-policy.pdf", Some(&Document::read(&first.text)));
    assert_eq!((pdf.kept, pdf.fresh.len(), pdf.gone.len()), (23, 0, 0));
    assert!(pdf.text.contains("format: pdf\n"));
}

#[test]
fn a_passage_file_imported_as_markdown_is_itself() {
    let first = imported("camp-policy.docx", None);
    let hints = Hints { name: Some("x.md".to_owned()), ..Hints::default() };
    let reading = read(first.text.as_bytes(), &hints).expect("read");
    let again = import(reading, Origin { bytes: first.text.as_bytes(), file: None, title: None }, None);
    assert_eq!(listed(&again.text), POLICY);
}

#[test]
fn a_pdf_that_only_forbids_changes_can_be_read() {
    let imported = imported("restricted.pdf", None);
    assert_eq!(listed(&imported.text), "1 p1: Lights burn at night.\n");
}
