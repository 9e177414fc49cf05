//! What becomes of every rule: duties, prohibitions, states, periods, rounds, repairs.

use crate::acts::{Done, Span};
use crate::gates::{Possible, possible};
use crate::value::{END, Instant, Length, Tick, Truth, Value, all, any};
use crate::world::{Env, World};
use mandate_pack::{Act, Lasting, Modal, Norm, Pack, Recurring, Rule, Window};
use std::collections::{BTreeMap, BTreeSet};

/// What is found of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Outcomes still possible.
    pub possible: Possible,
    /// The last instant in time, with waivers counted in.
    pub due: Option<Instant>,
    /// When the breach happened.
    pub since: Option<Instant>,
    /// From when to when it is late: the last instant due, and the first at which the first sure act after it can have begun.
    pub late: Option<(Tick, Tick)>,
    /// `violation`, `advice` or `none`.
    pub grade: &'static str,
    /// Stretches of a lasting duty that were surely not covered.
    pub uncovered: Vec<(Tick, Tick)>,
}

impl Verdict {
    fn not_applicable() -> Verdict {
        Verdict {
            possible: possible(["not applicable"]),
            due: None,
            since: None,
            late: None,
            grade: "none",
            uncovered: Vec::new(),
        }
    }
}

/// Rule, names of the records, and the round of a recurring duty.
pub type Key = (String, Vec<String>, u64);

/// What is still unknown about a breach.
struct Judged {
    set: Possible,
    due: Option<Instant>,
    breach: Instant,
    late: Option<(Tick, Tick)>,
    uncovered: Vec<(Tick, Tick)>,
}

impl Judged {
    fn new(set: Possible, breach: Instant) -> Judged {
        Judged { set, due: None, breach, late: None, uncovered: Vec::new() }
    }
}

/// Judges every rule of a pack on facts in the form of a facts file, as of an instant (microseconds since 1970).
pub fn judge(pack: &Pack, facts: &serde_json::Value, as_of: Tick) -> BTreeMap<Key, Verdict> {
    let world = World::new(pack, facts, as_of);
    let mut verdicts = BTreeMap::new();
    for (name, rule) in &pack.rules {
        let (instances, _) = world.instances(rule);
        for env in instances {
            let subject: Vec<String> = rule.for_each.iter().map(|b| world.name_of(&env.vars[&b.var])).collect();
            for (round, verdict) in world.instance(name, rule, &env).into_iter().enumerate() {
                verdicts.insert((name.clone(), subject.clone(), round as u64), verdict);
            }
        }
    }
    for record in world.void_waivers() {
        let verdict = Verdict { possible: possible(["violated"]), grade: "violation", ..Verdict::not_applicable() };
        verdicts.insert(("void_waiver".to_owned(), vec![world.records[record].id.clone()], 0), verdict);
    }
    verdicts
}

/// Faults of the data: acts that exclude one another and surely are both done, with the record they were done to, in words.
pub fn faults(pack: &Pack, facts: &serde_json::Value, as_of: Tick) -> BTreeSet<(String, String)> {
    let world = World::new(pack, facts, as_of);
    let said = |(one, other, record): (String, String, usize)| {
        (format!("{one} and {other} exclude one another"), world.name_of(&Value::Record(record)))
    };
    world.both_done().into_iter().map(said).collect()
}

impl World<'_> {
    fn name_of(&self, value: &Value) -> String {
        match value {
            Value::Record(at) => self.records[*at].id.clone(),
            Value::Text(text) => text.clone(),
            other => format!("{other:?}"),
        }
    }

    fn instance(&self, name: &str, rule: &Rule, env: &Env) -> Vec<Verdict> {
        let norm = &rule.norm;
        let anchor = self.written_anchor(rule, env);
        let scope = self.scope(rule, env, self.now());
        match (&norm.act, &norm.time) {
            _ if norm.modal == Modal::May => {
                let judged = Judged::new(possible(["permitted"]), self.now());
                vec![self.verdict(name, rule, env, judged, anchor)]
            }
            (Act::Do { .. }, _) if norm.modal.is_negative() => vec![self.prohibition(name, rule, env)],
            (_, Some(Window::Every(every))) => self.rounds(name, rule, env, every),
            (Act::Do { .. }, Some(Window::Lasting(lasting))) => {
                let judged = self.lasting(name, rule, env, lasting);
                vec![self.verdict(name, rule, env, judged, anchor)]
            }
            (Act::Do { .. }, window) => {
                let span = self.window(window.as_ref(), &scope, None);
                let judged = self.duty(name, rule, env, span);
                vec![self.verdict(name, rule, env, judged, anchor)]
            }
            (Act::Ensure(_), _) => {
                let judged = self.state(name, rule, env);
                vec![self.verdict(name, rule, env, judged, anchor)]
            }
        }
    }

    /// Puts repair in the place of a breach and the gates before it.
    fn verdict(&self, name: &str, rule: &Rule, env: &Env, judged: Judged, anchor: Option<Instant>) -> Verdict {
        let Judged { mut set, due, breach, late, uncovered } = judged;
        if set.remove("violated") {
            set.extend(self.repairs(rule, &rule.otherwise, env, breach));
        }
        let anchor = anchor.unwrap_or(self.now());
        let broken = set.contains("violated") || set.contains("repaired");
        let possible = self.gated(name, rule, env, set, anchor, breach);
        self.told(rule, env, possible, due, broken.then_some(breach), late, uncovered, anchor)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a verdict")]
    fn told(
        &self,
        rule: &Rule,
        env: &Env,
        possible: Possible,
        due: Option<Instant>,
        since: Option<Instant>,
        late: Option<(Tick, Tick)>,
        uncovered: Vec<(Tick, Tick)>,
        anchor: Instant,
    ) -> Verdict {
        let is_broken = possible.contains("violated") && possible.iter().all(|o| ["violated", "repaired"].contains(o));
        let grade = if is_broken { self.grade(rule, env, anchor) } else { "none" };
        let stands = ["violated", "waived", "repaired"].iter().any(|word| possible.contains(word));
        let (late, uncovered) = if stands { (late, uncovered) } else { (None, Vec::new()) };
        Verdict { possible, due, since, late, grade, uncovered }
    }

    /// What a breach becomes through the duties that arise from it.
    fn repairs(&self, rule: &Rule, levels: &[Norm], env: &Env, breach: Instant) -> Possible {
        let Some((level, rest)) = levels.split_first() else { return possible(["violated"]) };
        let scope = self.scope(rule, env, self.now());
        let span = self.window(level.time.as_ref(), &scope, Some(breach));
        let judged = self.outcome(level, &scope, span, &[(span.due, span.due)]);
        let mut result = Possible::new();
        if judged.contains("satisfied") {
            result.insert("repaired");
        }
        if judged.contains("pending") {
            result.insert("violated");
        }
        if judged.contains("violated") {
            result.extend(self.repairs(rule, rest, env, span.due));
        }
        result
    }

    /// The deadline, cut where waivers begin and end, and where each part moves to.
    fn moved(&self, due: Instant, waivers: &[(Tick, Tick)]) -> Vec<(Instant, Instant)> {
        let mut cuts: Vec<Tick> = waivers.iter().flat_map(|(from, to)| [*from, *to]).collect();
        cuts.retain(|cut| due.lo < *cut && *cut <= due.hi);
        let mut parts = Vec::new();
        let mut lo = due.lo;
        for cut in cuts.into_iter().chain([due.hi + 1]) {
            let part = Instant { lo, hi: cut - 1, day: due.day && lo == due.lo && cut == due.hi + 1 };
            let inside = waivers.iter().find(|(from, to)| *from <= part.lo && part.hi < *to);
            parts.push((part, inside.map_or(part, |(_, to)| Instant::exactly(*to))));
            lo = cut;
        }
        parts
    }

    /// A duty with its own window, and waivers that move its deadline.
    fn duty(&self, name: &str, rule: &Rule, env: &Env, span: Span) -> Judged {
        let parts = self.moved(span.due, &self.waivers(name, rule, env));
        let scope = self.scope(rule, env, self.now());
        let set = self.outcome(&rule.norm, &scope, span, &parts);
        let due = Instant::between(
            parts.iter().map(|(_, to)| to.lo).min().unwrap_or(span.due.lo),
            parts.iter().map(|(_, to)| to.hi).max().unwrap_or(span.due.hi),
        );
        let sure = self.acts_of(&rule.norm, &scope).into_iter().filter(|act| act.truth == Some(true));
        let late = sure.map(|act| act.begin).filter(|begin| begin.lo > due.hi && begin.hi <= self.as_of);
        let first = late.map(|begin| begin.lo).min().filter(|_| set.contains("violated"));
        let late = first.map(|begin| (due.hi, begin));
        Judged { set, due: Some(due), breach: due, late, uncovered: Vec::new() }
    }

    fn acts_of(&self, norm: &Norm, scope: &Env) -> Vec<Done> {
        match &norm.act {
            Act::Do { action, args } => self.acts(norm, action, args, scope),
            Act::Ensure(_) => Vec::new(),
        }
    }

    /// The outcomes of a duty: for each part of its deadline, and what waivers move it to.
    fn outcome(&self, norm: &Norm, scope: &Env, span: Span, parts: &[(Instant, Instant)]) -> Possible {
        let now = self.now();
        let acts = self.acts_of(norm, scope);
        let horizon = self.horizon(norm);
        let mut set = Possible::new();
        for (due, moved) in parts {
            let counts = |act: &Done| {
                let begun = span.start.map_or(Some(true), |start| start.le(act.begin));
                all([act.truth, act.begin.le(now), begun])
            };
            let done_by = |due: Instant| match &norm.act {
                Act::Do { .. } => any(acts.iter().map(|act| all([counts(act), act.begin.le(due)]))),
                Act::Ensure(conditions) => all(conditions.iter().map(|c| self.truth(&c.expr, scope))),
            };
            let owed = !acts.iter().any(|act| counts(act) == Some(true));
            let (done, done_moved) = (done_by(*due), done_by(*moved));
            if done == Some(true) {
                set.insert("satisfied");
                continue;
            }
            if done.is_none() {
                set.insert("satisfied");
            }
            let is_moved = due != moved;
            if is_moved && done_moved == Some(true) {
                set.insert("waived");
                continue;
            }
            let (open, open_moved) = (now.le(*due), now.le(*moved));
            if open != Some(false) && owed {
                set.insert("pending");
            }
            if open == Some(true) {
                continue;
            }
            let is_act = matches!(norm.act, Act::Do { .. });
            if is_moved && (open_moved != Some(false) || is_act && done_moved.is_none()) {
                set.insert("waived");
            }
            if !is_moved || open_moved != Some(true) {
                set.insert("violated");
                // The feed stops before the deadline: silence proves nothing.
                if horizon < moved.hi.min(self.as_of) {
                    set.insert("satisfied");
                }
            }
        }
        set
    }

    /// Until when the feeds of a norm's evidence are complete.
    fn horizon(&self, norm: &Norm) -> Tick {
        let Act::Do { action, .. } = &norm.act else { return END };
        let evidence = self.pack.actions[action].evidence.iter();
        evidence.filter_map(|e| self.through.get(&e.record)).min().copied().unwrap_or(END)
    }

    /// `require` and `ensure`.
    fn state(&self, name: &str, rule: &Rule, env: &Env) -> Judged {
        let scope = self.scope(rule, env, self.now());
        let on = rule.on.as_ref().map_or(self.now(), |on| self.instant(on, &scope));
        let scope = self.scope(rule, env, on);
        if rule.norm.time.is_some() {
            let span = self.window(rule.norm.time.as_ref(), &self.scope(rule, env, self.now()), None);
            let parts = self.moved(span.due, &self.waivers(name, rule, env));
            let set = self.outcome(&rule.norm, &scope, span, &parts);
            let due = Instant::between(
                parts.iter().map(|(_, to)| to.lo).min().unwrap_or(span.due.lo),
                parts.iter().map(|(_, to)| to.hi).max().unwrap_or(span.due.hi),
            );
            return Judged { set, due: Some(due), breach: due, late: None, uncovered: Vec::new() };
        }
        let Act::Ensure(conditions) = &rule.norm.act else { return Judged::new(possible(["satisfied"]), on) };
        let set = match all(conditions.iter().map(|c| self.truth(&c.expr, &scope))) {
            Some(true) => possible(["satisfied"]),
            Some(false) => possible(["violated"]),
            None => possible(["satisfied", "violated"]),
        };
        Judged::new(waived(set, self.waived_at(name, rule, env, on)), on)
    }

    /// Every act against a prohibition, and the worst of them.
    fn prohibition(&self, name: &str, rule: &Rule, env: &Env) -> Verdict {
        let scope = self.scope(rule, env, self.now());
        let span = self.window(rule.norm.time.as_ref(), &scope, None);
        let anchor = self.written_anchor(rule, env);
        let own = anchor.unwrap_or(self.now());
        let mut set = self.gated(name, rule, env, possible(["satisfied"]), own, self.now());
        let mut first: Option<((bool, bool, Tick), Instant)> = None;
        let mut worst_anchor = own;
        // Whether some act surely is a breach not surely repaired; else the heaviest of those that may be.
        let (mut sure_stands, mut perhaps) = (false, None);
        for act in self.acts_of(&rule.norm, &scope) {
            let breach = all([act.truth, act.begin.le(self.now()), span.meets(&act), span.opened(&act).le(self.now())]);
            if breach == Some(false) {
                continue;
            }
            let mut one = if breach.is_some() { possible(["violated"]) } else { possible(["satisfied", "violated"]) };
            let (covered, at) = self.act_waived(name, rule, env, &act, &span);
            one = waived(one, covered);
            if one.remove("violated") {
                one.extend(self.repairs(rule, &rule.otherwise, env, at));
            }
            // Exceptions are read where the act begins, also where a waiver covers its first part.
            let one = self.gated(name, rule, env, one, anchor.unwrap_or(act.begin), span.opened(&act));
            // A violation before advice, and that before what was repaired; then the earliest.
            let grade = self.grade(rule, env, anchor.unwrap_or(act.begin));
            let stands = one.contains("violated");
            if stands && is_sure_breach(&one) {
                sure_stands = true;
            } else if stands && perhaps != Some("violation") {
                perhaps = Some(grade);
            }
            let weight = (!stands, stands && grade != "violation", at.lo);
            if is_sure_breach(&one) && first.is_none_or(|(before, _)| weight < before) {
                first = Some((weight, at));
                worst_anchor = anchor.unwrap_or(act.begin);
            }
            set = worst(&set, &one);
        }
        let verdict = self.told(rule, env, set, None, first.map(|(_, at)| at), None, Vec::new(), worst_anchor);
        match perhaps.filter(|_| !sure_stands && verdict.grade != "none") {
            Some(grade) => Verdict { grade, ..verdict },
            None => verdict,
        }
    }

    /// Whether waivers cover a forbidden act, and from when it is a breach.
    fn act_waived(&self, name: &str, rule: &Rule, env: &Env, act: &Done, span: &Span) -> (Truth, Instant) {
        let begin = span.opened(act);
        let Some(end) = act.end else { return (self.waived_at(name, rule, env, begin), begin) };
        let periods = self.waivers(name, rule, env);
        let waived = |at: Tick| periods.iter().find(|(from, to)| *from <= at && at < *to);
        // What is forbidden ends with the act, with the window, and is looked at up to as of.
        let last = |end: Tick, due: Tick| end.min(due.saturating_add(1)).min(self.as_of + 1);
        let uncovered = waived(begin.lo).map_or(begin.lo, |(_, to)| *to);
        if waived(begin.lo).is_some() && uncovered >= last(end.hi, span.due.hi) {
            return (Some(true), begin);
        }
        if begin.is_exact() {
            let end_is_known = last(end.lo, span.due.lo) == last(end.hi, span.due.hi);
            let surely = waived(begin.lo).is_none() || end_is_known || uncovered < last(end.lo, span.due.lo);
            return (surely.then_some(false), Instant::exactly(uncovered));
        }
        let can_begin_under_one = periods.iter().any(|(from, to)| *from <= begin.hi && begin.lo < *to);
        let latest = waived(begin.hi).map_or(begin.hi, |(_, to)| *to);
        let since = if can_begin_under_one {
            Instant::between(begin.lo, latest.min(self.as_of + 1).max(begin.lo))
        } else {
            begin
        };
        ((!can_begin_under_one).then_some(false), since)
    }

    /// A duty over a period, without a gap longer than is tolerated. What is kept only thanks to waivers is waived.
    fn lasting(&self, name: &str, rule: &Rule, env: &Env, lasting: &Lasting) -> Judged {
        let waivers = self.waivers(name, rule, env);
        let without = self.covered(rule, env, lasting, &[]);
        if waivers.is_empty() {
            return without;
        }
        let mut with = self.covered(rule, env, lasting, &waivers);
        let has = |judged: &Judged, word: &str| judged.set.contains(word);
        if has(&with, "satisfied") && !has(&without, "satisfied") && !has(&without, "pending") {
            with.set.remove("satisfied");
            with.set.insert("waived");
        } else if has(&without, "violated") && !has(&with, "violated") {
            with.set.insert("waived");
        }
        with
    }

    fn covered(&self, rule: &Rule, env: &Env, lasting: &Lasting, waivers: &[(Tick, Tick)]) -> Judged {
        let scope = self.scope(rule, env, self.now());
        let start = self.lasting_start(rule, env, self.edge(&lasting.from, &scope));
        let end = self.end_of_period(lasting.end.as_ref(), &scope);
        let now = self.as_of;
        let begins = if lasting.end.is_some() { start.lt(end) } else { Some(true) };
        if begins == Some(false) {
            return Judged::new(possible(["not applicable"]), self.now());
        }
        let acts: Vec<Done> = self.acts_of(&rule.norm, &scope).into_iter().filter(|act| act.end.is_some()).collect();
        let until = |act: &Done| act.end.unwrap_or(act.begin);
        let horizon = self.horizon(&rule.norm);
        let sure = acts.iter().filter(|a| a.truth == Some(true)).map(|a| (a.begin.hi, until(a).lo));
        let sure: Vec<_> = sure.chain(waivers.iter().copied()).collect();
        let perhaps = acts.iter().map(|a| (a.begin.lo, until(a).hi)).chain(waivers.iter().copied());
        let perhaps: Vec<_> = perhaps.chain((horizon < now).then_some((horizon, END))).collect();
        let tolerated = |from: Tick| self.tolerated(lasting, from, &scope);
        let too_long = |(from, to): &(Tick, Tick)| tolerated(*from) < *to;

        let surely_open = holes(&perhaps, start.hi, end.lo.min(now));
        let maybe_open = holes(&sure, start.lo, end.hi.min(now));
        let gaps: Vec<_> = surely_open.iter().copied().filter(too_long).collect();
        let mut judged = Judged::new(Possible::new(), self.now());
        if let Some((from, _)) = maybe_open.iter().find(|gap| too_long(gap)) {
            let first = tolerated(*from);
            let last = gaps.first().map_or(now.max(first), |(from, _)| tolerated(*from));
            judged.breach = Instant::between(first.min(last), last);
            judged.set.insert("violated");
        }
        // An end that has not come yet comes after the begin.
        let not_yet = end.hi == END && end.lo > now;
        if begins.is_none() && !not_yet {
            judged.set.insert("not applicable");
        }
        if !gaps.is_empty() {
            judged.uncovered = gaps;
            return judged;
        }
        let runs_up_to_now = |list: &[(Tick, Tick)]| list.last().copied().filter(|(_, to)| *to == now);
        // Whether something that covered can have ended so shortly ago that the gap since is tolerated.
        let recently = |lo: Tick, hi: Tick| lo < now && tolerated(hi.min(now - 1)) >= now;
        let can_be_tolerated = horizon < now
            || recently(start.lo, start.hi)
            || acts.iter().any(|act| recently(until(act).lo, until(act).hi))
            || waivers.iter().any(|(_, to)| recently(*to, *to));
        let is_open = runs_up_to_now(&maybe_open).is_some() && end.hi > now && start.lo <= now;
        if start.hi > now || is_open && can_be_tolerated {
            judged.set.insert("pending");
        }
        let surely_runs = runs_up_to_now(&surely_open).filter(|_| end.lo > now);
        if start.lo <= now && surely_runs.is_none() {
            judged.set.insert("satisfied");
        }
        judged.due =
            if start.lo > now { Some(start) } else { surely_runs.map(|(from, _)| Instant::exactly(tolerated(from))) };
        judged
    }

    /// The rounds of a duty that recurs.
    fn rounds(&self, name: &str, rule: &Rule, env: &Env, every: &Recurring) -> Vec<Verdict> {
        let scope = self.scope(rule, env, self.now());
        let from = self.eval(&every.from, &scope);
        let start = self.calendar.edge(&from);
        let end = self.end_of_period(every.end.as_ref(), &scope);
        let anchor = |at: Instant| rule.on.as_ref().map_or(at, |on| self.instant(on, &scope));
        let length = self.eval(&every.every, &scope);
        let Value::Length(by) = length else { return vec![self.unknown_rounds(name, rule, env, anchor(start))] };
        // `A + kD`, counted from A; of whole days after a day the end of the last one.
        let after = |rounds: i64| {
            let by =
                Length { months: by.months * rounds, days: by.days * rounds, micros: by.micros * Tick::from(rounds) };
            match &from {
                Value::Day(day) if by.is_of_days() => {
                    let day = self.calendar.add_to_day(*day, by)?;
                    Some(Instant::exactly(self.calendar.day(day).hi))
                }
                _ => self.calendar.add(start, by),
            }
        };
        if !start.is_exact() || after(1).is_none_or(|second| Some(second.lo) <= after(0).map(|first| first.lo)) {
            return vec![self.unknown_rounds(name, rule, env, anchor(start))];
        }
        let mut verdicts = Vec::new();
        for round in 0.. {
            let first = if round == 0 { Some(start) } else { after(round) };
            let (Some(begin), Some(due)) = (first, after(round + 1)) else { break };
            let in_time = due.le(end);
            if begin.lo > self.as_of || in_time == Some(false) {
                break;
            }
            let first = Instant::exactly(begin.lo + Tick::from(round > 0));
            let mut judged = self.duty(name, rule, env, Span { start: Some(first), due });
            if in_time.is_none() && end.lo <= self.as_of {
                judged.set.insert("not applicable");
            }
            verdicts.push(self.verdict(name, rule, env, judged, Some(anchor(first))));
        }
        if verdicts.is_empty() {
            // No round has begun, or none can end: there is nothing to be done yet.
            verdicts.push(Verdict::not_applicable());
        }
        verdicts
    }

    /// How many rounds there are, and which, nobody can say.
    fn unknown_rounds(&self, name: &str, rule: &Rule, env: &Env, anchor: Instant) -> Verdict {
        let all = possible(["pending", "satisfied", "violated", "not applicable"]);
        let mut judged = Judged::new(all, self.now());
        judged.set.remove("violated");
        let mut verdict = self.verdict(name, rule, env, judged, Some(anchor));
        if verdict.possible.contains("satisfied") {
            verdict.possible.insert("violated");
        }
        verdict
    }
}

/// What a waiver that covers a breach makes of it.
fn waived(mut set: Possible, covered: Truth) -> Possible {
    if set.contains("violated") && covered != Some(false) {
        set.insert("waived");
        if covered == Some(true) {
            set.remove("violated");
        }
    }
    set
}

fn is_sure_breach(set: &Possible) -> bool {
    set.iter().all(|outcome| ["violated", "repaired"].contains(outcome))
}

/// Worst first, as a prohibition shows several acts.
const WORST: [&str; 7] = ["violated", "repaired", "waived", "overridden", "exempt", "satisfied", "not applicable"];

fn worst(a: &Possible, b: &Possible) -> Possible {
    let rank = |word: &str| WORST.iter().position(|w| *w == word).unwrap_or(WORST.len());
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    pairs.map(|(x, y)| if rank(x) <= rank(y) { *x } else { *y }).collect()
}

/// What of a stretch is not covered.
fn holes(cover: &[(Tick, Tick)], from: Tick, to: Tick) -> Vec<(Tick, Tick)> {
    let mut cover = cover.to_vec();
    cover.sort_unstable();
    let mut at = from;
    let mut found = Vec::new();
    for (begin, end) in cover {
        if end <= at {
            continue;
        }
        if end <= begin {
            continue;
        }
        if begin > at && at < to {
            found.push((at, begin.min(to)));
        }
        at = at.max(end);
    }
    if at < to {
        found.push((at, to));
    }
    found
}
