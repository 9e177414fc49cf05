// How often a server that dies is started again before the person is asked.

/** Ends within `period` milliseconds that are still answered with a new start. */
export const TOLERATED_ENDS = 3;
const PERIOD_MS = 3 * 60 * 1000;

/** Counts the ends of a server: a crash now and then is repaired silently, a crash at every start is not repeated for ever. */
export class Patience {
  private ends: number[] = [];

  /** Notes an end at `now` (milliseconds) and says whether to start again. */
  startAgain(now: number): boolean {
    this.ends = this.ends.filter((end) => now - end < PERIOD_MS);
    this.ends.push(now);
    return this.ends.length <= TOLERATED_ENDS;
  }
}
