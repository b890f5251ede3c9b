//! An answer that is made at once, where it is made, and the memory it takes.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

use super::limits::SMALL;
use super::problem::Problem;
use super::server::App;

pub(super) const JSON: &str = "application/json";
pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const JSON_LINES: &str = "application/x-ndjson";

/// What goes back.
pub(super) struct Answer {
    pub(super) media: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// A JSON value that ends without a newline.
    pub(super) fn json(mut bytes: Vec<u8>) -> Self {
        bytes.push(b'\n');
        Answer { media: JSON, bytes }
    }

    /// As a response; long ones hold a share of the common memory until they are taken.
    pub(super) fn respond(self, app: &App) -> Response {
        let body = if self.bytes.len() < SMALL {
            Body::from(self.bytes)
        } else {
            let steps = u32::try_from(self.bytes.len().div_ceil(SMALL)).unwrap_or(u32::MAX);
            // The work is done, so it is not thrown away for want of room: what is held then is bounded by the number of workers.
            let share = Arc::clone(&app.memory).try_acquire_many_owned(steps).ok();
            Body::new(Held { bytes: Some(self.bytes.into()), _share: share })
        };
        let mut response = Response::new(body);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        response
    }
}

/// A body with its share of the common memory.
struct Held {
    bytes: Option<Bytes>,
    _share: Option<OwnedSemaphorePermit>,
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        // In pieces: the share is kept until the last of them is taken.
        const PIECE: usize = SMALL;
        let Some(bytes) = &mut self.bytes else { return Poll::Ready(None) };
        if bytes.is_empty() {
            self.bytes = None;
            return Poll::Ready(None);
        }
        let piece = bytes.split_to(bytes.len().min(PIECE));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// Work that takes long, away from the workers: as much at a time as there are workers, the rest waits.
pub(super) async fn in_background<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let turn = Arc::clone(&app.work).acquire_owned().await.map_err(|_| Problem::internal())?;
    let done = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.map_err(|_| Problem::internal())?
}
