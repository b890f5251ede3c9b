//! From a socket to requests: accepting, time-outs of connections, stopping.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::hosts::Hosts;
use super::models::Models;
use super::stall::Stall;
use super::{Limits, Log, ServeError, ServerOptions, routes};

/// What all requests share.
pub(super) struct App {
    pub(super) models: Models,
    pub(super) hosts: Hosts,
    pub(super) limits: Limits,
    pub(super) log: Option<Log>,
    /// Requests at a time.
    pub(super) requests: Semaphore,
    /// Work that takes long, at a time.
    pub(super) work: Arc<Semaphore>,
    /// Streams at a time.
    pub(super) streams: Arc<Semaphore>,
    /// Evaluations at a time.
    pub(super) evaluations: Arc<Semaphore>,
    /// Common memory of bodies and answers, in steps of [`SMALL`](super::limits::SMALL).
    pub(super) memory: Arc<Semaphore>,
}

/// A server that has its address and is not serving yet.
pub struct Server {
    listener: std::net::TcpListener,
    app: Arc<App>,
    threads: usize,
}

/// The bytes that a connection may send ahead, which bounds the head of a request.
const CONNECTION_BUFFER: usize = 32 << 10;

impl Server {
    /// Takes the address.
    ///
    /// # Errors
    /// When the address cannot be had, or the models' names do not do.
    pub fn bind(options: ServerOptions) -> Result<Self, ServeError> {
        let ServerOptions { listen, models, hosts, threads, limits, log } = options;
        let models = Models::new(models)?;
        let listener = std::net::TcpListener::bind(listen).map_err(|error| ServeError::Listen { listen, error })?;
        listener.set_nonblocking(true)?;
        let threads = if threads > 0 { threads } else { std::thread::available_parallelism().map_or(1, usize::from) };
        let app = App {
            models,
            hosts: Hosts::new(listener.local_addr()?, &hosts),
            log,
            requests: Semaphore::new(limits.requests),
            work: Arc::new(Semaphore::new(threads.min(8))),
            evaluations: Arc::new(Semaphore::new(1)),
            streams: Arc::new(Semaphore::new(limits.streams)),
            memory: Arc::new(Semaphore::new(limits.memory / super::limits::SMALL)),
            limits,
        };
        Ok(Server { listener, app: Arc::new(app), threads })
    }

    /// The address; with the port that was free, where any was asked for.
    ///
    /// # Errors
    /// Those of the system.
    pub fn local_addr(&self) -> Result<SocketAddr, ServeError> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves until `stop`; then no connection is accepted any more, and running requests have a while to finish.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn run(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(self.threads)
            .max_blocking_threads(64)
            .enable_io()
            .enable_time()
            .build()?;
        let served = runtime.block_on(self.serve(stop));
        // What still runs is past the limit.
        runtime.shutdown_background();
        served
    }

    async fn serve(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let listener = TcpListener::from_std(self.listener)?;
        let router = routes::router(&self.app);
        let most = self.app.limits.connections;
        let connections = Arc::new(Semaphore::new(most));
        let (stopping, stopped) = watch::channel(());
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut stop => break,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // No sockets left, for instance: they come back as connections end.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            match Arc::clone(&connections).try_acquire_owned() {
                Ok(room) => {
                    tokio::spawn(connection(stream, router.clone(), self.app.limits.clone(), stopped.clone(), room));
                }
                Err(_) => turn_away(&stream),
            }
        }
        drop(listener);
        drop(stopping);
        let all = connections.acquire_many(u32::try_from(most).unwrap_or(u32::MAX));
        let _ = tokio::time::timeout(self.app.limits.stop_time, all).await;
        Ok(())
    }
}

/// One connection, request after request.
async fn connection(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
    _room: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Stall::new(stream, limits.idle_time));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(CONNECTION_BUFFER)
        .serve_connection(io, TowerToHyperService::new(router));
    tokio::pin!(connection);
    tokio::select! {
        // A connection that breaks is nobody's error but its other end's.
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Says that there is no room, without waiting for anything.
fn turn_away(stream: &TcpStream) {
    let _ = stream.try_write(
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
}
