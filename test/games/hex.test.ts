import { describe, expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, playout, replay, resultFor, type Seat } from '../../games/game.ts';
import { type Hex, hex } from '../../games/hex/rules.ts';
import { hexView } from '../../games/hex/view.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout as steps } from '../playouts.ts';

const three = gameOf(hex, { size: 3 });
const five = gameOf(hex, { size: 5 });
const swapped = gameOf(hex, { size: 5, swap: true });
const play = (moves: string, game = five): Hex => replay(game, moves.split(' '));

/** Counted by OpenSpiel 2.0.2. On 3 × 3 games end from the fifth move on, so the ends are counted too. */
test.each([
  [3, 5, 15_120],
  [3, 6, 54_720],
  [3, 7, 146_880],
  [3, 8, 207_360],
  [3, 9, 120_960],
  [7, 2, 2352],
  [11, 2, 14_520],
])('on a board of size %i, %i moves can be played in %i ways', (size, depth, count) => {
  expect(perft(gameOf(hex, { size }), depth)).toBe(count);
});

test.each<[string, string, Seat]>([
  ['the first player joins top and bottom', 'c1 a1 c2 a2 c3 a3 c4 a4 c5', 0],
  ['down to the left counts', 'e1 a1 d2 a2 c3 a3 b4 c1 a5', 0],
  ['the second player joins left and right', 'a1 a3 b1 b3 c1 c3 d1 d3 a5 e3', 1],
  ['up to the right counts', 'a1 a5 b1 b4 c1 c3 a2 d2 b2 e1', 1],
  ['a chain may turn back', 'b1 a1 b2 a2 b3 a4 c3 c5 d3 d5 d4 e5 c4 e4 b5', 0],
])('%s', (_, moves, winner) => {
  const list = moves.split(' ');
  expect(five.outcome(replay(five, list.slice(0, -1)))).toBeUndefined();
  expect(five.outcome(replay(five, list))).toEqual({ kind: 'win', winner, how: 'both edges joined' });
});

test('down to the right does not count', () => {
  expect(five.outcome(play('a1 e1 b2 d1 c3 c1 d4 b1 e5'))).toBeUndefined();
});

test('chains do not go around the edge', () => {
  expect(five.outcome(play('e1 a1 e2 a2 e3 a3 a4 b1 a5'))).toBeUndefined();
});

test('in misère whoever joins loses', () => {
  const misere = gameOf(hex, { size: 5, misere: true });
  expect(misere.outcome(play('c1 a1 c2 a2 c3 a3 c4 a4 c5', misere))).toMatchObject({ winner: 1 });
});

describe('the swap', () => {
  test('takes the first stone over, rows and columns exchanged', () => {
    const state = play('b1 swap', swapped);
    expect(state).toMatchObject({ turn: 0, stones: 1, x: [0, 0, 0, 0, 0], o: [0, 1, 0, 0, 0] });
    expect(swapped.moves(state).map(swapped.formatMove)).not.toContain('a2');
    expect(swapped.moves(state)).toContain(swapped.parseMove('b1'));
  });

  test('is possible once, and only for the second player', () => {
    const swap = swapped.parseMove('swap')!;
    for (const [moves, isLegal] of [
      ['b1', true],
      ['b1 swap', false],
      ['b1 swap b1', false],
      ['b1 c1', false],
    ] as const) {
      const state = play(moves, swapped);
      expect(swapped.moves(state).includes(swap)).toBe(isLegal);
      expect(swapped.explain(state, swap)).toEqual(isLegal ? ['R1', 'R5'] : ['R6']);
    }
    expect(swapped.moves(swapped.start)).not.toContain(swap);
    expect(five.parseMove('swap')).toBeUndefined();
  });
});

test('the chain that won is shown', () => {
  const view = hexView(five);
  expect(view.decisive!(play('c1 a1 c2 a2 c3 a3 c4 a4 e1 b1 c5'))).toEqual([2, 7, 12, 17, 22]);
  expect(view.decisive!(play('c1 a1'))).toEqual([]);
});

test('the first player wins on 3 × 3, and loses from a corner', () => {
  const known = new Map<string, number>();
  const value = (game: Game<Hex>, state: Hex): number => {
    const outcome = game.outcome(state);
    if (outcome) return resultFor(state.turn, outcome);
    const key = `${state.x} ${state.o}`;
    const found = known.get(key) ?? Math.max(...game.moves(state).map(move => -value(game, game.play(state, move))));
    known.set(key, found);
    return found;
  };
  expect(value(three, three.start)).toBe(1);
  expect(-value(three, replay(three, ['b2']))).toBe(1);
  expect(-value(three, replay(three, ['a1']))).toBe(-1);
});

describe.each([{ size: 11 }, { size: 13, misere: true }, { size: 3, swap: true }, { size: 7, swap: true }])(
  'with %j',
  values => {
    const game = gameOf(hex, values);

    test('random play is the same, fast and plain', () => {
      for (let seed = 0; seed < 60; seed++) {
        const played = steps(game, seed);
        const { state } = played[seed % Math.min(9, played.length)]!;
        const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
        expect(playout(game, state, fast)).toEqual(plainPlayout(game, state, plain));
        expect(fast()).toBe(plain());
      }
    });
  },
);
