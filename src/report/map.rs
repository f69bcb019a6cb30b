//! Places as dots on a map, and the outline of the land: our own drawing in `land.csv`, rough by intention.

use super::{
    collect::Counts,
    lists::{Entity, Lists},
    pieces::line,
    reader::{Link, Reading},
};
use serde::Serialize;
use std::fmt::Write as _;

/// `name,outline`: longitudes and latitudes in turn, in degrees. Antarctica lies outside the map; the Caspian Sea, drawn as
/// water upon the land, comes last.
const LAND: &str = include_str!("land.csv");
/// The name of what is water.
const WATER: &str = "Caspian Sea";
/// The edges of the whole map in degrees.
const NORTH: f64 = 84.0;
const SOUTH: f64 = -57.0;
/// Width of the drawing.
const WIDTH: f64 = 1008.0;
/// The least width of a part of the map in degrees: the outline is too rough for less.
const LEAST: f64 = 60.0;
/// Width of the map to its height.
const ASPECT: f64 = 360.0 / (NORTH - SOUTH);
/// Dots that have their name beside them, if there is room.
const NAMED: usize = 24;
/// Rows of the list under the map.
const ROWS: usize = 25;

/// The map.
#[derive(Debug, Default, Serialize)]
pub(super) struct Map {
    land: Vec<String>,
    water: Vec<String>,
    dots: Vec<Dot>,
    labels: Vec<Label>,
    rows: Vec<Row>,
    width: f64,
    height: f64,
    /// Whether it shows the whole world, and not only the part where the dots are.
    whole: bool,
    /// Places with coordinates in the tables, and places in all.
    located: u64,
    places: u64,
}

#[derive(Debug, Serialize)]
struct Dot {
    x: f64,
    y: f64,
    radius: f64,
    note: String,
    anchor: String,
}

#[derive(Debug, Serialize)]
struct Label {
    x: f64,
    y: f64,
    text: String,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    country: String,
    latitude: f64,
    longitude: f64,
    mentions: u64,
    articles: u64,
    link: Link,
}

impl Map {
    /// From what was counted.
    pub(super) fn of(lists: &Lists, counts: &Counts, reading: &Reading) -> Map {
        let first = |i: usize| counts.entities.get(i).and_then(|of| of.first.as_ref());
        let dots: Vec<(usize, &Entity, (f64, f64))> = lists
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| entity.dot)
            .filter_map(|(i, entity)| Some((i, entity, entity.position?)))
            .filter(|(_, _, (latitude, _))| (SOUTH..=NORTH).contains(latitude))
            .collect();
        let window = Window::around(dots.iter().map(|(_, _, position)| *position));
        let most = dots.iter().map(|(_, entity, _)| entity.mentions).max().unwrap_or(1).max(1) as f64;
        let radius = |mentions: u64| (1.8 + 9.0 * (mentions as f64 / most).sqrt() * 10.0).round() / 10.0;
        let radius = |mentions: u64| radius(mentions).clamp(2.2, 9.0);
        let rows = dots.iter().take(ROWS).map(|(i, entity, (latitude, longitude))| Row {
            name: line(&entity.name),
            country: line(&entity.country),
            latitude: *latitude,
            longitude: *longitude,
            mentions: entity.mentions,
            articles: entity.articles,
            link: reading.entity(*i, first(*i)),
        });
        let mut labels = Labels::default();
        for (_, entity, position) in dots.iter().take(NAMED) {
            labels.add(&line(&entity.name), window.place(*position), radius(entity.mentions));
        }
        let outlines = |water: bool| {
            let named = outlines().into_iter().filter(move |(name, _)| (*name == WATER) == water);
            named.map(|(_, outline)| window.path(&outline)).collect()
        };
        Map {
            land: outlines(false),
            water: outlines(true),
            rows: rows.collect(),
            labels: labels.labels,
            // Small dots lie upon large ones.
            dots: dots
                .iter()
                .map(|(i, entity, position)| {
                    let (x, y) = window.place(*position);
                    let note = format!("{}: {} mentions", line(&entity.name), entity.mentions);
                    let anchor = reading.entity(*i, first(*i)).anchor;
                    Dot { x, y, radius: radius(entity.mentions), note, anchor }
                })
                .collect(),
            width: WIDTH,
            height: tenth(WIDTH / ASPECT),
            whole: window == WORLD,
            located: lists.located,
            places: lists.distinct[1].0,
        }
    }
}

/// Names beside dots, as far as they do not lie upon each other.
#[derive(Default)]
struct Labels {
    labels: Vec<Label>,
    taken: Vec<[f64; 4]>,
}

impl Labels {
    fn add(&mut self, text: &str, (x, y): (f64, f64), radius: f64) {
        let width = text.chars().count() as f64 * 6.2;
        let right = [x + radius + 2.0, y - 7.0, x + radius + 2.0 + width, y + 6.0];
        let left = [x - radius - 2.0 - width, y - 7.0, x - radius - 2.0, y + 6.0];
        let fits = |b: &[f64; 4], taken: &[[f64; 4]]| {
            let apart = |t: &[f64; 4]| b[2] < t[0] || t[2] < b[0] || b[3] < t[1] || t[3] < b[1];
            b[0] >= 0.0 && b[2] <= WIDTH && taken.iter().all(apart)
        };
        let chosen = [right, left].into_iter().find(|place| fits(place, &self.taken));
        self.taken.push([x - radius, y - radius, x + radius, y + radius]);
        if let Some(place) = chosen {
            self.taken.push(place);
            let (x, y) = ((place[0] * 10.0).round() / 10.0, ((y + 3.6) * 10.0).round() / 10.0);
            self.labels.push(Label { x, y, text: text.to_string() });
        }
    }
}

/// The part of the world that is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    west: f64,
    north: f64,
    /// Degrees from west to east.
    width: f64,
}

const WORLD: Window = Window { west: -180.0, north: NORTH, width: 360.0 };

impl Window {
    /// The smallest part that holds all these degrees north and east, with some space around them.
    fn around(positions: impl Iterator<Item = (f64, f64)>) -> Window {
        let start = (f64::MAX, f64::MIN, f64::MAX, f64::MIN);
        let (south, north, west, east) = positions.fold(start, |(south, north, west, east), (latitude, longitude)| {
            (south.min(latitude), north.max(latitude), west.min(longitude), east.max(longitude))
        });
        if south > north {
            return WORLD;
        }
        let width = ((east - west) * 1.15 + 4.0).max(((north - south) * 1.15 + 4.0) * ASPECT).max(LEAST);
        if width > 250.0 {
            return WORLD;
        }
        let height = width / ASPECT;
        Window {
            west: ((west + east - width) / 2.0).clamp(-180.0, 180.0 - width),
            north: ((south + north + height) / 2.0).clamp(SOUTH + height, NORTH),
            width,
        }
    }

    /// Where degrees north and east lie in the drawing.
    fn place(self, (latitude, longitude): (f64, f64)) -> (f64, f64) {
        let scale = WIDTH / self.width;
        (tenth((longitude - self.west) * scale), tenth((self.north - latitude) * scale))
    }

    fn path(self, outline: &Outline) -> String {
        let mut path = String::new();
        for (i, (longitude, latitude)) in outline.iter().enumerate() {
            let (x, y) = self.place((*latitude, *longitude));
            // Writing to a string cannot fail.
            let _ = write!(path, "{}{x} {y}", if i == 0 { "M" } else { "L" });
        }
        path + "Z"
    }
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

type Outline = Vec<(f64, f64)>;

/// Names and outlines: longitude and latitude of each point.
fn outlines() -> Vec<(&'static str, Outline)> {
    let rows = LAND.lines().skip(1).filter_map(|row| row.split_once(','));
    let numbers = |text: &str| text.split(' ').filter_map(|number| number.parse().ok()).collect::<Vec<f64>>();
    rows.map(|(name, text)| (name, numbers(text).chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(outline: &Outline, x: f64, y: f64) -> bool {
        let mut inside = false;
        for (i, (a, b)) in outline.iter().enumerate() {
            let (c, d) = outline[(i + outline.len() - 1) % outline.len()];
            inside ^= (*b > y) != (d > y) && x < (c - a) * (y - b) / (d - b) + a;
        }
        inside
    }

    /// Degrees from the nearest point of the outline.
    fn distance(outline: &Outline, x: f64, y: f64) -> f64 {
        let sides = outline.iter().enumerate().map(|(i, (a, b))| {
            let (c, d) = outline[(i + outline.len() - 1) % outline.len()];
            let (dx, dy) = (c - a, d - b);
            let along = (((x - a) * dx + (y - b) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
            (x - a - along * dx).hypot(y - b - along * dy)
        });
        sides.fold(f64::MAX, f64::min)
    }

    fn on_land(land: &[(&str, Outline)], latitude: f64, longitude: f64, tolerance: f64) -> bool {
        let near = |outline: &Outline| {
            outline.iter().any(|(x, _)| *x >= longitude - tolerance)
                && outline.iter().any(|(x, _)| *x <= longitude + tolerance)
        };
        land.iter().filter(|(_, outline)| near(outline)).any(|(_, outline)| {
            inside(outline, longitude, latitude) || distance(outline, longitude, latitude) <= tolerance
        })
    }

    #[test]
    fn cities_lie_on_the_land_drawn() {
        let land = outlines();
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("gazetteers/places_cities.csv");
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|h| h == name).unwrap();
        let (latitude, longitude) = (column("latitude"), column("longitude"));
        let (mut all, mut dry, mut exactly) = (0, 0, 0);
        for row in reader.records() {
            let row = row.unwrap();
            let Ok(latitude) = row[latitude].parse() else { continue };
            let longitude = row[longitude].parse().unwrap();
            all += 1;
            exactly += usize::from(on_land(&land, latitude, longitude, 0.0));
            dry += usize::from(on_land(&land, latitude, longitude, 2.0));
        }
        assert!(all > 10_000);
        assert!(dry * 1000 >= all * 995, "{dry} of {all} cities are on land or within two degrees");
        assert!(exactly * 100 >= all * 90, "{exactly} of {all} cities are inside an outline");
    }

    #[test]
    fn oceans_are_no_land() {
        let land = outlines();
        for (name, latitude, longitude) in [
            ("North Atlantic", 35.0, -40.0),
            ("South Atlantic", -25.0, -15.0),
            ("Indian Ocean", -25.0, 80.0),
            ("North Pacific", 40.0, -160.0),
            ("South Pacific", -40.0, -120.0),
            ("Bay of Bengal", 14.0, 87.5),
            ("Arabian Sea", 15.0, 65.0),
            ("Tasman Sea", -37.0, 161.0),
            ("Gulf of Mexico", 25.0, -92.0),
            ("Hudson Bay", 59.0, -86.0),
            ("western Mediterranean", 38.5, 6.0),
            ("Norwegian Sea", 68.0, 2.0),
            ("Gulf of Guinea", 0.0, 0.0),
            ("Coral Sea", -16.0, 155.0),
        ] {
            assert!(!on_land(&land, latitude, longitude, 0.0), "{name} is land");
        }
    }

    #[test]
    fn a_region_is_drawn_larger_and_holds_its_dots() {
        for dots in [vec![(40.4, 49.9), (41.7, 44.8)], vec![(-45.0, 178.0)], vec![(71.0, -179.0), (60.0, -150.0)]] {
            let window = Window::around(dots.iter().copied());
            assert!(window.width < 100.0, "{window:?}");
            for dot in dots {
                let (x, y) = window.place(dot);
                assert!((0.0..=WIDTH).contains(&x) && (0.0..=WIDTH / ASPECT).contains(&y), "{dot:?} at {x} {y}");
            }
        }
        assert_eq!(Window::around([].into_iter()), WORLD);
        assert_eq!(Window::around([(40.0, -120.0), (40.0, 140.0)].into_iter()), WORLD);
    }

    #[test]
    fn labels_do_not_lie_upon_each_other() {
        let mut labels = Labels::default();
        for name in ["Baku", "Gəncə", "Sumqayıt", "Şəki"] {
            labels.add(name, WORLD.place((40.4, 49.9)), 4.0);
        }
        assert_eq!(labels.labels.len(), 2);
    }
}
