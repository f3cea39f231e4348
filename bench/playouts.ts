/** Random playouts a second from the start of each game, beside OpenSpiel's. */

import { type Game, playout } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import { dealt } from './search.ts';

/** OpenSpiel 2.0.2's C++, playouts a second from the start, best of five, on one core of an AMD EPYC 9005. */
export const OPEN_SPIEL_PLAYOUTS: Readonly<Record<string, number>> = {
  'tic-tac-toe': 1_100_000,
  'ultimate-tic-tac-toe': 87_000,
  'connect-four': 199_000,
  gomoku: 580,
  othello: 5_200,
  breakthrough: 25_000,
  hex: 21_000,
  'hex:size=7': 74_000,
  kalah: 205_000,
  'dots-and-boxes': 81_000,
  nim: 1_180_000,
  checkers: 7_500,
  go: 11_500,
  pig: 114_000,
  backgammon: 950,
  'kuhn-poker': 2_900_000,
  'leduc-poker': 1_400_000,
  'liars-dice': 1_500_000,
};

/** A batch takes this long at least: the clock is too coarse for less. */
export const BATCH_MILLISECONDS = 20;

/** The fastest of many batches of playouts from the start, `seconds` of them. */
export const playoutSpeed = (game: Game, seconds: number): number => speedFrom(game, game.start, seconds);

/** The same from the first position in which a seat is to move, as OpenSpiel is measured here: cards dealt, dice thrown. */
export const dealtSpeed = (game: Game, seconds: number): number => speedFrom(game, dealt(game).state, seconds);

function speedFrom(game: Game, state: unknown, seconds: number): number {
  const random = seededRandom(1);
  let best = 0;
  let batch = 1;
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const begin = performance.now();
    for (let i = 0; i < batch; i++) playout(game, state, random);
    const milliseconds = performance.now() - begin;
    if (milliseconds < BATCH_MILLISECONDS) batch *= 2;
    else best = Math.max(best, (1000 * batch) / milliseconds);
  }
  return best;
}
