/** Simulations a second of plain Monte-Carlo tree search from the start of each game, beside OpenSpiel's. */

import { Tree } from '../agents/search.ts';
import { catalog } from '../games/catalog.ts';
import { seededRandom } from '../games/random.ts';
import type { Speed } from './playouts.ts';

/**
 * OpenSpiel 2.0.2's C++ MCTSBot, one random rollout a leaf, from the start,
 * simulations per second at 10,000 a move on one core of an AMD EPYC 9005: the
 * wheel's, or a build of our own at -O3 where that is faster.
 */
const OPEN_SPIEL: Readonly<Record<string, number>> = {
  'tic-tac-toe': 1_179_485,
  'connect-four': 195_985,
  othello: 4_569,
};

const SIMULATIONS = 10_000;

/** The fastest of several searches of 10,000 simulations, at least `seconds` of them for each game. */
export function searchSpeeds(seconds: number): readonly Speed[] {
  return catalog.map(({ game }) => {
    let best = 0;
    const end = performance.now() + 1000 * seconds;
    for (let seed = 1; performance.now() < end; seed++) {
      const begin = performance.now();
      const tree = new Tree(game, game.start, seededRandom(seed));
      for (let i = 0; i < SIMULATIONS; i++) tree.simulate();
      best = Math.max(best, (1000 * SIMULATIONS) / (performance.now() - begin));
    }
    return { game: game.name, perSecond: best, theirs: OPEN_SPIEL[game.name] };
  });
}
