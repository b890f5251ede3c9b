//! A user's file of places: an error, or a matcher that works.

use std::sync::LazyLock;

use wiredesk::features::{Token, Tokenizer};
use wiredesk::places::{Gazetteer, PlaceMatcher};

static SHIPPED: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::embedded().expect("the one that ships"));

pub fn gazetteer(data: &[u8]) {
    let Ok(csv) = std::str::from_utf8(data) else { return };
    let gazetteer = match SHIPPED.clone().with_user_entries(csv, "places.csv") {
        Ok(gazetteer) => gazetteer,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    // Its own rows are the text in which it finds places.
    let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(csv).collect();
    let mut mentions = Vec::new();
    PlaceMatcher::new(&gazetteer).explain(csv, &tokens, &mut mentions);
    for mention in mentions {
        super::assert_within(csv, mention.start, mention.end);
    }
}
