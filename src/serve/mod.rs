//! **7 SERVE**: tagging over HTTP, and a page in front of it. `docs/serve.md` has the API and its limits.
//!
//! ```text
//! connection ──server: accept, time-outs──> guard: Host, Origin, load, headers ──> routes ──> tag | stream | evaluate | models | page
//! ```
//!
//! Short texts are tagged where they arrive; what takes longer goes to threads of its own, as many at a time as there
//! are workers. Everything that a stranger can make large has a [limit](Limits): a body is read into memory that all
//! requests share, a stream of rows passes through a few buffers. No text is kept or logged.

mod answer;
mod body;
mod evaluation;
mod guard;
mod hosts;
mod limits;
mod media;
mod models;
mod page;
mod params;
mod problem;
mod routes;
mod server;
mod stall;
mod stream;
mod tag;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use limits::Limits;
pub use models::Model;
pub use routes::{OPENAPI, ROUTES, Route};
pub use server::Server;

/// What is served, where, and to whom.
///
/// | Name | Purpose |
/// |---|---|
/// | `listen` | address and port; port 0 takes any that is free |
/// | `models` | at least one; the first answers requests that name none |
/// | `hosts` | names under which the server may be asked, besides `localhost`, loopback addresses and its own |
/// | `threads` | workers; 0 is one for each processor |
/// | `limits` | what a request may cost |
/// | `log` | told of each request |
pub struct ServerOptions {
    /// Address and port.
    pub listen: SocketAddr,
    /// The models, the default one first.
    pub models: Vec<Model>,
    /// Further names for the `Host` header.
    pub hosts: Vec<String>,
    /// Number of workers.
    pub threads: usize,
    /// What a request may cost.
    pub limits: Limits,
    /// Told of each request when its answer begins.
    pub log: Option<Log>,
}

/// Told of each request.
pub type Log = Arc<dyn Fn(&Answered<'_>) + Send + Sync>;

/// A request that has its answer. There is no text in it.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// The path, without a query.
    pub path: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// From the head of the request to the head of the answer.
    pub elapsed: Duration,
    /// Bytes of the answer's body; `None` where they are not known yet.
    pub bytes: Option<u64>,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is taken, or not ours.
    #[error("{listen}: cannot listen there ({error}); choose another address or port with --listen")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// What the system said.
        error: std::io::Error,
    },
    /// The system gives no threads or sockets.
    #[error("the server cannot run: {0}")]
    Run(#[from] std::io::Error),
    /// No model.
    #[error("no model to serve; name one with --model NAME=FILE")]
    NoModel,
    /// Two models of one name.
    #[error("two models are called '{0}'; give each a name of its own with --model NAME=FILE")]
    RepeatedName(String),
    /// A name that does not go into a path.
    #[error(
        "'{0}' cannot be the name of a model; expected letters, digits, '.', '-' and '_', for instance --model news=FILE"
    )]
    Name(String),
}
