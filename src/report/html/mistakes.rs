//! The surest mistakes, with the words that led there.

use maud::{Markup, html};

use super::super::mistakes::{place, why};
use super::super::wording::NO_LABEL;
use super::text::{label_or_none, passage};
use crate::evaluate::Mistake;
use crate::tagger::{Explanation, WordWeight};

/// Bytes of a text that are shown at once; the rest can be unfolded.
const SHOWN: usize = 700;

/// Bytes of the rest. Nobody reads more, and a file of novels would make a page that no browser opens.
const UNFOLDED: usize = 8_000;

/// All mistakes of a facet.
pub(super) fn mistakes(surest: &[Mistake]) -> Markup {
    html! {
        h3 { "Surest mistakes" }
        @if surest.is_empty() { p { "None." } } @else {
            p {
                "True label → given label. The model was most sure of these; sometimes the label in the data is what is wrong. "
                mark.much { "Marked boldly" } ": words that speak most for the wrong label; "
                mark.some { "underlined" } ": words that speak for it; " mark.against { "dotted" } ": words against it."
            }
            ol.mistakes { @for mistake in surest { "\n" li { (shown(mistake)) } } }
        }
    }
}

fn shown(mistake: &Mistake) -> Markup {
    let words = mistake.explanation.as_ref().map(Explanation::weights_by_word).unwrap_or_default();
    let text = mistake.text.trim_end();
    let fold = cut(text, 0, SHOWN);
    let end = cut(text, fold, UNFOLDED);
    let gold = if mistake.gold.is_empty() { NO_LABEL.to_owned() } else { mistake.gold.join("; ") };
    html! {
        h4 {
            (label_or_none(Some(&gold))) " → " strong { (label_or_none(mistake.wrong.as_deref())) }
            span { "probability " (format!("{:.4}", mistake.probability)) }
        }
        p.place { (passage(&place(mistake))) }
        blockquote {
            p dir="auto" { (highlighted(text, 0, fold, &words)) @if fold < text.len() { " …" } }
            @if fold < text.len() {
                details {
                    summary { "The text goes on" }
                    p dir="auto" { (highlighted(text, fold, end, &words)) @if end < text.len() { " …" } }
                }
            }
        }
        @if let Some(why) = why(mistake) { p.why { "Because: " (passage(&why)) } }
    }
}

/// The end of a piece of at most so many bytes from `start` on, between words where there are some.
fn cut(text: &str, start: usize, most: usize) -> usize {
    if text.len() - start <= most {
        return text.len();
    }
    let end = (0..=start + most).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(start);
    let blank = text[start..end].rfind(char::is_whitespace).filter(|&at| at > most / 2);
    blank.map_or(end, |at| start + at)
}

/// A piece of the text, the words in it marked by the share of the strongest word that they add.
fn highlighted(text: &str, start: usize, end: usize, words: &[WordWeight]) -> Markup {
    let largest = words.iter().map(|word| word.weight.abs()).fold(0.0, f64::max);
    let mut done = start;
    html! {
        @for word in words.iter().filter(|word| word.start >= start && word.end <= end) {
            @if let Some(class) = class(word.weight / largest) {
                (passage(text.get(done..word.start).unwrap_or_default()))
                mark class=(class) { (passage(text.get(word.start..word.end).unwrap_or_default())) }
                @let () = done = word.end;
            }
        }
        (passage(text.get(done..end).unwrap_or_default()))
    }
}

/// As on the terminal: a third of the strongest is much, a tenth is some.
fn class(share: f64) -> Option<&'static str> {
    match share {
        s if s >= 1.0 / 3.0 => Some("much"),
        s if s >= 0.1 => Some("some"),
        s if s <= -0.1 => Some("against"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_and_markup_in_texts_is_not_obeyed() {
        let words = [(0, 4, 0.9), (5, 13, 0.2), (14, 17, 0.01), (18, 20, -0.5)];
        let words = words.map(|(start, end, weight)| WordWeight { start, end, weight });
        let text = "goal <script> the UN & more";
        assert_eq!(
            highlighted(text, 0, text.len(), &words).into_string(),
            "<mark class=\"much\">goal</mark> <mark class=\"some\">&lt;script&gt;</mark> the \
             <mark class=\"against\">UN</mark> &amp; more"
        );
        assert_eq!(highlighted(text, 4, 17, &words).into_string(), " <mark class=\"some\">&lt;script&gt;</mark> the");
        assert_eq!(highlighted(text, 0, 4, &[]).into_string(), "goal");
    }

    #[test]
    fn a_text_is_cut_between_words_and_never_within_a_character() {
        assert_eq!(cut("one two three", 0, 10), 7);
        assert_eq!(cut("one two", 0, 10), 7);
        assert_eq!(cut("健康健康", 0, 7), 6);
        assert_eq!(cut("one two three", 7, 6), 13);
    }
}
