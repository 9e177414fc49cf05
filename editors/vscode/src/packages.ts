// Which package a file belongs to: the nearest folder at or above it that holds a manifest.
import { readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';

/** Name of the manifest of a package. */
export const MANIFEST = 'mandate.toml';

/** The folder of the package that holds `file`, which may be a folder itself; `undefined` outside any package. */
export function packageOf(file: string, isFile: (file: string) => boolean = isRegularFile): string | undefined {
  for (let folder = file; ; folder = path.dirname(folder)) {
    if (isFile(path.join(folder, MANIFEST))) {
      return folder;
    }
    if (path.dirname(folder) === folder) {
      return undefined;
    }
  }
}

function isRegularFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A folder as people know it: relative to a workspace folder that holds it, else whole. */
export function shortName(folder: string, workspaceFolders: readonly string[]): string {
  const names = workspaceFolders.flatMap((root) => {
    const below = path.relative(root, folder);
    const outside = below === '..' || below.startsWith(`..${path.sep}`) || path.isAbsolute(below);
    return outside ? [] : [below === '' ? path.basename(root) : path.join(path.basename(root), below)];
  });
  return names.sort((a, b) => a.length - b.length)[0] ?? folder;
}

/** A module of the package in `folder`, the first by name; `undefined` if there is none. Packages inside the package are others. */
export function moduleOf(folder: string): string | undefined {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const module = entries.find((entry) => entry.isFile() && entry.name.endsWith('.mandate'));
  if (module !== undefined) {
    return path.join(folder, module.name);
  }
  for (const entry of entries) {
    const below = path.join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules' && !isRegularFile(path.join(below, MANIFEST))) {
      const found = moduleOf(below);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}
