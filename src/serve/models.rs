//! The models by name, and what is told of them.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::records::model_json;
use crate::tagger::{Facet, Tagger};

use super::answer::{Answer, in_background};
use super::problem::Problem;
use super::server::App;
use super::{ServeError, params};

/// A model and the name it is asked by.
#[derive(Clone, Debug)]
pub struct Model {
    /// Letters, digits, `.`, `-` and `_`.
    pub name: String,
    /// The model.
    pub tagger: Tagger,
    /// The size of its file.
    pub bytes: u64,
}

/// At least one model; the first is the default.
pub(super) struct Models(Vec<Model>);

impl Models {
    pub(super) fn new(models: Vec<Model>) -> Result<Self, ServeError> {
        if models.is_empty() {
            return Err(ServeError::NoModel);
        }
        let plain = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        };
        for (i, model) in models.iter().enumerate() {
            if !plain(&model.name) {
                return Err(ServeError::Name(model.name.clone()));
            }
            if models[..i].iter().any(|other| other.name == model.name) {
                return Err(ServeError::RepeatedName(model.name.clone()));
            }
        }
        Ok(Models(models))
    }

    /// The model of this name, or the first.
    pub(super) fn get(&self, name: Option<&str>) -> Result<&Model, Problem> {
        let Some(name) = name else { return self.0.first().ok_or_else(Problem::internal) };
        self.0.iter().find(|model| model.name == name).ok_or_else(|| {
            let known: Vec<&str> = self.0.iter().map(|model| &*model.name).collect();
            let found: String = name.chars().take(100).collect();
            let known = known.join(", ");
            Problem::new(
                StatusCode::NOT_FOUND,
                format!("there is no model '{found}', only {known}; choose one of these"),
            )
        })
    }

    fn list(&self) -> Value {
        let models = self.0.iter().enumerate().map(|(i, model)| {
            let facets: Vec<&str> = model.tagger.facets().iter().map(Facet::name).collect();
            json!({"name": model.name, "bytes": model.bytes, "default": i == 0, "facets": facets})
        });
        json!({ "models": models.collect::<Vec<_>>() })
    }
}

/// `GET /v1/models`
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    Ok(Answer::json(serde_json::to_vec_pretty(&app.models.list())?).respond(&app))
}

/// `GET /v1/models/NAME`
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let top = params::top_features(query.as_deref().unwrap_or_default())?;
    app.models.get(Some(&name))?;
    let shared = Arc::clone(&app);
    let answer = in_background(&app, move || {
        let model = shared.models.get(Some(&name))?;
        let facets = model.tagger.facets().iter();
        let facets: Vec<(&Facet, Vec<usize>)> = facets.map(|f| (f, (0..f.labels().len()).collect())).collect();
        let value = model_json(&model.tagger, &model.name, model.bytes, &facets, top);
        Ok(Answer::json(serde_json::to_vec_pretty(&value)?))
    });
    Ok(answer.await?.respond(&app))
}
