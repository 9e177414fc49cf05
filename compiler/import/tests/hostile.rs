//! What is broken, locked, endless or empty ends as a fault with a code, in bounded time.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use mandate_import::{Form, Hints, Reading, read};
use proptest::prelude::*;
use std::io::Write;
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

fn read_named(bytes: &[u8], name: &str) -> Result<Reading, mandate_import::Fault> {
    read(bytes, &Hints { name: Some(name.to_owned()), ..Hints::default() })
}

/// The code of the fault, and how long it took to find.
fn refused(bytes: &[u8], name: &str) -> &'static str {
    let begun = Instant::now();
    let fault = read_named(bytes, name).expect_err("refused");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert!(!fault.message.is_empty() && !fault.help.is_empty());
    fault.code.id
}

/// A PDF of these objects, numbered from 1, the first of which is the catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", number + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dictionary} /Length {} >>\nstream\n", content.len()).into_bytes();
    out.extend(content);
    out.extend(b"\nendstream");
    out
}

/// A PDF of one page with this content and these resources; more objects follow from 5.
fn page(content: Vec<u8>, resources: &str, more: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << {resources} >> >>")
            .into_bytes(),
        content,
    ];
    objects.extend(more);
    pdf(&objects)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

const FONT: &str = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

#[test]
fn a_small_pdf_of_the_tests_own_is_read() {
    let content = stream("", b"BT /F1 12 Tf 50 700 Td (Lights burn at night.) Tj ET");
    let reading = read_named(&page(content, FONT, Vec::new()), "a.pdf").expect("read");
    assert_eq!((reading.blocks[0].text.as_str(), reading.pages), ("Lights burn at night.", Some(1)));
}

#[test]
fn pdfs_that_are_locked_cut_off_or_scanned() {
    assert_eq!(refused(&fixture("locked.pdf"), "a.pdf"), "E221");
    let whole = fixture("camp-policy.pdf");
    for part in [20, 300, whole.len() / 2] {
        assert_eq!(refused(&whole[..part], "a.pdf"), "E220", "{part}");
    }
    assert_eq!(refused(&page(stream("", b"0 0 100 100 re f"), "", Vec::new()), "a.pdf"), "E222");
    assert_eq!(refused(b"%PDF-1.7 and nothing else", "a.pdf"), "E220");
}

#[test]
fn pdfs_that_lead_their_reader_in_circles() {
    let itself = "/XObject << /X 5 0 R >>";
    let form = stream(&format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << {itself} >>"), b"/X Do");
    assert_eq!(refused(&page(stream("", b"/X Do"), itself, vec![form]), "a.pdf"), "E220");
    // One that uses the names around it.
    let form = stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"/X Do");
    assert_eq!(refused(&page(stream("", b"/X Do"), itself, vec![form]), "a.pdf"), "E220");
    let parents = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_vec(),
        stream("", b"BT ET"),
    ]);
    assert_eq!(refused(&parents, "a.pdf"), "E220");
}

#[test]
fn bombs_in_pdf_and_docx() {
    let much = packed(&vec![b' '; 450_000_000]);
    assert_eq!(refused(&page(stream("/Filter /FlateDecode", &much), FONT, Vec::new()), "a.pdf"), "E223");
    let twice = packed(&much);
    assert_eq!(
        refused(&page(stream("/Filter [/FlateDecode /FlateDecode]", &twice), FONT, Vec::new()), "a.pdf"),
        "E223"
    );
    assert_eq!(refused(&docx("word/document.xml", &vec![b' '; 70_000_000]), "a.docx"), "E223");
}

/// A container with one part.
fn docx(name: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(name, SimpleFileOptions::default()).expect("begun");
    zip.write_all(content).expect("written");
    zip.finish().expect("ended").into_inner()
}

#[test]
fn word_documents_that_are_none() {
    let whole = fixture("camp-policy.docx");
    assert_eq!(refused(&whole[..whole.len() / 2], "a.docx"), "E220");
    assert_eq!(refused(&docx("word/styles.xml", b"<a/>"), "a.docx"), "E220");
    assert_eq!(refused(&docx("word/document.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "a.docx"), "E225");
    assert_eq!(refused(&docx("word/document.xml", b"<w:document"), "a.docx"), "E220");
    let deep = format!("<document><body>{}{}</body></document>", "<x>".repeat(100_000), "</x>".repeat(100_000));
    assert_eq!(refused(&docx("word/document.xml", deep.as_bytes()), "a.docx"), "E223");
    assert_eq!(refused(&docx("word/document.xml", b"<document><body><p/></body></document>"), "a.docx"), "E222");
    let mut locked = b"\xD0\xCF\x11\xE0".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&locked, "a.docx"), "E221");
}

#[test]
fn text_that_is_none_or_too_much() {
    assert_eq!(refused(b"", "a.txt"), "E222");
    assert_eq!(refused(b" \n\x0c\n --- \n", "a.txt"), "E222");
    assert_eq!(refused(&[0xFF, 0xD8, 0xFF, 0], "a.txt"), "E219");
    assert_eq!(refused(b"politique g\xE9n\xE9rale", "a.txt"), "E224");
    assert_eq!(refused(&vec![b'a'; 33_000_000], "a.txt"), "E223");
    assert_eq!(refused("a\n\n".repeat(150_000).as_bytes(), "a.txt"), "E223");
    assert_eq!(refused("<div>".repeat(500_000).as_bytes(), "a.html"), "E223");
    let quoted = format!("{}x", "> ".repeat(500_000));
    assert_eq!(read_named(quoted.as_bytes(), "a.md").expect("read").blocks.len(), 1);
}

fn any_form() -> impl Strategy<Value = Option<Form>> {
    prop::sample::select(Form::ALL.iter().copied().map(Some).chain([None]).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000), form in any_form()) {
        let begun = Instant::now();
        let _ = read(&bytes, &Hints { form, ..Hints::default() });
        prop_assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn changed_documents_are_read_or_refused(
        which in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12),
    ) {
        let mut bytes = match which {
            0 => fixture("camp-policy.pdf"),
            1 => fixture("camp-policy.docx"),
            2 => fixture("restricted.pdf"),
            _ => fixture("camp-policy.fodt"),
        };
        for (at, byte, what) in changes {
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, byte),
                _ => bytes[at] ^= 1 << (byte % 8),
            }
        }
        let form = (which == 3).then_some(Form::Html);
        let begun = Instant::now();
        let _ = read(&bytes, &Hints { form, ..Hints::default() });
        prop_assert!(begun.elapsed() < Duration::from_secs(10));
    }

    /// Inside the container and the streams, where changes of the packed bytes never get.
    #[test]
    fn changed_parts_are_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), "[<>/a-z0-9\" =]{0,8}"), 1..8)) {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(fixture("camp-policy.docx"))).expect("a container");
        let mut made = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).expect("a part");
            let mut text = String::new();
            std::io::Read::read_to_string(&mut part, &mut text).expect("text");
            for (place, put) in &changes {
                let place = place.index(text.len());
                if text.is_char_boundary(place) {
                    text.insert_str(place, put);
                }
            }
            made.start_file(part.name().expect("a name").into_owned(), SimpleFileOptions::default()).expect("begun");
            made.write_all(text.as_bytes()).expect("written");
        }
        let _ = read_named(&made.finish().expect("ended").into_inner(), "a.docx");
    }

    #[test]
    fn any_content_of_a_page_is_read_or_refused(content in "([0-9.-]{1,4} |/F1 |\\[|\\]|\\(a\\) |<41> |Tf |Td |Tj |TJ |Tm |BT |ET |q |Q |cm |' |\" |Do |gs |cs |sc |re |BI |ID |EI ){0,40}") {
        let _ = read_named(&page(stream("", content.as_bytes()), FONT, Vec::new()), "a.pdf");
    }

    #[test]
    fn any_text_is_read_in_every_form_of_text(text in "([#>*a-z0-9().|•{} -]{0,12}(\n|\n\n|\u{c}| ))" .prop_map(|s| s.repeat(3)), form in prop::sample::select(vec![Form::Markdown, Form::Html, Form::Text])) {
        let _ = read(text.as_bytes(), &Hints { form: Some(form), ..Hints::default() });
    }
}
