//! What `serve` can be told.

use std::net::SocketAddr;

#[derive(Debug, clap::Args)]
pub struct Serve {
    /// A model and the name it is asked by; several times for several, the first is the default; a file alone is named
    /// after itself [default: the embedded news model, as news]
    #[arg(short, long, value_name = "[NAME=]FILE", help_heading = "Model")]
    pub model: Vec<String>,

    /// Address and port; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// A name under which the server may be asked, besides localhost and its addresses
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_| "expected an address and a port, for instance 127.0.0.1:8080 or [::1]:8080".to_owned())
}
