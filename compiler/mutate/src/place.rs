//! The line of a clause. A pack keeps the line of a rule and the words of its clauses; the rest is looked up in the text.

use mandate_pack::Pack;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A line of a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// File, as the pack names it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

/// Texts of the modules of a package, by the names a pack has for them.
pub struct Places<'p> {
    pack: &'p Pack,
    texts: BTreeMap<String, Arc<str>>,
}

impl<'p> Places<'p> {
    /// Asks for the text of each module that a pack names; one that is not to be had leaves the line of the rule.
    pub fn new(pack: &'p Pack, text: impl Fn(&str) -> Option<Arc<str>>) -> Self {
        let mut texts = BTreeMap::new();
        let named = pack.rules.values().map(|rule| rule.origin.file.clone());
        let own = owners(pack).into_iter().flat_map(|owner| modules(pack, owner));
        for file in named.chain(own) {
            if !texts.contains_key(&file)
                && let Some(found) = text(&file)
            {
                texts.insert(file, found);
            }
        }
        Places { pack, texts }
    }

    /// Where a declaration, or a clause with these words inside it, stands.
    pub fn of(&self, owner: &str, clause: Option<&str>) -> Option<Place> {
        let (file, line) = match self.pack.rules.get(owner) {
            Some(rule) => (rule.origin.file.clone(), rule.origin.line),
            None => self.declared(owner)?,
        };
        let inside = clause.and_then(|words| self.texts.get(&file).and_then(|text| line_of(text, line, words)));
        Some(Place { line: inside.unwrap_or(line), file })
    }

    /// The line on which a declaration other than a rule begins.
    fn declared(&self, owner: &str) -> Option<(String, u32)> {
        let name = owner.rsplit('.').next().unwrap_or(owner);
        for file in modules(self.pack, owner) {
            let Some(text) = self.texts.get(&file) else { continue };
            for (number, line) in text.lines().enumerate() {
                let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty());
                let kind = words.next();
                if kind.is_some_and(|k| KINDS.contains(&k)) && words.next() == Some(name) {
                    return Some((file, u32::try_from(number + 1).unwrap_or(u32::MAX)));
                }
            }
        }
        None
    }
}

const KINDS: [&str; 5] = ["define", "action", "role", "waiver", "parameter"];

fn owners(pack: &Pack) -> Vec<&str> {
    let own = format!("{}.", pack.name);
    let names = (pack.definitions.keys().chain(pack.actions.keys()))
        .chain(pack.roles.keys().chain(pack.waivers.keys()).chain(pack.parameters.keys()));
    names.map(String::as_str).filter(|name| name.starts_with(&own)).collect()
}

/// The files in which a qualified name may be declared: `a.b.c` in `a:b.mandate`, `a.c` in `a:a.mandate`.
fn modules(pack: &Pack, owner: &str) -> Vec<String> {
    let mut parts: Vec<&str> = owner.split('.').collect();
    parts.pop();
    let (package, module) = match parts.split_first() {
        Some((package, [])) => (*package, (*package).to_owned()),
        Some((package, module)) => (*package, module.join("/")),
        None => return Vec::new(),
    };
    let mut files = vec![format!("{package}:{module}.mandate")];
    if package == pack.name {
        files.push(format!("{module}.mandate"));
    }
    files
}

/// The line on which words begin, in the declaration that begins on a line. White space counts as one space, as in a pack.
fn line_of(text: &str, from: u32, words: &str) -> Option<u32> {
    let wanted: Vec<char> = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    let mut flat: Vec<(char, u32)> = Vec::new();
    for (number, line) in text.lines().enumerate().skip((from as usize).saturating_sub(1)) {
        let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
        // The next declaration, or the end of this one.
        if number > from && line.starts_with(|c: char| c.is_alphabetic() || c == '}') {
            break;
        }
        for word in line.split_whitespace() {
            flat.extend(word.chars().map(|c| (c, number)));
            flat.push((' ', number));
        }
    }
    let at = flat.windows(wanted.len().max(1)).position(|part| part.iter().map(|(c, _)| c).eq(wanted.iter()));
    at.and_then(|at| flat.get(at)).map(|(_, line)| *line)
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn a_clause_is_found_in_its_own_declaration_whatever_the_white_space() {
        let text = "rule a {\n  when x\n    and  y\n}\n\nrule b {\n  when x and y\n  unless z\n}\n";
        assert_eq!(line_of(text, 1, "x and y"), Some(2));
        assert_eq!(line_of(text, 6, "x and y"), Some(7));
        assert_eq!(line_of(text, 1, "z"), None, "it stands in the next rule");
        assert_eq!(line_of(text, 6, "unless z"), Some(8));
        assert_eq!(line_of(text, 99, "x"), None);
    }
}
