//! Which counts of a table have to be hidden.
//!
//! The attacker knows the table as it is shown, the totals of its columns (the counts of the rule), what the marks mean, and
//! this algorithm. A hidden count is safe when the attacker cannot tell it: when another table that looks the same has another
//! number there. A table with its totals is a circulation: every count is a flow along an edge from its row to its column,
//! every total of a row one from the whole to the row, and the fixed totals of the columns close the circle. Two circulations
//! differ by cycles, so a hidden count can be another one exactly when a cycle through its edge leads over hidden counts that
//! have room in the direction needed. Cycles of least cost over counts still open tell what else to hide
//! (complementary suppression on a network; L. Cox, "Network models for complementary cell suppression", 1995).

/// What becomes of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Shown.
    Open,
    /// Below the threshold.
    Small,
    /// Hidden to protect another.
    Other,
}

/// What becomes of the counts of a group, and of their sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) total: Cell,
    pub(crate) cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    value: u64,
    cell: Cell,
}

/// What to hide of a table (rows of equal length) so that no count below `below` can be told; `None` when only hiding the
/// whole table does.
pub(crate) fn suppress(table: &[Vec<u64>], below: u64) -> Option<Vec<Row>> {
    let mut edges = edges(table, below);
    if below > 0 {
        while let Some(exposed) = (0..edges.len()).find(|n| edges[*n].cell != Cell::Open && !is_safe(&edges, *n, below))
        {
            for n in cheapest_cycle(&edges, exposed, below)? {
                if edges[n].cell == Cell::Open {
                    edges[n].cell = Cell::Other;
                }
            }
        }
    }
    let mut edges = edges.iter();
    let rows = table.iter().map(|row| {
        let total = edges.next().map_or(Cell::Open, |e| e.cell);
        Row { total, cells: edges.by_ref().take(row.len()).map(|e| e.cell).collect() }
    });
    Some(rows.collect())
}

/// Node 0 is the whole, in which the fixed column totals end: all columns are told apart by nodes of their own. Then rows,
/// then columns. Of each row first the total, then the counts.
fn edges(table: &[Vec<u64>], below: u64) -> Vec<Edge> {
    let cell = |value: u64| if value > 0 && value < below { Cell::Small } else { Cell::Open };
    let mut edges = Vec::new();
    for (r, row) in table.iter().enumerate() {
        let total = row.iter().sum();
        edges.push(Edge { from: 0, to: 1 + r, value: total, cell: cell(total) });
        for (c, value) in row.iter().enumerate() {
            edges.push(Edge { from: 1 + r, to: 1 + table.len() + c, value: *value, cell: cell(*value) });
        }
    }
    edges
}

/// Whether a count that is hidden, or were hidden, could be one more or one less as far as its own mark tells.
fn has_room(edge: &Edge, up: bool, below: u64) -> bool {
    match edge.cell {
        Cell::Small if up => edge.value + 1 < below,
        Cell::Small => edge.value > 1,
        // Only what reaches the threshold is hidden for another's sake; the attacker knows that.
        Cell::Open | Cell::Other => edge.value >= below && (up || edge.value > below),
    }
}

/// Whether some table that looks the same has another number there.
fn is_safe(edges: &[Edge], at: usize, below: u64) -> bool {
    let hidden = |edge: &Edge| (edge.cell != Cell::Open).then_some(0);
    [true, false].into_iter().any(|up| cycle(edges, at, up, below, &hidden).is_some())
}

/// The counts to hide, on the cycle over the smallest ones.
fn cheapest_cycle(edges: &[Edge], at: usize, below: u64) -> Option<Vec<usize>> {
    // One more, so that of cycles with equal counts the shorter one is taken. Totals are dearer: a reader misses them most.
    let cost = |edge: &Edge| match edge.cell {
        Cell::Open if edge.from == 0 => Some(edge.value.saturating_mul(4).saturating_add(4)),
        Cell::Open => Some(edge.value.saturating_add(1)),
        Cell::Small | Cell::Other => Some(0),
    };
    let both = [true, false].into_iter().filter_map(|up| cycle(edges, at, up, below, &cost));
    both.min_by_key(|(cost, path)| (*cost, path.len())).map(|(_, path)| path)
}

/// How a node was reached: at what cost so far, over which edge from which node.
type Reached = (u64, Option<(usize, usize)>);

/// The cheapest cycle along which the count at `at` becomes one more (or less), without that count itself: its cost and the
/// other counts on it. Bellman and Ford: tables are small.
fn cycle(
    edges: &[Edge],
    at: usize,
    up: bool,
    below: u64,
    cost: &dyn Fn(&Edge) -> Option<u64>,
) -> Option<(u64, Vec<usize>)> {
    let goal = edges.get(at)?;
    if !has_room(goal, up, below) {
        return None;
    }
    let (start, end) = if up { (goal.to, goal.from) } else { (goal.from, goal.to) };
    let nodes = edges.iter().map(|e| e.from.max(e.to)).max()? + 1;
    let mut best: Vec<Option<Reached>> = vec![None; nodes];
    best[start] = Some((0, None));
    let mut changed = true;
    while changed {
        changed = false;
        for (n, edge) in edges.iter().enumerate().filter(|(n, _)| *n != at) {
            let Some(price) = cost(edge) else { continue };
            for (up, from, to) in [(true, edge.from, edge.to), (false, edge.to, edge.from)] {
                let Some((so_far, _)) = best[from] else { continue };
                let there = so_far.saturating_add(price);
                if has_room(edge, up, below) && best[to].is_none_or(|(known, _)| there < known) {
                    best[to] = Some((there, Some((n, from))));
                    changed = true;
                }
            }
        }
    }
    let (total, mut last) = best[end]?;
    let mut path = Vec::new();
    while let Some((n, from)) = last {
        path.push(n);
        last = best[from].and_then(|(_, before)| before);
    }
    Some((total, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Every number that each count could be, found by trying all tables that look the same. Rows are tried one after
    /// another; what is left of the column totals is carried along.
    struct Attacker<'a> {
        table: &'a [Vec<u64>],
        hidden: &'a [Row],
        below: u64,
        seen: Vec<BTreeSet<u64>>,
    }

    impl Attacker<'_> {
        /// The numbers that a mark leaves open, up to `most`.
        fn range(&self, cell: Cell, value: u64, most: u64) -> std::ops::RangeInclusive<u64> {
            match cell {
                Cell::Open => value..=value,
                Cell::Small => 1..=(self.below - 1).min(most),
                Cell::Other => self.below..=most,
            }
        }

        fn solve(&mut self, columns: &mut Vec<u64>, r: usize, c: usize, row: &mut Vec<u64>, done: &mut Vec<Vec<u64>>) {
            let Some(cells) = self.hidden.get(r) else {
                if columns.iter().all(|left| *left == 0) {
                    let all = done.iter().flat_map(|row| [row.iter().sum::<u64>()].into_iter().chain(row.clone()));
                    all.enumerate().for_each(|(n, value)| {
                        self.seen[n].insert(value);
                    });
                }
                return;
            };
            if c == cells.cells.len() {
                let (sum, truth) = (row.iter().sum::<u64>(), self.table[r].iter().sum());
                if self.range(cells.total, truth, u64::MAX).contains(&sum) {
                    done.push(std::mem::take(row));
                    self.solve(columns, r + 1, 0, row, done);
                    *row = done.pop().expect("pushed");
                }
                return;
            }
            for value in self.range(cells.cells[c], self.table[r][c], columns[c]) {
                if value > columns[c] {
                    continue;
                }
                columns[c] -= value;
                row.push(value);
                self.solve(columns, r, c + 1, row, done);
                row.pop();
                columns[c] += value;
            }
        }
    }

    /// Whether a hidden count can be told.
    fn told(table: &[Vec<u64>], hidden: &[Row], below: u64) -> Option<usize> {
        let marks: Vec<Cell> = hidden.iter().flat_map(|r| [r.total].into_iter().chain(r.cells.clone())).collect();
        let mut attacker = Attacker { table, hidden, below, seen: vec![BTreeSet::new(); marks.len()] };
        let mut columns: Vec<u64> = (0..table[0].len()).map(|c| table.iter().map(|row| row[c]).sum::<u64>()).collect();
        attacker.solve(&mut columns, 0, 0, &mut Vec::new(), &mut Vec::new());
        assert!(attacker.seen.iter().all(|seen| !seen.is_empty()), "the table itself looks the same");
        marks.iter().zip(&attacker.seen).position(|(mark, seen)| *mark != Cell::Open && seen.len() == 1)
    }

    fn tables() -> impl Strategy<Value = (Vec<Vec<u64>>, u64)> {
        let row = |columns| prop::collection::vec(prop_oneof![2 => Just(0u64), 3 => 1u64..5, 3 => 5u64..10], columns);
        (1usize..4, 1usize..4, 3u64..6)
            .prop_flat_map(move |(columns, rows, below)| (prop::collection::vec(row(columns), rows), Just(below)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn no_hidden_count_can_be_told((table, below) in tables()) {
            if let Some(hidden) = suppress(&table, below) {
                for (row, marks) in table.iter().zip(&hidden) {
                    let counts = row.iter().copied().chain([row.iter().sum()]);
                    for (n, mark) in counts.zip(marks.cells.iter().chain([&marks.total])) {
                        prop_assert_eq!(*mark == Cell::Small, n > 0 && n < below);
                        prop_assert!(*mark != Cell::Other || n >= below);
                    }
                }
                prop_assert_eq!(told(&table, &hidden, below), None);
            }
        }
    }

    #[test]
    fn the_attacker_tells_what_hiding_small_counts_alone_leaves_open() {
        let table = vec![vec![3, 10], vec![7, 20]];
        let alone = |r: usize, row: &Vec<u64>| Row {
            total: Cell::Open,
            cells: (0..row.len()).map(|c| if (r, c) == (0, 0) { Cell::Small } else { Cell::Open }).collect(),
        };
        let naive: Vec<Row> = table.iter().enumerate().map(|(r, row)| alone(r, row)).collect();
        assert_eq!(told(&table, &naive, 5), Some(1));
        let hidden = suppress(&table, 5).expect("it can be shown");
        assert_eq!(told(&table, &hidden, 5), None);
        let shown = hidden.iter().flat_map(|row| &row.cells).filter(|cell| **cell == Cell::Open).count();
        assert!(shown > 0 || hidden.iter().any(|row| row.total == Cell::Open), "{hidden:?}");
    }

    #[test]
    fn large_counts_are_shown_and_one_group_alone_hides_nothing() {
        let open = suppress(&[vec![50, 60], vec![70, 0]], 5).expect("shown");
        assert!(open.iter().all(|row| row.total == Cell::Open && row.cells.iter().all(|c| *c == Cell::Open)));
        assert_eq!(suppress(&[vec![2, 60]], 5), None, "the counts of the rule tell it");
        assert!(suppress(&[vec![2, 60]], 0).is_some(), "hiding is off");
    }
}
