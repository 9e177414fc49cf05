//! The one catalogue of codes. A code is never reused for something else.
//!
//! `E0xx` language errors, `E1xx` faults in facts, `E2xx` packages and the command line, `W0xx` warnings of the language,
//! `W1xx` warnings about facts; `E3xx`, `W3xx` and the notes `N3xx` what was proven about rules (`docs/analysis.md`). The page of a
//! code is `pages/<code>.md`: a heading with the title, a text for a policy author, one block ```` ```mandate wrong ```` that draws the
//! code and one ```` ```mandate right ```` that does not; a test compiles both. What they share stands in blocks with `file=`, and
//! `file=../base/base.mandate` is a file of a package `base` beside that of the example.
//! Pages of codes about facts hold ```` ```yaml wrong ```` / ```` ```yaml right ```` beside a ```` ```mandate facts ```` module.

use crate::Severity;

/// A stable code, such as `E012`, with its explanation page.
#[derive(PartialEq, Eq, Hash)]
pub struct Code {
    /// `E012`.
    pub id: &'static str,
    /// The page in Markdown.
    pub page: &'static str,
}

impl Code {
    /// Errors for `E`, warnings for `W`, else a note.
    pub fn severity(&self) -> Severity {
        match self.id.as_bytes().first() {
            Some(b'E') => Severity::Error,
            Some(b'W') => Severity::Warning,
            _ => Severity::Note,
        }
    }

    /// The title of the page: what the code means in a few words.
    pub fn title(&self) -> &'static str {
        let line = self.page.lines().next().unwrap_or("");
        line.split_once(": ").map_or(line, |(_, title)| title)
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

macro_rules! catalogue {
    ($($id:ident)*) => {
        /// Every code by its own name: `codes::E012`.
        pub mod codes {
            use super::Code;
            $(
                #[doc = concat!("See `pages/", stringify!($id), ".md`.")]
                pub static $id: Code =
                    Code { id: stringify!($id), page: include_str!(concat!("../pages/", stringify!($id), ".md")) };
            )*
        }
        /// Every code, in order.
        pub static CATALOGUE: &[&Code] = &[$(&codes::$id),*];
    };
}

// Ordered; one line a group so that two authors rarely touch the same line.
catalogue! {
    E001 E002 E003 E004 E005 E006 E007 E008 E009 E010 E011 E012 E013 E014 E015
    E020 E021 E022 E023 E024 E025 E026 E027 E028 E029
    E030 E031 E032 E033 E034 E035 E036 E037 E038 E039 E040 E041 E042
    E050 E051 E052 E053 E054 E055 E056 E057 E058 E059 E060 E061 E062 E063 E064 E065 E066 E067 E068 E069
    E070 E071 E072 E073 E074 E075 E077 E078 E079 E080 E081 E082 E083 E084 E085 E086 E087 E088 E089
    E090 E091 E092 E093 E094 E095
    E101 E102 E103 E104 E105 E106 E107 E108 E109 E110 E111 E112 E113 E114 E115 E116
    E117 E118 E119 E120
    E201 E202 E203 E204 E205 E206 E207 E208 E209 E210 E211 E212
    E213 E214 E215 E216 E217 E218 E219 E220 E221 E222 E223 E224 E225 E226
    E301 E302 E303 E304 E305 E306 E307 E308 E309 E310
    N301 N302
    W001 W002 W003 W004 W005 W006 W007 W008 W009 W010 W011 W012 W013 W014 W015 W016 W017 W018
    W201
    W301 W302 W303 W304 W305 W306 W307 W308 W309 W310 W311 W312 W313 W314
}

/// The code called `id`, in any case.
pub fn lookup(id: &str) -> Option<&'static Code> {
    CATALOGUE.iter().copied().find(|code| code.id.eq_ignore_ascii_case(id.trim()))
}
