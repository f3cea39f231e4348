import { expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { replay } from '../../games/game.ts';
import { othello as othelloFamily } from '../../games/othello/rules.ts';
import { perft } from '../playouts.ts';

const othello = gameOf(othelloFamily);

/** Published counts from the start, for instance by OpenSpiel. */
const KNOWN_COUNTS = [
  [1, 4],
  [2, 12],
  [3, 56],
  [4, 244],
  [5, 1396],
  [6, 8200],
  [7, 55_092],
] as const;

test.each(KNOWN_COUNTS)('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(othello, depth)).toBe(count);
});

test('a side without discs has lost at once', () => {
  const state = replay(othello, 'e6 f4 e3 f6 g5 d6 e7 f5 c5'.split(' '));
  expect(othello.outcome(state)).toEqual({ kind: 'win', winner: 0, how: 'more discs', scores: [13, 0] });
});

test('one move turns discs in several directions', () => {
  const state = replay(othello, ['d3', 'c3', 'c4', 'e3']);
  expect(othello.show(state)).toBe(
    [
      '  a b c d e f g h',
      '1 . . . . . . . .',
      '2 . . . . . . . .',
      '3 . . o o o . . .',
      '4 . . x x o . . .',
      '5 . . . x o . . .',
      '6 . . . . . . . .',
      '7 . . . . . . . .',
      '8 . . . . . . . .',
    ].join('\n'),
  );
});

test.each(['i1', 'a9', 'a0', 'Pass', 'a10', 'd3 '])('%j is no move', text => {
  expect(othello.parseMove(text)).toBeUndefined();
});
