//! One file a command.

pub(crate) mod assess;
pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod diff;
pub(crate) mod doc;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod impact;
pub(crate) mod init;
pub(crate) mod refine;
pub(crate) mod schema;
pub(crate) mod source;
pub(crate) mod test;
pub(crate) mod trace;
