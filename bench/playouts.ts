/** Random playouts a second from the start of each game, beside OpenSpiel's. */

import { catalog } from '../games/catalog.ts';
import { playout } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';

export interface Speed {
  readonly game: string;
  readonly perSecond: number;
  /** OpenSpiel's; undefined for a game that was not compared. */
  readonly theirs: number | undefined;
}

/** OpenSpiel 2.0.2's C++, playouts a second from the start, best of five, on one core of an AMD EPYC 9005. */
const OPEN_SPIEL: Readonly<Record<string, number>> = {
  'tic-tac-toe': 1_100_000,
  'connect-four': 199_000,
  othello: 5_200,
};

const BATCH = 200;

/** The fastest of many batches of 200 playouts, `seconds` of them for each game. */
export function playoutSpeeds(seconds: number): readonly Speed[] {
  return catalog.map(({ game }) => {
    const random = seededRandom(1);
    let best = 0;
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      const begin = performance.now();
      for (let i = 0; i < BATCH; i++) playout(game, game.start, random);
      best = Math.max(best, (1000 * BATCH) / (performance.now() - begin));
    }
    return { game: game.name, perSecond: best, theirs: OPEN_SPIEL[game.name] };
  });
}
