/** How long connect-four's solver takes to score all seven moves, ply by ply. */

import { type Game, randomMove } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import { gameNamed } from '../src/games.ts';
import { solverOf } from '../src/solvers.ts';

export interface SolveTime {
  readonly ply: number;
  /** Milliseconds of processor time for all moves of a position. */
  readonly mean: number;
  readonly median: number;
  readonly most: number;
}

/** `count` positions of random play at each of the plies, those of each with a solver that has seen none of them. */
export function* solveTimes(plies: readonly number[], count: number): Generator<SolveTime> {
  const game = gameNamed('connect-four');
  for (const ply of plies) {
    const solver = solverOf(game);
    const times = Array.from({ length: count }, (_, i) => {
      const state = randomPosition(game, ply, 1000 * ply + i);
      const begin = process.cpuUsage();
      solver(state);
      return process.cpuUsage(begin).user / 1000;
    }).toSorted((a, b) => a - b);
    yield {
      ply,
      mean: times.reduce((sum, time) => sum + time, 0) / count,
      median: times[count >> 1]!,
      most: times.at(-1)!,
    };
  }
}

/** After so many random moves, the game not being over. */
function randomPosition(game: Game, plies: number, seed: number): unknown {
  const random = seededRandom(seed);
  for (;;) {
    let state = game.start;
    for (let i = 0; i < plies && !game.outcome(state); i++) state = game.play(state, randomMove(game, state, random));
    if (!game.outcome(state)) return state;
  }
}
