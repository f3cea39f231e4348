/** The match at hand of each game, kept while the browser's tab lives: a reload or a look at the ratings does not end it. */

import type { Seat } from '../../games/game.ts';
import type { Told } from './api.ts';

/** A match between a person and whoever sits opposite. */
export interface Kept {
  /** In the game's notation. */
  readonly moves: readonly string[];
  readonly you: Seat;
  readonly seed: number;
  readonly thoughts: readonly Told[];
}

/** A match that the server deals. */
export interface KeptDealt {
  readonly match: string;
  readonly you: Seat;
}

const key = (game: string): string => `match of ${game}, 2`;

export function kept<Match extends Kept | KeptDealt>(game: string): Match | undefined {
  try {
    const text = sessionStorage.getItem(key(game));
    return text === null ? undefined : (JSON.parse(text) as Match);
  } catch {
    return undefined;
  }
}

/** A browser may be set to keep nothing; then the match ends with the page. */
export function keep(game: string, match: Kept | KeptDealt): void {
  try {
    sessionStorage.setItem(key(game), JSON.stringify(match));
  } catch {
    // See above.
  }
}
