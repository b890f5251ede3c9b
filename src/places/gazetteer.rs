//! The gazetteer: which forms name which places, read from CSV and checked.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::entry::{Entry, Marks, Trust};
use super::fold::fold;
use super::form::{Joins, words_and_joins};
use super::table::{Record, Table};
use super::{Areas, Code, Country, GazetteerError, Kind, Meaning, country};
use crate::features::Tokenizer;

const HEADER: &str = "place,kind,form,mark";
const COUNTRIES: &str = include_str!("../../datasets/gazetteer/countries.csv");
const PLACES: &str = include_str!("../../datasets/gazetteer/places.csv");

/// The most entries that are read: far more than there are places in the news.
const MOST_ENTRIES: usize = 1 << 20;

/// Countries, and the forms that name places.
#[derive(Clone, Debug)]
pub struct Gazetteer {
    countries: Vec<Country>,
    pub(super) entries: Vec<Entry>,
    terms: Vec<String>,
    /// Per form, folded and with its marks: where its entries are.
    index: HashMap<Key, Vec<u32>, FixedState>,
    /// Per way to write a country label, folded: its code.
    labels: BTreeMap<String, Code>,
}

/// What makes two forms the same: their folded words, what joins them, `=` and `^`.
type Key = (String, Joins, bool, bool);

impl Gazetteer {
    /// The gazetteer that ships with the program (`datasets/gazetteer`).
    ///
    /// # Errors
    /// None but for a damaged build: the tests read the same files.
    pub fn embedded() -> Result<Self, GazetteerError> {
        Self::read(("countries.csv", COUNTRIES), ("places.csv", PLACES))
    }

    fn read(countries: (&str, &str), places: (&str, &str)) -> Result<Self, GazetteerError> {
        let countries = country::read(countries.0, countries.1)?;
        let mut labels = BTreeMap::new();
        for name in [|c: &Country| c.code.to_string(), |c: &Country| c.alpha3.clone(), |c: &Country| c.name.clone()] {
            for country in &countries {
                labels.entry(folded(&name(country))).or_insert(country.code);
            }
        }
        let gazetteer =
            Gazetteer { countries, entries: Vec::new(), terms: Vec::new(), index: HashMap::default(), labels };
        gazetteer.with_user_entries(places.1, places.0)
    }

    /// The countries that ship, and no other forms than these.
    #[cfg(test)]
    pub(super) fn only(places: &str) -> Result<Self, GazetteerError> {
        Self::read(("countries.csv", COUNTRIES), ("places.csv", places))
    }

    /// The gazetteer with the rows of a user's CSV added: `place,kind,form,mark`, as in `datasets/gazetteer/places.csv`.
    ///
    /// A row that is there already changes nothing.
    ///
    /// # Errors
    /// A bad header, a ragged row, an unknown place, kind or mark, a form that cannot be matched, a form that has
    /// another meaning already (unless one of the two is marked `~~`). The first one ends the reading.
    pub fn with_user_entries(mut self, csv: &str, file: &str) -> Result<Self, GazetteerError> {
        let table = Table::read(file, csv, HEADER)?;
        let found = self.entries.len() + table.rows.len();
        if found > MOST_ENTRIES {
            return Err(GazetteerError::TooMany { file: file.to_owned(), found, limit: MOST_ENTRIES });
        }
        for record in &table.rows {
            self.add(&table, record)?;
        }
        Ok(self)
    }

    fn add(&mut self, table: &Table<'_>, record: &Record) -> Result<(), GazetteerError> {
        let fault = |column, expected, way_out| table.error(record, column, expected, way_out);
        let kind = Kind::parse(record.field(1)).ok_or_else(|| {
            let expected = "name, demonym, admin, city, institution, region, term or phrase";
            fault(("kind", 1), expected, "choose one of them")
        })?;
        let meaning = self.meaning(table, record, kind)?;
        let form = record.field(2);
        let (_, joins) = words_and_joins(form).ok_or_else(|| {
            let expected = "one to eight words with blanks, hyphens, full stops or apostrophes between them";
            fault(("form", 2), expected, "write the form as it stands in texts")
        })?;
        let marks = Marks::parse(record.field(3)).ok_or_else(|| {
            let expected = "nothing, or one of ~~ ~ ? and then any of = ^ !";
            fault(("mark", 3), expected, "the card of the gazetteer says what they mean")
        })?;
        if marks.exact && form.chars().any(char::is_lowercase) {
            return Err(fault(("form", 2), "a form in upper case", "the mark = is for those; remove it"));
        }
        let key = (folded(form), joins, marks.exact, marks.comma);
        let same = self.index.entry(key).or_default();
        for &other in same.iter() {
            let other = &self.entries[other as usize];
            if other.meaning == meaning {
                return Ok(());
            }
            let needs_support = |marks: Marks| marks.trust == Trust::OwnOnly;
            if !needs_support(marks) && !needs_support(other.marks) {
                return Err(GazetteerError::OtherMeaning {
                    file: table.file.to_owned(),
                    line: record.line,
                    form: form.to_owned(),
                    found: described(meaning, kind, &self.terms),
                    expected: described(other.meaning, other.kind, &self.terms),
                });
            }
        }
        same.push(self.entries.len() as u32);
        if let (Kind::Name, Meaning::Country(code), true) = (kind, meaning, marks.trust != Trust::OwnOnly) {
            self.labels.entry(folded(form)).or_insert(code);
        }
        self.entries.push(Entry { meaning, kind, form: form.into(), marks });
        Ok(())
    }

    /// What the first column says, which depends on the kind.
    fn meaning(&mut self, table: &Table<'_>, record: &Record, kind: Kind) -> Result<Meaning, GazetteerError> {
        let place = record.field(0);
        let fault = |expected, way_out| Err(table.error(record, ("place", 0), expected, way_out));
        match kind {
            Kind::Phrase if place.is_empty() => Ok(Meaning::Nothing),
            Kind::Phrase => fault("nothing for a phrase", "leave the field empty, or choose another kind"),
            Kind::Term => {
                let expected = "a slug of lower-case letters and hyphens for a term";
                if place.is_empty() || !place.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
                    return fault(expected, "name the term, for instance nato");
                }
                let known = self.terms.iter().position(|term| term == place);
                let number = known.unwrap_or(self.terms.len());
                let Ok(short) = u16::try_from(number) else {
                    return fault(expected, "there are too many terms; use fewer");
                };
                if known.is_none() {
                    self.terms.push(place.to_owned());
                }
                Ok(Meaning::Term(short))
            }
            Kind::Region => {
                let areas = place.split('|').map(Areas::of).try_fold(Areas::default(), |all, one| Some(all.and(one?)));
                areas.map(Meaning::Areas).map_or_else(
                    || {
                        fault(
                            "slugs of M49 sub-regions or regions joined by |",
                            "for instance western-asia|northern-africa",
                        )
                    },
                    Ok,
                )
            }
            _ => match Code::parse(place).filter(|&code| self.country(code).is_some()) {
                Some(code) => Ok(Meaning::Country(code)),
                None => fault("the ISO 3166-1 alpha-2 code of a country, or XK", "for instance AF"),
            },
        }
    }

    /// The country of a code.
    pub fn country(&self, code: Code) -> Option<&Country> {
        let found = self.countries.binary_search_by_key(&code, |country| country.code);
        found.ok().map(|i| &self.countries[i])
    }

    /// All countries and former states, sorted by code.
    pub fn countries(&self) -> impl Iterator<Item = &Country> {
        self.countries.iter()
    }

    /// The slug of a term.
    pub fn term(&self, term: u16) -> Option<&str> {
        self.terms.get(usize::from(term)).map(String::as_str)
    }

    /// Frees the forms once a matcher has them; countries, labels and terms stay.
    pub fn forget_forms(&mut self) {
        self.entries = Vec::new();
        self.index = HashMap::default();
    }

    /// How many forms there are, without derived plurals.
    pub fn n_forms(&self) -> usize {
        self.entries.len()
    }

    /// All forms of one kind for one country, in the order of the file.
    pub fn forms(&self, code: Code, kind: Kind) -> impl Iterator<Item = &str> {
        let of = move |entry: &&Entry| entry.kind == kind && entry.meaning == Meaning::Country(code);
        self.entries.iter().filter(of).map(|entry| &*entry.form)
    }

    /// The country of a label, as [`code_of_label`](Self::code_of_label) finds it.
    pub fn country_of_label(&self, label: &str) -> Option<&Country> {
        self.country(self.code_of_label(label)?)
    }

    /// The country that a user's label names: by code (`AF`, `AFG`) or name (`Afghanistan`, `saudi-arabia`), whatever
    /// the case; `None` where it names none.
    pub fn code_of_label(&self, label: &str) -> Option<Code> {
        self.labels.get(&folded(label)).copied()
    }
}

/// The words of a text, folded, with single blanks between.
pub(super) fn folded(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut one = String::new();
    for token in Tokenizer::default().tokens(text) {
        for word in token.text.split('_') {
            fold(word, &mut one);
            if !all.is_empty() && !one.is_empty() {
                all.push(' ');
            }
            all.push_str(&one);
        }
    }
    all
}

fn described(meaning: Meaning, kind: Kind, terms: &[String]) -> String {
    match meaning {
        Meaning::Country(code) => format!("{code} ({})", kind.as_str()),
        Meaning::Areas(areas) => areas.to_string(),
        Meaning::Term(term) => format!("the term {}", terms.get(usize::from(term)).map_or("", String::as_str)),
        Meaning::Nothing => "no place (phrase)".to_owned(),
    }
}

#[cfg(test)]
#[path = "gazetteer_tests.rs"]
mod tests;
