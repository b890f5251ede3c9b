//! Labels without labelling: what the gazetteer alone would say.

use super::super::Code;
use super::Candidates;

/// The countries that are clearly mentioned twice or more, or as often as any other; sorted.
///
/// No labelled text is needed, so these can train a words model where nobody labelled anything (distant supervision).
/// Former states are not given.
pub fn gazetteer_labels(candidates: &Candidates) -> Vec<Code> {
    let today = || candidates.iter().filter(|one| !one.former && one.strong > 0);
    let most = today().map(|one| one.strong).max().unwrap_or(0);
    today().filter(|one| one.strong >= 2 || one.strong == most).map(|one| one.code).collect()
}

#[cfg(test)]
mod tests {
    use super::super::made_up::{code, named};
    use super::*;

    #[test]
    fn two_mentions_or_the_most_make_a_label() {
        let labels = |countries: &[(&str, usize)]| gazetteer_labels(&named(countries));
        assert_eq!(labels(&[("FR", 1), ("DE", 1)]), [code("DE"), code("FR")]);
        assert_eq!(labels(&[("FR", 3), ("DE", 2), ("IT", 1)]), [code("DE"), code("FR")]);
        assert_eq!(labels(&[("SU", 5), ("IT", 1)]), [code("IT")]);
        assert_eq!(labels(&[]), []);
    }
}
