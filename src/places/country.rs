//! The countries: codes, names, and the sub-region of each.

use super::area::{self, region_of};
use super::table::Table;
use super::{Code, GazetteerError};

const HEADER: &str = "code,alpha3,name,sub_region,status";

/// A country of ISO 3166-1 (or Kosovo), or a former state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// Its code, two letters.
    pub code: Code,
    /// Its ISO 3166-1 alpha-3 code; `XKX` for Kosovo, the withdrawn code for a former state.
    pub alpha3: String,
    /// Its English display name, as newspapers write it.
    pub name: String,
    /// Its M49 sub-region, a slug.
    pub sub_region: &'static str,
    /// The region its sub-region lies in, a slug.
    pub region: &'static str,
    /// Whether it is a state that is no more: its sub-region is a label then, the country is none.
    pub former: bool,
}

impl Country {
    /// What contains the country, nearest first: sub-region and region (for Antarctica they are one).
    pub fn ancestors(&self) -> impl Iterator<Item = &'static str> {
        let region = (self.region != self.sub_region).then_some(self.region);
        std::iter::once(self.sub_region).chain(region)
    }
}

/// Reads the table of countries, sorted by code.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Country>, GazetteerError> {
    let mut table = Table::open(file, text, HEADER)?;
    // Each with its line.
    let mut countries: Vec<(Country, u64)> = Vec::with_capacity(256);
    while let Some(record) = table.next()? {
        let fault =
            |field, column, expected| Err(record.error((field, column), expected, "correct the row or leave it out"));
        let Some(code) = Code::parse(record.field(0)) else {
            return fault("code", 0, "a code of two capital letters");
        };
        if record.field(2).is_empty() {
            return fault("name", 2, "a name");
        }
        let sub_region = area::sub_region(record.field(3));
        let Some((sub_region, region)) = sub_region.and_then(|slug| Some((slug, region_of(slug)?))) else {
            return fault("sub_region", 3, "the slug of an M49 sub-region");
        };
        let former = match record.field(4) {
            "" => false,
            "former" => true,
            _ => return fault("status", 4, "nothing or \"former\""),
        };
        let (alpha3, name) = (record.field(1).to_owned(), record.field(2).to_owned());
        countries.push((Country { code, alpha3, name, sub_region, region, former }, record.line()));
    }
    countries.sort_by_key(|(country, _)| country.code);
    if let Some(pair) = countries.windows(2).find(|pair| pair[0].0.code == pair[1].0.code) {
        let (again, line) = &pair[1];
        let (file, code) = (file.to_owned(), again.code.to_string());
        return Err(GazetteerError::CountryTwice { file, line: *line, code });
    }
    Ok(countries.into_iter().map(|(country, _)| country).collect())
}
