//! Records that are written out in scenarios: fields that are missing, and values of their types.

use super::names::{field_of, fits};
use super::{About, Offer, Shape, plain};
use mandate_pack::Type;
use mandate_semantics::{FieldSignature, MARK, Named, Signature, Surroundings, Wanted};
use mandate_syntax::token::Kind as Token;
use mandate_syntax::words::Keyword;

impl Offer<'_> {
    /// Whether the word is the name of a field in a record that is written out, and of which.
    pub(super) fn record_field(&self) -> Option<Surroundings> {
        let context = self.context;
        let inside = context.open.len() > 1 && context.bracket().is_some_and(|open| open.kind == Token::LBrace);
        if context.declaration != Keyword::Scenario || !inside {
            return None;
        }
        let written = context.after.is_some_and(|next| next.kind == Token::Colon);
        let mark = if written { MARK.to_owned() } else { format!("{MARK}: 0") };
        let found = self.asked(&mark)?;
        matches!(found.wanted, Wanted::Field { .. } | Wanted::Part(_)).then_some(found)
    }

    /// The fields that are not written yet, and all that are required at once.
    pub(super) fn fields_to_write(&mut self, found: &Surroundings) {
        let (record, written) = match &found.wanted {
            Wanted::Field { record, written } => (record, written),
            Wanted::Part(parts) => {
                for part in parts {
                    self.field_name(part, None, None, 0);
                }
                return;
            }
            _ => return,
        };
        let Some(named) = self.snapshot.qualified(record) else { return };
        let Some(Signature::Record(signature)) = self.snapshot.signature(&named) else { return };
        let left: Vec<&FieldSignature> =
            signature.fields.iter().filter(|field| !field.name.is_empty() && !written.contains(&field.name)).collect();
        let required = |field: &FieldSignature| {
            let optional = field.has_default || field.ty.as_ref().is_none_or(Type::is_optional);
            !optional && signature.key.as_ref() != Some(&field.name)
        };
        let all: Vec<&FieldSignature> = left.iter().copied().filter(|field| required(field)).collect();
        if all.len() > 1 {
            let places = all.iter().enumerate().map(|(at, field)| {
                let value = field.ty.as_ref().map_or_else(String::new, |ty| self.value_of(ty, found));
                format!("{}: ${{{}:{}}}", field.name, at + 1, plain(&value))
            });
            let mut item = self.item("all required fields", Shape::Snippet, 0);
            item.insert = places.collect::<Vec<_>>().join(", ");
            item.snippet = true;
            item.detail = named.name.to_string();
            // Found by whatever is typed of the first of them, too.
            item.filter = Some(format!("{} all required fields", all[0].name));
            self.push(item);
        }
        for (at, field) in left.into_iter().enumerate() {
            let rank = at as u32 + if required(field) { 1 } else { 100 };
            self.field_name(&field.name, Some(&named), field.ty.as_ref(), rank);
        }
    }

    fn field_name(&mut self, name: &str, record: Option<&Named>, ty: Option<&Type>, rank: u32) {
        let mut item = self.item(name, Shape::Field, rank);
        if self.context.after.is_none_or(|next| next.kind != Token::Colon) {
            item.insert.push_str(": ");
        }
        item.signature = ty.map(|ty| format!(": {}", ty.short())).unwrap_or_default();
        item.about = record.map(|record| About::Target(field_of(record, name)));
        self.push(item);
    }

    /// A value of a type, to be replaced by the right one.
    fn value_of(&self, ty: &Type, found: &Surroundings) -> String {
        match ty.known() {
            Type::Bool => "true".to_owned(),
            Type::Int | Type::Decimal => "1".to_owned(),
            Type::Text => "\"...\"".to_owned(),
            Type::Date => "2026-01-01".to_owned(),
            Type::Time => "2026-01-01T08:00Z".to_owned(),
            Type::Duration => "1 day".to_owned(),
            Type::Length => "100 m".to_owned(),
            Type::Money => "100 EUR".to_owned(),
            Type::Nation => "\"NOR\"".to_owned(),
            Type::Period => "2026-01-01T08:00Z .. 2026-01-02T08:00Z".to_owned(),
            Type::Location => "{ lat: 0.0, lon: 0.0 }".to_owned(),
            Type::List(_) => "[]".to_owned(),
            Type::Optional(inner) => self.value_of(inner, found),
            Type::Record(_) => {
                let given = found.variables.iter().find(|one| one.ty.as_ref().is_some_and(|has| fits(has, ty)));
                given.map_or_else(|| "{ }".to_owned(), |given| given.name.clone())
            }
            Type::Enum(name) => {
                let named = self.snapshot.qualified(name);
                match named.as_ref().and_then(|named| self.snapshot.signature(named)) {
                    Some(Signature::Enum(found)) => {
                        found.variants.first().map(|(variant, _)| variant.clone()).unwrap_or_default()
                    }
                    _ => String::new(),
                }
            }
        }
    }

    /// What stands for a value in a scenario besides names.
    pub(super) fn given_values(&mut self, wanted: Option<&Type>) {
        let forms: &[(&str, &str)] = match wanted {
            Some(Type::Bool) => &[("true", ""), ("false", "")],
            Some(Type::Time | Type::Date) => &[("never", "later than every instant")],
            Some(Type::Record(_)) => &[("{ }", "a record of which nothing is known")],
            Some(Type::Location) => &[("{ lat: 0.0, lon: 0.0 }", "a place")],
            _ => &[],
        };
        for (rank, (word, detail)) in forms.iter().enumerate() {
            let mut item = self.item(*word, Shape::Keyword, 50 + rank as u32);
            item.detail = (*detail).to_owned();
            self.push(item);
        }
        let field = self.context.last(0).is_some_and(|last| last.kind == Token::Colon);
        if field {
            let mut item = self.item("restricted", Shape::Keyword, 90);
            item.detail = "a value this reader may not see".to_owned();
            self.push(item);
        }
    }
}
