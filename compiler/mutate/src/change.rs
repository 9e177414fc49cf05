//! Small changes of expressions.

use crate::shift::neighbours;
use crate::words::{is_bool, words};
use mandate_pack::{Arithmetic, Comparison, Expr, Fold, Node, Pack, Pick, Type};

/// A whole expression with one small change somewhere inside.
pub(crate) struct Changed {
    pub(crate) whole: Expr,
    /// "`a < b` becomes `a <= b`"
    pub(crate) said: String,
}

/// Every small change of an expression, from the outside in, in the order written.
pub(crate) fn changes(expr: &Expr, pack: &Pack) -> Vec<Changed> {
    let mut out = Vec::new();
    inside(expr, pack, &mut Vec::new(), &mut |path, (node, said)| {
        let mut whole = expr.clone();
        let mut at = &mut whole;
        for step in path {
            let Some(next) = at.children_mut().into_iter().nth(*step) else { return };
            at = next;
        }
        *at = node;
        out.push(Changed { whole, said });
    });
    out
}

/// Takes a changed expression, the way to its place, and the sentence.
type Give<'g> = dyn FnMut(&[usize], (Expr, String)) + 'g;

fn inside(expr: &Expr, pack: &Pack, path: &mut Vec<usize>, give: &mut Give<'_>) {
    for change in here(expr, pack) {
        give(path, change);
    }
    for (place, child) in expr.children().into_iter().enumerate() {
        path.push(place);
        inside(child, pack, path, give);
        path.pop();
    }
}

/// Changes of an expression as a whole.
fn here(expr: &Expr, pack: &Pack) -> Vec<(Expr, String)> {
    let like = |node: Node| Expr { ty: expr.ty.clone(), node };
    let becomes = |node: Node| {
        let after = like(node);
        let said = format!("`{}` becomes `{}`", words(expr), words(&after));
        (after, said)
    };
    match &expr.node {
        Node::Bool(b) => vec![becomes(Node::Bool(!b))],
        Node::Int(_)
        | Node::Decimal(_)
        | Node::Length(_)
        | Node::Money { .. }
        | Node::Duration(_)
        | Node::Date(_)
        | Node::Time(_) => neighbours(expr).into_iter().map(|after| becomes(after.node)).collect(),
        Node::Variant(name) => {
            variants(&expr.ty, name, pack).into_iter().map(|name| becomes(Node::Variant(name))).collect()
        }
        Node::List(items) if items.len() > 1 => without_one(items)
            .map(|(left, gone)| (like(Node::List(left)), format!("`{}` is left out of the list", words(gone))))
            .collect(),
        Node::Not(inner) => vec![((**inner).clone(), format!("`{}` becomes `{}`", words(expr), words(inner)))],
        Node::And(parts) => {
            let mut out: Vec<_> = dropped(parts, Node::And, &like);
            out.push(becomes(Node::Or(parts.clone())));
            out
        }
        Node::Or(parts) => {
            let mut out: Vec<_> = dropped(parts, Node::Or, &like);
            out.push(becomes(Node::And(parts.clone())));
            out
        }
        Node::Compare { op, left, right } => others(*op)
            .into_iter()
            .map(|op| becomes(Node::Compare { op, left: left.clone(), right: right.clone() }))
            .collect(),
        Node::Arith { op, left, right } => {
            let swapped = match op {
                Arithmetic::Add => Some(Arithmetic::Sub),
                Arithmetic::Sub => Some(Arithmetic::Add),
                // With units the other one would give another kind of value.
                Arithmetic::Mul if is_plain(left) && is_plain(right) => Some(Arithmetic::Div),
                Arithmetic::Div if is_plain(left) && is_plain(right) => Some(Arithmetic::Mul),
                Arithmetic::Mul | Arithmetic::Div => None,
            };
            // An instant can lose a length of time and gain one; the difference of two instants has no sum.
            let both_times = is_time(left) && is_time(right);
            let swapped = swapped.filter(|_| !both_times);
            swapped
                .map(|op| becomes(Node::Arith { op, left: left.clone(), right: right.clone() }))
                .into_iter()
                .collect()
        }
        Node::Neg(inner) => vec![((**inner).clone(), format!("`{}` becomes `{}`", words(expr), words(inner)))],
        Node::Overlaps(a, b) => {
            let mut out = vec![becomes(Node::Not(Box::new(expr.clone())))];
            if a.ty.known() == b.ty.known() {
                out.push(becomes(Node::Covers(a.clone(), b.clone())));
            }
            out
        }
        Node::Covers(a, b) => {
            let mut out = vec![becomes(Node::Not(Box::new(expr.clone())))];
            if a.ty.known() == b.ty.known() {
                out.push(becomes(Node::Overlaps(a.clone(), b.clone())));
            }
            out
        }
        Node::IsKnown(inner) => vec![becomes(Node::IsMissing(inner.clone()))],
        Node::IsMissing(inner) => vec![becomes(Node::IsKnown(inner.clone()))],
        Node::IfUnknown(first, _) => {
            vec![((**first).clone(), format!("`{}` becomes `{}`", words(expr), words(first)))]
        }
        Node::If { then, otherwise, .. } => [then, otherwise]
            .into_iter()
            .map(|branch| ((**branch).clone(), format!("`{}` becomes `{}`", words(expr), words(branch))))
            .collect(),
        Node::Some { binder, condition } => {
            vec![becomes(Node::Every { binder: binder.clone(), condition: condition.clone() })]
        }
        Node::Every { binder, condition } => {
            vec![becomes(Node::Some { binder: binder.clone(), condition: condition.clone() })]
        }
        Node::Fold { op, value, binder, condition } => {
            let op = match op {
                Fold::Sum => return Vec::new(),
                Fold::Min => Fold::Max,
                Fold::Max => Fold::Min,
            };
            let (value, binder, condition) = (value.clone(), binder.clone(), condition.clone());
            vec![becomes(Node::Fold { op, value, binder, condition })]
        }
        Node::Pick { op, binder, condition } => {
            let op = match op {
                Pick::Latest => Pick::Earliest,
                Pick::Earliest | Pick::The => Pick::Latest,
            };
            vec![becomes(Node::Pick { op, binder: binder.clone(), condition: condition.clone() })]
        }
        Node::All(parts) => {
            let mut out = Vec::new();
            for (place, part) in parts.iter().enumerate() {
                if parts.len() > 1 {
                    let mut left = parts.clone();
                    left.remove(place);
                    out.push((like(Node::All(left)), format!("the condition `{}` is left out", part.name)));
                }
                if part.unless.is_some() {
                    let mut left = parts.clone();
                    if let Some(part) = left.get_mut(place) {
                        part.unless = None;
                    }
                    out.push((like(Node::All(left)), format!("the exception of `{}` is left out", part.name)));
                }
            }
            out
        }
        Node::Holds { at: Some(_), who, role, of } => {
            vec![becomes(Node::Holds { who: who.clone(), role: role.clone(), of: of.clone(), at: None })]
        }
        Node::Holds { at: None, .. }
        | Node::In { .. }
        | Node::Within { .. }
        | Node::IsEmpty(_)
        | Node::Call { .. }
        | Node::Field { .. }
        | Node::Parameter { .. }
        | Node::Var(_)
            if is_bool(expr) =>
        {
            vec![becomes(Node::Not(Box::new(expr.clone())))]
        }
        Node::Holds { .. }
        | Node::In { .. }
        | Node::Within { .. }
        | Node::IsEmpty(_)
        | Node::Call { .. }
        | Node::Field { .. }
        | Node::Parameter { .. }
        | Node::Var(_)
        | Node::List(_)
        | Node::Text(_)
        | Node::Nation(_)
        | Node::Never
        | Node::AsOf
        | Node::Period { .. }
        | Node::Count { .. }
        | Node::Share { .. }
        | Node::Convert { .. }
        | Node::CurrencyOf(_)
        | Node::Distance(..)
        | Node::Follow { .. } => Vec::new(),
    }
}

fn dropped(parts: &[Expr], joined: fn(Vec<Expr>) -> Node, like: &dyn Fn(Node) -> Expr) -> Vec<(Expr, String)> {
    let one = |(mut left, gone): (Vec<Expr>, &Expr)| {
        let after = match left.pop() {
            Some(only) if left.is_empty() => only,
            Some(last) => {
                left.push(last);
                like(joined(left))
            }
            None => return None,
        };
        Some((after, format!("`{}` is left out", words(gone))))
    };
    without_one(parts).filter_map(one).collect()
}

/// The items without each of them in turn.
fn without_one(items: &[Expr]) -> impl Iterator<Item = (Vec<Expr>, &Expr)> {
    items.iter().enumerate().map(|(place, gone)| {
        let left = items.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, item)| item.clone());
        (left.collect(), gone)
    })
}

/// The boundary moved, and the opposite.
fn others(op: Comparison) -> Vec<Comparison> {
    match op {
        Comparison::Eq => vec![Comparison::Ne],
        Comparison::Ne => vec![Comparison::Eq],
        Comparison::Lt => vec![Comparison::Le, Comparison::Ge],
        Comparison::Le => vec![Comparison::Lt, Comparison::Gt],
        Comparison::Gt => vec![Comparison::Ge, Comparison::Le],
        Comparison::Ge => vec![Comparison::Gt, Comparison::Lt],
    }
}

/// The values beside a value of an enum: both where they are ordered, else the next one.
pub(crate) fn variants(ty: &Type, name: &str, pack: &Pack) -> Vec<String> {
    let Type::Enum(of) = ty.known() else { return Vec::new() };
    let Some(declared) = pack.enums.get(of) else { return Vec::new() };
    let Some(place) = declared.variants.iter().position(|v| v.name == name) else { return Vec::new() };
    let at = |place: usize| declared.variants.get(place).map(|v| v.name.clone());
    let (below, above) = (place.checked_sub(1).and_then(at), at(place + 1));
    if declared.ordered {
        [below, above].into_iter().flatten().collect()
    } else {
        above.or(below).into_iter().collect()
    }
}

fn is_plain(expr: &Expr) -> bool {
    matches!(expr.ty.known(), Type::Int | Type::Decimal)
}

fn is_time(expr: &Expr) -> bool {
    matches!(expr.ty.known(), Type::Time | Type::Date)
}

/// The same meaning in one form: no negation of a negation or of a comparison. Two changes that come to the same are one.
pub(crate) fn simplified(mut expr: Expr) -> Expr {
    for child in expr.children_mut() {
        let inner = std::mem::replace(child, Expr { ty: Type::Bool, node: Node::Never });
        *child = simplified(inner);
    }
    // The lesser of two values is the same whether they are compared with `<` or `<=`.
    if let Node::If { condition, then, otherwise } = &mut expr.node
        && let Node::Compare { op, left, right } = &mut condition.node
        && ((left == then && right == otherwise) || (left == otherwise && right == then))
    {
        *op = match *op {
            Comparison::Le => Comparison::Lt,
            Comparison::Ge => Comparison::Gt,
            other => other,
        };
    }
    let Node::Not(inner) = expr.node else { return expr };
    match inner.node {
        Node::Not(twice) => *twice,
        Node::Compare { op, left, right } => {
            let op = match op {
                Comparison::Eq => Comparison::Ne,
                Comparison::Ne => Comparison::Eq,
                Comparison::Lt => Comparison::Ge,
                Comparison::Le => Comparison::Gt,
                Comparison::Gt => Comparison::Le,
                Comparison::Ge => Comparison::Lt,
            };
            Expr { ty: expr.ty, node: Node::Compare { op, left, right } }
        }
        node => Expr { ty: expr.ty, node: Node::Not(Box::new(Expr { ty: inner.ty, node })) },
    }
}

#[cfg(test)]
mod tests {
    use super::{changes, simplified};
    use mandate_pack::{Comparison, Enum, Expr, Node, Pack, Type, Variant};

    fn bare() -> Pack {
        let json = r#"{"format":"mandate-pack/1","digest":"","name":"p","version":"1.0.0","edition":"2026","time_zone":"UTC",
            "enums":{},"records":{},"roles":{},"parameters":{},"definitions":{},"actions":{},"waivers":{},"sources":{},"rules":{},
            "endorsements":[],"assumptions":[],"background":[],"scenarios":[]}"#;
        let mut pack: Pack = serde_json::from_str(json).expect("a pack");
        let variant = |name: &str| Variant { name: name.to_owned(), spelling: name.to_owned() };
        let variants = vec![variant("low"), variant("mid"), variant("high")];
        pack.enums.insert("p.Rank".to_owned(), Enum { doc: String::new(), ordered: true, variants });
        pack
    }

    fn of(ty: Type, node: Node) -> Expr {
        Expr { ty, node }
    }

    fn var(name: &str) -> Expr {
        of(Type::Bool, Node::Var(name.to_owned()))
    }

    fn said(expr: &Expr) -> Vec<String> {
        changes(expr, &bare()).into_iter().map(|changed| changed.said).collect()
    }

    #[test]
    fn a_comparison_moves_over_its_boundary_and_turns_round() {
        let age = Box::new(of(Type::Int, Node::Var("age".to_owned())));
        let limit = Box::new(of(Type::Int, Node::Int(18)));
        let minor = of(Type::Bool, Node::Compare { op: Comparison::Lt, left: age, right: limit });
        assert_eq!(
            said(&minor),
            [
                "`age < 18` becomes `age <= 18`",
                "`age < 18` becomes `age >= 18`",
                "`18` becomes `19`",
                "`18` becomes `17`"
            ]
        );
    }

    #[test]
    fn parts_are_left_out_and_connectives_swapped() {
        let both = of(Type::Bool, Node::And(vec![var("a"), var("b")]));
        let all = changes(&both, &bare());
        assert_eq!((&all[0].whole, &all[1].whole), (&var("b"), &var("a")));
        assert_eq!(all[2].said, "`a and b` becomes `a or b`");
        assert_eq!(all[3].said, "`a` becomes `not a`");
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn values_of_an_ordered_enum_go_one_up_and_one_down() {
        let rank = of(Type::Enum("p.Rank".to_owned()), Node::Variant("mid".to_owned()));
        assert_eq!(said(&rank), ["`mid` becomes `low`", "`mid` becomes `high`"]);
        let lowest = of(Type::Enum("p.Rank".to_owned()), Node::Variant("low".to_owned()));
        assert_eq!(said(&lowest), ["`low` becomes `mid`"]);
    }

    #[test]
    fn what_means_the_same_has_one_form() {
        let not = |inner: Expr| of(Type::Bool, Node::Not(Box::new(inner)));
        let compare = |op| {
            let (left, right) = (Box::new(var("a")), Box::new(var("b")));
            of(Type::Bool, Node::Compare { op, left, right })
        };
        assert_eq!(simplified(not(not(var("a")))), var("a"));
        assert_eq!(simplified(not(compare(Comparison::Lt))), compare(Comparison::Ge));
        let lesser = |op| {
            let (condition, then, otherwise) = (Box::new(compare(op)), Box::new(var("a")), Box::new(var("b")));
            of(Type::Bool, Node::If { condition, then, otherwise })
        };
        assert_eq!(simplified(lesser(Comparison::Le)), simplified(lesser(Comparison::Lt)));
        assert_ne!(simplified(lesser(Comparison::Gt)), simplified(lesser(Comparison::Lt)));
    }
}
