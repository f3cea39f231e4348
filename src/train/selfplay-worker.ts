/** A thread that plays for `swp train`, with one-thread evaluators of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import { positionKey } from '../../agents/alphazero.ts';
import type { NetworkShape, Weights } from '../../agents/network.ts';
import { type SelfPlaySettings, selfPlay } from '../../agents/selfplay.ts';
import { specialistAgent } from '../../agents/specialist.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import { playMatch, points } from '../../arena/match.ts';
import type { Pairing } from '../../arena/schedule.ts';
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

/** Games of self-play, of which each thread plays those that it begins, answered with PartOfLessons; or matches between two networks, answered with the first seat's points in each. */
export type WorkerTask =
  | {
      readonly kind: 'play';
      readonly weights: Weights;
      readonly from: number;
      readonly to: number;
      readonly resigns: boolean;
      /** How many of these games all threads have begun; shared. */
      readonly begun: Int32Array;
    }
  | {
      readonly kind: 'duel';
      readonly contestants: readonly [Contestant, Contestant];
      readonly schedule: readonly Pairing[];
    };

/** A network at the table. */
export interface Contestant {
  readonly shape: NetworkShape;
  readonly weights: Weights;
  /** Simulations a move. */
  readonly simulations: number;
}

/** Games side by side: beyond, the network is hardly faster. */
const TABLES = 16;

const { game: name, shape, settings, seed, heldOut } = workerData as WorkerSetup;
await bringGame(name);
const game = gameNamed(name);

const isHeldOut = (observation: Float32Array): boolean =>
  heldOut.size > 0 && heldOut.has(positionKey(game, observation));

parentPort!.on('message', async (task: WorkerTask) => {
  if (task.kind === 'duel') {
    const agents = await Promise.all(task.contestants.map(seated));
    const scores: number[] = [];
    for (const { seats, seed: matchSeed, opening } of task.schedule) {
      const [first, second] = [agents[seats[0]]!, agents[seats[1]]!];
      const { ending } = await playMatch({ game, agents: [first, second], seed: matchSeed, opening });
      scores.push(points(ending)![0]);
    }
    parentPort!.postMessage(scores);
    return;
  }
  const evaluator = await createEvaluator(shape, task.weights, TABLES);
  parentPort!.postMessage(await selfPlay(game, evaluator, settings, { seed, ...task }, isHeldOut));
});

async function seated({ shape: own, weights, simulations }: Contestant, place: number) {
  return specialistAgent(game, await createEvaluator(own, weights, 1), { simulations, fingerprint: String(place) });
}
