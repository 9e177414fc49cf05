//! Why an expectation was not met, in lines: the same beside a scenario in an editor and in what `mandate test` prints.

use crate::finding::Step;
use crate::scenario::{ExpectationResult, Found};

/// Instances that are told of one expectation; the rest is a number.
const TOLD: usize = 3;

impl ExpectationResult {
    /// Why it is not met; of a met one what was found.
    pub fn told(&self) -> Vec<String> {
        if self.instances.is_empty() {
            return vec![self.reason.clone()];
        }
        let mut lines: Vec<String> = self.instances.iter().take(TOLD).flat_map(Found::told).collect();
        let more = self.instances.len().saturating_sub(TOLD);
        if more > 0 {
            lines.push(format!("and {more} more that differ"));
        }
        lines
    }
}

impl Found {
    /// What was found, in what it differs, and how it came about.
    pub fn told(&self) -> Vec<String> {
        let mut lines = vec![format!("found: {}", self.found)];
        let column = |text: fn(&crate::Difference) -> usize| self.differs.iter().map(text).max().unwrap_or(0);
        let (what, expected) = (column(|d| d.what.chars().count()), column(|d| d.expected.chars().count()));
        for d in &self.differs {
            lines.push(format!("{:what$}  expected {:expected$}  actual {}", d.what, d.expected, d.actual));
        }
        if !self.why.is_empty() {
            lines.push("why:".to_owned());
            self.why.iter().for_each(|s| step(s, 1, &mut lines));
        }
        lines
    }
}

fn step(step: &Step, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    lines.push(format!("{indent}{} {}: {}", step.kind.word(), step.text, step.answer()));
    for read in &step.read {
        lines.push(format!("{indent}  {} = {}", read.field, read.value.as_deref().unwrap_or("unknown")));
    }
    for part in &step.parts {
        self::step(part, depth + 1, lines);
    }
}
