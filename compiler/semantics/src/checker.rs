//! The state of checking one declaration: scope, variables, and what has been found.

use crate::db::SourceFile;
use crate::names::{Entity, Kind, Region, Scope, declared_elsewhere, find_region, is_open, scope};
use crate::probe::{Probe, Wanted};
use crate::reference::{Output, Reference, Target};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Code, Diagnostic, Span, codes};
use mandate_pack::Type;
use mandate_syntax::ast::{self, Item, Name, Path, TypeRef, TypeRefKind};
use mandate_syntax::token::{self, Token};
use std::sync::Arc;

/// A variable in scope.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    pub(crate) name: String,
    /// `None` when its type could not be found, which has been reported.
    pub(crate) ty: Option<Type>,
    /// Its value comes from a `sensitive` field.
    pub(crate) sensitive: bool,
    /// Where it is introduced, relative.
    pub(crate) span: Span,
    pub(crate) used: bool,
    /// Findings name its record: a variable of `for each`.
    pub(crate) subject: bool,
}

/// Checks one declaration. Spans of the tree are relative to its chunk; what is put out is absolute.
pub(crate) struct Checker<'a> {
    pub(crate) db: &'a dyn salsa::Database,
    pub(crate) file: SourceFile,
    pub(crate) scope: &'a Scope,
    pub(crate) offset: u32,
    /// The declaration is the first of its file, and nothing stands above it.
    pub(crate) at_head: bool,
    /// Text of the chunk.
    pub(crate) text: &'a str,
    pub(crate) locals: Vec<Local>,
    pub(crate) out: &'a mut Output,
    /// Records what stands at a place, for whoever asks; absent while diagnostics are made.
    pub(crate) probe: Option<Box<Probe>>,
}

impl<'a> Checker<'a> {
    /// `text` is the one in which the place of the item counts.
    pub(crate) fn new(
        db: &'a dyn salsa::Database,
        file: SourceFile,
        scope: &'a Scope,
        item: &Item,
        text: &'a str,
        out: &'a mut Output,
    ) -> Checker<'a> {
        let end = (item.offset + item.len).min(text.len() as u32);
        let text = text.get(item.offset as usize..end as usize).unwrap_or("");
        Checker { db, file, scope, offset: item.offset, at_head: false, text, locals: Vec::new(), out, probe: None }
    }

    /// Puts out a diagnostic whose spans are relative.
    pub(crate) fn say(&mut self, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic.shifted(self.offset));
    }

    /// A diagnostic at a relative span.
    pub(crate) fn report(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (diagnostic, help) = (Diagnostic::new(code, span, message), help.into());
        self.say(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    /// Reports an unknown word, with the nearest known one as a fix.
    pub(crate) fn unknown<'w>(
        &mut self,
        code: &'static Code,
        name: &Name,
        message: String,
        known: impl IntoIterator<Item = &'w str>,
        fallback: String,
    ) {
        let diagnostic = Diagnostic::new(code, name.span, message);
        let diagnostic = match did_you_mean(&name.text, known) {
            Some(near) => {
                diagnostic.help(format!("Did you mean `{near}`?")).fix(format!("Replace by `{near}`"), name.span, near)
            }
            None if fallback.is_empty() => diagnostic,
            None => diagnostic.help(fallback),
        };
        self.say(diagnostic);
    }

    pub(crate) fn refer(&mut self, span: Span, target: Target) {
        let span = span.shifted(self.offset);
        self.out.references.push(Reference { span, target });
    }

    pub(crate) fn refer_entity(&mut self, span: Span, entity: &Entity) {
        self.out.refer(self.db, span.shifted(self.offset), entity);
    }

    /// Every name that is known here, for suggestions: `scope` may hold only those that the text has.
    pub(crate) fn all_names(&self) -> &'a Scope {
        scope(self.db, self.file)
    }

    /// The words of the text at a span, on one line and without comments.
    pub(crate) fn words(&self, span: Span) -> String {
        one_line(self.text.get(span.range()).unwrap_or(""))
    }

    /// Introduces a variable.
    pub(crate) fn bind(&mut self, name: &Name, ty: Option<Type>, sensitive: bool) {
        if name.is_hole() {
            return;
        }
        if let Some(before) = self.locals.iter().find(|local| local.name == name.text) {
            let diagnostic =
                Diagnostic::new(&codes::E024, name.span, format!("`{}` is already a variable here", name.text))
                    .related(before.span, "introduced here")
                    .help("Give one of them another name.");
            self.say(diagnostic);
        }
        let shown = ty.as_ref().map_or_else(|| "unknown type".to_owned(), shown);
        let file = self.file.path(self.db).clone();
        let target = Target::Local {
            file,
            span: name.span.shifted(self.offset),
            name: Arc::from(name.text.as_str()),
            ty: shown,
        };
        self.refer(name.span, target);
        self.locals.push(Local {
            name: name.text.clone(),
            ty,
            sensitive,
            span: name.span,
            used: false,
            subject: false,
        });
    }

    /// The declaration a path means, if it is of one of `kinds`; otherwise an error has been reported.
    pub(crate) fn entity(&mut self, path: &Path, kinds: &[Kind]) -> Option<Entity> {
        let last = path.segments.last()?;
        if path.segments.iter().any(Name::is_hole) || self.asked_for(path, kinds) {
            return None;
        }
        let found = self.find(path, kinds)?;
        self.refer_entity(last.span, &found);
        if kinds.contains(&found.kind) {
            return Some(found);
        }
        let wanted = kinds.iter().map(|kind| kind.phrase()).collect::<Vec<_>>().join(" or ");
        let message = format!("`{}` is {}, and {wanted} is needed here", last.text, found.kind.phrase());
        let names = self.names_of(kinds);
        let help = match did_you_mean(&last.text, names.iter().map(AsRef::as_ref)) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => String::new(),
        };
        self.report(&codes::E025, path.span, message, help);
        None
    }

    /// The declaration a path means, reporting when there is none.
    fn find(&mut self, path: &Path, kinds: &[Kind]) -> Option<Entity> {
        let (last, before) = path.segments.split_last()?;
        if before.is_empty() {
            if let Some(entity) = self.scope.names.get(last.text.as_str()) {
                return Some(entity.clone());
            }
            if !self.told(last) {
                let names = self.names_of(kinds);
                self.unknown_among(last, names.iter().map(|name| name.to_string()).collect());
            }
            return None;
        }
        let region = self.region(before);
        let Some(region) = region else {
            if before.first().is_some_and(|first| self.told(first)) {
                return None;
            }
            let written = before.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".");
            let message = format!("there is no package or module called `{written}` here");
            self.report(&codes::E022, path.span, message, format!("Bring it in: `use {written}`."));
            return None;
        };
        let mut found = region.find(self.db, &last.text);
        if found.len() == 1 {
            return found.pop();
        }
        let label = region.label(self.db);
        if found.is_empty() {
            let names = region.names(self.db);
            let message = format!("`{label}` declares nothing called `{}`", last.text);
            self.unknown(&codes::E023, last, message, names.iter().map(AsRef::as_ref), String::new());
        } else {
            let message = format!("several modules of `{label}` declare `{}`", last.text);
            self.report(&codes::E029, last.span, message, "Write the module too.");
        }
        None
    }

    pub(crate) fn region(&self, segments: &[Name]) -> Option<Region> {
        match segments {
            [one] if self.scope.modules.contains_key(one.text.as_str()) => {
                self.scope.modules.get(one.text.as_str()).copied()
            }
            several => find_region(self.db, self.file, several),
        }
    }

    /// Whether it was said already, at a `use` or a declaration, why this name means nothing.
    pub(crate) fn told(&self, name: &Name) -> bool {
        self.scope.unresolved.contains(name.text.as_str()) || is_open(self.db, self.file)
    }

    /// Reports a name that nothing in scope has, unless its `use` says so.
    pub(crate) fn unknown_name(&mut self, name: &Name) {
        if self.told(name) {
            return;
        }
        let locals = self.locals.iter().map(|local| local.name.clone());
        let known = locals.chain(self.all_names().names.keys().map(ToString::to_string)).collect();
        self.unknown_among(name, known);
    }

    /// Reports a name that nothing in scope has; one of the names `known` may have been meant.
    fn unknown_among(&mut self, name: &Name, known: Vec<String>) {
        if matches!(name.text.as_str(), "count" | "share" | "sum" | "min" | "max") {
            return self.unknown_aggregate(name);
        }
        let message = format!("nothing here is called `{}`", name.text);
        let diagnostic = Diagnostic::new(&codes::E020, name.span, message);
        let diagnostic = if let Some(near) = did_you_mean(&name.text, known.iter().map(String::as_str)) {
            diagnostic.help(format!("Did you mean `{near}`?")).fix(format!("Replace by `{near}`"), name.span, near)
        } else if let Some(region) = declared_elsewhere(self.db, self.file, &name.text) {
            let line = format!("use {region}.{{{}}}\n", name.text);
            let mut fixed =
                diagnostic.help(format!("`{}` is declared in `{region}`: add `{}`.", name.text, line.trim_end()));
            // The import goes to the head of the file, which lies before this chunk: the edit is made absolute by `say`.
            if self.at_head {
                fixed = fixed.fix(format!("Bring in `{}` from `{region}`", name.text), Span::empty(0), line);
            }
            fixed
        } else {
            diagnostic.help("Declare it, bring it in with `use`, or mend the spelling.")
        };
        self.say(diagnostic);
    }

    /// `count(xs)`: the items are gone through by name.
    fn unknown_aggregate(&mut self, name: &Name) {
        let message = format!("`{}` goes through items one by one, and they have no name here", name.text);
        let help = match name.text.as_str() {
            "count" => "Name them: `count(x in xs where ...)`, `count(r: Report where ...)`.".to_owned(),
            "share" => "Name them and say which count: `share(x in xs where ...)`.".to_owned(),
            which => format!("Name them and say what of each: `{which}(x.amount for x in xs where ...)`."),
        };
        let diagnostic = Diagnostic::new(&codes::E020, name.span, message).help(help);
        let rest = self.text.get(name.span.end as usize..).unwrap_or("");
        let free = !self.locals.iter().any(|local| local.name == "x");
        self.say(match rest.strip_prefix('(') {
            Some(inside) if name.text == "count" && free && !inside.trim_start().starts_with(')') => {
                diagnostic.fix("Name the items `x`", Span::empty(name.span.end + 1), "x in ")
            }
            _ => diagnostic,
        });
    }

    fn names_of(&self, kinds: &[Kind]) -> Vec<Arc<str>> {
        self.all_names()
            .names
            .iter()
            .filter(|(_, entity)| kinds.contains(&entity.kind))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// The type written, or `None` after reporting.
    pub(crate) fn type_ref(&mut self, ty: &TypeRef) -> Option<Type> {
        match &ty.kind {
            TypeRefKind::Hole => None,
            TypeRefKind::List(item) => Some(Type::List(Box::new(self.type_ref(item)?))),
            TypeRefKind::Optional(inner) => Some(self.type_ref(inner)?.optional()),
            TypeRefKind::Named(path) => self.named_type(path),
        }
    }

    fn named_type(&mut self, path: &Path) -> Option<Type> {
        if let [name] = path.segments.as_slice() {
            if name.is_hole() || self.asked(&name.text, || Wanted::Type) {
                return None;
            }
            if let Some((_, ty)) = Type::SCALARS.iter().find(|(scalar, _)| *scalar == name.text) {
                return Some(ty.clone());
            }
            if !self.scope.names.contains_key(name.text.as_str()) {
                self.unknown_type(name);
                return None;
            }
        }
        let entity = self.entity(path, &[Kind::Enum, Kind::Record])?;
        let qualified = entity.qualified(self.db);
        Some(if entity.kind == Kind::Enum { Type::Enum(qualified) } else { Type::Record(qualified) })
    }

    fn unknown_type(&mut self, name: &Name) {
        if self.told(name) {
            return;
        }
        let message = format!("there is no type called `{}` here", name.text);
        let scope = self.all_names();
        let types = scope
            .names
            .iter()
            .filter(|(_, e)| matches!(e.kind, Kind::Enum | Kind::Record))
            .map(|(name, _)| name.as_ref());
        let known: Vec<&str> = Type::SCALARS.iter().map(|(scalar, _)| *scalar).chain(types).collect();
        let fallback = match declared_elsewhere(self.db, self.file, &name.text) {
            Some(region) => format!("`{}` is declared in `{region}`: add `use {region}.{{{}}}`.", name.text, name.text),
            None => "Declare it as an `enum` or a `record`, or bring it in with `use`.".to_owned(),
        };
        self.unknown(&codes::E021, name, message, known, fallback);
    }

    /// A record type's qualified name, or `None` after reporting what else it is.
    pub(crate) fn record_type(&mut self, ty: &TypeRef) -> Option<String> {
        if self.asked_for_record(ty) {
            return None;
        }
        match self.type_ref(ty)? {
            Type::Record(name) => Some(name),
            other => {
                let message = format!("a record type is needed here, and this is {}", with_article(&other));
                self.report(&codes::E025, ty.span, message, "Only records can be ranged over: name a `record`.");
                None
            }
        }
    }

    /// Warns of variables that nothing uses, and takes them out of scope down to `depth`.
    pub(crate) fn unbind(&mut self, depth: usize, warn: bool) {
        for local in self.locals.split_off(depth) {
            if warn && !local.used && !local.name.starts_with('_') {
                let message = format!("the variable `{}` is never used", local.name);
                self.report(&codes::W003, local.span, message, "Use it in a condition or the sentence, or leave it out: in a rule it only multiplies the findings.");
            }
        }
    }
}

/// A text on one line: comments left out, white space normalised, a comma between the entries of a block that stood on lines of their own.
pub(crate) fn one_line(text: &str) -> String {
    let tokens: Vec<Token> = token::tokens(text).into_iter().filter(|token| !token.kind.is_comment()).collect();
    let mut line = String::with_capacity(text.len());
    let mut before: Option<Token> = None;
    for (index, token) in tokens.iter().enumerate() {
        if let Some(last) = before {
            let entry =
                token.kind.is_word() && tokens.get(index + 1).is_some_and(|next| next.kind == token::Kind::Colon);
            let opened = matches!(last.kind, token::Kind::LBrace | token::Kind::Comma);
            if token.line_start && entry && !opened {
                line.push(',');
            }
            if last.span.end < token.span.start {
                line.push(' ');
            }
        }
        line.push_str(text.get(token.span.range()).unwrap_or(""));
        before = Some(*token);
    }
    line
}

/// A type as people read it: without packages.
pub(crate) fn shown(ty: &Type) -> String {
    ty.short()
}

/// `a Time`, `an Incident`, `a list of Victim`.
pub(crate) fn with_article(ty: &Type) -> String {
    let text = shown(ty.known());
    // A name that is said "you-": a Unit, a Use.
    let you = ["Uni", "Use", "Usa"].iter().any(|start| text.starts_with(start));
    let article = if text.starts_with(['A', 'E', 'I', 'O', 'U']) && !you { "an" } else { "a" };
    format!("{article} {text}")
}

/// Holes are silent: whether an expression is missing from the text.
pub(crate) fn is_hole(expr: &ast::Expr) -> bool {
    matches!(expr.kind, ast::ExprKind::Hole)
}
