//! The page: files that are part of the program.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use super::server::App;

/// A file of the page.
pub(super) struct Asset {
    pub(super) path: &'static str,
    pub(super) media: &'static str,
    pub(super) bytes: &'static [u8],
}

pub(super) const ASSETS: &[Asset] = &[
    Asset { path: "/", media: "text/html; charset=utf-8", bytes: include_bytes!("page/index.html") },
    Asset { path: "/page.css", media: "text/css; charset=utf-8", bytes: include_bytes!("page/page.css") },
    Asset { path: "/page.js", media: "text/javascript; charset=utf-8", bytes: include_bytes!("page/page.js") },
];

/// A route for each file.
pub(super) fn routes(mut router: Router<Arc<App>>) -> Router<Arc<App>> {
    for asset in ASSETS {
        let tag = format!("\"{}\"", &blake3::hash(asset.bytes).to_hex()[..16]);
        let send = move |headers: HeaderMap| std::future::ready(respond(asset, &tag, &headers));
        router = router.route(asset.path, get(send));
    }
    router
}

/// The file, or that it has not changed.
fn respond(asset: &Asset, tag: &str, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = Response::new(if known { Body::empty() } else { Body::from(asset.bytes) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
