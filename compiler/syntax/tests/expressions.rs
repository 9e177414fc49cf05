//! How expressions are read, shown with every bracket that precedence saves.

use mandate_syntax::ast::{Binder, DeclKind, Domain, Expr, ExprKind, Path, TypeRef, TypeRefKind};
use mandate_syntax::parse;

fn path(path: &Path) -> String {
    path.segments.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

fn ty(ty: &TypeRef) -> String {
    match &ty.kind {
        TypeRefKind::Named(name) => path(name),
        TypeRefKind::List(item) => format!("list of {}", self::ty(item)),
        TypeRefKind::Optional(inner) => format!("{}?", self::ty(inner)),
        TypeRefKind::Hole => "_".into(),
    }
}

fn binder(binder: &Binder) -> String {
    match &binder.over {
        Domain::Type(over) => format!("{}: {}", binder.name.text, ty(over)),
        Domain::Items(list) => format!("{} in {}", binder.name.text, show(list)),
    }
}

fn list(parts: &[Expr], between: &str) -> String {
    parts.iter().map(show).collect::<Vec<_>>().join(between)
}

fn show(expr: &Expr) -> String {
    let two = |a: &Expr, op: &str, b: &Expr| format!("({} {op} {})", show(a), show(b));
    let condition = |c: &Option<Box<Expr>>| c.as_ref().map_or(String::new(), |c| format!(" | {}", show(c)));
    match &expr.kind {
        ExprKind::Hole => "_".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(text) | ExprKind::Date(text) | ExprKind::Time(text) | ExprKind::Name(text) => text.clone(),
        ExprKind::Quantity(number, unit) => format!("{number}_{}", unit.text),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Field(a, name) => format!("{}.{}", show(a), name.text),
        ExprKind::Call(callee, args) => format!("{}({})", path(callee), list(args, ", ")),
        ExprKind::Not(a) => format!("(not {})", show(a)),
        ExprKind::Neg(a) => format!("(- {})", show(a)),
        ExprKind::And(parts) => format!("(and {})", list(parts, " ")),
        ExprKind::Or(parts) => format!("(or {})", list(parts, " ")),
        ExprKind::Compare(op, a, b) => two(a, &format!("{op:?}").to_lowercase(), b),
        ExprKind::Arith(op, a, b) => two(a, &format!("{op:?}").to_lowercase(), b),
        ExprKind::In(a, b) => two(a, "in", b),
        ExprKind::Overlaps(a, b) => two(a, "overlaps", b),
        ExprKind::Covers(a, b) => two(a, "covers", b),
        ExprKind::IfUnknown(a, b) => two(a, "??", b),
        ExprKind::Range(a, b) => two(a, "..", b),
        ExprKind::Holds(holds) => {
            let of = holds.of.as_ref().map_or(String::new(), |of| format!(" of {}", show(of)));
            let at = holds.at.as_ref().map_or(String::new(), |at| format!(" at {}", show(at)));
            let role: Vec<_> = holds.role.segments.iter().map(|name| name.text.as_str()).collect();
            format!("({} is {}{of}{at})", show(&holds.who), role.join("."))
        }
        ExprKind::Is(a, test) => format!("({test:?} {})", show(a)).to_lowercase(),
        ExprKind::If(c, a, b) => format!("(if {} {} {})", show(c), show(a), show(b)),
        ExprKind::Quantified(which, over, c) => format!("({which:?} {}{})", binder(over), condition(c)),
        ExprKind::Pick(which, over, c) => format!("({which:?} {}{})", binder(over), condition(c)),
        ExprKind::Aggregate(which, value, over, c) => {
            let value = value.as_ref().map_or(String::new(), |value| format!("{} for ", show(value)));
            format!("({which:?} {value}{}{})", binder(over), condition(c))
        }
        ExprKind::List(parts) => format!("[{}]", list(parts, ", ")),
        ExprKind::Record(name, fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{}: {}", name.text, show(value))).collect();
            format!("{}{{{}}}", name.as_ref().map_or(String::new(), ty), fields.join(", "))
        }
        ExprKind::All(conditions) => {
            let one = |c: &mandate_syntax::ast::NamedCondition| {
                let unless = c.unless.as_ref().map_or(String::new(), |unless| format!(" unless {}", show(unless)));
                format!("{}: {}{unless}", c.name.text, show(&c.condition))
            };
            format!("all{{{}}}", conditions.iter().map(one).collect::<Vec<_>>().join("; "))
        }
    }
}

fn read(text: &str) -> String {
    let module = parse(&format!("define d = {text}"));
    let decl = &module.items[0].decl;
    assert!(decl.errors.is_empty(), "{text}: {:?}", decl.errors);
    let DeclKind::Define(define) = &decl.kind else { panic!("no define") };
    let own = format!("define d = {text}");
    assert_eq!(own.get(define.body.span.range()), Some(text), "span of the whole expression");
    show(&define.body)
}

#[test]
fn operators_bind_as_the_grammar_says() {
    for (text, tree) in [
        ("a or b and c or d", "(or a (and b c) d)"),
        ("(a and b) and c", "(and (and a b) c)"),
        ("a and not b == c and d", "(and a (not (b eq c)) d)"),
        ("not a if unknown b and c", "(and ((not a) ?? b) c)"),
        ("v.age < 18 if unknown v.band in {x, y}", "((v.age lt 18) ?? (v.band in [x, y]))"),
        ("a + b * -c - d / 2", "((a add (b mul (- c))) sub (d div 2))"),
        ("-a.b + c", "((- a.b) add c)"),
        ("a in b .. c + 1", "(a in (b .. (c add 1)))"),
        ("x is known and y.z is missing", "(and (known x) (missing y.z))"),
        ("a + b is empty", "(empty (a add b))"),
        ("(a < b) == c", "((a lt b) eq c)"),
        ("p is chief and q is lead of u.above", "(and (p is chief) (q is lead of u.above))"),
        ("p is core.lead of u at t + 24 hours and q", "(and (p is core.lead of u at (t add 24_hours)) q)"),
        ("(p is known_officer) or p.x is known", "(or (p is known_officer) (known p.x))"),
        ("share(x in xs where x.ok) >= 10 percent", "((Share x in xs | x.ok) ge 10_percent)"),
        ("a overlaps b or c covers d", "(or (a overlaps b) (c covers d))"),
        ("not not a", "(not (not a))"),
        ("f(a, g(b)).c.d", "f(a, g(b)).c.d"),
        ("500_000 USD + 0.5 * 24 hours", "(500000_USD add (0.5 mul 24_hours))"),
    ] {
        assert_eq!(read(text), tree, "{text}");
    }
}

#[test]
fn prefix_forms_extend_to_the_right() {
    for (text, tree) in [
        ("a and some x in xs where b or c", "(and a (Some x in xs | (or b c)))"),
        ("no x in xs and a", "(and (No x in xs) a)"),
        ("some v: core.V where v.x", "(Some v: core.V | v.x)"),
        ("every x in f(y).z satisfies x.ok and b", "(Every x in f(y).z | (and x.ok b))"),
        ("(latest r: R where r.a == b).sent_at", "(Latest r: R | (r.a eq b)).sent_at"),
        ("if a then b else if c then d else e or f", "(if a b (if c d (or e f)))"),
        (
            "count(x in xs where a) + sum(x.n for x: T) > max(a, b)",
            "(((Count x in xs | a) add (Sum x.n for x: T)) gt max(a, b))",
        ),
        ("all { one: a or b unless c, two: d }", "all{one: (or a b) unless c; two: d}"),
        ("{ a: 1, b: [{ c: -2 }] }", "{a: 1, b: [{c: (- 2)}]}"),
        ("core.V { a: 1 }", "core.V{a: 1}"),
        ("{} == []", "([] eq [])"),
    ] {
        assert_eq!(read(text), tree, "{text}");
    }
}

#[test]
fn children_are_given_in_the_order_of_the_text() {
    let module =
        parse("define d = sum(a for x in b where c) + f(d, { k: e }) if unknown all { n: g unless h is r of i at j }");
    let DeclKind::Define(define) = &module.items[0].decl.kind else { panic!("no define") };
    fn names(expr: &Expr, out: &mut String) {
        if let ExprKind::Name(name) = &expr.kind {
            out.push_str(name);
        }
        expr.children().into_iter().for_each(|child| names(child, out));
    }
    let mut out = String::new();
    names(&define.body, &mut out);
    assert_eq!(out, "abcdeghij");
}
