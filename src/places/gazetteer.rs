//! The gazetteer: which forms name which places, read from CSV and checked.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::entry::{Marks, Trust};
use super::fold::fold;
use super::form::Sense;
use super::growing::Growing;
use super::table::{Record, Table};
use super::{Areas, Code, Country, GazetteerError, Kind, Meaning, country};
use crate::features::Tokenizer;

const HEADER: &str = "place,kind,form,mark";
const COUNTRIES: &str = include_str!("../../datasets/gazetteer/countries.csv");
const PLACES: &str = include_str!("../../datasets/gazetteer/places.csv");

/// The most entries that are read: far more than there are places in the news.
const MOST_ENTRIES: usize = 1 << 20;

/// About as long as a short row is: more rows than a file has are made room for, seldom fewer.
const BYTES_PER_ROW: usize = 22;

/// Countries, and the forms that name places.
#[derive(Clone, Debug)]
pub struct Gazetteer {
    countries: Vec<Country>,
    terms: Vec<String>,
    entries: Vec<Entry>,
    /// The texts of all entries, one after another.
    texts: String,
    pub(super) forms: Growing,
    /// Per way to write a country label, folded: its code.
    labels: HashMap<String, Code, FixedState>,
}

/// What is shown of a row once it has been read.
#[derive(Clone, Copy, Debug)]
struct Entry {
    meaning: Meaning,
    kind: Kind,
    /// Where its form ends in the texts; it begins where that of the row before ends.
    end: u32,
}

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
        let mut labels = HashMap::with_capacity_and_hasher(8 * countries.len(), FixedState::default());
        for name in [|c: &Country| c.code.to_string(), |c: &Country| c.alpha3.clone(), |c: &Country| c.name.clone()] {
            for country in &countries {
                labels.entry(folded(&name(country))).or_insert(country.code);
            }
        }
        let gazetteer = Gazetteer {
            countries,
            terms: Vec::new(),
            entries: Vec::new(),
            texts: String::new(),
            forms: Growing::default(),
            labels,
        };
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
        let mut table = Table::open(file, csv, HEADER)?;
        let before = self.entries.len();
        let likely = csv.len() / BYTES_PER_ROW;
        self.entries.reserve(likely);
        self.texts.reserve(csv.len() / 2);
        self.forms.reserve(likely);
        let mut rows = 0;
        while let Some(record) = table.next()? {
            rows += 1;
            if before + rows > MOST_ENTRIES {
                while table.next()?.is_some() {
                    rows += 1;
                }
                let (file, found) = (file.to_owned(), before + rows);
                return Err(GazetteerError::TooMany { file, found, limit: MOST_ENTRIES });
            }
            self.add(record)?;
        }
        Ok(self)
    }

    fn add(&mut self, record: Record<'_>) -> Result<(), GazetteerError> {
        let fault = |column, expected, way_out| record.error(column, expected, way_out);
        let kind = Kind::parse(record.field(1)).ok_or_else(|| {
            let expected = "name, demonym, admin, city, institution, region, term or phrase";
            fault(("kind", 1), expected, "choose one of them")
        })?;
        let meaning = self.meaning(record, kind)?;
        let text = record.field(2);
        let marks = Marks::parse(record.field(3)).ok_or_else(|| {
            let expected = "nothing, or one of ~~ ~ ? and then any of = ^ !";
            fault(("mark", 3), expected, "the card of the gazetteer says what they mean")
        })?;
        let form = self.forms.place(text, marks).ok_or_else(|| {
            let expected = "one to eight words with blanks, hyphens, full stops or apostrophes between them";
            fault(("form", 2), expected, "write the form as it stands in texts")
        })?;
        if marks.exact && text.chars().any(char::is_lowercase) {
            return Err(fault(("form", 2), "a form in upper case", "the mark = is for those; remove it"));
        }
        for other in self.forms.others(form) {
            if other.meaning == meaning {
                return Ok(());
            }
            if marks.trust != Trust::OwnOnly && other.trust != Trust::OwnOnly {
                return Err(GazetteerError::OtherMeaning {
                    file: record.file().to_owned(),
                    line: record.line(),
                    form: text.to_owned(),
                    found: described(meaning, kind, &self.terms),
                    expected: described(other.meaning, other.kind, &self.terms),
                });
            }
        }
        if let (Kind::Name, Meaning::Country(code), true) = (kind, meaning, marks.trust != Trust::OwnOnly) {
            self.labels.entry(folded(text)).or_insert(code);
        }
        self.forms.add(form, text, marks, Sense { meaning, kind, trust: marks.trust });
        self.texts.push_str(text);
        self.entries.push(Entry { meaning, kind, end: self.texts.len() as u32 });
        Ok(())
    }

    /// What the first column says, which depends on the kind.
    fn meaning(&mut self, record: Record<'_>, kind: Kind) -> Result<Meaning, GazetteerError> {
        let place = record.field(0);
        let fault = |expected, way_out| Err(record.error(("place", 0), expected, way_out));
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
            _ => match Code::parse(place).map(Meaning::Country) {
                // Rows come sorted by country.
                Some(country) if self.entries.last().is_some_and(|before| before.meaning == country) => Ok(country),
                Some(Meaning::Country(code)) if self.country(code).is_some() => Ok(Meaning::Country(code)),
                _ => fault("the ISO 3166-1 alpha-2 code of a country, or XK", "for instance AF"),
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

    /// Hands the forms over to a matcher; countries, labels and terms stay.
    pub(super) fn take_forms(&mut self) -> Growing {
        self.entries = Vec::new();
        self.texts = String::new();
        std::mem::take(&mut self.forms)
    }

    /// How many forms there are, without derived plurals.
    pub fn n_forms(&self) -> usize {
        self.entries.len()
    }

    /// All forms of one kind for one country, in the order of the file.
    pub fn forms(&self, code: Code, kind: Kind) -> impl Iterator<Item = &str> {
        let of = move |(entry, _): &(&Entry, &str)| entry.kind == kind && entry.meaning == Meaning::Country(code);
        self.rows().filter(of).map(|(_, form)| form)
    }

    /// All entries, each with its form.
    fn rows(&self) -> impl Iterator<Item = (&Entry, &str)> {
        let mut start = 0;
        self.entries.iter().map(move |entry| {
            let form = &self.texts[std::mem::replace(&mut start, entry.end as usize)..entry.end as usize];
            (entry, form)
        })
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
