//! Evidence in the gazetteers: whether they have a name, longer names around it, and shorter ones inside.

use super::{
    features::Reasons,
    reasons::{List, R},
};
use crate::{
    gazetteer::{Case, Entry, Matching},
    model::EntityType,
};

impl Reasons<'_, '_> {
    /// Collects what the gazetteers say; returns as which types they list the name.
    pub(super) fn gazetteer(&self, start: usize, end: usize, out: &mut List) -> [bool; 3] {
        let listed = &self.document.listed;
        let mut kinds = [false; 3];
        let mut seen = 0u64;
        let mut once = |holds: bool, reason: R| {
            let bit = 1 << reason as u16;
            out.add_if(holds && seen & bit == 0, reason);
            seen |= bit * u64::from(holds);
        };
        for hit in listed.hits_of(start..end) {
            let entry = self.document.gazetteer.entry(hit.alias.entry);
            let weak = hit.alias.matching == Matching::Weak;
            let organization = hit.alias.kind == EntityType::Organization;
            let user = !entry.is_embedded();
            kinds[hit.alias.kind.index()] = true;
            once(true, listed_as(entry, hit.alias.kind, weak));
            once(hit.alias.article, R::GazArticle);
            once(
                end - start > 1 && !weak,
                [R::GazPersonPhrase, R::GazPlacePhrase, R::GazOrgPhrase][hit.alias.kind.index()],
            );
            once(organization && hit.alias.case == Case::Acronym, R::GazAcronym);
            once(user, [R::UserPerson, R::UserPlace, R::UserOrg][hit.alias.kind.index()]);
        }
        let count = kinds.iter().filter(|kind| **kind).count();
        out.add_if(count == 0, R::GazNone);
        out.add_if(count > 1, R::GazBoth);
        let (from, to) = listed.covered[start];
        let (from, to) = (from as usize, to as usize);
        out.add_if(from <= start && to >= end && to - from > end - start, R::GazLonger);
        if end - start > 1 {
            self.listed_inside(start, end, out);
        }
        kinds
    }

    fn listed_inside(&self, start: usize, end: usize, out: &mut List) {
        let mut kinds = [false; 3];
        let (mut place_first, mut place_last) = (false, false);
        for at in start..end {
            let hits = self.document.hits_at(at).iter();
            for hit in hits.filter(|hit| hit.end() <= end && (at > start || hit.end() < end)) {
                kinds[hit.alias.kind.index()] = true;
                place_first |= hit.alias.kind == EntityType::Place && at == start;
                place_last |= hit.alias.kind == EntityType::Place && hit.end() == end;
            }
        }
        out.add_if(kinds != [false; 3], R::GazInside);
        out.add_if(place_last, R::GazPlaceLast);
        out.add_if(place_first, R::GazPlaceFirst);
        out.add_if(kinds[EntityType::Organization.index()], R::GazOrgInside);
        out.add_if(kinds[EntityType::Person.index()], R::GazPersonInside);
    }
}

/// What an entry with a form of the text speaks for.
fn listed_as(entry: Entry<'_>, kind: EntityType, weak: bool) -> R {
    match (kind, weak) {
        (EntityType::Person, false) => R::GazPerson,
        (EntityType::Person, true) => R::GazPersonWeak,
        (EntityType::Place, _) => match (entry.class(), weak) {
            ("country" | "territory" | "continent", _) => R::GazCountry,
            (_, true) => R::GazPlaceWeak,
            ("capital", _) => R::GazCapital,
            ("city", _) => match entry.population() {
                0 | 200_000.. => R::GazBigCity,
                50_000.. => R::GazTown,
                _ => R::GazVillage,
            },
            ("admin1" | "region" | "district" | "conflict area", _) => R::GazRegion,
            _ => R::GazOtherPlace,
        },
        (EntityType::Organization, true) => R::GazOrgWeak,
        (EntityType::Organization, false) => match entry.class() {
            "media" | "news agency" => R::GazMedia,
            "club" | "league" | "sports body" => R::GazClub,
            _ => R::GazOrg,
        },
    }
}
