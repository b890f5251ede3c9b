//! The terminal: one file per verb; what has an answer is in the library, what has a screen is here.
//!
//! Data goes to standard output, talk and progress to standard error. Exit codes: 0 done, 1 failed (also a missed gate,
//! or rows that could not be read), 2 wrong usage.
#![allow(clippy::print_stderr)]

mod additive;
mod args;
mod article_view;
mod audit;
mod check;
mod check_view;
mod compare;
mod compared_facet;
mod contestant;
mod country_labels;
mod cross_validate;
mod evaluate;
mod explanation;
mod failure;
mod held_out;
mod inputs;
mod inspect;
mod language;
mod leaks;
mod learning;
mod man;
mod model;
mod output;
mod prior_file;
mod progress;
mod records;
mod row_view;
#[cfg(feature = "serve")]
mod serve;
mod split;
mod style;
mod tag;
mod train;
mod trained;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Verb};
use failure::Failure;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no errors; clap knows which stream and code each of its messages takes.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn dispatch(args: &Args) -> Result<(), Failure> {
    if args.version {
        return man::version(args.global.verbose > 0);
    }
    let Some(verb) = &args.verb else { return man::help() };
    if let Some(threads) = args.global.threads {
        // An error would mean that the pool exists already, which nothing before this line makes.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global();
    }
    match verb {
        Verb::Train(verb) => train::run(verb, &args.global),
        Verb::Learn(verb) => additive::learn(verb, &args.global),
        Verb::Forget(verb) => additive::forget(verb, &args.global),
        Verb::Merge(verb) => additive::merge(verb, &args.global),
        Verb::Tag(verb) => tag::run(verb, &args.global),
        Verb::Evaluate(verb) => evaluate::run(verb, &args.global),
        Verb::Compare(verb) => compare::run(verb, &args.global),
        Verb::Check(verb) => check::run(verb, &args.global),
        Verb::CrossValidate(verb) => cross_validate::run(verb, &args.global),
        Verb::Audit(verb) => audit::run(verb, &args.global),
        Verb::Split(verb) => split::run(verb, &args.global),
        Verb::Inspect(verb) => inspect::run(verb),
        #[cfg(feature = "serve")]
        Verb::Serve(verb) => serve::run(verb, &args.global),
        Verb::Completions { shell } => man::completions(*shell),
        Verb::Man { output } => man::man(output.as_deref()),
    }
}
