//! The `mandate` program: checks, formats, compiles, tests and assesses rules, and serves editors.

mod arguments;
mod commands;
mod ending;
mod facts;
mod files;
mod output;
mod package;
mod progress;
mod reports;
mod situations;
mod targets;

use arguments::{Arguments, Command};
use clap::Parser;
use ending::{Ending, Outcome};
use output::Output;
use std::process::ExitCode;
use std::thread;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stack of the thread that works, in bytes: rules nest, and what is deeply nested is walked by recursion. Only what is
/// used is taken from memory.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refused) => return arguments::refuse(&refused),
    };
    // The server has threads of its own.
    if let Command::Lsp(server) = &arguments.command {
        return server.socket.filter(|_| !server.stdio).map_or_else(mandate_lsp::run, mandate_lsp::run_on);
    }
    let color = arguments.color;
    let working = thread::Builder::new().name("mandate".to_owned()).stack_size(STACK);
    let ended = match working.spawn(move || run(arguments)) {
        Ok(thread) => thread.join(),
        Err(error) => {
            eprintln!("error: no thread could be started to work on: {error}");
            return Outcome::CouldNotRun.into();
        }
    };
    match ended {
        Ok(Ok(outcome)) => outcome.into(),
        Ok(Err(stopped)) => {
            Output::new(color).stopped(&stopped);
            Outcome::CouldNotRun.into()
        }
        Err(_) => {
            eprintln!("error: this is a fault of the program itself, not of your rules");
            eprintln!(
                "  help: please report it with the lines above and, where you may share it, the text that led to it"
            );
            Outcome::CouldNotRun.into()
        }
    }
}

fn run(arguments: Arguments) -> Ending {
    let out = &mut Output::new(arguments.color);
    match arguments.command {
        Command::Check(check) => commands::check::run(&check, out),
        Command::Fmt(fmt) => commands::fmt::run(&fmt, out),
        Command::Explain(explain) => commands::explain::run(&explain, out),
        Command::Compile(compile) => commands::compile::run(&compile, out),
        Command::Doc(doc) => commands::doc::run(&doc, out),
        Command::Schema(schema) => commands::schema::run(&schema, out),
        Command::Assess(assess) => commands::assess::run(&assess, out),
        Command::Test(test) => commands::test::run(&test, out),
        Command::Init(init) => commands::init::run(&init, out),
        Command::Source(source) => commands::source::run(&source.command, out),
        Command::Trace(trace) => commands::trace::run(&trace, out),
        Command::Impact(impact) => commands::impact::run(&impact, out),
        Command::Diff(diff) => commands::diff::run(&diff, out),
        Command::Refine(refine) => commands::refine::run(&refine, out),
        // Served before a thread was made.
        Command::Lsp(_) => Ok(Outcome::Clean),
    }
}
