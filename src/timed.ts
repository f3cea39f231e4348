/** A match with the clock running beside it. */

import { type Match, type MatchRecord, playMatch, type Watch } from '../arena/match.ts';
import type { Clock } from './log.ts';

export interface Timed {
  readonly record: MatchRecord;
  readonly clock: Clock;
}

export async function playTimed(match: Match, watch?: Watch): Promise<Timed> {
  const started = new Date().toISOString();
  const plySeconds: number[] = [];
  let last = performance.now();
  const record = await playMatch(match, (ply, turn) => {
    const now = performance.now();
    plySeconds.push(Math.round(100 * (now - last)) / 100_000);
    watch?.(ply, turn);
    last = performance.now();
  });
  return { record, clock: { started, plySeconds } };
}
