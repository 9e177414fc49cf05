//! Records found by their keys, so that joins do not walk through every record for every case.

use crate::value::Value;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A value that is equal only to itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Record(u32),
    Text(Arc<str>),
    Nation(Arc<str>),
    Variant(u32),
    Bool(bool),
}

impl Key {
    pub(crate) fn of(value: &Value) -> Option<Key> {
        match value {
            Value::Record(r) => Some(Key::Record(*r)),
            Value::Text(t) => Some(Key::Text(t.clone())),
            Value::Nation(n) => Some(Key::Nation(n.clone())),
            Value::Variant { index, .. } => Some(Key::Variant(*index)),
            Value::Bool(b) => Some(Key::Bool(*b)),
            _ => None,
        }
    }
}

/// Keys of a record; `None`: not exactly known, so that it may equal every value.
type Keys = Box<[Option<Key>]>;

/// Records of a type by one or more keys. Those with the same keys stand one after the other, in the order of the data.
pub(crate) struct Index {
    groups: Groups,
    records: Box<[u32]>,
    /// The combinations of keys that are not exactly known, as they occur: `true` stands for an unknown one.
    vague: Vec<Box<[bool]>>,
}

enum Groups {
    /// By one key that is a record: where the group of each record begins, from `first` on; the last group holds those whose key
    /// is not exactly known.
    ByRecord {
        first: u32,
        starts: Box<[u32]>,
    },
    ByKeys(FxHashMap<Keys, (u32, u32)>),
}

impl Index {
    /// An index over records, in the order of the data; `keys` adds those of a record to a list.
    pub(crate) fn new(records: impl Iterator<Item = u32>, mut keys: impl FnMut(u32, &mut Vec<Option<Key>>)) -> Index {
        let mut numbers: FxHashMap<Keys, u32> = FxHashMap::default();
        let mut pairs = Vec::with_capacity(records.size_hint().0);
        let mut found = Vec::new();
        for record in records {
            found.clear();
            keys(record, &mut found);
            // Most have keys that others have, too, and need no copy of them.
            let number = match numbers.get(&found[..]) {
                Some(number) => *number,
                None => {
                    let next = numbers.len() as u32;
                    numbers.insert(found.as_slice().into(), next);
                    next
                }
            };
            pairs.push((number, record));
        }
        let (starts, records) = grouped(&pairs, numbers.len());
        let mut vague: Vec<Box<[bool]>> =
            numbers.keys().map(|keys| keys.iter().map(Option::is_none).collect()).collect();
        vague.sort_unstable();
        vague.dedup();
        let range = |number: u32| (starts[number as usize], starts[number as usize + 1]);
        let groups = numbers.into_iter().map(|(keys, number)| (keys, range(number))).collect();
        Index { groups: Groups::ByKeys(groups), records, vague }
    }

    /// An index over records by the record that each leads to.
    pub(crate) fn by_record(keyed: &[(u32, Option<u32>)]) -> Index {
        let leads = || keyed.iter().filter_map(|(_, to)| *to);
        let (first, last) = (leads().min().unwrap_or(0), leads().max().unwrap_or(0));
        let unsure = last - first + 1;
        let pairs: Vec<(u32, u32)> =
            keyed.iter().map(|(record, to)| (to.map_or(unsure, |to| to - first), *record)).collect();
        let (starts, records) = grouped(&pairs, unsure as usize + 1);
        let vague = keyed.iter().any(|(_, to)| to.is_none());
        Index {
            groups: Groups::ByRecord { first, starts },
            records,
            vague: if vague { vec![[true].into()] } else { Vec::new() },
        }
    }

    /// Records that may have these keys, as slices each in the order of the data.
    pub(crate) fn find<'i>(&'i self, keys: &[Key], mut see: impl FnMut(&'i [u32])) {
        match &self.groups {
            Groups::ByRecord { first, starts } => {
                let group = |at: usize| match starts.get(at..) {
                    Some([from, to, ..]) => self.records.get(*from as usize..*to as usize).unwrap_or_default(),
                    _ => &[],
                };
                let unsure = starts.len().saturating_sub(2);
                if let [Key::Record(record)] = keys
                    && let Some(at) = record.checked_sub(*first).map(|at| at as usize).filter(|at| *at < unsure)
                {
                    see(group(at));
                }
                if !self.vague.is_empty() {
                    see(group(unsure));
                }
            }
            Groups::ByKeys(groups) => {
                for vague in &self.vague {
                    let wanted: Keys =
                        keys.iter().zip(vague).map(|(key, vague)| (!vague).then(|| key.clone())).collect();
                    if let Some((from, to)) = groups.get(&wanted) {
                        see(self.records.get(*from as usize..*to as usize).unwrap_or_default());
                    }
                }
            }
        }
    }
}

/// Records sorted by the number of their group, with where each group begins.
fn grouped(pairs: &[(u32, u32)], groups: usize) -> (Box<[u32]>, Box<[u32]>) {
    let mut starts = vec![0_u32; groups + 1];
    for (group, _) in pairs {
        starts[*group as usize + 1] += 1;
    }
    for at in 0..groups {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let mut records = vec![0; pairs.len()];
    for (group, record) in pairs {
        let at = &mut next[*group as usize];
        records[*at as usize] = *record;
        *at += 1;
    }
    (starts.into(), records.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(index: &Index, keys: &[Key]) -> Vec<u32> {
        let mut all = Vec::new();
        index.find(keys, |records| all.extend_from_slice(records));
        all.sort_unstable();
        all
    }

    #[test]
    fn what_may_have_the_keys_is_found_and_nothing_else() {
        let (a, b) = (Key::Variant(1), Key::Variant(2));
        let keys = |first: &Key, second: Option<&Key>| [Some(first.clone()), second.cloned()].into();
        let rows: Vec<(u32, Keys)> = vec![
            (3, keys(&a, Some(&b))),
            (4, keys(&b, Some(&b))),
            (5, keys(&a, None)),
            (6, keys(&a, Some(&b))),
            (7, keys(&b, None)),
            (8, [None, None].into()),
        ];
        let index = Index::new(rows.iter().map(|(record, _)| *record), |record, into| {
            into.extend(rows.iter().filter(|(of, _)| *of == record).flat_map(|(_, keys)| keys.iter().cloned()));
        });
        assert_eq!(found(&index, &[a.clone(), b.clone()]), [3, 5, 6, 8]);
        assert_eq!(found(&index, &[b.clone(), b.clone()]), [4, 7, 8]);
        assert_eq!(found(&index, &[b, a]), [7, 8]);
    }

    #[test]
    fn records_are_found_by_what_they_lead_to() {
        let index = Index::by_record(&[(1, Some(10)), (2, Some(12)), (3, None), (4, Some(10))]);
        assert_eq!(found(&index, &[Key::Record(10)]), [1, 3, 4]);
        assert_eq!(found(&index, &[Key::Record(11)]), [3]);
        assert_eq!(found(&index, &[Key::Record(12)]), [2, 3]);
        assert_eq!(found(&index, &[Key::Record(9)]), [3]);
        assert_eq!(found(&index, &[Key::Record(13)]), [3]);
        assert_eq!(found(&Index::by_record(&[]), &[Key::Record(0)]), Vec::<u32>::new());
    }
}
