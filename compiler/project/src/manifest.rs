//! The manifest of a package, `mandate.toml`, with the place of every fault in it.

use crate::name::{is_name, to_name};
use jiff::tz::TimeZoneDatabase;
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Span, codes};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Name of a manifest.
pub const MANIFEST: &str = "mandate.toml";

/// Name of a review lock, beside the manifest.
pub const LOCK: &str = "mandate.lock";

/// Editions of the language that this compiler knows, oldest first.
pub const EDITIONS: &[&str] = &["2026"];

/// What a manifest says, with a usable value in place of every fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Name of the package.
    pub name: String,
    /// Where the name is written; empty where it is missing.
    pub name_span: Span,
    /// Three numbers with points between, and perhaps a suffix.
    pub version: String,
    /// One of [`EDITIONS`].
    pub edition: String,
    /// Zone of civil days, an IANA name.
    pub time_zone: String,
    /// Packages it uses, by name.
    pub dependencies: Vec<Dependency>,
}

/// A package that another one uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// Where it is found.
    pub from: DependencyFrom,
    /// Where that is written: the word "std", or the path.
    pub from_span: Span,
}

/// Where a package is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DependencyFrom {
    /// In the standard library.
    Standard,
    /// In a directory, relative to the package that names it.
    Path(String),
}

impl Manifest {
    /// What stands where a manifest says nothing.
    pub(crate) fn named(name: String) -> Self {
        Self {
            name,
            name_span: Span::default(),
            version: "0.0.0".to_owned(),
            edition: EDITIONS.last().copied().unwrap_or_default().to_owned(),
            time_zone: "UTC".to_owned(),
            dependencies: Vec::new(),
        }
    }

    /// Reads a manifest. `directory` is the name of the package's directory, which stands in for a missing name.
    pub(crate) fn parse(text: &str, directory: &str) -> (Self, Vec<Diagnostic>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut reading = Reading { text, faults: errors.iter().map(|error| not_toml(error, text)).collect() };
        let mut manifest = Manifest::named(to_name(directory));
        // After a fault of form, what is missing may only be what could not be read.
        let whole = errors.is_empty();
        reading.document(table.get_ref(), &mut manifest, whole);
        reading.faults.sort_by_key(|fault| fault.primary.span);
        (manifest, reading.faults)
    }
}

fn not_toml(error: &toml::de::Error, text: &str) -> Diagnostic {
    let at = error.span().unwrap_or(0..text.len().min(1));
    let reason = error.message().lines().next().unwrap_or("its form is broken");
    Diagnostic::new(&codes::E201, span(&at), format!("the manifest cannot be read here: {reason}"))
        .help("a manifest is written in TOML: `key = \"value\"` lines below a heading such as `[package]`")
}

fn span(range: &Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

type Key<'a, 'i> = &'a Spanned<std::borrow::Cow<'i, str>>;
type Value<'a, 'i> = &'a Spanned<DeValue<'i>>;

const TABLES: [&str; 2] = ["package", "dependencies"];
const PACKAGE_KEYS: [&str; 4] = ["name", "version", "edition", "time_zone"];

struct Reading<'t> {
    text: &'t str,
    faults: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn document(&mut self, table: &DeTable<'_>, manifest: &mut Manifest, whole: bool) {
        let mut described = false;
        for (key, value) in table.iter() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("package", DeValue::Table(package)) => {
                    described = true;
                    self.package(package, span(&key.span()), manifest, whole);
                }
                ("dependencies", DeValue::Table(dependencies)) => {
                    manifest.dependencies = self.dependencies(dependencies);
                }
                (name @ ("package" | "dependencies"), other) => {
                    described |= name == "package";
                    self.wrong_kind(value, format!("`{name}` is {}, but it is a heading", kind(other)))
                        .help
                        .push(format!("write `[{name}]` on a line of its own, and the keys below it"));
                }
                // Below a broken heading a key only seems to stand at the top.
                (name, _) if PACKAGE_KEYS.contains(&name) && !whole => {}
                (name, _) if PACKAGE_KEYS.contains(&name) => {
                    self.unknown(key, &[], format!("`{name}` stands outside the heading it belongs to"))
                        .help
                        .push("write it below `[package]`".to_owned());
                }
                (name, _) => {
                    self.unknown(key, &TABLES, format!("a manifest has no part `{name}`"));
                }
            }
        }
        if !described && whole {
            let missing = Diagnostic::new(&codes::E203, Span::empty(0), "the manifest does not describe its package")
                .help(format!(
                    "begin with the lines `[package]`, `name = \"{}\"` and `version = \"0.1.0\"`",
                    manifest.name
                ));
            self.faults.push(missing);
        }
    }

    fn package(&mut self, table: &DeTable<'_>, heading: Span, manifest: &mut Manifest, whole: bool) {
        for (key, value) in table.iter() {
            match key.get_ref().as_ref() {
                "name" => self.name(value, manifest),
                "version" => self.version(value, manifest),
                "edition" => self.edition(value, manifest),
                "time_zone" => self.time_zone(value, manifest),
                other => {
                    self.unknown(key, &PACKAGE_KEYS, format!("a package has no `{other}`"));
                }
            }
        }
        if !table.iter().any(|(key, _)| key.get_ref() == "name") && whole {
            let missing = Diagnostic::new(&codes::E203, heading, "the package has no name")
                .label("a `name` is missing below this heading")
                .help(format!("add `name = \"{}\"`; rules of other packages call it by this name", manifest.name));
            self.faults.push(missing);
        }
    }

    fn name(&mut self, value: Value<'_, '_>, manifest: &mut Manifest) {
        let Some(name) = self.string(value, "name", "\"exercise_heron\"") else { return };
        manifest.name_span = self.inside(value);
        if is_name(name) {
            manifest.name = name.to_owned();
            return;
        }
        let proposed = to_name(name);
        self.faults.push(
            Diagnostic::new(&codes::E204, self.inside(value), format!("`{name}` cannot be the name of a package"))
                .label("letters, digits and `_`, starting with a letter")
                .help(format!("the name is written in rules, as in `use {proposed}.{{...}}`: call it `{proposed}`"))
                .fix(format!("Call it `{proposed}`"), self.inside(value), proposed.clone()),
        );
        manifest.name = proposed;
    }

    fn version(&mut self, value: Value<'_, '_>, manifest: &mut Manifest) {
        let Some(version) = self.string(value, "version", "\"0.1.0\"") else { return };
        if is_version(version) {
            version.clone_into(&mut manifest.version);
            return;
        }
        let mut fault = Diagnostic::new(&codes::E205, self.inside(value), format!("`{version}` is no version"))
            .label("three numbers with points between them")
            .help("write three numbers, such as `1.4.0`, and if need be a suffix: `1.5.0-draft.2`");
        // `1.4` and `v1.4.0` have one obvious reading.
        let bare = version.trim().trim_start_matches(['v', 'V']);
        if let Some(full) = [bare.to_owned(), format!("{bare}.0"), format!("{bare}.0.0")].iter().find(|v| is_version(v))
        {
            fault = fault.fix(format!("Write `{full}`"), self.inside(value), full.clone());
        }
        self.faults.push(fault);
    }

    fn edition(&mut self, value: Value<'_, '_>, manifest: &mut Manifest) {
        let Some(edition) = self.string(value, "edition", "\"2026\"") else { return };
        if EDITIONS.contains(&edition) {
            edition.clone_into(&mut manifest.edition);
            return;
        }
        let known = EDITIONS.join("`, `");
        let newest = manifest.edition.clone();
        self.faults.push(
            Diagnostic::new(
                &codes::E206,
                self.inside(value),
                format!("the edition `{edition}` of the language is not known"),
            )
            .help(format!("this program knows `{known}`; a newer edition needs a newer program"))
            .fix(format!("Write `{newest}`"), self.inside(value), newest),
        );
    }

    fn time_zone(&mut self, value: Value<'_, '_>, manifest: &mut Manifest) {
        let Some(zone) = self.string(value, "time_zone", "\"Europe/Vilnius\"") else { return };
        match TimeZoneDatabase::bundled().get(zone) {
            Ok(found) => {
                // Zones are found whatever their case; packs carry the name as the database writes it.
                found.iana_name().unwrap_or(zone).clone_into(&mut manifest.time_zone);
            }
            Err(_) => {
                let fault = unknown_zone(zone, self.inside(value));
                self.faults.push(fault);
            }
        }
    }

    fn dependencies(&mut self, table: &DeTable<'_>) -> Vec<Dependency> {
        let mut found = Vec::new();
        for (key, value) in table.iter() {
            let name = key.get_ref().as_ref();
            let Some((from, from_span)) = self.dependency(name, value) else { continue };
            found.push(Dependency { name: name.to_owned(), name_span: span(&key.span()), from, from_span });
        }
        found
    }

    fn dependency(&mut self, name: &str, value: Value<'_, '_>) -> Option<(DependencyFrom, Span)> {
        let ways = format!("write `{name} = \"std\"` or `{name} = {{ path = \"../{name}\" }}`");
        match value.get_ref() {
            DeValue::String(text) if text == "std" => Some((DependencyFrom::Standard, self.inside(value))),
            DeValue::String(text) => {
                let written = span(&value.span());
                let mut fault =
                    Diagnostic::new(&codes::E204, written, format!("`{text}` does not say where `{name}` is found"));
                fault = if text.contains(['/', '\\', '.']) {
                    let path = text.replace('\\', "/");
                    fault.help("a directory is named by its path").fix(
                        "Write it as a path",
                        written,
                        format!("{{ path = \"{path}\" }}"),
                    )
                } else if did_you_mean(text, ["std"]).is_some() {
                    fault.label("did you mean \"std\"?").fix("Replace by \"std\"", written, "\"std\"").help(ways)
                } else {
                    fault.help(ways)
                };
                self.faults.push(fault);
                None
            }
            DeValue::Table(table) => {
                let mut path = None;
                for (key, value) in table.iter() {
                    match key.get_ref().as_ref() {
                        "path" => {
                            let text = self.string(value, "path", "\"../neighbours\"")?;
                            path = Some((DependencyFrom::Path(text.to_owned()), self.inside(value)));
                        }
                        other => {
                            self.unknown(key, &["path"], format!("a dependency has no `{other}`"));
                        }
                    }
                }
                if path.is_none() && table.is_empty() {
                    self.wrong_kind(value, format!("nothing says where `{name}` is found")).help.push(ways);
                }
                path
            }
            other => {
                let message = format!("the place of `{name}` is {}, but it is the word \"std\" or a path", kind(other));
                self.wrong_kind(value, message).help.push(ways);
                None
            }
        }
    }

    /// The text of a value, or a fault.
    fn string<'v>(&mut self, value: &'v Spanned<DeValue<'_>>, key: &str, example: &str) -> Option<&'v str> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(text);
        }
        let message = format!("`{key}` is {}, but it is a text", kind(value.get_ref()));
        self.wrong_kind(value, message).help.push(format!("write it in quotation marks: `{key} = {example}`"));
        None
    }

    fn wrong_kind(&mut self, value: Value<'_, '_>, message: String) -> &mut Diagnostic {
        self.push(Diagnostic::new(&codes::E204, span(&value.span()), message))
    }

    fn unknown(&mut self, key: Key<'_, '_>, known: &[&'static str], message: String) -> &mut Diagnostic {
        let at = span(&key.span());
        let mut fault = Diagnostic::new(&codes::E202, at, message);
        if let Some(near) = did_you_mean(key.get_ref(), known.iter().copied()) {
            fault = fault.label(format!("did you mean `{near}`?")).fix(format!("Replace by `{near}`"), at, near);
        } else if !known.is_empty() {
            fault = fault.help(format!("what may stand here: `{}`", known.join("`, `")));
        }
        self.push(fault)
    }

    fn push(&mut self, fault: Diagnostic) -> &mut Diagnostic {
        self.faults.push(fault);
        let last = self.faults.len() - 1;
        &mut self.faults[last]
    }

    /// The span of a text without its quotation marks.
    fn inside(&self, value: Value<'_, '_>) -> Span {
        let range = value.span();
        match self.text.get(range.clone()).map(str::as_bytes) {
            Some([b'"' | b'\'', .., b'"' | b'\'']) if !self.text[range.clone()].starts_with("\"\"\"") => {
                span(&(range.start + 1..range.end - 1))
            }
            _ => span(&range),
        }
    }
}

fn unknown_zone(zone: &str, at: Span) -> Diagnostic {
    let fault = Diagnostic::new(&codes::E207, at, format!("there is no time zone `{zone}`"));
    let database = TimeZoneDatabase::bundled();
    let names: Vec<_> = database.available().map(|name| name.as_str().to_owned()).collect();
    let city = |name: &str| name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let near = did_you_mean(zone, names.iter().map(String::as_str))
        // `Vilnius` alone names its zone well enough to propose it.
        .or_else(|| {
            names.iter().map(String::as_str).filter(|name| city(name) == zone.to_lowercase().replace(' ', "_")).min()
        });
    match near {
        Some(near) => fault
            .label(format!("did you mean `{near}`?"))
            .fix(format!("Replace by `{near}`"), at, near)
            .help("zones are named as in the IANA database, by continent and city"),
        None => {
            fault.help("zones are named as in the IANA database, by continent and city: `Europe/Vilnius`; or `UTC`")
        }
    }
}

/// Three numbers, each without leading zeros, and perhaps `-` or `+` with a suffix.
fn is_version(text: &str) -> bool {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, suffix) = text.split_at(end);
    let parts: Vec<&str> = numbers.split('.').collect();
    let number = |part: &&str| {
        !part.is_empty()
            && part.len() <= 9
            && part.bytes().all(|b| b.is_ascii_digit())
            && (*part == "0" || !part.starts_with('0'))
    };
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+');
    let suffixed = suffix.is_empty() || (suffix.len() > 1 && suffix.bytes().all(allowed));
    parts.len() == 3 && parts.iter().all(number) && suffixed
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every fault as `CODE `text at the place` message`, with the label after it.
    fn faults(text: &str) -> Vec<String> {
        let (_, faults) = Manifest::parse(text, "exercise");
        faults
            .iter()
            .map(|fault| {
                let place = text.get(fault.primary.span.range()).unwrap_or("?");
                format!("{} `{place}` {} {}", fault.code.id, fault.message, fault.primary.message).trim().to_owned()
            })
            .collect()
    }

    #[test]
    fn a_whole_manifest_is_read() {
        let text = "[package]\nname = \"heron\"\nversion = \"1.2.3\"\nedition = \"2026\"\ntime_zone = \"europe/vilnius\"\n\
                    [dependencies]\ncore = \"std\"\nneighbours = { path = \"../n\" }\n";
        let (manifest, faults) = Manifest::parse(text, "x");
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!((&*manifest.name, &*manifest.version, &*manifest.time_zone), ("heron", "1.2.3", "Europe/Vilnius"));
        let from: Vec<_> = manifest.dependencies.iter().map(|d| (&*d.name, d.from.clone())).collect();
        let expected = [("core", DependencyFrom::Standard), ("neighbours", DependencyFrom::Path("../n".to_owned()))];
        assert_eq!(from, expected);
    }

    #[test]
    fn every_fault_is_reported_where_it_stands() {
        let text = "[package]\nnaem = \"heron\"\nversion = \"1.2\"\nedition = \"2031\"\ntime_zone = \"Europe/Vilnus\"\n\
                    [dependencies]\ncore = \"sdt\"\nx = { pth = \"../x\" }\ny = 3\n[packge]\n";
        assert_eq!(
            faults(text),
            [
                "E203 `package` the package has no name a `name` is missing below this heading",
                "E202 `naem` a package has no `naem` did you mean `name`?",
                "E205 `1.2` `1.2` is no version three numbers with points between them",
                "E206 `2031` the edition `2031` of the language is not known",
                "E207 `Europe/Vilnus` there is no time zone `Europe/Vilnus` did you mean `Europe/Vilnius`?",
                "E204 `\"sdt\"` `sdt` does not say where `core` is found did you mean \"std\"?",
                "E202 `pth` a dependency has no `pth` did you mean `path`?",
                "E204 `3` the place of `y` is a number, but it is the word \"std\" or a path",
                "E202 `packge` a manifest has no part `packge` did you mean `package`?",
            ]
        );
    }

    #[test]
    fn broken_toml_is_one_fault_and_what_can_be_read_is_read() {
        let text = "[package]\nname = \"heron\nversion = \"0.1.0\"\n";
        let (manifest, faults) = Manifest::parse(text, "exercise");
        assert_eq!(faults.iter().map(|f| f.code.id).collect::<Vec<_>>(), ["E201"]);
        assert_eq!(manifest.version, "0.1.0");
    }

    #[test]
    fn a_broken_heading_is_the_only_fault() {
        let text = "[package\nname = \"heron\"\nversion = \"0.1.0\"\n";
        assert!(faults(text).iter().all(|fault| fault.starts_with("E201")), "{:?}", faults(text));
    }

    #[test]
    fn an_empty_manifest_says_how_to_begin() {
        assert_eq!(faults(""), ["E203 `` the manifest does not describe its package"]);
        assert_eq!(faults("name = \"x\"\n").len(), 2);
    }

    #[test]
    fn versions_have_three_numbers() {
        for good in ["0.1.0", "1.0.0-draft.2", "10.20.30+a"] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "1", "1.2", "1.2.3.4", "1.02.3", "a.b.c", "1.2.3-", "-1.2.3", "1.2.3 "] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn no_manifest_makes_a_panic() {
        let text = "[package]\nname = \"\u{e9}\"\nversion = 1\n[dependencies]\na = \"std\"\nb.c = [1, {x = 1}]\n";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let _ = Manifest::parse(&text[..end], "x");
        }
        let _ = Manifest::parse(&"[".repeat(100_000), "x");
    }
}
