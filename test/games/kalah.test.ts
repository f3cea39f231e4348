import { describe, expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, playout, replay } from '../../games/game.ts';
import { type Kalah, kalah } from '../../games/kalah/rules.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout as steps } from '../playouts.ts';

const usual = gameOf(kalah);
const play = (moves: string, game = usual): Kalah => replay(game, moves.split(' '));

/** Counted by OpenSpiel 2.0.2. */
test.each([
  [2, 35],
  [3, 185],
  [4, 942],
  [5, 4690],
  [6, 23233],
])('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(usual, depth)).toBe(count);
});

test('stones go around against the clock, one into each place', () => {
  expect(play('a').stones).toEqual([0, 0, 5, 5, 5, 5, 4, 0, 4, 4, 4, 4, 4, 4]);
  expect(play('a').turn).toBe(1);
  expect(play('f g').stones).toEqual([0, 4, 4, 4, 4, 4, 0, 1, 0, 6, 6, 5, 5, 5]);
});

test('a last stone in the own store gives another turn', () => {
  expect(play('c')).toMatchObject({ turn: 0 });
  expect(play('c a')).toMatchObject({ turn: 1 });
  expect(play('a i')).toMatchObject({ turn: 1 });
});

const at = (stones: readonly number[], turn: 0 | 1 = 0): Kalah => ({ stones, turn });
const sowing = (game: Game<Kalah>, state: Kalah, move: string): Kalah => game.play(state, game.parseMove(move)!);

test("the opponent's store is passed over, and a full lap fills the pit that was emptied", () => {
  const state = at([20, 0, 0, 0, 0, 0, 13, 1, 1, 1, 1, 1, 1, 1]);
  // Thirteen stones end in the pit they came from, which is empty then: that captures the two opposite.
  expect(sowing(usual, state, 'f').stones).toEqual([20, 1, 1, 1, 1, 1, 0, 5, 0, 2, 2, 2, 2, 2]);
});

describe('a last stone in an own empty pit', () => {
  const opposite = at([0, 1, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 6, 1]);
  const nothing = at([0, 1, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]);

  test('captures what lies opposite, and itself', () => {
    expect(sowing(usual, opposite, 'a').stones).toEqual([0, 0, 0, 3, 0, 0, 0, 7, 2, 0, 0, 0, 0, 1]);
  });

  test('captures nothing where nothing lies opposite, unless that is the rule', () => {
    expect(sowing(usual, nothing, 'a').stones).toEqual([0, 0, 1, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]);
    expect(sowing(gameOf(kalah, { empty: true }), nothing, 'a').stones).toEqual([
      0, 0, 0, 3, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1,
    ]);
  });

  test('captures nothing where nobody captures', () => {
    expect(sowing(gameOf(kalah, { capture: false }), opposite, 'a').stones).toEqual([
      0, 0, 1, 3, 0, 0, 0, 0, 2, 0, 0, 0, 6, 1,
    ]);
  });

  test("captures nothing in the other's pits", () => {
    const state = at([0, 4, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 5]);
    expect(sowing(usual, state, 'f').stones).toEqual([0, 4, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 5]);
  });
});

test('when the pits of one player are empty the other keeps the rest, and more stones win', () => {
  const state = at([20, 0, 0, 0, 0, 0, 1, 22, 2, 0, 0, 0, 0, 3]);
  const last = sowing(usual, state, 'f');
  expect(last.stones).toEqual([25, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0]);
  expect(usual.outcome(last)).toEqual({ kind: 'win', winner: 1, how: 'more stones', scores: [23, 25] });
  const misere = gameOf(kalah, { misere: true });
  expect(misere.outcome(last)).toMatchObject({ winner: 0 });
  expect(usual.outcome(at([24, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0]))).toMatchObject({ kind: 'draw' });
});

test('empty captures without captures are refused', () => {
  expect(() => gameOf(kalah, { empty: true, capture: false })).toThrow('needs capture=yes');
});

describe.each([
  {},
  { pits: 9, stones: 9 },
  { pits: 2, stones: 1 },
  { capture: false },
  { empty: true, pits: 5 },
  { misere: true, stones: 7 },
])('with %j', values => {
  const game = gameOf(kalah, values);

  test('random play is the same, fast and plain', () => {
    for (let seed = 0; seed < 60; seed++) {
      const played = steps(game, seed);
      const { state } = played[seed % played.length]!;
      const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
      expect(playout(game, state, fast)).toEqual(plainPlayout(game, state, plain));
      expect(fast()).toBe(plain());
    }
  });
});
