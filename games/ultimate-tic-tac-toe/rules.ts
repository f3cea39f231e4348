/**
 * Ultimate tic-tac-toe: nine boards of tic-tac-toe in a square; the cell a
 * stone takes says on which board the next stone goes.
 *
 * Boards and cells are numbered 0–8 row by row from the top left. Moves 0–8
 * choose a board ('to-ne') where the player may, as a ply of its own by the same
 * seat; move 9 + 9 × board + cell puts a stone ('ne-b2'). A set of boards or of
 * cells is nine bits.
 */

import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { type Cell, squareSymmetries } from '../grid.ts';

const SIZE = 3;
/** Boards, and cells of a board. */
export const BOARDS = SIZE * SIZE;
/** Columns and rows of all boards together. */
export const SIDE = SIZE * SIZE;
const ALL = (1 << BOARDS) - 1;
const LINES = [0o007, 0o070, 0o700, 0o111, 0o222, 0o444, 0o421, 0o124];

export const BOARD_NAMES = ['nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se'];
const CELL_NAMES = ['a3', 'b3', 'c3', 'a2', 'b2', 'c2', 'a1', 'b1', 'c1'];

export interface UltimateTicTacToe {
  /** Seat 0's stones: for each board, a bit a cell. */
  readonly x: readonly number[];
  /** Seat 1's stones. */
  readonly o: readonly number[];
  /** The boards that seat 0 has won, a bit a board. */
  readonly xBoards: number;
  /** The boards that seat 1 has won. */
  readonly oBoards: number;
  /** The boards that take no more stones. */
  readonly finished: number;
  /** The board that the next stone goes on; null where the player first chooses one. */
  readonly target: number | null;
  readonly turn: Seat;
  readonly winner: Seat | null;
}

const DRAW: Outcome = { kind: 'draw', how: 'all boards finished' };

/** For each set, its members. */
const MEMBERS: readonly (readonly number[])[] = Array.from({ length: ALL + 1 }, (_, set) =>
  Array.from({ length: BOARDS }, (_, i) => i).filter(i => set & (1 << i)),
);

/** For each set, how many it has, and at 9 × set + k the k-th: MEMBERS for playouts. */
const COUNT = Uint8Array.from(MEMBERS, members => members.length);
const MEMBER = Uint8Array.from(MEMBERS.flatMap(members => Array.from({ length: BOARDS }, (_, k) => members[k] ?? 0)));

/** For each set, 1 where it holds three in a row. */
const HAS_LINE = Uint8Array.from(MEMBERS, (_, set) => (LINES.some(line => (set & line) === line) ? 1 : 0));

/** For each board and set of empty cells, the moves. */
const MOVES: readonly (readonly (readonly number[])[])[] = Array.from({ length: BOARDS }, (_, board) =>
  MEMBERS.map(cells => cells.map(cell => moveTo(board, cell))),
);

/** Both seats' stones during a playout, seat 0's boards first. Nothing in it outlives a call. */
const stones = new Int32Array(2 * BOARDS);

const parameters = {
  misere: { kind: 'flag', about: 'whoever wins three boards in a row loses', usual: false },
  open: { kind: 'flag', about: 'a board that is won takes stones until it is full', usual: false },
} as const;

export const ultimateTicTacToe: Family<UltimateTicTacToe, typeof parameters> = {
  name: 'ultimate-tic-tac-toe',
  kind: 'board',
  parameters,
  variants: [
    { values: { misere: true }, about: 'three boards in a row lose' },
    { values: { open: true }, about: 'a board that is won takes stones until it is full' },
  ],
  openSpiel: {
    name: 'ultimate_tic_tac_toe',
    move: ({ target }, action) => (target === null ? action : moveTo(target, action)),
  },

  rules({ misere, open }) {
    const wins: readonly Outcome[] = [0, 1].map(winner => ({
      kind: 'win',
      winner: winner as Seat,
      how: misere ? 'the other has three boards in a row' : 'three boards in a row',
    }));
    const winnerAfterLine = (seat: Seat): Seat => (misere ? opponent(seat) : seat);
    const none = Array<number>(BOARDS).fill(0);

    const rules: Rules<UltimateTicTacToe> = {
      title: ['Ultimate tic-tac-toe', ...(misere ? ['misère'] : []), ...(open ? ['open boards'] : [])].join(', '),
      moveCount: BOARDS + BOARDS * BOARDS,
      observationShape: [5, SIDE, SIDE],
      symmetries: squareSymmetries(SIZE).map(turned => ({
        squares: Array.from({ length: SIDE * SIDE }, (_, square) => {
          const { board, cell } = placeOf(square);
          return squareOf(turned[board]!, turned[cell]!);
        }),
        moves: [...turned, ...turned.flatMap(board => turned.map(cell => moveTo(board, cell)))],
      })),
      openingPlies: 4,
      start: { x: none, o: none, xBoards: 0, oBoards: 0, finished: 0, target: null, turn: 0, winner: null },

      turn: state => state.turn,

      moves({ x, o, finished, target, winner }) {
        if (winner !== null) return [];
        return target === null ? MEMBERS[ALL & ~finished]! : MOVES[target]![ALL & ~(x[target]! | o[target]!)]!;
      },

      play(state, move) {
        if (move < BOARDS) return { ...state, target: move };
        const { turn } = state;
        const [board, cell] = [boardOf(move), cellOf(move)];
        const bit = 1 << board;
        const own = (turn === 0 ? state.x : state.o)[board]! | (1 << cell);
        const other = (turn === 0 ? state.o : state.x)[board]!;
        let ownBoards = turn === 0 ? state.xBoards : state.oBoards;
        const otherBoards = turn === 0 ? state.oBoards : state.xBoards;
        let { finished } = state;
        if (HAS_LINE[own] && !(otherBoards & bit)) {
          ownBoards |= bit;
          if (!open) finished |= bit;
        }
        if ((own | other) === ALL) finished |= bit;
        return {
          x: turn === 0 ? state.x.with(board, own) : state.x,
          o: turn === 0 ? state.o : state.o.with(board, own),
          xBoards: turn === 0 ? ownBoards : otherBoards,
          oBoards: turn === 0 ? otherBoards : ownBoards,
          finished,
          target: finished & (1 << cell) ? null : cell,
          turn: opponent(turn),
          winner: HAS_LINE[ownBoards] ? winnerAfterLine(turn) : null,
        };
      },

      outcome: ({ finished, winner }) => (winner !== null ? wins[winner] : finished === ALL ? DRAW : undefined),

      explain(state, move) {
        const { target, finished } = state;
        if (move < BOARDS) {
          if (target !== null) return ['R3'];
          return finished & (1 << move) ? ['R7'] : ['R1', 'R3'];
        }
        const [board, cell] = [boardOf(move), cellOf(move)];
        if (finished & (1 << board)) return ['R7'];
        if (target === null) return ['R3'];
        if (board !== target) return ['R2'];
        if ((state.x[board]! | state.o[board]!) & (1 << cell)) return ['R4'];
        const after = rules.play(state, move);
        const won = after.xBoards !== state.xBoards || after.oBoards !== state.oBoards;
        const full = (after.x[board]! | after.o[board]!) === ALL;
        const nobodys = full && !((after.xBoards | after.oBoards) & (1 << board));
        const outcome = rules.outcome(after);
        return [
          'R1',
          'R2',
          'R4',
          ...(won ? ['R5'] : []),
          ...(nobodys ? ['R6'] : []),
          ...(after.finished !== finished ? ['R7'] : []),
          ...(outcome === undefined ? [] : [outcome.kind === 'win' ? 'R8' : 'R9']),
        ];
      },

      playout(state, random) {
        if (state.winner !== null) return wins[state.winner]!;
        stones.set(state.x);
        stones.set(state.o, BOARDS);
        let { turn, finished } = state;
        let ownBoards = turn === 0 ? state.xBoards : state.oBoards;
        let otherBoards = turn === 0 ? state.oBoards : state.xBoards;
        let target = state.target ?? -1;
        while (finished !== ALL) {
          if (target < 0) {
            const left = ALL & ~finished;
            target = MEMBER[BOARDS * left + Math.floor(random() * COUNT[left]!)]!;
          }
          const at = turn * BOARDS + target;
          const other = stones[BOARDS - turn * BOARDS + target]!;
          const empty = ALL & ~(stones[at]! | other);
          const cell = MEMBER[BOARDS * empty + Math.floor(random() * COUNT[empty]!)]!;
          const own = stones[at]! | (1 << cell);
          stones[at] = own;
          const bit = 1 << target;
          if (HAS_LINE[own] === 1 && (otherBoards & bit) === 0) {
            ownBoards |= bit;
            if (HAS_LINE[ownBoards] === 1) return wins[winnerAfterLine(turn)]!;
            if (!open) finished |= bit;
          }
          if ((own | other) === ALL) finished |= bit;
          target = (finished & (1 << cell)) === 0 ? cell : -1;
          const waiting = otherBoards;
          otherBoards = ownBoards;
          ownBoards = waiting;
          turn = opponent(turn);
        }
        return DRAW;
      },

      show(state) {
        const cells = cellsOf(state);
        const lines: string[] = [];
        for (let row = 0; row < SIDE; row++) {
          if (row > 0 && row % SIZE === 0) lines.push('  ------+-------+------');
          const groups = [0, 1, 2].map(group =>
            cells
              .slice(row * SIDE + group * SIZE, row * SIDE + (group + 1) * SIZE)
              .map(sign)
              .join(' '),
          );
          lines.push(`${SIZE - (row % SIZE)} ${groups.join(' | ')}`);
        }
        lines.push('  a b c   a b c   a b c');
        for (const [seat, boards] of [state.xBoards, state.oBoards].entries()) {
          if (boards) lines.push(`won by ${sign(seat as Seat)}: ${names(boards)}`);
        }
        const nobodys = state.finished & ~(state.xBoards | state.oBoards);
        if (nobodys) lines.push(`won by nobody: ${names(nobodys)}`);
        if (rules.outcome(state) === undefined) {
          const task = state.target === null ? 'chooses a board' : `plays on ${BOARD_NAMES[state.target]}`;
          lines.push(`${sign(state.turn)} ${task}`);
        }
        return lines.join('\n');
      },

      notation:
        'a board, a hyphen and a cell of it from a1 to c3, such as ne-b2; or to- and a board, such as to-ne. ' +
        `The boards are ${BOARD_NAMES.join(' ')}`,

      formatMove: move =>
        move < BOARDS ? `to-${BOARD_NAMES[move]}` : `${BOARD_NAMES[boardOf(move)]}-${CELL_NAMES[cellOf(move)]}`,

      parseMove(text) {
        const [first, second = '', ...more] = text.split('-');
        if (more.length > 0) return undefined;
        const board = BOARD_NAMES.indexOf(first === 'to' ? second : first!);
        if (board === -1) return undefined;
        if (first === 'to') return board;
        const cell = CELL_NAMES.indexOf(second);
        return cell === -1 ? undefined : moveTo(board, cell);
      },

      /** Own stones, the opponent's; the boards each has won; those on which the next stone may go. */
      observe(state) {
        const { turn, xBoards, oBoards, finished, target } = state;
        const planes = new Float32Array(5 * SIDE * SIDE);
        const [ownBoards, otherBoards] = turn === 0 ? [xBoards, oBoards] : [oBoards, xBoards];
        const playable = target === null ? ALL & ~finished : 1 << target;
        for (const [square, stone] of cellsOf(state).entries()) {
          const bit = 1 << placeOf(square).board;
          if (stone !== null) planes[(stone === turn ? 0 : SIDE * SIDE) + square] = 1;
          for (const [i, boards] of [ownBoards, otherBoards, playable].entries()) {
            if (boards & bit) planes[(2 + i) * SIDE * SIDE + square] = 1;
          }
        }
        return planes;
      },
    };
    return rules;
  },
};

function moveTo(board: number, cell: number): number {
  return BOARDS + BOARDS * board + cell;
}

const boardOf = (move: number): number => Math.floor(move / BOARDS) - 1;
const cellOf = (move: number): number => move % BOARDS;

/** The board and the cell of a square of all boards together, numbered row by row from the top left. */
export function placeOf(square: number): { readonly board: number; readonly cell: number } {
  const row = Math.floor(square / SIDE);
  const column = square % SIDE;
  return {
    board: SIZE * Math.floor(row / SIZE) + Math.floor(column / SIZE),
    cell: SIZE * (row % SIZE) + (column % SIZE),
  };
}

/** The square of a cell: the inverse of `placeOf`. */
export const squareOf = (board: number, cell: number): number =>
  SIDE * (SIZE * Math.floor(board / SIZE) + Math.floor(cell / SIZE)) + SIZE * (board % SIZE) + (cell % SIZE);

/** What is on each square of all boards together, row by row from the top left. */
export const cellsOf = ({ x, o }: UltimateTicTacToe): readonly Cell[] =>
  Array.from({ length: SIDE * SIDE }, (_, square) => {
    const { board, cell } = placeOf(square);
    return x[board]! & (1 << cell) ? 0 : o[board]! & (1 << cell) ? 1 : null;
  });

/** The boards whose three in a row ended the game; none where nobody has them. */
export const decisiveBoards = ({ xBoards, oBoards }: UltimateTicTacToe): readonly number[] =>
  [xBoards, oBoards].flatMap(boards => LINES.filter(line => (boards & line) === line).flatMap(line => MEMBERS[line]!));

const sign = (cell: Cell): string => (cell === null ? '.' : 'xo'.charAt(cell));

const names = (boards: number): string => MEMBERS[boards]!.map(board => BOARD_NAMES[board]).join(' ');
