/** The worker threads of a training run: games of self-play, and duels between networks. */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Hall, positionKey, shapeOf } from '../../agents/alphazero.ts';
import type { Weights } from '../../agents/network.ts';
import type { Lessons, PartOfLessons } from '../../agents/selfplay.ts';
import { roundRobin } from '../../arena/schedule.ts';
import type { Game } from '../../games/game.ts';
import { hasPositions, loadPositions } from '../positions.ts';
import type { Run } from './checkpoints.ts';
import type { Contestant, WorkerSetup, WorkerTask } from './selfplay-worker.ts';

/** One match of a duel; the two that share an opening with seats exchanged share a pair. */
export interface Bout {
  readonly pair: number;
  /** 0 for the challenger, 1 for the champion. */
  readonly first: 0 | 1;
  /** Points of the first seat. */
  readonly score: number;
}

export interface Threads extends Hall {
  /** `pairs` pairs of matches between two networks. The same number means the same openings. */
  bouts(contestants: readonly [Contestant, Contestant], pairs: number, number: number): Promise<readonly Bout[]>;
  /** A network of the run's shape, as it plays its duels. */
  contestant(weights: Weights): Contestant;
  close(): Promise<void>;
}

/** Simulations a move in a duel of a run. */
const DUEL_SIMULATIONS = 16;

/** Pairs of matches that decide whether a challenger passes the gate. */
const GATE_PAIRS = 50;

export async function openHall(game: Game, { seed, recipe }: Run, workers: number): Promise<Threads> {
  const setup: WorkerSetup = {
    game: game.name,
    shape: shapeOf(game, recipe),
    settings: recipe.selfPlay,
    seed,
    heldOut: await heldOutKeys(game),
  };
  const threads = Array.from(
    { length: workers },
    () => new Worker(new URL('./selfplay-worker.js', import.meta.url), { workerData: setup }),
  );
  const ask = async <Answer>(thread: Worker, task: WorkerTask): Promise<Answer> => {
    thread.postMessage(task);
    const [answer] = (await once(thread, 'message')) as [Answer];
    return answer;
  };
  /** The i-th thread's share of a list. */
  const share = <Item>(list: readonly Item[], i: number): readonly Item[] => {
    const bound = (part: number) => Math.floor((list.length * part) / workers);
    return list.slice(bound(i), bound(i + 1));
  };

  const hall: Threads = {
    async play(weights, { from, to, resigns }) {
      const begun = new Int32Array(new SharedArrayBuffer(4));
      const parts = threads.map(thread =>
        ask<PartOfLessons>(thread, { kind: 'play', weights, from, to, resigns, begun }),
      );
      return together(await Promise.all(parts));
    },
    async bouts(contestants, pairs, number) {
      const schedule = roundRobin(game, 2, () => pairs, seed * 1000 + number);
      const parts = threads.map((thread, i) =>
        ask<readonly number[]>(thread, { kind: 'duel', contestants, schedule: share(schedule, i) }),
      );
      const scores = (await Promise.all(parts)).flat();
      return schedule.map(({ pair, seats }, i) => ({ pair, first: seats[0] as 0 | 1, score: scores[i]! }));
    },
    async duel(challenger, champion, number) {
      const bouts = await hall.bouts([hall.contestant(challenger), hall.contestant(champion)], GATE_PAIRS, number);
      return bouts.reduce((sum, { first, score }) => sum + (first === 0 ? score : 1 - score), 0) / bouts.length;
    },
    contestant: weights => ({ shape: setup.shape, weights, simulations: DUEL_SIMULATIONS }),
    async close() {
      await Promise.all(threads.map(thread => thread.terminate()));
    },
  };
  return hall;
}

/** The keys of every labelled position, so that none is trained on. */
export async function heldOutKeys(game: Game): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const split of ['heldout', 'validation'] as const) {
    if (!hasPositions(game, split)) continue;
    for (const { state } of await loadPositions(game, split)) keys.add(positionKey(game, game.observe(state)));
  }
  return keys;
}

/** The lessons of several threads as one, in the order of the games. */
function together(parts: readonly PartOfLessons[]): Lessons {
  const rows = parts.flatMap(part => Array.from(part.origins, (origin, row) => ({ origin, part, row })));
  rows.sort((a, b) => a.origin - b.origin);
  const joined = <Numbers extends Float32Array | Uint8Array>(of: (part: Lessons) => Numbers, whole: Numbers) => {
    const size = whole.length / rows.length;
    for (const [i, { part, row }] of rows.entries()) {
      whole.set(of(part).subarray(row * size, (row + 1) * size), i * size);
    }
    return whole;
  };
  const sum = (of: (part: Lessons) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    count: rows.length,
    observations: joined(part => part.observations, new Uint8Array(sum(part => part.observations.length))),
    policies: joined(part => part.policies, new Float32Array(sum(part => part.policies.length))),
    values: joined(part => part.values, new Float32Array(rows.length)),
    games: sum(({ games }) => games),
    plies: sum(({ plies }) => plies),
    evaluations: sum(({ evaluations }) => evaluations),
    playedOn: sum(({ playedOn }) => playedOn),
    wronglyResigned: sum(({ wronglyResigned }) => wronglyResigned),
  };
}
