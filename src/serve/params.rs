//! What a request asks for, by the names of `tag`'s flags: keys of the JSON body, or of the query.

use std::borrow::Cow;

use serde_json::Value;

use crate::places::focus::Focus;
use crate::records::{By, TagRequest};

use super::problem::Problem;

/// What `POST /v1/tag` asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) model: Option<String>,
    pub(super) request: TagRequest,
    pub(super) markdown: bool,
    /// What the records name as their source.
    pub(super) source: Option<String>,
    /// One record a line instead of an array.
    pub(super) lines: bool,
    /// The key of a row's name, in a stream.
    pub(super) id: Option<String>,
}

const KEYS: &str =
    "model, input_format, format, source, id, by, threshold, coverage, top, focus, groups, context, explain";

impl Asked {
    /// From `a=b&c=d`.
    pub(super) fn from_query(query: &str) -> Result<Self, Problem> {
        let mut asked = Asked::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            asked.set(&key, &value)?;
        }
        Ok(asked)
    }

    /// A key of a JSON body.
    pub(super) fn set_json(&mut self, key: &str, value: &Value) -> Result<(), Problem> {
        match value {
            Value::Null | Value::Bool(false) => self.set(key, "").or_else(|problem| {
                // Nothing is asked for; but the key has to be one.
                if KEYS.split(", ").any(|known| known == key) { Ok(()) } else { Err(problem) }
            }),
            Value::Bool(true) => self.set(key, "true"),
            Value::String(text) => self.set(key, text),
            Value::Number(number) => self.set(key, &number.to_string()),
            Value::Array(_) => Err(wrong(key, "a list", "one value")),
            Value::Object(_) => Err(wrong(key, "an object", "one value")),
        }
    }

    /// A key and its value; an empty value is none.
    pub(super) fn set(&mut self, key: &str, value: &str) -> Result<(), Problem> {
        let request = &mut self.request;
        if value.is_empty() && KEYS.split(", ").any(|known| known == key) {
            return Ok(());
        }
        match key {
            "model" => self.model = Some(value.to_owned()),
            "source" => self.source = Some(value.to_owned()),
            "id" => self.id = Some(value.to_owned()),
            "input_format" => self.markdown = one_of(key, value, &[("text", false), ("markdown", true)])?,
            "format" => self.lines = one_of(key, value, &[("json", false), ("jsonl", true)])?,
            "by" => {
                let ways = [("paragraph", By::Paragraph), ("article", By::Article), ("row", By::Row)];
                request.by = Some(one_of(key, value, &ways)?);
            }
            "threshold" => request.threshold = Some(number(key, value, 1)?),
            "coverage" => request.coverage = Some(number(key, value, 1)?),
            "context" => request.context = Some(number(key, value, 100)?),
            "top" => request.top = Some(at_least_one(key, value)?),
            "explain" => request.explain = Some(if value == "true" { 5 } else { at_least_one(key, value)? }),
            "focus" => {
                let ways = [("all", Focus::All), ("major", Focus::Major), ("primary", Focus::Primary)];
                request.focus = Some(one_of(key, value, &ways)?);
            }
            "groups" => request.groups = one_of(key, value, &[("newsroom", true)])?,
            _ => return Err(unknown(key, KEYS)),
        }
        Ok(())
    }
}

/// The number of features to list for each label: `top`, 0 by default.
pub(super) fn top_features(query: &str) -> Result<usize, Problem> {
    let mut top = 0;
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "top" => {
                top = value
                    .parse()
                    .ok()
                    .filter(|&n| n <= 100)
                    .ok_or_else(|| wrong(&key, &quoted(&value), "a whole number from 0 to 100"))?;
            }
            _ => return Err(unknown(&key, "top")),
        }
    }
    Ok(top)
}

pub(super) fn one_of<T: Copy>(key: &str, value: &str, ways: &[(&str, T)]) -> Result<T, Problem> {
    ways.iter().find(|(name, _)| *name == value).map(|&(_, way)| way).ok_or_else(|| {
        let names: Vec<&str> = ways.iter().map(|(name, _)| *name).collect();
        wrong(key, &quoted(value), &names.join(" or "))
    })
}

pub(super) fn number(key: &str, value: &str, most: u32) -> Result<f64, Problem> {
    match value.parse::<f64>() {
        Ok(number) if (0.0..=f64::from(most)).contains(&number) => Ok(number),
        _ => Err(wrong(key, &quoted(value), &format!("a number from 0 to {most}"))),
    }
}

pub(super) fn at_least_one(key: &str, value: &str) -> Result<usize, Problem> {
    let found = value.parse().ok().filter(|&n: &usize| n > 0);
    found.ok_or_else(|| wrong(key, &quoted(value), "a whole number, 1 or more"))
}

pub(super) fn wrong(key: &str, found: &str, expected: &str) -> Problem {
    Problem::bad(format!("invalid value {found} for {key}: expected {expected}"))
}

pub(super) fn unknown(key: &str, known: &str) -> Problem {
    Problem::bad(format!("there is no {}, only {known}", quoted(key)))
}

/// The beginning of what somebody sent, safe to show.
pub(super) fn quoted(text: &str) -> Cow<'static, str> {
    let shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    format!("'{shown}'").into()
}
