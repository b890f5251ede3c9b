//! Under which names the server may be asked.
//!
//! A page from elsewhere can point a name of its own at 127.0.0.1 (DNS rebinding) and then read what it likes; its
//! requests carry that name in `Host`. So only known names are answered.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Uri, header};

/// The names that are answered.
pub(super) struct Hosts {
    names: Vec<String>,
    listen: IpAddr,
}

impl Hosts {
    pub(super) fn new(listen: SocketAddr, names: &[String]) -> Self {
        let names = names.iter().map(|name| name.trim_matches(['[', ']']).to_ascii_lowercase()).collect();
        Hosts { names, listen: listen.ip() }
    }

    /// Whether a `Host` (a name or address, with or without a port) is one of ours.
    pub(super) fn knows(&self, host: &str) -> bool {
        let Some(name) = without_port(host) else { return false };
        if name.eq_ignore_ascii_case("localhost") || self.names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return true;
        }
        // An address cannot be rebound; where all interfaces are listened on, any of them may be meant.
        name.parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback() || address == self.listen || self.listen.is_unspecified())
    }
}

/// The one host that a request is for; `None` where there is none, or more than one.
pub(super) fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let same = uri.authority().is_none_or(|authority| authority.as_str().eq_ignore_ascii_case(host));
    (same && hosts.next().is_none()).then_some(host)
}

/// The name or address of `name`, `name:port`, `1.2.3.4:port`, `[::1]:port`.
fn without_port(host: &str) -> Option<&str> {
    let (name, rest) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => host.find(':').map_or((host, ""), |colon| host.split_at(colon)),
    };
    let port = rest.strip_prefix(':').unwrap_or(rest);
    (!name.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && rest.len() != 1).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(listen: &str, names: &[&str]) -> Hosts {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Hosts::new(listen.parse().unwrap(), &names)
    }

    #[test]
    fn loopback_names_are_known_and_others_are_not() {
        let hosts = hosts("127.0.0.1:8080", &["desk.example"]);
        for host in
            ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]", "[::1]:9", "desk.example", "Desk.Example:1"]
        {
            assert!(hosts.knows(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "192.168.0.9",
            "127.0.0.1:x",
            "[::1",
            "localhost:",
            "a@localhost",
        ] {
            assert!(!hosts.knows(host), "{host}");
        }
    }

    #[test]
    fn on_all_interfaces_any_address_is_known_and_no_name() {
        let hosts = hosts("0.0.0.0:80", &[]);
        assert!(hosts.knows("192.168.0.9:80"));
        assert!(!hosts.knows("evil.example"));
    }
}
