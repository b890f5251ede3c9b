//! An explanation in words.

use crate::features::fold_into;
use crate::tagger::{Contribution, Explanation};

use super::line::one_line;

/// The contributions in words: `goal +0.42; ^econ (economy) −0.10`, safe to print.
pub(crate) fn because(why: &Explanation, text: &str, separator: &str) -> String {
    let show = |c: &Contribution| format!("{} {}", one_line(&name(c, text)), signed(c.value));
    why.contributions.iter().map(show).collect::<Vec<_>>().join(separator)
}

/// The feature, a prefix with the words that it stands for.
fn name(contribution: &Contribution, text: &str) -> String {
    const LISTED: usize = 3;
    if !contribution.feature.starts_with('^') {
        return contribution.feature.clone();
    }
    let mut words: Vec<String> = Vec::new();
    for &(start, end) in &contribution.places {
        let mut word = String::new();
        fold_into(&text[start..end], &mut word);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let more = if words.len() > LISTED { ", …" } else { "" };
    words.truncate(LISTED);
    format!("{} ({}{more})", contribution.feature, words.join(", "))
}

/// Two decimals and a sign that is as wide as a plus.
fn signed(value: f64) -> String {
    format!("{value:+.2}").replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_shown_with_its_words() {
        let text = "Economy, ECONOMY, economic economists economics";
        let mut contribution = Contribution { feature: "^econ".into(), value: -0.104, places: vec![(0, 7), (9, 16)] };
        assert_eq!(name(&contribution, text), "^econ (economy)");
        contribution.places.extend([(18, 26), (27, 37), (38, 47)]);
        assert_eq!(name(&contribution, text), "^econ (economy, economic, economists, …)");
        assert_eq!(signed(contribution.value), "−0.10");
    }
}
