//! The server, asked over sockets: the answers are those of the command line, and whoever may not ask is refused.
#![cfg(all(feature = "serve", feature = "cli"))]
#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use assert_cmd::Command;
use wiredesk::Tagger;
use wiredesk::serve::{Limits, Model, Server, ServerOptions};

struct Running {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start(limits: Limits) -> Self {
        let tagger = Tagger::embedded().unwrap();
        let models = vec![Model { name: "news".into(), tagger, bytes: Tagger::embedded_size() as u64 }];
        let listen = "127.0.0.1:0".parse().unwrap();
        let options =
            ServerOptions { listen, models, hosts: vec!["desk.example".into()], threads: 2, limits, log: None };
        let server = Server::bind(options).unwrap();
        let address = server.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let run = move || server.run(async { stopped.await.unwrap_or_default() }).unwrap();
        Running { address, stop: Some(stop), thread: Some(std::thread::spawn(run)) }
    }

    /// Sends these bytes and reads until the server closes.
    fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }

    /// Status and body, without chunks.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String) {
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
        let answer = self.raw(&[head.as_bytes(), body].concat());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("content-security-policy: default-src 'none'; script-src 'self'"), "{head}");
        let body = if head.contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_owned() };
        (head[9..12].parse().unwrap(), body)
    }

    fn tag(&self, media: &str, query: &str, body: &[u8]) -> (u16, String) {
        self.ask("POST", &format!("/v1/tag{query}"), &format!("Content-Type: {media}\r\n"), body)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
        self.thread.take().unwrap().join().unwrap();
    }
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap();
        whole += &rest[..length];
        body = rest[length..].strip_prefix("\r\n").unwrap();
    }
    whole
}

/// What the command line says of the same input.
fn said(args: &[&str], input: &[u8]) -> String {
    said_by("tag", args, input)
}

fn said_by(verb: &str, args: &[&str], input: &[u8]) -> String {
    let output = Command::cargo_bin("wiredesk").unwrap().arg(verb).args(args).arg("-").write_stdin(input).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

const ARTICLE: &[u8] = include_bytes!("data/cli/article.txt");
const ROWS: &[u8] = include_bytes!("data/cli/labelled.jsonl");

#[test]
fn an_article_gets_the_records_of_the_command_line() {
    let server = Running::start(Limits::default());
    let german = include_bytes!("data/cli/german.txt");
    for input in [ARTICLE, german, b"", b"\xEF\xBB\xBFRates rose in Oslo.", b"a\n\nb\r\n\r\n\"c\" \\ \x01"] {
        for (flags, query) in [
            (&[][..], ""),
            (&["--by", "article"], "?by=article"),
            (&["--explain=3", "--groups", "newsroom"], "?explain=3&groups=newsroom"),
            (&["--top", "2", "--context", "0"], "?top=2&context=0"),
            (&["--threshold", "0.2", "--focus", "all"], "?threshold=0.2&focus=all"),
        ] {
            let expected = said(&[&["--format", "json", "--quiet"], flags].concat(), input);
            assert_eq!(server.tag("text/plain", query, input), (200, expected), "{flags:?}");
        }
    }
    let expected = said(&["--format", "jsonl", "--input-format", "markdown"], ARTICLE);
    assert_eq!(server.tag("text/markdown", "?format=jsonl", ARTICLE), (200, expected));
}

#[test]
fn rows_get_the_records_of_the_command_line_bad_ones_too() {
    let server = Running::start(Limits::default());
    for input in [ROWS, include_bytes!("data/cli/broken/lines.jsonl"), b""] {
        let expected = said(&["--format", "jsonl", "--input-format", "jsonl", "--explain=2"], input);
        assert_eq!(server.tag("application/x-ndjson", "?explain=2", input), (200, expected));
    }
    let body = br#"{"texts":["Rates rose in Oslo.","A late goal"],"by":"row","format":"jsonl"}"#;
    let rows = b"{\"text\":\"Rates rose in Oslo.\"}\n{\"text\":\"A late goal\"}\n";
    let expected = said(&["--format", "jsonl", "--input-format", "jsonl"], rows);
    assert_eq!(server.tag("application/json", "", body), (200, expected));
}

const GOLD: &[u8] = include_bytes!("../datasets/news/test.csv");

#[test]
fn an_evaluation_is_that_of_the_command_line() {
    let server = Running::start(Limits::default());
    let ask = |media: &str, query: &str, body: &[u8]| {
        server.ask("POST", &format!("/v1/evaluate{query}"), &format!("Content-Type: {media}\r\n"), body)
    };
    // What the command line says on standard error stands at the end of the answer.
    let figures = |query: &str| {
        let (status, body) = ask("text/csv; charset=utf-8", query, GOLD);
        let figures = body.split_once(",\n  \"warnings\"").map(|(figures, _)| format!("{figures}\n}}\n"));
        (status, figures.unwrap_or(body))
    };
    let csv = ["--format", "json", "--quiet", "--input-format", "csv"];
    assert_eq!(figures(""), (200, said_by("evaluate", &csv, GOLD)));
    let expected =
        said_by("evaluate", &[&csv[..], &["--label", "topic", "--threshold", "0.5", "--errors", "2"]].concat(), GOLD);
    assert_eq!(figures("?label=topic&threshold=0.5&errors=2"), (200, expected));
    let expected = said_by("evaluate", &["--format", "html", "--quiet", "--input-format", "csv"], GOLD);
    assert_eq!(ask("text/csv", "?format=html", GOLD), (200, expected));
    let strange = b"text,subject\nA late goal won the match,football\nRates rose,\n";
    let (status, body) = ask("text/csv", "?label=topic=subject", strange);
    let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &answer["rows"]), (200, &2.into()), "{body}");
    assert!(
        answer["warnings"][0].as_str().unwrap().contains("does not know 1 label of the input ('football'"),
        "{body}"
    );
    let bad = b"text,topic\na,b,c\nA late goal won the match,sport\n";
    let (status, body) = ask("text/csv", "?on_bad_row=skip", bad);
    assert!(status == 200 && body.contains("1 row skipped"), "{body}");
    for (answer, status, words) in [
        (ask("text/csv", "", bad), 400, "on_bad_row=skip"),
        (ask("text/csv", "", b"text,subject\na,b\n"), 400, "label"),
        (ask("text/csv", "", b"text,topic\n"), 400, "no rows to evaluate"),
        (ask("text/csv", "?label=colour=topic", b"text,topic\na,b\n"), 400, "no facet 'colour'"),
        (ask("text/csv", "?empty=unlabelled", b"text,topic\na,\n"), 400, "no row has a label"),
        (ask("text/csv", "?tpo=1", b""), 400, "there is no 'tpo'"),
        (ask("text/csv", "?model=other", b""), 404, "only news"),
        (ask("text/plain", "", b"a"), 415, "text/csv"),
    ] {
        assert_eq!(answer.0, status, "{words}: {}", answer.1);
        assert!(answer.1.contains(words), "{words}: {}", answer.1);
    }
    drop(server);
    let server = Running::start(Limits { rows: 1, ..Limits::default() });
    let answer = server.ask("POST", "/v1/evaluate", "Content-Type: text/csv\r\n", b"text,topic\na,sport\nb,sport\n");
    assert!(answer.0 == 413 && answer.1.contains("more than 1 row"), "{answer:?}");
}

#[test]
fn the_document_has_the_paths_that_there_are_and_the_statuses_they_give() {
    let document: serde_json::Value = serde_json::from_str(wiredesk::serve::OPENAPI).unwrap();
    let mut written = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        written.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let mut there: Vec<(String, String)> =
        wiredesk::serve::ROUTES.iter().map(|route| (route.method.to_owned(), route.path.to_owned())).collect();
    written.sort();
    there.sort();
    assert_eq!(written, there);
    // Every reference leads somewhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    // What a path takes by the document, the server takes, and answers in a media type of the document.
    let server = Running::start(Limits::default());
    for (method, path) in there {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let examples = operation["requestBody"]["content"].as_object();
        let bodies: Vec<(String, String)> = examples.map_or(vec![(String::new(), String::new())], |content| {
            let text = |media: &serde_json::Value| match &media["example"] {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            content.iter().map(|(media, what)| (media.clone(), text(what))).collect()
        });
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let value = |parameter: &serde_json::Value| {
            let resolved =
                parameter["$ref"].as_str().and_then(|at| document.pointer(&at[1..])).unwrap_or(parameter).clone();
            let example = match &resolved["example"] {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (resolved["in"] == "query", format!("{}={example}", resolved["name"].as_str().unwrap()))
        };
        let queries: Vec<String> = parameters.iter().map(value).filter(|p| p.0).map(|p| p.1).collect();
        // A model has to be trained for coverage; the embedded one is not.
        let queries: Vec<String> = queries.into_iter().filter(|query| query != "coverage=1").collect();
        for (media, body) in bodies {
            for query in queries.iter().map(String::as_str).chain([""]) {
                if media == "application/x-ndjson" && query == "context=0" {
                    continue; // a row has no context
                }
                let address = format!("{}?{query}", path.replace("{name}", "news"));
                let answer = server.ask(&method, &address, &format!("Content-Type: {media}\r\n"), body.as_bytes());
                assert!(
                    operation["responses"]["200"].is_object() && answer.0 == 200,
                    "{method} {address} {media}: {answer:?}"
                );
            }
        }
        if method == "POST" {
            let answer = server.ask(&method, &format!("{path}?nothing=1"), "Content-Type: text/csv\r\n", b"");
            assert!(operation["responses"][answer.0.to_string()].is_object(), "{answer:?}");
        }
    }
}

#[test]
fn what_cannot_be_answered_is_a_problem_that_says_why() {
    let server = Running::start(Limits { body: 1000, line: 500, paragraphs: 3, ..Limits::default() });
    let json = |body: &str| server.tag("application/json", "", body.as_bytes());
    let long = "a ".repeat(2000);
    for (answer, status, words) in [
        (json("{"), 400, "EOF while parsing"),
        (json("{\"text\":\"\\ud800\"}"), 400, "hex escape"),
        (json("{\"text\":7}"), 400, "expected a string"),
        (json("{}"), 400, "neither text nor texts"),
        (json("{\"text\":\"a\",\"texts\":[]}"), 400, "several of text and texts"),
        (json("{\"text\":\"a\",\"by\":\"word\"}"), 400, "expected paragraph or article or row"),
        (json("{\"text\":\"a\",\"threshold\":2}"), 400, "expected a number from 0 to 1"),
        (json("{\"text\":\"a\",\"top\":0}"), 400, "expected a whole number, 1 or more"),
        (json("{\"text\":\"a\",\"tpo\":1}"), 400, "there is no 'tpo'"),
        (json("{\"text\":\"a\",\"by\":\"article\",\"top\":1}"), 400, "--top goes with paragraphs and rows"),
        (json("{\"text\":\"a\",\"model\":\"other\"}"), 404, "there is no model 'other', only news"),
        (server.tag("application/json", "", b"{\"text\":\"\xff\"}"), 400, "invalid unicode"),
        (server.tag("text/plain", "", b"a\n\xff"), 400, "-:2: found byte 0xFF at offset 2"),
        (server.tag("text/plain", "", long.as_bytes()), 413, "longer than 1000 bytes"),
        (server.tag("text/plain", "", b"a\n\nb\n\nc\n\nd"), 413, "4 paragraphs where at most 3"),
        (server.tag("application/x-ndjson", "", long.as_bytes()), 413, "a line is longer than 500 bytes"),
        (server.tag("application/pdf", "", b"a"), 415, "'application/pdf'"),
        (server.tag("text/plain; charset=klingon", "", b"a"), 415, "klingon"),
        (server.ask("GET", "/nothing", "", b""), 404, "nothing at this path"),
        (server.ask("GET", "/v1/models/other", "", b""), 404, "only news"),
        (server.ask("PUT", "/v1/tag", "", b""), 405, "PUT is not for this path"),
        (server.ask("GET", "/", "Host: evil.example\r\n", b""), 421, "Host"),
        (server.ask("POST", "/v1/tag", "Origin: http://evil.example\r\n", b""), 403, "another site"),
        (server.ask("POST", "/v1/tag", "Origin: null\r\n", b""), 403, "another site"),
        (server.ask("POST", "/v1/tag", "Sec-Fetch-Site: cross-site\r\n", b""), 403, "another site"),
    ] {
        let problem: serde_json::Value = serde_json::from_str(&answer.1).unwrap();
        assert_eq!((answer.0, &problem["status"]), (status, &status.into()), "{words}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{words}: {problem}");
    }
    assert_eq!(server.ask("GET", "/healthz", "Host: desk.example:80\r\n", b"").0, 200);
    let own = format!("Origin: http://{}\r\nContent-Type: text/plain\r\n", server.address);
    assert_eq!(server.ask("POST", "/v1/tag", &own, b"a").0, 200);
}

#[test]
fn who_is_slow_is_let_go_and_nobody_waits_for_him() {
    let short = Duration::from_millis(300);
    let server = Running::start(Limits { head_time: short, idle_time: short, ..Limits::default() });
    let half = b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nab";
    let slow: Vec<TcpStream> = (0..100)
        .map(|i| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(&half[..if i % 2 == 0 { 30 } else { half.len() }]).unwrap();
            stream
        })
        .collect();
    assert_eq!(server.tag("text/plain", "", b"a").0, 200);
    assert!(server.raw(half).starts_with("HTTP/1.1 408"));
    for mut stream in slow {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
}

#[test]
fn a_running_request_is_finished_when_the_server_stops() {
    let mut server = Running::start(Limits::default());
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nOs";
    stream.write_all(head).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let _ = server.stop.replace(tokio::sync::oneshot::channel().0).unwrap().send(());
    std::thread::sleep(Duration::from_millis(200));
    stream.write_all(b"lo. ").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.thread.take().unwrap().join().unwrap();
    assert!(TcpStream::connect(server.address).is_err());
    server.thread = Some(std::thread::spawn(|| ()));
}
