/** What knows the truth about a game. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { exhaustiveSolver } from '../agents/perfect.ts';
import type { Game, Solver } from '../games/game.ts';
import { root } from './files.ts';

/** The game's own solver with its book, else exhaustive search. Throws where the game is too large for that, or hides something. */
export const solverOf = (game: Game): Solver =>
  game.solver?.(gunzipSync(readFileSync(join(root, 'games', game.family, 'book.gz')))) ?? exhaustiveSolver(game);
