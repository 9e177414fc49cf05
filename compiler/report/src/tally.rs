//! Counts by group, as they may be published: small numbers are hidden, and so is what would give them away.
//!
//! A count of 1 to n-1 in a small group can lead to a person. It is written `<n`. Where it could be computed from the other
//! counts, the totals or the counts of the rule, some others are `withheld` too, the smallest that are enough. Totals of
//! groups count as counts. A count of 0 is shown: it tells of no case. If nothing that could be withheld would help, the whole
//! table is.

use crate::rates::{COLUMNS, Rate, kept_and_broken};
use crate::suppress::{Cell, suppress};
use crate::words::clean;
use mandate_assess::TallyTable;
use serde::{Serialize, Serializer};

/// Below which number the counts of a group are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold(u64);

impl Threshold {
    /// 0 hides nothing; 3 and more hide what is below. `None` for 1 and 2: as 0 is shown, `<2` would say 1.
    pub fn new(below: u64) -> Option<Threshold> {
        (below == 0 || below >= 3).then_some(Threshold(below))
    }
}

impl Default for Threshold {
    /// 5: what statistical offices commonly ask of counts of persons.
    fn default() -> Self {
        Threshold(5)
    }
}

/// A count as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// As it is.
    Shown(u64),
    /// Below the threshold, and not 0.
    Below(u64),
    /// Hidden to protect another.
    Withheld,
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Count::Shown(n) => write!(f, "{n}"),
            Count::Below(n) => write!(f, "<{n}"),
            Count::Withheld => f.write_str("withheld"),
        }
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Count::Shown(n) => serializer.serialize_u64(*n),
            Count::Below(_) | Count::Withheld => serializer.collect_str(self),
        }
    }
}

/// A table of counts by group, fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Rule, qualified.
    pub rule: String,
    /// By what, as written.
    pub by: String,
    /// Names of the counts of each group; the totals are apart.
    pub columns: Vec<String>,
    /// Groups in order of name; "not known" comes last. Empty when the table is withheld.
    pub groups: Vec<Group>,
    /// What was hidden, and why; `None`: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The counts of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The value, or "not known".
    pub value: String,
    /// All findings of the group.
    pub total: Count,
    /// By column.
    pub counts: Vec<Count>,
    /// Rate of compliance; only where every count it is made of is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
}

/// The tables with small numbers hidden. Several tables of one rule give each other away: who knows to which nation a unit
/// belongs can compute a hidden count by unit from those by nation. Where one of them hides anything, the first is shown alone.
pub fn shown_together(tables: &[TallyTable], below: Threshold) -> Vec<Shown> {
    let mut all: Vec<Shown> = tables.iter().map(|table| shown(table, below)).collect();
    let hiding: std::collections::BTreeSet<String> =
        all.iter().filter(|table| table.note.is_some()).map(|table| table.rule.clone()).collect();
    let mut first: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for table in all.iter_mut().filter(|table| hiding.contains(&table.rule)) {
        match first.get(&table.rule) {
            None => {
                first.insert(table.rule.clone(), table.by.clone());
            }
            Some(by) => {
                table.groups.clear();
                table.columns.clear();
                table.note = Some(format!("withheld: together with the counts by {by} it could give small ones away"));
            }
        }
    }
    all
}

/// One table with small numbers hidden, for a rule that has no other.
fn shown(table: &TallyTable, below: Threshold) -> Shown {
    let count = |group: &std::collections::BTreeMap<String, u64>, c: &str| group.get(c).copied().unwrap_or(0);
    let used = |column: &&str| table.groups.values().any(|group| count(group, column) > 0);
    let columns: Vec<&str> = COLUMNS.into_iter().filter(used).collect();
    let mut groups: Vec<_> = table.groups.iter().collect();
    // What the data does not say comes last.
    groups.sort_by_key(|(values, _)| values.iter().map(|value| (value.is_none(), value)).collect::<Vec<_>>());
    let cells: Vec<Vec<u64>> =
        groups.iter().map(|(_, group)| columns.iter().map(|column| count(group, column)).collect()).collect();
    let mut out = Shown {
        rule: table.rule.clone(),
        by: table.by.clone(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        groups: Vec::new(),
        note: None,
    };
    let Some(hidden) = suppress(&cells, below.0) else {
        let n = below.0;
        out.note = Some(format!(
            "withheld: single counts below {n} could be computed from the counts of the rule, whatever else is hidden"
        ));
        return out;
    };
    let as_shown = |cell: Cell, value: u64| match cell {
        Cell::Open => Count::Shown(value),
        Cell::Small => Count::Below(below.0),
        Cell::Other => Count::Withheld,
    };
    for ((values, _), (cells, hidden)) in groups.iter().zip(cells.iter().zip(&hidden)) {
        let counts: Vec<Count> = cells.iter().zip(&hidden.cells).map(|(n, cell)| as_shown(*cell, *n)).collect();
        out.groups.push(Group {
            value: values.iter().map(said).collect::<Vec<_>>().join(", "),
            total: as_shown(hidden.total, cells.iter().sum()),
            rate: rate(&columns, &counts),
            counts,
        });
    }
    out.note = note(&out, below.0);
    out
}

fn said(value: &Option<String>) -> String {
    value.as_deref().map_or_else(|| "not known".to_owned(), |value| clean(value).into_owned())
}

/// The rate of a group, where every count it is made of is shown.
fn rate(columns: &[&str], counts: &[Count]) -> Option<String> {
    let at = |column: &str| columns.iter().position(|c| *c == column).and_then(|n| counts.get(n));
    let mut all_shown = true;
    let count = |column: &str| match at(column) {
        Some(Count::Shown(n)) => Some(*n),
        Some(Count::Below(_) | Count::Withheld) => None,
        None => Some(0),
    };
    for column in ["satisfied", "violated", "repaired", mandate_assess::ADVICE] {
        all_shown &= count(column).is_some();
    }
    let (kept, broken) = kept_and_broken(|column| count(column).unwrap_or(0));
    Rate::of(kept, broken).filter(|_| all_shown).map(Rate::percent)
}

fn note(table: &Shown, below: u64) -> Option<String> {
    let all = || table.groups.iter().flat_map(|g| g.counts.iter().chain([&g.total]));
    let small = all().filter(|c| matches!(c, Count::Below(_))).count();
    let others = all().filter(|c| matches!(c, Count::Withheld)).count();
    let others = match others {
        0 => String::new(),
        1 => ", and 1 more from which they could be computed".to_owned(),
        n => format!(", and {n} more from which they could be computed"),
    };
    (small > 0).then(|| match small {
        1 => format!("1 count below {below} is hidden{others}"),
        n => format!("{n} counts below {below} are hidden{others}"),
    })
}

/// The heads of the columns of a table.
pub(crate) fn head(table: &Shown) -> Vec<String> {
    let mut head = vec![table.by.clone(), "all".to_owned()];
    head.extend(table.columns.iter().cloned());
    head.push("kept".to_owned());
    head
}

/// The cells of a row.
pub(crate) fn cells(group: &Group) -> Vec<String> {
    let mut row = vec![group.value.clone(), group.total.to_string()];
    row.extend(group.counts.iter().map(Count::to_string));
    row.push(group.rate.clone().unwrap_or_else(|| "-".to_owned()));
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(by: &str, groups: &[(&str, u64, u64)]) -> TallyTable {
        let mut table = TallyTable { rule: "r".into(), by: by.into(), ..TallyTable::default() };
        for (group, satisfied, violated) in groups {
            let group = vec![(*group != "?").then(|| (*group).to_owned())];
            (0..*satisfied).for_each(|_| table.add(group.clone(), "satisfied"));
            (0..*violated).for_each(|_| table.add(group.clone(), "violated"));
        }
        table
    }

    fn rows(table: &Shown) -> Vec<String> {
        table.groups.iter().map(|group| cells(group).join(" ")).collect()
    }

    #[test]
    fn small_counts_are_hidden_with_those_that_would_tell_them() {
        let table = table("u.nation", &[("DEU", 20, 6), ("FRA", 30, 2), ("?", 9, 8)]);
        let all = shown_together(std::slice::from_ref(&table), Threshold::default());
        assert_eq!(
            rows(&all[0]),
            ["DEU 26 20 6 76.9 %", "FRA 32 withheld <5 -", "not known 17 withheld withheld -"],
            "{:?}",
            all[0]
        );
        assert_eq!(
            all[0].note.as_deref(),
            Some("1 count below 5 is hidden, and 3 more from which they could be computed")
        );
        let open = shown_together(&[table], Threshold::new(0).expect("off"));
        assert_eq!(rows(&open[0])[1], "FRA 32 30 2 93.7 %");
    }

    #[test]
    fn a_second_table_of_a_rule_is_shown_only_where_neither_hides_anything() {
        let small = [table("u.nation", &[("A", 20, 6), ("B", 30, 2)]), table("u", &[("A1", 50, 8)])];
        let all = shown_together(&small, Threshold::default());
        assert!(!all[0].groups.is_empty() && all[1].groups.is_empty(), "{all:?}");
        let large = [table("u.nation", &[("A", 20, 6), ("B", 30, 7)]), table("u", &[("A1", 50, 13)])];
        let all = shown_together(&large, Threshold::default());
        assert!(all.iter().all(|table| !table.groups.is_empty() && table.note.is_none()), "{all:?}");
    }

    #[test]
    fn a_threshold_that_would_say_the_number_is_refused() {
        assert!(Threshold::new(1).is_none() && Threshold::new(2).is_none() && Threshold::new(3).is_some());
    }
}
