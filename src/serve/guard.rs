//! What stands before every route: who asks, how many at a time, how long; and the headers of every answer.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::Body as _;

use super::Answered;
use super::hosts::host;
use super::problem::Problem;
use super::server::App;

/// Nothing from elsewhere, nothing inline, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let path = app.log.as_ref().map(|_| request.uri().path().to_owned());
    let mut response = match admitted(&app, &request) {
        Err(problem) => problem.into_response(),
        Ok(()) => answered(&app, request, next).await,
    };
    harden(response.headers_mut());
    if let (Some(log), Some(path)) = (&app.log, path) {
        log(&Answered {
            method: method.as_str(),
            path: &path,
            status: response.status().as_u16(),
            elapsed: start.elapsed(),
            bytes: response.body().size_hint().exact(),
        });
    }
    response
}

/// The answer, if there is room for one more request, and it comes in time.
async fn answered(app: &App, request: Request, next: Next) -> Response {
    let Ok(_room) = app.requests.try_acquire() else {
        return Problem::busy("too many requests at a time; try again in a second").into_response();
    };
    match tokio::time::timeout(app.limits.request_time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let seconds = app.limits.request_time.as_secs();
            Problem::busy(format!("the request took longer than {seconds} s; send less at a time")).into_response()
        }
    }
}

/// Whether this is asked by somebody who may.
fn admitted(app: &App, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let Some(host) = host(headers, request.uri()) else {
        return Err(Problem::bad("the request has no Host header, or several; send one"));
    };
    if !app.hosts.knows(host) {
        return Err(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "this server is not known by the name in the Host header; ask it as localhost, or start it with --allow-host NAME",
        ));
    }
    // Reading is kept to this origin by the browser; what changes or costs something is kept to it here.
    if request.method() != Method::GET && request.method() != Method::HEAD && !same_origin(headers, host) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "the request comes from a page of another site; only the server's own page and programs may send text",
        ));
    }
    Ok(())
}

/// Whether a browser sends this on behalf of our own page, or it comes from no browser.
fn same_origin(headers: &HeaderMap, host: &str) -> bool {
    let own = |origin: &HeaderValue| {
        let origin = origin.as_bytes();
        let origin = origin.strip_prefix(b"http://").or_else(|| origin.strip_prefix(b"https://"));
        origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host.as_bytes()))
    };
    let fetch = headers.get(HeaderName::from_static("sec-fetch-site"));
    headers.get_all(header::ORIGIN).iter().all(own)
        && fetch.is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}

fn harden(headers: &mut HeaderMap) {
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
