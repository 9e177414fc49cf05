//! Names: variables, declarations, fields and values of enums, those that fit before the others.

use super::imports::Uses;
use super::{About, Completion, Offer, Shape, plain};
use mandate_pack::Type;
use mandate_semantics::{Kind, Named, Signature, Target, Variable};
use mandate_syntax::token::Kind as Token;
use mandate_syntax::words::{Keyword, TYPES};
use std::collections::BTreeSet;

/// Ranks: the smaller, the further up.
const VARIANT: u32 = 10;
const FITS: u32 = 20;
const PATH: u32 = 24;
const VARIABLE: u32 = 30;
const DECLARED: u32 = 40;
const WORD: u32 = 60;
const OTHER: u32 = 70;
const IMPORTED: u32 = 80;

/// So many names of other modules are offered at once; more show when more is typed.
const IMPORTS: usize = 100;
/// The result of a definition whose type is not written is worked out for so many only.
const WORKED_OUT: usize = 40;

impl Offer<'_> {
    /// What has a value: variables, their fields of the type wanted, parameters, definitions, values of the enum wanted.
    pub(super) fn values(&mut self, expected: Option<&Type>, variables: &[Variable]) {
        let wanted = expected.map(Type::known);
        if let Some(Type::Enum(name)) = wanted {
            self.variants(name, VARIANT);
        }
        let in_binder = self.is_in_binder();
        for variable in variables.iter().rev() {
            let has = |fits: &dyn Fn(&Type) -> bool| variable.ty.as_ref().is_some_and(fits);
            let is_fitting = match wanted {
                Some(wanted) => has(&|ty| fits(ty, wanted)),
                None => !in_binder || has(&|ty| matches!(ty.known(), Type::List(_))),
            };
            let rank = match wanted {
                _ if is_fitting => FITS,
                // A condition begins with a variable more often than with anything else.
                Some(Type::Bool) => VARIABLE,
                _ => DECLARED + 2,
            };
            let mut item = self.item(&variable.name, Shape::Variable, rank);
            item.signature = variable.ty.as_ref().map(|ty| format!(": {}", ty.short())).unwrap_or_default();
            item.commit = &['.'];
            self.push(item);
            if let Some(Type::Record(record)) = variable.ty.as_ref().map(Type::known) {
                match wanted {
                    Some(wanted) => self.paths(&variable.name, record, |ty| fits(ty, wanted)),
                    None if in_binder => self.paths(&variable.name, record, |ty| matches!(ty.known(), Type::List(_))),
                    None => {}
                }
            }
        }
        self.words_of_values(wanted);
        let scenario = self.context.declaration == Keyword::Scenario;
        if scenario {
            return self.given_values(wanted);
        }
        let mut left = WORKED_OUT;
        for named in self.snapshot.names_in_scope(self.path) {
            match named.kind {
                // Of what there is much of, only what is typed already is shown: the list is asked for again with each letter.
                Kind::Parameter | Kind::Define if self.leads_to(&named.name) => {
                    let item = self.valued(&named, wanted, variables, &mut left);
                    self.push(item);
                }
                Kind::Enum if wanted.is_none() || matches!(wanted, Some(Type::Bool | Type::Enum(_))) => {
                    let mut item = self.declaration(&named, OTHER);
                    item.commit = &['.'];
                    self.push(item);
                }
                _ => {}
            }
        }
        for region in self.snapshot.regions_in_scope(self.path) {
            let mut item = self.item(&*region, Shape::Module, OTHER + 1);
            item.commit = &['.'];
            self.push(item);
        }
        self.imported(&[Kind::Parameter, Kind::Define], variables);
    }

    /// Whether a list to go through is wanted: `some v in`, `count(v in`, `for each i: Incident, v in`.
    fn is_in_binder(&self) -> bool {
        use Keyword as K;
        let context = self.context;
        let opened = context.last(2).is_some_and(|last| matches!(last.kind, Token::LParen | Token::Comma));
        let word = matches!(
            context.keyword(2),
            K::Some | K::No | K::Every | K::Latest | K::Earliest | K::The | K::Each | K::For
        );
        context.keyword(0) == K::In && (opened || word)
    }

    /// `i.observed_at` where a Time is wanted and `i` is in scope.
    fn paths(&mut self, variable: &str, record: &str, wanted: impl Fn(&Type) -> bool) {
        let Some(named) = self.snapshot.qualified(record) else { return };
        let Some(Signature::Record(signature)) = self.snapshot.signature(&named) else { return };
        for field in signature.fields.iter().filter(|field| field.ty.as_ref().is_some_and(&wanted)) {
            let mut item = self.item(format!("{variable}.{}", field.name), Shape::Field, PATH);
            item.signature = field.ty.as_ref().map(|ty| format!(": {}", ty.short())).unwrap_or_default();
            item.about = Some(About::Target(field_of(&named, &field.name)));
            self.push(item);
        }
    }

    /// A parameter or definition, further up if its value fits.
    fn valued(&self, named: &Named, wanted: Option<&Type>, variables: &[Variable], left: &mut usize) -> Completion {
        let mut item = self.declaration(named, DECLARED + 5);
        let ty = match self.snapshot.signature(named) {
            Some(Signature::Parameter(parameter)) => parameter.ty.clone(),
            Some(Signature::Define(callable)) => {
                self.call(&mut item, &callable.params, variables);
                let known = callable.result.clone();
                known.or_else(|| {
                    *left = left.checked_sub(1).filter(|_| self.leads_to(&named.name))?;
                    self.snapshot.result(named)
                })
            }
            _ => None,
        };
        if let Some(ty) = &ty {
            item.signature.push_str(&format!(": {}", ty.short()));
        }
        item.detail = named.kind.phrase().trim_start_matches("a ").to_owned();
        if wanted.is_none_or(|wanted| ty.as_ref().is_some_and(|ty| fits(ty, wanted))) {
            item.rank = DECLARED;
        }
        item
    }

    /// Writes the brackets of a call along, with the variables that fit its parameters in them.
    fn call(&self, item: &mut Completion, params: &[(String, Option<Type>)], variables: &[Variable]) {
        let shown = |(name, ty): &(String, Option<Type>)| match ty {
            Some(ty) => format!("{name}: {}", ty.short()),
            None => name.clone(),
        };
        if params.is_empty() && matches!(item.shape, Shape::Declaration(Kind::Define)) {
            return;
        }
        item.signature = format!("({})", params.iter().map(shown).collect::<Vec<_>>().join(", "));
        if self.has_brackets() {
            return;
        }
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        let mut places = Vec::new();
        for (at, (name, ty)) in params.iter().enumerate() {
            let fitting = |variable: &&Variable| {
                let same = match (&variable.ty, ty) {
                    (Some(has), Some(ty)) => fits(has, ty),
                    (_, None) => variable.name == *name,
                    (None, Some(_)) => false,
                };
                same && !taken.contains(variable.name.as_str())
            };
            let found = variables.iter().rev().find(fitting);
            let found = found.or_else(|| {
                let same =
                    |variable: &&Variable| variable.ty.as_ref().zip(ty.as_ref()).is_some_and(|(a, b)| fits(a, b));
                variables.iter().rev().find(same)
            });
            let argument = found.map_or(name.as_str(), |variable| variable.name.as_str());
            taken.insert(argument);
            places.push(format!("${{{}:{}}}", at + 1, plain(argument)));
        }
        item.insert = format!("{}({})", item.insert, places.join(", "));
        item.snippet = !params.is_empty();
    }

    /// Whether brackets stand behind the word already.
    fn has_brackets(&self) -> bool {
        self.context.after.is_some_and(|next| next.kind == Token::LParen && next.span.start == self.context.word.end)
    }

    /// What may stand behind the dot of a value.
    pub(super) fn members(&mut self, ty: &Type) {
        match ty.known() {
            Type::Record(record) => self.fields(record),
            Type::List(item) => self.lists(item),
            _ => {}
        }
    }

    fn fields(&mut self, record: &str) {
        let Some(named) = self.snapshot.qualified(record) else { return };
        let Some(Signature::Record(signature)) = self.snapshot.signature(&named) else { return };
        for (at, field) in signature.fields.iter().enumerate().filter(|(_, field)| !field.name.is_empty()) {
            let mut item = self.item(&field.name, Shape::Field, VARIANT + at as u32);
            item.signature = field.ty.as_ref().map(|ty| format!(": {}", ty.short())).unwrap_or_default();
            item.detail = said_of(field).to_owned();
            item.commit = &['.'];
            item.about = Some(About::Target(field_of(&named, &field.name)));
            if field.over_time && !self.has_brackets() {
                let mut then = item.clone();
                then.label = format!("{}(...)", field.name);
                then.filter = Some(field.name.clone());
                then.insert = format!("{}(${{1:instant}})", field.name);
                then.snippet = true;
                then.detail = "as of an instant".to_owned();
                then.rank += 1_000;
                self.push(then);
            }
            self.push(item);
        }
    }

    /// A list has no fields: what is asked of it is written around it.
    fn lists(&mut self, item: &Type) {
        let context = self.context;
        let Some((words, at)) = context.path_before(1) else { return };
        let (list, start) = (words.join("."), context.before[at].span.start);
        let name = variable_for(item);
        let forms = [
            ("some", format!("some {name} in {list} where ${{0:{name}}}"), "one of them fits"),
            ("no", format!("no {name} in {list} where ${{0:{name}}}"), "none of them fits"),
            ("every", format!("every {name} in {list} satisfies ${{0:{name}}}"), "all of them fit"),
            ("count", format!("count({name} in {list} where ${{0:{name}}})"), "how many fit"),
            ("sum", format!("sum({name}.$0 for {name} in {list})"), "their sum"),
            ("empty", format!("{list} is empty"), "there is none"),
        ];
        for (rank, (word, insert, detail)) in forms.into_iter().enumerate() {
            let mut form = self.item(word, Shape::Snippet, VARIANT + rank as u32);
            form.snippet = insert.contains('$');
            form.insert = insert;
            form.detail = detail.to_owned();
            form.inserted.start = start;
            form.replaced.start = start;
            form.filter = Some(format!("{list}.{word}"));
            self.push(form);
        }
    }

    /// Fields of a record that lead to another one of its kind.
    pub(super) fn links(&mut self, record: &str) {
        let Some(named) = self.snapshot.qualified(record) else { return };
        let Some(Signature::Record(signature)) = self.snapshot.signature(&named) else { return };
        let leads = |ty: &Type| match ty.known() {
            Type::List(item) => matches!(item.known(), Type::Record(to) if to == record),
            Type::Record(to) => to == record,
            _ => false,
        };
        for field in signature.fields.iter().filter(|field| field.ty.as_ref().is_some_and(leads)) {
            let mut item = self.item(&field.name, Shape::Field, VARIANT);
            item.about = Some(About::Target(field_of(&named, &field.name)));
            self.push(item);
        }
    }

    /// The values of an enum, in their order.
    pub(super) fn variants(&mut self, name: &str, rank: u32) {
        let Some(named) = self.snapshot.qualified(name) else { return };
        let Some(Signature::Enum(signature)) = self.snapshot.signature(&named) else { return };
        for (variant, spelling) in &signature.variants {
            let mut item = self.item(variant, Shape::Variant, rank);
            item.detail = named.name.to_string();
            if spelling != variant {
                item.signature = format!(" = \"{spelling}\"");
            }
            item.about = Some(About::Target(Target::Variant {
                file: named.file.clone(),
                r#enum: named.name.clone(),
                variant: variant.as_str().into(),
            }));
            // In their order, which means something; the label would sort them by letters.
            item.rank = rank;
            self.push(item);
        }
    }

    /// Types: built in, in scope, of other modules.
    pub(super) fn types(&mut self, records: bool) {
        let follows_list = self.context.keyword(0) == Keyword::Of && self.context.keyword(1) == Keyword::List;
        if !records {
            for name in TYPES {
                let mut item = self.item(*name, Shape::Type, DECLARED);
                item.about = Some(About::Word((*name).to_owned()));
                self.push(item);
            }
            if !follows_list {
                let mut item = self.item("list of", Shape::Keyword, DECLARED - 1);
                item.insert = "list of ".to_owned();
                item.about = Some(About::Word("list of".to_owned()));
                self.push(item);
            }
        }
        let kinds: &[Kind] = if records { &[Kind::Record] } else { &[Kind::Record, Kind::Enum] };
        for named in self.snapshot.names_in_scope(self.path).iter().filter(|named| kinds.contains(&named.kind)) {
            let mut item = self.declaration(named, FITS);
            if records && self.is_given() {
                item.insert.push_str(" { $0 }");
                item.snippet = true;
            }
            item.detail = named.kind.phrase().trim_start_matches("an ").trim_start_matches("a ").to_owned();
            self.push(item);
        }
        self.imported(kinds, &[]);
    }

    /// Whether a record is written out behind its type.
    fn is_given(&self) -> bool {
        let context = self.context;
        let braces = context.after.is_some_and(|next| next.kind == Token::LBrace);
        context.declaration == Keyword::Scenario && context.entry_word() == Keyword::Given && !braces
    }

    /// Declarations of some kinds: in scope, of the region written before, of other modules.
    pub(super) fn declared(&mut self, kinds: &[Kind], within: &[String], variables: &[Variable]) {
        if !within.is_empty() {
            let segments: Vec<&str> = within.iter().map(String::as_str).collect();
            let members = self.snapshot.members(self.path, &segments).unwrap_or_default();
            for named in members.iter().filter(|named| kinds.contains(&named.kind)) {
                let item = self.called(named, FITS, variables);
                self.push(item);
            }
            return;
        }
        let own = self.own_name().map(str::to_owned);
        for named in self.snapshot.names_in_scope(self.path) {
            let is_wanted = named.kind != Kind::Rule || self.leads_to(&named.name);
            if kinds.contains(&named.kind) && is_wanted && Some(&*named.name) != own.as_deref() {
                let item = self.called(&named, FITS, variables);
                self.push(item);
            }
        }
        if kinds.contains(&Kind::Rule) && self.context.entry_word() == Keyword::Expect {
            let mut item = self.item("no", Shape::Keyword, WORD);
            item.insert = "no ".to_owned();
            self.push(item);
            let mut item = self.item("void_waiver", Shape::Keyword, WORD + 1);
            item.insert = "void_waiver(${1:waiver})".to_owned();
            item.snippet = true;
            self.push(item);
        }
        if self.context.declaration == Keyword::Mission {
            return self.refined(kinds);
        }
        if kinds == [Kind::Role] && self.context.keyword(0) == Keyword::Is && self.context.declaration != Keyword::Role
        {
            self.tests();
        }
        self.imported(kinds, variables);
    }

    /// The name of the rule that is being written: it speaks of others.
    fn own_name(&self) -> Option<&str> {
        let rule = matches!(self.context.declaration, Keyword::Rule | Keyword::Constraint);
        self.context.before.get(1).filter(|_| rule).map(|token| self.context.written(*token))
    }

    /// A declaration with the brackets that belong to it where it stands.
    fn called(&self, named: &Named, rank: u32, variables: &[Variable]) -> Completion {
        let mut item = self.declaration(named, rank);
        let bare = self.context.declaration == Keyword::Carries
            || matches!(
                self.context.keyword(0),
                Keyword::Drops | Keyword::Weaker | Keyword::Replaces | Keyword::Excludes | Keyword::Set
            );
        match self.snapshot.signature(named) {
            Some(Signature::Action(callable) | Signature::Waiver(callable) | Signature::Define(callable)) if !bare => {
                self.call(&mut item, &callable.params.clone(), variables);
            }
            Some(Signature::Rule(rule)) if !bare => self.call(&mut item, &rule.vars.clone(), variables),
            Some(Signature::Parameter(parameter)) => {
                item.signature = parameter.ty.as_ref().map(|ty| format!(": {}", ty.short())).unwrap_or_default();
                if self.context.keyword(0) == Keyword::Set
                    && self.context.after.is_none_or(|next| next.kind != Token::Equals)
                {
                    item.insert.push_str(" = ");
                }
            }
            Some(Signature::Source(source)) => {
                item.detail = source.force.map(|force| force.word().to_owned()).unwrap_or_default();
                item.commit = &['#'];
                item.deprecated = self.is_superseded(named);
                item.rank += u32::from(item.deprecated);
            }
            Some(Signature::Role(role)) if !bare => self.role(&mut item, role, variables),
            _ => {}
        }
        item
    }

    /// Whether a source in scope supersedes this one.
    fn is_superseded(&self, named: &Named) -> bool {
        let Some(qualified) = self.snapshot.qualified_name(named) else { return false };
        let by = |other: &Named| match self.snapshot.signature(other) {
            Some(Signature::Source(source)) => source.supersedes.contains(&qualified),
            _ => false,
        };
        let scope = self.snapshot.names_in_scope(self.path);
        let beside = self.snapshot.in_module(&named.file);
        scope.iter().chain(&beside).filter(|other| other.kind == Kind::Source).any(by)
    }

    /// `commander of i.unit`: a role with the record that it belongs to.
    fn role(&self, item: &mut Completion, role: &mandate_semantics::RoleSignature, variables: &[Variable]) {
        let Some((name, ty)) = &role.of else { return };
        item.signature = match ty {
            Some(ty) => format!(" of {name}: {}", ty.short()),
            None => format!(" of {name}"),
        };
        let of = self.context.after.is_some_and(|next| self.context.written(next) == "of");
        if of || self.context.declaration == Keyword::Role {
            return;
        }
        let whose = ty.as_ref().and_then(|ty| self.path_to(ty, variables)).unwrap_or_else(|| name.clone());
        item.insert = format!("{} of ${{1:{}}}", item.insert, plain(&whose));
        item.snippet = true;
    }

    /// A variable of a type, or a field of a variable.
    fn path_to(&self, ty: &Type, variables: &[Variable]) -> Option<String> {
        let has = |found: &Type| fits(found, ty);
        if let Some(variable) = variables.iter().find(|variable| variable.ty.as_ref().is_some_and(has)) {
            return Some(variable.name.clone());
        }
        variables.iter().find_map(|variable| {
            let Some(Type::Record(record)) = variable.ty.as_ref().map(Type::known) else { return None };
            let named = self.snapshot.qualified(record)?;
            let Some(Signature::Record(signature)) = self.snapshot.signature(&named) else { return None };
            let field = signature.fields.iter().find(|field| field.ty.as_ref().is_some_and(has))?;
            Some(format!("{}.{}", variable.name, field.name))
        })
    }

    /// On whom a duty can fall.
    pub(super) fn bearers(&mut self, variables: &[Variable]) {
        for named in self.snapshot.names_in_scope(self.path) {
            if named.kind == Kind::Role {
                let item = self.called(&named, FITS, variables);
                self.push(item);
            }
        }
        for variable in variables {
            if matches!(variable.ty.as_ref().map(Type::known), Some(Type::Record(_))) {
                let mut item = self.item(&variable.name, Shape::Variable, VARIABLE);
                item.signature = variable.ty.as_ref().map(|ty| format!(": {}", ty.short())).unwrap_or_default();
                item.commit = &['.'];
                self.push(item);
            }
        }
        for (word, rank) in [("everyone", FITS + 1), ("no one may", FITS + 2), ("no one should", FITS + 3)] {
            let mut item = self.item(word, Shape::Keyword, rank);
            item.insert = format!("{word} ");
            item.about = Some(About::Word(word.to_owned()));
            self.push(item);
        }
        self.imported(&[Kind::Role], variables);
    }

    /// What the packages that a mission refines declare: a bare name is looked up there.
    fn refined(&mut self, kinds: &[Kind]) {
        let Some(tree) = self.snapshot.syntax(self.path) else { return };
        let here = tree.items.iter().find(|item| item.offset == self.context.start);
        let Some(mandate_syntax::ast::DeclKind::Mission(mission)) = here.map(|item| &item.decl.kind) else { return };
        for package in mission.refines.iter().filter(|name| !name.is_hole()) {
            let members = self.snapshot.members(self.path, &[&package.text]).unwrap_or_default();
            for named in members.iter().filter(|named| kinds.contains(&named.kind)) {
                let mut item = self.called(named, DECLARED, &[]);
                item.detail.clone_from(&package.text);
                self.push(item);
            }
        }
    }

    /// Declarations of other modules, with the `use` line that brings them in.
    fn imported(&mut self, kinds: &[Kind], variables: &[Variable]) {
        // Of what there is much of, only what is typed already is looked for.
        let many = kinds.iter().any(|kind| matches!(kind, Kind::Define | Kind::Rule));
        let typed = self.context.prefix();
        if many && typed.is_empty() {
            self.incomplete = true;
            return;
        }
        let (found, more) = self
            .snapshot
            .importable(self.path, IMPORTS, |name, kind| kinds.contains(&kind) && super::leads_to(typed, name));
        self.incomplete |= more || many;
        let uses = Uses::new(self.snapshot, self.path, self.context.text);
        let brought: Vec<Completion> = found
            .iter()
            .map(|import| {
                let mut item = self.called(&import.named, IMPORTED, variables);
                item.edits = uses.edits(import);
                item.detail = format!("use {}", import.region);
                item
            })
            .collect();
        self.items.extend(brought);
    }
}

/// A field as something that can be referred to.
pub(super) fn field_of(record: &Named, field: &str) -> Target {
    Target::Field { file: record.file.clone(), record: record.name.clone(), field: field.into() }
}

fn said_of(field: &mandate_semantics::FieldSignature) -> &'static str {
    match (field.sensitive, field.over_time) {
        (true, _) => "sensitive",
        (false, true) => "over time",
        (false, false) => "",
    }
}

/// Whether a value fits where another is wanted; what may be absent fits.
pub(super) fn fits(ty: &Type, wanted: &Type) -> bool {
    match (ty.known(), wanted.known()) {
        (Type::Int, Type::Decimal) => true,
        (Type::List(a), Type::List(b)) => fits(a, b),
        (a, b) => a == b,
    }
}

/// A short name for an item of a list: the first letter of its type.
fn variable_for(item: &Type) -> String {
    let letter = item.short().chars().find(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase());
    letter.map_or_else(|| "x".to_owned(), String::from)
}
