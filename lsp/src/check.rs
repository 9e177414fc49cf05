//! The thread that publishes diagnostics.
//!
//! A pass looks at the edited files first, then at the other open ones, then at the rest. It is abandoned as soon as a
//! newer one is wanted; nothing is held back to wait for a pause in typing. Only what the client does not know is sent.
//! At last, with every snapshot given back, it looks at what the rules mean together.

use crate::STACK;
use crate::convert::{self, Places, Settings};
use crate::pool::{locked, said};
use crate::progress::Progress;
use crate::project::Home;
use crate::proofs::{Board, Known as Proven};
use crate::pulls::{Known, Pull, Pulls, Served, result_id};
use crate::scenario_list::ScenarioList;
use crate::transport::Outbox;
use crate::trials::{Bench, Outcomes};
use mandate_diagnostics::Severity;
use mandate_pack::Pack;
use mandate_prove::differ::{refinement, refinement_findings};
use mandate_prove::{Finding, Prover};
use mandate_semantics::{Assembly, Atlas, FileDiagnostics, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tower_lsp::ls_types::notification::{LogMessage, PublishDiagnostics};
use tower_lsp::ls_types::request::{CodeLensRefresh, WorkspaceDiagnosticRefresh};
use tower_lsp::ls_types::{self as lsp, LogMessageParams, MessageType, ProgressToken, PublishDiagnosticsParams};

/// A look at so many files is shown to the user while it is under way, the first time.
const MANY_FILES: usize = 200;
/// What the first look goes by.
const OWN_PROGRESS: &str = "mandate/first-check";

fn is_own(token: &ProgressToken) -> bool {
    matches!(token, ProgressToken::String(text) if text == OWN_PROGRESS)
}

/// One look over everything that is loaded.
pub(crate) struct Pass {
    /// What was loaded, each project with its own snapshot.
    pub projects: Vec<ProjectView>,
    /// Files just edited, each with the project that reports on it.
    pub edited: Vec<(usize, Arc<str>)>,
    /// Files the editor shows.
    pub places: Places,
    /// Versions of the files the editor shows.
    pub versions: BTreeMap<Arc<str>, i32>,
    /// What was agreed on with the client.
    pub settings: Settings,
}

/// A project as a pass sees it.
pub(crate) struct ProjectView {
    /// What it was loaded from.
    pub home: Home,
    /// Its texts and everything known about them.
    pub snapshot: Snapshot,
    /// Faults of its manifest and of files that cannot be read.
    pub faults: Arc<Vec<FileDiagnostics>>,
}

#[derive(Default)]
struct Slot {
    next: Option<Pass>,
    arrivals: Arrivals,
    /// Between a write and the pass that looks at what was written nothing is known for sure.
    is_behind: bool,
    closed: bool,
}

/// What comes in beside passes.
#[derive(Default)]
struct Arrivals {
    /// Questions about the whole workspace.
    pulls: Vec<Pull>,
    /// Progress that the user has stopped.
    stopped: Vec<ProgressToken>,
    /// Whether the client is about to go.
    dismissed: bool,
}

struct Shared {
    slot: Mutex<Slot>,
    wake: Condvar,
    /// Counts writes: a pass that began before the last one is abandoned.
    generation: AtomicU64,
    /// Whether the user has stopped the look at files that are not open.
    is_brief: AtomicBool,
    /// Whether something may have come in beside passes, so that a pass need not take the lock to find out.
    has_arrivals: AtomicBool,
}

/// The owner's end of the thread.
pub(crate) struct Checker {
    shared: Arc<Shared>,
}

impl Checker {
    pub(crate) fn start(
        outbox: Outbox,
        board: Arc<Board>,
        served: Arc<Served>,
        outcomes: Arc<Outcomes>,
    ) -> io::Result<Self> {
        let slot = Mutex::new(Slot::default());
        let (generation, is_brief) = (AtomicU64::new(0), AtomicBool::new(false));
        let has_arrivals = AtomicBool::new(false);
        let shared = Arc::new(Shared { slot, wake: Condvar::new(), generation, is_brief, has_arrivals });
        let theirs = Arc::clone(&shared);
        let to_client = outbox.clone();
        let bench = Bench::start(outcomes, move || to_client.ask::<CodeLensRefresh>(&()))?;
        let thread = std::thread::Builder::new().name("mandate-check".to_owned()).stack_size(STACK);
        thread.spawn(move || work(&theirs, &mut Publisher::new(outbox, board, served, bench)))?;
        Ok(Self { shared })
    }

    /// Drops the pass that waits and abandons the one that runs, so that a write need not wait for their snapshots.
    pub(crate) fn abandon(&self) {
        let waiting = {
            // Under the lock, so that no pass is taken in between and counted as new.
            let mut slot = locked(&self.shared.slot);
            self.shared.generation.fetch_add(1, Ordering::SeqCst);
            slot.is_behind = true;
            slot.next.take()
        };
        drop(waiting);
    }

    /// Asks for a pass.
    pub(crate) fn look(&self, pass: Pass) {
        let mut slot = locked(&self.shared.slot);
        slot.next = Some(pass);
        slot.is_behind = false;
        drop(slot);
        self.shared.wake.notify_one();
    }

    /// Asks for the diagnostics of every file.
    pub(crate) fn pull(&self, pull: Pull) {
        self.shared.is_brief.store(false, Ordering::SeqCst);
        self.arrived(|arrivals| arrivals.pulls.push(pull));
    }

    /// Stops the work that goes by a token: only files that are open are looked at until [`Checker::resume`].
    pub(crate) fn stop(&self, token: ProgressToken) {
        if is_own(&token) {
            self.shared.is_brief.store(true, Ordering::SeqCst);
        }
        self.arrived(|arrivals| arrivals.stopped.push(token));
    }

    /// Looks at every file again from the next pass on.
    pub(crate) fn resume(&self) {
        self.shared.is_brief.store(false, Ordering::SeqCst);
    }

    /// Answers every question that waits: the client is about to go.
    pub(crate) fn dismiss(&self) {
        self.arrived(|arrivals| arrivals.dismissed = true);
    }

    fn arrived(&self, add: impl FnOnce(&mut Arrivals)) {
        add(&mut locked(&self.shared.slot).arrivals);
        self.shared.has_arrivals.store(true, Ordering::SeqCst);
        self.shared.wake.notify_one();
    }
}

/// What the thread does next.
enum Task {
    Look(Box<Pass>, u64),
    /// Answer questions, of which there are new ones, or fewer.
    Answer,
}

impl Slot {
    fn next(&mut self, generation: &AtomicU64) -> Option<Task> {
        if let Some(pass) = self.next.take() {
            return Some(Task::Look(Box::new(pass), generation.load(Ordering::SeqCst)));
        }
        let has_questions = !self.arrivals.pulls.is_empty() && !self.is_behind;
        (has_questions || !self.arrivals.stopped.is_empty() || self.arrivals.dismissed).then_some(Task::Answer)
    }

    fn arrivals(&mut self) -> Arrivals {
        std::mem::take(&mut self.arrivals)
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        self.abandon();
        locked(&self.shared.slot).closed = true;
        self.shared.wake.notify_one();
    }
}

fn work(shared: &Shared, publisher: &mut Publisher) {
    loop {
        let mut slot = locked(&shared.slot);
        let task = loop {
            if slot.closed {
                return;
            }
            match slot.next(&shared.generation) {
                Some(task) => break task,
                None => slot = shared.wake.wait(slot).unwrap_or_else(PoisonError::into_inner),
            }
        };
        let arrivals = slot.arrivals();
        drop(slot);
        publisher.take(arrivals);
        // A pass that breaks off between two files must not take the thread with it: nothing would be said any more.
        let _ = catch_unwind(AssertUnwindSafe(|| match task {
            Task::Look(pass, began) => {
                let is_current = || shared.generation.load(Ordering::SeqCst) == began;
                let is_brief = || shared.is_brief.load(Ordering::SeqCst);
                let arrivals = || {
                    let some = shared.has_arrivals.swap(false, Ordering::SeqCst);
                    some.then(|| locked(&shared.slot).arrivals())
                };
                let reins = Reins { is_current: &is_current, is_brief: &is_brief, arrivals: &arrivals };
                publisher.run(*pass, &reins);
            }
            Task::Answer => publisher.answer(),
        }));
    }
}

/// What the client has been told of a file.
struct Told {
    version: Option<i32>,
    /// Those of its text, names and types, which stand before what was proven.
    of_text: usize,
    diagnostics: Vec<lsp::Diagnostic>,
}

/// Sends diagnostics and remembers what was sent. Files without diagnostics that are not open are not remembered.
struct Publisher {
    outbox: Outbox,
    told: BTreeMap<Arc<str>, Told>,
    /// Whether a pass has come to its end yet. Until then the first answer may take long, and syntax errors go ahead.
    settled: bool,
    /// What is kept for each project to prove something about its rules.
    proving: BTreeMap<Home, Proving>,
    /// Where the last findings about rules are kept.
    board: Arc<Board>,
    scenarios: ScenarioList,
    /// Runs scenarios behind the checks.
    bench: Bench,
    /// Findings about rules changed since the client was last asked to look at them again.
    has_news: bool,
    /// What clients that ask were answered.
    served: Arc<Served>,
    /// Questions about the whole workspace.
    pulls: Pulls,
    /// Where files were in the last pass that came to its end, as long as no other has begun.
    places: Option<Places>,
    /// What the user sees of the first pass.
    progress: Option<Progress>,
}

/// What holds a pass back.
struct Reins<'a> {
    /// Whether nothing was written since it began.
    is_current: &'a dyn Fn() -> bool,
    /// Whether files that are not open are left out.
    is_brief: &'a dyn Fn() -> bool,
    /// What has come in since it began.
    arrivals: &'a dyn Fn() -> Option<Arrivals>,
}

/// What is kept of a project from one proof to the next.
#[derive(Default)]
struct Proving {
    assembly: Assembly,
    prover: Prover,
    /// The packages that its mission refines, by name.
    refined: BTreeMap<String, Assembly>,
}

/// A project whose rules can be proven about, without its snapshot: a write need not wait for it.
struct Question {
    home: Home,
    package: Arc<str>,
    atlas: Atlas,
    /// The packages that its mission refines, as they are without it.
    refined: Vec<Arc<Pack>>,
}

/// Why a pass ended early.
struct Abandoned;

impl Publisher {
    fn new(outbox: Outbox, board: Arc<Board>, served: Arc<Served>, bench: Bench) -> Self {
        Self {
            outbox,
            told: BTreeMap::new(),
            settled: false,
            proving: BTreeMap::new(),
            board,
            scenarios: ScenarioList::default(),
            bench,
            has_news: false,
            served,
            pulls: Pulls::default(),
            places: None,
            progress: None,
        }
    }

    /// Takes over what has come in.
    fn take(&mut self, arrivals: Arrivals) {
        self.pulls.add(arrivals.pulls);
        for token in arrivals.stopped {
            self.pulls.cancel(&token);
            if is_own(&token) {
                self.progress = None;
            }
        }
        if arrivals.dismissed {
            self.pulls.dismiss();
        }
    }

    /// Answers questions about the whole workspace, if the last look at it came to its end.
    fn answer(&mut self) {
        let Some(places) = self.places.as_ref().filter(|_| !self.pulls.is_empty()) else { return };
        let known: Vec<Known<'_>> = self
            .told
            .iter()
            .filter_map(|(path, told)| {
                Some(Known { uri: places.uri(path)?, version: told.version, diagnostics: &told.diagnostics })
            })
            .collect();
        self.pulls.answer(&known, &self.outbox);
    }

    /// Tells clients that ask what they would hear now if they asked.
    fn announce(&mut self, pass: &Pass) {
        if pass.settings.pulls {
            let now = |path: &str| result_id(self.told.get(path).map_or(&[], |told| &told.diagnostics));
            if self.served.differs(&now) {
                self.outbox.ask::<WorkspaceDiagnosticRefresh>(&());
            }
        }
        self.answer();
    }

    /// First texts, names and types, then what the rules mean together.
    fn run(&mut self, mut pass: Pass, reins: &Reins<'_>) {
        self.bench.abandon();
        self.places = None;
        self.pulls.wait(&self.outbox);
        if self.look_at_all(&pass, reins).is_err() {
            return;
        }
        self.progress = None;
        self.settled = true;
        self.scenarios.look(&pass, &self.outbox);
        self.places = Some(pass.places.clone());
        self.announce(&pass);
        if (reins.is_brief)() {
            return;
        }
        let proves = pass.settings.config.is_on("diagnostics.proofs");
        let reported = files(&pass);
        let reported: BTreeMap<Arc<str>, Home> = reported
            .into_iter()
            .filter_map(|(path, number)| Some((path, pass.projects.get(number)?.home.clone())))
            .collect();
        let Ok(questions) = self.questions(&pass) else { return };
        // From here on nobody has to wait for this thread.
        pass.projects.clear();
        let homes: BTreeSet<Home> = self.proving.keys().cloned().collect();
        let asked: Vec<Home> = questions.iter().map(|question| question.home.clone()).collect();
        for question in questions {
            let of_it = |path: &str| reported.get(path) == Some(&question.home);
            if proves && self.prove(&pass, &question, &of_it, reins.is_current).is_err() {
                return;
            }
        }
        let pack = |home: Home| Some((home.clone(), Arc::clone(self.proving.get(&home)?.assembly.pack()?)));
        let packs = asked.into_iter().filter_map(pack).collect();
        self.bench.look(packs, &homes, std::mem::take(&mut self.has_news), pass.settings.refreshes_lenses);
        if proves {
            self.announce(&pass);
        }
    }

    /// What can be proven about, taken out of the snapshots.
    fn questions(&mut self, pass: &Pass) -> Result<Vec<Question>, Abandoned> {
        let homes: BTreeSet<Home> = pass.projects.iter().map(|view| view.home.clone()).collect();
        self.proving.retain(|home, _| homes.contains(home));
        self.board.keep(&homes);
        let mut questions = Vec::new();
        for view in &pass.projects {
            let kept = self.proving.entry(view.home.clone()).or_default();
            let asked = || question(view, kept);
            match catch_unwind(AssertUnwindSafe(|| Snapshot::catch(AssertUnwindSafe(asked)))) {
                Ok(Ok(question)) => questions.extend(question),
                Ok(Err(_)) => return Err(Abandoned),
                Err(panic) => self.fault("putting the rules together", &*panic),
            }
        }
        Ok(questions)
    }

    /// Finds out what the rules of a project mean together, and says it beside what was said of its texts.
    fn prove(
        &mut self,
        pass: &Pass,
        question: &Question,
        is_reported: &dyn Fn(&str) -> bool,
        is_current: &dyn Fn() -> bool,
    ) -> Result<(), Abandoned> {
        let Some(kept) = self.proving.get_mut(&question.home) else { return Ok(()) };
        let Some(pack) = kept.assembly.pack() else { return Ok(()) };
        let own = format!("{}.", question.package);
        let prover = &mut kept.prover;
        let asked = || {
            let mut found = prover.check(pack, &|name| name.starts_with(&own), &|| !is_current())?;
            found.extend(of_mission(pack, &question.refined));
            Some(mandate_ide::proven(&found, pack, &question.atlas))
        };
        let proven = match catch_unwind(AssertUnwindSafe(asked)) {
            Ok(Some(proven)) if is_current() => proven,
            Ok(_) => return Err(Abandoned),
            Err(panic) => {
                // What it remembers may be half done.
                kept.prover = Prover::new();
                self.fault("looking at what the rules mean together", &*panic);
                return Ok(());
            }
        };
        let known = Proven::new(proven.clone(), &question.atlas);
        let mut files = known.files();
        let before = self.board.put(&question.home, known);
        self.has_news |= before.as_ref().map_or(!proven.is_empty(), |before| before.differs(&proven));
        files.extend(before.map(|before| before.files()).unwrap_or_default());
        let texts = |path: &str| question.atlas.text(path).cloned();
        for path in files.into_iter().filter(|path| is_reported(path)) {
            let found = proven.iter().filter(|one| one.path == path).cloned().collect();
            let proven = convert::proven(found, &path, &texts, &pass.places, pass.settings);
            let told = self.told.get(&path);
            let of_text = told.map_or_else(Vec::new, |told| told.diagnostics[..told.of_text].to_vec());
            self.tell(pass, &path, of_text, proven);
        }
        Ok(())
    }

    fn fault(&self, doing: &str, panic: &(dyn std::any::Any + Send)) {
        let message = format!("{doing} met a fault of the language server: {}", said(panic));
        self.outbox.notify::<LogMessage>(&LogMessageParams { typ: MessageType::ERROR, message });
    }

    fn look_at_all(&mut self, pass: &Pass, reins: &Reins<'_>) -> Result<(), Abandoned> {
        // Who asks is answered with everything at once.
        if !self.settled && !pass.settings.pulls {
            self.syntax_of_open_files(pass);
        }
        for (project, path) in &pass.edited {
            self.look_at(pass, *project, path)?;
        }
        let files = files(pass);
        self.forget_all_but(&files, pass);
        let edited: BTreeSet<&Arc<str>> = pass.edited.iter().map(|(_, path)| path).collect();
        let (open, rest): (Vec<_>, Vec<_>) = files
            .iter()
            .filter(|(path, _)| !edited.contains(path))
            .partition(|(path, _)| pass.versions.contains_key(*path));
        self.show_progress(pass, files.len());
        let before = files.len() - open.len() - rest.len();
        for (number, (path, project)) in open.into_iter().chain(rest).enumerate() {
            if !(reins.is_current)() {
                return Err(Abandoned);
            }
            if let Some(arrivals) = (reins.arrivals)() {
                self.take(arrivals);
                self.pulls.wait(&self.outbox);
            }
            if (reins.is_brief)() && !pass.versions.contains_key(path) {
                break;
            }
            self.look_at(pass, *project, path)?;
            let done = before + number + 1;
            self.progress.iter_mut().for_each(|progress| progress.at(done, files.len()));
            self.pulls.at(done, files.len());
        }
        Ok(())
    }

    /// The first look at many files takes long enough to be shown.
    fn show_progress(&mut self, pass: &Pass, files: usize) {
        if !self.settled && self.progress.is_none() && pass.settings.progress && files >= MANY_FILES {
            let token = ProgressToken::String(OWN_PROGRESS.to_owned());
            self.progress = Some(Progress::create(&self.outbox, token, "Checking the workspace"));
        }
    }

    /// Works out and sends what is to be said about one file.
    fn look_at(&mut self, pass: &Pass, project: usize, path: &Arc<str>) -> Result<(), Abandoned> {
        let Some(view) = pass.projects.get(project) else { return Ok(()) };
        let known = self.board.of(&view.home);
        let asked = || {
            let texts = |path: &str| view.snapshot.text(path);
            let kept = known.map(|known| known.of(path, &texts)).unwrap_or_default();
            let kept = convert::proven(kept, path, &texts, &pass.places, pass.settings);
            (convert::diagnostics_of(view, path, &pass.places, pass.settings), kept)
        };
        match catch_unwind(AssertUnwindSafe(|| Snapshot::catch(AssertUnwindSafe(asked)))) {
            Ok(Ok((of_text, kept))) => self.tell(pass, path, of_text, kept),
            Ok(Err(_)) => return Err(Abandoned),
            Err(panic) => self.fault(&format!("checking {path}"), &*panic),
        }
        Ok(())
    }

    fn syntax_of_open_files(&mut self, pass: &Pass) {
        for path in pass.versions.keys().filter(|path| !self.told.contains_key(*path)).cloned().collect::<Vec<_>>() {
            let asked =
                || pass.projects.iter().find_map(|view| convert::syntax_of(view, &path, &pass.places, pass.settings));
            let found = catch_unwind(AssertUnwindSafe(|| Snapshot::catch(AssertUnwindSafe(asked))));
            // What goes wrong here goes wrong again, and is reported, in the pass proper.
            if let Ok(Ok(Some(diagnostics))) = found
                && !diagnostics.is_empty()
            {
                self.tell(pass, &path, diagnostics, Vec::new());
            }
        }
    }

    /// Sends if the client does not know it yet.
    fn tell(&mut self, pass: &Pass, path: &Arc<str>, of_text: Vec<lsp::Diagnostic>, proven: Vec<lsp::Diagnostic>) {
        let (length, mut diagnostics) = (of_text.len(), of_text);
        diagnostics.extend(proven);
        let version = pass.versions.get(path).copied();
        let known = match self.told.get(path) {
            Some(told) => told.diagnostics == diagnostics && (version.is_none() || told.version == version),
            None => diagnostics.is_empty() && version.is_none(),
        };
        if !known && !pass.settings.pulls {
            self.send(pass, path, version, diagnostics.clone());
        }
        if diagnostics.is_empty() && version.is_none() {
            self.told.remove(path);
        } else {
            self.told.insert(Arc::clone(path), Told { version, of_text: length, diagnostics });
        }
    }

    /// Takes back what was said about files that are no longer there.
    fn forget_all_but(&mut self, files: &BTreeMap<Arc<str>, usize>, pass: &Pass) {
        let gone: Vec<Arc<str>> = self.told.keys().filter(|path| !files.contains_key(*path)).cloned().collect();
        for path in gone {
            if self.told.remove(&path).is_some_and(|told| !told.diagnostics.is_empty()) && !pass.settings.pulls {
                self.send(pass, &path, None, Vec::new());
            }
        }
    }

    fn send(&self, pass: &Pass, path: &Arc<str>, version: Option<i32>, diagnostics: Vec<lsp::Diagnostic>) {
        if let Some(uri) = pass.places.uri(path) {
            self.outbox.notify::<PublishDiagnostics>(&PublishDiagnosticsParams { uri, diagnostics, version });
        }
    }
}

/// Brings the pack of a project up to date; `None` where there is none, or its texts have errors.
fn question(view: &ProjectView, kept: &mut Proving) -> Option<Question> {
    let faults = view.faults.iter().flat_map(|file| &file.diagnostics);
    if faults.into_iter().any(|fault| fault.severity == Severity::Error) {
        return None;
    }
    let package = view.snapshot.own_packages().into_iter().next()?;
    if !view.snapshot.assemble(&package, &mut kept.assembly) {
        return None;
    }
    let mission = kept.assembly.pack().and_then(|pack| pack.mission.as_ref());
    let names: BTreeSet<String> = mission.into_iter().flat_map(|mission| mission.refines.iter().cloned()).collect();
    kept.refined.retain(|name, _| names.contains(name));
    let mut refined = Vec::new();
    for name in names {
        let base = kept.refined.entry(name.clone()).or_default();
        if view.snapshot.assemble(&name, base) {
            refined.extend(base.pack().cloned());
        }
    }
    Some(Question { home: view.home.clone(), atlas: view.snapshot.atlas(&package), package, refined })
}

/// What a mission makes weaker, as of today.
fn of_mission(pack: &Pack, refined: &[Arc<Pack>]) -> Vec<Finding> {
    if refined.is_empty() {
        return Vec::new();
    }
    let bases: Vec<&Pack> = refined.iter().map(Arc::as_ref).collect();
    let today = jiff::Zoned::now().date().to_string();
    refinement(&bases, pack, &today).map(|found| refinement_findings(&found, pack)).unwrap_or_default()
}

/// Every file that is reported on, with its project.
fn files(pass: &Pass) -> BTreeMap<Arc<str>, usize> {
    let mut files = BTreeMap::new();
    for (number, view) in pass.projects.iter().enumerate() {
        // Between two projects that know a file, the first reports.
        for path in
            view.snapshot.checked_files().into_iter().chain(view.faults.iter().map(|fault| Arc::clone(&fault.path)))
        {
            files.entry(path).or_insert(number);
        }
    }
    files
}
