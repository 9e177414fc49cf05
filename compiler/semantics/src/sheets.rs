//! The declarations of a module in groups that are checked together, so that an edit in one checks its own group again and no other.
//!
//! Where a sheet begins depends on the names of declarations only: an edit inside a declaration moves no border, and a declaration put in
//! or taken out moves those next to it at most. Everything in a sheet counts from its start. A query for each declaration would have to be
//! looked at again for each of them after every edit, which costs more than checking a few neighbours does.

use crate::db::{SourceFile, parsed};
use crate::names::{Kind, declared};
use mandate_syntax::ast::{DeclKind, Item};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// One declaration in so many begins a sheet.
const EVERY: u64 = 32;

/// Declarations that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// The declarations in order, with places that count from the start of the sheet.
    pub(crate) items: Vec<SheetItem>,
    /// The text of the sheet.
    pub(crate) text: Arc<str>,
    /// Nothing stands above it in the file.
    pub(crate) at_head: bool,
}

/// A declaration of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetItem {
    pub(crate) item: Item,
    /// A declaration above it in the module has the same name.
    pub(crate) again: bool,
}

impl Sheet {
    /// Whether it holds these declarations and this text.
    fn is(&self, items: &[Item], again: &[bool], text: &str) -> bool {
        let offset = items.first().map_or(0, |item| item.offset);
        let same = |one: &SheetItem, item: &Item, again: bool| {
            one.again == again
                && (one.item.offset, one.item.len) == (item.offset - offset, item.len)
                && Arc::ptr_eq(&one.item.decl, &item.decl)
        };
        self.items.len() == items.len()
            && self.at_head == (offset == 0)
            && self.items.iter().zip(items).zip(again).all(|((one, item), again)| same(one, item, *again))
            && *self.text == *text
    }

    fn new(items: &[Item], again: &[bool], text: &str) -> Sheet {
        let offset = items.first().map_or(0, |item| item.offset);
        let item = |item: &Item| Item { offset: item.offset - offset, len: item.len, decl: Arc::clone(&item.decl) };
        let items = items.iter().zip(again).map(|(one, again)| SheetItem { item: item(one), again: *again });
        Sheet { items: items.collect(), text: Arc::from(text), at_head: offset == 0 }
    }

    /// The declaration of a name; the first, should there be several.
    pub(crate) fn named(&self, name: &str) -> Option<&Item> {
        let items = self.items.iter().map(|item| &item.item);
        items.into_iter().find(|item| declared(&item.decl.kind).is_some_and(|(known, _)| known.text == name))
    }
}

/// A sheet where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    /// What the queries about it are asked by.
    pub(crate) key: u32,
    /// Byte of the file at which it starts.
    pub(crate) offset: u32,
    pub(crate) sheet: Arc<Sheet>,
}

/// The sheets of a module in the order of the text.
#[derive(Debug)]
pub(crate) struct Sheets {
    pub(crate) placed: Vec<Placed>,
    by_key: HashMap<u32, usize>,
}

impl Sheets {
    /// The sheet in which a byte stands, or behind which there is only white space before it.
    pub(crate) fn at(&self, offset: u32) -> Option<&Placed> {
        let after = self.placed.partition_point(|placed| placed.offset <= offset);
        self.placed.get(after.checked_sub(1)?)
    }
}

/// The sheets of a module at the last edit, kept beside the queries. What a query answers does not depend on them, only how soon.
#[derive(Debug, Clone, Default)]
pub struct LastSheets(Arc<Mutex<Last>>);

impl PartialEq for LastSheets {
    fn eq(&self, other: &LastSheets) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Debug, Default)]
struct Last {
    /// By the border at which they begin.
    keys: HashMap<u64, u32>,
    sheets: HashMap<u32, Arc<Sheet>>,
}

impl Last {
    /// Gives each border its key of before. A sheet that is gone leaves its key to one that comes, so that there are never more keys than sheets.
    fn keys(&mut self, borders: &[u64]) -> Vec<u32> {
        let wanted: HashSet<u64> = borders.iter().copied().collect();
        self.keys.retain(|border, _| wanted.contains(border));
        let mut taken: BTreeSet<u32> = self.keys.values().copied().collect();
        let mut next = 0;
        let mut free = || {
            while !taken.insert(next) {
                next += 1;
            }
            next
        };
        borders.iter().map(|border| *self.keys.entry(*border).or_insert_with(&mut free)).collect()
    }
}

/// The sheets of a module.
#[salsa::tracked(no_eq)]
pub(crate) fn sheets(db: &dyn salsa::Database, file: SourceFile) -> Sheets {
    let items = &parsed(db, file).items;
    let text = file.text(db);
    let mut names: HashSet<&str> = HashSet::with_capacity(items.len());
    let mut borders: HashMap<u64, u32> = HashMap::new();
    let (mut starts, mut heads, mut again) = (Vec::new(), Vec::new(), Vec::with_capacity(items.len()));
    for (at, item) in items.iter().enumerate() {
        again.push(declared(&item.decl.kind).is_some_and(|(name, _)| !names.insert(&name.text)));
        let border = border(item).filter(|border| border % EVERY == 0);
        if at == 0 || border.is_some() {
            let border = border.unwrap_or(0);
            // Of two that begin alike the second is another one.
            let before = borders.entry(border).or_default();
            *before += 1;
            starts.push(at);
            heads.push(border.wrapping_add(u64::from(*before - 1)));
        }
    }
    let mut last = file.sheets(db).0.lock().unwrap_or_else(PoisonError::into_inner);
    let keys = last.keys(&heads);
    let ends = starts.iter().copied().skip(1).chain([items.len()]);
    let placed = starts.iter().copied().zip(ends).zip(keys).filter_map(|((start, end), key)| {
        let (inside, again) = (items.get(start..end)?, again.get(start..end)?);
        let (offset, end) = (inside.first()?.offset, inside.last()?);
        let text = text.get(offset as usize..(end.offset + end.len) as usize).unwrap_or("");
        let kept = last.sheets.get(&key).filter(|sheet| sheet.is(inside, again, text));
        let sheet = kept.cloned().unwrap_or_else(|| Arc::new(Sheet::new(inside, again, text)));
        Some(Placed { key, offset, sheet })
    });
    let placed: Vec<Placed> = placed.collect();
    let by_key = placed.iter().enumerate().map(|(at, placed)| (placed.key, at)).collect();
    last.sheets = placed.iter().map(|placed| (placed.key, Arc::clone(&placed.sheet))).collect();
    Sheets { placed, by_key }
}

/// What may begin a sheet, by what it is called.
fn border(item: &Item) -> Option<u64> {
    let name = match &item.decl.kind {
        DeclKind::Scenario(scenario) => scenario.title.as_ref().map(|title| title.text.as_str()),
        DeclKind::Background(background) => background.citation.passage.as_ref().map(|passage| passage.text.as_str()),
        DeclKind::Carried(carried) => carried.ids.first().map(|id| id.text.as_str()),
        kind => declared(kind).map(|(name, _)| name.text.as_str()),
    };
    let mut hasher = DefaultHasher::new();
    name?.hash(&mut hasher);
    Some(hasher.finish())
}

/// A sheet without its place: what stands above it can change without it.
#[salsa::tracked]
pub(crate) fn sheet(db: &dyn salsa::Database, file: SourceFile, key: u32) -> Option<Arc<Sheet>> {
    let all = sheets(db, file);
    Some(Arc::clone(&all.placed.get(*all.by_key.get(&key)?)?.sheet))
}

/// The names that a module declares, each with its kind and the sheet it is in; of several declarations of a name, the first.
#[salsa::tracked]
pub(crate) fn declarations(db: &dyn salsa::Database, file: SourceFile) -> HashMap<Arc<str>, (Kind, u32)> {
    let sheets = sheets(db, file);
    let mut all = HashMap::with_capacity(sheets.placed.iter().map(|placed| placed.sheet.items.len()).sum());
    for placed in &sheets.placed {
        for item in placed.sheet.items.iter().filter(|item| !item.again) {
            if let Some((name, kind)) = declared(&item.item.decl.kind) {
                all.insert(Arc::from(name.text.as_str()), (kind, placed.key));
            }
        }
    }
    all
}

/// The sheet that declares a name.
#[salsa::tracked(returns(copy))]
pub(crate) fn home_of(db: &dyn salsa::Database, file: SourceFile, name: Arc<str>) -> Option<u32> {
    declarations(db, file).get(&name).map(|(_, key)| *key)
}

/// The words of a sheet, each once.
#[salsa::tracked]
pub(crate) fn words(db: &dyn salsa::Database, file: SourceFile, key: u32) -> BTreeSet<Arc<str>> {
    let text = sheet(db, file, key).as_ref().map_or("", |sheet| &*sheet.text);
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    words.into_iter().filter(|word| !word.is_empty()).map(Arc::from).collect()
}

/// The sheet that declares a name, and its declaration there.
pub(crate) fn home<'db>(db: &'db dyn salsa::Database, file: SourceFile, name: &str) -> Option<(&'db Sheet, &'db Item)> {
    let sheet: &Sheet = sheet(db, file, home_of(db, file, Arc::from(name))?).as_ref()?;
    Some((sheet, sheet.named(name)?))
}

/// Lines that stand above each sheet of a module, in the order of the text.
pub(crate) fn lines_above(db: &dyn salsa::Database, file: SourceFile) -> Vec<u32> {
    let text = file.text(db).as_bytes();
    let (mut lines, mut at) = (0, 0);
    let above = sheets(db, file).placed.iter().map(|placed| {
        let between = text.get(at..placed.offset as usize).unwrap_or_default();
        lines += between.iter().filter(|byte| **byte == b'\n').count() as u32;
        at = placed.offset as usize;
        lines
    });
    above.collect()
}
