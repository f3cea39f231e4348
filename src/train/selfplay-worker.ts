/** A thread that plays games of self-play for `swp train`, with a one-thread evaluator of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import { positionKey } from '../../agents/alphazero.ts';
import type { NetworkShape, Weights } from '../../agents/network.ts';
import { type SelfPlaySettings, selfPlay } from '../../agents/selfplay.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import { bringGame, gameNamed } from '../games.ts';

/** What a worker is told once. */
export interface WorkerSetup {
  readonly game: string;
  readonly shape: NetworkShape;
  readonly settings: SelfPlaySettings;
  readonly seed: number;
  /** Keys of the positions that must not be taught. */
  readonly heldOut: ReadonlySet<string>;
}

/** What it is told for each task; it answers with Lessons. */
export interface WorkerTask {
  readonly weights: Weights;
  readonly from: number;
  readonly to: number;
}

/** Games side by side: large enough to fill the evaluator, small enough that few wait for the last to end. */
const TABLES = 16;

const { game: name, shape, settings, seed, heldOut } = workerData as WorkerSetup;
await bringGame(name);
const game = gameNamed(name);

parentPort!.on('message', async ({ weights, from, to }: WorkerTask) => {
  const evaluator = await createEvaluator(shape, weights, TABLES);
  const lessons = await selfPlay(game, evaluator, settings, { seed, from, to }, observation =>
    heldOut.has(positionKey(game, observation)),
  );
  parentPort!.postMessage(lessons);
});
