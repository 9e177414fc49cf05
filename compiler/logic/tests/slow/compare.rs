//! One question, the fast way and the slow way.

use mandate_logic::{Answer, Budget, Session};

use super::slow::{Built, Plain, Question, World};

/// How the question came out, or what is wrong with the solver's answer.
pub fn compare(question: &Question) -> Result<&'static str, String> {
    let built = Built::new(question);
    let worlds = question.worlds();
    let kept: Vec<&World> =
        worlds.iter().filter(|world| question.asserted.iter().all(|part| world.holds(part))).collect();
    let possible = |assumed: &[&Plain]| kept.iter().any(|world| assumed.iter().all(|part| world.holds(part)));
    let expected = possible(&question.assumed.iter().collect::<Vec<_>>());

    let mut session = session(&built);
    match session.check(&built.store, &built.assumed) {
        Answer::Satisfiable(model) => {
            let world = built.world(&model);
            if !expected || !question.asserted.iter().chain(&question.assumed).all(|part| world.holds(part)) {
                return Err(format!("the model {world:?} is none"));
            }
            wishes(question, &built, &kept, &mut session)?;
            Ok("satisfiable")
        }
        Answer::Unsatisfiable(core) => {
            if expected {
                return Err("said to be unsatisfiable".to_owned());
            }
            let parts: Vec<&Plain> = core.iter().map(|&index| &question.assumed[index]).collect();
            if possible(&parts) {
                return Err(format!("the core {core:?} is satisfiable"));
            }
            for left_out in 0..parts.len() {
                let mut fewer = parts.clone();
                fewer.remove(left_out);
                if !possible(&fewer) {
                    return Err(format!("the core {core:?} is not minimal"));
                }
            }
            Ok("unsatisfiable")
        }
        Answer::Undecided(why) => Err(format!("undecided: {why:?}")),
    }
}

/// The model that is preferred keeps the wishes that it should, and does not depend on earlier questions.
fn wishes(question: &Question, built: &Built, kept: &[&World], session: &mut Session) -> Result<(), String> {
    let mut best: Vec<&World> =
        kept.iter().copied().filter(|world| question.assumed.iter().all(|part| world.holds(part))).collect();
    let mut expected = Vec::new();
    for wish in &question.wishes {
        let better: Vec<&World> = best.iter().copied().filter(|world| world.holds(wish)).collect();
        expected.push(!better.is_empty());
        if !better.is_empty() {
            best = better;
        }
    }
    let answer = session.prefer(&built.store, &built.assumed, &built.wishes);
    if answer != self::session(built).prefer(&built.store, &built.assumed, &built.wishes) {
        return Err("the preferred model depends on earlier questions".to_owned());
    }
    let Answer::Satisfiable(model) = answer else { return Err(format!("no preferred model: {answer:?}")) };
    let world = built.world(&model);
    if !question.asserted.iter().chain(&question.assumed).all(|part| world.holds(part)) {
        return Err(format!("the preferred model {world:?} is none"));
    }
    let found: Vec<bool> = question.wishes.iter().map(|wish| world.holds(wish)).collect();
    if found != expected {
        return Err(format!("wishes kept: {found:?}, could keep {expected:?}"));
    }
    Ok(())
}

fn session(built: &Built) -> Session {
    let mut session = Session::new(Budget::default());
    for &formula in &built.asserted {
        session.assert(formula);
    }
    session
}
