import { expect, test } from 'vitest';
import { type Checkers, checkers as checkersFamily, MOST_QUIET } from '../../games/checkers/rules.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, replay, type Seat } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout } from '../playouts.ts';

const checkers = gameOf(checkersFamily);
const misere = gameOf(checkersFamily, { misere: true });
const free = gameOf(checkersFamily, { forced: false });

/** Counted by OpenSpiel, for which each jump of several is a move. */
const KNOWN_COUNTS = [
  [1, 7],
  [2, 49],
  [3, 302],
  [4, 1469],
  [5, 7361],
  [6, 36_768],
  [7, 179_255],
  [8, 838_248],
] as const;

test.each(KNOWN_COUNTS)('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(checkers, depth)).toBe(count);
});

/** The state with these pieces, 'x c3' or 'O d4', on the usual board. */
function position(pieces: string, turn: Seat, more: Partial<Checkers> = {}): Checkers {
  const placed = pieces === '' ? [] : pieces.split(', ').map(piece => piece.split(' ') as [string, string]);
  const setOf = (signs: string) =>
    placed.filter(([sign]) => signs.includes(sign)).reduce((set, [, square]) => set | (1 << bitOf(square)), 0);
  return { x: setOf('xX'), o: setOf('oO'), kings: setOf('XO'), turn, jumper: null, quiet: 0, ...more };
}

const bitOf = (square: string): number => 4 * (8 - Number(square[1])) + ('abcdefgh'.indexOf(square[0]!) >> 1);

const movesIn = (game: Game<Checkers>, state: Checkers) => game.moves(state).map(move => game.formatMove(move));
const after = (state: Checkers, moves: string, game = checkers) => replay({ ...game, start: state }, moves.split(' '));

test.each<[string, string, Seat, string[]]>([
  ['a man of x goes up the board', 'x d4, o a7', 0, ['d4c5', 'd4e5']],
  ['a man of o goes down the board', 'x d4, o a7', 1, ['a7b6']],
  ['a king goes every way', 'X d4, o a7', 0, ['d4c5', 'd4e5', 'd4e3', 'd4c3']],
  ['nobody goes around the edge', 'x h4, x a3, o a7', 0, ['h4g5', 'a3b4']],
  ['a capture comes before every other move', 'x d4, x a1, o e5', 0, ['d4f6']],
  ['of several captures any may be chosen', 'x d4, x a3, o e5, o b4, o c7', 0, ['d4f6', 'a3c5']],
  ['a capture of fewer pieces may be chosen', 'x d4, x a3, o e5, o g7, o b4', 0, ['d4f6', 'a3c5']],
  ['a man captures no piece behind it', 'x d4, o e3, o c3', 0, ['d4c5', 'd4e5']],
  ['a man of o captures downwards only', 'o d4, x e3, x c5', 1, ['d4f2']],
  ['a king captures every way', 'X d4, o c5, o e5, o e3, o c3', 0, ['d4b6', 'd4f6', 'd4f2', 'd4b2']],
  ['there is no capture onto a piece', 'x d4, o e5, o f6', 0, ['d4c5']],
  ['there is no capture over the edge', 'x g3, o h4, o a7', 0, ['g3f4']],
  ['nobody captures its own side', 'x d4, x e5, o a7', 0, ['e5d6', 'e5f6', 'd4c5']],
  ['a king does not capture from a distance', 'X a1, o c3, o h8', 0, ['a1b2']],
])('%s', (_, pieces, turn, moves) => {
  expect(movesIn(checkers, position(pieces, turn))).toEqual(moves);
});

test('a piece that has captured goes on, and no other piece may move', () => {
  const state = after(position('x d4, x a3, o e5, o g7, o b4, o a7', 0), 'd4f6');
  expect(checkers.turn(state)).toBe(0);
  expect(movesIn(checkers, state)).toEqual(['f6h8']);
  expect(checkers.show(state).split('\n').at(-1)).toBe('x must go on capturing with f6');
  const done = after(state, 'f6h8');
  expect(checkers.turn(done)).toBe(1);
  expect(done.jumper).toBeNull();
});

test('a piece that goes on capturing may choose its way', () => {
  const state = after(position('x d2, o e3, o e5, o g5', 0), 'd2f4');
  expect(movesIn(checkers, state)).toEqual(['f4d6', 'f4h6']);
});

test('another piece that could capture does not go on for the one that cannot', () => {
  const state = after(position('x d4, x a3, o e5, o b4', 0), 'd4f6');
  expect(checkers.turn(state)).toBe(1);
});

test('a man that is crowned by a capture stops, though as a king it could capture on', () => {
  const state = after(position('x d6, o e7, o g7', 0), 'd6f8');
  expect(checkers.turn(state)).toBe(1);
  expect(checkers.show(state)).toContain('8 . . . . . X . .');
});

test('a king that reaches the far row by a capture goes on', () => {
  const state = after(position('X d6, o e7, o g7', 0), 'd6f8');
  expect(checkers.turn(state)).toBe(0);
  expect(movesIn(checkers, state)).toEqual(['f8h6']);
});

test.each<[string, string, Seat, string, string]>([
  ['x in row 8', 'x c7, o a7', 0, 'c7d8', '8 . . . X . . . .'],
  ['o in row 1', 'x c7, o a3, o c3', 1, 'c3d2', '2 . . . o . . . .'],
  ['o in row 1', 'x c7, o c3, o d2', 1, 'd2e1', '1 . . . . O . . .'],
])('a man becomes a king in its last row and not before: %s', (_, pieces, turn, move, row) => {
  expect(checkers.show(after(position(pieces, turn), move)).split('\n')).toContain(row);
});

test('a captured king leaves no crown behind', () => {
  const state = after(position('x d4, x c3, O e5, o a7', 0), 'd4f6 a7b6 c3d4 b6a5 d4e5');
  expect(checkers.show(state).split('\n')).toContain('5 o . . . x . . .');
});

test.each<[string, string, Seat, string]>([
  ['no piece is left', 'x d4, o e5', 0, 'd4f6'],
  ['no piece can move', 'x a3, x c3, X c5, o a5', 0, 'c5b4'],
])('who is to move and cannot has lost, or in misère won: %s', (_, pieces, turn, move) => {
  const how = pieces.includes('a5')
    ? ['the other cannot move', 'cannot move']
    : ['captured every piece', 'lost every piece'];
  const start = position(pieces, turn);
  expect(checkers.outcome(start)).toBeUndefined();
  expect(checkers.outcome(after(start, move))).toEqual({ kind: 'win', winner: turn, how: how[0] });
  expect(misere.outcome(after(start, move, misere))).toEqual({ kind: 'win', winner: 1 - turn, how: how[1] });
});

test('forty moves without a capture are a draw, even if the next player is blocked', () => {
  const quiet = position('X a1, O h8', 0, { quiet: MOST_QUIET - 1 });
  expect(checkers.outcome(quiet)).toBeUndefined();
  expect(checkers.outcome(after(quiet, 'a1b2'))).toEqual({ kind: 'draw', how: '40 moves without a capture' });
  expect(checkers.moves(after(quiet, 'a1b2'))).toEqual([]);
  const block = position('x a3, x c3, X c5, o a5', 0, { quiet: MOST_QUIET - 1 });
  expect(checkers.outcome(after(block, 'c5b4'))?.kind).toBe('draw');
});

test('a capture starts the count again, a man that moves does not', () => {
  expect(after(position('x d4, o a7', 0, { quiet: 12 }), 'd4e5').quiet).toBe(13);
  const captured = after(position('x d4, o e5, o a7', 0, { quiet: MOST_QUIET - 1 }), 'd4f6');
  expect(captured.quiet).toBe(0);
  expect(checkers.outcome(captured)).toBeUndefined();
});

test('where captures are free, they need not be begun, but have to be finished', () => {
  const state = position('x d4, o e5, o g7, o a7', 0);
  expect(movesIn(free, state)).toEqual(['d4c5', 'd4f6']);
  expect(movesIn(free, after(state, 'd4f6', free))).toEqual(['f6h8']);
});

test.each([
  [6, 'oo..xx'],
  [7, 'ooo.xxx'],
  [8, 'ooo..xxx'],
])('a board of size %i starts with men in the rows %j', (size, rows) => {
  const game = gameOf(checkersFamily, { size });
  const lines = game.show(game.start).split('\n').slice(0, size);
  expect(lines.map(line => [...line.slice(2)].find(sign => /[xo]/.test(sign)) ?? '.').join('')).toBe(rows);
  for (const [row, line] of lines.entries()) {
    for (const [column, sign] of line.split(' ').slice(1).entries()) {
      expect(sign).toBe((row + column) % 2 === 1 ? rows[row] : '.');
    }
  }
});

/** The rules once more, square by square, from the picture of a position. */
function plainMoves(picture: string, turn: Seat, forced: boolean): string[] {
  const lines = picture.split('\n');
  const size = lines.findIndex(line => line.startsWith(' '));
  const board = lines.slice(0, size).map(line => line.split(' ').slice(1));
  const jumper = /must go on capturing with (\w\d)/.exec(picture)?.[1];
  const name = (row: number, column: number) => `${'abcdefgh'[column]}${size - row}`;
  const [own, other] = turn === 0 ? ['xX', 'oO'] : ['oO', 'xX'];
  const found: { readonly text: string; readonly captures: boolean }[] = [];
  for (const [row, line] of board.entries()) {
    for (const [column, sign] of line.entries()) {
      if (!own.includes(sign) || (jumper !== undefined && jumper !== name(row, column))) continue;
      const isKing = sign === own[1];
      for (const [down, right] of [
        [-1, -1],
        [-1, 1],
        [1, 1],
        [1, -1],
      ] as const) {
        if (!isKing && down !== (turn === 0 ? -1 : 1)) continue;
        const near = board[row + down]?.[column + right];
        const far = board[row + 2 * down]?.[column + 2 * right];
        const from = name(row, column);
        if (near === '.' && jumper === undefined) {
          found.push({ text: from + name(row + down, column + right), captures: false });
        } else if (near !== undefined && other.includes(near) && far === '.') {
          found.push({ text: from + name(row + 2 * down, column + 2 * right), captures: true });
        }
      }
    }
  }
  const mustCapture = forced && found.some(({ captures }) => captures);
  return found.filter(({ captures }) => captures || !mustCapture).map(({ text }) => text);
}

const SETTINGS = [
  { size: 8, forced: true },
  { size: 8, forced: false },
  { size: 7, forced: true },
  { size: 6, forced: true, misere: true },
  { size: 6, forced: false },
] as const;

test.each(SETTINGS)('with %o the legal moves are those of plain rules', values => {
  const game = gameOf(checkersFamily, values);
  for (let seed = 0; seed < 10; seed++) {
    for (const { state, move } of playout(game, seed)) {
      if (move === undefined) continue;
      expect(movesIn(game, state)).toEqual(plainMoves(game.show(state), state.turn, values.forced));
    }
  }
});

test.each(SETTINGS)('with %o random play is the same, fast and plain', values => {
  const game = gameOf(checkersFamily, values);
  const [fast, plain] = [seededRandom(1), seededRandom(1)];
  for (let i = 0; i < 100; i++) {
    expect(game.playout!(game.start, fast)).toEqual(plainPlayout(game, game.start, plain));
  }
  expect(fast()).toBe(plain());
});

test.each(['', 'c3', 'c3c4', 'c3d5', 'b3c4', 'g7i9', 'c3f6', 'C3d4', 'c3xe5'])('%j is no move', text => {
  expect(checkers.parseMove(text)).toBeUndefined();
});
