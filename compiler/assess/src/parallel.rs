//! Every rule on every case, by as many threads as there are cores. Cases are judged in parts, each part by one thread, and put together
//! in the order of the rules and of the data, so that the result does not depend on how many threads there are.

use crate::assess::Options;
use crate::finding::{Counts, DataFinding, Finding, Grade};
use crate::instances::Part;
use crate::outcome::{Outcome, Status};
use crate::program::Each;
use crate::readings::MOST_FINDINGS;
use crate::tally::{ADVICE, TallyTable};
use crate::world::World;
use mandate_pack::Rule;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// What a thread does in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Task {
    of: Of,
    part: Part,
}

impl Task {
    /// Whether it is an earlier part of the same rule.
    fn is_before(self, other: &Task) -> bool {
        self.of == other.of && self.part.number < other.part.number
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Rule(usize),
    Assumption(usize),
    Exclusion(usize),
}

/// What a part of the cases gave.
#[derive(Default)]
struct Judged {
    findings: Vec<Finding>,
    data_findings: Vec<DataFinding>,
    outcomes: BTreeMap<Status, u64>,
    unlisted: BTreeMap<Status, u64>,
    not_applicable: u64,
    /// For each tally of the rule.
    tallies: Vec<TallyTable>,
}

/// What all cases gave.
#[derive(Default)]
pub(crate) struct All {
    pub(crate) findings: Vec<Finding>,
    pub(crate) data_findings: Vec<DataFinding>,
    pub(crate) summary: BTreeMap<String, Counts>,
    pub(crate) unlisted: BTreeMap<String, BTreeMap<Status, u64>>,
    pub(crate) tallies: Vec<TallyTable>,
}

impl All {
    /// Takes over what other records gave.
    pub(crate) fn absorb(&mut self, mut other: All) {
        self.findings.append(&mut other.findings);
        self.data_findings.append(&mut other.data_findings);
        for (rule, counts) in other.summary {
            let ours = self.summary.entry(rule).or_default();
            ours.not_applicable += counts.not_applicable;
            for (word, number) in counts.outcomes {
                *ours.outcomes.entry(word).or_default() += number;
            }
        }
        for (rule, counts) in other.unlisted {
            let ours = self.unlisted.entry(rule).or_default();
            for (status, number) in counts {
                *ours.entry(status).or_default() += number;
            }
        }
        self.tallies.iter_mut().zip(other.tallies).for_each(|(table, other)| table.absorb(other));
    }
}

/// Which rules are judged, and what was tried before.
#[derive(Default)]
pub(crate) struct Course {
    /// Only those rules and assumptions whose first variable walks through records of one of these types; `None`: all.
    pub(crate) only: Option<BTreeSet<u32>>,
    /// Findings by rule for which missing values were tried, in an earlier course or in this one.
    tried: BTreeMap<usize, u32>,
}

impl Course {
    fn takes(&self, each: &[Each]) -> bool {
        let first = || each.first().and_then(|each| World::walked_type(&each.scan));
        self.only.as_ref().is_none_or(|only| first().is_some_and(|ty| only.contains(&ty)))
    }
}

impl World<'_> {
    /// Judges every rule and every assumption; `watch` hears how many of how many rules are done.
    pub(crate) fn judge_all(
        &self,
        options: &Options,
        course: &mut Course,
        watch: &(dyn Fn(usize, usize) + Sync),
    ) -> All {
        let threads = match options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let tasks = self.tasks(threads, course);
        let earlier = &course.tried;
        let rules = self.pack.rules.len();
        let progress = Progress { left: Mutex::new((parts_by_rule(&tasks, rules), 0)), watch };
        let tried: Vec<AtomicU32> = tasks.iter().map(|_| AtomicU32::new(0)).collect();
        let next = AtomicUsize::new(0);
        let work = |world: &World<'_>| {
            let mut done = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(task) = tasks.get(number) else { return done };
                // What earlier parts of the rule have tried already, as far as they are done.
                let parts = if task.part.number == 0 { &[] } else { tasks.as_slice() };
                let before = parts.iter().zip(&tried).filter(|(other, _)| other.is_before(task));
                let earlier = match task.of {
                    Of::Rule(index) => earlier.get(&index).copied().unwrap_or_default(),
                    Of::Assumption(_) | Of::Exclusion(_) => 0,
                };
                let before = before.map(|(_, tried)| tried.load(Ordering::Relaxed)).fold(earlier, u32::saturating_add);
                let left = MOST_FINDINGS.saturating_sub(before);
                world.run.readings_left.set(left);
                done.push((*task, world.part(*task, options)));
                tried[number].store(left - world.run.readings_left.get(), Ordering::Relaxed);
                progress.done(*task);
            }
        };
        let mut done = if threads == 1 {
            work(self)
        } else {
            std::thread::scope(|scope| {
                let work = &work;
                let helpers: Vec<_> = (1..threads)
                    .map(|_| {
                        let world = self.fork();
                        scope.spawn(move || work(&world))
                    })
                    .collect();
                let mut done = work(&self.fork());
                for helper in helpers {
                    match helper.join() {
                        Ok(part) => done.extend(part),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                done
            })
        };
        done.sort_by_key(|(task, _)| *task);
        self.put_together(done, &mut course.tried)
    }

    /// The first part of every rule comes first: each may need an index that others do not, and several are built at once.
    fn tasks(&self, threads: usize, course: &Course) -> Vec<Task> {
        let parts = |of: Of, breadth: usize| {
            // More parts than threads, since some take longer than others.
            let count = if threads == 1 { 1 } else { breadth.clamp(1, threads * 8) };
            (0..count).map(move |number| Task { of, part: Part { number, of: count } })
        };
        let rules = self.program.rules.iter().enumerate().filter(|(_, rule)| course.takes(&rule.each));
        let assumptions = self.program.assumptions.iter().enumerate().filter(|(_, plan)| course.takes(&plan.each));
        // Records that show an act are never judged in batches.
        let exclusions = self.program.exclusions.iter().enumerate().filter(|_| course.only.is_none());
        let mut tasks: Vec<Task> = rules
            .flat_map(|(index, rule)| parts(Of::Rule(index), self.breadth(&rule.each)))
            .chain(assumptions.flat_map(|(index, plan)| parts(Of::Assumption(index), self.breadth(&plan.each))))
            .chain(exclusions.flat_map(|(index, plan)| parts(Of::Exclusion(index), self.shown_by(plan))))
            .collect();
        tasks.sort_by_key(|task| task.part.number != 0);
        tasks
    }

    fn part(&self, task: Task, options: &Options) -> Judged {
        let mut judged = Judged::default();
        match task.of {
            Of::Exclusion(index) => self.both_done(index, task.part, &mut judged.data_findings),
            Of::Assumption(index) => self.broken_assumption(index, task.part, &mut judged.data_findings),
            Of::Rule(index) => {
                let rule = self.rules.get(index).copied();
                judged.tallies = rule.into_iter().flat_map(|(name, rule)| tables(name, rule)).collect();
                let Judged { findings, outcomes, unlisted, not_applicable, tallies, .. } = &mut judged;
                let outside = self.cases(index, false, task.part, &mut |case, frame| match case.judged.status() {
                    Status::Is(Outcome::NotApplicable) => *not_applicable += 1,
                    status => {
                        *outcomes.entry(status).or_default() += 1;
                        let listed = options.list_all || !status.is_settled();
                        if !listed {
                            *unlisted.entry(status).or_default() += 1;
                        }
                        if listed || !tallies.is_empty() {
                            let finding = self.finding(case, (options.explain_all, options.reads), frame);
                            let word = if finding.grade == Grade::Advice { ADVICE } else { status.word() };
                            // After the finding, which conceals what may not be named.
                            if !tallies.is_empty() {
                                let groups = self.groups(case, frame);
                                tallies.iter_mut().zip(groups).for_each(|(table, group)| table.add(group, word));
                            }
                            if listed {
                                findings.push(finding);
                            }
                        }
                    }
                });
                *not_applicable += outside;
            }
        }
        judged
    }

    fn put_together(&self, parts: Vec<(Task, Judged)>, tried: &mut BTreeMap<usize, u32>) -> All {
        let mut all = All::default();
        let names: Vec<&String> = self.pack.rules.keys().collect();
        // Exactly: a list that grows is in memory twice while it does.
        all.findings.reserve_exact(parts.iter().map(|(_, part)| part.findings.len()).sum());
        let mut first_tally = Vec::new();
        for (name, rule) in &self.pack.rules {
            all.summary.insert(name.clone(), Counts { title: rule.title.clone(), ..Counts::default() });
            first_tally.push(all.tallies.len());
            all.tallies.extend(tables(name, rule));
        }
        for (task, mut part) in parts {
            if let Of::Rule(index) = task.of {
                self.untry(index, &mut part.findings, tried.entry(index).or_default());
                let tables = all.tallies.iter_mut().skip(first_tally.get(index).copied().unwrap_or(usize::MAX));
                tables.zip(part.tallies).for_each(|(table, part)| table.absorb(part));
            }
            all.findings.append(&mut part.findings);
            all.data_findings.append(&mut part.data_findings);
            let Of::Rule(index) = task.of else { continue };
            let Some((name, counts)) = names.get(index).and_then(|name| Some((*name, all.summary.get_mut(*name)?)))
            else {
                continue;
            };
            counts.not_applicable += part.not_applicable;
            for (status, number) in part.outcomes {
                *counts.outcomes.entry(status.word().to_owned()).or_default() += number;
            }
            for (status, number) in part.unlisted {
                *all.unlisted.entry(name.clone()).or_default().entry(status).or_default() += number;
            }
        }
        all
    }

    /// Of the findings of a rule no more than so many say what a missing value would make of them: the first ones.
    fn untry(&self, index: usize, findings: &mut [Finding], tried: &mut u32) {
        let Some(plan) = self.program.rules.get(index) else { return };
        for finding in findings.iter_mut().filter(|f| f.subject.len() == plan.each.len()) {
            if crate::readings::is_wanted(plan, finding.status) {
                *tried = tried.saturating_add(1);
                if *tried > MOST_FINDINGS {
                    finding.readings = Vec::new();
                }
            }
        }
    }
}

/// Empty tables for the tallies of a rule.
fn tables<'r>(name: &'r str, rule: &'r Rule) -> impl Iterator<Item = TallyTable> + 'r {
    rule.tallies.iter().map(move |tally| TallyTable {
        rule: name.to_owned(),
        by: tally.text.clone(),
        ..TallyTable::default()
    })
}

/// How many parts of each rule are left, and how many rules are done.
struct Progress<'w> {
    left: Mutex<(Vec<usize>, usize)>,
    watch: &'w (dyn Fn(usize, usize) + Sync),
}

impl Progress<'_> {
    fn done(&self, task: Task) {
        let Of::Rule(index) = task.of else { return };
        let Ok(mut state) = self.left.lock() else { return };
        let (left, rules) = &mut *state;
        let of = left.len();
        if let Some(left) = left.get_mut(index) {
            *left -= 1;
            if *left == 0 {
                *rules += 1;
                (self.watch)(*rules, of);
            }
        }
    }
}

fn parts_by_rule(tasks: &[Task], rules: usize) -> Vec<usize> {
    let mut parts = vec![0; rules];
    for task in tasks {
        if let Of::Rule(index) = task.of
            && let Some(parts) = parts.get_mut(index)
        {
            *parts += 1;
        }
    }
    parts
}
