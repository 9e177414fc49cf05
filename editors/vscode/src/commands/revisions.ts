// The revisions of git that touched a package.

/** A revision: a name by which `mandate diff` finds it, what it says, when it was made. */
export interface Revision {
  name: string;
  title: string;
  day: string;
}

/** Reads lines of abbreviated hash, names of branches and tags, title and day, parted by the unit separator. A tag is the better name. */
export function readRevisions(log: string): Revision[] {
  return log.split('\n').flatMap((line) => {
    const [hash, names = '', title = '', day = ''] = line.split('\x1f');
    if (hash === undefined || hash === '') {
      return [];
    }
    const tag = names.split(', ').find((name) => name.startsWith('tag: '))?.slice('tag: '.length);
    return [{ name: tag ?? hash, title, day }];
  });
}
