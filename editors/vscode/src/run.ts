// Runs the `mandate` program for one command and gives back what it wrote.
import { spawn } from 'node:child_process';

/** More than this is not taken from a run, in bytes: a report of that size cannot be shown anyway. */
const LARGEST_OUTPUT = 256 * 1024 * 1024;

/** How a run ended. */
export type Ran =
  /** The program ended: 0 nothing to say, 1 something was found, 2 it could not run. */
  | { kind: 'ended'; code: number; out: string; said: string }
  /** It was called off. */
  | { kind: 'cancelled' }
  /** It could not be started, was ended from outside, or wrote more than can be taken. */
  | { kind: 'failed'; reason: string };

/** Runs `program` in `folder` until it ends, or until `signal` calls it off. Never rejects. */
export function run(program: string, args: readonly string[], folder: string, signal?: AbortSignal): Promise<Ran> {
  if (signal?.aborted) {
    return Promise.resolve({ kind: 'cancelled' });
  }
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    let taken = 0;
    let reason: string | undefined;
    const take = (into: Buffer[]) => (piece: Buffer) => {
      taken += piece.length;
      if (taken > LARGEST_OUTPUT) {
        reason = `it wrote more than ${LARGEST_OUTPUT / 1024 / 1024} MB`;
        child.kill();
      } else {
        into.push(piece);
      }
    };
    child.stdout.on('data', take(out));
    child.stderr.on('data', take(said));
    const callOff = () => child.kill();
    signal?.addEventListener('abort', callOff, { once: true });
    const end = (ran: Ran) => {
      signal?.removeEventListener('abort', callOff);
      resolve(ran);
    };
    child.once('error', (error) => end({ kind: 'failed', reason: error.message }));
    child.once('close', (code, ended) => {
      if (signal?.aborted) {
        end({ kind: 'cancelled' });
      } else if (reason !== undefined || code === null) {
        end({ kind: 'failed', reason: reason ?? `it was ended by ${ended ?? 'the system'}` });
      } else {
        end({ kind: 'ended', code, out: Buffer.concat(out).toString('utf8'), said: Buffer.concat(said).toString('utf8').trim() });
      }
    });
  });
}
