// Which files hold facts: by their ending, and by what stands in them where the ending says little.

/** Endings of facts files, without those packed. */
export const ENDINGS = ['json', 'yaml', 'yml', 'jsonl', 'ndjson', 'csv'];

/** Patterns of them for the editor. */
export const PATTERN = `**/*.{${ENDINGS.join(',')}}`;

/** How much of a text is looked at. */
const HEAD = 4000;

/** Whether a file may be assessed at all: by its ending. */
export function canHoldFacts(file: string): boolean {
  return new RegExp(`\\.(?:${ENDINGS.join('|')})(?:\\.gz)?$`, 'i').test(file);
}

/** Whether a file of a package looks like facts, so that an offer to assess it is no nuisance. */
export function looksLikeFacts(file: string, text: string): boolean {
  const head = text.slice(0, HEAD);
  if (/\.json$/i.test(file)) {
    return /"records"\s*:\s*\{/.test(head);
  }
  if (/\.ya?ml$/i.test(file)) {
    return /^records\s*:/m.test(head);
  }
  // The name of a table says the type of its records, and types begin with a capital.
  return /(?:^|[/\\])(?:[a-z_]+\.)*[A-Z]\w*(?:[- ][^/\\]*)?\.(?:jsonl|ndjson|csv)$/.test(file);
}
