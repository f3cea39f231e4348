/** The games that the page can show: the catalog, and those that the server brought from elsewhere. */

import { type Entry, entryNamed } from '../../games/catalog.ts';

const brought = new Map<string, Entry>();

export const bring = (entry: Entry): void => void brought.set(entry.game.name, entry);

export const guests = (): readonly Entry[] => [...brought.values()];

/** Undefined for a game that is not here, such as one of a log, from a file or with parameters out of their range. */
export function entryOf(name: string): Entry | undefined {
  try {
    return brought.get(name) ?? entryNamed(name);
  } catch {
    return undefined;
  }
}
