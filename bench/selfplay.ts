/** How much of onnxruntime's speed self-play leaves: what two threads judge while they play, beside what they judge and do nothing else. */

import { setTimeout } from 'node:timers/promises';
import { RECIPE, shapeOf } from '../agents/alphazero.ts';
import { freshWeights } from '../agents/network.ts';
import { seededRandom } from '../games/random.ts';
import { gameNamed } from '../src/games.ts';
import { openHall } from '../src/train/hall.ts';
import { judgesOf } from './judges.ts';

export interface SelfPlaySpeed {
  readonly filters: number;
  readonly blocks: number;
  /** Positions that the network judged a second in self-play; those that were remembered are not among them. */
  readonly playing: number;
  /** The same where nothing else is done. */
  readonly alone: number;
}

const THREADS = 2;
const SEED = 1;

/** Filters and blocks, and games that take some seconds. */
const SIZES = [
  [32, 3, 2048],
  [64, 5, 512],
] as const;

/** Of connect-four by the usual recipe, with networks that know nothing yet. */
export async function* selfPlaySpeeds(seconds: number): AsyncGenerator<SelfPlaySpeed> {
  const game = gameNamed('connect-four');
  for (const [filters, blocks, games] of SIZES) {
    const recipe = { ...RECIPE, filters, blocks };
    const shape = shapeOf(game, recipe);
    const weights = freshWeights(shape, seededRandom(SEED));
    const judging = async () => {
      const judges = await judgesOf(shape, THREADS);
      const [before, begin] = [judges.judged(), performance.now()];
      await setTimeout(1000 * seconds);
      const speed = (judges.judged() - before) / ((performance.now() - begin) / 1000);
      await judges.stop();
      return speed;
    };
    const hall = await openHall(
      game,
      { game: game.name, seed: SEED, recipe, engine: 'onnxruntime-node', parent: null },
      THREADS,
    );
    await hall.play(weights, { from: 0, to: 64, resigns: false });
    // Before and after, for the machine may change its pace.
    const first = await judging();
    const begin = performance.now();
    const { evaluations } = await hall.play(weights, { from: 0, to: games, resigns: false });
    const playing = evaluations / ((performance.now() - begin) / 1000);
    await hall.close();
    yield { filters, blocks, playing, alone: (first + (await judging())) / 2 };
  }
}
