//! Which path does what.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::guard::guard;
use super::problem::Problem;
use super::server::App;
use super::{evaluation, models, page, tag};

/// The OpenAPI 3.1 document.
pub const OPENAPI: &str = include_str!("openapi.json");

/// A path and its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path; `{…}` is a variable.
    pub path: &'static str,
}

/// All routes of the API, in the order of the document; the files of the page are not among them.
pub const ROUTES: &[Route] = &[
    Route { method: "GET", path: "/healthz" },
    Route { method: "POST", path: "/v1/tag" },
    Route { method: "POST", path: "/v1/evaluate" },
    Route { method: "GET", path: "/v1/models" },
    Route { method: "GET", path: "/v1/models/{name}" },
    Route { method: "GET", path: "/v1/openapi.json" },
];

pub(super) fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let handler = match (route.method, route.path) {
            (_, "/v1/tag") => post(tag::tag),
            (_, "/v1/evaluate") => post(evaluation::evaluate),
            (_, "/v1/models") => get(models::list),
            (_, "/v1/models/{name}") => get(models::show),
            (_, "/v1/openapi.json") => get(|| async { with_media("application/json", OPENAPI) }),
            _ => get(|| async { with_media("text/plain; charset=utf-8", "ok\n") }),
        };
        router = router.route(route.path, handler);
    }
    page::routes(router)
        .fallback(|| async {
            Problem::new(
                StatusCode::NOT_FOUND,
                "there is nothing at this path; GET /v1/openapi.json lists what there is",
            )
        })
        .method_not_allowed_fallback(|request: Request| async move {
            let method = request.method();
            let detail = format!("{method} is not for this path; the Allow header has what is");
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).into_response()
        })
        .with_state(Arc::clone(app))
        .layer(middleware::from_fn_with_state(Arc::clone(app), guard))
}

fn with_media(media: &'static str, text: &'static str) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
