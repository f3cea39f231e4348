import { describe, expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, playout, replay, type Seat } from '../../games/game.ts';
import { type LiarsDice, liarsDice } from '../../games/liars-dice/rules.ts';
import { liarsDiceView } from '../../games/liars-dice/view.ts';
import { seededRandom } from '../../games/random.ts';
import { informationStates } from '../hidden.ts';
import { perft, playout as steps } from '../playouts.ts';

const usual = gameOf(liarsDice);
const plain = gameOf(liarsDice, { wild: false });
const two = gameOf(liarsDice, { dice: 2 });
const aces = gameOf(liarsDice, { aces: true });
const play = (moves: string, game = usual): LiarsDice => replay(game, moves.split(' '));

/** Two throws, then each bid leads to the higher ones and the call. */
test.each([
  [2, 36],
  [3, 36 * 12],
  [4, 36 * 78],
])('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(usual, depth)).toBe(count);
});

test.each<[string, Game<LiarsDice>, string, Seat]>([
  ['a bid that is just true', usual, '4 4 2-4 liar', 0],
  ['a bid of one too many', usual, '4 3 2-4 liar', 1],
  ['a bid that the wild face makes true', usual, '6 4 2-4 liar', 0],
  ['the same where nothing is wild', plain, '6 4 2-4 liar', 1],
  ['a bid that the one makes true where it is wild', aces, '1 4 2-4 liar', 0],
  ['a bid that the highest face makes no longer true', aces, '6 4 2-4 liar', 1],
  ['a bid of the wild one itself', aces, '1 5 2-1 liar', 1],
  ['a bid of the wild face itself', usual, '6 5 2-6 liar', 1],
  ['a bid that the wild faces of both make true', usual, '6 6 2-1 liar', 0],
  ['a bid of the second player, called by the first', usual, '1 2 1-1 1-2 liar', 1],
  ['a lie of the second player, called by the first', usual, '1 2 1-1 1-3 liar', 0],
  ['three of four dice', two, '3 1 3 6 3-3 liar', 0],
  ['three of two', two, '3 1 2 6 3-3 liar', 1],
])('%s', (_, game, moves, winner) => {
  expect(game.outcome(play(moves, game))).toMatchObject({ kind: 'win', winner });
});

test('each bid is higher than the one before, and only a bid can be called', () => {
  const begun = play('1 1');
  expect(usual.moves(begun).map(usual.formatMove)).not.toContain('liar');
  expect(usual.explain(begun, usual.parseMove('liar')!)).toEqual(['R4']);
  const bid = play('1 1 1-4');
  expect(usual.moves(bid).map(usual.formatMove)).toEqual('1-5 1-6 2-1 2-2 2-3 2-4 2-5 2-6 liar'.split(' '));
  expect(usual.explain(bid, usual.parseMove('1-4')!)).toEqual(['R3']);
  expect(usual.moves(play('1 1 2-6')).map(usual.formatMove)).toEqual(['liar']);
});

test('ones cannot be wild where no face is', () => {
  expect(() => gameOf(liarsDice, { aces: true, wild: false })).toThrow(RangeError);
});

test('nobody sees the dice of the other before the call', () => {
  const state = play('4 2 1-4');
  expect(usual.show(state, 0)).toContain('x has 4\no has ?');
  expect(usual.show(state, 1)).toContain('x has ?\no has 2');
  expect(usual.hides!(usual.start, usual.parseMove('4')!, 0)).toBe(false);
  expect(usual.hides!(usual.start, usual.parseMove('4')!, 1)).toBe(true);
  expect(usual.show(play('4 2 1-4 liar'), 0)).toContain('o has 2');
  const signs = liarsDiceView(usual)
    .squares(state, 0)
    .flat()
    .map(square => (square as { sign?: string }).sign);
  expect(signs.filter(sign => sign === '?').length).toBe(1);
});

test("the other's dice are guessed all alike, one's own are kept", () => {
  const state = play('4 2 1-4');
  const counts = Array<number>(6).fill(0);
  const random = seededRandom(1);
  for (let i = 0; i < 6000; i++) {
    const { dice } = usual.guess!(state, 1, random);
    expect(dice[1]).toEqual([1]);
    counts[dice[0][0]!]!++;
  }
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1150);
});

test("what a seat is shown is what OpenSpiel's information states tell it", () => {
  expect(informationStates(usual)).toBeGreaterThan(100);
});

describe.each([{}, { dice: 3, sides: 3 }, { dice: 2, sides: 8, wild: false }])('with %j', values => {
  const game = gameOf(liarsDice, values);

  test('random play is the same, fast and plain', () => {
    for (let seed = 0; seed < 60; seed++) {
      const from = steps(game, seed);
      const { state } = from[seed % from.length]!;
      const [fast, slow] = [seededRandom(seed), seededRandom(seed)];
      expect(playout(game, state, fast)).toEqual(plainPlayout(game, state, slow));
      expect(fast()).toBe(slow());
    }
  });
});
