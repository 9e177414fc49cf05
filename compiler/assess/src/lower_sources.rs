//! Sources and endorsements made ready to run.

use crate::lower::{Inconsistent, Lowered, Lowering, Scope, place};
use crate::program::{Body, EndorsementPlan, Program, SourcePlan};
use crate::time::Tick;

impl Lowering<'_> {
    pub(crate) fn sources(&mut self, program: &mut Program) -> Result<(), Inconsistent> {
        let pack = self.pack;
        for (name, source) in &pack.sources {
            let at = |fault| Inconsistent { place: format!("source `{name}`"), fault };
            program.sources.push(self.source(name, source).map_err(at)?);
        }
        for endorsement in &pack.endorsements {
            let at = |fault| Inconsistent { place: format!("endorsement of `{}`", endorsement.source), fault };
            let plan = self.endorsement(endorsement).map_err(at)?;
            program.endorsements.push(plan);
        }
        Ok(())
    }

    fn source(&mut self, name: &String, source: &mandate_pack::Source) -> Lowered<SourcePlan> {
        let binds = match &source.binds {
            Some(binds) => {
                let mut scope = Scope::default();
                scope.bind(&binds.var);
                let term = self.term(&binds.from, &mut scope)?;
                Some(Body { frame: scope.frame, term })
            }
            None => None,
        };
        let supersede = self.pack.sources.values().zip(0..).filter(|(other, _)| other.supersedes.contains(name));
        Ok(SourcePlan {
            force: source.force,
            from: self.maybe_day(source.in_force_from.as_ref())?,
            until: self.maybe_day(source.in_force_until.as_ref())?,
            compulsory: self.maybe_day(source.compulsory_from.as_ref())?,
            binds_hidden: binds.as_ref().is_some_and(|body| self.reads_sensitive(&body.term)),
            binds,
            successors: supersede.map(|(_, index)| index).collect(),
        })
    }

    fn endorsement(&mut self, endorsement: &mandate_pack::Endorsement) -> Lowered<EndorsementPlan> {
        Ok(EndorsementPlan {
            source: place(&self.pack.sources, &endorsement.source, "source")?,
            party: endorsement.party.as_ref().map(|party| self.closed(party)).transpose()?,
            from: self.maybe_day(endorsement.from.as_ref())?,
        })
    }

    /// First tick of a day, where one is given.
    pub(crate) fn maybe_day(&self, day: Option<&String>) -> Lowered<Option<Tick>> {
        day.map(|day| self.day(day)).transpose()
    }
}
