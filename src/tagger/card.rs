//! What the maker of a model says about it.

/// A model card: Markdown, optionally headed by a front matter of `key: value` lines between two lines `---`.
///
/// One key means something to the program: `language`, the ISO 639-3 code of the language that the model reads (`eng`), by which
/// `tag` notices a text in another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelCard {
    text: String,
}

impl ModelCard {
    /// A card of this text.
    pub fn new(text: impl Into<String>) -> Self {
        ModelCard { text: text.into() }
    }

    /// The whole text, front matter included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text after the front matter.
    pub fn body(&self) -> &str {
        self.parts().1.trim_start()
    }

    /// A value of the front matter.
    pub fn field(&self, key: &str) -> Option<&str> {
        let lines = self.parts().0.lines().filter_map(|line| line.split_once(':'));
        lines.map(|(k, v)| (k.trim(), v.trim())).find(|(k, v)| *k == key && !v.is_empty()).map(|(_, v)| v)
    }

    /// The language that the model reads, as ISO 639-3 code (`eng`).
    pub fn language(&self) -> Option<&str> {
        self.field("language")
    }

    fn parts(&self) -> (&str, &str) {
        let fenced = self.text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        fenced.unwrap_or(("", &self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_matter_is_read_and_taken_off() {
        let card = ModelCard::new("---\nlanguage: eng\nlicense: \n---\n# News\n");
        assert_eq!((card.language(), card.field("license"), card.body()), (Some("eng"), None, "# News\n"));
        let plain = ModelCard::new("No front matter: none");
        assert_eq!((plain.language(), plain.body()), (None, "No front matter: none"));
    }
}
