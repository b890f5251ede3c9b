//! From candidates to mentions: what each form means here, and whether it counts.
//!
//! In this order, each step on the strength of those before it and never of its own, so that no two ambiguous names
//! lift each other up:
//!
//! 1. Containers: in "Birmingham, Alabama" the second place decides about the first.
//! 2. Forms with one meaning and no mark, or with words beside them that make them a place.
//! 3. Forms with several meanings of which one needs no support: that one, unless only another's country is named.
//! 4. Ambiguous forms: the meaning whose country is named; else a neighbour of it (Georgia beside Russia); else name
//!    and demonym of one country support each other; else, for places that are not beside a capitalised word, any
//!    other country.

use super::beside::Beside;
use super::entry::Trust;
use super::form::Sense;
use super::scan::Candidate;
use super::trie::Trie;
use super::{Code, Kind, Meaning, Mention, Rule, Span, Strength};

/// Countries whose mention tells which Georgia is meant.
const NEIGHBOURS: [(Code, &[Code]); 1] = [(
    Code::of(b"GE"),
    &[Code::of(b"AM"), Code::of(b"AZ"), Code::of(b"RU"), Code::of(b"SU"), Code::of(b"TR"), Code::of(b"UA")],
)];

pub(super) struct Resolve<'a, 't> {
    pub(super) trie: &'a Trie,
    pub(super) beside: Beside<'a, 't>,
    pub(super) candidates: Vec<Candidate>,
    /// The text is all in lower case.
    pub(super) lower: bool,
}

/// What has been decided about a candidate.
#[derive(Clone, Copy)]
struct Decision {
    sense: Sense,
    strength: Strength,
    rule: Rule,
}

/// Countries with a strong mention, in the order of the first ones.
#[derive(Default)]
struct Support(Vec<(Code, Span)>);

impl Support {
    fn add(&mut self, code: Code, span: Span) {
        if self.of(code).is_none() {
            self.0.push((code, span));
        }
    }

    fn of(&self, code: Code) -> Option<Span> {
        self.0.iter().find(|(other, _)| *other == code).map(|&(_, span)| span)
    }

    fn other_than(&self, code: Code) -> Option<Span> {
        self.0.iter().find(|(other, _)| *other != code).map(|&(_, span)| span)
    }
}

impl Resolve<'_, '_> {
    /// Appends the mentions in order; with `silent` also those that say nothing.
    pub(super) fn mentions(&self, silent: bool, out: &mut Vec<Mention>) {
        let alone = |i| self.contained(i).or_else(|| self.plain(i));
        let mut decided: Vec<Option<Decision>> = (0..self.candidates.len()).map(alone).collect();
        // In most texts nothing is ambiguous.
        let mut support = Support::default();
        let mut pairs = Vec::new();
        if decided.iter().any(Option::is_none) {
            self.gather(&decided, &mut support);
            for (i, decision) in decided.iter_mut().enumerate().filter(|(_, decision)| decision.is_none()) {
                *decision = self.several(i, &support);
            }
            // Only now: what a step decides supports the steps after it.
            self.gather(&decided, &mut support);
            pairs = self.pairs(&decided, &support);
        }
        for (i, (candidate, decision)) in self.candidates.iter().zip(decided).enumerate() {
            let decision = decision.unwrap_or_else(|| self.ambiguous(i, &support, &pairs));
            if decision.strength < Strength::Silent || silent {
                let Span { start, end } = self.span(candidate);
                let Decision { sense: Sense { kind, meaning, .. }, strength, rule: decided } = decision;
                out.push(Mention { start, end, token: candidate.first, kind, strength, meaning, decided });
            }
        }
    }

    /// The countries of what has been decided, in order of the text.
    fn gather(&self, decided: &[Option<Decision>], support: &mut Support) {
        support.0.clear();
        for (candidate, decision) in self.candidates.iter().zip(decided) {
            let strong = decision.filter(|decision| decision.strength == Strength::Strong);
            if let Some(code) = strong.and_then(|decision| country(decision.sense)) {
                support.add(code, self.span(candidate));
            }
        }
    }

    fn span(&self, candidate: &Candidate) -> Span {
        Span { start: self.beside.tokens[candidate.first].start, end: candidate.end }
    }

    /// The meanings of a candidate, the one that needs no country of its own first. There is always one.
    fn senses(&self, i: usize) -> &[Sense] {
        self.trie.senses(self.candidates[i].form)
    }

    fn strong(&self, sense: Sense, rule: Rule) -> Option<Decision> {
        Some(Decision { sense, strength: Strength::Strong, rule })
    }

    /// Step 1. A place before a comma and its container.
    fn contained(&self, i: usize) -> Option<Decision> {
        let candidate = &self.candidates[i];
        if candidate.failed.is_some() {
            let sense = self.senses(i)[0];
            return Some(Decision { sense, strength: Strength::Silent, rule: candidate.failed? });
        }
        let container = self.candidates.get(i + 1)?;
        let adjacent = container.first == candidate.last + 1 && container.failed.is_none();
        if !adjacent || !self.after_comma(candidate, container) || self.beside.possessive(container.last) {
            return None;
        }
        let rule = Rule::Container(self.span(container));
        let places = self.senses(i).iter().filter(|sense| sense.kind.is_place());
        for larger in self.senses(i + 1) {
            let Meaning::Country(code) = larger.meaning else { continue };
            // Among the meanings of the first place, the one that lies there.
            let inside = places.clone().find(|sense| sense.meaning == larger.meaning && sense.kind != Kind::Name);
            if let Some(&sense) = inside.filter(|_| matches!(larger.kind, Kind::Name | Kind::Admin)) {
                return self.strong(sense, rule);
            }
            // "London, Ontario": only a state or province may give a place a country that the gazetteer does not.
            let abbreviated = self.trie.form(container.form).comma;
            let first = *places.clone().next()?;
            let gives = larger.kind == Kind::Admin && (first.kind != Kind::Name || abbreviated);
            if gives && !self.beside.opens_a_sentence(candidate.first, container.end) {
                return self.strong(Sense { meaning: Meaning::Country(code), kind: Kind::City, ..first }, rule);
            }
        }
        None
    }

    fn after_comma(&self, candidate: &Candidate, container: &Candidate) -> bool {
        let tokens = self.beside.tokens;
        let gap = super::gap::Gap::between(self.beside.text, &tokens[candidate.last], &tokens[container.first]);
        gap == super::gap::Gap::Comma
            // "Rochester N.Y., Calif.": the stop of an abbreviation goes before the comma.
            || self.beside.text.get(candidate.end..tokens[container.first].start) == Some(", ")
    }

    /// Step 2. One meaning, and either no mark or words that make it a place.
    fn plain(&self, i: usize) -> Option<Decision> {
        let candidate = &self.candidates[i];
        let senses = self.senses(i);
        let sense = senses[0];
        if sense.meaning == Meaning::Nothing {
            return Some(Decision { sense, strength: Strength::Silent, rule: Rule::Swallowed });
        }
        let several = senses.len() > 1;
        match sense.trust {
            Trust::Plain if !several => self.strong(sense, if self.lower { Rule::LowerCase } else { Rule::Listed }),
            Trust::Person if !several => self.person(candidate).is_none().then(|| self.strong(sense, Rule::Listed))?,
            Trust::Weak | Trust::OwnOnly if sense.kind.is_place() && (!several || sense.trust == Trust::Weak) => {
                // Of several Georgias the preposition does not tell which.
                let beside =
                    if several { None } else { self.beside.preposition(candidate.first).map(Rule::Preposition) };
                let rule = beside.or_else(|| self.beside.compound(candidate.last).map(Rule::Compound))?;
                self.person(candidate).is_none().then(|| self.strong(sense, rule))?
            }
            _ => None,
        }
    }

    fn person(&self, candidate: &Candidate) -> Option<Span> {
        self.beside.person(candidate.first, candidate.last, candidate.caps_line)
    }

    /// Step 3. Several meanings, the first without need of support.
    fn several(&self, i: usize, support: &Support) -> Option<Decision> {
        let senses = self.senses(i);
        let first = senses[0];
        let plain = match first.trust {
            Trust::Plain => true,
            Trust::Person => self.person(&self.candidates[i]).is_none(),
            Trust::Weak | Trust::OwnOnly => false,
        };
        if !plain || senses.len() == 1 {
            return None;
        }
        match senses.iter().find_map(|&sense| Some((sense, support.of(country(sense)?)?))) {
            Some((sense, by)) if sense.meaning != first.meaning => self.strong(sense, Rule::OwnCountry(by)),
            _ => self.strong(first, Rule::Listed),
        }
    }

    /// Step 4. What is left is ambiguous.
    fn ambiguous(&self, i: usize, support: &Support, pairs: &[(Code, Kind, Span)]) -> Decision {
        let senses = self.senses(i);
        let sense = senses[0];
        let strong = |sense, rule| Decision { sense, strength: Strength::Strong, rule };
        let codes = || senses.iter().filter_map(|&sense| Some((sense, country(sense)?)));
        if let Some((sense, by)) = codes().find_map(|(sense, code)| Some((sense, support.of(code)?))) {
            return strong(sense, Rule::OwnCountry(by));
        }
        let person = self.person(&self.candidates[i]);
        if person.is_none() {
            let neighbour = |code| {
                let (_, neighbours) = NEIGHBOURS.iter().find(|(of, _)| *of == code)?;
                neighbours.iter().find_map(|&neighbour| support.of(neighbour))
            };
            if let Some((sense, by)) = codes().find_map(|(sense, code)| Some((sense, neighbour(code)?))) {
                return strong(sense, Rule::Neighbour(by));
            }
            let pair = |sense: Sense, code| {
                pairs.iter().find(|(of, kind, _)| *of == code && *kind != sense.kind).map(|&(_, _, by)| by)
            };
            if let Some((sense, by)) = codes().find_map(|(sense, code)| Some((sense, pair(sense, code)?))) {
                return strong(sense, Rule::Pair(by));
            }
            let code = country(sense).filter(|_| sense.kind.is_place() && sense.trust == Trust::Weak);
            if let Some(by) = code.and_then(|code| support.other_than(code)) {
                return strong(sense, Rule::OtherCountry(by));
            }
        }
        Decision { sense, strength: Strength::Weak, rule: person.map_or(Rule::NoSupport, Rule::Person) }
    }

    /// Countries that an ambiguous name and an ambiguous demonym both speak for, the first of each kind.
    fn pairs(&self, decided: &[Option<Decision>], support: &Support) -> Vec<(Code, Kind, Span)> {
        let mut first: Vec<(Code, Kind, Span)> = Vec::new();
        for (i, candidate) in self.candidates.iter().enumerate().filter(|&(i, _)| decided[i].is_none()) {
            // A meaning that is out because another one's country is named speaks for nothing.
            if self.senses(i).iter().any(|&sense| country(sense).is_some_and(|code| support.of(code).is_some())) {
                continue;
            }
            for &sense in self.senses(i).iter().filter(|sense| matches!(sense.kind, Kind::Name | Kind::Demonym)) {
                let Some(code) = country(sense) else { continue };
                let known = first.iter().any(|&(of, kind, _)| of == code && kind == sense.kind);
                if !known && self.person(candidate).is_none() {
                    first.push((code, sense.kind, self.span(candidate)));
                }
            }
        }
        first
    }
}

fn country(sense: Sense) -> Option<Code> {
    match sense.meaning {
        Meaning::Country(code) => Some(code),
        _ => None,
    }
}
