//! `POST /v1/evaluate`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::problem::Problem;
use super::server::App;

pub(super) async fn evaluate(State(_app): State<Arc<App>>) -> Result<Response, Problem> {
    Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "evaluating over HTTP is not there yet; use `wiredesk evaluate`"))
}
