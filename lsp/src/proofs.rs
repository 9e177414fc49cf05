//! What was proven about the rules of each project, kept from one look to the next.
//!
//! While a new proof is under way, or a half-typed word forbids one, the last findings stay where their places were not touched, so that
//! nothing flickers while somebody types.

use crate::pool::locked;
use crate::project::Home;
use mandate_ide::{Change, Proven};
use mandate_semantics::Atlas;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// The last findings about the rules of a project.
#[derive(Debug, Default)]
pub(crate) struct Known {
    proven: Vec<Proven>,
    /// The texts that their places count in.
    texts: BTreeMap<Arc<str>, Arc<str>>,
}

impl Known {
    pub(crate) fn new(proven: Vec<Proven>, atlas: &Atlas) -> Self {
        let others = proven.iter().flat_map(|one| one.diagnostic.related.iter().filter_map(|label| label.file.clone()));
        let files: BTreeSet<Arc<str>> = proven.iter().map(|one| one.path.clone()).chain(others).collect();
        let texts = files.into_iter().filter_map(|file| Some((file.clone(), atlas.text(&file)?.clone()))).collect();
        Self { proven, texts }
    }

    /// Files with findings.
    pub(crate) fn files(&self) -> BTreeSet<Arc<str>> {
        self.proven.iter().map(|one| one.path.clone()).collect()
    }

    /// Whether these are other findings.
    pub(crate) fn differs(&self, proven: &[Proven]) -> bool {
        self.proven != proven
    }

    /// The findings of a file, as far as none of their places was touched, where they stand in the present texts.
    pub(crate) fn of(&self, path: &str, now: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Proven> {
        self.those(&|one| *one.path == *path, now)
    }

    /// The same with those of other files that name a place in this one.
    pub(crate) fn about(&self, path: &str, now: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Proven> {
        let names = |one: &Proven| one.diagnostic.related.iter().any(|label| label.file.as_deref() == Some(path));
        self.those(&|one| *one.path == *path || names(one), now)
    }

    fn those(&self, is_wanted: &dyn Fn(&Proven) -> bool, now: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Proven> {
        let changes: RefCell<BTreeMap<String, Option<Change>>> = RefCell::default();
        let change = |file: &str| {
            let compare = || {
                let (old, new) = (self.texts.get(file)?, now(file));
                // Of a file that is gone nothing is left.
                let new = new.as_deref().unwrap_or("");
                (**old != *new).then(|| Change::between(old, new))
            };
            *changes.borrow_mut().entry(file.to_owned()).or_insert_with(compare)
        };
        let found = self.proven.iter().filter(|one| is_wanted(one));
        found.filter_map(|one| one.moved(&change)).collect()
    }
}

/// The last findings of all projects, where the thread that proves and those that answer requests both look.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<BTreeMap<Home, Arc<Known>>>);

impl Board {
    /// What is known of a project.
    pub(crate) fn of(&self, home: &Home) -> Option<Arc<Known>> {
        locked(&self.0).get(home).cloned()
    }

    /// Takes over new findings; gives the ones before.
    pub(crate) fn put(&self, home: &Home, known: Known) -> Option<Arc<Known>> {
        locked(&self.0).insert(home.clone(), Arc::new(known))
    }

    /// Forgets projects that are no longer open.
    pub(crate) fn keep(&self, homes: &BTreeSet<Home>) {
        locked(&self.0).retain(|home, _| homes.contains(home));
    }
}
