//! `POST /v1/tag`: texts in, the records of `tag --format json` out.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use encoding_rs::Encoding;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use crate::corpus::{Article, ArticleFormat, Place, Row, decode};
use crate::features::TokenBuffer;
use crate::records::{By, Record, TagRequest, json};
use crate::tagger::{Analysis, Tagger, rollup};

use super::answer::{Answer, JSON, JSON_LINES, in_background};
use super::limits::{Limits, SHORT, SHORT_EXPLAINED, size};
use super::params::Asked;
use super::problem::Problem;
use super::server::App;
use super::{body, media, stream};

const TAKEN: &str = "application/json, text/plain, text/markdown or application/x-ndjson";

/// What the body holds.
#[derive(Clone, Copy)]
enum Kind {
    Json,
    Text(Option<&'static Encoding>),
}

pub(super) async fn tag(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let start = Instant::now();
    let (head, body) = request.into_parts();
    let media = media::of(&head.headers, TAKEN)?;
    let mut asked = Asked::from_query(head.uri.query().unwrap_or_default())?;
    let accept = head.headers.get(header::ACCEPT);
    asked.lines |= accept.is_some_and(|accept| accept.as_bytes() == JSON_LINES.as_bytes());
    let kind = match &*media.essence {
        "application/json" => Kind::Json,
        "text/plain" => Kind::Text(media.encoding),
        "text/markdown" => {
            asked.markdown = true;
            Kind::Text(media.encoding)
        }
        JSON_LINES => return stream::stream(&app, asked, body).await,
        _ => return Err(media::not_taken(&media, TAKEN)),
    };
    let held = body::read(&app, &head.headers, body, app.limits.body).await?;
    let short =
        if asked.request.explain.is_some() || held.bytes.len() > SHORT_EXPLAINED && mentions_explain(&held.bytes) {
            SHORT_EXPLAINED
        } else {
            SHORT
        };
    if held.bytes.len() <= short {
        return Ok(work(&app, asked, kind, &held.bytes, start)?.respond(&app));
    }
    let shared = Arc::clone(&app);
    let answer = in_background(&app, move || work(&shared, asked, kind, &held.bytes, start)).await?;
    Ok(answer.respond(&app))
}

fn mentions_explain(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\"explain\"").is_some()
}

/// The answer to a body that is there.
fn work(app: &App, mut asked: Asked, kind: Kind, bytes: &[u8], start: Instant) -> Result<Answer, Problem> {
    let texts = match kind {
        Kind::Json => Input::parse(bytes, &mut asked)?,
        Kind::Text(encoding) => {
            let source = asked.source.as_deref().unwrap_or("-");
            let text = match std::str::from_utf8(bytes) {
                Ok(text) if encoding.is_none() && !text.as_bytes().iter().take(2).any(|&b| b == 0) => text.into(),
                _ => decode(source, bytes.to_vec(), encoding).map_err(|e| Problem::bad(e.to_string()))?.into(),
            };
            Texts::One(text)
        }
    };
    let model = app.models.get(asked.model.as_deref())?;
    let rows = asked.request.by == Some(By::Row);
    asked.request.check(rows)?;
    asked.request.check_model(&model.tagger)?;
    let deadline = start + app.limits.request_time;
    let mut writer =
        Writer { bytes: Vec::with_capacity(bytes.len() + 1024), lines: asked.lines, limit: app.limits.answer };
    let job = TagWork { tagger: &model.tagger, request: &asked.request, limits: &app.limits, markdown: asked.markdown };
    let name = asked.source.as_deref().unwrap_or("-");
    let several = matches!(texts, Texts::Many(_));
    let texts = match texts {
        Texts::One(text) => vec![Text(text)],
        Texts::Many(texts) => texts,
    };
    if texts.len() > app.limits.texts {
        return Err(Problem::too_large(format!(
            "{} texts where at most {} are taken; send less at a time, or rows as application/x-ndjson",
            texts.len(),
            app.limits.texts
        )));
    }
    let on_all_threads = bytes.len() > SHORT;
    for (number, Text(text)) in (1..).zip(texts) {
        if Instant::now() > deadline {
            let seconds = app.limits.request_time.as_secs();
            return Err(Problem::busy(format!("the request took longer than {seconds} s; send less at a time")));
        }
        let mut write = |record: &Record<'_>| writer.write(record);
        if rows {
            let place = Place { source: name.into(), row: number, line: number };
            let row = Row { text: text.into_owned(), labels: Vec::new(), id: None, columns: Vec::new(), place };
            job.row(&row, &mut write)?;
        } else if several {
            job.article(&number.to_string(), &text, on_all_threads, &mut write)?;
        } else {
            job.article(name, &text, on_all_threads, &mut write)?;
        }
    }
    Ok(writer.finish())
}

/// Tagging by one model, as one request asks for it.
pub(super) struct TagWork<'a> {
    pub(super) tagger: &'a Tagger,
    pub(super) request: &'a TagRequest,
    pub(super) limits: &'a Limits,
    pub(super) markdown: bool,
}

thread_local! {
    /// Memory that short texts hand on to one another.
    static BUFFER: RefCell<TokenBuffer> = RefCell::default();
}

type Write<'w> = &'w mut dyn FnMut(&Record<'_>) -> Result<(), Problem>;

impl TagWork<'_> {
    fn analyze(&self, text: &str) -> Analysis {
        if text.len() > SHORT {
            return self.tagger.analyze(text);
        }
        BUFFER.with_borrow_mut(|buffer| self.tagger.analyze_with(text, buffer))
    }

    /// The record of a row.
    pub(super) fn row(&self, row: &Row, write: Write<'_>) -> Result<(), Problem> {
        let analysis = self.analyze(&row.text);
        self.check_explained(&row.text, &analysis)?;
        write(&Record::row(row, &self.request.tagged(self.tagger, &row.text, &analysis)))
    }

    /// The records of an article.
    pub(super) fn article(&self, source: &str, text: &str, all_threads: bool, write: Write<'_>) -> Result<(), Problem> {
        let format = if self.markdown { ArticleFormat::Markdown } else { ArticleFormat::Text };
        let article = Article::split(text, format);
        let (found, most) = (article.paragraphs.len(), self.limits.paragraphs);
        if found > most {
            return Err(Problem::too_large(format!(
                "the article has {found} paragraphs where at most {most} are taken; send it in parts, or its paragraphs as rows"
            )));
        }
        let texts: Vec<&str> = article.paragraphs.iter().map(|p| p.text(text)).collect();
        let analyses = if all_threads && texts.len() > 1 {
            self.tagger.analyze_all(&texts)
        } else {
            texts.iter().map(|text| self.analyze(text)).collect()
        };
        let analyses = self.tagger.in_context(analyses, self.request.context());
        if self.request.by == Some(By::Article) {
            let tags = rollup(self.tagger, &analyses, self.request.threshold);
            return write(&Record::article(source, found, &tags, self.request.groups));
        }
        for (i, (paragraph, analysis)) in article.paragraphs.iter().zip(&analyses).enumerate() {
            self.check_explained(texts[i], analysis)?;
            let tagged = self.request.tagged(self.tagger, texts[i], analysis);
            write(&Record::paragraph(source, i + 1, paragraph, texts[i], &tagged))?;
        }
        Ok(())
    }

    /// An explanation takes memory for each word of the text and each tag.
    fn check_explained(&self, text: &str, analysis: &Analysis) -> Result<(), Problem> {
        if self.request.explain.is_none() {
            return Ok(());
        }
        let tags = self.tagger.tags_of(analysis, &self.request.options());
        let tags: usize = tags.facets.iter().map(|facet| facet.tags.len()).sum();
        if text.len().saturating_mul(tags) <= self.limits.explained {
            return Ok(());
        }
        let (found, most) = (size(text.len()), size(self.limits.explained));
        Err(Problem::too_large(format!(
            "{tags} tags of a text of {found} are too many to explain (tags times bytes may be {most}); ask for fewer with top, or for shorter texts"
        )))
    }
}

/// Records as an array or as lines, up to a length.
struct Writer {
    bytes: Vec<u8>,
    lines: bool,
    limit: usize,
}

impl Writer {
    fn write(&mut self, record: &Record<'_>) -> Result<(), Problem> {
        if self.lines {
            json::line(record, &mut self.bytes)?;
        } else {
            json::element(record, &mut self.bytes)?;
        }
        if self.bytes.len() > self.limit {
            let limit = size(self.limit);
            return Err(Problem::too_large(format!(
                "the answer is longer than {limit}; ask for less (top, explain), or send rows as application/x-ndjson"
            )));
        }
        Ok(())
    }

    fn finish(mut self) -> Answer {
        if self.lines {
            return Answer { media: JSON_LINES, bytes: self.bytes };
        }
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(json::EMPTY);
        } else {
            // What stands between records and what begins an array are of one length.
            self.bytes[..json::BEGIN.len()].copy_from_slice(json::BEGIN);
            self.bytes.extend_from_slice(json::END);
        }
        Answer { media: JSON, bytes: self.bytes }
    }
}

/// A text of a JSON body, where it stands if nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

enum Texts<'a> {
    One(Cow<'a, str>),
    Many(Vec<Text<'a>>),
}

/// A JSON body: its texts, and all other keys.
struct Input<'a> {
    texts: Option<Texts<'a>>,
    /// Whether a second key of texts stood there.
    twice: bool,
    others: Vec<(String, Value)>,
}

impl<'a> Input<'a> {
    fn parse(bytes: &'a [u8], asked: &mut Asked) -> Result<Texts<'a>, Problem> {
        let input: Input<'a> = serde_json::from_slice(bytes).map_err(|error| {
            Problem::bad(format!(
                "the body is not what was expected: {error}; send an object like {{\"text\":\"…\"}} in UTF-8"
            ))
        })?;
        for (key, value) in &input.others {
            asked.set_json(key, value)?;
        }
        match input.texts {
            Some(texts) if !input.twice => Ok(texts),
            Some(_) => Err(Problem::bad("the body has several of text and texts; give one of them, once")),
            None => Err(Problem::bad(
                "the body has neither text nor texts; expected {\"text\":\"…\"} or {\"texts\":[\"…\"]}",
            )),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Input<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Input<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with text or texts")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Input<'de>, M::Error> {
                let mut input = Input { texts: None, twice: false, others: Vec::new() };
                while let Some(Text(key)) = map.next_key()? {
                    let texts = match &*key {
                        "text" => Texts::One(map.next_value::<Text<'de>>()?.0),
                        "texts" => Texts::Many(map.next_value()?),
                        // There are not many keys; more come from strangers.
                        _ if input.others.len() == 64 => return Err(M::Error::custom("more keys than there are")),
                        _ => {
                            input.others.push((key.into_owned(), map.next_value()?));
                            continue;
                        }
                    };
                    input.twice |= input.texts.replace(texts).is_some();
                }
                Ok(input)
            }
        }
        deserializer.deserialize_map(Keys)
    }
}
