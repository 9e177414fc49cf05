//! Sources in the order in which they are read: what others may refer to before what is only looked at by itself.

use crate::facts::datum::{Datum, Shape};
use crate::facts::input::{FactsFormat, named_type};
use crate::facts::loader::{Input, Loader};
use crate::facts::stream::Streams;
use crate::facts::take::After;
use crate::facts::{FactsSource, Unreadable};
use crate::types::Types;
use mandate_pack::Pack;
use std::collections::BTreeSet;

/// A source of rows whose turn has not come.
enum Waiting<'r> {
    /// Not looked at.
    Source(FactsSource<'r>),
    /// Opened, because its name did not tell what it is.
    Input(String, Input<'r>),
}

/// Sources of which the documents are read.
pub(crate) struct Sources<'r> {
    pub(crate) documents: Documents,
    rows: Vec<(u32, Waiting<'r>)>,
    pub(crate) streams: Streams,
}

/// Documents by the number of their file.
pub(crate) struct Documents(Vec<(u32, Datum)>);

/// Sources that are left until all others are read.
pub(crate) struct Last<'r>(Vec<(u32, Waiting<'r>)>);

impl<'r> Sources<'r> {
    /// Reads documents and sees what the others are.
    pub(crate) fn new(
        loader: &mut Loader<'_, '_>,
        pack: &Pack,
        sources: Vec<FactsSource<'r>>,
    ) -> Result<Self, Unreadable> {
        let (mut documents, mut rows) = (Vec::new(), Vec::new());
        for source in sources {
            let file = loader.add_file(&source.name);
            // What is surely read row by row is opened in its turn: a directory may hold more files than may be open at once.
            if source.format.or_else(|| FactsFormat::of(&source.name)).is_some_and(FactsFormat::is_by_line) {
                rows.push((file, Waiting::Source(source)));
                continue;
            }
            let name = source.name.clone();
            match loader.open(file, source)? {
                Input::Tree(tree) => documents.push((file, tree)),
                Input::None => {}
                input @ Input::Rows(..) => rows.push((file, Waiting::Input(name, input))),
            }
        }
        let told = rows.iter().filter_map(|(_, waiting)| waiting.told(&loader.types)).collect();
        let documents = Documents(documents);
        let streams = Streams::new(pack, &loader.types, &told, &documents.types(&loader.types));
        Ok(Sources { documents, rows, streams })
    }

    /// Parts them: documents, and rows in the order in which they are read.
    pub(crate) fn parted(self, types: &Types<'_>) -> (Documents, Vec<(u32, Rows<'r>)>, Last<'r>, Streams) {
        let Sources { documents, rows, streams } = self;
        let is_last = |waiting: &Waiting<'_>| waiting.told(types).is_some_and(|ty| streams.types.contains(&ty));
        let (last, first): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, waiting)| is_last(waiting));
        let first = first.into_iter().map(|(file, waiting)| (file, Rows(waiting))).collect();
        (documents, first, Last(last), streams)
    }
}

/// A source of rows.
pub(crate) struct Rows<'r>(Waiting<'r>);

impl Documents {
    /// Types of records that stand in documents.
    fn types(&self, types: &Types<'_>) -> BTreeSet<u32> {
        let members = |tree: &Datum| match &tree.shape {
            Shape::Object(members) => members.iter().find(|m| m.name == "records").map(|m| m.value.clone()),
            _ => None,
        };
        let lists = self.0.iter().filter_map(|(_, tree)| members(tree));
        let names = lists.filter_map(|records| match records.shape {
            Shape::Object(lists) => Some(lists.into_iter().map(|list| list.name)),
            _ => None,
        });
        names.flatten().filter_map(|name| types.in_facts(&name)).collect()
    }
}

impl Waiting<'_> {
    /// The type of its records, as its name says or whoever gave it.
    fn told(&self, types: &Types<'_>) -> Option<u32> {
        let name = match self {
            Waiting::Source(source) => source.records.as_deref().or_else(|| named_type(&source.name)),
            Waiting::Input(_, Input::Rows(_, _, records)) => records.as_deref(),
            Waiting::Input(..) => None,
        };
        types.in_facts(name?)
    }
}

impl<'p, 'd> Loader<'p, 'd> {
    /// Reads documents and rows, in the order of their files.
    pub(crate) fn read_first(
        &mut self,
        documents: &'d Documents,
        rows: Vec<(u32, Rows<'_>)>,
    ) -> Result<(), Unreadable> {
        let mut documents = documents.0.iter().peekable();
        for (file, Rows(waiting)) in rows {
            while let Some((document, tree)) = documents.next_if(|(document, _)| *document < file) {
                self.outline(*document, tree);
            }
            self.read_rows(file, waiting, &mut |_| {})?;
        }
        documents.for_each(|(document, tree)| self.outline(*document, tree));
        Ok(())
    }

    /// Reads the sources that are left; `after` is called behind every row.
    pub(crate) fn read_last(&mut self, last: Last<'_>, after: After<'_, Self>) -> Result<(), Unreadable> {
        last.0.into_iter().try_for_each(|(file, waiting)| self.read_rows(file, waiting, after))
    }

    fn read_rows(&mut self, file: u32, waiting: Waiting<'_>, after: After<'_, Self>) -> Result<(), Unreadable> {
        let (name, input) = match waiting {
            Waiting::Input(name, input) => (name, input),
            Waiting::Source(source) => (source.name.clone(), self.open(file, source)?),
        };
        match input {
            Input::Rows(input, format, records) => {
                self.rows(file, input, format, records, after).map_err(|error| Unreadable { name, error })
            }
            Input::Tree(_) | Input::None => Ok(()),
        }
    }
}
