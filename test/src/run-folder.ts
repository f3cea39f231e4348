/** What a training leaves in its folder. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The snapshot in a folder of training: its name is the hash of its content. */
export const snapshotIn = async (out: string): Promise<string> => {
  const names = (await readdir(out)).filter(name => /^[0-9a-f]{12}$/.test(name));
  return join(out, names.at(-1)!);
};

/** A log, but for the minutes that its iterations took. */
export const withoutClock = (log: string): string => log.replaceAll(/"minutes":[\d.]+/g, '');
