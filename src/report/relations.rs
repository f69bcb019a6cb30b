//! Who speaks about whom: a matrix, a network, and the pairs as a list.

use super::{
    collect::Counts,
    lists::Lists,
    pieces::line,
    reader::{Link, Reading},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Rows and columns of the matrix.
const ROWS: usize = 15;
const COLUMNS: usize = 18;
/// Pairs in the list and lines in the network.
const PAIRS: usize = 60;
/// Size of the network's drawing.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 620.0;
/// Characters of a label.
const LABEL: usize = 22;

/// What is shown.
#[derive(Debug, Default, Serialize)]
pub(super) struct Relations {
    columns: Vec<(String, &'static str)>,
    rows: Vec<MatrixRow>,
    pairs: Vec<Pair>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    width: f64,
    height: f64,
}

#[derive(Debug, Serialize)]
struct MatrixRow {
    name: String,
    cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
struct Cell {
    count: u64,
    /// How dark it is, 0 to 5.
    shade: u64,
    link: Link,
    same: bool,
}

#[derive(Debug, Serialize)]
struct Pair {
    speaker: String,
    about: String,
    kind: &'static str,
    count: u64,
    link: Link,
}

#[derive(Debug, Serialize)]
struct Node {
    name: String,
    label: String,
    kind: &'static str,
    x: f64,
    y: f64,
    radius: f64,
    says: u64,
    said_of: u64,
}

#[derive(Debug, Serialize)]
struct Edge {
    x1: f64,
    y1: f64,
    x2: f64,
    y2: f64,
    width: f64,
    about: String,
}

impl Relations {
    /// From what was counted.
    pub(super) fn of(lists: &Lists, counts: &Counts, reading: &Reading) -> Relations {
        let mut all: Vec<(u64, usize, usize, Link)> = Vec::new();
        let mut spoken_of: BTreeMap<usize, u64> = BTreeMap::new();
        let mut speaks: BTreeMap<usize, u64> = BTreeMap::new();
        for speaker in &lists.speakers {
            let Some(said) = counts.entities.get(*speaker).and_then(|of| of.said.as_ref()) else { continue };
            for (about, (count, first)) in &said.about {
                all.push((*count, *speaker, *about, reading.about(*speaker, *about, first)));
                *spoken_of.entry(*about).or_default() += count;
                *speaks.entry(*speaker).or_default() += count;
            }
        }
        all.sort_by_key(|(count, speaker, about, _)| (std::cmp::Reverse(*count), *speaker, *about));
        let name = |i: usize| lists.entities.get(i).map(|entity| line(&entity.name)).unwrap_or_default();
        let kind = |i: usize| lists.entities.get(i).map_or("", |entity| entity.kind);
        let most = all.first().map_or(1, |(count, ..)| *count);
        let found: BTreeMap<(usize, usize), (u64, &Link)> =
            all.iter().map(|(count, speaker, about, link)| ((*speaker, *about), (*count, link))).collect();
        // Who speaks of none of these, and of whom none of those speak, would be an empty line.
        let (mut rows, mut columns) = (ranked(&speaks, ROWS), ranked(&spoken_of, COLUMNS));
        rows.retain(|row| columns.iter().any(|column| row != column && found.contains_key(&(*row, *column))));
        columns.retain(|column| rows.iter().any(|row| row != column && found.contains_key(&(*row, *column))));
        let cell = |row: usize, column: usize| {
            let (count, link) = found.get(&(row, column)).map_or((0, Link::default()), |(c, l)| (*c, (*l).clone()));
            let shade = if count == 0 { 0 } else { 1 + (count - 1) * 5 / most.max(1) };
            Cell { count, shade: shade.min(5), link, same: row == column }
        };
        let rows = rows.iter().map(|row| MatrixRow {
            name: name(*row),
            cells: columns.iter().map(|column| cell(*row, *column)).collect(),
        });
        let (nodes, edges) = network(&all, &name, &kind);
        Relations {
            rows: rows.collect(),
            columns: columns.iter().map(|column| (name(*column), kind(*column))).collect(),
            pairs: all
                .iter()
                .take(PAIRS)
                .map(|(count, speaker, about, link)| Pair {
                    speaker: name(*speaker),
                    about: name(*about),
                    kind: kind(*about),
                    count: *count,
                    link: link.clone(),
                })
                .collect(),
            nodes,
            edges,
            width: WIDTH,
            height: HEIGHT,
        }
    }
}

/// The keys with the largest counts, the smallest key first among equals.
fn ranked(counts: &BTreeMap<usize, u64>, most: usize) -> Vec<usize> {
    let mut ranked: Vec<_> = counts.iter().map(|(key, count)| (std::cmp::Reverse(*count), *key)).collect();
    ranked.sort_unstable();
    ranked.into_iter().take(most).map(|(_, key)| key).collect()
}

/// The strongest pairs as a drawing.
fn network(
    all: &[(u64, usize, usize, Link)],
    name: &impl Fn(usize) -> String,
    kind: &impl Fn(usize) -> &'static str,
) -> (Vec<Node>, Vec<Edge>) {
    // As many pairs as leave the labels room.
    let mut keys = BTreeSet::new();
    let mut taken = 0;
    for (_, speaker, about, _) in all.iter().take(PAIRS) {
        keys.extend([*speaker, *about]);
        if keys.len() > 34 {
            break;
        }
        taken += 1;
    }
    let pairs = all.get(..taken).unwrap_or_default();
    let keys: Vec<usize> = pairs.iter().flat_map(|p| [p.1, p.2]).collect::<BTreeSet<_>>().into_iter().collect();
    let place = |key: usize| keys.binary_search(&key).unwrap_or(0);
    let labels: Vec<String> = keys.iter().map(|key| shortened(&name(*key))).collect();
    let edges: Vec<(usize, usize, f64)> = pairs.iter().map(|p| (place(p.1), place(p.2), p.0 as f64)).collect();
    let widths: Vec<f64> = labels.iter().map(|label| label.chars().count() as f64 * 6.8 + 14.0).collect();
    let places = layout(&widths, &edges);
    let mut nodes: Vec<Node> = keys
        .iter()
        .zip(labels)
        .zip(&places)
        .map(|((key, label), (x, y))| Node {
            name: name(*key),
            label,
            kind: kind(*key),
            x: *x,
            y: *y,
            radius: 0.0,
            says: pairs.iter().filter(|p| p.1 == *key).map(|p| p.0).sum(),
            said_of: pairs.iter().filter(|p| p.2 == *key).map(|p| p.0).sum(),
        })
        .collect();
    let most = nodes.iter().map(|node| node.says + node.said_of).max().unwrap_or(1).max(1) as f64;
    for node in &mut nodes {
        node.radius = tenth(5.0 + 9.0 * ((node.says + node.said_of) as f64 / most).sqrt());
    }
    let heaviest = pairs.first().map_or(1.0, |p| p.0 as f64);
    let edges = edges.iter().filter_map(|(from, to, count)| {
        let (a, b) = (nodes.get(*from)?, nodes.get(*to)?);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = dx.hypot(dy).max(1.0);
        // The line ends before the dot, where its arrow can be seen.
        let (start, end) = (a.radius / length, 1.0 - (b.radius + 6.0) / length);
        Some(Edge {
            x1: tenth(a.x + dx * start),
            y1: tenth(a.y + dy * start),
            x2: tenth(a.x + dx * end),
            y2: tenth(a.y + dy * end),
            width: tenth(1.2 + 3.2 * ((count - 1.0) / (heaviest - 1.0).max(1.0)).sqrt()),
            about: format!("{} speaks about {}: {count}", a.name, b.name),
        })
    });
    let edges = edges.collect();
    (nodes, edges)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LABEL {
        return name.to_string();
    }
    name.chars().take(LABEL - 1).collect::<String>() + "…"
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Places for labels of these widths: springs along the edges (Fruchterman and Reingold 1991), then labels that overlap are
/// moved apart. Nothing is drawn by lot: the same network has the same drawing.
fn layout(widths: &[f64], edges: &[(usize, usize, f64)]) -> Vec<(f64, f64)> {
    let count = widths.len();
    // Multiples of irrational numbers lie evenly and never upon each other.
    let spread = |i: usize, step: f64| ((i as f64 + 0.5) * step).fract();
    let mut places: Vec<(f64, f64)> = (0..count)
        .map(|i| (WIDTH * (0.1 + 0.8 * spread(i, 0.618_034)), HEIGHT * (0.1 + 0.8 * spread(i, 0.754_878))))
        .collect();
    let ideal = 0.8 * (WIDTH * HEIGHT / count.max(1) as f64).sqrt();
    for round in 0..400 {
        let heat = 40.0 * (1.0 - f64::from(round) / 400.0) + 0.5;
        let mut moves = vec![(0.0, 0.0); count];
        for a in 0..count {
            for b in 0..count {
                if a != b {
                    let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
                    let square = (dx * dx + dy * dy).max(1.0);
                    moves[a].0 += dx * ideal * ideal / square;
                    moves[a].1 += dy * ideal * ideal / square;
                }
            }
            // Towards the middle, so that parts without connection do not fly off.
            moves[a].0 += (WIDTH / 2.0 - places[a].0) * 0.6;
            moves[a].1 += (HEIGHT / 2.0 - places[a].1) * 0.9;
        }
        for (from, to, weight) in edges {
            let (dx, dy) = (places[*to].0 - places[*from].0, places[*to].1 - places[*from].1);
            let pull = (dx * dx + dy * dy).sqrt() / ideal * (1.0 + weight.sqrt() / 4.0).min(2.0);
            moves[*from].0 += dx * pull;
            moves[*from].1 += dy * pull;
            moves[*to].0 -= dx * pull;
            moves[*to].1 -= dy * pull;
        }
        for (place, (dx, dy)) in places.iter_mut().zip(&moves) {
            let length = (dx * dx + dy * dy).sqrt().max(0.001);
            place.0 += dx / length * length.min(heat);
            place.1 += dy / length * length.min(heat);
        }
        places.iter_mut().zip(widths).for_each(keep_inside);
    }
    for _ in 0..300 {
        for a in 0..count {
            for b in a + 1..count {
                let (dx, dy) = (places[b].0 - places[a].0, places[b].1 - places[a].1);
                let (over_x, over_y) = ((widths[a] + widths[b]) / 2.0 - dx.abs(), 42.0 - dy.abs());
                if over_x > 0.0 && over_y > 0.0 {
                    if over_x < over_y {
                        let step = (over_x / 4.0 + 0.1).copysign(dx);
                        (places[a].0, places[b].0) = (places[a].0 - step, places[b].0 + step);
                    } else {
                        let step = (over_y / 4.0 + 0.1).copysign(dy);
                        (places[a].1, places[b].1) = (places[a].1 - step, places[b].1 + step);
                    }
                }
            }
        }
        places.iter_mut().zip(widths).for_each(keep_inside);
    }
    places.into_iter().map(|(x, y)| (tenth(x), tenth(y))).collect()
}

fn keep_inside((place, width): (&mut (f64, f64), &f64)) {
    let margin = (width / 2.0).min(WIDTH / 2.0);
    place.0 = place.0.clamp(margin, WIDTH - margin);
    place.1 = place.1.clamp(22.0, HEIGHT - 34.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lie_apart_and_inside_and_always_alike() {
        for count in [0, 1, 2, 20, 34] {
            let widths: Vec<f64> = (0..count).map(|i| 60.0 + (i * 37 % 90) as f64).collect();
            let edges: Vec<_> = (1..count).map(|i| (i, i * i % i.max(3), 1.0 + (i % 4) as f64)).collect();
            let places = layout(&widths, &edges);
            assert_eq!(places, layout(&widths, &edges));
            for (i, (x, y)) in places.iter().enumerate() {
                assert!((0.0..=WIDTH).contains(x) && (0.0..=HEIGHT).contains(y), "{x} {y}");
                for (j, (u, v)) in places.iter().enumerate().skip(i + 1) {
                    let apart = (x - u).abs() > (widths[i] + widths[j]) / 2.0 - 2.0 || (y - v).abs() > 38.0;
                    assert!(apart, "{count}: {i} and {j} lie upon each other");
                }
            }
        }
    }
}
