//! A client of our own: it speaks the protocol over the pipes of a real server process.
#![allow(dead_code)]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longest time a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What the server last said about a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub version: Option<i64>,
    pub diagnostics: Vec<Value>,
}

pub struct Client {
    child: Child,
    input: Option<Box<dyn Write + Send>>,
    output: Receiver<Value>,
    next_id: i64,
    /// Answers that came while another was awaited.
    answers: BTreeMap<i64, Value>,
    /// The latest diagnostics of every file.
    pub published: BTreeMap<String, Published>,
    /// Every publication in order: address and number of diagnostics.
    pub log: Vec<(String, usize)>,
    /// Other notifications.
    pub notices: Vec<Value>,
    /// Requests of the server; each is answered with null, those for the configuration with it.
    pub requests: Vec<Value>,
    /// What the user has set.
    pub configuration: Value,
    /// Answers without an id that fits: those to messages that could not be read.
    pub strays: Vec<Value>,
}

impl Client {
    /// Starts a server and shakes hands with `capabilities`, with the folders open.
    pub fn start(command: Command, folders: &[&Path], capabilities: &Value) -> (Client, Value) {
        Self::start_with_options(command, folders, capabilities, &Value::Null)
    }

    /// The same with options of the client's own.
    pub fn start_with_options(
        mut command: Command,
        folders: &[&Path],
        capabilities: &Value,
        options: &Value,
    ) -> (Client, Value) {
        let mut client = Client::raw(&mut command);
        let folders: Vec<_> = folders.iter().map(|dir| json!({"uri": uri(dir), "name": "folder"})).collect();
        let offer = json!({
            "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders,
            "initializationOptions": options,
        });
        let result = client.request("initialize", offer).expect("initialize is answered");
        client.notify("initialized", json!({}));
        (client, result)
    }

    /// Starts a server and says nothing.
    pub fn raw(command: &mut Command) -> Client {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let (stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Client::of(child, Box::new(stdin), stdout)
    }

    /// Starts a server that says on standard error where it listens, and connects to it.
    pub fn over_socket(mut command: Command) -> Client {
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut said = String::new();
        BufReader::new(child.stderr.take().expect("a pipe")).read_line(&mut said).expect("a line");
        let stream = TcpStream::connect(said.trim().trim_start_matches("listening on ")).expect("it listens");
        let input = stream.try_clone().expect("a second handle");
        Client::of(child, Box::new(Socket(input)), stream)
    }

    fn of(child: Child, input: Box<dyn Write + Send>, read_from: impl Read + Send + 'static) -> Client {
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(read_from);
            while let Some(message) = read(&mut reader) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Client {
            input: Some(input),
            child,
            output,
            next_id: 0,
            answers: BTreeMap::new(),
            published: BTreeMap::new(),
            log: Vec::new(),
            notices: Vec::new(),
            requests: Vec::new(),
            configuration: Value::Null,
            strays: Vec::new(),
        }
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(bytes).and_then(|()| input.flush()).expect("the server reads");
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and gives its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        id
    }

    /// The answer to a request: its result, or the code of its error.
    pub fn answer(&mut self, id: i64) -> Result<Value, i64> {
        self.until("an answer", |client| client.answers.contains_key(&id));
        let mut answer = self.answers.remove(&id).expect("it is there");
        match answer.get("error") {
            Some(error) => Err(error["code"].as_i64().expect("errors have codes")),
            None => Ok(answer["result"].take()),
        }
    }

    /// What a request is refused with, for the user.
    pub fn refusal(&mut self, method: &str, params: Value) -> String {
        let id = self.ask(method, params);
        self.until("a refusal", |client| client.answers.contains_key(&id));
        let answer = self.answers.remove(&id).expect("it is there");
        answer["error"]["message"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether the answer to a request has come.
    pub fn is_answered(&self, id: i64) -> bool {
        self.answers.contains_key(&id)
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, i64> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Reads until `done`.
    pub fn until(&mut self, what: &str, done: impl FnMut(&Client) -> bool) {
        if !self.reaches(PATIENCE, what, done) {
            let known = format!("{:?} {:?}", self.notices, self.published);
            panic!("waited too long for {what}: {}", known.chars().take(20_000).collect::<String>())
        }
    }

    /// Reads until `done`, or until patience is at its end: then it is false.
    pub fn reaches(&mut self, patience: Duration, what: &str, mut done: impl FnMut(&Client) -> bool) -> bool {
        let deadline = Instant::now() + patience;
        while !done(self) {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => panic!("the server ended before {what}"),
            }
        }
        true
    }

    fn take(&mut self, message: Value) {
        match (message.get("method").and_then(Value::as_str), message.get("id")) {
            (Some("textDocument/publishDiagnostics"), _) => {
                let params = &message["params"];
                let uri = params["uri"].as_str().expect("an address").to_owned();
                let diagnostics = params["diagnostics"].as_array().expect("a list").clone();
                self.log.push((uri.clone(), diagnostics.len()));
                self.published.insert(uri, Published { version: params["version"].as_i64(), diagnostics });
            }
            (Some(_), Some(id)) => {
                let asks = message["method"] == "workspace/configuration";
                let count = message["params"]["items"].as_array().map_or(1, Vec::len);
                let result = if asks { json!(vec![&self.configuration; count]) } else { Value::Null };
                self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
                self.requests.push(message);
            }
            (Some(_), None) => self.notices.push(message),
            (None, Some(id)) => match id.as_i64() {
                Some(id) => drop(self.answers.insert(id, message)),
                None => self.strays.push(message),
            },
            (None, None) => self.strays.push(message),
        }
    }

    pub fn open(&mut self, path: &Path, text: &str) {
        self.open_uri(&uri(path), text);
    }

    pub fn open_uri(&mut self, uri: &str, text: &str) {
        self.open_version(uri, text, 1);
    }

    /// Opens a file whose versions are counted from somewhere else.
    pub fn open_as(&mut self, path: &Path, text: &str, version: i64) {
        self.open_version(&uri(path), text, version);
    }

    fn open_version(&mut self, uri: &str, text: &str, version: i64) {
        // A server of another language passes over files that are not its own.
        let language = if uri.ends_with(".py") { "python" } else { "mandate" };
        let item = json!({"uri": uri, "languageId": language, "version": version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": item}));
    }

    pub fn close(&mut self, path: &Path) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(path)}}));
    }

    /// Replaces `[from line, column, to line, column]` by a text; all in one message, one after the other.
    pub fn edit(&mut self, path: &Path, version: i64, edits: &[([u32; 4], &str)]) {
        let position = |line: u32, character: u32| json!({"line": line, "character": character});
        let changes: Vec<_> = edits
            .iter()
            .map(|([a, b, c, d], text)| json!({"range": {"start": position(*a, *b), "end": position(*c, *d)}, "text": text}))
            .collect();
        let params = json!({"textDocument": {"uri": uri(path), "version": version}, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    /// Asks about a place.
    pub fn at(&mut self, method: &str, path: &Path, line: u32, character: u32) -> Result<Value, i64> {
        let params = json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}});
        self.request(method, params)
    }

    /// Waits for diagnostics of a version, and gives `CODE line:column-line:column` of each.
    pub fn diagnostics(&mut self, path: &Path, version: i64) -> Vec<String> {
        let uri = uri(path);
        self.until("diagnostics", |client| client.published.get(&uri).is_some_and(|it| it.version == Some(version)));
        self.settle();
        self.codes(path)
    }

    /// What was last said about a file.
    pub fn codes(&self, path: &Path) -> Vec<String> {
        let published = self.published.get(&uri(path));
        published.iter().flat_map(|it| &it.diagnostics).map(shown).collect()
    }

    /// Asks something that is answered after all that was sent before, and lets the check behind it come to its end.
    pub fn settle(&mut self) {
        let deadline = Duration::from_millis(300);
        while let Ok(message) = self.output.recv_timeout(deadline) {
            self.take(message);
        }
    }

    /// Resident memory of the server, where the system tells it.
    pub fn memory_in_megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1_024.0
    }

    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// The exit code, once the server has ended.
    pub fn exit_code(&mut self) -> i32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("the process can be asked") {
                return status.code().expect("it was not killed");
            }
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends the server as the protocol wants it.
    pub fn end(mut self) {
        self.request("shutdown", Value::Null).expect("shutdown is answered");
        self.notify("exit", Value::Null);
        assert_eq!(self.exit_code(), 0);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `E001 0:5-0:9`
pub fn shown(diagnostic: &Value) -> String {
    let range = range(&diagnostic["range"]);
    format!("{} {range}", diagnostic["code"].as_str().unwrap_or("?"))
}

/// The sending half of a connection.
struct Socket(TcpStream);

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.0.shutdown(Shutdown::Write);
    }
}

/// `0:5-0:9`
pub fn range(range: &Value) -> String {
    let place = |at: &str| format!("{}:{}", range[at]["line"], range[at]["character"]);
    format!("{}-{}", place("start"), place("end"))
}

/// The address of a file, as VS Code writes it.
pub fn uri(path: &Path) -> String {
    let path = path.to_str().expect("test paths are plain");
    format!("file://{}", path.replace(' ', "%20"))
}

fn read(reader: &mut BufReader<impl Read>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().expect("a length"),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server sends JSON"))
}
