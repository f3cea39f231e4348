/**
 * Hex: join your two edges of a rhombus of hexagons (Piet Hein, 1942).
 *
 * A move is a cell, numbered row by row from the top left and written with its
 * column and its row from above, 'a1' the top left; with the swap rule one more
 * move, 'swap'. A seat's stones are a bit each, a whole number a row, the left
 * column lowest. Neighbours of a cell are those beside it in its row, the two
 * above it (its own column and the next) and the two below it (the column before
 * and its own).
 */

import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { type Cell, MOST_KEY_SQUARES, observeGrid, rowKeys } from '../grid.ts';

const MOST = 13;
const NAMES = 'abcdefghijklm';

export interface Hex {
  /** Stones of seat 0, which joins top and bottom: a row a number, from the top. */
  readonly x: readonly number[];
  /** Stones of seat 1, which joins left and right. */
  readonly o: readonly number[];
  /** Stones on the board. */
  readonly stones: number;
  readonly turn: Seat;
  readonly winner: Seat | null;
}

const NEIGHBOURS: readonly (readonly [down: number, right: number])[] = [
  [-1, 0],
  [-1, 1],
  [0, -1],
  [0, 1],
  [1, -1],
  [1, 0],
];

const parameters = {
  size: { kind: 'number', about: 'cells of an edge', least: 3, most: MOST, usual: 11 },
  swap: { kind: 'flag', about: "the second player may take over the first player's first stone", usual: false },
  misere: { kind: 'flag', about: 'whoever joins the own edges loses', usual: false },
} as const;

export const hex: Family<Hex, typeof parameters> = {
  name: 'hex',
  kind: 'board',
  parameters,
  variants: [
    { values: { size: 7 }, about: 'a board of 7 × 7' },
    { values: { size: 4 }, about: 'a board of 4 × 4, small enough to be searched to the end' },
    { values: { size: 7, swap: true }, about: 'the first stone may be taken over, so that it has to be a fair one' },
    { values: { size: 5, misere: true }, about: 'whoever joins the own edges loses' },
  ],
  openSpiel: {
    name: 'hex',
    values({ board_size, num_cols = board_size, num_rows = num_cols, swap = false }) {
      if (num_cols !== num_rows) throw new RangeError('num_cols and num_rows must be the same');
      return { size: Number(num_cols ?? 11), swap: swap === true };
    },
  },

  rules({ size, swap, misere }) {
    const count = size * size;
    const last = size - 1;
    const wins: readonly Outcome[] = [0, 1].map(winner => ({
      kind: 'win',
      winner: winner as Seat,
      how: misere ? 'the other joined both edges' : 'both edges joined',
    }));
    const winnerAfterJoin = (seat: Seat): Seat => (misere ? opponent(seat) : seat);
    const put = (stones: readonly number[], cell: number): readonly number[] =>
      stones.with(Math.floor(cell / size), stones[Math.floor(cell / size)]! | (1 << (cell % size)));
    const isTaken = ({ x, o }: Hex, cell: number): boolean =>
      ((x[Math.floor(cell / size)]! | o[Math.floor(cell / size)]!) & (1 << (cell % size))) !== 0;
    const canSwap = ({ stones, turn }: Hex): boolean => swap && stones === 1 && turn === 1;

    /** Whether the chain of stones that a cell belongs to reaches both edges of its seat. */
    function joins(stones: readonly number[], cell: number, seat: Seat): boolean {
      const chain = Array<number>(size).fill(0);
      chain[Math.floor(cell / size)] = 1 << (cell % size);
      // Grows by a row at a time, down and up again, until nothing is added.
      for (let grows = true; grows; ) {
        grows = false;
        for (let i = 0; i < 2 * size; i++) {
          const row = i < size ? i : 2 * size - 1 - i;
          const own = chain[row]!;
          const above = chain[row - 1] ?? 0;
          const below = chain[row + 1] ?? 0;
          const grown = (own | (own << 1) | (own >> 1) | above | (above >> 1) | below | (below << 1)) & stones[row]!;
          if (grown !== own) {
            chain[row] = grown;
            grows = true;
          }
        }
      }
      if (seat === 0) return chain[0] !== 0 && chain[last] !== 0;
      const columns = chain.reduce((all, row) => all | row, 0);
      return (columns & 1) !== 0 && (columns & (1 << last)) !== 0;
    }

    const empty = Array<number>(size).fill(0);
    const turned = Array.from({ length: count }, (_, cell) => count - 1 - cell);

    const rules: Rules<Hex> = {
      small: size <= 4,
      title: [
        'Hex',
        ...(size === 11 ? [] : [`${size} × ${size}`]),
        ...(swap ? ['with swap'] : []),
        ...(misere ? ['misère'] : []),
      ].join(', '),
      facts: {
        last: NAMES.charAt(last),
        large: size >= 5,
        middle: `${NAMES.charAt(Math.floor(size / 2))}${Math.ceil(size / 2)}`,
      },
      moveCount: swap ? count + 1 : count,
      observationShape: [3, size, size],
      symmetries: [{ squares: turned, moves: swap ? [...turned, count] : turned }],
      openingPlies: size < 5 ? 1 : 2,
      start: { x: empty, o: empty, stones: 0, turn: 0, winner: null },

      turn: state => state.turn,

      moves(state) {
        if (state.winner !== null) return [];
        const moves: number[] = [];
        for (let row = 0; row < size; row++) {
          const taken = state.x[row]! | state.o[row]!;
          for (let column = 0; column < size; column++) {
            if ((taken & (1 << column)) === 0) moves.push(row * size + column);
          }
        }
        if (canSwap(state)) moves.push(count);
        return moves;
      },

      play(state, move) {
        const { x, o, stones, turn } = state;
        if (move === count) {
          const [row, bits] = [...x.entries()].find(([, bits]) => bits !== 0)!;
          const column = 31 - Math.clz32(bits);
          return { x: empty, o: put(empty, column * size + row), stones, turn: 0, winner: null };
        }
        const own = put(turn === 0 ? x : o, move);
        return {
          x: turn === 0 ? own : x,
          o: turn === 0 ? o : own,
          stones: stones + 1,
          turn: opponent(turn),
          winner: joins(own, move, turn) ? winnerAfterJoin(turn) : null,
        };
      },

      outcome: ({ winner }) => (winner === null ? undefined : wins[winner]),

      explain(state, move) {
        if (move === count) return canSwap(state) ? ['R1', 'R5'] : ['R6'];
        if (isTaken(state, move)) return ['R3'];
        return [
          'R1',
          'R2',
          ...(joins(put(state.turn === 0 ? state.x : state.o, move), move, state.turn) ? ['R4'] : []),
        ];
      },

      playout(state, random) {
        if (state.winner !== null) return wins[state.winner]!;
        let position = state;
        if (canSwap(state) || (swap && state.stones === 0)) {
          // The first moves by the book; the swap is only possible there.
          while (position.stones === 0 || canSwap(position)) {
            const moves = rules.moves(position);
            position = rules.play(position, moves[Math.floor(random() * moves.length)]!);
          }
        }
        load(position);
        let { stones, turn } = position;
        for (;;) {
          if (lay(take(Math.floor(random() * (count - stones++))), turn)) return wins[winnerAfterJoin(turn)]!;
          turn = turn === 0 ? 1 : 0;
        }
      },

      show({ x, o, turn, winner }) {
        const rows = Array.from({ length: size }, (_, row) => {
          const cells = Array.from({ length: size }, (_, column) => {
            const bit = 1 << column;
            return x[row]! & bit ? 'x' : o[row]! & bit ? 'o' : '.';
          });
          return `${' '.repeat(row)}${String(row + 1).padStart(2)} ${cells.join(' ')}`;
        });
        return [
          `  ${[...NAMES.slice(0, size)].join(' ')}`,
          ...rows,
          ...(winner === null ? [`${'xo'[turn]} to move; x joins top and bottom, o joins left and right`] : []),
        ].join('\n');
      },

      notation: `a column from a to ${NAMES.charAt(last)} and a row from 1 to ${size}, such as b2${swap ? ', or swap' : ''}`,

      formatMove: move => (move === count ? 'swap' : `${NAMES[move % size]}${Math.floor(move / size) + 1}`),

      parseMove(text) {
        if (text === 'swap') return swap ? count : undefined;
        const [, letter, digits] = /^([a-m])([1-9]\d?)$/.exec(text) ?? [];
        if (letter === undefined || Number(digits) > size || NAMES.indexOf(letter) > last) return undefined;
        return (Number(digits) - 1) * size + NAMES.indexOf(letter);
      },

      observe(state) {
        const planes = new Float32Array(3 * count);
        planes.set(observeGrid(cellsOf(state, size), state.turn));
        // Which edges are one's own.
        if (state.turn === 0) planes.fill(1, 2 * count);
        return planes;
      },

      ...(count <= MOST_KEY_SQUARES && { key: keyFor(size) }),
    };

    // Random play on a board with a border. A stone that is joined to its seat's first edge is marked; each is
    // marked once, when the chain that it belongs to gets there, so the whole of it costs little more than the stones.
    const width = size + 2;
    const area = width * width;
    const place = Int16Array.from(
      { length: count },
      (_, cell) => width * (1 + Math.floor(cell / size)) + 1 + (cell % size),
    );
    const steps = Int16Array.from(NEIGHBOURS, ([down, right]) => down * width + right);
    /** By seat: 0 for nobody's, 1 for a stone, 2 for a stone that is marked. The border is nobody's, but the first edge is marked. */
    const boards = ([0, 1] as const).map(seat => {
      const board = new Int8Array(area);
      for (let i = 0; i < width; i++) board[seat === 0 ? i : i * width] = 2;
      return board;
    }) as [Int8Array, Int8Array];
    const clean = boards.map(board => board.slice());
    /** Whether a place touches its seat's second edge. */
    const ends = ([0, 1] as const).map(seat =>
      Int8Array.from({ length: area }, (_, at) => {
        const [row, column] = [Math.floor(at / width) - 1, (at % width) - 1];
        return Number((seat === 0 ? row : column) === last);
      }),
    ) as [Int8Array, Int8Array];
    const open = new Int32Array(size);
    const openIn = new Int8Array(size);
    const stack = new Int16Array(count);

    function load({ x, o }: Hex): void {
      for (const seat of [0, 1] as const) boards[seat].set(clean[seat]!);
      for (let row = 0; row < size; row++) {
        open[row] = ((1 << size) - 1) & ~(x[row]! | o[row]!);
        openIn[row] = size;
        for (let column = 0; column < size; column++) {
          const bit = 1 << column;
          if (open[row]! & bit) continue;
          openIn[row]!--;
          lay(row * size + column, x[row]! & bit ? 0 : 1);
        }
      }
    }

    /** Takes the empty cell that `index` others come before, and names it. */
    function take(index: number): number {
      let row = 0;
      let left = index;
      while (left >= openIn[row]!) left -= openIn[row++]!;
      let bits = open[row]!;
      for (; left > 0; left--) bits &= bits - 1;
      const bit = bits & -bits;
      open[row]! ^= bit;
      openIn[row]!--;
      return row * size + 31 - Math.clz32(bit);
    }

    /** Lays a stone and tells whether it joins the edges. */
    function lay(cell: number, seat: Seat): boolean {
      const board = boards[seat];
      const at = place[cell]!;
      const isMarked =
        board[at - width] === 2 ||
        board[at - width + 1] === 2 ||
        board[at - 1] === 2 ||
        board[at + 1] === 2 ||
        board[at + width - 1] === 2 ||
        board[at + width] === 2;
      board[at] = 1;
      return isMarked && mark(board, ends[seat], at);
    }

    /** Marks a stone and all that are joined to it; whether one of them touches the second edge. */
    function mark(board: Int8Array, end: Int8Array, from: number): boolean {
      let found = end[from] === 1;
      let height = 0;
      board[from] = 2;
      stack[height++] = from;
      while (height > 0) {
        const at = stack[--height]!;
        for (let i = 0; i < 6; i++) {
          const next = at + steps[i]!;
          if (board[next] !== 1) continue;
          board[next] = 2;
          if (end[next] === 1) found = true;
          stack[height++] = next;
        }
      }
      return found;
    }

    return rules;
  },
};

/** The key of a board of this size: the same for a position turned by half. */
function keyFor(size: number): (state: Hex) => number {
  const { plain, mirrored } = rowKeys(size);
  return ({ x, o, turn }) => {
    let key: number = turn;
    let turned: number = turn;
    for (let row = 0; row < size; row++) {
      key = plain(key, x[row]!, o[row]!);
      turned = mirrored(turned, x[size - 1 - row]!, o[size - 1 - row]!);
    }
    return Math.min(key, turned);
  };
}

/** What is on each cell, row by row from the top left. */
export const cellsOf = ({ x, o }: Hex, size: number): readonly Cell[] =>
  Array.from({ length: size * size }, (_, cell): Cell => {
    const [row, bit] = [Math.floor(cell / size), 1 << (cell % size)];
    return x[row]! & bit ? 0 : o[row]! & bit ? 1 : null;
  });

/** A shortest chain of stones that joins the edges of a seat, from the first edge on; none where there is none. */
export function chainOf(cells: readonly Cell[], size: number, seat: Seat): readonly number[] {
  const from = new Map<number, number | null>();
  const placeOf = (cell: number) => (seat === 0 ? Math.floor(cell / size) : cell % size);
  for (const [cell, owner] of cells.entries()) if (owner === seat && placeOf(cell) === 0) from.set(cell, null);
  for (const [cell] of from) {
    if (placeOf(cell) === size - 1) {
      const chain: number[] = [];
      for (let at: number | null = cell; at !== null; at = from.get(at)!) chain.push(at);
      return chain.toReversed();
    }
    const [row, column] = [Math.floor(cell / size), cell % size];
    for (const [down, right] of NEIGHBOURS) {
      const [r, c] = [row + down, column + right];
      const next = r * size + c;
      if (r >= 0 && r < size && c >= 0 && c < size && cells[next] === seat && !from.has(next)) from.set(next, cell);
    }
  }
  return [];
}
