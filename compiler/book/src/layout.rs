//! A layered layout for small graphs, top down: longest-path layers, places inside a layer by the mean place of neighbours (Sugiyama,
//! Tagawa and Toda, 1981). The graphs of a package are chains and small trees; a general library would bring more code than this.

use std::collections::BTreeMap;

/// Space between boxes beside each other, and between layers.
const BESIDE: i32 = 24;
const BELOW: i32 = 46;
/// Space around the drawing.
const MARGIN: i32 = 4;
/// Sweeps over the layers; small graphs settle in two or three.
const SWEEPS: usize = 6;

/// A connected part of the graph.
pub(crate) struct Part {
    /// The nodes with the upper left corner of each.
    pub(crate) nodes: Vec<(usize, i32, i32)>,
    /// The edges with the points they go through, from end to end.
    pub(crate) edges: Vec<(usize, Vec<(i32, i32)>)>,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// Lays out boxes of one width and their own heights. Parts come in the order of their first nodes. Boxes without an edge are
/// parts of their own.
pub(crate) fn layout(width: i32, heights: &[i32], edges: &[(usize, usize)]) -> Vec<Part> {
    parts(heights.len(), edges).into_iter().map(|nodes| part(width, heights, edges, &nodes)).collect()
}

/// The connected parts, each sorted.
fn parts(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..count).collect();
    let find = |root: &[usize], mut at: usize| {
        while root[at] != at {
            at = root[at];
        }
        at
    };
    for (a, b) in edges {
        let (a, b) = (find(&root, *a), find(&root, *b));
        root[a.max(b)] = a.min(b);
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in 0..count {
        parts.entry(find(&root, node)).or_default().push(node);
    }
    parts.into_values().collect()
}

/// A place in a layer: a node, or where an edge passes through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Node(usize),
    /// An edge, and how many layers below its upper end.
    Bend(usize, usize),
}

fn part(width: i32, heights: &[i32], edges: &[(usize, usize)], nodes: &[usize]) -> Part {
    let inside: Vec<usize> =
        (0..edges.len()).filter(|e| nodes.contains(&edges[*e].0) && edges[*e].0 != edges[*e].1).collect();
    let downward = downward(nodes, edges, &inside);
    let layer = layers(nodes, &downward);
    let mut rows = rows(nodes, &layer, &downward);
    let links = links(&layer, &downward);
    for sweep in 0..SWEEPS {
        order(&mut rows, &links, sweep % 2 == 0);
    }
    placed(width, heights, &rows, edges, &downward, &layer)
}

/// Edges as (number, upper end, lower end): those that would close a circle are turned round for the layout.
fn downward(nodes: &[usize], edges: &[(usize, usize)], inside: &[usize]) -> Vec<(usize, usize, usize)> {
    let mut out: Vec<(usize, usize, usize)> = Vec::new();
    let leads = |out: &[(usize, usize, usize)], from: usize, to: usize| {
        let mut open = vec![from];
        let mut seen = vec![from];
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            for (_, a, b) in out.iter().filter(|(_, a, _)| *a == at) {
                debug_assert!(nodes.contains(a));
                if !seen.contains(b) {
                    seen.push(*b);
                    open.push(*b);
                }
            }
        }
        false
    };
    for edge in inside {
        let (a, b) = edges[*edge];
        let turned = leads(&out, b, a);
        out.push(if turned { (*edge, b, a) } else { (*edge, a, b) });
    }
    out
}

/// The layer of each node: below everything that leads to it.
fn layers(nodes: &[usize], edges: &[(usize, usize, usize)]) -> BTreeMap<usize, usize> {
    let mut layer: BTreeMap<usize, usize> = nodes.iter().map(|node| (*node, 0)).collect();
    // Without circles this ends after as many rounds as there are layers.
    for _ in nodes {
        let mut moved = false;
        for (_, a, b) in edges {
            let below = layer[a] + 1;
            if layer[b] < below {
                layer.insert(*b, below);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layer
}

fn rows(nodes: &[usize], layer: &BTreeMap<usize, usize>, edges: &[(usize, usize, usize)]) -> Vec<Vec<Slot>> {
    let count = layer.values().max().map_or(0, |last| last + 1);
    let mut rows: Vec<Vec<Slot>> = vec![Vec::new(); count];
    for node in nodes {
        rows[layer[node]].push(Slot::Node(*node));
    }
    for (edge, a, b) in edges {
        for step in 1..layer[b] - layer[a] {
            rows[layer[a] + step].push(Slot::Bend(*edge, step));
        }
    }
    rows
}

/// Pairs of slots in neighbouring layers that an edge joins, upper first.
fn links(layer: &BTreeMap<usize, usize>, edges: &[(usize, usize, usize)]) -> Vec<(Slot, Slot)> {
    let mut links = Vec::new();
    for (edge, a, b) in edges {
        let steps = layer[b] - layer[a];
        let slot = |step: usize| match step {
            0 => Slot::Node(*a),
            step if step == steps => Slot::Node(*b),
            step => Slot::Bend(*edge, step),
        };
        links.extend((0..steps).map(|step| (slot(step), slot(step + 1))));
    }
    links
}

/// Sorts each layer by the mean place of what its slots are joined to in the layer before, in the direction of the sweep.
fn order(rows: &mut [Vec<Slot>], links: &[(Slot, Slot)], down: bool) {
    let count = rows.len();
    for step in 1..count {
        let (fixed, moving) = if down { (step - 1, step) } else { (count - step, count - step - 1) };
        let place = |slot: Slot| rows[fixed].iter().position(|other| *other == slot);
        let mean = |slot: Slot, own: usize| {
            let joined = links.iter().filter_map(|(a, b)| match down {
                true => (*b == slot).then_some(*a),
                false => (*a == slot).then_some(*b),
            });
            let places: Vec<usize> = joined.filter_map(place).collect();
            // In thousandths, so that nothing depends on how fractions are rounded.
            if places.is_empty() { own * 1000 } else { places.iter().sum::<usize>() * 1000 / places.len() }
        };
        let mut sorted: Vec<(usize, Slot)> =
            rows[moving].iter().enumerate().map(|(own, slot)| (mean(*slot, own), *slot)).collect();
        sorted.sort_by_key(|(mean, _)| *mean);
        rows[moving] = sorted.into_iter().map(|(_, slot)| slot).collect();
    }
}

fn placed(
    width: i32,
    heights: &[i32],
    rows: &[Vec<Slot>],
    edges: &[(usize, usize)],
    downward: &[(usize, usize, usize)],
    layer: &BTreeMap<usize, usize>,
) -> Part {
    let wide = |slot: &Slot| if matches!(slot, Slot::Node(_)) { width } else { 0 };
    let row_width = |row: &[Slot]| row.iter().map(wide).sum::<i32>() + BESIDE * (row.len().saturating_sub(1)) as i32;
    let whole = rows.iter().map(|row| row_width(row)).max().unwrap_or(0) + 2 * MARGIN;
    let mut nodes = Vec::new();
    let mut bends: BTreeMap<(usize, usize), [(i32, i32); 2]> = BTreeMap::new();
    let mut at: BTreeMap<usize, (i32, i32)> = BTreeMap::new();
    let mut y = MARGIN;
    for row in rows {
        let tall =
            row.iter().map(|slot| if let Slot::Node(node) = slot { heights[*node] } else { 0 }).max().unwrap_or(0);
        let mut x = (whole - row_width(row)) / 2;
        for slot in row {
            match slot {
                Slot::Node(node) => {
                    nodes.push((*node, x, y));
                    at.insert(*node, (x, y));
                }
                Slot::Bend(edge, step) => {
                    // Straight past the boxes of the layer.
                    bends.insert((*edge, *step), [(x, y), (x, y + tall)]);
                }
            }
            x += wide(slot) + BESIDE;
        }
        y += tall + BELOW;
    }
    let lines = downward.iter().map(|(edge, upper, lower)| {
        let bottom = |node: &usize| (at[node].0 + width / 2, at[node].1 + heights[*node]);
        let top = |node: &usize| (at[node].0 + width / 2, at[node].1);
        let mut points = vec![bottom(upper)];
        points.extend((1..layer[lower] - layer[upper]).filter_map(|step| bends.get(&(*edge, step))).flatten());
        points.push(top(lower));
        // One that was turned round is drawn from its own beginning.
        if edges[*edge].0 != *upper {
            points.reverse();
        }
        (*edge, points)
    });
    Part { edges: lines.collect(), nodes, width: whole, height: y - BELOW + MARGIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer_of(part: &Part, node: usize) -> i32 {
        part.nodes.iter().find(|(n, ..)| *n == node).map(|(.., y)| *y).expect("placed")
    }

    #[test]
    fn what_leads_to_another_stands_above_it_and_boxes_never_overlap() {
        // Four rules over one, a long edge past a layer, and a circle.
        let edges = [(0, 4), (1, 4), (2, 4), (3, 4), (4, 5), (0, 5), (5, 6), (6, 4)];
        let parts = layout(100, &[40; 8], &edges);
        assert_eq!(parts.len(), 2, "the last box stands alone");
        let part = &parts[0];
        for (a, b) in &edges[..7] {
            assert!(layer_of(part, *a) < layer_of(part, *b), "{a} over {b}");
        }
        for (n, x, y) in &part.nodes {
            assert!(*x >= 0 && x + 100 <= part.width && y + 40 <= part.height);
            for (m, other, level) in &part.nodes {
                assert!(n == m || y != level || (x - other).abs() >= 100, "{n} and {m} overlap");
            }
        }
        assert_eq!(part.edges.len(), edges.len());
        for (edge, points) in &part.edges {
            for (n, x, y) in part.nodes.iter().filter(|(n, ..)| *n != edges[*edge].0 && *n != edges[*edge].1) {
                let inside = |(px, py): &(i32, i32)| px > x && *px < x + 100 && py > y && *py < y + 40;
                assert!(!points.iter().any(inside), "edge {edge} goes through {n}");
                let across =
                    points.windows(2).any(|line| line[0].1 < y + 40 && line[1].1 > *y && line[0].0 != line[1].0);
                assert!(!across, "edge {edge} bends beside {n}");
            }
        }
        let (_, turned) = part.edges.iter().find(|(edge, _)| *edge == 7).expect("drawn");
        assert!(turned[0].1 > turned[turned.len() - 1].1, "the edge that closes the circle goes up");
    }

    #[test]
    fn nothing_is_laid_out_of_nothing_and_an_edge_to_itself_is_left_out() {
        assert!(layout(100, &[], &[]).is_empty());
        assert!(layout(100, &[40], &[(0, 0)])[0].edges.is_empty());
    }
}
