/**
 * Breakthrough (Dan Troyka, 2000): whoever first reaches the far side wins.
 *
 * A move is written as the square it leaves and the square it enters, 'g7f6'.
 * Moves are numbered as OpenSpiel orders them, by the square they leave, row by
 * row from the top left, then down to the left, straight down, down to the
 * right, up to the left, straight up, up to the right; those that would leave
 * the board have no number.
 *
 * Each seat's pieces are a bitboard in two halves of 32 bits: the four rows from
 * the top and the others, bit 8 × (row within the half) + column. Smaller boards
 * are the upper left part of the largest.
 */

import { inFours } from '../bits.ts';
import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat, type Uci } from '../game.ts';
import { type Cell, MOST_KEY_SQUARES, observeGrid, rowKeys, showGrid, upsideDown } from '../grid.ts';
import { createEndSearch, MOST_END_SEARCH_SQUARES } from './end-search.ts';

const NAMES = 'abcdefgh';

/** The largest board, which is also how many bits a row has. */
const SIZE = 8;
/** From this height on each side has two rows of pieces, on a lower board one. */
const LEAST_ROWS_FOR_TWO = 6;

/** Where the six directions lead, the three of seat 0 (who moves down) first. */
const DOWN = [1, 1, 1, -1, -1, -1];
const RIGHT = [-1, 0, 1, -1, 0, 1];
const DIRECTIONS = DOWN.length;

export interface Breakthrough {
  /** Seat 0's pieces, rows 1–4 and rows 5–8 from the top. */
  readonly xTop: number;
  readonly xBottom: number;
  /** Seat 1's pieces. */
  readonly oTop: number;
  readonly oBottom: number;
  readonly turn: Seat;
  readonly winner: Seat | null;
}

/** The squares from which a piece can go left, straight and right: what findMoves found last. */
let leftTop = 0;
let leftBottom = 0;
let straightTop = 0;
let straightBottom = 0;
let rightTop = 0;
let rightBottom = 0;

/** For each set of columns, a bit for each where there is a bit for three, the lowest of them. */
const SPREAD = Int32Array.from({ length: 1 << SIZE }, (_, set) =>
  Array.from({ length: SIZE }, (_, column) => (set & (1 << column) ? 1 << (3 * column) : 0)).reduce((a, b) => a | b),
);

const parameters = {
  columns: { kind: 'number', about: 'columns of the board', least: 3, most: SIZE, usual: SIZE },
  rows: { kind: 'number', about: 'rows of the board', least: 3, most: SIZE, usual: SIZE },
  misere: { kind: 'flag', about: 'whoever breaks through or captures the last piece loses', usual: false },
  straight: { kind: 'flag', about: 'pieces capture straight ahead, too', usual: false },
} as const;

export const breakthrough: Family<Breakthrough, typeof parameters> = {
  name: 'breakthrough',
  kind: 'board',
  parameters,
  variants: [
    { values: { columns: 6, rows: 6 }, about: 'a board of 6 × 6, on which the sides meet at once' },
    { values: { misere: true }, about: 'whoever breaks through loses' },
    { values: { straight: true }, about: 'pieces capture straight ahead, too' },
  ],
  openSpiel: {
    name: 'breakthrough',
    values: ({ columns, rows }) => ({ columns: Number(columns), rows: Number(rows) }),
    // Theirs are (row, column, direction, whether it captures), moves off the board included.
    move(_, action, rules) {
      const [, rows, columns] = rules.observationShape;
      const direction = Math.floor(action / 2) % DIRECTIONS;
      const square = Math.floor(action / 2 / DIRECTIONS);
      const row = Math.floor(square / columns);
      const column = square % columns;
      const name = (r: number, c: number) => `${NAMES[c]}${rows - r}`;
      return rules.parseMove(name(row, column) + name(row + DOWN[direction]!, column + RIGHT[direction]!)) ?? -1;
    },
  },

  rules({ columns, rows, misere, straight }) {
    const home = (1 << columns) - 1;
    const deep = rows >= LEAST_ROWS_FOR_TWO;
    const isUsual = !misere && !straight;
    const start: Breakthrough = {
      xTop: deep ? home | (home << SIZE) : home,
      xBottom: 0,
      oTop: rows > 4 ? 0 : home << (SIZE * (rows - 1)),
      oBottom: rows <= 4 ? 0 : (home << (SIZE * (rows - 5))) | (deep ? home << (SIZE * (rows - 6)) : 0),
      turn: 0,
      winner: null,
    };
    const lastRowTop = rows > 4 ? 0 : start.oTop;
    const lastRowBottom = rows > 4 ? home << (SIZE * (rows - 5)) : 0;
    const notFirstColumn = Math.imul(0x01010101, home & ~1);
    const notLastColumn = Math.imul(0x01010101, home >> 1);

    // The squares that a move leaves and enters (as bits are numbered), and its direction.
    const moveAt = new Int16Array(SIZE * SIZE * DIRECTIONS);
    const texts: string[] = [];
    const froms: number[] = [];
    const tos: number[] = [];
    const directions: number[] = [];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let direction = 0; direction < DIRECTIONS; direction++) {
          const toRow = row + DOWN[direction]!;
          const toColumn = column + RIGHT[direction]!;
          if (toRow < 0 || toRow >= rows || toColumn < 0 || toColumn >= columns) continue;
          const from = row * SIZE + column;
          moveAt[from * DIRECTIONS + direction] = texts.length;
          texts.push(`${NAMES[column]}${rows - row}${NAMES[toColumn]}${rows - toRow}`);
          froms.push(from);
          tos.push(toRow * SIZE + toColumn);
          directions.push(direction);
        }
      }
    }
    const moveOf = new Map(texts.map((text, move) => [text, move]));

    const outcomes = (how: string): readonly Outcome[] =>
      [0, 1].map(winner => ({ kind: 'win', winner: winner as Seat, how }));
    const byBreakthrough = outcomes(misere ? 'the other broke through' : 'broke through');
    const byCapture = outcomes(misere ? 'the other captured the last piece' : 'captured the last piece');
    const winnerAfterEnd = (seat: Seat): Seat => (misere ? opponent(seat) : seat);

    /** For seat 0, who moves down, so towards higher bits. */
    function findMovesDown(xTop: number, xBottom: number, oTop: number, oBottom: number): void {
      const stopsTop = straight ? xTop : xTop | oTop;
      const stopsBottom = straight ? xBottom : xBottom | oBottom;
      leftTop = xTop & notFirstColumn & ~((xTop >>> 7) | (xBottom << 25));
      leftBottom = xBottom & notFirstColumn & ~(xBottom >>> 7);
      straightTop = xTop & ~((stopsTop >>> 8) | (stopsBottom << 24));
      straightBottom = xBottom & ~(stopsBottom >>> 8);
      rightTop = xTop & notLastColumn & ~((xTop >>> 9) | (xBottom << 23));
      rightBottom = xBottom & notLastColumn & ~(xBottom >>> 9);
    }

    /** For seat 1, who moves up. */
    function findMovesUp(xTop: number, xBottom: number, oTop: number, oBottom: number): void {
      const stopsTop = straight ? oTop : xTop | oTop;
      const stopsBottom = straight ? oBottom : xBottom | oBottom;
      leftTop = oTop & notFirstColumn & ~(oTop << 9);
      leftBottom = oBottom & notFirstColumn & ~((oBottom << 9) | (oTop >>> 23));
      straightTop = oTop & ~(stopsTop << 8);
      straightBottom = oBottom & ~((stopsBottom << 8) | (stopsTop >>> 24));
      rightTop = oTop & notLastColumn & ~(oTop << 7);
      rightBottom = oBottom & notLastColumn & ~((oBottom << 7) | (oTop >>> 25));
    }

    const uci: Uci<Breakthrough> = {
      variant: 'breakthrough',
      format: (_, move) => upsideDown(texts[move]!, rows),
      parse: text => moveOf.get(upsideDown(text, rows)),
    };

    const rules: Rules<Breakthrough> = {
      title: [
        'Breakthrough',
        ...(columns < SIZE || rows < SIZE ? [`${columns} × ${rows}`] : []),
        ...(misere ? ['misère'] : []),
        ...(straight ? ['straight captures'] : []),
      ].join(', '),
      facts: {
        last: NAMES.charAt(columns - 1),
        wide: columns === SIZE,
        large: columns === SIZE && rows === SIZE,
        deep,
        // The rows in which the foremost pieces start, and those in front of them.
        xFront: deep ? rows - 1 : rows,
        xNext: deep ? rows - 2 : rows - 1,
        oFront: deep ? 2 : 1,
        oNext: deep ? 3 : 2,
      },
      moveCount: texts.length,
      observationShape: [3, rows, columns],
      symmetries: [
        {
          squares: Array.from({ length: rows * columns }, (_, square) => square - 2 * (square % columns) + columns - 1),
          moves: froms.map((from, move) => {
            const mirrored = from - 2 * (from % SIZE) + columns - 1;
            const direction = directions[move]!;
            return moveAt[mirrored * DIRECTIONS + direction - 2 * RIGHT[direction]!]!;
          }),
        },
      ],
      openingPlies: rows === 3 ? 2 : 4,
      ...(columns === SIZE && rows === SIZE && isUsual && { uci }),
      start,

      turn: state => state.turn,

      moves({ xTop, xBottom, oTop, oBottom, turn, winner }) {
        const moves: number[] = [];
        if (winner !== null) return moves;
        if (turn === 0) findMovesDown(xTop, xBottom, oTop, oBottom);
        else findMovesUp(xTop, xBottom, oTop, oBottom);
        const first = turn === 0 ? 0 : 3;
        for (let half = 0; half < 2; half++) {
          const left = half === 0 ? leftTop : leftBottom;
          const ahead = half === 0 ? straightTop : straightBottom;
          const right = half === 0 ? rightTop : rightBottom;
          for (let bits = left | ahead | right; bits !== 0; bits &= bits - 1) {
            const bit = bits & -bits;
            const at = (32 * half + 31 - Math.clz32(bit)) * DIRECTIONS + first;
            if (left & bit) moves.push(moveAt[at]!);
            if (ahead & bit) moves.push(moveAt[at + 1]!);
            if (right & bit) moves.push(moveAt[at + 2]!);
          }
        }
        return moves;
      },

      play({ xTop, xBottom, oTop, oBottom, turn }, move) {
        const from = froms[move]!;
        const to = tos[move]!;
        const fromTop = from < 32 ? 1 << from : 0;
        const fromBottom = from < 32 ? 0 : 1 << from;
        const toTop = to < 32 ? 1 << to : 0;
        const toBottom = to < 32 ? 0 : 1 << to;
        if (turn === 0) {
          const reached = (toTop & lastRowTop) | (toBottom & lastRowBottom);
          const after = { oTop: oTop & ~toTop, oBottom: oBottom & ~toBottom };
          const over = reached !== 0 || (after.oTop | after.oBottom) === 0;
          return {
            xTop: (xTop & ~fromTop) | toTop,
            xBottom: (xBottom & ~fromBottom) | toBottom,
            ...after,
            turn: 1,
            winner: over ? winnerAfterEnd(0) : null,
          };
        }
        const after = { xTop: xTop & ~toTop, xBottom: xBottom & ~toBottom };
        const over = (toTop & home) !== 0 || (after.xTop | after.xBottom) === 0;
        return {
          ...after,
          oTop: (oTop & ~fromTop) | toTop,
          oBottom: (oBottom & ~fromBottom) | toBottom,
          turn: 0,
          winner: over ? winnerAfterEnd(1) : null,
        };
      },

      outcome({ xTop, xBottom, oTop, winner }) {
        if (winner === null) return undefined;
        const reached = (oTop & home) | (xTop & lastRowTop) | (xBottom & lastRowBottom);
        return (reached !== 0 ? byBreakthrough : byCapture)[winner];
      },

      explain(state, move) {
        const direction = directions[move]!;
        const owner = ownerOf(state, froms[move]!);
        const target = ownerOf(state, tos[move]!);
        const goesStraight = direction % 3 === 1;
        if (owner !== state.turn) return ['R2'];
        if (direction < 3 !== (state.turn === 0)) return ['R3'];
        if (target === state.turn) return ['R6'];
        if (goesStraight && target !== null && !straight) return ['R4'];
        const over = rules.play(state, move).winner !== null;
        return ['R1', 'R2', 'R3', goesStraight ? 'R4' : 'R5', ...(over ? ['R7'] : [])];
      },

      playout(state, random) {
        if (state.winner !== null) return rules.outcome(state)!;
        let { xTop, xBottom, oTop, oBottom } = state;
        let down = state.turn === 0;
        for (;;) {
          if (down) findMovesDown(xTop, xBottom, oTop, oBottom);
          else findMovesUp(xTop, xBottom, oTop, oBottom);

          // Find the row that the chosen move leaves, then its column and direction.
          const upToTop = movesUpToRows(leftTop, straightTop, rightTop);
          const upToBottom = movesUpToRows(leftBottom, straightBottom, rightBottom);
          const inTop = upToTop >>> 24;
          let chosen = Math.floor(random() * (inTop + (upToBottom >>> 24)));
          let upTo = upToTop;
          let left = leftTop;
          let ahead = straightTop;
          let right = rightTop;
          const below = chosen >= inTop;
          if (below) {
            chosen -= inTop;
            upTo = upToBottom;
            left = leftBottom;
            ahead = straightBottom;
            right = rightBottom;
          }
          let shift = 0;
          if (chosen >= ((upTo >>> 8) & 0xff)) shift = chosen >= ((upTo >>> 16) & 0xff) ? 24 : 16;
          else if (chosen >= (upTo & 0xff)) shift = 8;
          if (shift > 0) chosen -= (upTo >>> (shift - 8)) & 0xff;
          let row =
            SPREAD[(left >>> shift) & 0xff]! |
            (SPREAD[(ahead >>> shift) & 0xff]! << 1) |
            (SPREAD[(right >>> shift) & 0xff]! << 2);
          for (; chosen > 0; chosen--) row &= row - 1;
          const index = 31 - Math.clz32(row & -row);
          const column = Math.floor(index / 3);
          const from = (below ? 32 : 0) + shift + column;
          const to = from + (down ? SIZE : -SIZE) + index - 3 * column - 1;

          const fromBit = 1 << from;
          const toBit = 1 << to;
          if (down) {
            if (below) xBottom &= ~fromBit;
            else xTop &= ~fromBit;
            if (to < 32) {
              xTop |= toBit;
              oTop &= ~toBit;
              if ((toBit & lastRowTop) !== 0) return byBreakthrough[winnerAfterEnd(0)]!;
            } else {
              xBottom |= toBit;
              oBottom &= ~toBit;
              if ((toBit & lastRowBottom) !== 0) return byBreakthrough[winnerAfterEnd(0)]!;
            }
            if ((oTop | oBottom) === 0) return byCapture[winnerAfterEnd(0)]!;
          } else {
            if (below) oBottom &= ~fromBit;
            else oTop &= ~fromBit;
            if (to < 32) {
              oTop |= toBit;
              xTop &= ~toBit;
              if (to < SIZE) return byBreakthrough[winnerAfterEnd(1)]!;
            } else {
              oBottom |= toBit;
              xBottom &= ~toBit;
            }
            if ((xTop | xBottom) === 0) return byCapture[winnerAfterEnd(1)]!;
          }
          down = !down;
        }
      },

      show(state) {
        const lines = showGrid(cellsOf(state, columns, rows), columns).split('\n');
        const names = [...NAMES.slice(0, columns)];
        return [...lines.map((line, i) => `${rows - i} ${line}`), `  ${names.join(' ')}`].join('\n');
      },

      notation: `the square of a piece and the square it goes to, such as ${texts[0]}`,

      formatMove: move => texts[move]!,

      parseMove: text => moveOf.get(text),

      // The third plane tells which way one's own pieces go: all 0 down, all 1 up.
      observe(state) {
        const planes = new Float32Array(3 * rows * columns).fill(state.turn, 2 * rows * columns);
        planes.set(observeGrid(cellsOf(state, columns, rows), state.turn));
        return planes;
      },

      ...(columns * rows <= MOST_KEY_SQUARES && { key: keyFor(columns, rows) }),

      small: columns * rows <= 25 && !deep && isUsual,

      ...(columns * rows <= MOST_END_SEARCH_SQUARES &&
        isUsual && { endSearch: { create: budget => createEndSearch(columns, rows, budget), fast: false } }),
    };
    return rules;
  },
};

/** The key of a board of this size: the same for a mirror image. */
function keyFor(columns: number, rows: number): (state: Breakthrough) => number {
  const { plain, mirrored } = rowKeys(columns);
  return ({ xTop, xBottom, oTop, oBottom, turn }) => {
    let key: number = turn;
    let image: number = turn;
    for (let row = 0; row < rows; row++) {
      const shift = SIZE * (row % 4);
      const x = ((row < 4 ? xTop : xBottom) >>> shift) & 0xff;
      const o = ((row < 4 ? oTop : oBottom) >>> shift) & 0xff;
      key = plain(key, x, o);
      image = mirrored(image, x, o);
    }
    return Math.min(key, image);
  };
}

/** Whose piece is on a square, by the number of its bit. */
function ownerOf({ xTop, xBottom, oTop, oBottom }: Breakthrough, square: number): Cell {
  const bit = 1 << square;
  if ((square < 32 ? xTop : xBottom) & bit) return 0;
  return (square < 32 ? oTop : oBottom) & bit ? 1 : null;
}

/** What is on each square of a board, row by row from the top left. */
export const cellsOf = (state: Breakthrough, columns: number, rows: number): readonly Cell[] =>
  Array.from({ length: rows * columns }, (_, square) =>
    ownerOf(state, Math.floor(square / columns) * SIZE + (square % columns)),
  );

/**
 * Byte i is the number of bits set in the rows 0 to i of three halves together.
 * Counted as in Warren, "Hacker's Delight", §5-1; no sum of 24 × 4 exceeds a byte.
 */
function movesUpToRows(left: number, straight: number, right: number): number {
  let sum = inFours(left) + inFours(straight) + inFours(right);
  sum = (sum & 0x0f0f0f0f) + ((sum >>> 4) & 0x0f0f0f0f);
  return Math.imul(sum, 0x01010101);
}
