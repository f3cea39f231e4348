import { describe, expect, test } from 'vitest';
import { type Pairing, roundRobin } from '../../arena/schedule.ts';
import { connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameOf } from '../../games/family.ts';
import { replay } from '../../games/game.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';

const connectFour = gameOf(connectFourFamily);
const ticTacToe = gameOf(ticTacToeFamily);

/** The two games of every pair. */
const pairsOf = (schedule: readonly Pairing[]): readonly (readonly [Pairing, Pairing])[] =>
  Array.from({ length: schedule.length / 2 }, (_, i) => [schedule[2 * i]!, schedule[2 * i + 1]!]);

const meeting = ({ seats }: Pairing): string => seats.toSorted().join('-');

/** How often each two agents meet, in games. */
const meetings = (schedule: readonly Pairing[]): Record<string, number> => {
  const count: Record<string, number> = {};
  for (const pairing of schedule) count[meeting(pairing)] = (count[meeting(pairing)] ?? 0) + 1;
  return count;
};

const four = roundRobin(connectFour, 4, () => 10, 1);

test('everybody meets everybody as often as asked, and nobody themself', () => {
  expect(meetings(four)).toEqual({ '0-1': 20, '0-2': 20, '0-3': 20, '1-2': 20, '1-3': 20, '2-3': 20 });
});

test('the number of meetings may differ from pair to pair, and may be none', () => {
  const schedule = roundRobin(connectFour, 3, (first, second) => (first === 0 ? second : 0), 1);
  expect(meetings(schedule)).toEqual({ '0-1': 2, '0-2': 4 });
});

test('the two games of a pair share opening and seed, with seats exchanged', () => {
  for (const [first, second] of pairsOf(four)) {
    expect(second.seats).toEqual(first.seats.toReversed());
    expect(second.opening).toEqual(first.opening);
    expect(second.seed).toBe(first.seed);
    expect(second.pair).toBe(first.pair);
  }
});

test('places and pairs are numbered from 0, and no two pairs share a seed', () => {
  expect(four.map(({ index }) => index)).toEqual(four.map((_, i) => i));
  expect(four.map(({ pair }) => pair)).toEqual(four.map((_, i) => Math.floor(i / 2)));
  expect(new Set(four.map(({ seed }) => seed)).size).toBe(four.length / 2);
});

test('a schedule cut short has every two agents meet about equally often', () => {
  for (let end = 0; end <= four.length; end += 2) {
    const counts = Object.values({
      ...{ '0-1': 0, '0-2': 0, '0-3': 0, '1-2': 0, '1-3': 0, '2-3': 0 },
      ...meetings(four.slice(0, end)),
    });
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  }
});

describe('openings', () => {
  test('are as long as the game wants them, and legal', () => {
    for (const { opening } of four) {
      expect(opening).toHaveLength(connectFour.openingPlies);
      expect(connectFour.outcome(replay(connectFour, opening))).toBeUndefined();
    }
  });

  test('are different for every meeting of two agents, while there are new ones', () => {
    for (const two of new Set(four.map(meeting))) {
      const openings = pairsOf(four).flatMap(([first]) => (meeting(first) === two ? [first.opening.join(' ')] : []));
      expect(new Set(openings).size).toBe(10);
    }
  });

  test('come again where a game has too few', () => {
    const schedule = roundRobin(ticTacToe, 2, () => 30, 1);
    expect(schedule).toHaveLength(60);
    expect(new Set(schedule.map(({ opening }) => opening.join(' '))).size).toBe(9);
  });
});

test('the same seed gives the same schedule, another seed another', () => {
  expect(roundRobin(connectFour, 4, () => 10, 1)).toEqual(four);
  const other = roundRobin(connectFour, 4, () => 10, 2);
  expect(other.map(({ opening }) => opening)).not.toEqual(four.map(({ opening }) => opening));
  const seeds = new Set(four.map(({ seed }) => seed));
  expect(other.filter(({ seed }) => seeds.has(seed))).toEqual([]);
});

test('who is far down the list changes nothing for those before', () => {
  expect(roundRobin(connectFour, 2, () => 10, 1).slice(0, 2)).toEqual(four.slice(0, 2));
});

test.each([0, 1])('%i agents have nobody to meet', agents => {
  expect(roundRobin(ticTacToe, agents, () => 5, 1)).toEqual([]);
});
