//! The explanation page of every code: its wrong example draws the code, its right example does not.

use mandate_assess::{Facts, FactsFile};
use mandate_diagnostics::{CATALOGUE, Code};
use mandate_tests::example::{Compiler, Files, ROOT};
use mandate_tests::files::Directory;
use mandate_tests::markdown::{Block, blocks};

/// Codes whose fault no text on a page can show, each with the reason.
const NOT_SHOWN: &[(&str, &str)] = &[
    ("E101", "the bytes of a file that is no UTF-8 cannot stand in a page that is"),
    ("E116", "two facts files contradict each other, and a page shows one at a time"),
    ("E117", "a packed file cannot stand in a page"),
    ("E120", "fields over time are not written in the language yet"),
    ("N301", "the rules would have to be too large for a page"),
    ("E213", "the fault lies in the permissions of a file, not in its text"),
    ("E214", "the bytes of a file that is no UTF-8 cannot stand in a page that is"),
    ("E215", "the file would have to be larger than 10 MB"),
    ("E219", "the fault lies in the bytes of a document that is imported"),
    ("E220", "the fault lies in the bytes of a document that is imported"),
    ("E221", "the fault lies in the bytes of a document that is imported"),
    ("E222", "the fault lies in the bytes of a document that is imported"),
    ("E223", "the fault lies in the bytes of a document that is imported"),
    ("E224", "the fault lies in the bytes of a document that is imported"),
    ("E225", "the fault lies in the bytes of a document that is imported"),
    ("E226", "the fault lies in the bytes of a document that is imported"),
    ("E218", "a lock that cannot be read stands beside a manifest, and a page shows one or the other"),
    ("E216", "the fault lies in the place where the program is run"),
];

/// Errors that a wrong example draws beside its own, each with the reason.
const BESIDE: &[(&str, &str, &str)] =
    &[("E211", "E209", "a package that uses one of its own name is in a ring with it by name")];

/// The wrong or the right half of a page.
struct Side<'p> {
    word: &'static str,
    /// Blocks of this half.
    own: Vec<&'p Block<'p>>,
    /// Blocks that belong to both halves.
    both: Vec<&'p Block<'p>>,
}

impl Side<'_> {
    /// The only block in one of some languages, with its language.
    fn one(&self, languages: &[&str]) -> Option<(&str, &str)> {
        let block = self.own.iter().find(|block| languages.contains(&block.language) && block.file().is_none())?;
        Some((block.language, block.text))
    }

    /// Blocks of this half and of both that name a file.
    fn named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.own.iter().chain(&self.both).filter_map(|block| Some((block.file()?, block.text)))
    }

    fn codes(&self, compiler: &mut Compiler) -> Vec<&'static str> {
        if let Some(facts) = self.both.iter().find(|block| block.is("facts")) {
            return self.facts(compiler, facts.text);
        }
        if let Some((_, manifest)) = self.one(&["toml"]) {
            return self.manifest(manifest);
        }
        if let Some((_, paths)) = self.one(&["text"]) {
            return self.paths(paths);
        }
        let Some((_, root)) = self.one(&["mandate"]) else { panic!("the {} half has no block", self.word) };
        let mut files: Files = self.named().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        files.insert(ROOT.to_owned(), root.to_owned());
        compiler.codes(&files)
    }

    /// The block is read as facts against the rules of the page.
    fn facts(&self, compiler: &mut Compiler, rules: &str) -> Vec<&'static str> {
        let pack =
            compiler.pack(&Files::from([(ROOT.to_owned(), rules.to_owned())])).expect("the rules of the page compile");
        let row_by_row = self.own.iter().find(|block| ["jsonl", "csv"].contains(&block.language));
        let (name, text) = match row_by_row {
            Some(block) => (block.file().expect("a name that tells the type").to_owned(), block.text),
            None => {
                let (language, text) = self.one(&["yaml", "json"]).expect("a block of facts");
                (format!("facts.{language}"), text)
            }
        };
        let file = FactsFile { name, bytes: text.as_bytes().to_vec() };
        Facts::load(&pack, &[file]).1.iter().map(|(_, fault)| fault.code.id).collect()
    }

    /// The block is the manifest of a package that has a package `neighbours` beside it.
    fn manifest(&self, text: &str) -> Vec<&'static str> {
        let neighbours = "[package]\nname = \"neighbours\"\nversion = \"0.1.0\"\n";
        on_disk(&[
            ("exercise_heron/mandate.toml", text),
            ("exercise_heron/exercise_heron.mandate", "enum Area { land, sea }\n"),
            ("neighbours/mandate.toml", neighbours),
            ("neighbours/neighbours.mandate", "enum Side { east, west }\n"),
        ])
    }

    /// Each line of the block is the path of a file.
    fn paths(&self, lines: &str) -> Vec<&'static str> {
        let manifest = "[package]\nname = \"exercise_heron\"\nversion = \"0.1.0\"\n";
        let mut files = vec![("exercise_heron/mandate.toml".to_owned(), manifest)];
        for path in lines.lines().filter(|line| !line.ends_with("mandate.toml")) {
            files.push((
                format!("exercise_heron/{}", path.trim_start_matches("exercise_heron/")),
                "enum Area { land, sea }\n",
            ));
        }
        on_disk(&files.iter().map(|(path, text)| (path.as_str(), *text)).collect::<Vec<_>>())
    }
}

/// Codes of the package `exercise_heron` among these files.
fn on_disk(files: &[(&str, &str)]) -> Vec<&'static str> {
    let directory = Directory::new().expect("a temporary directory");
    for (path, text) in files {
        directory.write(path, text).expect("a file is written");
    }
    let loaded = mandate_project::load(&directory.path().join("exercise_heron"));
    loaded.diagnostics.iter().flat_map(|file| &file.diagnostics).map(|fault| fault.code.id).collect()
}

/// What is wrong with a page.
fn faults(compiler: &mut Compiler, code: &Code) -> Vec<String> {
    let mut found = Vec::new();
    let heading = format!("# {}: ", code.id);
    let title = code.page.lines().next().and_then(|line| line.strip_prefix(&heading)).unwrap_or("");
    if title.is_empty() || title.contains("to be written") {
        found.push("has no title".to_owned());
    }
    if title.ends_with('.') || title.starts_with(char::is_uppercase) {
        found.push(format!("its title is no few words in lower case: {title}"));
    }
    let said = code.page.lines().skip(1).take_while(|line| !line.starts_with("```")).collect::<String>();
    if said.split_whitespace().count() < 20 {
        found.push("explains nothing before its examples".to_owned());
    }
    if NOT_SHOWN.iter().any(|(id, _)| *id == code.id) {
        return found;
    }
    let all = blocks(code.page);
    for word in ["wrong", "right"] {
        let own: Vec<&Block<'_>> = all.iter().filter(|block| block.is(word)).collect();
        let both = all.iter().filter(|block| !block.is("wrong") && !block.is("right")).collect();
        if own.is_empty() {
            found.push(format!("has no {word} example"));
            continue;
        }
        let drawn = Side { word, own, both }.codes(compiler);
        let beside = |id: &str| BESIDE.iter().any(|(own, other, _)| word == "wrong" && *own == code.id && *other == id);
        let others: Vec<&&str> =
            drawn.iter().filter(|id| id.starts_with('E') && **id != code.id && !beside(id)).collect();
        match word {
            "wrong" if !drawn.contains(&code.id) => found.push(format!("the wrong example draws {drawn:?}")),
            "right" if drawn.contains(&code.id) => found.push("the right example draws the code too".to_owned()),
            _ if !others.is_empty() => found.push(format!("the {word} example draws other errors: {others:?}")),
            _ => {}
        }
    }
    found
}

#[test]
fn every_code_has_a_page_whose_examples_do_what_it_says() {
    let mut compiler = Compiler::default();
    let mut all = Vec::new();
    for code in CATALOGUE {
        all.extend(faults(&mut compiler, code).into_iter().map(|fault| format!("{}: {fault}", code.id)));
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn what_is_not_shown_is_in_the_catalogue_and_has_no_block_that_would_be_passed_over() {
    for (id, reason) in NOT_SHOWN {
        let code = mandate_diagnostics::lookup(id).unwrap_or_else(|| panic!("{id} is no code"));
        assert!(!reason.is_empty());
        let shown = blocks(code.page).iter().any(|block| block.language != "text");
        assert!(!shown, "{id} has an example: take it off the list");
    }
}
