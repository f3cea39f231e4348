/**
 * Checkers, or English draughts.
 *
 * A move is written as the square it leaves and the square it enters, 'c3d4';
 * a capture too, 'c3e5', and each jump of several is a move of its own. Moves are
 * numbered as OpenSpiel orders them, by the square they leave, row by row from
 * the top left, then up to the left, up to the right, down to the right, down to
 * the left, a step before a jump; those that would leave the board have no number.
 *
 * Sets of pieces are 32 bits, one for each dark square of the largest board: bit
 * 4 × row from the top + half the column. Dark columns are b, d, f, h in the
 * rows 0, 2, 4, 6 and a, c, e, g in the others. Smaller boards are the upper left
 * part of the largest.
 */

import { inFours } from '../bits.ts';
import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../game.ts';

const NAMES = 'abcdefgh';
const LARGEST = 8;
const SQUARES = 32;

/** So many moves in a row without a capture are a draw. */
export const MOST_QUIET = 40;

/** Rows 0, 2, 4, 6, and the same without the last column; the other rows, and the same without the first column. */
const EVEN_ROWS = 0x0f0f0f0f;
const EVEN_ROWS_BUT_LAST = 0x07070707;
const ODD_ROWS = 0xf0f0f0f0 | 0;
const ODD_ROWS_BUT_FIRST = 0xe0e0e0e0 | 0;

/** Where the four directions lead: up to the left, up to the right, down to the right, down to the left. */
const DOWN = [-1, -1, 1, 1];
const RIGHT = [-1, 1, 1, -1];
const DIRECTIONS = DOWN.length;

export interface Checkers {
  /** Seat 0's pieces, who goes up. */
  readonly x: number;
  /** Seat 1's pieces. */
  readonly o: number;
  /** Those pieces of both that are kings. */
  readonly kings: number;
  readonly turn: Seat;
  /** The number of the bit of the piece that has to go on capturing. */
  readonly jumper: number | null;
  /** Moves since the last capture, or since the start. */
  readonly quiet: number;
}

/** The pieces that may go in each direction: what findMoves or findJumps found last. */
let upLeft = 0;
let upRight = 0;
let downRight = 0;
let downLeft = 0;

/** For each set of eight squares, a bit for each where there is a bit for four, the lowest of them. */
const SPREAD = Int32Array.from({ length: 256 }, (_, set) => {
  let spread = 0;
  for (let square = 0; square < 8; square++) if (set & (1 << square)) spread |= 1 << (DIRECTIONS * square);
  return spread;
});

const DRAW: Outcome = { kind: 'draw', how: `${MOST_QUIET} moves without a capture` };

const parameters = {
  size: { kind: 'number', about: 'rows and columns of the board', least: 6, most: LARGEST, usual: LARGEST },
  forced: { kind: 'flag', about: 'whoever can capture must capture', usual: true },
  misere: { kind: 'flag', about: 'whoever cannot move wins', usual: false },
} as const;

export const checkers: Family<Checkers, typeof parameters> = {
  name: 'checkers',
  kind: 'board',
  parameters,
  variants: [
    { values: { misere: true }, about: 'whoever has no pieces or no move left wins' },
    { values: { forced: false }, about: 'nobody has to capture' },
    { values: { size: 6 }, about: 'a board of 6 × 6 with six men each' },
  ],
  openSpiel: {
    name: 'checkers',
    values({ columns, rows }) {
      if (columns !== rows) throw new RangeError('columns and rows must be the same');
      return { size: Number(rows) };
    },
    // Theirs are (row, column, direction, whether it captures), moves off the board included.
    move(_, action, rules) {
      const [, size] = rules.observationShape;
      const length = (action % 2) + 1;
      const direction = Math.floor(action / 2) % DIRECTIONS;
      const square = Math.floor(action / 2 / DIRECTIONS);
      const row = Math.floor(square / size);
      const column = square % size;
      const name = (r: number, c: number) => `${NAMES[c]}${size - r}`;
      const to = name(row + length * DOWN[direction]!, column + length * RIGHT[direction]!);
      return rules.parseMove(name(row, column) + to) ?? -1;
    },
  },

  rules({ size, forced, misere }) {
    const pieceRows = Math.floor((size - 1) / 2);
    const dark = Array.from({ length: SQUARES }, (_, bit) => bit).filter(
      bit => rowOf(bit) < size && columnOf(bit) < size,
    );
    const setOf = (within: (row: number) => boolean): number =>
      dark.reduce((set, bit) => (within(rowOf(bit)) ? set | (1 << bit) : set), 0);
    const board = setOf(() => true);
    const topRow = setOf(row => row === 0);
    const bottomRow = setOf(row => row === size - 1);
    const start: Checkers = {
      x: setOf(row => row >= size - pieceRows),
      o: setOf(row => row < pieceRows),
      kings: 0,
      turn: 0,
      jumper: null,
      quiet: 0,
    };

    // The squares that a move leaves, jumps over (null for a step) and enters, and its direction.
    const moveAt = new Int16Array(SQUARES * DIRECTIONS * 2);
    const texts: string[] = [];
    const froms: number[] = [];
    const overs: (number | null)[] = [];
    const tos: number[] = [];
    const directions: number[] = [];
    const nameOf = (bit: number): string => `${NAMES[columnOf(bit)]}${size - rowOf(bit)}`;
    function addMove(from: number, direction: number, over: number | null, to: number): void {
      moveAt[(from * DIRECTIONS + direction) * 2 + (over === null ? 0 : 1)] = texts.length;
      texts.push(nameOf(from) + nameOf(to));
      froms.push(from);
      overs.push(over);
      tos.push(to);
      directions.push(direction);
    }
    for (const from of dark) {
      for (let direction = 0; direction < DIRECTIONS; direction++) {
        const near = neighbour(from, direction, size);
        if (near === null) continue;
        addMove(from, direction, null, near);
        const far = neighbour(near, direction, size);
        if (far !== null) addMove(from, direction, near, far);
      }
    }
    const moveOf = new Map(texts.map((text, move) => [text, move]));
    const foremost = dark.find(bit => rowOf(bit) === size - pieceRows)!;
    const example = texts[moveAt[(foremost * DIRECTIONS + 1) * 2]!]!;

    const outcomes = (how: string): readonly Outcome[] =>
      [0, 1].map(winner => ({ kind: 'win', winner: winner as Seat, how }));
    const byCapture = outcomes(misere ? 'lost every piece' : 'captured every piece');
    const byBlock = outcomes(misere ? 'cannot move' : 'the other cannot move');

    /** The result for the side that is to move with `own` and cannot. */
    const withoutMove = (own: number, turn: Seat): Outcome =>
      (own === 0 ? byCapture : byBlock)[misere ? turn : opponent(turn)]!;

    /** The pieces of `own` that can jump over one of `other`; whether there are any. */
    function findJumps(own: number, other: number, kings: number, turn: Seat, empty: number): boolean {
      const up = turn === 0 ? own : own & kings;
      const down = turn === 0 ? own & kings : own;
      upLeft = up & toDownRight(other & toDownRight(empty));
      upRight = up & toDownLeft(other & toDownLeft(empty));
      downRight = down & toUpLeft(other & toUpLeft(empty));
      downLeft = down & toUpRight(other & toUpRight(empty));
      return (upLeft | upRight | downRight | downLeft) !== 0;
    }

    /** The pieces of `own` that may move; one whose next square is taken jumps. `jumper` is the piece that has to go on, or 0. */
    function findMoves(own: number, other: number, kings: number, turn: Seat, jumper: number): void {
      const empty = board & ~(own | other);
      if (findJumps(jumper === 0 ? own : jumper, other, kings, turn, empty) && (forced || jumper !== 0)) return;
      const up = turn === 0 ? own : own & kings;
      const down = turn === 0 ? own & kings : own;
      upLeft |= up & toDownRight(empty);
      upRight |= up & toDownLeft(empty);
      downRight |= down & toUpLeft(empty);
      downLeft |= down & toUpRight(empty);
    }

    const findMovesIn = ({ x, o, kings, turn, jumper }: Checkers): void =>
      findMoves(turn === 0 ? x : o, turn === 0 ? o : x, kings, turn, jumper === null ? 0 : 1 << jumper);

    const rules: Rules<Checkers> = {
      title: [
        'Checkers',
        ...(size < LARGEST ? [`${size} × ${size}`] : []),
        ...(forced ? [] : ['free captures']),
        ...(misere ? ['misère'] : []),
      ].join(', '),
      facts: {
        last: NAMES.charAt(size - 1),
        large: size === LARGEST,
        small: size === 6,
        odd: size % 2 === 1,
        pieceRows,
        oLowest: size - pieceRows + 1,
        example,
        mostQuiet: MOST_QUIET,
      },
      moveCount: texts.length,
      observationShape: [7, size, size],
      // To mirror a board of even size exchanges light and dark squares.
      symmetries:
        size % 2 === 0
          ? []
          : [
              {
                squares: Array.from({ length: size * size }, (_, square) => square - 2 * (square % size) + size - 1),
                moves: texts.map(text => {
                  const mirrored = (name: string) => NAMES.charAt(size - 1 - NAMES.indexOf(name));
                  return moveOf.get(mirrored(text[0]!) + text[1] + mirrored(text[2]!) + text[3])!;
                }),
              },
            ],
      openingPlies: 4,
      start,

      turn: state => state.turn,

      moves(state) {
        const moves: number[] = [];
        if (state.quiet >= MOST_QUIET) return moves;
        findMovesIn(state);
        const pieces = state.x | state.o;
        const starts = [upLeft, upRight, downRight, downLeft];
        for (let bits = upLeft | upRight | downRight | downLeft; bits !== 0; bits &= bits - 1) {
          const from = 31 - Math.clz32(bits & -bits);
          for (let direction = 0; direction < DIRECTIONS; direction++) {
            if (!(starts[direction]! & (1 << from))) continue;
            const step = moveAt[(from * DIRECTIONS + direction) * 2]!;
            // The jump has the number after the step.
            moves.push(pieces & (1 << tos[step]!) ? step + 1 : step);
          }
        }
        return moves;
      },

      play({ x, o, kings, turn, quiet }, move) {
        const to = tos[move]!;
        const from = 1 << froms[move]!;
        const over = overs[move]!;
        const entered = 1 << to;
        const captured = over === null ? 0 : 1 << over;
        const own = ((turn === 0 ? x : o) & ~from) | entered;
        const other = (turn === 0 ? o : x) & ~captured;
        const wasKing = (kings & from) !== 0;
        const crowned = !wasKing && (entered & (turn === 0 ? topRow : bottomRow)) !== 0;
        const kingsAfter = (kings & ~from & ~captured) | (wasKing || crowned ? entered : 0);
        const goesOn =
          captured !== 0 && !crowned && findJumps(entered, other, kingsAfter, turn, board & ~(own | other));
        return {
          x: turn === 0 ? own : other,
          o: turn === 0 ? other : own,
          kings: kingsAfter,
          turn: goesOn ? turn : opponent(turn),
          jumper: goesOn ? to : null,
          quiet: captured === 0 ? quiet + 1 : 0,
        };
      },

      outcome(state) {
        if (state.quiet >= MOST_QUIET) return DRAW;
        findMovesIn(state);
        if ((upLeft | upRight | downRight | downLeft) !== 0) return undefined;
        return withoutMove(state.turn === 0 ? state.x : state.o, state.turn);
      },

      explain(state, move) {
        const { x, o, kings, turn, jumper } = state;
        const own = turn === 0 ? x : o;
        const from = froms[move]!;
        const over = overs[move]!;
        const isKing = (kings & (1 << from)) !== 0;
        const goesForward = DOWN[directions[move]!] === (turn === 0 ? -1 : 1);
        const legal = rules.moves(state);
        if (!legal.includes(move)) {
          if (!(own & (1 << from))) return ['R2'];
          if (jumper !== null && (from !== jumper || over === null)) return ['R7'];
          const target = (x | o) & (1 << tos[move]!);
          if (over !== null) return ['R5'];
          if (target || (!goesForward && !isKing)) return [isKing ? 'R4' : 'R3'];
          return ['R6'];
        }
        const after = rules.play(state, move);
        const outcome = rules.outcome(after);
        const couldCapture = legal.some(other => overs[other] !== null);
        return [
          'R1',
          'R2',
          ...(over !== null ? ['R5'] : [isKing ? 'R4' : 'R3']),
          ...(jumper === null && couldCapture && (forced || over === null) ? ['R6'] : []),
          ...(jumper !== null || after.jumper !== null ? ['R7'] : []),
          ...(!isKing && after.kings & (1 << tos[move]!) ? ['R8'] : []),
          ...(outcome?.kind === 'win' ? ['R9'] : []),
          ...(outcome?.kind === 'draw' ? ['R10'] : []),
        ];
      },

      playout(state, random) {
        let { kings, turn, quiet } = state;
        let own = turn === 0 ? state.x : state.o;
        let other = turn === 0 ? state.o : state.x;
        let jumper = state.jumper === null ? 0 : 1 << state.jumper;
        while (quiet < MOST_QUIET) {
          findMoves(own, other, kings, turn, jumper);

          // Find the eight squares that the chosen move leaves, then the square and the direction.
          const upTo = movesUpToBytes();
          const count = upTo >>> 24;
          if (count === 0) return withoutMove(own, turn);
          let chosen = Math.floor(random() * count);
          let shift = 0;
          if (chosen >= ((upTo >>> 8) & 0xff)) shift = chosen >= ((upTo >>> 16) & 0xff) ? 24 : 16;
          else if (chosen >= (upTo & 0xff)) shift = 8;
          if (shift > 0) chosen -= (upTo >>> (shift - 8)) & 0xff;
          let eight =
            SPREAD[(upLeft >>> shift) & 0xff]! |
            (SPREAD[(upRight >>> shift) & 0xff]! << 1) |
            (SPREAD[(downRight >>> shift) & 0xff]! << 2) |
            (SPREAD[(downLeft >>> shift) & 0xff]! << 3);
          for (; chosen > 0; chosen--) eight &= eight - 1;
          const index = 31 - Math.clz32(eight & -eight);
          const direction = index & 3;
          const from = 1 << (shift + (index >>> 2));

          let entered = toNext(from, direction);
          const captured = entered & other;
          if (captured !== 0) {
            entered = toNext(entered, direction);
            other &= ~captured;
            quiet = 0;
          } else {
            quiet++;
          }
          own = (own & ~from) | entered;
          const wasKing = (kings & from) !== 0;
          const crowned = !wasKing && (entered & (turn === 0 ? topRow : bottomRow)) !== 0;
          kings = (kings & ~from & ~captured) | (wasKing || crowned ? entered : 0);
          if (captured !== 0 && !crowned && findJumps(entered, other, kings, turn, board & ~(own | other))) {
            jumper = entered;
            continue;
          }
          jumper = 0;
          const waiting = other;
          other = own;
          own = waiting;
          turn = opponent(turn);
        }
        return DRAW;
      },

      show(state) {
        const rows = Array.from({ length: size }, (_, row) => {
          const signs = Array.from({ length: size }, (_, column) => signOf(pieceAt(state, row, column)));
          return `${size - row} ${signs.join(' ')}`;
        });
        const { jumper, quiet, turn } = state;
        return [
          ...rows,
          `  ${[...NAMES.slice(0, size)].join(' ')}`,
          `moves without a capture: ${quiet} of ${MOST_QUIET}`,
          ...(jumper === null ? [] : [`${'xo'[turn]} must go on capturing with ${nameOf(jumper)}`]),
        ].join('\n');
      },

      notation: `the square of a piece and the square it goes to, such as ${example}`,

      formatMove: move => texts[move]!,

      parseMove: text => moveOf.get(text),

      // Own men, own kings, the other's men and kings; whether one goes down; the piece that has to go on; quiet moves.
      observe(state) {
        const squares = size * size;
        const planes = new Float32Array(7 * squares);
        for (const bit of dark) {
          const square = rowOf(bit) * size + columnOf(bit);
          const piece = pieceAt(state, rowOf(bit), columnOf(bit));
          if (piece) planes[((piece.seat === state.turn ? 0 : 2) + (piece.king ? 1 : 0)) * squares + square] = 1;
          if (bit === state.jumper) planes[5 * squares + square] = 1;
        }
        planes.fill(state.turn, 4 * squares, 5 * squares);
        planes.fill(state.quiet / MOST_QUIET, 6 * squares);
        return planes;
      },
    };
    return rules;
  },
};

export interface Piece {
  readonly seat: Seat;
  readonly king: boolean;
}

/** What stands on a square, rows counted from the top; null where nothing does, as on light squares. */
export function pieceAt({ x, o, kings }: Checkers, row: number, column: number): Piece | null {
  if ((row + column) % 2 === 0) return null;
  const bit = 1 << bitAt(row, column);
  if (!((x | o) & bit)) return null;
  return { seat: x & bit ? 0 : 1, king: (kings & bit) !== 0 };
}

const signOf = (piece: Piece | null): string =>
  piece === null ? '.' : piece.king ? 'XO'.charAt(piece.seat) : 'xo'.charAt(piece.seat);

const bitAt = (row: number, column: number): number => 4 * row + (column >> 1);
export const rowOf = (bit: number): number => bit >> 2;
export const columnOf = (bit: number): number => 2 * (bit & 3) + (rowOf(bit) % 2 === 0 ? 1 : 0);

/** The next square in a direction, or null beyond the edge. */
function neighbour(bit: number, direction: number, size: number): number | null {
  const row = rowOf(bit) + DOWN[direction]!;
  const column = columnOf(bit) + RIGHT[direction]!;
  return row < 0 || row >= size || column < 0 || column >= size ? null : bitAt(row, column);
}

// Each set moved by one square; what leaves the largest board is dropped.
const toUpLeft = (set: number): number => ((set & EVEN_ROWS) >>> 4) | ((set & ODD_ROWS_BUT_FIRST) >>> 5);
const toUpRight = (set: number): number => ((set & EVEN_ROWS_BUT_LAST) >>> 3) | ((set & ODD_ROWS) >>> 4);
const toDownRight = (set: number): number => ((set & EVEN_ROWS_BUT_LAST) << 5) | ((set & ODD_ROWS) << 4);
const toDownLeft = (set: number): number => ((set & EVEN_ROWS) << 4) | ((set & ODD_ROWS_BUT_FIRST) << 3);

const toNext = (set: number, direction: number): number =>
  direction < 2
    ? direction === 0
      ? toUpLeft(set)
      : toUpRight(set)
    : direction === 2
      ? toDownRight(set)
      : toDownLeft(set);

/** Byte i is how many moves findMoves found from the squares of the bytes 0 to i; no sum of 32 × 4 exceeds a byte. */
function movesUpToBytes(): number {
  const up = inFours(upLeft) + inFours(upRight);
  const down = inFours(downRight) + inFours(downLeft);
  const bytes = (up & 0x0f0f0f0f) + ((up >>> 4) & 0x0f0f0f0f) + (down & 0x0f0f0f0f) + ((down >>> 4) & 0x0f0f0f0f);
  return Math.imul(bytes, 0x01010101);
}
