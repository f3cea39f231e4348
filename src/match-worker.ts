/** A thread that plays matches between agents that can be made from their names alone. */

import { parentPort, workerData } from 'node:worker_threads';
import type { Agent } from '../agents/agent.ts';
import type { Pairing } from '../arena/schedule.ts';
import { engineAgent } from './engines.ts';
import { bringGame, gameNamed } from './games.ts';
import { agentNamed } from './roster.ts';
import { playTimed } from './timed.ts';

/** What a worker is told once. It is then sent Pairings, and answers each with a Timed; null sends it home. */
export interface MatchWorkerSetup {
  readonly game: string;
  readonly agents: readonly string[];
}

const { game: name, agents } = workerData as MatchWorkerSetup;
await bringGame(name);
const game = gameNamed(name);
const seated = new Map<number, Promise<Agent>>();

const seat = (place: number): Promise<Agent> => {
  const agent = seated.get(place) ?? agentNamed(agents[place]!, game, { startEngine: engineAgent });
  seated.set(place, agent);
  return agent;
};

parentPort!.on('message', async (pairing: Pairing | null) => {
  // Not terminated from outside, it ends the programs that it started.
  if (pairing === null) process.exit();
  const { seats, seed, opening } = pairing;
  parentPort!.postMessage(
    await playTimed({ game, agents: [await seat(seats[0]), await seat(seats[1])], seed, opening }),
  );
});
