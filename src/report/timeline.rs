//! Who said what when: a row for each of the most quoted speakers, a dot for each stretch of time.

use super::{
    collect::Counts,
    dates::{self, Stretches},
    lists::Lists,
    pieces::line,
    reader::{Link, Reading},
};
use serde::Serialize;

/// Speakers with a row.
const ROWS: usize = 15;
/// More quotations of one speaker on one day count as so many where it is told which dates are wrong: one endless article should
/// not make all other dates look odd.
const MANY: u64 = 100;
/// Size of the drawing.
const LEFT: f64 = 190.0;
const WIDTH: f64 = 960.0;
const ROW: f64 = 30.0;
const TOP: f64 = 12.0;

/// The timeline.
#[derive(Debug, Default, Serialize)]
pub(super) struct Timeline {
    rows: Vec<Row>,
    ticks: Vec<Tick>,
    unit: &'static str,
    /// The names of the stretches, for the table.
    names: Vec<String>,
    width: f64,
    height: f64,
    left: f64,
    bottom: f64,
    /// Quotations of these speakers without a date, and with one that lies far from all others.
    undated: u64,
    outside: u64,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    label: String,
    y: f64,
    dots: Vec<Dot>,
    /// A count for every stretch.
    counts: Vec<u64>,
    total: u64,
    link: Link,
}

#[derive(Debug, Serialize)]
struct Dot {
    x: f64,
    radius: f64,
    note: String,
    anchor: String,
}

#[derive(Debug, Serialize)]
struct Tick {
    x: f64,
    text: String,
}

impl Timeline {
    /// From what was counted; empty without dates.
    pub(super) fn of(lists: &Lists, counts: &Counts, reading: &Reading) -> Timeline {
        let said = lists.speakers.iter().take(ROWS).filter_map(|speaker| {
            let said = counts.entities.get(*speaker)?.said.as_ref()?;
            Some((*speaker, said))
        });
        let said: Vec<_> = said.collect();
        let undated = said.iter().map(|(_, said)| said.undated).sum();
        let mut days: Vec<(i32, u64)> = said.iter().flat_map(|(_, s)| &s.days).map(|(day, n)| (*day, *n)).collect();
        days.sort_unstable();
        let Some((first, last)) = range(&days) else { return Timeline { undated, ..Timeline::default() } };
        let stretches = Stretches::between(first, last);
        let outside = days.iter().filter(|(day, _)| *day < first || *day > last).map(|(_, n)| n).sum();
        let step = (WIDTH - LEFT - 20.0) / stretches.count as f64;
        let x = |stretch: usize| tenth(LEFT + 10.0 + step * (stretch as f64 + 0.5));
        let mut rows = Vec::new();
        let mut most = 1;
        for (i, (speaker, said)) in said.iter().filter(|(_, said)| !said.days.is_empty()).enumerate() {
            let mut numbers = vec![0; stretches.count];
            let mut in_stretch = vec![Vec::new(); stretches.count];
            for (day, count) in said.days.range(first..=last) {
                if let Some(stretch) = stretches.of(*day) {
                    numbers[stretch] += count;
                    in_stretch[stretch].push(*day);
                }
            }
            most = most.max(numbers.iter().copied().max().unwrap_or(0));
            let name = lists.entities.get(*speaker).map(|entity| line(&entity.name)).unwrap_or_default();
            let dots = numbers.iter().zip(in_stretch).enumerate().filter(|(_, (count, _))| **count > 0);
            let dots = dots.map(|(stretch, (count, days))| Dot {
                x: x(stretch),
                radius: *count as f64,
                note: format!("{name}, {}: {count}", stretches.name(stretch)),
                anchor: reading.on(*speaker, days.into_iter()),
            });
            let label =
                if name.chars().count() > 26 { name.chars().take(25).chain(['…']).collect() } else { name.clone() };
            rows.push(Row {
                y: TOP + ROW * (i as f64 + 0.5),
                dots: dots.collect(),
                total: numbers.iter().sum(),
                link: reading.said(*speaker, said.first.as_ref()),
                counts: numbers,
                label,
                name,
            });
        }
        let largest = (step * 0.7).clamp(5.0, 12.0);
        for dot in rows.iter_mut().flat_map(|row| &mut row.dots) {
            dot.radius = tenth((largest * (dot.radius / most as f64).sqrt()).max(2.5));
        }
        let every = stretches.count.div_ceil(8);
        let ticks = (0..stretches.count).step_by(every).map(|i| Tick { x: x(i), text: stretches.name(i) });
        let bottom = TOP + ROW * rows.len() as f64;
        Timeline {
            ticks: ticks.collect(),
            unit: stretches.unit(),
            names: (0..stretches.count).map(|i| stretches.name(i)).collect(),
            width: WIDTH,
            height: bottom + 30.0,
            left: LEFT,
            bottom,
            undated,
            outside,
            rows,
        }
    }
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// From when to when most is said: where a few wrong dates would stretch the time fourfold, without the first and the last
/// hundredth.
fn range(days: &[(i32, u64)]) -> Option<(i32, i32)> {
    let (first, last) = (days.first()?.0, days.last()?.0);
    let weight = |count: u64| count.min(MANY);
    let total: u64 = days.iter().map(|(_, count)| weight(*count)).sum();
    let at = |rank: u64| {
        let mut passed = 0;
        days.iter().find(|(_, count)| {
            passed += weight(*count);
            passed > rank
        })
    };
    let (low, high) = (at(total / 100)?.0, at(total - 1 - total / 100)?.0);
    let (whole, most) = (i64::from(last) - i64::from(first), i64::from(high) - i64::from(low));
    Some(if whole > 4 * most.max(7) { (low, high) } else { (first, last) })
}

/// The first and the last day of an article, as they are written.
pub(super) fn published(lists: &Lists) -> Option<(String, String)> {
    let (first, last) = lists.published.as_ref()?;
    Some((dates::written(dates::day(first)?), dates::written(dates::day(last)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_dates_do_not_stretch_the_time() {
        assert_eq!(range(&[]), None);
        assert_eq!(range(&[(5, 1)]), Some((5, 5)));
        assert_eq!(range(&[(0, 1), (19_000, 400), (19_100, 400)]), Some((19_000, 19_100)));
        assert_eq!(range(&[(18_900, 1), (19_000, 400), (19_100, 400)]), Some((18_900, 19_100)));
        assert_eq!(range(&[(9_000, 40), (14_000, 40), (19_000, 500_000)]), Some((9_000, 19_000)));
    }
}
