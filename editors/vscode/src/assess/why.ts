// A finding as a tree: the rule and what it rests on, the records, each clause with what it read.
import type { Range, Why, WhyOutcome } from '../protocol';
import { standing, type Finding, type Place, type Step, type Subject } from './assessment';
import type { Declaration } from './clause';

/** Where the rule of a finding stands. */
export interface RulePlace {
  uri: string;
  declaration: Declaration;
}

/** A place, where there is one. */
interface At {
  uri?: string;
  range?: Range;
}

/** Makes the tree. `rule`: where the rule stands, if that is known; `uriOf`: the address of a facts file. */
export function whyTree(finding: Finding, rule: RulePlace | undefined, uriOf: (file: string) => string): Why {
  const about = finding.subject.map(({ id }) => id).join(', ');
  return node(`${standing(finding)}: ${about === '' ? finding.title : about}`, {
    detail: timing(finding),
    ...place(rule, rule?.declaration.name()),
    children: [
      ruleNode(finding, rule),
      ...finding.subject.map((subject) => subjectNode(subject, uriOf)),
      ...finding.why.map((step) => stepNode(step, rule)),
      ...(finding.levels ?? []).map((level) => node(`then: ${level.norm}`, { detail: joined([level.status, due(level.due)]), ...place(rule, rule?.declaration.find(level.norm)) })),
      ...(finding.evidence ?? []).map((record) => recordNode('evidence', record, uriOf)),
      ...(finding.waived_by ?? []).map((record) => recordNode('waived by', record, uriOf)),
      ...(finding.uncovered ?? []).map(({ from, to }) => node('not covered', { detail: `${from} to ${to}` })),
      ...(finding.overridden_by ?? []).map((other) => node(`gives way to ${other.title}`, { detail: other.rule })),
      ...(finding.missing ?? []).map((field) => node(`missing: ${field}`, { outcome: 'unknown' })),
      ...(finding.flags ?? []).map((flag) => node(flag)),
      ...(finding.remedy === undefined ? [] : [node('remedy', { detail: finding.remedy })]),
    ],
  });
}

function ruleNode(finding: Finding, rule: RulePlace | undefined): Why {
  const cited = finding.citations.map((cite) => {
    const passage = cite.passage === undefined ? '' : ` #${cite.passage}${cite.to === undefined ? '' : ` to #${cite.to}`}`;
    return node(`cites ${cite.title}${passage}`, {
      detail: cite.force,
      ...place(rule, rule?.declaration.find('cites')),
      children: (cite.text ?? '').split('\n').filter((line) => line.trim() !== '').map((line) => node(`“${line.trim()}”`)),
    });
  });
  const sentence = node(finding.norm, { detail: joined([`addressed to ${finding.bearer}`, due(finding.due)]), ...place(rule, rule?.declaration.find(finding.norm)) });
  return node(`rule ${finding.title}`, { detail: finding.rule, ...place(rule, rule?.declaration.name()), children: [sentence, ...cited] });
}

function subjectNode(subject: Subject, uriOf: (file: string) => string): Why {
  const at = subject.file === undefined ? {} : inFacts(subject.file, subject.line, uriOf);
  return node(`${subject.var} = ${subject.id}`, { detail: subject.type, ...at });
}

function recordNode(word: string, record: Place, uriOf: (file: string) => string): Why {
  return node(`${word}: ${record.id}`, { detail: joined([record.type, record.at]), ...(record.file === '' ? {} : inFacts(record.file, record.line, uriOf)) });
}

function stepNode(step: Step, rule: RulePlace | undefined, within?: Range): Why {
  // A named condition stands with a colon behind its name.
  const found = step.kind === 'condition' ? rule?.declaration.find(`${step.text}:`, undefined, within) : rule?.declaration.find(step.text, step.kind, within);
  const range = found ?? within;
  return node(step.kind === 'condition' ? step.text : `${step.kind} ${step.text}`, {
    detail: step.holds === null ? 'not known' : step.holds ? 'holds' : 'does not hold',
    outcome: step.holds === null ? 'unknown' : step.holds ? 'true' : 'false',
    ...place(rule, range),
    children: [
      ...(step.parts ?? []).map((part) => stepNode(part, rule, found)),
      ...(step.read ?? []).map(({ field, value }) => node(`${field} = ${value ?? 'not known'}`, { outcome: value === null ? 'unknown' : 'none', ...place(rule, range) })),
    ],
  });
}

function timing(finding: Finding): string | undefined {
  return joined([
    finding.round === undefined ? undefined : `round ${finding.round.number}`,
    due(finding.due),
    finding.late_by === undefined ? undefined : `late by ${finding.late_by}`,
    finding.since === undefined ? undefined : `since ${finding.since}`,
    finding.status === 'undetermined' ? `possible: ${finding.possible.join(', ')}` : undefined,
  ]);
}

const due = (at: string | undefined) => (at === undefined ? undefined : `due ${at}`);

function joined(parts: (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(', ');
}

function place(rule: RulePlace | undefined, range: Range | undefined): At {
  return rule === undefined || range === undefined ? {} : { uri: rule.uri, range };
}

function inFacts(file: string, line: number | undefined, uriOf: (file: string) => string): At {
  const at = { line: Math.max((line ?? 1) - 1, 0), character: 0 };
  return { uri: uriOf(file), range: { start: at, end: at } };
}

function node(label: string, more: { detail?: string | undefined; outcome?: WhyOutcome; children?: Why[] } & At = {}): Why {
  const { detail, outcome = 'none', children = [], ...at } = more;
  return { label, ...(detail === undefined ? {} : { detail }), outcome, ...at, children };
}
