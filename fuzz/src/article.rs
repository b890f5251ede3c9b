//! Running text: paragraphs, words, places and contributions lie within it, in whole characters and in order.

use std::sync::LazyLock;

use wiredesk::corpus::decode;
use wiredesk::features::{Token, Tokenizer};
use wiredesk::{Article, ArticleFormat, Tagger};

/// A model of places and words.
static MODEL: LazyLock<Tagger> = LazyLock::new(|| {
    let file = include_bytes!("../../tests/data/models/format-1/countries-own-places.safetensors");
    Tagger::from_bytes(file).expect("a model that `train` wrote")
});

/// A text in the format and the encoding that the first byte chooses.
pub fn article(data: &[u8]) {
    let (options, data) = super::choice(data);
    let encodings = [
        None,
        Some(encoding_rs::UTF_8),
        Some(encoding_rs::WINDOWS_1252),
        Some(encoding_rs::UTF_16BE),
        Some(encoding_rs::SHIFT_JIS),
        Some(encoding_rs::ISO_2022_JP),
        None,
        None,
    ];
    let Ok(text) = decode("input", data.to_vec(), encodings[usize::from(options % 8)]) else { return };
    let format = if options & 8 == 0 { ArticleFormat::Text } else { ArticleFormat::Markdown };
    let mut end = 0;
    let mut left_out = String::new();
    for paragraph in Article::split(&text, format).paragraphs {
        super::assert_within(&text, paragraph.start, paragraph.end);
        assert!(paragraph.start >= end, "paragraphs overlap");
        let own = paragraph.text(&text);
        assert!(!own.is_empty() && own.trim() == own, "blanks around {own:?}");
        left_out.push_str(&text[end..paragraph.start]);
        end = paragraph.end;
    }
    left_out.push_str(&text[end..]);
    if format == ArticleFormat::Text {
        let lost = left_out.strip_prefix('\u{FEFF}').unwrap_or(&left_out).trim();
        assert!(lost.is_empty(), "{lost:?} is in no paragraph");
    }
    let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(&text).collect();
    for token in &tokens {
        super::assert_within(&text, token.start, token.start + token.text.len());
    }
    if let Some(atlas) = MODEL.atlas() {
        for mention in atlas.mentions(&text, &tokens) {
            super::assert_within(&text, mention.start, mention.end);
        }
    }
    super::model::one_answer(&MODEL, &text);
}
