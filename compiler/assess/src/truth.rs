//! Kleene truth that remembers what was missing.

use std::sync::Arc;

/// Something that was not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Gap {
    /// A field of a record, both by index.
    Field { record: u32, field: u32 },
    /// Records of a type (by index) after the horizon of its feed.
    Feed { ty: u32 },
}

/// A set of gaps, sorted; cheap to clone and free when empty, because most values are known. One word wide: every value of
/// every record has room for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Missing(Option<Arc<Gaps>>);

/// Mostly one gap, which needs no list of its own.
#[derive(Debug, PartialEq, Eq)]
enum Gaps {
    One([Gap; 1]),
    Many(Vec<Gap>),
}

impl Missing {
    pub(crate) fn one(gap: Gap) -> Self {
        Missing(Some(Arc::new(Gaps::One([gap]))))
    }

    pub(crate) fn field(record: u32, field: u32) -> Self {
        Missing::one(Gap::Field { record, field })
    }

    pub(crate) fn gaps(&self) -> &[Gap] {
        match self.0.as_deref() {
            None => &[],
            Some(Gaps::One(gap)) => gap,
            Some(Gaps::Many(gaps)) => gaps,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn and(&self, other: &Missing) -> Missing {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            (Some(a), Some(b)) if a == b => self.clone(),
            (Some(_), Some(_)) => {
                let mut all: Vec<Gap> = self.gaps().iter().chain(other.gaps()).copied().collect();
                all.sort_unstable();
                all.dedup();
                match all[..] {
                    [one] => Missing::one(one),
                    _ => Missing(Some(Arc::new(Gaps::Many(all)))),
                }
            }
        }
    }

    pub(crate) fn add(&mut self, other: &Missing) {
        if !other.is_empty() {
            *self = self.and(other);
        }
    }
}

/// True, false, or unknown for want of something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Truth {
    /// `None`: unknown.
    pub(crate) value: Option<bool>,
    /// Why it is unknown; empty when it is not.
    pub(crate) missing: Missing,
}

impl Truth {
    pub(crate) const TRUE: Truth = Truth { value: Some(true), missing: Missing(None) };
    pub(crate) const FALSE: Truth = Truth { value: Some(false), missing: Missing(None) };

    pub(crate) fn of(value: bool) -> Truth {
        if value { Truth::TRUE } else { Truth::FALSE }
    }

    pub(crate) fn unknown(missing: Missing) -> Truth {
        Truth { value: None, missing }
    }

    pub(crate) fn is_true(&self) -> bool {
        self.value == Some(true)
    }

    pub(crate) fn is_false(&self) -> bool {
        self.value == Some(false)
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.value.is_none()
    }

    pub(crate) fn not(self) -> Truth {
        Truth { value: self.value.map(|v| !v), missing: self.missing }
    }

    /// Conjunction: false decides, else unknown with everything that is missing.
    pub(crate) fn all(parts: impl IntoIterator<Item = Truth>) -> Truth {
        let mut sum = Truth::TRUE;
        for part in parts {
            match part.value {
                Some(false) => return Truth::FALSE,
                Some(true) => {}
                None => sum = Truth::unknown(sum.missing.and(&part.missing)),
            }
        }
        sum
    }

    /// Disjunction: true decides, else unknown with everything that is missing.
    pub(crate) fn any(parts: impl IntoIterator<Item = Truth>) -> Truth {
        let mut sum = Truth::FALSE;
        for part in parts {
            match part.value {
                Some(true) => return Truth::TRUE,
                Some(false) => {}
                None => sum = Truth::unknown(sum.missing.and(&part.missing)),
            }
        }
        sum
    }

    pub(crate) fn and(self, other: impl FnOnce() -> Truth) -> Truth {
        if self.is_false() { self } else { Truth::all([self, other()]) }
    }
}
