import { describe, expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { plainPlayout, playout, replay } from '../../games/game.ts';
import { gomoku } from '../../games/gomoku/rules.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout as steps } from '../playouts.ts';

const usual = gameOf(gomoku);
const exact = gameOf(gomoku, { exact: true });
const misere = gameOf(gomoku, { misere: true });

/** Counted by OpenSpiel 2.0.2, mnk; three in a row on nine squares is tic-tac-toe. */
test.each([
  [{ columns: 3, rows: 3, line: 3 }, 7, 148_176],
  [{ columns: 4, rows: 3, line: 3 }, 6, 622_944],
  [{ columns: 4, rows: 4, line: 4 }, 4, 43_680],
  [{}, 2, 50_400],
])('with %j, %i moves can be played in %i ways', (values, depth, count) => {
  expect(perft(gameOf(gomoku, values), depth)).toBe(count);
});

/** The last stone fills a gap, between far stones of the other. */
const FIVES: readonly (readonly [string, readonly string[]])[] = [
  ['along a row', ['a1', 'b1', 'd1', 'e1', 'c1']],
  ['along a row at the right edge', ['k9', 'l9', 'n9', 'o9', 'm9']],
  ['up a column', ['o11', 'o12', 'o13', 'o14', 'o15']],
  ['up to the right', ['b2', 'c3', 'd4', 'f6', 'e5']],
  ['up to the left', ['e11', 'd12', 'c13', 'b14', 'a15']],
];
const OTHERS = ['h1', 'j2', 'h4', 'k5', 'h7', 'j8', 'h10', 'k11'];
const between = (stones: readonly string[]): readonly string[] =>
  stones.flatMap((stone, i) => (i === 0 ? [stone] : [OTHERS[i - 1]!, stone]));

test.each(FIVES)('five in a line win %s', (_, stones) => {
  const moves = between(stones);
  expect(usual.outcome(replay(usual, moves.slice(0, -1)))).toBeUndefined();
  expect(usual.outcome(replay(usual, moves))).toEqual({ kind: 'win', winner: 0, how: '5 in a line' });
  expect(exact.outcome(replay(exact, moves))).toMatchObject({ winner: 0 });
  expect(misere.outcome(replay(misere, moves))).toMatchObject({ winner: 1 });
});

test('a line does not go around the edge', () => {
  const state = replay(usual, between(['m3', 'n3', 'o3', 'a2', 'b2', 'c2']));
  expect(usual.outcome(state)).toBeUndefined();
});

test('six in a line win, but not where five have to be exact', () => {
  const six = between(['a1', 'b1', 'c1', 'e1', 'f1', 'd1']);
  expect(usual.outcome(replay(usual, six))).toMatchObject({ winner: 0 });
  const state = replay(exact, six);
  expect(exact.outcome(state)).toBeUndefined();
  expect(exact.explain(replay(exact, six.slice(0, -1)), exact.parseMove('d1')!)).toEqual(['R1', 'R2', 'R5']);
  // One stone can do both: the row of six does not count, the column of five does.
  const both = between(['a1', 'b1', 'c1', 'e1', 'f1', 'd2', 'd3', 'd4', 'd5']);
  expect(exact.outcome(replay(exact, [...both, 'o15', 'd1']))).toMatchObject({ winner: 0 });
});

test('a full board without a line is a draw', () => {
  const small = gameOf(gomoku, { columns: 3, rows: 4, line: 4 });
  const moves = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4', 'c2', 'c1', 'c4', 'c3'];
  expect(small.outcome(replay(small, moves.slice(0, -1)))).toBeUndefined();
  expect(small.outcome(replay(small, moves))).toEqual({ kind: 'draw', how: 'board full' });
});

test('a line longer than the board is refused with the range', () => {
  expect(() => gameOf(gomoku, { columns: 3, rows: 4 })).toThrow(
    'line must be from 3 to 4, as long as the board, not 5',
  );
});

describe.each([
  {},
  { columns: 19, rows: 4 },
  { columns: 3, rows: 19, line: 4 },
  { columns: 5, rows: 5, exact: true, line: 3 },
])('with %j', values => {
  const game = gameOf(gomoku, values);

  test('random play is the same, fast and plain', () => {
    for (let seed = 0; seed < 30; seed++) {
      const from = steps(game, seed)[seed % 5]!.state;
      const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
      expect(playout(game, from, fast)).toEqual(plainPlayout(game, from, plain));
      expect(fast()).toBe(plain());
    }
  });
});
