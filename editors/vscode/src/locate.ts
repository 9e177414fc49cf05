// Where the `mandate` program is: the setting, the extension's own copy, the search path, in this order.
import { accessSync, constants, statSync } from 'node:fs';
import * as path from 'node:path';

/** Everything the answer depends on, so that it can be asked without an editor. */
export interface Surroundings {
  /** `mandate.server.path` as written; empty when not set. */
  setting: string;
  /** Folder of the extension. */
  extensionFolder: string;
  /** First workspace folder, if there is one on a disk. */
  workspaceFolder: string | undefined;
  /** Home folder of the person. */
  home: string;
  /** `PATH`. */
  searchPath: string;
  /** `process.platform`. */
  platform: NodeJS.Platform;
  /** Whether a file exists and may be run. */
  isProgram(file: string): boolean;
}

/** What was found and why it was chosen, or why nothing was. */
export type Located =
  | { found: true; program: string; origin: 'setting' | 'bundled' | 'search path' }
  | { found: false; reason: string };

/** Finds the program. A setting that leads nowhere is an error: falling back would run another program than the one asked for. */
export function locateServer(at: Surroundings): Located {
  const setting = at.setting.trim();
  if (setting !== '') {
    const program = expand(setting, at);
    if (program === undefined) {
      return { found: false, reason: `The setting mandate.server.path is "${setting}", a path relative to a workspace folder, and no folder is open.` };
    }
    return at.isProgram(program)
      ? { found: true, program, origin: 'setting' }
      : { found: false, reason: `The setting mandate.server.path names "${program}", which is not a program that can be run.` };
  }
  const name = at.platform === 'win32' ? 'mandate.exe' : 'mandate';
  const bundled = path.join(at.extensionFolder, 'server', name);
  if (at.isProgram(bundled)) {
    return { found: true, program: bundled, origin: 'bundled' };
  }
  for (const folder of at.searchPath.split(at.platform === 'win32' ? ';' : ':')) {
    // A relative entry would pick up a program from whatever folder is open.
    if (path.isAbsolute(folder)) {
      const program = path.join(folder, name);
      if (at.isProgram(program)) {
        return { found: true, program, origin: 'search path' };
      }
    }
  }
  return {
    found: false,
    reason: 'The program "mandate" was not found: it is neither bundled with the extension nor on PATH. Install it, or say in the setting mandate.server.path where it is.',
  };
}

function expand(setting: string, at: Surroundings): string | undefined {
  if (setting === '~' || setting.startsWith('~/') || setting.startsWith('~\\')) {
    return path.join(at.home, setting.slice(1));
  }
  if (path.isAbsolute(setting)) {
    return path.normalize(setting);
  }
  return at.workspaceFolder === undefined ? undefined : path.resolve(at.workspaceFolder, setting);
}

/** Whether `file` is a file this person may run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
