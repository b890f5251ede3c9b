//! What a request may cost.

use std::time::Duration;

/// What a request may cost. The defaults keep the server below 300 MB whatever comes in.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a body that is read whole.
    pub body: usize,
    /// Bytes of the rows that are evaluated.
    pub rows_body: usize,
    /// Rows that are evaluated.
    pub rows: usize,
    /// Bytes of all bodies and answers in memory at a time, short ones aside.
    pub memory: usize,
    /// Bytes of a line in a stream.
    pub line: usize,
    /// Bytes of an answer that is not a stream.
    pub answer: usize,
    /// Texts in one request that is not a stream.
    pub texts: usize,
    /// Paragraphs of an article.
    pub paragraphs: usize,
    /// Bytes of a text times the tags that are to be explained.
    pub explained: usize,
    /// Requests at a time.
    pub requests: usize,
    /// Streams at a time.
    pub streams: usize,
    /// Connections at a time.
    pub connections: usize,
    /// To read the head of a request, or to wait for the next on the same connection.
    pub head_time: Duration,
    /// Without a byte of a body, or without a byte taken of an answer.
    pub idle_time: Duration,
    /// From the head of a request to its answer; a stream has none.
    pub request_time: Duration,
    /// For running requests after the server was told to stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 4 << 20,
            rows_body: 32 << 20,
            rows: 20_000,
            memory: 96 << 20,
            line: 1 << 20,
            answer: 16 << 20,
            texts: 10_000,
            paragraphs: 2_000,
            explained: 1 << 20,
            requests: 256,
            streams: 16,
            connections: 512,
            head_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(10),
            request_time: Duration::from_secs(30),
            stop_time: Duration::from_secs(10),
        }
    }
}

/// Up to this many bytes a body is tagged by the worker that read it: about a millisecond.
pub(super) const SHORT: usize = 16 << 10;
/// The same where tags are explained.
pub(super) const SHORT_EXPLAINED: usize = 4 << 10;
/// A body or answer below this needs no share of the common memory.
pub(super) const SMALL: usize = 64 << 10;

/// `4 MB`, `64 kB`.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..0x10_0000 => format!("{} kB", bytes >> 10),
        _ => format!("{} MB", bytes >> 20),
    }
}
