/**
 * Gomoku, and every m,n,k-game: a line of so many stones on a board of any size.
 *
 * A move is a crossing, numbered row by row from the top left and written with
 * its column and its row from below: 'a15' is the top left of the usual board. A
 * seat's stones are a bit each, a whole number a row, the left column lowest.
 */

import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { type Cell, MOST_KEY_SQUARES, mirrors, observeGrid, rowKeys, showGrid, squareSymmetries } from '../grid.ts';

const MOST = 19;
const NAMES = 'abcdefghijklmnopqrs';

export interface Gomoku {
  /** Seat 0's stones, a row a number, from the top. */
  readonly x: readonly number[];
  /** Seat 1's stones. */
  readonly o: readonly number[];
  /** Stones on the board. */
  readonly stones: number;
  readonly turn: Seat;
  readonly winner: Seat | null;
}

const DRAW: Outcome = { kind: 'draw', how: 'board full' };

const parameters = {
  columns: { kind: 'number', about: 'columns of the board', least: 3, most: MOST, usual: 15 },
  rows: { kind: 'number', about: 'rows of the board', least: 3, most: MOST, usual: 15 },
  line: { kind: 'number', about: 'stones of a line that wins', least: 3, most: MOST, usual: 5 },
  exact: { kind: 'flag', about: 'a line of more stones does not count', usual: false },
  misere: { kind: 'flag', about: 'whoever completes a line loses', usual: false },
} as const;

export const gomoku: Family<Gomoku, typeof parameters> = {
  name: 'gomoku',
  kind: 'board',
  parameters,
  variants: [
    { values: { columns: 9, rows: 9 }, about: 'a board of 9 × 9, on which the edges are near' },
    { values: { columns: 9, rows: 9, exact: true }, about: 'six in a line do not count' },
    { values: { columns: 7, rows: 7, line: 4, misere: true }, about: 'four in a line lose' },
  ],
  openSpiel: {
    name: 'mnk',
    values: ({ m = 15, n = 15, k = 5 }) => ({ columns: Number(m), rows: Number(n), line: Number(k) }),
  },

  rules({ columns, rows, line, exact, misere }) {
    const longest = Math.max(columns, rows);
    if (line > longest) {
      throw new RangeError(`line must be from 3 to ${longest}, as long as the board, not ${line}`);
    }
    const count = columns * rows;
    const wins: readonly Outcome[] = [0, 1].map(winner => ({
      kind: 'win',
      winner: winner as Seat,
      how: misere ? `the other has ${line} in a line` : `${line} in a line`,
    }));
    const winnerAfterLine = (seat: Seat): Seat => (misere ? opponent(seat) : seat);
    const isLine = (length: number): boolean => (exact ? length === line : length >= line);

    /** How long the longest line of `stones` through a crossing is that counts, and whether one does not. */
    function linesThrough(stones: readonly number[], crossing: number) {
      const lengths = DIRECTIONS.map(
        ([down, right]) => 1 + run(stones, crossing, down, right) + run(stones, crossing, -down, -right),
      );
      return { counts: lengths.some(isLine), tooLong: lengths.some(length => length > line) };
    }

    function run(stones: readonly number[], crossing: number, down: number, right: number): number {
      let row = Math.floor(crossing / columns) + down;
      let column = (crossing % columns) + right;
      let length = 0;
      while (column >= 0 && ((stones[row] ?? 0) & (1 << column)) !== 0) {
        length++;
        row += down;
        column += right;
      }
      return length;
    }

    const put = (stones: readonly number[], crossing: number): readonly number[] =>
      stones.with(
        Math.floor(crossing / columns),
        stones[Math.floor(crossing / columns)]! | (1 << (crossing % columns)),
      );
    const isTaken = ({ x, o }: Gomoku, crossing: number): boolean =>
      ((x[Math.floor(crossing / columns)]! | o[Math.floor(crossing / columns)]!) & (1 << (crossing % columns))) !== 0;

    const size = columns === 15 && rows === 15 ? [] : [`${columns} × ${rows}`];
    const empty = Array<number>(rows).fill(0);

    const rules: Rules<Gomoku> = {
      title: [
        'Gomoku',
        ...size,
        ...(line === 5 ? [] : [`${line} in a line`]),
        ...(exact ? [`exactly ${line}`] : []),
        ...(misere ? ['misère'] : []),
      ].join(', '),
      facts: {
        last: NAMES.charAt(columns - 1),
        crossings: count,
        less: line - 1,
        shorter: line - 2,
        more: line + 1,
        // Room for the moves that the documents show.
        roomy: columns >= 7 && rows >= 5 && line === 5,
        high: rows >= 5,
      },
      moveCount: count,
      observationShape: [2, rows, columns],
      symmetries: (columns === rows ? squareSymmetries(columns) : mirrors(columns, rows)).map(squares => ({
        squares,
        moves: squares,
      })),
      openingPlies: 2,
      start: { x: empty, o: empty, stones: 0, turn: 0, winner: null },

      turn: state => state.turn,

      moves(state) {
        if (state.winner !== null) return [];
        const moves: number[] = [];
        for (let row = 0; row < rows; row++) {
          const taken = state.x[row]! | state.o[row]!;
          for (let column = 0; column < columns; column++) {
            if ((taken & (1 << column)) === 0) moves.push(row * columns + column);
          }
        }
        return moves;
      },

      play({ x, o, stones, turn }, crossing) {
        const own = put(turn === 0 ? x : o, crossing);
        return {
          x: turn === 0 ? own : x,
          o: turn === 0 ? o : own,
          stones: stones + 1,
          turn: opponent(turn),
          winner: linesThrough(own, crossing).counts ? winnerAfterLine(turn) : null,
        };
      },

      outcome: ({ stones, winner }) => (winner !== null ? wins[winner] : stones === count ? DRAW : undefined),

      explain(state, crossing) {
        if (isTaken(state, crossing)) return ['R3'];
        const { counts, tooLong } = linesThrough(put(state.turn === 0 ? state.x : state.o, crossing), crossing);
        return ['R1', 'R2', ...(counts ? ['R4'] : []), ...(exact && tooLong ? ['R5'] : [])];
      },

      playout(state, random) {
        if (state.winner !== null) return wins[state.winner]!;
        let { stones, turn } = state;
        load(state);
        for (; stones < count; stones++) {
          const crossing = take(Math.floor(random() * (count - stones)));
          if (completes(crossing, turn)) return wins[winnerAfterLine(turn)]!;
          turn = opponent(turn);
        }
        return DRAW;
      },

      show(state) {
        const lines = showGrid(cellsOf(state, columns), columns).split('\n');
        const names = [...NAMES.slice(0, columns)].join(' ');
        return [...lines.map((text, row) => `${String(rows - row).padStart(2)} ${text}`), `   ${names}`].join('\n');
      },

      notation: `a column from a to ${NAMES.charAt(columns - 1)} and a row from 1 to ${rows}, such as b2`,

      formatMove: crossing => `${NAMES[crossing % columns]}${rows - Math.floor(crossing / columns)}`,

      parseMove(text) {
        const [, letter, digits] = /^([a-s])([1-9]\d?)$/.exec(text) ?? [];
        if (letter === undefined) return undefined;
        const column = NAMES.indexOf(letter);
        const row = rows - Number(digits);
        return column < columns && row >= 0 ? row * columns + column : undefined;
      },

      observe: state => observeGrid(cellsOf(state, columns), state.turn),

      ...(count <= MOST_KEY_SQUARES && { key: keyFor(columns) }),
    };

    // Random play on a board with a border, on which nothing has to look whether it is still inside.
    const width = columns + 1;
    const border = 2 * width;
    const steps = DIRECTIONS.map(([down, right]) => down * width + right);
    const place = Int16Array.from(
      { length: count },
      (_, i) => border + Math.floor(i / columns) * width + (i % columns),
    );
    /** 0 for nobody, 1 and 2 for the seats; the border is nobody's. */
    const board = new Int8Array(border + (rows + 2) * width);
    /** The empty crossings of each row, as bits, and how many they are. */
    const open = new Int32Array(rows);
    const openIn = new Int8Array(rows);

    function load({ x, o }: Gomoku): void {
      for (let row = 0; row < rows; row++) {
        open[row] = ((1 << columns) - 1) & ~(x[row]! | o[row]!);
        openIn[row] = 0;
        for (let column = 0; column < columns; column++) {
          const bit = 1 << column;
          board[place[row * columns + column]!] = x[row]! & bit ? 1 : o[row]! & bit ? 2 : 0;
          if (open[row]! & bit) openIn[row]!++;
        }
      }
    }

    /** Takes the empty crossing that `index` others come before, and names it. */
    function take(index: number): number {
      let row = 0;
      let left = index;
      while (left >= openIn[row]!) left -= openIn[row++]!;
      let bits = open[row]!;
      for (; left > 0; left--) bits &= bits - 1;
      const bit = bits & -bits;
      open[row]! ^= bit;
      openIn[row]!--;
      return row * columns + 31 - Math.clz32(bit);
    }

    /** Lays a stone and tells whether it completes a line. */
    function completes(crossing: number, seat: Seat): boolean {
      const at = place[crossing]!;
      const own = seat + 1;
      board[at] = own;
      for (let i = 0; i < steps.length; i++) {
        const step = steps[i]!;
        let length = 1;
        for (let next = at + step; board[next] === own; next += step) length++;
        for (let next = at - step; board[next] === own; next -= step) length++;
        if (isLine(length)) return true;
      }
      return false;
    }

    return rules;
  },
};

const DIRECTIONS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1, -1],
] as const;

/** The key of a board with so many columns. */
function keyFor(columns: number): (state: Gomoku) => number {
  const { plain } = rowKeys(columns);
  return ({ x, o, turn }) => x.reduce((key, row, i) => plain(key, row, o[i]!), turn as number);
}

/** What is on each crossing, row by row from the top left. */
export const cellsOf = ({ x, o }: Gomoku, columns: number): readonly Cell[] =>
  x.flatMap((row, i) =>
    Array.from({ length: columns }, (_, column): Cell => {
      const bit = 1 << column;
      return row & bit ? 0 : o[i]! & bit ? 1 : null;
    }),
  );
