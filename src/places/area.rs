//! The areas of the world above the country: sub-regions and regions of the UN's M49 standard, as slugs.
//!
//! Source: United Nations Statistics Division, *Standard country or area codes for statistical use (M49)*. Antarctica
//! is a region without sub-regions there; here it is also its own sub-region, so that every country has one.

use std::fmt;

/// Sub-regions and the region each lies in, sorted by region, then by name.
const SUB_REGIONS: [(&str, &str); 23] = [
    ("eastern-africa", "africa"),
    ("middle-africa", "africa"),
    ("northern-africa", "africa"),
    ("southern-africa", "africa"),
    ("western-africa", "africa"),
    ("caribbean", "americas"),
    ("central-america", "americas"),
    ("northern-america", "americas"),
    ("south-america", "americas"),
    ("antarctica", "antarctica"),
    ("central-asia", "asia"),
    ("eastern-asia", "asia"),
    ("south-eastern-asia", "asia"),
    ("southern-asia", "asia"),
    ("western-asia", "asia"),
    ("eastern-europe", "europe"),
    ("northern-europe", "europe"),
    ("southern-europe", "europe"),
    ("western-europe", "europe"),
    ("australia-and-new-zealand", "oceania"),
    ("melanesia", "oceania"),
    ("micronesia", "oceania"),
    ("polynesia", "oceania"),
];

const REGIONS: [&str; 5] = ["africa", "americas", "asia", "europe", "oceania"];

/// All sub-regions as (sub-region, region), sorted by region, then by name.
pub fn sub_regions() -> impl Iterator<Item = (&'static str, &'static str)> {
    SUB_REGIONS.into_iter()
}

/// The region of a sub-region; `None` where the slug names none.
pub fn region_of(sub_region: &str) -> Option<&'static str> {
    SUB_REGIONS.iter().find(|(name, _)| *name == sub_region).map(|&(_, region)| region)
}

/// The slug itself, for as long as the program runs; `None` where it names no sub-region.
pub(super) fn sub_region(slug: &str) -> Option<&'static str> {
    SUB_REGIONS.iter().find(|(name, _)| *name == slug).map(|&(name, _)| name)
}

/// A set of sub-regions and regions: what a word like "Middle East" or "Europe" names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Areas(u32);

impl Areas {
    /// The set of one slug, of a sub-region or a region; `None` where there is no such slug.
    pub fn of(slug: &str) -> Option<Self> {
        let sub_region = SUB_REGIONS.iter().position(|(name, _)| *name == slug);
        let region = || REGIONS.iter().position(|name| *name == slug).map(|i| i + SUB_REGIONS.len());
        sub_region.or_else(region).map(|bit| Areas(1 << bit))
    }

    /// What is in either set.
    #[must_use]
    pub fn and(self, other: Areas) -> Self {
        Areas(self.0 | other.0)
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The slugs in the set: sub-regions first, then regions.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        let slugs = SUB_REGIONS.into_iter().map(|(name, _)| name).chain(REGIONS);
        slugs.enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, slug)| slug)
    }
}

impl fmt::Display for Areas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, slug) in self.iter().enumerate() {
            if i > 0 {
                f.write_str("|")?;
            }
            f.write_str(slug)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Areas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_areas_give_back_their_slugs_in_order() {
        let set = Areas::of("europe").unwrap().and(Areas::of("western-asia").unwrap());
        assert_eq!(set.to_string(), "western-asia|europe");
        assert!(Areas::default().is_empty());
        assert_eq!(Areas::of("atlantis"), None);
        for (slug, region) in sub_regions() {
            assert_eq!(Areas::of(slug).unwrap().to_string(), slug);
            assert!(Areas::of(region).is_some());
        }
    }

    #[test]
    fn sub_regions_know_their_region() {
        assert_eq!(region_of("southern-asia"), Some("asia"));
        assert_eq!(region_of("antarctica"), Some("antarctica"));
        assert_eq!(region_of("asia"), None);
    }
}
