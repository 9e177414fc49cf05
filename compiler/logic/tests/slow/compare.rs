//! One question, the fast ways and the slow way.

use mandate_logic::{Answer, Budget, Session, Way};

use super::slow::{Built, Plain, Question, World};

const WAYS: [Way; 3] = [Way::Tableau, Way::Learning, Way::Both];

/// How the question came out, or what is wrong with the solver's answer when it is given in one of the ways.
pub fn compare(question: &Question) -> Result<&'static str, String> {
    let worlds = question.worlds();
    let kept: Vec<&World> =
        worlds.iter().filter(|world| question.asserted.iter().all(|part| world.holds(part))).collect();
    let built = Built::new(question);
    let slow = Slow { question, built: &built, kept };
    let mut verdict = "";
    for way in WAYS {
        verdict = slow.compare(way).map_err(|wrong| format!("{way:?}: {wrong}"))?;
        slow.grow(way).map_err(|wrong| format!("{way:?}, step by step: {wrong}"))?;
    }
    Ok(verdict)
}

/// A question with every situation that keeps what is asserted.
struct Slow<'a> {
    question: &'a Question,
    built: &'a Built,
    kept: Vec<&'a World>,
}

impl Slow<'_> {
    fn possible(&self, assumed: &[&Plain]) -> bool {
        self.kept.iter().any(|world| assumed.iter().all(|part| world.holds(part)))
    }

    fn session(&self, way: Way) -> Session {
        let mut session = Session::with(Budget::default(), way);
        for &formula in &self.built.asserted {
            session.assert(formula);
        }
        session
    }

    /// Verdict, model, core and wishes.
    fn compare(&self, way: Way) -> Result<&'static str, String> {
        let mut session = self.session(way);
        match session.check(&self.built.store, &self.built.assumed) {
            Answer::Satisfiable(model) => {
                self.keeps(&self.built.world(&model))?;
                self.wishes(&mut session, way)?;
                Ok("satisfiable")
            }
            Answer::Unsatisfiable(core) => {
                self.minimal(&core)?;
                if !session.minimal() {
                    return Err(format!("the core {core:?} is not known to be minimal"));
                }
                Ok("unsatisfiable")
            }
            Answer::Undecided(why) => Err(format!("undecided: {why:?}")),
        }
    }

    fn keeps(&self, world: &World) -> Result<(), String> {
        if self.question.asserted.iter().chain(&self.question.assumed).all(|part| world.holds(part)) {
            Ok(())
        } else {
            Err(format!("the model {world:?} is none"))
        }
    }

    fn minimal(&self, core: &[usize]) -> Result<(), String> {
        let parts: Vec<&Plain> = core.iter().map(|&index| &self.question.assumed[index]).collect();
        if self.possible(&parts) {
            return Err(format!("the core {core:?} is satisfiable"));
        }
        for left_out in 0..parts.len() {
            let mut fewer = parts.clone();
            fewer.remove(left_out);
            if !self.possible(&fewer) {
                return Err(format!("the core {core:?} is not minimal"));
            }
        }
        Ok(())
    }

    /// The model that is preferred keeps the wishes that it should, and does not depend on earlier questions.
    fn wishes(&self, session: &mut Session, way: Way) -> Result<(), String> {
        let question = self.question;
        let mut best: Vec<&World> =
            self.kept.iter().copied().filter(|world| question.assumed.iter().all(|part| world.holds(part))).collect();
        let mut expected = Vec::new();
        for wish in &question.wishes {
            let better: Vec<&World> = best.iter().copied().filter(|world| world.holds(wish)).collect();
            expected.push(!better.is_empty());
            if !better.is_empty() {
                best = better;
            }
        }
        let (store, assumed, wishes) = (&self.built.store, &self.built.assumed, &self.built.wishes);
        let answer = session.prefer(store, assumed, wishes);
        if answer != self.session(way).prefer(store, assumed, wishes) {
            return Err("the preferred model depends on earlier questions".to_owned());
        }
        let Answer::Satisfiable(model) = answer else { return Err(format!("no preferred model: {answer:?}")) };
        let world = self.built.world(&model);
        self.keeps(&world)?;
        let found: Vec<bool> = question.wishes.iter().map(|wish| world.holds(wish)).collect();
        if found != expected {
            return Err(format!("wishes kept: {found:?}, could keep {expected:?}"));
        }
        Ok(())
    }

    /// One session that is asked about more and more, and then told more and more.
    fn grow(&self, way: Way) -> Result<(), String> {
        let mut session = self.session(way);
        let (plain, built) = (&self.question.assumed, &self.built.assumed);
        let parts: Vec<&Plain> = plain.iter().collect();
        for round in 0..2 {
            for upto in 0..=built.len() {
                let answer = session.check_quick(&self.built.store, &built[..upto]);
                let expected = self.possible(&parts[..if round == 0 { upto } else { upto.max(1) }]);
                match answer {
                    Answer::Satisfiable(_) if expected => {}
                    Answer::Unsatisfiable(core) if !expected && core.iter().all(|&index| index < upto) => {}
                    answer => return Err(format!("{answer:?} to the first {upto} in round {round}")),
                }
            }
            session.assert(built[0]);
        }
        Ok(())
    }
}
