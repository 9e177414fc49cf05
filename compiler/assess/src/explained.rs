//! What an expectation of a scenario is about, with every condition and what it read: for who asks why.

use crate::finding::Finding;
use crate::order::worst_first;
use crate::scenario::{Trial, is_about};
use mandate_pack::Pack;

impl Trial<'_> {
    /// The instances of the rule that an expectation is about, whether it is met or not, worst first; each with all its conditions. None for
    /// an expectation that is not there, or is about no rule of the pack.
    ///
    /// # Errors
    /// Why the scenario could not be run.
    pub fn findings(&self, pack: &Pack, expectation: usize) -> Result<Vec<Finding>, Vec<String>> {
        let Some(expected) = self.scenario().expect.get(expectation) else { return Ok(Vec::new()) };
        let Some(index) = pack.rules.keys().position(|name| *name == expected.rule) else { return Ok(Vec::new()) };
        self.with_world(pack, |world| {
            let names = expected.subject.as_ref();
            let wanted = names.map(|names| world.named_records(self.scenario(), names)).transpose();
            let wanted = wanted.map_err(|fault| vec![fault])?;
            let mut found = Vec::new();
            world.rule(index, true, true, &mut |seen| {
                if wanted.as_ref().is_none_or(|wanted| is_about(wanted, &seen.bound)) {
                    found.push(seen.finding);
                }
            });
            found.sort_by(worst_first);
            Ok(found)
        })?
    }
}
