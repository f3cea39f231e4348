import { expect, test } from 'vitest';
import { type Breakthrough, breakthrough as breakthroughFamily } from '../../games/breakthrough/rules.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, replay } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout } from '../playouts.ts';

const breakthrough = gameOf(breakthroughFamily);
const misere = gameOf(breakthroughFamily, { misere: true });
const straight = gameOf(breakthroughFamily, { straight: true });

const after = (moves: string, game = breakthrough) => replay(game, moves.split(' ').filter(Boolean));
const movesIn = (game: Game<Breakthrough>, state: Breakthrough) => game.moves(state).map(move => game.formatMove(move));
const movesFrom = (square: string, moves: string, game = breakthrough) =>
  movesIn(game, after(moves, game)).filter(text => text.startsWith(square));

/** Counted by OpenSpiel. */
const KNOWN_COUNTS = [
  [{}, 1, 22],
  [{}, 2, 484],
  [{}, 3, 11_132],
  [{}, 4, 256_036],
  [{ columns: 6, rows: 6 }, 3, 4308],
  [{ columns: 6, rows: 6 }, 4, 71_478],
] as const;

test.each(KNOWN_COUNTS)('with %o, %i moves can be played in %i ways', (values, depth, count) => {
  expect(perft(gameOf(breakthroughFamily, values), depth)).toBe(count);
});

test.each([
  ['straight ahead and diagonally to empty squares', 'e7', '', ['e7d6', 'e7e6', 'e7f6']],
  ['in two ways only at an edge', 'a7', '', ['a7a6', 'a7b6']],
  ['never onto its own side', 'e8', '', []],
  ['past an opponent right in front of it, not onto it', 'e5', 'e7e6 e2e3 e6e5 e3e4', ['e5d4', 'e5f4']],
  ['diagonally onto an opponent', 'e5', 'e7e6 d2d3 e6e5 d3d4', ['e5d4', 'e5e4', 'e5f4']],
])('a piece goes %s', (_, square, moves, expected) => {
  expect(movesFrom(square, moves)).toEqual(expected);
});

test('a capture is not forced', () => {
  const moves = movesIn(breakthrough, after('e7e6 d2d3 e6e5 d3d4'));
  expect(moves).toContain('e5d4');
  expect(moves).toContain('a7a6');
});

test('pieces capture straight ahead in a variant', () => {
  expect(movesFrom('e5', 'e7e6 e2e3 e6e5 e3e4', straight)).toEqual(['e5d4', 'e5e4', 'e5f4']);
  expect(movesFrom('e8', '', straight)).toEqual([]);
  expect(straight.show(after('e7e6 e2e3 e6e5 e3e4 e5e4', straight))).toBe(
    [
      '8 x x x x x x x x',
      '7 x x x x . x x x',
      '6 . . . . . . . .',
      '5 . . . . . . . .',
      '4 . . . . x . . .',
      '3 . . . . . . . .',
      '2 o o o o . o o o',
      '1 o o o o o o o o',
      '  a b c d e f g h',
    ].join('\n'),
  );
});

test.each([
  ['first', 0, 'h7h6 a2a3 h6h5 a3a4 h5h4 a4a5 h4h3 a5b6 h3g2 b6c7 g2h1'],
  ['second', 1, 'b7b6 h2h3 b6b5 h3h4 b5b4 h4h5 b4b3 h5g6 e7e6 g6f7 e6e5 f7g8'],
] as const)('the %s player breaks through: a win, or in misère a loss', (_, winner, moves) => {
  expect(breakthrough.outcome(after(moves.slice(0, moves.lastIndexOf(' '))))).toBeUndefined();
  expect(breakthrough.outcome(after(moves))).toEqual({ kind: 'win', winner, how: 'broke through' });
  const lost = { kind: 'win', winner: 1 - winner, how: 'the other broke through' };
  expect(misere.outcome(after(moves, misere))).toEqual(lost);
});

test.each([
  ['first', 0, 'a4a3 a1a2 b4b3 a2b3 c4b3 b1a2 b3a2 c1b2 a3b2'],
  ['second', 1, 'a4a3 a1a2 b4b3 a2b3 a3a2 b1a2 c4b3 a2b3'],
] as const)('the %s player captures the last piece: a win, or in misère a loss', (_, winner, moves) => {
  const small = gameOf(breakthroughFamily, { columns: 3, rows: 4 });
  expect(small.outcome(after(moves, small))).toEqual({ kind: 'win', winner, how: 'captured the last piece' });
  const smallMisere = gameOf(breakthroughFamily, { columns: 3, rows: 4, misere: true });
  const lost = { kind: 'win', winner: 1 - winner, how: 'the other captured the last piece' };
  expect(smallMisere.outcome(after(moves, smallMisere))).toEqual(lost);
});

test.each([
  [3, 'x.o'],
  [4, 'x..o'],
  [5, 'x...o'],
  [6, 'xx..oo'],
  [7, 'xx...oo'],
  [8, 'xx....oo'],
])('a board %i rows high starts with %j in each column', (rows, column) => {
  const game = gameOf(breakthroughFamily, { columns: 4, rows });
  const lines = game.show(game.start).split('\n').slice(0, rows);
  expect(lines.map(line => line.slice(2))).toEqual([...column].map(sign => Array(4).fill(sign).join(' ')));
});

/** The rules once more, square by square, from the picture of a position. */
function plainMoves(picture: string, turn: number, captureAhead: boolean): string[] {
  const lines = picture.split('\n').slice(0, -1);
  const board = lines.map(line => line.split(' ').slice(1));
  const [own, forward] = turn === 0 ? ['x', 1] : ['o', -1];
  const name = (row: number, column: number) => `${'abcdefgh'[column]}${board.length - row}`;
  return board.flatMap((line, row) =>
    line.flatMap((sign, column) => {
      if (sign !== own) return [];
      const columns = [column - 1, column, column + 1].filter(to => {
        const target = board[row + forward]?.[to];
        return target === '.' || (target !== undefined && target !== own && (to !== column || captureAhead));
      });
      return columns.map(to => name(row, column) + name(row + forward, to));
    }),
  );
}

test.each([
  { columns: 8, rows: 8, straight: false },
  { columns: 8, rows: 8, straight: true },
  { columns: 5, rows: 7, straight: false },
  { columns: 7, rows: 6, straight: true },
  { columns: 3, rows: 4, straight: false },
  { columns: 4, rows: 3, straight: true },
])('with %o the legal moves are those of plain rules', values => {
  const game = gameOf(breakthroughFamily, values);
  for (let seed = 0; seed < 10; seed++) {
    for (const { state, move } of playout(game, seed)) {
      if (move === undefined) continue;
      expect(movesIn(game, state)).toEqual(plainMoves(game.show(state), state.turn, values.straight));
      const [from, to] = [game.formatMove(move).slice(0, 2), game.formatMove(move).slice(2)];
      const signs = signsIn(game, game.play(state, move));
      expect(signs).toEqual({ ...signsIn(game, state), [from]: '.', [to]: 'xo'[state.turn] });
    }
  }
});

test.each([
  { columns: 3, rows: 4, straight: true },
  { columns: 3, rows: 5, straight: true },
  { columns: 3, rows: 5, straight: true, misere: true },
  { columns: 5, rows: 8 },
])('with %o random play is the same, fast and plain', values => {
  const game = gameOf(breakthroughFamily, values);
  const [fast, plain] = [seededRandom(1), seededRandom(1)];
  for (let i = 0; i < 200; i++) {
    expect(game.playout!(game.start, fast)).toEqual(plainPlayout(game, game.start, plain));
  }
  expect(fast()).toBe(plain());
});

/** What is on each square, by its name. */
function signsIn(game: Game<Breakthrough>, state: Breakthrough): Readonly<Record<string, string>> {
  const lines = game.show(state).split('\n').slice(0, -1);
  return Object.fromEntries(
    lines.flatMap(line => {
      const [row, ...signs] = line.split(' ');
      return signs.map((sign, column) => [`${'abcdefgh'[column]}${row}`, sign]);
    }),
  );
}

test.each(['', 'e7', 'e7e5', 'e7f7', 'a7`6', 'h7i6', 'e8e9', 'E7e6', 'e7e6*'])('%j is no move', text => {
  expect(breakthrough.parseMove(text)).toBeUndefined();
});
