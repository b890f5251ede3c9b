//! The columns of the tied focus model: what is said of a mentioned country, as buckets of which one is on per group.
//!
//! | Group | Buckets |
//! |---|---|
//! | always | 1 |
//! | strong mentions | 0, 1, 2, 3–4, 5–7, 8 or more |
//! | share of all strong mentions | 0, to 15, 25, 40, 60 %, below 100 %, 100 % |
//! | rank by strong mentions | 1, 2, 3, 4, 5 or later |
//! | order of first mention | 1, 2, 3, 4, 5 or later |
//! | mentions in the title | 0, 1, 2 or more |
//! | mentions in the first paragraph | 0, 1, 2 or more |
//! | first mention before token | 8, 20, 40, 80, 160, 320, later |
//! | best kind | name, demonym, admin, city, institution, weak only |
//! | countries with a strong mention | 0 to 5, 6 or more |
//! | weak mentions | 0, 1, 2 or more |
//! | other countries of the sub-region | 0, 1, 2 or more |
//! | strong mentions × countries | 6 × 7 |
//! | in the title × order | 3 × 5 |
//! | home × strong mentions, home × share, home × rank | 6, 7, 5; of the home country only |

use super::super::{Code, Kind};
use super::{Candidate, Candidates};

/// A group of columns: what it is called, and its buckets.
type Group = (&'static str, &'static [&'static str]);

const COUNT: [&str; 6] = ["0", "1", "2", "3-4", "5-7", "8+"];
const SHARE: [&str; 7] = ["0", "<=15%", "<=25%", "<=40%", "<=60%", "<100%", "100%"];
const PLACE: [&str; 5] = ["1", "2", "3", "4", "5+"];
const FEW: [&str; 3] = ["0", "1", "2+"];
const TOKEN: [&str; 7] = ["<8", "<20", "<40", "<80", "<160", "<320", ">=320"];
const KIND: [&str; 6] = ["name", "demonym", "admin", "city", "institution", "weak"];
const COUNTRIES: [&str; 7] = ["0", "1", "2", "3", "4", "5", "6+"];

const GROUPS: [Group; 12] = [
    ("always", &["on"]),
    ("mentions", &COUNT),
    ("share", &SHARE),
    ("rank", &PLACE),
    ("order", &PLACE),
    ("title", &FEW),
    ("lead", &FEW),
    ("first token", &TOKEN),
    ("kind", &KIND),
    ("countries", &COUNTRIES),
    ("weak", &FEW),
    ("sub-region", &FEW),
];

/// Pairs of groups, by their positions in `GROUPS`.
const CROSSES: [(usize, usize); 2] = [(1, 9), (5, 4)];
/// Groups that have columns of their own for the home country.
const AT_HOME: [usize; 3] = [1, 2, 3];

/// How many columns there are.
pub(super) const N_COLUMNS: usize = {
    let mut n = 0;
    let mut i = 0;
    while i < GROUPS.len() {
        n += GROUPS[i].1.len();
        i += 1;
    }
    i = 0;
    while i < CROSSES.len() {
        n += GROUPS[CROSSES[i].0].1.len() * GROUPS[CROSSES[i].1].1.len();
        i += 1;
    }
    i = 0;
    while i < AT_HOME.len() {
        n += GROUPS[AT_HOME[i]].1.len();
        i += 1;
    }
    n
};

/// The columns that are on for a candidate, ascending.
pub(super) fn columns(all: &Candidates, one: &Candidate, home: Option<Code>) -> Vec<u16> {
    let buckets = buckets(all, one);
    let mut on = Vec::with_capacity(GROUPS.len() + CROSSES.len() + AT_HOME.len());
    let mut start = 0;
    let mut push = |start: usize, bucket: usize| on.push((start + bucket) as u16);
    for (bucket, (_, names)) in buckets.iter().zip(GROUPS) {
        push(start, *bucket);
        start += names.len();
    }
    for (a, b) in CROSSES {
        let width = GROUPS[b].1.len();
        push(start, buckets[a] * width + buckets[b]);
        start += GROUPS[a].1.len() * width;
    }
    for group in AT_HOME {
        if home == Some(one.code) {
            push(start, buckets[group]);
        }
        start += GROUPS[group].1.len();
    }
    on
}

/// Per group, which bucket is on.
fn buckets(all: &Candidates, one: &Candidate) -> [usize; GROUPS.len()] {
    let few = |n: u32| n.min(2) as usize;
    let place = |n: u32| n.min(4) as usize;
    let below = |limits: &[u32], n: u32| limits.iter().filter(|&&limit| n >= limit).count();
    let share = match all.share(one) {
        s if s >= 1.0 => 6,
        s if s <= 0.0 => 0,
        s => 1 + [0.15, 0.25, 0.4, 0.6].iter().filter(|&&limit| s > limit).count(),
    };
    let kind = match one.kind {
        Some(Kind::Name) => 0,
        Some(Kind::Demonym) => 1,
        Some(Kind::Admin) => 2,
        Some(Kind::City) => 3,
        Some(_) => 4,
        None => 5,
    };
    [
        0,
        below(&[1, 2, 3, 5, 8], one.strong),
        share,
        place(one.rank),
        place(one.order),
        few(one.in_title),
        few(one.in_lead),
        below(&[8, 20, 40, 80, 160, 320], one.first_token),
        kind,
        all.n_strong().min(6) as usize,
        few(one.weak),
        few(one.neighbours),
    ]
}

/// What a column says, for explanations: `mentions 3-4`, `title 1 and order 1`, `home: rank 1`.
pub(super) fn column_name(column: usize) -> String {
    let mut rest = column;
    for (group, names) in GROUPS {
        if let Some(name) = names.get(rest) {
            return format!("{group} {name}");
        }
        rest -= names.len();
    }
    for (a, b) in CROSSES {
        let ((a, a_names), (b, b_names)) = (GROUPS[a], GROUPS[b]);
        if rest < a_names.len() * b_names.len() {
            return format!("{a} {} and {b} {}", a_names[rest / b_names.len()], b_names[rest % b_names.len()]);
        }
        rest -= a_names.len() * b_names.len();
    }
    for group in AT_HOME {
        let (group, names) = GROUPS[group];
        if let Some(name) = names.get(rest) {
            return format!("home: {group} {name}");
        }
        rest -= names.len();
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::super::Frame;
    use super::super::made_up::{candidates, code, named};
    use super::*;
    use crate::places::Strength;

    fn names(all: &Candidates, country: &str, home: Option<Code>) -> Vec<String> {
        let on = columns(all, all.get(code(country)).unwrap(), home);
        assert!(on.windows(2).all(|pair| pair[0] < pair[1]));
        on.into_iter().map(|column| column_name(column.into())).collect()
    }

    #[test]
    fn a_candidate_turns_one_bucket_of_each_group_on() {
        let all = named(&[("US", 3), ("CA", 1)]);
        let expected = [
            "always on",
            "mentions 3-4",
            "share <100%",
            "rank 1",
            "order 1",
            "title 0",
            "lead 2+",
            "first token <8",
            "kind name",
            "countries 2",
            "weak 0",
            "sub-region 1",
            "mentions 3-4 and countries 2",
            "title 0 and order 1",
        ];
        assert_eq!(names(&all, "US", Some(code("CA"))), expected);
        let home = names(&all, "US", Some(code("US")));
        assert_eq!(home[..14], expected);
        assert_eq!(home[14..], ["home: mentions 3-4", "home: share <100%", "home: rank 1"]);
    }

    #[test]
    fn a_weak_mention_alone_has_no_kind_and_no_share() {
        let all = candidates(&[(0, "GE", Kind::City, Strength::Weak)], Frame::article(9, 9));
        let names = names(&all, "GE", None);
        for name in ["mentions 0", "share 0", "kind weak", "countries 0", "title 1", "title 1 and order 1"] {
            assert!(names.iter().any(|n| n == name), "{name} of {names:?}");
        }
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let mut all: Vec<String> = (0..N_COLUMNS).map(column_name).collect();
        assert!(all.iter().all(|name| !name.is_empty()) && column_name(N_COLUMNS).is_empty());
        all.sort();
        all.dedup();
        assert_eq!(all.len(), N_COLUMNS);
    }
}
