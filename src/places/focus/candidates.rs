//! The countries that a text mentions, and how.

use std::collections::BTreeMap;

use super::super::{Code, Gazetteer, Kind, Meaning, Mention, Strength};

/// Where the parts of a text end, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// End of the title; 0 without one.
    pub title: usize,
    /// End of the first paragraph after the title; 0 where none is marked off.
    pub lead: usize,
}

impl Frame {
    /// A paragraph without a title.
    pub fn paragraph(text: &str) -> Self {
        Frame { title: 0, lead: text.len() }
    }

    /// A title and a body whose first paragraph ends at a byte.
    pub fn article(title: usize, lead: usize) -> Self {
        Frame { title, lead: lead.max(title) }
    }
}

/// A country that a text mentions. What is said of places counts the strong mentions, or the weak ones of a country
/// that has no strong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The country.
    pub code: Code,
    /// Whether it is a state that is no more.
    pub former: bool,
    /// Strong mentions; may be 0.
    pub strong: u32,
    /// Weak mentions.
    pub weak: u32,
    /// Mentions in the title.
    pub in_title: u32,
    /// Mentions in the first paragraph.
    pub in_lead: u32,
    /// Index of the token where it is first mentioned.
    pub first_token: u32,
    /// The best kind of its strong mentions; `None` where all are weak.
    pub kind: Option<Kind>,
    /// How many countries have more strong mentions.
    pub rank: u32,
    /// How many countries are mentioned before it.
    pub order: u32,
    /// How many other countries of its sub-region have a strong mention.
    pub neighbours: u32,
}

/// All countries that a text mentions, sorted by code. Words for wider areas are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    list: Vec<Candidate>,
    /// Countries with a strong mention.
    n_strong: u32,
    /// Strong mentions of countries.
    mentions: u32,
}

impl Candidates {
    /// The countries among the mentions of a text; those without a country in the gazetteer are left out.
    pub fn new(mentions: &[Mention], frame: Frame, gazetteer: &Gazetteer) -> Self {
        let mut found: BTreeMap<Code, Candidate> = BTreeMap::new();
        for mention in mentions {
            let Meaning::Country(code) = mention.meaning else { continue };
            let Some(country) = gazetteer.country(code) else { continue };
            let strong = mention.strength == Strength::Strong;
            if !strong && mention.strength != Strength::Weak {
                continue;
            }
            let candidate = found.entry(code).or_insert(Candidate::new(code, country.former));
            candidate.add(mention, strong, frame);
        }
        let mut list: Vec<Candidate> = found.into_values().collect();
        let sub_region = |code| gazetteer.country(code).map(|country| country.sub_region);
        let ranked: Vec<(u32, u32, u32)> = list
            .iter()
            .map(|one| {
                let others = || list.iter().filter(|other| other.code != one.code);
                let rank = others().filter(|other| other.strong > one.strong).count();
                let order = others().filter(|other| other.first_token < one.first_token).count();
                let near = |other: &&Candidate| other.strong > 0 && sub_region(other.code) == sub_region(one.code);
                (rank as u32, order as u32, others().filter(near).count() as u32)
            })
            .collect();
        for (one, (rank, order, neighbours)) in list.iter_mut().zip(ranked) {
            (one.rank, one.order, one.neighbours) = (rank, order, neighbours);
        }
        let n_strong = list.iter().filter(|one| one.strong > 0).count() as u32;
        let mentions = list.iter().fold(0u32, |sum, one| sum.saturating_add(one.strong));
        Candidates { list, n_strong, mentions }
    }

    /// The candidates, sorted by code.
    pub fn iter(&self) -> std::slice::Iter<'_, Candidate> {
        self.list.iter()
    }

    /// The candidate of a country.
    pub fn get(&self, code: Code) -> Option<&Candidate> {
        self.list.binary_search_by_key(&code, |one| one.code).ok().map(|i| &self.list[i])
    }

    /// How many countries have a strong mention.
    pub fn n_strong(&self) -> u32 {
        self.n_strong
    }

    /// The share of the strong mentions that are this country's; 0 without one.
    pub fn share(&self, candidate: &Candidate) -> f64 {
        f64::from(candidate.strong) / f64::from(self.mentions.max(1))
    }
}

impl Candidate {
    fn new(code: Code, former: bool) -> Self {
        Candidate {
            code,
            former,
            strong: 0,
            weak: 0,
            in_title: 0,
            in_lead: 0,
            first_token: 0,
            kind: None,
            rank: 0,
            order: 0,
            neighbours: 0,
        }
    }

    fn add(&mut self, mention: &Mention, strong: bool, frame: Frame) {
        if !strong {
            self.weak = self.weak.saturating_add(1);
            if self.strong > 0 {
                return;
            }
        }
        // The first mention, or the first strong one after weak ones: what was said of places begins anew.
        if self.strong == 0 && (strong || self.weak == 1) {
            (self.in_title, self.in_lead) = (0, 0);
            self.first_token = u32::try_from(mention.token).unwrap_or(u32::MAX);
        }
        if strong {
            self.strong = self.strong.saturating_add(1);
            self.kind = Some(self.kind.map_or(mention.kind, |kind| kind.min(mention.kind)));
        }
        if mention.start < frame.title {
            self.in_title += 1;
        } else if mention.start < frame.lead {
            self.in_lead += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{candidates, code};
    use super::*;
    use Kind::{City, Demonym, Name};
    use Strength::{Strong, Weak};

    #[test]
    fn a_country_is_counted_ranked_and_placed() {
        let frame = Frame::article(20, 60);
        let all = candidates(
            &[
                (5, "IR", Demonym, Strong),
                (25, "IQ", Name, Strong),
                (40, "IR", Name, Strong),
                (70, "FR", City, Weak),
                (80, "IR", City, Strong),
            ],
            frame,
        );
        assert_eq!((all.n_strong(), all.iter().count()), (2, 3));
        let iran = all.get(code("IR")).unwrap();
        assert_eq!((iran.strong, iran.weak, iran.in_title, iran.in_lead), (3, 0, 1, 1));
        assert_eq!((iran.rank, iran.order, iran.kind, iran.first_token), (0, 0, Some(Name), 0));
        assert_eq!(all.share(iran), 0.75);
        let iraq = all.get(code("IQ")).unwrap();
        assert_eq!((iraq.rank, iraq.order, iraq.neighbours), (1, 1, 0), "Iran is in southern Asia, Iraq in western");
        let france = all.get(code("FR")).unwrap();
        assert_eq!((france.strong, france.weak, france.kind, france.rank), (0, 1, None, 2));
        assert_eq!(all.share(france), 0.0);
    }

    #[test]
    fn weak_mentions_say_nothing_of_places_once_there_is_a_strong_one() {
        let mentions = [(5, "GE", Name, Weak), (30, "GE", City, Strong), (35, "GE", Name, Weak)];
        let all = candidates(&mentions, Frame::article(20, 60));
        let georgia = all.get(code("GE")).unwrap();
        assert_eq!((georgia.strong, georgia.weak, georgia.in_title, georgia.in_lead), (1, 2, 0, 1));
        assert_eq!((georgia.first_token, georgia.kind), (1, Some(City)));
    }

    #[test]
    fn neighbours_are_of_one_sub_region_and_former_states_are_told() {
        let mentions = [(0, "KE", Name, Strong), (9, "TZ", Name, Strong), (12, "SU", Name, Strong)];
        let all = candidates(&mentions, Frame::default());
        assert_eq!(all.get(code("KE")).unwrap().neighbours, 1);
        assert!(all.get(code("SU")).unwrap().former);
        assert_eq!(candidates(&[], Frame::default()), Candidates::default());
    }
}
