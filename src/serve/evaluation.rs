//! `POST /v1/evaluate`: labelled rows in, the figures of `evaluate` out.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tokio::time::timeout_at;

use crate::corpus::{CorpusReader, FacetColumn, InputFormat, ReadOptions, Row};
use crate::report::{ReportFormat, thousands};
use crate::tagger::{EmptyCells, EvaluationOptions, Facet, Leaks, ModelEvaluation};

use super::answer::{Answer, HTML, JSON, JSON_LINES, in_background};
use super::params::{at_least_one, number, one_of, unknown};
use super::problem::Problem;
use super::server::App;
use super::{body, media};

const TAKEN: &str = "text/csv, text/tab-separated-values or application/x-ndjson";

const KEYS: &str = "model, source, label, text, label_separator, empty, on_bad_row, threshold, errors, format";

/// Rows that are tagged at a time.
const CHUNK: usize = 512;

/// Probabilities that are kept at a time: rows times labels, of all requests, which take turns.
const PROBABILITIES: usize = 4 << 20;

/// The width of a page, for text in preformatted blocks.
const WIDTH: usize = 100;

/// What a request asks for.
#[derive(Clone, Debug, Default)]
struct Asked {
    model: Option<String>,
    source: Option<String>,
    labels: Vec<FacetColumn>,
    texts: Vec<String>,
    label_separator: Option<String>,
    skip_bad_rows: bool,
    options: EvaluationOptions,
    html: bool,
}

impl Asked {
    fn from_query(query: &str) -> Result<Self, Problem> {
        let mut asked = Asked::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            asked.set(&key, &value)?;
        }
        Ok(asked)
    }

    /// A key and its value; an empty value is none.
    fn set(&mut self, key: &str, value: &str) -> Result<(), Problem> {
        if !KEYS.split(", ").any(|known| known == key) {
            return Err(unknown(key, KEYS));
        }
        if value.is_empty() {
            return Ok(());
        }
        match key {
            "model" => self.model = Some(value.to_owned()),
            "source" => self.source = Some(value.to_owned()),
            "label" => self.labels.push(FacetColumn::parse(value)),
            "text" => self.texts.push(value.to_owned()),
            "label_separator" => self.label_separator = Some(value.to_owned()),
            "empty" => {
                let ways = [("unlabelled", EmptyCells::Unlabelled), ("none", EmptyCells::None)];
                self.options.empty = one_of(key, value, &ways)?;
            }
            "on_bad_row" => self.skip_bad_rows = one_of(key, value, &[("error", false), ("skip", true)])?,
            "threshold" => self.options.threshold = Some(number(key, value, 1)?),
            "errors" => self.options.mistakes = Some(at_least_one(key, value)?.min(1000)),
            _ => self.html = one_of(key, value, &[("json", false), ("html", true)])?,
        }
        Ok(())
    }

    fn read_options(&self, format: InputFormat, facets: &[Facet]) -> ReadOptions {
        let plain = ReadOptions::default();
        ReadOptions {
            format: Some(format),
            text_columns: if self.texts.is_empty() { plain.text_columns } else { self.texts.clone() },
            facets: (!self.labels.is_empty()).then(|| self.labels.clone()),
            default_facets: facets.iter().map(|facet| FacetColumn::parse(facet.name())).collect(),
            label_separator: self.label_separator.clone().unwrap_or(plain.label_separator),
            ..ReadOptions::default()
        }
    }
}

pub(super) async fn evaluate(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let deadline = Instant::now() + app.limits.request_time;
    let (head, body) = request.into_parts();
    let media = media::of(&head.headers, TAKEN)?;
    let format = match &*media.essence {
        "text/csv" => InputFormat::Csv,
        "text/tab-separated-values" => InputFormat::Tsv,
        JSON_LINES => InputFormat::Jsonl,
        _ => return Err(media::not_taken(&media, TAKEN)),
    };
    let asked = Asked::from_query(head.uri.query().unwrap_or_default())?;
    app.models.get(asked.model.as_deref())?;
    let held = body::read(&app, &head.headers, body, app.limits.rows_body).await?;
    // One at a time, as each may keep many probabilities.
    let turn = timeout_at(deadline.into(), Arc::clone(&app.evaluations).acquire_owned()).await;
    let turn = turn.map_err(|_| too_long(&app))?.map_err(|_| Problem::internal())?;
    let shared = Arc::clone(&app);
    let answer = in_background(&app, move || {
        let _turn = turn;
        let tagger = &shared.models.get(asked.model.as_deref())?.tagger;
        let mut options = asked.read_options(format, tagger.facets());
        options.encoding = media.encoding;
        let name = asked.source.as_deref().unwrap_or("-");
        let reader = CorpusReader::from_reader(name, Box::new(Cursor::new(held.bytes.clone())), &options);
        let reader = reader.map_err(|error| Problem::bad(error.to_string()))?;
        work(&shared, &asked, reader, name, deadline)
    });
    let answer = answer.await?;
    let is_page = answer.media == HTML;
    let mut response = answer.respond(&app);
    if is_page {
        // A page of its own, which this server's content policy would leave without its styles.
        let name = HeaderValue::from_static("attachment; filename=\"evaluation.html\"");
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

fn too_long(app: &App) -> Problem {
    let seconds = app.limits.request_time.as_secs();
    Problem::busy(format!("the request took longer than {seconds} s; send fewer rows, or use `wiredesk evaluate`"))
}

/// The answer to rows that can be read.
fn work(app: &App, asked: &Asked, reader: CorpusReader, name: &str, deadline: Instant) -> Result<Answer, Problem> {
    let tagger = &app.models.get(asked.model.as_deref())?.tagger;
    let mut evaluation = ModelEvaluation::new(tagger, reader.facets(), asked.options)
        .map_err(|error| Problem::bad(error.to_string()))?;
    let mut warnings = Vec::new();
    if asked.labels.is_empty() {
        let left_out = evaluation.left_out().map(|facet| {
            let name = facet.name();
            format!("facet '{name}' is not evaluated: there is no such column; name one with label={name}=COLUMN")
        });
        warnings.extend(left_out);
    }
    let labels: usize = tagger.facets().iter().map(|facet| facet.labels().len()).sum();
    let most = app.limits.rows.min(PROBABILITIES / labels.max(1));
    let mut rows = Rows { reader, skip: asked.skip_bad_rows, bad: 0, first: None };
    loop {
        let chunk = rows.next_chunk()?;
        if chunk.is_empty() {
            break;
        }
        if evaluation.rows() + chunk.len() as u64 > most as u64 {
            let (most, plural) = (thousands(most as u64), if most == 1 { "" } else { "s" });
            return Err(Problem::too_large(format!(
                "the body has more than {most} row{plural}, which is what is evaluated at most here; send fewer, or use `wiredesk evaluate`"
            )));
        }
        if Instant::now() > deadline {
            return Err(too_long(app));
        }
        evaluation.add(&chunk, &[]);
    }
    warnings.extend(rows.finish()?);
    if evaluation.rows() == 0 {
        return Err(Problem::bad(format!("{name}: no rows to evaluate; the input has a header at most")));
    }
    warnings.extend(evaluation.warnings().iter().map(ToString::to_string));
    let (evaluation, leaks) = evaluation.finish();
    if evaluation.facets.is_empty() {
        return Err(Problem::bad(format!(
            "{name}: no row has a label to evaluate against; name the label columns with label=FACET=COLUMN"
        )));
    }
    let mut bytes = Vec::new();
    let written = if asked.html {
        Leaks::write(leaks.as_ref(), &evaluation, ReportFormat::Html, WIDTH, &mut bytes)
    } else {
        Leaks::write_json(leaks.as_ref(), &evaluation, &warnings, &mut bytes)
    };
    written.map_err(|_| Problem::internal())?;
    Ok(Answer { media: if asked.html { HTML } else { JSON }, bytes })
}

/// Rows in chunks; bad ones are counted, and the first is told.
struct Rows {
    reader: CorpusReader,
    skip: bool,
    bad: u64,
    first: Option<String>,
}

impl Rows {
    fn next_chunk(&mut self) -> Result<Vec<Row>, Problem> {
        let mut rows = Vec::new();
        while rows.len() < CHUNK {
            match self.reader.next() {
                None => break,
                Some(Ok(row)) => rows.push(row),
                Some(Err(error)) if error.is_row() => {
                    self.bad += 1;
                    self.first.get_or_insert_with(|| error.to_string());
                }
                Some(Err(error)) => return Err(Problem::bad(error.to_string())),
            }
        }
        Ok(rows)
    }

    /// A warning of what was skipped.
    fn finish(self) -> Result<Option<String>, Problem> {
        let Some(first) = self.first else { return Ok(None) };
        let (number, plural) = (thousands(self.bad), if self.bad == 1 { "" } else { "s" });
        if self.skip {
            return Ok(Some(format!("{number} row{plural} skipped (on_bad_row=skip), first: {first}")));
        }
        Err(Problem::bad(format!(
            "{first}; {number} row{plural} cannot be read: mend them, or leave them out with on_bad_row=skip"
        )))
    }
}
