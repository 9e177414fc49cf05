//! A small package on a disk, which the tests share.

use crate::client::Client;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

pub const UNITS: &str = "/// A unit in the field.\nrecord Unit key id {\n  id: Text\n  name: Text?\n}\n";
pub const RULES: &str = r#"use units.{Unit}

source order_7 {
  title "Order 7"
  issuer "Mission command"
  force order
  document "sources/order.md"
}

record Report key id at sent_at {
  id: Text
  unit: Unit
  sent_at: Time?
}

record Incident key id at observed_at {
  id: Text
  unit: Unit
  observed_at: Time
  grave: Bool
}

action report(i: Incident) {
  evidence r: Report where r.unit == i.unit
}

/// The first duty of all.
rule report_it "Report what you see" {
  cites order_7#reporting
  for each i: Incident
  when i.grave
  everyone must report(i) within 24 hours after i.observed_at
}
"#;
pub const ORDER: &str =
    "# Order 7\n\n## Reporting {#reporting}\n\nWhoever sees a grave incident reports it within a day.\n";

/// A package on disk, with its own cache beside it.
pub struct Mission {
    pub dir: TempDir,
}

impl Mission {
    pub fn new() -> Self {
        let mission = Self { dir: tempfile::tempdir().unwrap() };
        mission.write(
            "mandate.toml",
            "[package]\nname = \"heron\"\nversion = \"0.1.0\"\nedition = \"2026\"\n\n[dependencies]\ncore = \"std\"\n",
        );
        mission.write("units.mandate", UNITS);
        mission.write("rules.mandate", RULES);
        mission.write("sources/order.md", ORDER);
        mission
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join("mission").join(relative)
    }

    pub fn write(&self, relative: &str, text: &str) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub fn server(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mandate-lsp"));
        command.env("XDG_CACHE_HOME", self.dir.path().join("cache"));
        command
    }

    pub fn start_with(&self, capabilities: &Value) -> (Client, Value) {
        Client::start(self.server(), &[&self.path("")], capabilities)
    }

    /// A client that can take everything.
    pub fn start(&self) -> Client {
        let capabilities = json!({
            "textDocument": {
                "publishDiagnostics": {"relatedInformation": true, "versionSupport": true},
                "definition": {"linkSupport": true},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
                "hover": {"contentFormat": ["markdown", "plaintext"]},
                "codeAction": {
                    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor", "source"]}},
                    "isPreferredSupport": true,
                    "disabledSupport": true,
                    "dataSupport": true,
                    "resolveSupport": {"properties": ["edit"]},
                },
            },
            "workspace": {"workspaceEdit": {"documentChanges": true}},
        });
        self.start_with(&capabilities).0
    }
}

/// Line and column of the first place where `words` stand, plus `inside` columns.
pub fn place(text: &str, words: &str, inside: usize) -> (u32, u32) {
    let at = text.find(words).unwrap() + inside;
    let before = &text[..at];
    let line = before.matches('\n').count();
    (line as u32, (at - before.rfind('\n').map_or(0, |start| start + 1)) as u32)
}
