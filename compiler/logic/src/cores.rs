//! The smallest reason why something cannot hold.

/// What a search says to some of the assumptions.
pub(crate) enum Tried {
    Possible,
    /// These of them clash, ascending.
    Clash(Vec<usize>),
    Unknown,
}

/// Leaves out of a clashing set what can be left out, the last first, until each one is needed. False when a search ended without
/// an answer, so that the set clashes but may be larger than it needs to be.
///
/// The plain deletion of one after another, except that whatever a search did not need goes at once.
pub(crate) fn minimise(core: &mut Vec<usize>, mut attempt: impl FnMut(&[usize]) -> Tried) -> bool {
    let mut undecided = core.len();
    while undecided > 0 {
        undecided -= 1;
        let mut rest = core.clone();
        rest.remove(undecided);
        match attempt(&rest) {
            Tried::Possible => {}
            Tried::Clash(smaller) => {
                // What was found to be needed before is still there.
                undecided = smaller.iter().filter(|&&index| index < core[undecided]).count();
                *core = smaller;
            }
            Tried::Unknown => return false,
        }
    }
    true
}
