//! `POST /v1/tag` with JSON lines: rows in, records out, in order, however many.
//!
//! ```text
//! body ──feed: pieces──> Pieces (a reader) ──CorpusReader──> rows ──tagged──> Outbox ──pieces──> answer
//!         a task                        one thread, which blocks                      Answers, a body
//! ```
//!
//! Both channels hold a few pieces, so a client that does not take its answers is not read from, and memory stays the
//! same. What has been answered goes out whenever the reader would have to wait.

use std::convert::Infallible;
use std::io::{self, BufReader, Read};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use http_body::Frame;
use tokio::sync::mpsc;

use crate::corpus::{CorpusReader, InputFormat, ReadOptions};
use crate::records::{By, Record, json};

use super::answer::JSON_LINES;
use super::body::next;
use super::limits::size;
use super::params::Asked;
use super::problem::Problem;
use super::server::App;
use super::tag::TagWork;

/// Pieces that wait in a channel.
const WAITING: usize = 2;
/// Answers go out from this many bytes on.
const PIECE: usize = 32 << 10;

type Piece = Result<Bytes, Problem>;

pub(super) async fn stream(app: &Arc<App>, asked: Asked, body: Body) -> Result<Response, Problem> {
    let rows = !matches!(asked.request.by, Some(By::Paragraph | By::Article));
    asked.request.check(rows)?;
    asked.request.check_model(&app.models.get(asked.model.as_deref())?.tagger)?;
    let Ok(room) = Arc::clone(&app.streams).try_acquire_owned() else {
        return Err(Problem::busy("too many streams at a time; try again in a second"));
    };
    let (feeder, pieces) = mpsc::channel(WAITING);
    let (answerer, mut answers) = mpsc::channel(WAITING);
    tokio::spawn(feed(Arc::clone(app), body, feeder));
    let shared = Arc::clone(app);
    tokio::task::spawn_blocking(move || {
        let _room = room;
        let outbox = Arc::new(Outbox { waiting: Mutex::default(), to: answerer });
        if let Err(problem) = answer(&shared, &asked, pieces, &outbox) {
            outbox.give_up(problem);
        }
    });
    // Until the first answer is there, or the end, the status is open.
    let first = match answers.recv().await {
        Some(Err(problem)) => return Err(problem),
        Some(Ok(first)) => Some(first),
        None => None,
    };
    let mut response = Response::new(Body::new(Answers { first, answers }));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON_LINES));
    Ok(response)
}

/// Hands on the pieces of a body as they come.
async fn feed(app: Arc<App>, mut body: Body, to: mpsc::Sender<Piece>) {
    loop {
        let piece = match next(&mut body, app.limits.idle_time).await {
            Ok(None) => return,
            Ok(Some(piece)) => Ok(piece),
            Err(problem) => Err(problem),
        };
        let last = piece.is_err();
        if to.send(piece).await.is_err() || last {
            return;
        }
    }
}

/// Tags all rows of a stream.
fn answer(app: &App, asked: &Asked, pieces: mpsc::Receiver<Piece>, outbox: &Arc<Outbox>) -> Result<(), Problem> {
    let model = app.models.get(asked.model.as_deref())?;
    let job = TagWork { tagger: &model.tagger, request: &asked.request, limits: &app.limits, markdown: asked.markdown };
    let options = ReadOptions {
        format: Some(InputFormat::Jsonl),
        facets: Some(Vec::new()),
        keep_columns: true,
        id_column: asked.id.clone(),
        ..ReadOptions::default()
    };
    let trouble = Arc::new(Mutex::new(None));
    let input = Pieces {
        pieces,
        rest: Bytes::new(),
        begun: false,
        line: 0,
        longest: app.limits.line,
        outbox: Arc::clone(outbox),
        trouble: Arc::clone(&trouble),
    };
    let source = asked.source.as_deref().unwrap_or("-");
    let fatal = |error: String| {
        let known = trouble.lock().unwrap_or_else(PoisonError::into_inner).take();
        known.unwrap_or_else(|| Problem::bad(error))
    };
    let reader = CorpusReader::from_reader(source, Box::new(BufReader::new(input)), &options)
        .map_err(|error| fatal(error.to_string()))?;
    let rows = !matches!(asked.request.by, Some(By::Paragraph | By::Article));
    let mut write = |record: &Record<'_>| outbox.write(record);
    for row in reader {
        match row {
            Ok(row) if rows => job.row(&row, &mut write)?,
            Ok(row) => job.article(&row.place.row.to_string(), &row.text, false, &mut write)?,
            Err(error) => match error.place() {
                Some(place) if error.is_row() => write(&Record::bad_row(place, &error.to_string()))?,
                _ => return Err(fatal(error.to_string())),
            },
        }
    }
    outbox.flush()
}

/// Answers that have not gone out.
struct Outbox {
    waiting: Mutex<Vec<u8>>,
    to: mpsc::Sender<Piece>,
}

impl Outbox {
    fn write(&self, record: &Record<'_>) -> Result<(), Problem> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        json::line(record, &mut waiting)?;
        let full = waiting.len() >= PIECE;
        drop(waiting);
        if full { self.flush() } else { Ok(()) }
    }

    fn flush(&self) -> Result<(), Problem> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if waiting.is_empty() {
            return Ok(());
        }
        self.to.blocking_send(Ok(waiting.into())).map_err(|_| gone())
    }

    /// The end that came too early: the status if nothing has gone out, a last record otherwise.
    fn give_up(&self, problem: Problem) {
        let _ = self.flush();
        // Whoever reads records skips what is no line of its own.
        let _ = self.to.blocking_send(Err(problem));
    }
}

fn gone() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "nobody takes the answers")
}

/// The pieces of a body as a reader for the thread that tags.
struct Pieces {
    pieces: mpsc::Receiver<Piece>,
    rest: Bytes,
    begun: bool,
    /// Bytes since the last newline.
    line: usize,
    longest: usize,
    outbox: Arc<Outbox>,
    /// What was wrong, in better words than an I/O error has.
    trouble: Arc<Mutex<Option<Problem>>>,
}

impl Pieces {
    /// The next piece; before waiting for one, what is answered goes out.
    fn next(&mut self) -> io::Result<Option<Bytes>> {
        let piece = match self.pieces.try_recv() {
            Ok(piece) => Some(piece),
            Err(_) => {
                self.outbox.flush().map_err(|problem| self.fail(problem))?;
                self.pieces.blocking_recv()
            }
        };
        piece.transpose().map_err(|problem| self.fail(problem))
    }

    fn fail(&self, problem: Problem) -> io::Error {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
        io::ErrorKind::InvalidData.into()
    }

    fn check(&mut self, piece: &Bytes) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) && matches!(piece[0], 0x1F | 0x28) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(self.fail(Problem::new(status, "the body is packed, or no JSON lines; send one object a line")));
        }
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', piece).chain([piece.len()]) {
            if self.line + end - start > self.longest {
                let longest = size(self.longest);
                return Err(
                    self.fail(Problem::too_large(format!("a line is longer than {longest}; send shorter texts")))
                );
            }
            self.line = if end == piece.len() { self.line + end - start } else { 0 };
            start = end + 1;
        }
        Ok(())
    }
}

impl Read for Pieces {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            let Some(piece) = self.next()? else { return Ok(0) };
            self.check(&piece)?;
            self.rest = piece;
        }
        let length = to.len().min(self.rest.len());
        to[..length].copy_from_slice(&self.rest.split_to(length));
        Ok(length)
    }
}

/// The answers as a body.
struct Answers {
    first: Option<Bytes>,
    answers: mpsc::Receiver<Piece>,
}

impl http_body::Body for Answers {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        self.answers.poll_recv(context).map(|piece| {
            let bytes = match piece? {
                Ok(bytes) => bytes,
                // The status has gone out long ago: a last record says what happened.
                Err(problem) => format!("{}\n", serde_json::json!({"error": problem.detail()})).into(),
            };
            Some(Ok(Frame::data(bytes)))
        })
    }
}
