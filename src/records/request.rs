//! What is asked of a tagger beside the text, and what goes together: the same on the command line and over HTTP.

use crate::places::focus::Focus;
use crate::tagger::{Analysis, Context, Facet, TagOptions, Tagger};

use super::{Tagged, Why};

/// What gets a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Each paragraph of an article.
    Paragraph,
    /// Each article, with the paragraphs that carry each tag.
    Article,
    /// Each row.
    Row,
}

/// The flags of `tag`; `None` is what happens without.
#[derive(Clone, Debug, Default)]
pub struct TagRequest {
    /// What gets a record.
    pub by: Option<By>,
    /// Least probability of a tag, 0 to 1.
    pub threshold: Option<f64>,
    /// Share of texts that is answered, 0 to 1.
    pub coverage: Option<f64>,
    /// Number of labels to list.
    pub top: Option<usize>,
    /// Which countries.
    pub focus: Option<Focus>,
    /// Whether the groups of a country are wanted.
    pub groups: bool,
    /// How much the paragraphs of an article say about each other, 0 to 100.
    pub context: Option<f64>,
    /// Say why, with this many contributions.
    pub explain: Option<usize>,
}

/// What does not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A number of labels for an article.
    #[error(
        "--top goes with paragraphs and rows; an article has the tags of its paragraphs, which --threshold narrows"
    )]
    TopOfArticle,
    /// Reasons for an article.
    #[error(
        "--explain goes with paragraphs and rows; --by paragraph says why each paragraph of the article has its tags"
    )]
    ExplainOfArticle,
    /// Context for rows.
    #[error("--context goes with articles; each row is a text by itself")]
    ContextOfRows,
    /// Rows that are to be split.
    #[error("rows are tagged --by row; a row is one text and is never split")]
    RowsByArticle,
    /// Articles as rows.
    #[error("articles are tagged --by paragraph or --by article; for rows give --input-format")]
    ArticlesByRow,
    /// Two ways to say which labels become tags.
    #[error("--coverage cannot be used with --{0}; leave one of them out")]
    CoverageWith(&'static str),
    /// Coverage of a model that cannot tell.
    #[error(
        "--coverage needs a single-label facet of a calibrated nbsvm model, which this model has not; use --threshold"
    )]
    NoConfidence,
    /// Countries of a model that has none.
    #[error("--focus and --groups need a facet whose labels are countries, which this model has not")]
    NoCountries,
}

impl TagRequest {
    /// Checks what can be checked without a model; `rows` tells rows from articles.
    ///
    /// # Errors
    /// What does not go together.
    pub fn check(&self, rows: bool) -> Result<(), RequestError> {
        let by_article = self.by == Some(By::Article);
        match (rows, self.by) {
            _ if by_article && self.top.is_some() => Err(RequestError::TopOfArticle),
            _ if by_article && self.explain.is_some() => Err(RequestError::ExplainOfArticle),
            (true, _) if self.context.is_some() => Err(RequestError::ContextOfRows),
            (true, Some(By::Paragraph | By::Article)) => Err(RequestError::RowsByArticle),
            (false, Some(By::Row)) => Err(RequestError::ArticlesByRow),
            _ if self.coverage.is_some() && self.threshold.is_some() => Err(RequestError::CoverageWith("threshold")),
            _ if self.coverage.is_some() && self.top.is_some() => Err(RequestError::CoverageWith("top")),
            _ => Ok(()),
        }
    }

    /// Checks what the model has to have.
    ///
    /// # Errors
    /// What it has not.
    pub fn check_model(&self, tagger: &Tagger) -> Result<(), RequestError> {
        if self.coverage.is_some() && !tagger.facets().iter().any(Facet::knows_confidence) {
            return Err(RequestError::NoConfidence);
        }
        let has_countries = tagger.facets().iter().any(|facet| facet.as_countries().is_some());
        if (self.focus.is_some() || self.groups) && !has_countries {
            return Err(RequestError::NoCountries);
        }
        Ok(())
    }

    /// Which labels become tags.
    pub fn options(&self) -> TagOptions {
        TagOptions {
            threshold: self.threshold,
            coverage: self.coverage,
            top: self.top,
            focus: self.focus.unwrap_or_default(),
        }
    }

    /// The weight of an article's paragraphs for each other.
    pub fn context(&self) -> Context {
        let default = Context::default();
        Context { weight: self.context.unwrap_or(default.weight), ..default }
    }

    /// The tags that follow from an analysis, and why, where that is asked for.
    pub fn tagged<'m>(&self, tagger: &'m Tagger, text: &str, analysis: &Analysis) -> Tagged<'m> {
        let tags = tagger.tags_of(analysis, &self.options());
        let why = self.explain.map(|top| Why::of(tagger, text, &tags, top));
        Tagged { tags, why, groups: self.groups }
    }
}
