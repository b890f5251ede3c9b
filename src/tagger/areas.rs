//! The wider areas of labels that are countries, which facets of countries are scored by too.

use crate::places::region_of;

use super::Facet;

/// How wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaLevel {
    /// The UN's sub-regions.
    SubRegion,
    /// The UN's regions.
    Region,
}

impl Facet {
    /// The area of a country's label. What is neither country nor area stays as it is, a label that nothing can hit and
    /// not one that is lost; so does every label of a facet that is not one of countries.
    pub fn area<'a>(&'a self, label: &'a str, level: AreaLevel) -> &'a str {
        let Some(countries) = self.as_countries() else { return label };
        let country = match self.labels().id(label) {
            Some(id) => countries.country(id.index()),
            None => countries.atlas().gazetteer().country_of_label(label),
        };
        match (country, level) {
            (Some(country), AreaLevel::SubRegion) => country.sub_region,
            (Some(country), AreaLevel::Region) => country.region,
            (None, AreaLevel::SubRegion) => label,
            (None, AreaLevel::Region) => region_of(label).unwrap_or(label),
        }
    }
}
