//! Groups of countries that newsrooms speak of and M49 does not have. They overlap, and are computed from countries.

use super::area::region_of;
use super::{Code, Country};

/// How the members of a group are told.
enum Members {
    /// By their codes, each of two letters.
    Codes(&'static str),
    /// By their sub-regions.
    SubRegions(&'static [&'static str]),
    /// All of a region but one sub-region.
    RegionWithout(&'static str, &'static str),
}

/// The groups, sorted by name.
const GROUPS: [(&str, Members); 19] = [
    ("balkans", Members::Codes("AL BA BG GR HR ME MK RO RS SI XK")),
    ("baltics", Members::Codes("EE LT LV")),
    ("benelux", Members::Codes("BE LU NL")),
    ("caucasus", Members::Codes("AM AZ GE")),
    ("central-europe", Members::Codes("AT CH CZ DE HU LI PL SI SK")),
    ("great-lakes-africa", Members::Codes("BI CD KE RW TZ UG")),
    ("greater-china", Members::Codes("CN HK MO TW")),
    ("gulf", Members::Codes("AE BH KW OM QA SA")),
    ("horn-of-africa", Members::Codes("DJ ER ET SO")),
    ("korean-peninsula", Members::Codes("KP KR")),
    ("latin-america", Members::SubRegions(&["caribbean", "central-america", "south-america"])),
    ("levant", Members::Codes("IL JO LB PS SY")),
    ("maghreb", Members::Codes("DZ EH LY MA MR TN")),
    ("middle-east", Members::Codes("AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE")),
    ("nordics", Members::Codes("AX DK FI FO GL IS NO SE")),
    ("pacific-islands", Members::SubRegions(&["melanesia", "micronesia", "polynesia"])),
    ("post-soviet", Members::Codes("AM AZ BY EE GE KG KZ LT LV MD RU TJ TM UA UZ")),
    ("sahel", Members::Codes("BF ML MR NE TD")),
    ("sub-saharan-africa", Members::RegionWithout("africa", "northern-africa")),
];

/// The names of all newsroom groups, sorted.
pub fn newsroom_groups() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|(name, _)| *name)
}

/// The newsroom groups that a country is in, sorted; none for a former state.
pub fn groups_of(country: &Country) -> impl Iterator<Item = &'static str> {
    let (code, sub_region, former) = (country.code, country.sub_region, country.former);
    GROUPS.iter().filter(move |(_, members)| !former && members.has(code, sub_region)).map(|(name, _)| *name)
}

impl Members {
    fn has(&self, code: Code, sub_region: &str) -> bool {
        match self {
            Members::Codes(codes) => codes.split(' ').any(|member| member == code.as_str()),
            Members::SubRegions(members) => members.contains(&sub_region),
            Members::RegionWithout(region, without) => region_of(sub_region) == Some(region) && sub_region != *without,
        }
    }
}

/// Whether a text with these sub-regions is about the *world*: four or more sub-regions in three or more regions.
///
/// Repeated sub-regions count once; slugs that name no sub-region do not count.
pub fn is_world<'a>(sub_regions: impl IntoIterator<Item = &'a str>) -> bool {
    let mut seen: Vec<(&str, &str)> =
        sub_regions.into_iter().filter_map(|slug| region_of(slug).map(|region| (region, slug))).collect();
    seen.sort_unstable();
    seen.dedup();
    let sub_regions = seen.len();
    seen.dedup_by_key(|(region, _)| *region);
    sub_regions >= 4 && seen.len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::Gazetteer;

    fn groups(code: &str) -> Vec<&'static str> {
        let gazetteer = Gazetteer::embedded().unwrap();
        groups_of(gazetteer.country(Code::parse(code).unwrap()).unwrap()).collect()
    }

    #[test]
    fn a_country_may_be_in_several_groups_or_in_none() {
        assert_eq!(groups("SY"), ["levant", "middle-east"]);
        assert_eq!(groups("MR"), ["maghreb", "sahel", "sub-saharan-africa"]);
        assert_eq!(groups("SI"), ["balkans", "central-europe"]);
        assert_eq!(groups("MX"), ["latin-america"]);
        assert_eq!(groups("FJ"), ["pacific-islands"]);
        assert_eq!(groups("US"), [""; 0]);
        assert_eq!(groups("SU"), [""; 0]);
    }

    #[test]
    fn groups_are_sorted_and_name_countries_that_exist() {
        assert!(newsroom_groups().is_sorted());
        let gazetteer = Gazetteer::embedded().unwrap();
        for (name, members) in &GROUPS {
            if let Members::Codes(codes) = members {
                for code in codes.split(' ') {
                    let country = gazetteer.country(Code::parse(code).unwrap()).unwrap();
                    assert!(groups_of(country).any(|group| group == *name), "{code} {name}");
                }
            }
        }
    }

    #[test]
    fn the_world_is_four_sub_regions_in_three_regions() {
        assert!(is_world(["eastern-asia", "southern-asia", "northern-africa", "western-europe"]));
        assert!(!is_world(["eastern-asia", "southern-asia", "western-asia", "western-europe"]), "two regions");
        assert!(!is_world(["eastern-asia", "eastern-asia", "northern-africa", "western-europe"]), "three sub-regions");
        assert!(!is_world([]));
        assert!(!is_world(["x", "y", "eastern-asia", "northern-africa", "western-europe"]));
    }
}
