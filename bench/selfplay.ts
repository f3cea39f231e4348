/** How much of onnxruntime's speed self-play leaves: what two threads judge while they play, beside what they judge and do nothing else. */

import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { RECIPE, shapeOf } from '../agents/alphazero.ts';
import { freshWeights } from '../agents/network.ts';
import { seededRandom } from '../games/random.ts';
import { gameNamed } from '../src/games.ts';
import { openHall } from '../src/train/hall.ts';
import type { Judging } from './training-worker.ts';

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
  [32, 3, 512],
  [64, 5, 128],
] as const;

/** Of connect-four by the usual recipe, with networks that know nothing yet. */
export async function* selfPlaySpeeds(seconds: number): AsyncGenerator<SelfPlaySpeed> {
  const game = gameNamed('connect-four');
  for (const [filters, blocks, games] of SIZES) {
    const recipe = { ...RECIPE, filters, blocks };
    const shape = shapeOf(game, recipe);
    const weights = freshWeights(shape, seededRandom(SEED));
    const judging = async () => {
      const judged = new Int32Array(new SharedArrayBuffer(8));
      const program = new URL('./bench-training.js', import.meta.url);
      const workerData: Judging = { shape, judged };
      const workers = Array.from({ length: THREADS }, () => new Worker(program, { workerData }));
      await Promise.all(workers.map(worker => once(worker, 'message')));
      const [before, begin] = [Atomics.load(judged, 0), performance.now()];
      await setTimeout(1000 * seconds);
      const speed = (Atomics.load(judged, 0) - before) / ((performance.now() - begin) / 1000);
      Atomics.store(judged, 1, 1);
      await Promise.all(workers.map(worker => once(worker, 'exit')));
      return speed;
    };
    const hall = await openHall(
      game,
      { game: game.name, seed: SEED, recipe, engine: 'onnxruntime-node', parent: null },
      THREADS,
    );
    await hall.play(weights, { from: 0, to: THREADS, resigns: false });
    // Before and after, for the machine may change its pace.
    const first = await judging();
    const begin = performance.now();
    const { evaluations } = await hall.play(weights, { from: 0, to: games, resigns: false });
    const playing = evaluations / ((performance.now() - begin) / 1000);
    await hall.close();
    yield { filters, blocks, playing, alone: (first + (await judging())) / 2 };
  }
}
