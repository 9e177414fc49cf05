//! `mandate source import` as people meet it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn mandate(dir: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mandate"))
        .current_dir(dir)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that needs no input may not wait for it.
    let _ = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../import/tests/fixtures").join(name)
}

/// A package with nothing in it but one source, which a passage file is yet to be imported for.
fn package() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("mandate.toml"), "[package]\nname = \"camp\"\nversion = \"1.0.0\"\nedition = \"2026\"\n")
        .expect("written");
    dir
}

const ORDER: &str = "Order of the camp\n\nArticle 1 Gate\n\n1. Guards stand at the gate.\n\n2. Lights burn at night.\n\nThe log is kept by the duty officer.\n";

#[test]
fn an_imported_document_can_be_cited_and_quoted() {
    let dir = package();
    let file = fixture("camp-policy.pdf");
    let made = mandate(dir.path(), &["source", "import", &file.to_string_lossy()], b"");
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let said = stdout(&made);
    assert!(said.contains("7 headings, 16 passages on 3 pages"), "{said}");
    // The declaration is complete but for the force, which the author gives.
    let from = said.find("source camp_policy {").expect("a declaration");
    let declared = &said[from..said.find("Then a rule").expect("an example")];
    let module = |declared: &str| {
        format!(
            r#"{declared}
record Unit key id {{ id: Text }}
record Threat key id at seen_at {{ id: Text, seen_at: Time, watch: Unit }}
record Siren key id at at {{ id: Text, threat: Threat, by: Unit, at: Time }}
action warn(t: Threat) {{
  evidence s: Siren where s.threat == t by s.by
}}
rule warn_everybody "Warn everybody" {{
  cites camp_policy#art_1.1 "The duty officer warns everybody in the camp of a threat without delay"
  for each t: Threat
  t.watch must warn(t) within 10 minutes after t.seen_at
}}
"#
        )
    };
    fs::write(dir.path().join("camp.mandate"), module(declared)).expect("written");
    assert_ne!(mandate(dir.path(), &["check"], b"").status.code(), Some(0));
    fs::write(dir.path().join("camp.mandate"), module(&declared.replace("force    //", "force order //")))
        .expect("written");
    let checked = mandate(dir.path(), &["check"], b"");
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    assert!(stdout(&checked).contains("no errors, no warnings"), "{}", stdout(&checked));
}

#[test]
fn a_second_import_keeps_anchors_and_retires_what_is_gone() {
    let dir = package();
    let file = dir.path().join("Order 7.txt");
    fs::write(&file, ORDER).expect("written");
    assert_eq!(mandate(dir.path(), &["source", "import", "Order 7.txt"], b"").status.code(), Some(0));
    let written = dir.path().join("sources/order-7.md");
    let first = fs::read_to_string(&written).expect("written");
    assert!(
        first.contains("2. Lights burn at night. {#art_1.2}") && first.contains("imported from: Order 7.txt\n"),
        "{first}"
    );
    let again = mandate(dir.path(), &["source", "import", "Order 7.txt"], b"");
    assert!(stdout(&again).contains("nothing has changed"), "{}", stdout(&again));
    assert_eq!(fs::read_to_string(&written).expect("written"), first);
    let changed = ORDER
        .replace("1. Guards stand at the gate.\n\n2. Lights burn", "1. Lights burn")
        .replace("The log", "Dogs bark.\n\nThe log");
    fs::write(&file, changed).expect("written");
    let third = mandate(dir.path(), &["source", "import", "Order 7.txt"], b"");
    let said = stdout(&third);
    assert!(said.contains("anchors: 4 kept, 1 new, 1 retired\n") && said.contains("retired: art_1.1\n"), "{said}");
    let third = fs::read_to_string(&written).expect("written");
    assert!(third.contains("retired: art_1.1\n") && third.contains("1. Lights burn at night. {#art_1.2}"), "{third}");
}

#[test]
fn what_cannot_be_imported_is_said_with_a_code_and_leaves_nothing() {
    let dir = package();
    let locked = fixture("locked.pdf");
    let refused = mandate(dir.path(), &["source", "import", &locked.to_string_lossy()], b"");
    assert_eq!(refused.status.code(), Some(2));
    let said = stderr(&refused);
    assert!(said.starts_with("error[E221]: ") && said.contains("is protected by a password"), "{said}");
    let letters = mandate(dir.path(), &["source", "import", "-", "--as", "x"], b"g\xE9n\xE9ral");
    assert!(stderr(&letters).starts_with("error[E224]: the document is not encoded in UTF-8"), "{}", stderr(&letters));
    assert!(!dir.path().join("sources").exists());
    let read = mandate(dir.path(), &["source", "import", "-", "--as", "x", "--encoding", "latin1"], b"g\xE9n\xE9ral");
    assert_eq!(read.status.code(), Some(0), "{}", stderr(&read));
    assert!(fs::read_to_string(dir.path().join("sources/x.md")).expect("written").contains("g\u{e9}n\u{e9}ral"));
}

#[test]
fn files_of_others_are_left_alone_and_a_dry_run_writes_nothing() {
    let dir = package();
    fs::create_dir(dir.path().join("sources")).expect("made");
    let own = dir.path().join("sources/order.md");
    fs::write(&own, "# By hand {#x}\n").expect("written");
    let refused = mandate(dir.path(), &["source", "import", "-", "--as", "order"], ORDER.as_bytes());
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("was written by hand"), "{}", stderr(&refused));
    assert_eq!(fs::read_to_string(&own).expect("there"), "# By hand {#x}\n");
    let empty = tempfile::tempdir().expect("a directory");
    let shown = mandate(empty.path(), &["source", "import", "-", "--dry-run", "--title", "Order 8"], ORDER.as_bytes());
    assert!(stdout(&shown).starts_with("---\ntitle: Order 8\nformat: text\nsha256: "), "{}", stdout(&shown));
    assert!(stderr(&shown).contains("source document {"), "{}", stderr(&shown));
    let homeless = mandate(empty.path(), &["source", "import", "-", "--as", "x"], ORDER.as_bytes());
    assert!(stderr(&homeless).contains("there is no package"), "{}", stderr(&homeless));
    assert_eq!(fs::read_dir(empty.path()).expect("there").count(), 0);
}

/// A PDF whose one stream, packed in a way that is not looked into beforehand, would fill all memory when it is unpacked.
#[cfg(unix)]
#[test]
fn a_reader_that_fills_its_memory_ends_alone() {
    // Codes of nine bits, then wider ones: LZW repeats ever longer runs of one letter.
    let mut bits: Vec<u8> = Vec::new();
    let mut put = |code: u32, width: u32| bits.extend((0..width).rev().map(|bit| u8::from(code >> bit & 1 == 1)));
    let (mut next, mut width) = (258_u32, 9_u32);
    put(256, 9);
    put(65, 9);
    for _ in 0..20_000_000_u32 / 12 {
        put(next, width);
        next += 1;
        width = match next {
            511.. if width == 9 => 10,
            1023.. if width == 10 => 11,
            2047.. if width == 11 => 12,
            _ => width,
        };
        if next == 4094 {
            put(256, 12);
            (next, width) = (258, 9);
            put(65, 9);
        }
    }
    let packed: Vec<u8> = bits.chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect();
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let objects: [(String, &[u8]); 4] = [
        ("<< /Type /Catalog /Pages 2 0 R >>".to_owned(), b""),
        ("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(), b""),
        ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>".to_owned(), b""),
        (format!("<< /Filter /LZWDecode /Length {} >>", packed.len()), &packed),
    ];
    for (number, (dictionary, content)) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{dictionary}\n", number + 1).bytes());
        if !content.is_empty() {
            pdf.extend(b"stream\n".iter().chain(*content).chain(b"\nendstream\n"));
        }
        pdf.extend(b"endobj\n");
    }
    let xref = pdf.len();
    pdf.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for place in places {
        pdf.extend(format!("{place:010} 00000 n \n").bytes());
    }
    pdf.extend(format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    let dir = package();
    let begun = std::time::Instant::now();
    let refused = mandate(dir.path(), &["source", "import", "-", "--as", "x"], &pdf);
    assert_eq!(refused.status.code(), Some(2), "{}", stdout(&refused));
    assert!(stderr(&refused).starts_with("error[E226]"), "{}", stderr(&refused));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
