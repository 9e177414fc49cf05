//! Scenarios: given records become facts in the spelling of a facts file, expectations name rules and records.

use crate::analysis::{Lines, VOID_WAIVER};
use crate::checker::{Checker, shown, with_article};
use crate::literals;
use crate::names::Kind;
use crate::probe::{Variable, Wanted};
use crate::reference::{Later, Target};
use crate::signatures::{Signature, enumeration, record, signature};
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::{self as pack, Node, Type};
use mandate_syntax::ast::{self, ArithOp, Expr, ExprKind, Name, StepKind, TypeRef};
use mandate_syntax::words::STATUSES;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record given by name.
#[derive(Clone)]
struct Given {
    /// Qualified record type.
    ty: String,
    /// The key by which other records refer to it.
    key: String,
    span: Span,
}

/// Names of a scenario while its steps are read.
#[derive(Default)]
pub(crate) struct Script<'a> {
    given: BTreeMap<String, Given>,
    lets: BTreeMap<String, (&'a Name, &'a Expr)>,
    /// Keys handed out to records without a name.
    unnamed: usize,
}

impl Checker<'_> {
    pub(crate) fn scenario(&mut self, decl: &ast::Scenario, span: Span, lines: &Lines) -> Option<pack::Scenario> {
        let errors = self.out.diagnostics.len();
        let mut script = self.script(decl);
        let offset = self.offset;
        let line = |span: Span| lines.line(span.start + offset);
        let title = decl.title.as_ref().map(|t| t.text.clone());
        let head = decl.title.as_ref().map_or(Span::new(span.start, span.start + "scenario".len() as u32), |t| t.span);
        if title.is_none() {
            self.report(
                &codes::E081,
                head,
                "this scenario has no title",
                "Say in quotation marks what it shows: `scenario \"sent six hours late\" {`.",
            );
        }
        let mut scenario = pack::Scenario {
            title: title.unwrap_or_default(),
            origin: self.origin(line(head)),
            as_of: pack::Expr { ty: Type::Date, node: Node::Never },
            known_at: None,
            set: BTreeMap::new(),
            data_through: BTreeMap::new(),
            facts: Vec::new(),
            expect: Vec::new(),
        };
        let mut as_of: Option<Span> = None;
        let mut known_at: Option<Span> = None;
        for step in &decl.steps {
            match &step.kind {
                StepKind::Let(..) => {}
                StepKind::AsOf(at) => {
                    if let Some(before) = as_of.replace(step.span) {
                        let said = Diagnostic::new(&codes::E051, step.span, "`as of` stands here twice")
                            .related(before, "first here");
                        self.say(said.help("A scenario is read at one instant: write two scenarios."));
                    }
                    if let Some(found) = self.scenario_instant(at, &script) {
                        scenario.as_of = found;
                    }
                }
                StepKind::KnownAt(at) => {
                    if let Some(before) = known_at.replace(step.span) {
                        let said = Diagnostic::new(&codes::E051, step.span, "`known at` stands here twice")
                            .related(before, "first here");
                        self.say(said.help("Keep the one that is right."));
                    }
                    scenario.known_at = self.scenario_instant(at, &script);
                }
                StepKind::Set(path, value) => {
                    if let Some((name, value)) = self.set_parameter(path, value) {
                        scenario.set.insert(name, value);
                    }
                }
                StepKind::DataThrough(at, ty) => {
                    let at = self.scenario_instant(at, &script);
                    match ty {
                        Some(ty) => {
                            if let (Some(at), Some(name)) = (at, self.record_type(ty)) {
                                scenario.data_through.insert(name, at);
                            }
                        }
                        None => self.report(
                            &codes::E081,
                            step.span,
                            "`data through` says of which records",
                            "Write `data through 2024-03-01 for Report`.",
                        ),
                    }
                }
                StepKind::Given { name, ty, fields } => {
                    scenario.facts.extend(self.given(name.as_ref(), ty, fields, line(step.span), &mut script));
                }
                StepKind::Expect(expectation) => {
                    scenario.expect.extend(self.expectation(expectation, step.span, line(step.span), &script));
                }
            }
        }
        if as_of.is_none() {
            self.report(
                &codes::E081,
                head,
                "this scenario does not say when it is read",
                "Add `as of 2024-03-03`: whether a duty is pending or broken depends on it.",
            );
        }
        if !decl.steps.iter().any(|step| matches!(step.kind, StepKind::Expect(_))) {
            self.report(
                &codes::E081,
                head,
                "this scenario expects nothing, so it could never fail",
                "Add `expect rule(record) violated`, or whatever should come out.",
            );
        }
        (self.out.diagnostics.len() == errors).then_some(scenario)
    }

    /// Names first: a record may refer to one given below it.
    fn script<'d>(&mut self, decl: &'d ast::Scenario) -> Script<'d> {
        let mut script = Script::default();
        for step in &decl.steps {
            match &step.kind {
                StepKind::Let(name, value) if !name.is_hole() => {
                    let target = self.named_value(name, value);
                    self.refer(name.span, target);
                    let before = script.lets.insert(name.text.clone(), (name, value));
                    if before.is_some() {
                        let message = format!("`{}` is given a value twice", name.text);
                        self.report(&codes::E024, name.span, message, "Give one of them another name.");
                    }
                }
                StepKind::Given { name: Some(name), ty, fields } if !name.is_hole() => {
                    // Resolved again, and reported, when the step itself is read.
                    let before = self.out.diagnostics.len();
                    let found = self.record_type(ty);
                    self.out.diagnostics.truncate(before);
                    let Some(ty) = found else { continue };
                    let key = self.written_key(&ty, fields).unwrap_or_else(|| name.text.clone());
                    if let Some(other) = script.given.get(&name.text) {
                        let said = Diagnostic::new(&codes::E024, name.span, format!("`{}` is given twice", name.text));
                        self.say(said.related(other.span, "first here").help("Give one of them another name."));
                    }
                    script.given.insert(name.text.clone(), Given { ty, key, span: name.span });
                }
                _ => {}
            }
        }
        script
    }

    /// What a name given by `let` refers to; people are told the value, which has a type only where it is used.
    fn named_value(&self, name: &Name, value: &Expr) -> Target {
        Target::Local {
            file: self.file.path(self.db).clone(),
            span: name.span.shifted(self.offset),
            name: Arc::from(name.text.as_str()),
            ty: self.words(value.span),
        }
    }

    fn written_key(&self, ty: &str, fields: &[(Name, Expr)]) -> Option<String> {
        let (_, signature) = record(self.db, ty)?;
        let key = signature.key.as_ref()?;
        fields.iter().find_map(|(name, value)| match &value.kind {
            ExprKind::Text(text) if name.text == *key => Some(text.clone()),
            ExprKind::Number(text) if name.text == *key => Some(text.clone()),
            _ => None,
        })
    }

    fn set_parameter(&mut self, path: &ast::Path, value: &Expr) -> Option<(String, pack::Expr)> {
        let entity = self.entity(path, &[Kind::Parameter])?;
        let ty = match signature(self.db, &entity)? {
            Signature::Parameter(parameter) => parameter.ty.clone()?,
            _ => return None,
        };
        let value = self.plain(value, &ty)?;
        Some((entity.qualified(self.db), value))
    }

    /// A day or instant, written or by `let`, perhaps with a duration added.
    pub(crate) fn scenario_instant(&mut self, expr: &Expr, script: &Script<'_>) -> Option<pack::Expr> {
        let value = self.fact_value(expr, &Type::Time, script)?;
        let text = value.as_str()?.to_owned();
        let (ty, node) =
            if text.contains('T') { (Type::Time, Node::Time(text)) } else { (Type::Date, Node::Date(text)) };
        Some(pack::Expr { ty, node })
    }

    fn given(
        &mut self,
        name: Option<&Name>,
        ty: &TypeRef,
        fields: &[(Name, Expr)],
        line: u32,
        script: &mut Script<'_>,
    ) -> Option<pack::Fact> {
        let Some(record_name) = self.record_type(ty) else {
            return None; // fields mean nothing without their record
        };
        let name = match name.filter(|name| !name.is_hole()) {
            Some(name) => {
                let target = Target::Local {
                    file: self.file.path(self.db).clone(),
                    span: name.span.shifted(self.offset),
                    name: Arc::from(name.text.as_str()),
                    ty: shown(&Type::Record(record_name.clone())),
                };
                self.refer(name.span, target);
                name.text.clone()
            }
            None => script.unnamed_key(),
        };
        let key = script.given.get(&name).map(|given| given.key.clone());
        let fields = self.fact_fields(&record_name, fields, key.or_else(|| Some(name.clone())), ty.span, script)?;
        Some(pack::Fact { record: record_name, name, line, fields: fields.into_iter().collect() })
    }

    /// The fields of a record literal, the key added where it was not written.
    fn fact_fields(
        &mut self,
        record_name: &str,
        fields: &[(Name, Expr)],
        key: Option<String>,
        span: Span,
        script: &Script<'_>,
    ) -> Option<Map<String, Value>> {
        let (entity, signature) = record(self.db, record_name)?;
        self.distinct(fields.iter().map(|(name, _)| name), "field");
        let mut all = Map::new();
        let mut failed = false;
        for (name, value) in fields.iter().filter(|(name, _)| !name.is_hole()) {
            let written = || fields.iter().map(|(name, _)| name.text.clone()).collect();
            if self.asked(&name.text, || Wanted::Field { record: record_name.to_owned(), written: written() }) {
                continue;
            }
            let Some(field) = signature.field(&name.text) else {
                let known: Vec<&str> = signature.fields.iter().map(|f| f.name.as_str()).collect();
                let message = format!("`{}` has no field `{}`", entity.name, name.text);
                let fallback = format!("Its fields are {}.", known.join(", "));
                self.unknown(&codes::E026, name, message, known.iter().copied(), fallback);
                failed = true;
                continue;
            };
            let target = Target::Field {
                file: entity.file.path(self.db).clone(),
                record: entity.name.clone(),
                field: Arc::from(name.text.as_str()),
            };
            self.refer(name.span, target);
            let ty = field.ty.clone()?;
            match self.field_value(value, field, &ty, script) {
                Some(Value::Null) => {}
                Some(value) => {
                    all.insert(name.text.clone(), value);
                }
                None => failed = true,
            }
        }
        if let (Some(field), Some(key)) = (&signature.key, key)
            && !all.contains_key(field)
        {
            let number = signature.field(field).is_some_and(|f| f.ty == Some(Type::Int));
            if number {
                self.report(
                    &codes::E080,
                    span,
                    format!("`{field}` is the number that identifies the record, and it is missing"),
                    "Write it out.",
                );
                return None;
            }
            all.insert(field.clone(), Value::String(key));
        }
        (!failed).then_some(all)
    }

    /// A value in the spelling of a facts file. Null means absent.
    pub(crate) fn fact_value(&mut self, expr: &Expr, ty: &Type, script: &Script<'_>) -> Option<Value> {
        match (&expr.kind, ty.known()) {
            (ExprKind::Hole, _) => None,
            (ExprKind::Name(name), wanted) => self.fact_name(name, expr.span, wanted, script),
            (ExprKind::Bool(b), Type::Bool) => Some(Value::Bool(*b)),
            (ExprKind::List(items), Type::List(item)) => {
                let values: Vec<Option<Value>> = items.iter().map(|i| self.fact_value(i, item, script)).collect();
                values.into_iter().collect::<Option<Vec<_>>>().map(Value::Array)
            }
            (ExprKind::List(items), Type::Record(_) | Type::Location | Type::Period) if items.is_empty() => {
                self.fact_record(None, &[], ty.known(), expr.span, script)
            }
            (ExprKind::Record(written, fields), wanted) => {
                self.fact_record(written.as_ref(), fields, wanted, expr.span, script)
            }
            (ExprKind::Range(from, to), Type::Period) => {
                let (from, to) = (self.fact_value(from, &Type::Time, script), self.fact_value(to, &Type::Time, script));
                let mut period = Map::new();
                period.insert("from".to_owned(), from?);
                if let Some(to) = to.filter(|to| !to.is_null()) {
                    period.insert("to".to_owned(), to);
                }
                Some(Value::Object(period))
            }
            (ExprKind::Arith(op @ (ArithOp::Add | ArithOp::Sub), from, by), Type::Time | Type::Date) => {
                self.shifted_instant(*op, from, by, ty.known(), script)
            }
            (ExprKind::Neg(inner), Type::Int | Type::Decimal) => {
                let value = self.fact_value(inner, ty, script)?;
                match value.as_i64() {
                    Some(n) => Some(json!(-n)),
                    None => value.as_str().map(|text| json!(format!("-{text}"))),
                }
            }
            (ExprKind::Field(of, variant), Type::Enum(_)) if matches!(of.kind, ExprKind::Name(_)) => {
                self.fact_name(&variant.text, variant.span, ty.known(), script)
            }
            (_, wanted) => self.fact_literal(expr, wanted),
        }
    }

    fn fact_name(&mut self, name: &str, span: Span, wanted: &Type, script: &Script<'_>) -> Option<Value> {
        if self.asked_among(name, || script.variables(), || Wanted::Value(Some(wanted.clone()))) {
            return None;
        }
        if let Some((given, value)) = script.lets.get(name) {
            let target = self.named_value(given, value);
            self.refer(span, target);
            return self.fact_value(value, wanted, &script.without(name));
        }
        if let Type::Enum(qualified) = wanted {
            let (entity, found) = enumeration(self.db, qualified)?;
            if let Some((variant, spelling)) = found.variants.iter().find(|(variant, _)| variant == name) {
                let target = Target::Variant {
                    file: entity.file.path(self.db).clone(),
                    r#enum: entity.name.clone(),
                    variant: Arc::from(variant.as_str()),
                };
                self.refer(span, target);
                return Some(Value::String(spelling.clone()));
            }
            let known: Vec<&str> = found.variants.iter().map(|(variant, _)| variant.as_str()).collect();
            let message = format!("`{name}` is no value of `{}`", entity.name);
            let fallback = format!("Its values are {}.", known.join(", "));
            self.unknown(&codes::E028, &Name { text: name.to_owned(), span }, message, known.iter().copied(), fallback);
            return None;
        }
        if name == "never" && matches!(wanted, Type::Time | Type::Date) {
            return Some(Value::Null);
        }
        let Some(given) = script.given.get(name) else {
            let known = script.given.keys().chain(script.lets.keys()).map(String::as_str);
            let message = format!("nothing in this scenario is called `{name}`");
            let fallback = match wanted {
                Type::Record(_) => format!("Add `given {name}: {} {{ }}`.", shown(wanted)),
                _ => format!("{} is needed here.", with_article(wanted)),
            };
            self.unknown(&codes::E020, &Name { text: name.to_owned(), span }, message, known, fallback);
            return None;
        };
        let target = Target::Local {
            file: self.file.path(self.db).clone(),
            span: given.span.shifted(self.offset),
            name: Arc::from(name),
            ty: shown(&Type::Record(given.ty.clone())),
        };
        self.refer(span, target);
        if *wanted == Type::Record(given.ty.clone()) {
            return Some(Value::String(given.key.clone()));
        }
        let found = Type::Record(given.ty.clone());
        let message = format!("{} is needed here, and `{name}` is {}", with_article(wanted), with_article(&found));
        self.report(&codes::E030, span, message, String::new());
        None
    }

    fn fact_record(
        &mut self,
        written: Option<&TypeRef>,
        fields: &[(Name, Expr)],
        wanted: &Type,
        span: Span,
        script: &Script<'_>,
    ) -> Option<Value> {
        if let Some(written) = written {
            let found = self.type_ref(written)?;
            if found != *wanted {
                let message = format!("{} is needed here, and this is {}", with_article(wanted), with_article(&found));
                self.report(&codes::E030, written.span, message, String::new());
                return None;
            }
        }
        match wanted {
            Type::Record(name) => {
                // A record written inside another has a key of its own, so that others of its type stay apart.
                let key = format!("{}@{}", name.rsplit('.').next().unwrap_or(name), span.start);
                self.fact_fields(&name.clone(), fields, Some(key), span, script).map(Value::Object)
            }
            Type::Location => {
                self.parts(fields, &[("lat", Type::Decimal), ("lon", Type::Decimal), ("within", Type::Length)], script)
            }
            Type::Period => self.parts(fields, &[("from", Type::Time), ("to", Type::Time)], script),
            other => {
                let message = format!("{} is needed here, and this is a record", with_article(other));
                self.report(&codes::E030, span, message, String::new());
                None
            }
        }
    }

    /// The parts of a built-in value written like a record.
    fn parts(&mut self, fields: &[(Name, Expr)], known: &[(&str, Type)], script: &Script<'_>) -> Option<Value> {
        let mut all = Map::new();
        for (name, value) in fields {
            let lacking = || {
                let lacking = known.iter().filter(|(part, _)| fields.iter().all(|(name, _)| name.text != *part));
                lacking.map(|(part, _)| (*part).to_owned()).collect()
            };
            if self.asked(&name.text, || Wanted::Part(lacking())) {
                return None;
            }
            let Some((_, ty)) = known.iter().find(|(part, _)| *part == name.text) else {
                let names: Vec<&str> = known.iter().map(|(part, _)| *part).collect();
                let message = format!("`{}` is no part of this", name.text);
                self.unknown(
                    &codes::E026,
                    name,
                    message,
                    names.iter().copied(),
                    format!("Its parts are {}.", names.join(", ")),
                );
                return None;
            };
            let value = self.fact_value(value, ty, script)?;
            // Coordinates are numbers in a facts file.
            let value = match (ty, value) {
                (Type::Decimal, Value::String(text)) => text.parse::<f64>().map_or(Value::String(text), |n| json!(n)),
                (_, value) => value,
            };
            all.insert(name.text.clone(), value);
        }
        Some(Value::Object(all))
    }

    /// `t + 6 hours`: elapsed time on instants, whole days on days, so that no zone is needed.
    fn shifted_instant(
        &mut self,
        op: ArithOp,
        from: &Expr,
        by: &Expr,
        wanted: &Type,
        script: &Script<'_>,
    ) -> Option<Value> {
        let start = self.fact_value(from, wanted, script)?;
        let by_typed = match &by.kind {
            ExprKind::Name(name) if script.lets.contains_key(name) => {
                let (given, value) = script.lets[name];
                let target = self.named_value(given, value);
                self.refer(by.span, target);
                self.expr_of(value, &Type::Duration)?
            }
            _ => self.expr_of(by, &Type::Duration)?,
        };
        let Node::Duration(duration) = by_typed.expr.node else {
            self.report(&codes::E080, by.span, "a plain duration is needed here", "Write `6 hours` or `3 days`.");
            return None;
        };
        let sign = if op == ArithOp::Sub { -1 } else { 1 };
        let text = start.as_str()?;
        let moved = if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            (duration.months == 0 && duration.days == 0)
                .then(|| instant.checked_add(jiff::SignedDuration::from_secs(sign * duration.seconds)).ok())
                .flatten()
                .map(|at| at.to_string())
        } else {
            let span = jiff::Span::new()
                .try_months(sign * duration.months)
                .and_then(|s| s.try_days(sign * duration.days))
                .ok();
            let day = text.parse::<jiff::civil::Date>().ok().zip(span);
            (duration.seconds == 0)
                .then(|| day.and_then(|(day, span)| day.checked_add(span).ok()))
                .flatten()
                .map(|d| d.to_string())
        };
        match moved {
            Some(moved) => Some(Value::String(moved)),
            None => {
                let message = "this sum is no instant a scenario can give";
                self.report(
                    &codes::E080,
                    from.span.to(by.span),
                    message,
                    "Add hours, minutes or seconds to an instant, and days, weeks or months to a day.",
                );
                None
            }
        }
    }

    fn fact_literal(&mut self, expr: &Expr, wanted: &Type) -> Option<Value> {
        let (found, node) = match literals::literal(expr, Some(wanted)) {
            Ok(literal) => literal,
            Err(fault) => {
                self.report(fault.code, expr.span, fault.message, fault.help);
                return None;
            }
        };
        // A day may stand for an instant that is known only by its day.
        let fine = crate::exprs::fits(&found, wanted) || (found == Type::Date && *wanted == Type::Time);
        if !fine {
            let message = format!("{} is needed here, and this is {}", with_article(wanted), with_article(&found));
            self.report(&codes::E030, expr.span, message, String::new());
            return None;
        }
        Some(match node {
            Node::Int(n) => json!(n),
            Node::Decimal(text) | Node::Text(text) | Node::Date(text) | Node::Time(text) | Node::Nation(text) => {
                Value::String(text)
            }
            Node::Length(text) => Value::String(format!("{text} m")),
            Node::Money { amount, currency } => Value::String(format!("{amount} {currency}")),
            Node::Duration(d) => Value::String(format!("P{}M{}DT{}S", d.months, d.days, d.seconds)),
            _ => return None,
        })
    }

    fn expectation(
        &mut self,
        expectation: &ast::Expectation,
        span: Span,
        line: u32,
        script: &Script<'_>,
    ) -> Option<pack::Expectation> {
        let void = is_void_waiver(&expectation.rule);
        let entity = if void { None } else { self.entity(&expectation.rule, &[Kind::Rule]) };
        let rule = if void { Some(VOID_WAIVER.to_owned()) } else { entity.as_ref().map(|e| e.qualified(self.db)) };
        let status = self.status(&expectation.status);
        if let (Some(entity), Some(status)) = (&entity, &status) {
            self.out.later.push(Later::Expect {
                span: expectation.status.span.shifted(self.offset),
                rule: entity.qualified(self.db),
                status: status.clone(),
            });
        }
        let subject = match &expectation.args {
            Some(args) => {
                if void {
                    self.one_waiver(args, expectation.rule.span)?;
                }
                Some(self.subject(entity.as_ref(), args, expectation.rule.span, script)?)
            }
            None => None,
        };
        let mut result = pack::Expectation {
            text: self.words(span),
            line,
            rule: rule?,
            subject,
            status: status?,
            late_by: None,
            due: None,
            since: None,
            missing: Vec::new(),
            flagged: Vec::new(),
            then: Vec::new(),
            uncovered: None,
        };
        for detail in &expectation.details {
            match detail {
                ast::Detail::LateBy(duration) => result.late_by = Some(self.plain(duration, &Type::Duration)?),
                ast::Detail::Due(at) => result.due = Some(self.scenario_instant(at, script)?),
                ast::Detail::Since(at) => result.since = Some(self.scenario_instant(at, script)?),
                ast::Detail::Missing(path) => result.missing.push(self.missing(path, script)?),
                ast::Detail::Flagged(text) => result.flagged.push(text.text.clone()),
                ast::Detail::Then(next) => result.then.push(self.status(next)?),
                ast::Detail::Uncovered(from, to) => {
                    let (from, to) = (self.scenario_instant(from, script), self.scenario_instant(to, script));
                    result.uncovered = Some((from?, to?));
                }
            }
        }
        Some(result)
    }

    fn status(&mut self, status: &Name) -> Option<String> {
        if status.is_hole() {
            return None;
        }
        if STATUSES.contains(&status.text.as_str()) {
            return Some(status.text.clone());
        }
        let message = format!("`{}` is no outcome", status.text);
        self.unknown(
            &codes::E082,
            status,
            message,
            STATUSES.iter().copied(),
            format!("The outcomes are {}.", STATUSES.join(", ")),
        );
        None
    }

    fn one_waiver(&mut self, args: &[Expr], span: Span) -> Option<()> {
        if args.len() == 1 {
            return Some(());
        }
        let message = format!("`{VOID_WAIVER}` is about one record, and {} named", args.len());
        self.report(&codes::E036, span, message, format!("Write `{VOID_WAIVER}(w)` with the record of the waiver."));
        None
    }

    /// The given records that an expectation is about, by position of the rule's variables.
    fn subject(
        &mut self,
        rule: Option<&crate::names::Entity>,
        args: &[Expr],
        span: Span,
        script: &Script<'_>,
    ) -> Option<Vec<String>> {
        let vars = rule.and_then(|rule| match signature(self.db, rule) {
            Some(Signature::Rule(rule)) => Some(rule.vars.clone()),
            _ => None,
        });
        if let (Some(vars), Some(rule)) = (&vars, rule)
            && vars.len() != args.len()
        {
            let wanted: Vec<String> = vars.iter().map(|(name, ty)| Self::shown_param(name, ty.as_ref())).collect();
            let message = format!(
                "`{}` is about {}, and {} named",
                rule.name,
                crate::exprs::counted(vars.len(), "record"),
                args.len()
            );
            self.report(&codes::E036, span, message, format!("Write `{}({})`.", rule.name, wanted.join(", ")));
            return None;
        }
        let mut names = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            let ExprKind::Name(name) = &arg.kind else {
                self.report(
                    &codes::E080,
                    arg.span,
                    "name a record given in this scenario",
                    "Write `given inc: Incident { ... }` and `inc` here.",
                );
                return None;
            };
            let wanted = vars.as_ref().and_then(|vars| vars.get(i)).and_then(|(_, ty)| ty.clone());
            if self.asked_among(name, || script.variables(), || Wanted::Value(wanted.clone())) {
                return None;
            }
            match (wanted, script.given.get(name)) {
                (Some(ty), _) => self.fact_name(name, arg.span, &ty, script).map(|_| ())?,
                (None, Some(given)) => {
                    let ty = Type::Record(given.ty.clone());
                    self.fact_name(name, arg.span, &ty, script).map(|_| ())?;
                }
                (None, None) => {
                    self.unknown_name(&Name { text: name.clone(), span: arg.span });
                    return None;
                }
            }
            names.push(name.clone());
        }
        Some(names)
    }

    /// `inc.observed_at`, as `key.field`.
    fn missing(&mut self, path: &Expr, script: &Script<'_>) -> Option<String> {
        if let ExprKind::Name(name) = &path.kind
            && self.asked_among(name, || script.variables(), || Wanted::Value(None))
        {
            return None;
        }
        if let ExprKind::Field(of, field) = &path.kind
            && let ExprKind::Name(name) = &of.kind
        {
            let Some(given) = script.given.get(name) else {
                self.unknown_name(&Name { text: name.clone(), span: of.span });
                return None;
            };
            let target = Target::Local {
                file: self.file.path(self.db).clone(),
                span: given.span.shifted(self.offset),
                name: Arc::from(name.as_str()),
                ty: shown(&Type::Record(given.ty.clone())),
            };
            self.refer(of.span, target);
            let (entity, signature) = record(self.db, &given.ty)?;
            if self.asked(&field.text, || Wanted::Member(Type::Record(given.ty.clone()))) {
                return None;
            }
            if signature.field(&field.text).is_none() {
                let known: Vec<&str> = signature.fields.iter().map(|f| f.name.as_str()).collect();
                let message = format!("`{}` has no field `{}`", entity.name, field.text);
                self.unknown(&codes::E026, field, message, known.iter().copied(), String::new());
                return None;
            }
            let target = Target::Field {
                file: entity.file.path(self.db).clone(),
                record: entity.name.clone(),
                field: Arc::from(field.text.as_str()),
            };
            self.refer(field.span, target);
            return Some(format!("{}.{}", given.key, field.text));
        }
        self.report(
            &codes::E080,
            path.span,
            "name a field of a record given in this scenario",
            "Write `missing inc.observed_at`.",
        );
        None
    }
}

/// Whether an expectation is about waivers that set aside what cannot be set aside, and not about a rule.
fn is_void_waiver(rule: &ast::Path) -> bool {
    matches!(rule.segments.as_slice(), [name] if name.text == VOID_WAIVER)
}

impl Script<'_> {
    /// What the scenario gives, as variables.
    fn variables(&self) -> Vec<Variable> {
        let given = self.given.iter().map(|(name, given)| (name, Some(Type::Record(given.ty.clone()))));
        let all = given.chain(self.lets.keys().map(|name| (name, None)));
        all.map(|(name, ty)| Variable { name: name.clone(), ty }).collect()
    }

    /// Whether the scenario gives something this name.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.given.contains_key(name) || self.lets.contains_key(name)
    }

    fn unnamed_key(&mut self) -> String {
        self.unnamed += 1;
        format!("unnamed-{}", self.unnamed)
    }

    /// The script without one `let`, so that a `let` that names itself ends.
    fn without(&self, name: &str) -> Script<'_> {
        let lets =
            self.lets.iter().filter(|(known, _)| *known != name).map(|(name, value)| (name.clone(), *value)).collect();
        Script { given: self.given.clone(), lets, unnamed: self.unnamed }
    }
}
