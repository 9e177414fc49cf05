// What an assessment puts at the records of a facts file: one line above the record for each finding, and an entry in Problems.
import { brief, couldBeBreach, inShort, isQuiet, standing, type Assessment, type Finding, type Subject } from './assessment';

/** Letters of a line above a record where several stand side by side. */
const SIDE_BY_SIDE = 80;

/** How loud a problem is. */
export type Loudness = 'error' | 'warning' | 'information';

/** A finding at the record it is about. */
export interface Mark {
  file: string;
  /** Line of the record, from 0. */
  line: number;
  /** For the line above the record. */
  title: string;
  /** For Problems; quiet findings have no entry there. */
  problem?: { loudness: Loudness; message: string };
  /** Rule, qualified; `undefined` for facts that break an assumption. */
  rule?: string;
  /** `undefined` for facts that break an assumption. */
  finding?: Finding;
}

/** All marks, in the order of the report: worst first. A finding stands at the first of its records that has a place. */
export function marksOf(assessment: Assessment): Mark[] {
  const marks: Mark[] = [];
  for (const finding of assessment.findings) {
    const at = placed(finding.subject);
    if (at !== undefined) {
      const loudness = loudnessOf(finding);
      const short = inShort(finding);
      const title = `${standing(finding)}: ${finding.title} - ${short}`;
      const force = finding.force === undefined || loudness === undefined ? '' : ` (${finding.force})`;
      marks.push({
        ...at,
        title,
        ...(loudness === undefined ? {} : { problem: { loudness, message: `${standing(finding)}${force}: ${finding.title}\n${short}` } }),
        rule: finding.rule,
        finding,
      });
    }
  }
  for (const fault of assessment.data_findings) {
    const at = placed(fault.subject);
    if (at !== undefined) {
      const failed = fault.why.filter(({ holds }) => holds === false).map(({ text }) => text).join('; ');
      const title = `breaks an assumption of the rules: ${fault.assumption}${failed === '' ? '' : ` - does not hold: ${failed}`}`;
      marks.push({ ...at, title, problem: { loudness: 'warning', message: title } });
    }
  }
  return marks;
}

/** Marks above the records of one file: what is quiet is summed up where a record has more than a few. */
export function shownAbove(marks: readonly Mark[]): { line: number; title: string; marks: Mark[] }[] {
  const byLine = new Map<number, Mark[]>();
  for (const mark of marks) {
    byLine.set(mark.line, [...(byLine.get(mark.line) ?? []), mark]);
  }
  return [...byLine].sort(([a], [b]) => a - b).flatMap(([line, here]) => {
    const loud = here.filter((mark) => mark.problem !== undefined);
    const quiet = here.filter((mark) => mark.problem === undefined);
    // Several stand side by side above the record.
    const one = (mark: Mark) => ({ line, title: loud.length > 1 ? brief(mark.title, SIDE_BY_SIDE) : mark.title, marks: [mark] });
    const rest = quiet.length <= 1 ? quiet.map(one) : [{ line, title: `${quiet.length} rules kept or not owed`, marks: quiet }];
    return [...loud.map(one), ...rest];
  });
}

/** The assessment in one line: `as of 2026-03-10: 2 violated, 1 pending`. */
export function summary(assessment: Assessment): string {
  const counts = new Map<string, number>();
  for (const finding of assessment.findings) {
    counts.set(standing(finding), (counts.get(standing(finding)) ?? 0) + 1);
  }
  if (assessment.data_findings.length > 0) {
    counts.set('faults of the data', assessment.data_findings.length);
  }
  const said = [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
  return `as of ${assessment.as_of}: ${said === '' ? 'no rule applies' : said}`;
}

function loudnessOf(finding: Finding): Loudness | undefined {
  if (finding.grade === 'violation') {
    return 'error';
  }
  return couldBeBreach(finding) ? 'warning' : isQuiet(finding) ? undefined : 'information';
}

function placed(subject: readonly Subject[]): { file: string; line: number } | undefined {
  const at = subject.find(({ file }) => file !== undefined && file !== '');
  return at?.file === undefined ? undefined : { file: at.file, line: Math.max((at.line ?? 1) - 1, 0) };
}

/** Where a line is after `text` took the place of the lines `first` to `last`; all lines from 0. */
export function movedLine(line: number, first: number, last: number, text: string): number {
  if (line <= first) {
    return line;
  }
  const added = text.split('\n').length - 1;
  return line > last ? line + added - (last - first) : first + Math.min(line - first, added);
}

/** From the first to the last character of a line that is no blank. */
export function wordsOf(line = ''): { start: number; end: number } {
  const end = line.trimEnd().length;
  return { start: Math.min(line.length - line.trimStart().length, end), end };
}
