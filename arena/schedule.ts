/** Who plays whom, from which opening. */

import type { Game } from '../games/game.ts';
import { randomOpening } from './match.ts';

export interface Pairing {
  /** Its place in the schedule, from 0. */
  readonly index: number;
  /** The two games of a pair share this number, and with it seed and opening. */
  readonly pair: number;
  /** By seat, as places in the list of agents. */
  readonly seats: readonly [number, number];
  readonly seed: number;
  readonly opening: readonly string[];
}

/** How often a pair's opening is drawn again because two agents already played it. */
const REDRAWS = 20;

/**
 * A round robin in which every two of `agents` agents meet `pairs(first, second)`
 * times; each meeting is two games from the same opening with seats exchanged.
 * Moving first is worth something in most games; a pair takes it out of the
 * result. Two agents get different openings as long as chance finds new ones.
 *
 * Rounds are interleaved, so that a tournament cut short has played every
 * pairing about equally often.
 */
export function roundRobin(
  game: Game,
  agents: number,
  pairs: (first: number, second: number) => number,
  seed: number,
): readonly Pairing[] {
  const meetings = Array.from({ length: agents }, (_, first) =>
    Array.from({ length: agents - first - 1 }, (_, i) => [first, first + 1 + i] as const),
  ).flat();
  const rounds = Math.max(0, ...meetings.map(([first, second]) => pairs(first, second)));
  const seen = new Set<string>();
  const schedule: Pairing[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [first, second] of meetings) {
      if (round >= pairs(first, second)) continue;
      const pair = schedule.length / 2;
      let draw = 0;
      let key: string;
      let opening: readonly string[];
      do {
        opening = randomOpening(game, game.openingPlies, Math.imul(seed + 1, 1_000_003) + pair * REDRAWS + draw++);
        key = `${first} ${second} ${opening.join(' ')}`;
      } while (seen.has(key) && draw < REDRAWS);
      seen.add(key);
      const shared = { pair, seed: seed * 1_000_000 + pair, opening };
      schedule.push({ index: 2 * pair, seats: [first, second], ...shared });
      schedule.push({ index: 2 * pair + 1, seats: [second, first], ...shared });
    }
  }
  return schedule;
}
