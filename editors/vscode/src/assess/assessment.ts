// The report of `mandate assess --format json`, as far as the editor shows it (docs/reports.md).
import { isObject, parse } from '../findings';

/** What a variable of the rule stands for. */
export interface Subject {
  var: string;
  type?: string;
  id: string;
  file?: string;
  line?: number;
}

/** A record with its place; without a file it is withheld. */
export interface Place {
  type: string;
  id: string;
  file: string;
  line: number;
  at?: string;
}

/** A condition, what became of it (`null`: not known) and what it read. Values of sensitive fields are not in it. */
export interface Step {
  kind: 'when' | 'unless' | 'require' | 'condition';
  text: string;
  holds: boolean | null;
  read?: { field: string; value: string | null }[];
  parts?: Step[];
}

/** A text that justifies a rule. */
export interface Cited {
  title: string;
  force?: string;
  passage?: string;
  to?: string;
  text?: string;
}

/** One rule judged for one set of records. */
export interface Finding {
  rule: string;
  title: string;
  status: string;
  possible: string[];
  grade: 'violation' | 'advice' | 'none';
  force?: string;
  norm: string;
  subject: Subject[];
  bearer: string;
  due?: string;
  late_by?: string;
  since?: string;
  levels?: { norm: string; status: string; due?: string }[];
  missing?: string[];
  why: Step[];
  evidence?: Place[];
  waived_by?: Place[];
  citations: Cited[];
  flags?: string[];
  overridden_by?: { rule: string; title: string }[];
  round?: { number: number; from?: string; to?: string };
  uncovered?: { from: string; to: string }[];
  remedy?: string;
}

/** Facts that break an assumption of the rules. */
export interface DataFinding {
  assumption: string;
  declared: string;
  subject: Subject[];
  why: Step[];
}

/** Where a rule is declared: `package:file`, the file relative to the package. */
export interface Declared {
  file: string;
  line: number;
}

/** A whole assessment. */
export interface Assessment {
  pack: string;
  as_of: string;
  findings: Finding[];
  data_findings: DataFinding[];
  declared?: Record<string, Declared>;
}

/** Reads it; `undefined` if it is something else. */
export function readAssessment(text: string): Assessment | undefined {
  const value = parse(text);
  const whole = isObject(value) && Array.isArray(value['findings']) && Array.isArray(value['data_findings']) && typeof value['as_of'] === 'string';
  return whole ? (value as unknown as Assessment) : undefined;
}

/** How a finding stands, in the words of the reports: breaking a recommendation is no violation, and is not called one. */
export function standing(finding: Finding): string {
  return finding.status === 'violated' && finding.grade === 'advice' ? 'advice not followed' : finding.status;
}

/** Whether the finding may turn out a breach once the data is complete. */
export function couldBeBreach(finding: Finding): boolean {
  return finding.status === 'undetermined' && finding.possible.some((outcome) => outcome === 'violated' || outcome === 'repaired');
}

/** Whether there is nothing to tell of it: kept, set aside, allowed. */
export function isQuiet(finding: Finding): boolean {
  return finding.grade === 'none' && !['undetermined', 'pending', 'repaired'].includes(finding.status);
}

/** Why it stands so, in one line: what decided, lateness, what is missing, the deadline. */
export function inShort(finding: Finding): string {
  const parts: string[] = [];
  if (finding.late_by !== undefined) {
    parts.push(`late by ${finding.late_by}`);
  } else if (finding.since !== undefined && finding.status !== 'undetermined') {
    parts.push(`since ${finding.since}`);
  }
  if (finding.status === 'pending' && finding.due !== undefined) {
    parts.push(`due ${finding.due}`);
  }
  const failed = finding.why.filter(({ kind, holds }) => kind === 'require' && holds === false);
  parts.push(...failed.flatMap(failedPart).map((text) => `does not hold: ${brief(text)}`));
  if (finding.missing !== undefined && finding.missing.length > 0) {
    parts.push(`missing ${finding.missing.join(', ')}`);
  }
  const took = finding.why.filter(({ kind, holds }) => kind === 'unless' && holds === true);
  parts.push(...took.map(({ text }) => `excepted: ${brief(text)}`));
  if (parts.length === 0) {
    parts.push(finding.remedy ?? brief(finding.norm));
  }
  return parts.join('; ');
}

/** Named conditions say more than the whole that they are part of. */
function failedPart(step: Step): string[] {
  const parts = (step.parts ?? []).filter(({ holds }) => holds === false);
  return parts.length > 0 ? parts.map(({ text }) => text) : [step.text];
}

/** Long texts end in an ellipsis. */
export function brief(text: string, length = 90): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= length ? line : `${letters.slice(0, length - 1).join('').trimEnd()}…`;
}
