/** Speeds of all games, each in a thread of its own: code that has run many games is slower at each of them. */

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { catalog, entryNamed } from '../games/catalog.ts';
import { dealtSpeed, OPEN_SPIEL_PLAYOUTS, playoutSpeed } from './playouts.ts';
import { OPEN_SPIEL_SIMULATIONS, searchSpeed } from './search.ts';

const PARTS = {
  playouts: { speed: playoutSpeed, dealtSpeed, theirs: OPEN_SPIEL_PLAYOUTS },
  search: { speed: searchSpeed, dealtSpeed: searchSpeed, theirs: OPEN_SPIEL_SIMULATIONS },
} as const;

interface Work {
  readonly part: keyof typeof PARTS;
  readonly game: string;
  readonly seconds: number;
  readonly isDealt: boolean;
}

export interface Speed {
  readonly game: string;
  readonly perSecond: number;
  /** From the first decision on, where chance comes before it; else the same. */
  readonly dealtPerSecond: number;
  /** OpenSpiel's; undefined for a game that was not compared. */
  readonly theirs: number | undefined;
}

/** One game after the other: the games of the catalog, and those whose speed in OpenSpiel is known. */
export async function* speeds(part: keyof typeof PARTS, seconds: number): AsyncGenerator<Speed> {
  const { theirs } = PARTS[part];
  for (const game of new Set([...catalog.map(({ game }) => game.name), ...Object.keys(theirs)])) {
    const measured = (isDealt: boolean) => inThread({ part, game, seconds, isDealt });
    const perSecond = await measured(false);
    const rules = entryNamed(game)!.game;
    const dealtPerSecond = rules.turn(rules.start) === 'chance' ? await measured(true) : perSecond;
    yield { game, perSecond, dealtPerSecond, theirs: theirs[game] };
  }
}

function inThread(work: Work): Promise<number> {
  const worker = new Worker(new URL('./bench-worker.js', import.meta.url), { workerData: work });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread) {
  const { part, game, seconds, isDealt } = workerData as Work;
  parentPort!.postMessage(PARTS[part][isDealt ? 'dealtSpeed' : 'speed'](entryNamed(game)!.game, seconds));
}
