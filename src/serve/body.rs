//! Reading a body whole, within its limit, its time and the common memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::limits::{SMALL, size};
use super::problem::Problem;
use super::server::App;

/// Bytes of a body that is too long which are read all the same: most clients send all before they listen.
const DRAINED: usize = 256 << 20;

/// A body and its share of the common memory.
pub(super) struct Held {
    pub(super) bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

/// The whole body.
pub(super) async fn read(app: &App, headers: &HeaderMap, body: Body, limit: usize) -> Result<Held, Problem> {
    let too_long = || {
        let limit = size(limit);
        Problem::too_large(format!(
            "the body is longer than {limit}; send less at a time, or rows as application/x-ndjson, which may be of any length"
        ))
    };
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) {
        // Who asks first is told at once.
        if headers.contains_key(header::EXPECT) {
            return Err(too_long());
        }
        drain(app, body, 0).await;
        return Err(too_long());
    }
    let mut body = body;
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let mut share: Option<OwnedSemaphorePermit> = None;
    while let Some(piece) = next(&mut body, app.limits.idle_time).await? {
        if first.is_empty() && rest.is_empty() {
            first = piece;
            continue;
        }
        if rest.is_empty() {
            rest.reserve(length.unwrap_or(0).min(SMALL).max(first.len() + piece.len()));
            rest.extend_from_slice(&first);
        }
        let total = rest.len() + piece.len();
        if total > limit {
            let read = total;
            drop(rest);
            drain(app, body, read).await;
            return Err(too_long());
        }
        // A buffer doubles as it grows.
        let wanted = if total < SMALL { 0 } else { total.next_power_of_two().div_ceil(SMALL) };
        let held = share.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if wanted > held {
            let more = u32::try_from(wanted - held).unwrap_or(u32::MAX);
            let Ok(more) = Arc::clone(&app.memory).try_acquire_many_owned(more) else {
                return Err(Problem::busy(
                    "the server has no memory left for a body of this length; try again in a second",
                ));
            };
            match &mut share {
                Some(share) => share.merge(more),
                None => share = Some(more),
            }
            rest.reserve(wanted * SMALL - rest.len());
        }
        rest.extend_from_slice(&piece);
    }
    if first.len() > limit {
        return Err(too_long());
    }
    let bytes = if rest.is_empty() { first } else { rest.freeze() };
    Ok(Held { bytes, _share: share })
}

/// The next piece of a body that is not empty.
pub(super) async fn next(body: &mut Body, patience: Duration) -> Result<Option<Bytes>, Problem> {
    loop {
        match timeout(patience, body.frame()).await {
            Err(_) => {
                let seconds = patience.as_secs();
                let detail = format!("nothing of the body came for {seconds} s; send it without a pause");
                return Err(Problem::new(StatusCode::REQUEST_TIMEOUT, detail));
            }
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => {
                return Err(Problem::bad("the body ended before its length, or its chunks are damaged"));
            }
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data()
                    && !data.is_empty()
                {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// Reads on and forgets, so that the answer is heard.
async fn drain(app: &App, mut body: Body, mut read: usize) {
    while let Ok(Some(piece)) = next(&mut body, app.limits.idle_time).await {
        read += piece.len();
        if read > DRAINED {
            return;
        }
    }
}
