/** What knows the truth about a game. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { exhaustiveSolver, searchingSolver } from '../agents/perfect.ts';
import type { Game, Solver } from '../games/game.ts';
import { root } from './files.ts';

/**
 * So many positions are searched for a question, seconds of work: more by a game's
 * own search, fewer where a position is remembered as a text, and the more moves
 * the game has.
 */
function budgetOf({ endSearch, key, moveCount }: Game): number {
  if (endSearch) return 5_000_000;
  return key ? 1_000_000 : Math.min(300_000, Math.floor(4_000_000 / moveCount));
}

/**
 * The game's own solver with its book, else a search of everything that can
 * follow, within `budget` positions. Throws, or its answer does, where that is
 * too much.
 */
export function solverOf(game: Game, budget: number = budgetOf(game)): Solver {
  if (game.solver) return game.solver(gunzipSync(readFileSync(join(root, 'games', game.family, 'book.gz'))));
  return game.chances ? exhaustiveSolver(game) : searchingSolver(game, budget);
}
