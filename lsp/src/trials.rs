//! The thread that runs all scenarios behind the checks, for what stands above scenarios and rules in the text.
//!
//! It works on packs that the checking thread put together, so nobody who writes waits for it; a newer look ends it. A package whose scenarios
//! take longer than [`PATIENCE`] is not run unasked.

use crate::STACK;
use crate::pool::locked;
use crate::project::Home;
use mandate_ide::{Shown, Trials};
use mandate_pack::Pack;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Longest time that is spent on the scenarios of a package nobody asked to run.
const PATIENCE: Duration = Duration::from_secs(2);

/// How scenarios came out last.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(Mutex<BTreeMap<Home, Trials>>);

impl Outcomes {
    /// Whether a scenario passed when it was run last.
    pub(crate) fn passed(&self, home: &Home, title: &str) -> Option<bool> {
        locked(&self.0).get(home)?.passed.get(title).copied()
    }

    /// Whether an expectation was not met when its scenario was run last, so that there is something to explain.
    pub(crate) fn is_unmet(&self, home: &Home, title: &str, number: usize) -> bool {
        let all = locked(&self.0);
        let unmet = all.get(home).and_then(|known| known.unmet.get(title));
        unmet.is_some_and(|unmet| unmet.contains(&number))
    }

    /// What scenarios show of a rule, by its qualified name.
    pub(crate) fn shown(&self, home: &Home, rule: &str) -> Option<Shown> {
        locked(&self.0).get(home)?.rules.get(rule).copied()
    }

    /// Takes over how all scenarios of a project came out; whether that is news.
    fn put(&self, home: &Home, now: Trials) -> bool {
        let mut all = locked(&self.0);
        let news = all.get(home) != Some(&now);
        all.insert(home.clone(), now);
        news
    }

    /// Takes over how one scenario came out.
    pub(crate) fn put_one(&self, home: &Home, title: &str, passed: bool) {
        let mut all = locked(&self.0);
        let known = all.entry(home.clone()).or_default();
        known.passed.insert(title.to_owned(), passed);
        if passed {
            known.unmet.remove(title);
        }
    }

    fn keep(&self, homes: &BTreeSet<Home>) {
        locked(&self.0).retain(|home, _| homes.contains(home));
    }
}

/// Packs whose scenarios are to be run.
struct Look {
    packs: Vec<(Home, Arc<Pack>)>,
    /// Something else is news already.
    is_news: bool,
    /// The client can hear of news.
    tells: bool,
}

#[derive(Default)]
struct Slot {
    next: Option<Look>,
    closed: bool,
}

struct Shared {
    slot: Mutex<Slot>,
    wake: Condvar,
    generation: AtomicU64,
}

/// The way to the thread.
pub(crate) struct Bench {
    shared: Arc<Shared>,
    outcomes: Arc<Outcomes>,
}

impl Bench {
    /// Starts the thread. It says `news` whenever something came out otherwise than before.
    pub(crate) fn start(outcomes: Arc<Outcomes>, news: impl Fn() + Send + 'static) -> io::Result<Self> {
        let shared = Shared { slot: Mutex::default(), wake: Condvar::new(), generation: AtomicU64::new(0) };
        let shared = Arc::new(shared);
        let (theirs, known) = (Arc::clone(&shared), Arc::clone(&outcomes));
        let thread = std::thread::Builder::new().name("mandate-trials".to_owned()).stack_size(STACK);
        thread.spawn(move || work(&theirs, &known, &news))?;
        Ok(Self { shared, outcomes })
    }

    /// Ends what is under way, and lets go of its packs.
    pub(crate) fn abandon(&self) {
        let mut slot = locked(&self.shared.slot);
        self.shared.generation.fetch_add(1, Ordering::SeqCst);
        slot.next = None;
    }

    /// Runs the scenarios of these packs, and forgets projects that are not among `homes`. With `is_news` there is news in any case;
    /// it is told with `tells`.
    pub(crate) fn look(&self, packs: Vec<(Home, Arc<Pack>)>, homes: &BTreeSet<Home>, is_news: bool, tells: bool) {
        self.outcomes.keep(homes);
        locked(&self.shared.slot).next = Some(Look { packs, is_news, tells });
        self.shared.wake.notify_one();
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.abandon();
        locked(&self.shared.slot).closed = true;
        self.shared.wake.notify_one();
    }
}

fn work(shared: &Shared, outcomes: &Outcomes, news: &dyn Fn()) {
    loop {
        let mut slot = locked(&shared.slot);
        let (Look { packs, mut is_news, tells }, began) = loop {
            if slot.closed {
                return;
            }
            match slot.next.take() {
                Some(look) => break (look, shared.generation.load(Ordering::SeqCst)),
                None => slot = shared.wake.wait(slot).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(slot);
        for (home, pack) in packs {
            let start = Instant::now();
            let stop = || shared.generation.load(Ordering::SeqCst) != began || start.elapsed() > PATIENCE;
            // A fault of the engine shows again, and is told, when the user runs the scenario.
            let found = catch_unwind(AssertUnwindSafe(|| mandate_ide::trials(&pack, &stop))).ok().flatten();
            is_news |= found.is_some_and(|found| outcomes.put(&home, found));
        }
        if is_news && tells {
            news();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn news_is_told_once_and_projects_that_are_closed_are_forgotten() {
        let outcomes = Arc::new(Outcomes::default());
        let (tell, told) = mpsc::channel();
        let bench = Bench::start(Arc::clone(&outcomes), move || {
            let _ = tell.send(());
        })
        .unwrap();
        let home = Home::File(Arc::from("/a.mandate"));
        outcomes.put_one(&home, "late", true);
        assert_eq!(outcomes.passed(&home, "late"), Some(true));
        let homes = BTreeSet::from([home.clone()]);
        let pack = Arc::new(empty());
        bench.look(vec![(home.clone(), Arc::clone(&pack))], &homes, false, true);
        told.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(outcomes.passed(&home, "late"), None);
        bench.look(vec![(home.clone(), pack)], &homes, false, true);
        bench.look(Vec::new(), &homes, true, true);
        told.recv_timeout(Duration::from_secs(60)).unwrap();
        outcomes.put_one(&home, "late", true);
        bench.look(Vec::new(), &BTreeSet::new(), false, true);
        assert_eq!(outcomes.passed(&home, "late"), None);
        drop(bench);
        assert!(told.recv().is_err(), "nothing came out otherwise");
    }

    fn empty() -> Pack {
        let mut host = mandate_semantics::Host::new();
        let packages = mandate_project::standard_packages();
        let name = packages.first().unwrap().name.clone();
        host.set_project(mandate_semantics::ProjectInput { packages });
        let mut pack = host.snapshot().pack(&name).unwrap();
        pack.scenarios.clear();
        pack
    }
}
