//! The record types and enums of a pack by index, as facts and expressions use them.

use mandate_pack::{Enum, Field, Pack, Record};
use std::collections::HashMap;

/// Types by index; an index is the place in the pack's ordered map.
pub(crate) struct Types<'p> {
    pub(crate) records: Vec<(&'p str, &'p Record)>,
    pub(crate) enums: Vec<(&'p str, &'p Enum)>,
    by_name: HashMap<&'p str, u32>,
    enum_by_name: HashMap<&'p str, u32>,
    fields: Vec<HashMap<&'p str, u32>>,
}

impl<'p> Types<'p> {
    pub(crate) fn new(pack: &'p Pack) -> Self {
        let records: Vec<_> = pack.records.iter().map(|(name, record)| (name.as_str(), record)).collect();
        let enums: Vec<_> = pack.enums.iter().map(|(name, e)| (name.as_str(), e)).collect();
        let index = |names: Vec<&'p str>| names.into_iter().zip(0_u32..).collect::<HashMap<_, _>>();
        Types {
            by_name: index(records.iter().map(|(name, _)| *name).collect()),
            enum_by_name: index(enums.iter().map(|(name, _)| *name).collect()),
            fields: records.iter().map(|(_, r)| index(r.fields.iter().map(|f| f.name.as_str()).collect())).collect(),
            records,
            enums,
        }
    }

    /// A record type by qualified name.
    pub(crate) fn record(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// A record type as a facts file calls it: by its name in facts, or qualified.
    pub(crate) fn in_facts(&self, name: &str) -> Option<u32> {
        self.record(name).or_else(|| self.records.iter().zip(0..).find(|((_, r), _)| r.name == name).map(|(_, i)| i))
    }

    pub(crate) fn enumeration(&self, name: &str) -> Option<u32> {
        self.enum_by_name.get(name).copied()
    }

    pub(crate) fn field(&self, record: u32, name: &str) -> Option<u32> {
        self.fields.get(record as usize)?.get(name).copied()
    }

    pub(crate) fn declared(&self, record: u32, field: u32) -> Option<&'p Field> {
        self.records.get(record as usize)?.1.fields.get(field as usize)
    }

    /// The key field of a record type.
    pub(crate) fn key(&self, record: u32) -> Option<(u32, &'p Field)> {
        let name = self.records.get(record as usize)?.1.key.as_deref()?;
        let field = self.field(record, name)?;
        Some((field, self.declared(record, field)?))
    }

    /// The name of a record type in facts files.
    pub(crate) fn shown(&self, record: u32) -> &'p str {
        self.records.get(record as usize).map_or("record", |(_, r)| r.name.as_str())
    }
}

/// "an Incident", "a Unit"
pub(crate) fn one(name: &str) -> String {
    let vowel = name.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use mandate_diagnostics::did_you_mean;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let words = ["observed_at", "observed_by", "victims"];
        assert_eq!(did_you_mean("obsreved_at", words), Some("observed_at"));
        assert_eq!(did_you_mean("Victims", words), Some("victims"));
        assert_eq!(did_you_mean("colour", words), None);
    }
}
