/**
 * Playing a schedule: matches of portable agents in worker threads, then the
 * others here, one after the other. Not both at once: a local model and a search
 * on the same cores take several times as long as one after the other.
 */

import { Worker } from 'node:worker_threads';
import type { Agent } from '../agents/agent.ts';
import type { MatchRecord } from '../arena/match.ts';
import { points } from '../arena/match.ts';
import type { Result } from '../arena/rating.ts';
import type { Pairing } from '../arena/schedule.ts';
import type { Game } from '../games/game.ts';
import { EndpointError } from './errors.ts';
import type { Entry } from './log.ts';
import type { MatchWorkerSetup } from './match-worker.ts';
import { isPortable } from './roster.ts';
import { playTimed, type Timed } from './timed.ts';

/** How long a thread has to end itself. */
const LEAVE_MS = 500;

export interface Plan {
  readonly game: Game;
  /** As on the command line. */
  readonly agents: readonly string[];
  /** What is still to be played. */
  readonly schedule: readonly Pairing[];
  readonly workers: number;
  /** Brings an agent that is not portable to the table, in this thread. Called once for each. */
  readonly seat: (spec: string) => Promise<Agent>;
  /** Told of each decision in the matches that are played in this thread. */
  readonly watch: (pairing: Pairing, ply: number) => void;
  /** Told of every finished match, in the order in which they finish. */
  readonly finished: (pairing: Pairing, timed: Timed) => void;
  /** Once aborted, no further match is begun, and those not finished are dropped. */
  readonly signal: AbortSignal;
}

/** Resolves when everything is played or the plan is aborted. Rejects if an agent cannot be seated. */
export async function play(plan: Plan): Promise<void> {
  const portable = plan.agents.map(isPortable);
  const inWorker = ({ seats: [first, second] }: Pairing): boolean => portable[first]! && portable[second]!;
  await playInWorkers(plan, plan.schedule.filter(inWorker));
  await playHere(
    plan,
    plan.schedule.filter(pairing => !inWorker(pairing)),
  );
}

async function playHere(
  { game, agents, seat, watch, finished, signal }: Plan,
  schedule: readonly Pairing[],
): Promise<void> {
  const seated = new Map<number, Agent>();
  for (const pairing of schedule) {
    for (const place of pairing.seats) {
      if (signal.aborted) return;
      if (!seated.has(place)) seated.set(place, await orOutOfOrder(agents[place]!, seat));
    }
    if (signal.aborted) return;
    const timed = await playTimed(
      {
        game,
        agents: [until(signal, seated.get(pairing.seats[0])!), until(signal, seated.get(pairing.seats[1])!)],
        seed: pairing.seed,
        opening: pairing.opening,
      },
      (_, { history }) => watch(pairing, history.length + 1),
    );
    if (signal.aborted) return;
    finished(pairing, timed);
  }
}

/**
 * The agent, or where its endpoint fails already while it studies, one that can
 * only say so: its matches are void, and the others are played.
 */
async function orOutOfOrder(spec: string, seat: (spec: string) => Promise<Agent>): Promise<Agent> {
  try {
    return await seat(spec);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    return {
      name: spec,
      conditions: { division: 'none', budget: {} },
      decide() {
        throw error;
      },
    };
  }
}

/** The agent, that gets up from the table once the signal is given. */
const until = (signal: AbortSignal, agent: Agent): Agent => ({
  ...agent,
  decide(turn) {
    signal.throwIfAborted();
    return agent.decide(turn);
  },
});

function playInWorkers(plan: Plan, schedule: readonly Pairing[]): Promise<void> {
  const { game, agents, workers, finished, signal } = plan;
  if (schedule.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let next = 0;
    const threads = new Set<Worker>();
    const leave = (worker: Worker): void => {
      threads.delete(worker);
      worker.postMessage(null);
      // Whoever thinks hears nothing.
      const impatience = setTimeout(() => worker.terminate(), LEAVE_MS);
      worker.once('exit', () => clearTimeout(impatience));
      if (threads.size === 0) resolve();
    };
    signal.addEventListener('abort', () => [...threads].forEach(leave));
    for (let i = 0; i < Math.min(workers, schedule.length) && !signal.aborted; i++) {
      const setup: MatchWorkerSetup = { game: game.name, agents };
      const worker = new Worker(new URL('./match-worker.js', import.meta.url), { workerData: setup });
      threads.add(worker);
      let current: Pairing | undefined;
      const proceed = (): void => {
        current = schedule[next++];
        if (current) worker.postMessage(current);
        else leave(worker);
      };
      const fail = (error: unknown): void => {
        reject(error);
        [...threads].forEach(leave);
      };
      worker.on('message', (timed: Timed) => {
        if (signal.aborted || !current) return;
        try {
          finished(current, timed);
        } catch (error) {
          return fail(error);
        }
        proceed();
      });
      worker.on('error', fail);
      proceed();
    }
    if (threads.size === 0) resolve();
  });
}

/** One result for each match of a log that counts; one against oneself says nothing. */
export const resultsOf = (entries: readonly Entry[]): readonly Result[] => {
  const names = distinctNames(entries.map(({ record }) => record));
  return entries.flatMap(({ record, tournament, place }) => {
    const score = points(record.ending)?.[0];
    const [first, second] = [names(record, 0), names(record, 1)];
    return score === undefined || first === second
      ? []
      : [{ first, second, score, pair: `${tournament}/${place >> 1}` }];
  });
};

/**
 * Players' names, told apart where one name stands for players with different
 * conditions or learning: ratings never mix those.
 */
export function distinctNames(records: readonly MatchRecord[]): (record: MatchRecord, seat: 0 | 1) => string {
  const identity = ({ players }: MatchRecord, seat: 0 | 1): string =>
    JSON.stringify([players[seat].fingerprint, players[seat].conditions]);
  const known = new Map<string, string[]>();
  for (const record of records) {
    for (const seat of [0, 1] as const) {
      const { name } = record.players[seat];
      const identities = known.get(name) ?? [];
      if (!identities.includes(identity(record, seat))) identities.push(identity(record, seat));
      known.set(name, identities);
    }
  }
  return (record, seat) => {
    const { name, fingerprint } = record.players[seat];
    const identities = known.get(name)!;
    if (identities.length === 1) return name;
    return `${name}#${fingerprint?.slice(0, 6) ?? identities.indexOf(identity(record, seat)) + 1}`;
  };
}
