/** Simulations a second of plain Monte-Carlo tree search from the start of each game (cards dealt), beside OpenSpiel's. */

import type { Turn } from '../agents/agent.ts';
import { searched } from '../agents/mcts.ts';
import { turnAfter } from '../arena/match.ts';
import { drawChance, type Game } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';

/**
 * OpenSpiel 2.0.2's C++ MCTSBot, one random rollout a leaf, from the start,
 * simulations per second at 10,000 a move on one core of an AMD EPYC 9005: the
 * wheel's, or a build of our own at -O3 where that is faster.
 */
export const OPEN_SPIEL_SIMULATIONS: Readonly<Record<string, number>> = {
  'tic-tac-toe': 1_179_485,
  'connect-four': 195_985,
  othello: 4_569,
};

const SIMULATIONS = 10_000;

/** The fastest of several searches of so many simulations, at least `seconds` of them. */
export function searchSpeed(game: Game, seconds: number, simulations = SIMULATIONS): number {
  const turn = dealt(game);
  let best = 0;
  const end = performance.now() + 1000 * seconds;
  for (let seed = 1; performance.now() < end; seed++) {
    const begin = performance.now();
    searched({ ...turn, random: seededRandom(seed) }, simulations);
    best = Math.max(best, (1000 * simulations) / (performance.now() - begin));
  }
  return best;
}

/** The first turn of a seat, after the first moves of chance where there are any. */
export function dealt(game: Game): Turn {
  const random = seededRandom(1);
  const moves: string[] = [];
  for (let state = game.start; game.turn(state) === 'chance'; ) {
    const move = drawChance(game, state, random);
    moves.push(game.formatMove(move));
    state = game.play(state, move);
  }
  return turnAfter(game, moves, 1)!;
}
