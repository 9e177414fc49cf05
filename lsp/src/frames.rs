//! Messages as they come over the wire: `Content-Length: N`, an empty line, N bytes of JSON.
//!
//! The framework's own reader ends the server at the first bad frame. This one steps over what it cannot read and says
//! what was wrong, so one malformed message costs an error answer and nothing else.

use std::io::{self, BufRead, Read};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};

/// Larger messages are skipped. An opened file of 10 MB takes at most 60 MB as JSON (every character escaped).
const MESSAGE_LIMIT: u64 = 64 << 20;
/// A header line longer than this is garbage; it bounds what is kept of a stream without line ends.
const HEADER_LIMIT: u64 = 4 << 10;
const LENGTH: &[u8] = b"content-length:";

/// What one step over the input gave.
#[derive(Debug)]
pub(crate) enum Frame {
    /// A request or notification of the client.
    Request(Request),
    /// The client's answer to a request of the server.
    Answer(Response),
    /// Something unreadable was stepped over; the answer to be sent for it.
    Malformed(Response),
}

/// Reads frame after frame. `Ok(None)` at the end of input.
pub(crate) struct Frames<R> {
    input: R,
    /// Between a fault and the next header nothing is reported again.
    lost: bool,
}

impl<R: BufRead> Frames<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, lost: false }
    }

    /// The next frame. An error is an error of the stream itself, after which there is nothing more to read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Frame>> {
        loop {
            match self.header()? {
                Header::End => return Ok(None),
                Header::Length(length) if length > MESSAGE_LIMIT => {
                    io::copy(&mut self.input.by_ref().take(length), &mut io::sink())?;
                    return Ok(Some(malformed(Id::Null, Error::invalid_request())));
                }
                Header::Length(length) => {
                    let mut body = Vec::new();
                    self.input.by_ref().take(length).read_to_end(&mut body)?;
                    if (body.len() as u64) < length {
                        return Ok(None);
                    }
                    if !body.is_empty() {
                        return Ok(Some(message(&body)));
                    }
                }
                Header::Missing if self.lost => {}
                Header::Missing => {
                    self.lost = true;
                    return Ok(Some(malformed(Id::Null, Error::parse_error())));
                }
            }
        }
    }

    /// Reads header lines up to the empty one.
    fn header(&mut self) -> io::Result<Header> {
        let mut length = None;
        let mut lines = 0;
        loop {
            let mut line = Vec::new();
            if self.input.by_ref().take(HEADER_LIMIT).read_until(b'\n', &mut line)? == 0 {
                return Ok(Header::End);
            }
            // The last line of a stream that broke off announces nothing.
            if !line.ends_with(b"\n") && (line.len() as u64) < HEADER_LIMIT {
                return Ok(Header::End);
            }
            let line = line.trim_ascii();
            if line.is_empty() {
                if let Some(length) = length {
                    self.lost = false;
                    return Ok(Header::Length(length));
                }
                if lines > 0 {
                    return Ok(Header::Missing);
                }
                continue; // stray line ends between messages
            }
            lines += 1;
            if let Some(found) = content_length(line) {
                length = Some(found);
            } else if length.is_none() && !line.contains(&b':') {
                return Ok(Header::Missing);
            }
        }
    }
}

enum Header {
    Length(u64),
    Missing,
    End,
}

/// The length in a line that holds `Content-Length: N`, also behind rubbish (the tail of a body that was announced too short).
fn content_length(line: &[u8]) -> Option<u64> {
    let lower = line.to_ascii_lowercase();
    let at = lower.windows(LENGTH.len()).rposition(|window| window == LENGTH)?;
    std::str::from_utf8(&lower[at + LENGTH.len()..]).ok()?.trim().parse().ok()
}

fn message(body: &[u8]) -> Frame {
    let value: serde_json::Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(_) => return malformed(Id::Null, Error::parse_error()),
    };
    let id = value.get("id").and_then(|id| serde_json::from_value::<Id>(id.clone()).ok());
    let is_answer = value.get("method").is_none() && (value.get("result").is_some() || value.get("error").is_some());
    let read = if is_answer {
        serde_json::from_value(value).map(Frame::Answer)
    } else {
        serde_json::from_value(value).map(Frame::Request)
    };
    read.unwrap_or_else(|_| malformed(id.unwrap_or_default(), Error::invalid_request()))
}

fn malformed(id: Id, error: Error) -> Frame {
    Frame::Malformed(Response::from_error(id, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// One line a frame: the method, `answer ID`, or the code of the fault.
    fn read(input: impl AsRef<[u8]>) -> Vec<String> {
        let mut frames = Frames::new(input.as_ref());
        let mut seen = Vec::new();
        while let Ok(Some(frame)) = frames.next() {
            seen.push(match frame {
                Frame::Request(request) => request.method().to_owned(),
                Frame::Answer(answer) => format!("answer {}", answer.id()),
                Frame::Malformed(answer) => {
                    format!("fault {} for {}", answer.error().unwrap().code.code(), answer.id())
                }
            });
        }
        seen
    }

    const EXIT: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

    #[test]
    fn requests_and_answers_are_told_apart() {
        let answer = frame(r#"{"jsonrpc":"2.0","id":7,"result":null}"#);
        assert_eq!(read(frame(EXIT) + &answer), ["exit", "answer 7"]);
    }

    #[test]
    fn a_bad_body_costs_one_error() {
        assert_eq!(read(frame("{\"jsonrpc\":") + &frame(EXIT)), ["fault -32700 for null", "exit"]);
        assert_eq!(read(frame("[]") + &frame(EXIT)), ["fault -32600 for null", "exit"]);
        assert_eq!(read(frame(r#"{"id":3}"#) + &frame(EXIT)), ["fault -32600 for 3", "exit"]);
        let not_utf8 = [b"Content-Length: 2\r\n\r\n\xff\xfe".as_slice(), frame(EXIT).as_bytes()].concat();
        assert_eq!(read(not_utf8), ["fault -32700 for null", "exit"]);
    }

    #[test]
    fn a_bad_header_costs_one_error_however_long_it_is() {
        let rubbish = "hello\r\nthere\r\n\r\nContent-Length: many\r\n\r\n";
        assert_eq!(read(format!("{rubbish}{}", frame(EXIT))), ["fault -32700 for null", "exit"]);
    }

    #[test]
    fn a_wrong_length_loses_no_later_message() {
        let short = format!("Content-Length: 5\r\n\r\n{EXIT}");
        let seen = read(short + &frame(EXIT) + &frame(EXIT));
        assert_eq!(seen.last().map(String::as_str), Some("exit"), "{seen:?}");
        assert!(seen.len() <= 4, "{seen:?}");
    }

    #[test]
    fn other_headers_and_any_case_are_read() {
        let body = format!(
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: {}\n\n{EXIT}",
            EXIT.len()
        );
        assert_eq!(read(body), ["exit"]);
    }

    #[test]
    fn a_message_cut_off_by_the_end_of_input_is_no_message() {
        let whole = frame(EXIT);
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_empty());
        }
    }
}
