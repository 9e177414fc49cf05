//! Why a document cannot be imported.

use crate::form::Form;
use mandate_diagnostics::{Code, codes};

const AGAIN: &str = "open it in the program it was made with, and save or export it again";

/// Why a document cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// E219 to E226.
    pub code: &'static Code,
    /// What was found, as words that follow the name of the file: `is protected by a password`.
    pub message: String,
    /// What to do.
    pub help: Vec<String>,
}

impl Fault {
    fn new(code: &'static Code, message: impl Into<String>, help: &str) -> Fault {
        Fault { code, message: message.into(), help: vec![help.to_owned()] }
    }

    /// It is of no form that can be read.
    pub(crate) fn unknown(message: impl Into<String>, help: &str) -> Fault {
        Fault::new(&codes::E219, message, help)
    }

    /// It breaks the rules of its form. No words of the file stand in the message.
    pub(crate) fn broken(form: Form, what: &str) -> Fault {
        let message = format!("cannot be read as {}: {what}", form.called());
        Fault::new(&codes::E220, message, AGAIN)
    }

    /// The reader of its form gave up in the middle.
    pub(crate) fn stumbled() -> Fault {
        Fault::new(&codes::E220, "cannot be read: it is damaged, or made in an unusual way", AGAIN)
    }

    /// It is protected.
    pub(crate) fn locked() -> Fault {
        Fault::new(
            &codes::E221,
            "is protected by a password",
            "open it with the password, save it without one, and import that",
        )
    }

    /// There is no text in it.
    pub(crate) fn empty(form: Form) -> Fault {
        match form {
            Form::Pdf => Fault::new(
                &codes::E222,
                "has no text in it, only pictures of pages",
                "run text recognition (OCR) over the scan first, and import what it gives; compare it with the original",
            ),
            _ => Fault::new(&codes::E222, "has no text in it", "check that it is the right file"),
        }
    }

    /// It is larger than a bound, said as words that follow the name of the file.
    pub(crate) fn too_large(message: impl Into<String>) -> Fault {
        Fault::new(&codes::E223, message, "take the part that matters out of it, as a document of its own")
    }

    /// Its letters cannot be told.
    pub(crate) fn letters(message: impl Into<String>, help: &str) -> Fault {
        Fault::new(&codes::E224, message, help)
    }

    /// It has a DOCTYPE.
    pub(crate) fn doctype() -> Fault {
        Fault::new(
            &codes::E225,
            "has a DOCTYPE, which may draw in other files or make itself endlessly large",
            "take the line `<!DOCTYPE ...>` out of it, with what stands between its brackets",
        )
    }

    /// Its reader came to a bad end.
    pub(crate) fn ended() -> Fault {
        Fault::new(
            &codes::E226,
            "was not read to its end: it leads its reader in circles, or needs more memory than any document should",
            "save or export it again, as another form if need be, or take the part that matters out of it",
        )
    }

    /// It took longer than the bound.
    pub(crate) fn too_long(seconds: u64) -> Fault {
        Fault::new(
            &codes::E226,
            format!("was not read to its end within {seconds} seconds"),
            "save or export it again, as another form if need be, or take the part that matters out of it",
        )
    }
}
