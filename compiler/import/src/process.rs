//! A PDF read in a process of its own: only that can be given a bound of memory, and ended when it goes in circles.

use crate::apart::LONGEST;
use crate::fault::Fault;
use crate::form::{self, Form};
use crate::{Hints, Reading, fits, read};
use mandate_diagnostics::lookup;
use mandate_documents::{BlockKind, Unnamed};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Reads a document as [`read`] does, but a PDF by a command that gives its standard input to [`answer`] and writes what comes back to
/// its standard output. The command may come to any end. Where it cannot be started, the PDF is read here.
///
/// # Errors
/// As [`read`].
pub fn read_with(bytes: &[u8], hints: &Hints, command: Command) -> Result<Reading, Fault> {
    fits(bytes)?;
    let form = hints.form.map_or_else(|| form::of(bytes, hints.name.as_deref()), Ok)?;
    if form != Form::Pdf {
        return read(bytes, hints);
    }
    match start(command) {
        Ok(child) => ask(child, bytes.to_vec()),
        Err(_) => read(bytes, hints),
    }
}

/// What is read from a PDF, for [`read_with`].
pub fn answer(bytes: &[u8]) -> Vec<u8> {
    let hints = Hints { form: Some(Form::Pdf), ..Hints::default() };
    let answer = match read(bytes, &hints) {
        Ok(reading) => {
            let blocks: Vec<Value> = reading.blocks.iter().map(written).collect();
            json!({ "title": reading.title, "pages": reading.pages, "blocks": blocks })
        }
        Err(fault) => json!({ "code": fault.code.id, "message": fault.message, "help": fault.help }),
    };
    answer.to_string().into_bytes()
}

fn start(mut command: Command) -> std::io::Result<Child> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
}

fn ask(mut child: Child, bytes: Vec<u8>) -> Result<Reading, Fault> {
    let (send, answered) = mpsc::sync_channel(1);
    let (input, output) = (child.stdin.take(), child.stdout.take());
    // Both at once: neither side waits for the other. A reader that ends early takes no more.
    thread::spawn(move || input.map(|mut input| input.write_all(&bytes)));
    thread::spawn(move || {
        let mut answer = Vec::new();
        let read = output.map(|mut output| output.read_to_end(&mut answer));
        let _ = send.send(read.map(|_| answer));
    });
    // Somewhat longer than the process gives itself.
    let answer = answered.recv_timeout(Duration::from_secs(LONGEST + 5));
    // It has ended, or is to.
    let _ = child.kill();
    let _ = child.wait();
    match answer {
        Ok(Some(answer)) => serde_json::from_slice(&answer)
            .ok()
            .and_then(|answer| understood(&answer))
            .unwrap_or_else(|| Err(Fault::ended())),
        Ok(None) => Err(Fault::ended()),
        Err(_) => Err(Fault::too_long(LONGEST)),
    }
}

fn written(block: &Unnamed) -> Value {
    let (kind, level) = match block.kind {
        BlockKind::Heading(level) => ("heading", level),
        BlockKind::Paragraph => ("paragraph", 0),
        BlockKind::Item(depth) => ("item", depth),
    };
    json!([kind, level, block.page, block.text])
}

fn understood(answer: &Value) -> Option<Result<Reading, Fault>> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(code) = text("code") {
        let help = answer.get("help")?.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned);
        return Some(Err(Fault { code: lookup(&code)?, message: text("message")?, help: help.collect() }));
    }
    let pages = answer.get("pages").and_then(Value::as_u64).and_then(|pages| u32::try_from(pages).ok());
    let blocks = answer.get("blocks")?.as_array()?.iter().map(block).collect::<Option<Vec<_>>>()?;
    Some(Ok(Reading { form: Form::Pdf, title: text("title"), pages, blocks }))
}

fn block(value: &Value) -> Option<Unnamed> {
    let level = u8::try_from(value.get(1)?.as_u64()?).ok()?;
    let kind = match value.get(0)?.as_str()? {
        "heading" => BlockKind::Heading(level),
        "item" => BlockKind::Item(level),
        _ => BlockKind::Paragraph,
    };
    let page = value.get(2)?.as_u64().and_then(|page| u32::try_from(page).ok());
    Some(Unnamed { kind, text: value.get(3)?.as_str()?.to_owned(), page, hint: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(command: &str, bytes: &[u8]) -> Result<Reading, Fault> {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]);
        read_with(bytes, &Hints::default(), shell)
    }

    #[cfg(unix)]
    #[test]
    fn whatever_the_process_does_there_is_an_answer() {
        let pdf = b"%PDF-1.7 broken";
        for ends in ["kill -9 $$", "exit 3", "echo nonsense", "echo '{\"blocks\": 7}'", "cat"] {
            assert_eq!(asked(ends, pdf).expect_err("refused").code.id, "E226", "{ends}");
        }
        let fault = String::from_utf8(answer(pdf)).expect("UTF-8").replace('\'', "");
        assert_eq!(asked(&format!("cat > /dev/null; echo '{fault}'"), pdf).expect_err("refused").code.id, "E220");
        let reading = "{\"pages\": 2, \"blocks\": [[\"heading\", 1, 2, \"Order\"]]}";
        let reading = asked(&format!("echo '{reading}'"), pdf).expect("read");
        assert_eq!(
            (reading.pages, reading.blocks[0].kind, reading.blocks[0].page),
            (Some(2), BlockKind::Heading(1), Some(2))
        );
        // What is no PDF needs no process.
        assert_eq!(asked("exit 3", b"Order").expect("read").form, Form::Text);
    }
}
