/** How long solvers take: connect-four's ply by ply, searches to the end from the start. */

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

/** Games that searching to the end solves from the start. */
const SEARCHED = [
  'tic-tac-toe',
  'gomoku:columns=4,rows=3,line=3',
  'nim',
  'nim:pile1=15,pile2=15,pile3=15,pile4=15,pile5=15,pile6=15',
  'hex:size=3',
  'hex:size=4',
  'dots-and-boxes:columns=2,rows=2',
  'dots-and-boxes:columns=3,rows=2',
  'kalah:pits=4,stones=3',
  'kalah:pits=5,stones=2',
  'breakthrough:columns=4,rows=4',
  'breakthrough:columns=4,rows=5',
  'breakthrough:columns=5,rows=5',
  'connect-four:columns=4,rows=4',
];

/** Seconds of processor time for all first moves, with nothing known, and the best of them by score. */
export function* solveStarts(): Generator<{ readonly game: string; readonly seconds: number; readonly best: number }> {
  for (const name of SEARCHED) {
    const game = gameNamed(name);
    const begin = process.cpuUsage();
    const scores = solverOf(game)(game.start);
    const seconds = process.cpuUsage(begin).user / 1e6;
    yield { game: name, seconds, best: Math.max(...scores.filter(score => score !== null)) };
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
