//! Documents as the commands of this group take them: a file or standard input, of any form that can be read.

use crate::ending::Stopped;
use crate::files;
use clap::{Args, ValueEnum};
use mandate_import::{Fault, Form, Hints, MAX_BYTES, Reading};

/// How to read a document where it does not tell by itself.
#[derive(Debug, Args)]
pub(crate) struct How {
    /// The form of the document, where its content does not tell
    #[arg(long, value_enum, value_name = "FORM")]
    pub format: Option<FormArgument>,
    /// The encoding of its text, such as windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
}

/// The form of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormArgument {
    /// Markdown, or a passage file
    Markdown,
    /// HTML
    Html,
    /// Plain text
    Text,
    /// PDF with a text layer
    Pdf,
    /// Word, since 2007
    Docx,
    /// Akoma Ntoso XML
    Akn,
}

impl From<FormArgument> for Form {
    fn from(form: FormArgument) -> Self {
        match form {
            FormArgument::Markdown => Form::Markdown,
            FormArgument::Html => Form::Html,
            FormArgument::Text => Form::Text,
            FormArgument::Pdf => Form::Pdf,
            FormArgument::Docx => Form::Docx,
            FormArgument::Akn => Form::Akn,
        }
    }
}

/// A document with its bytes.
pub(crate) struct Original {
    /// As it is named on the command line.
    pub path: String,
    pub bytes: Vec<u8>,
}

impl Original {
    /// The bytes of a file, or of standard input for `-`.
    pub(crate) fn open(path: &str) -> Result<Original, Stopped> {
        // One byte more than can be read: the reader says what to do about it.
        let bytes = files::read(path, MAX_BYTES as u64 + 1)?;
        Ok(Original { path: path.to_owned(), bytes })
    }

    /// Name of the file, without directories.
    pub(crate) fn file(&self) -> Option<&str> {
        let name = std::path::Path::new(&self.path).file_name()?.to_str()?;
        (self.path != "-").then_some(name)
    }

    /// Its headings, paragraphs and items.
    pub(crate) fn read(&self, how: &How) -> Result<Reading, Stopped> {
        let hints = Hints {
            name: self.file().map(str::to_owned),
            form: how.format.map(Form::from),
            encoding: how.encoding.clone(),
        };
        mandate_import::read_with(&self.bytes, &hints, super::apart::command()).map_err(|fault| self.stopped(&fault))
    }

    fn stopped(&self, fault: &Fault) -> Stopped {
        let called = if self.path == "-" { "the document".to_owned() } else { format!("`{}`", self.path) };
        let stopped = Stopped::new(format!("{called} {}", fault.message)).code(fault.code);
        fault.help.iter().fold(stopped, |stopped, help| stopped.help(help.as_str()))
    }
}
