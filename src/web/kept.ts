/** The match at hand of each game, kept while the browser's tab lives: a reload or a look at the ratings does not end it. */

import type { Seat } from '../../games/game.ts';
import type { Thought } from './api.ts';

/** A match between a person and whoever sits opposite. */
export interface Kept {
  /** In the game's notation. */
  readonly moves: readonly string[];
  readonly you: Seat;
  readonly seed: number;
  readonly thoughts: readonly Told[];
}

/** What was thought of a position, and by whom: the opponent may be exchanged within a match. */
export interface Told {
  /** How many moves had been made. */
  readonly ply: number;
  readonly by: string;
  readonly thought: Thought;
}

const key = (game: string): string => `match of ${game}, 1`;

export function kept(game: string): Kept | undefined {
  try {
    const text = sessionStorage.getItem(key(game));
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    return undefined;
  }
}

/** A browser may be set to keep nothing; then the match ends with the page. */
export function keep(game: string, match: Kept): void {
  try {
    sessionStorage.setItem(key(game), JSON.stringify(match));
  } catch {
    // See above.
  }
}
