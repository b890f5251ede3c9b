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
    script("/page.js", include_bytes!("page/page.js")),
    script("/article.js", include_bytes!("page/article.js")),
    script("/figures.js", include_bytes!("page/figures.js")),
    script("/server.js", include_bytes!("page/server.js")),
    script("/element.js", include_bytes!("page/element.js")),
    script("/words.js", include_bytes!("page/words.js")),
    script("/download.js", include_bytes!("page/download.js")),
];

const fn script(path: &'static str, bytes: &'static [u8]) -> Asset {
    Asset { path, media: "text/javascript; charset=utf-8", bytes }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_served_and_all_are_light() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve/page");
        let mut files: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        let mut served: Vec<String> = ASSETS
            .iter()
            .map(|asset| asset.path[1..].to_owned())
            .map(|n| if n.is_empty() { "index.html".into() } else { n })
            .collect();
        files.sort();
        served.sort();
        assert_eq!(files, served);
        assert!(ASSETS.iter().map(|asset| asset.bytes.len()).sum::<usize>() < 200_000);
    }

    #[test]
    fn nothing_is_ever_read_as_html() {
        for asset in ASSETS {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            for way in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "DOMParser",
                "http://",
                "https://",
                " style=",
                " onclick=",
            ] {
                assert!(!text.contains(way), "{}: {way}", asset.path);
            }
        }
    }
}
