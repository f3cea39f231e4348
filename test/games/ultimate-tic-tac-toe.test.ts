import { expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { type Game, type Outcome, replay } from '../../games/game.ts';
import { type UltimateTicTacToe, ultimateTicTacToe } from '../../games/ultimate-tic-tac-toe/rules.ts';
import { perft, playout } from '../playouts.ts';

const ultimate = gameOf(ultimateTicTacToe);
const misere = gameOf(ultimateTicTacToe, { misere: true });
const open = gameOf(ultimateTicTacToe, { open: true });

const after = (game: Game<UltimateTicTacToe>, moves: string) => replay(game, moves.split(' '));
const legal = (game: Game<UltimateTicTacToe>, moves: string) =>
  game.moves(after(game, moves)).map(move => game.formatMove(move));

/** x wins w, c and, with the last stone, e; o wins n. */
const THREE_BOARDS = 'to-w w-b2 c-a2 w-b1 s-b2 c-b2 c-c2 e-c3 ne-b2 c-b3 n-a2 w-b3 n-b2 c-b1 s-c2 e-b3 n-c2 e-a3';
/** x has won w and then c; o's last stone points to w. */
const TO_A_WON_BOARD = 'to-w w-b2 c-a2 w-b1 s-b2 c-b2 c-c2 e-c3 ne-b2 c-b3 n-a2 w-b3 n-b2 c-b1 s-a2';

/** As OpenSpiel counts them, choices of a board included. */
const KNOWN_COUNTS = [
  [1, 9],
  [2, 81],
  [3, 720],
  [4, 6336],
  [5, 55_080],
] as const;

test.each(KNOWN_COUNTS)('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(ultimate, depth)).toBe(count);
});

test('the first player chooses a board and then puts a stone on it', () => {
  const chosen = after(ultimate, 'to-ne');
  expect(chosen.turn).toBe(0);
  expect(legal(ultimate, 'to-ne')).toEqual(['a3', 'b3', 'c3', 'a2', 'b2', 'c2', 'a1', 'b1', 'c1'].map(c => `ne-${c}`));
});

test('a cell sends the opponent to the board at its place', () => {
  expect(legal(ultimate, 'to-c c-a3').every(move => move.startsWith('nw-'))).toBe(true);
  expect(legal(ultimate, 'to-c c-b2')).not.toContain('c-b2');
});

test('a won board cannot be played on: whoever is sent there chooses another', () => {
  expect(legal(ultimate, TO_A_WON_BOARD)).toEqual(['nw', 'n', 'ne', 'e', 'sw', 's', 'se'].map(board => `to-${board}`));
  expect(after(ultimate, TO_A_WON_BOARD).turn).toBe(0);
});

test('with open boards a won board is played on until it is full', () => {
  expect(legal(open, TO_A_WON_BOARD)).toEqual(['a3', 'c3', 'a2', 'c2', 'a1', 'c1'].map(cell => `w-${cell}`));
});

test('three boards in a row win, and lose in misère', () => {
  expect(after(ultimate, THREE_BOARDS)).toMatchObject({ xBoards: 0b000_111_000, oBoards: 0b10, winner: 0 });
  expect(ultimate.outcome(after(ultimate, THREE_BOARDS))).toEqual({
    kind: 'win',
    winner: 0,
    how: 'three boards in a row',
  });
  expect(misere.outcome(after(misere, THREE_BOARDS))).toMatchObject({ kind: 'win', winner: 1 });
  expect(ultimate.moves(after(ultimate, THREE_BOARDS))).toEqual([]);
});

test('the picture tells who won which board and what comes next', () => {
  expect(ultimate.show(after(ultimate, TO_A_WON_BOARD))).toBe(
    [
      '3 . . . | . . . | . . .',
      '2 . . . | o o . | . o .',
      '1 . . . | . . . | . . .',
      '  ------+-------+------',
      '3 . x . | . x . | . . x',
      '2 . x . | o x o | . . .',
      '1 . x . | . x . | . . .',
      '  ------+-------+------',
      '3 . . . | . . . | . . .',
      '2 . . . | o o . | . . .',
      '1 . . . | . . . | . . .',
      '  a b c   a b c   a b c',
      'won by x: w c',
      'x chooses a board',
    ].join('\n'),
  );
});

test('both see their own stones and boards first, then those of the other, then where to play', () => {
  const counts = (moves: string) => {
    const observed = ultimate.observe(after(ultimate, moves));
    return [0, 1, 2, 3, 4].map(plane => observed.slice(81 * plane, 81 * (plane + 1)).reduce((sum, one) => sum + one));
  };
  expect(counts(TO_A_WON_BOARD)).toEqual([7, 7, 18, 0, 63]);
  expect(counts(`${TO_A_WON_BOARD} to-e e-c1`)).toEqual([7, 8, 0, 18, 9]);
});

test.each(['', 'to', 'to-', 'to-b2', 'ne', 'ne-', 'ne-b4', 'b2', 'to-ne-b2', 'to-to', 'NE-b2', 'c-c'])(
  '%j is no move',
  text => {
    expect(ultimate.parseMove(text)).toBeUndefined();
  },
);

/**
 * The rules once more, from the texts of the moves: stones as a map from 'ne-b2'
 * to a seat, and every line looked for in it.
 */
function referee(moves: readonly string[], values: { misere: boolean; open: boolean }) {
  const boards = ['nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se'];
  const cells = ['a3', 'b3', 'c3', 'a2', 'b2', 'c2', 'a1', 'b1', 'c1'];
  const lines = ['012', '345', '678', '036', '147', '258', '048', '246'].map(line => [...line].map(Number));
  const rowOf = (owners: readonly (number | undefined)[], seat: number) =>
    lines.some(line => line.every(i => owners[i] === seat));
  const stones = new Map<string, number>();
  const owners: (number | undefined)[] = boards.map(() => undefined);
  const on = (board: string) => cells.map(cell => stones.get(`${board}-${cell}`));
  const finished = (board: string) =>
    on(board).every(stone => stone !== undefined) || (!values.open && owners[boards.indexOf(board)] !== undefined);
  let seat = 0;
  let target: string | undefined;
  let winner: number | undefined;
  for (const move of moves) {
    const [board = '', cell = ''] = move.split('-');
    if (board === 'to') {
      target = cell;
      continue;
    }
    stones.set(move, seat);
    const at = boards.indexOf(board);
    if (owners[at] === undefined && rowOf(on(board), seat)) owners[at] = seat;
    if (rowOf(owners, seat)) winner = values.misere ? 1 - seat : seat;
    const next = boards[cells.indexOf(cell)]!;
    target = finished(next) ? undefined : next;
    seat = 1 - seat;
  }
  const left = boards.filter(board => !finished(board));
  const legal =
    winner !== undefined
      ? []
      : target === undefined
        ? left.map(board => `to-${board}`)
        : cells.filter((_, i) => on(target)[i] === undefined).map(cell => `${target}-${cell}`);
  const over = winner !== undefined ? { kind: 'win', winner } : left.length === 0 ? { kind: 'draw' } : undefined;
  return { seat, legal, over };
}

test.each([
  ['usual', { misere: false, open: false }],
  ['misère', { misere: true, open: false }],
  ['open', { misere: false, open: true }],
  ['open misère', { misere: true, open: true }],
])('%s: movers, legal moves and results are those of rules written out once more', (_, values) => {
  const game = gameOf(ultimateTicTacToe, values);
  const endings = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const moves: string[] = [];
    for (const { state, move } of playout(game, seed)) {
      const told = referee(moves, values);
      const outcome: Outcome | undefined = game.outcome(state);
      expect(game.moves(state).map(legal => game.formatMove(legal))).toEqual(told.legal);
      expect(outcome !== undefined).toBe(told.over !== undefined);
      if (outcome) {
        expect(outcome).toMatchObject(told.over!);
        endings.add(outcome.kind === 'draw' ? 'draw' : `seat ${outcome.winner}`);
      } else {
        expect(state.turn).toBe(told.seat);
      }
      if (move !== undefined) moves.push(game.formatMove(move));
    }
  }
  expect([...endings].sort()).toEqual(['draw', 'seat 0', 'seat 1']);
});
