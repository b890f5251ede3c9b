//! Version, help, completions and manual pages.

use std::io::Write;
use std::path::Path;

use clap::CommandFactory;

use super::args::Args;
use super::failure::Failure;
use super::output::{cannot_write, create};
use super::style::size;

/// `--version`; the long form credits the data inside.
pub fn version(long: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "wiredesk {}", env!("CARGO_PKG_VERSION"))?;
    if long {
        writeln!(
            out,
            "licence: {}\n\
             embedded model: news, {}, trained on datasets/news (CC BY 4.0)\n\
             topics: IPTC Media Topics, CC BY 4.0, International Press Telecommunications Council, www.iptc.org\n\
             regions: UN M49 standard country or area codes",
            env!("CARGO_PKG_LICENSE"),
            size(crate::tagger::Tagger::embedded_size() as u64)
        )?;
    }
    Ok(())
}

/// What there is, when nothing was asked.
pub fn help() -> Result<(), Failure> {
    let _ = Args::command().print_help();
    Err(Failure::Usage("say what to do: for instance `wiredesk tag article.txt`".into()))
}

/// Completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "wiredesk", &mut script);
    Ok(std::io::stdout().write_all(&script)?)
}

/// The manual page on standard output, or a page per verb in a folder.
pub fn man(folder: Option<&Path>) -> Result<(), Failure> {
    let command = Args::command();
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        return Ok(std::io::stdout().write_all(&page)?);
    };
    std::fs::create_dir_all(folder).map_err(|e| cannot_write(&folder.display().to_string(), &e))?;
    let pages = command.get_subcommands().map(|verb| {
        let name: &'static str = String::leak(format!("wiredesk-{}", verb.get_name()));
        (verb.clone().name(name), name)
    });
    let pages: Vec<_> = pages.chain([(command.clone(), "wiredesk")]).collect();
    for (page, name) in pages {
        let mut file = create(&folder.join(format!("{name}.1")))?;
        clap_mangen::Man::new(page).render(&mut file)?;
        file.commit()?;
    }
    Ok(())
}
