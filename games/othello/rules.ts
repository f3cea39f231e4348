/**
 * Othello on eight by eight squares.
 *
 * A move is a square, numbered 0–63 row by row from the top left and written
 * 'a1' (top left) to 'h8' (bottom right), or 64, the pass, written 'pass'.
 *
 * Each seat's discs are a bitboard in two halves of 32 bits: rows 1–4 and 5–8,
 * bit 8 × (row within the half) + column.
 */

import { bitCount } from '../bits.ts';
import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat, type Uci } from '../game.ts';
import { type Cell, observeGrid, showGrid, squareSymmetries, upsideDown } from '../grid.ts';

export const SIZE = 8;
const SQUARES = SIZE * SIZE;
export const PASS = SQUARES;
const NAMES = 'abcdefgh';

export interface Othello {
  /** Seat 0's discs, rows 1–4 and rows 5–8. */
  readonly xTop: number;
  readonly xBottom: number;
  /** Seat 1's discs. */
  readonly oTop: number;
  readonly oBottom: number;
  readonly turn: Seat;
  readonly over: boolean;
}

/** The result halves of the last bitboard operation: returning a pair would allocate. */
let top = 0;
let bottom = 0;

const parameters = {
  misere: { kind: 'flag', about: 'whoever has fewer discs at the end wins', usual: false },
  parallel: { kind: 'flag', about: 'the four discs at the start lie in two rows, not crossed', usual: false },
} as const;

export const othello: Family<Othello, typeof parameters> = {
  name: 'othello',
  kind: 'board',
  parameters,
  variants: [
    { values: { misere: true }, about: 'fewer discs win' },
    { values: { parallel: true }, about: 'the discs at the start lie side by side' },
  ],
  openSpiel: { name: 'othello' },

  rules({ misere, parallel }) {
    const start: Othello = {
      xTop: parallel ? 0 : 1 << 28,
      xBottom: parallel ? (1 << 3) | (1 << 4) : 1 << 3,
      oTop: parallel ? (1 << 27) | (1 << 28) : 1 << 27,
      oBottom: parallel ? 0 : 1 << 4,
      turn: 0,
      over: false,
    };
    const startCells = cellsOf(start);

    function byDiscs(x: number, o: number): Outcome {
      const scores = [x, o] as const;
      if (x === o) return { kind: 'draw', how: 'as many discs each', scores };
      return { kind: 'win', winner: x > o === misere ? 1 : 0, how: misere ? 'fewer discs' : 'more discs', scores };
    }

    const rules: Rules<Othello> = {
      title: ['Othello', ...(misere ? ['misère'] : []), ...(parallel ? ['parallel start'] : [])].join(', '),
      moveCount: SQUARES + 1,
      observationShape: [2, SIZE, SIZE],
      // Only those that keep the colours of the four discs at the start.
      symmetries: squareSymmetries(SIZE)
        .filter(squares => squares.every((to, from) => startCells[to] === startCells[from]))
        .map(squares => ({ squares, moves: [...squares, PASS] })),
      openingPlies: 4,
      ...(misere || parallel ? {} : { gtp: { size: SIZE }, uci: UCI }),
      start,

      turn: state => state.turn,

      moves({ xTop, xBottom, oTop, oBottom, turn, over }) {
        if (over) return [];
        if (turn === 0) findMoves(xTop, xBottom, oTop, oBottom);
        else findMoves(oTop, oBottom, xTop, xBottom);
        if ((top | bottom) === 0) return [PASS];
        const moves: number[] = [];
        for (let bits = top; bits !== 0; bits &= bits - 1) moves.push(31 - Math.clz32(bits & -bits));
        for (let bits = bottom; bits !== 0; bits &= bits - 1) moves.push(63 - Math.clz32(bits & -bits));
        return moves;
      },

      play({ xTop, xBottom, oTop, oBottom, turn }, move) {
        let ownTop = turn === 0 ? xTop : oTop;
        let ownBottom = turn === 0 ? xBottom : oBottom;
        let otherTop = turn === 0 ? oTop : xTop;
        let otherBottom = turn === 0 ? oBottom : xBottom;
        if (move !== PASS) {
          findFlips(ownTop, ownBottom, otherTop, otherBottom, move);
          ownTop |= top | (move < 32 ? 1 << move : 0);
          ownBottom |= bottom | (move < 32 ? 0 : 1 << move);
          otherTop &= ~top;
          otherBottom &= ~bottom;
        }
        findMoves(otherTop, otherBottom, ownTop, ownBottom);
        let over = false;
        if ((top | bottom) === 0) {
          findMoves(ownTop, ownBottom, otherTop, otherBottom);
          over = (top | bottom) === 0;
        }
        return {
          xTop: turn === 0 ? ownTop : otherTop,
          xBottom: turn === 0 ? ownBottom : otherBottom,
          oTop: turn === 0 ? otherTop : ownTop,
          oBottom: turn === 0 ? otherBottom : ownBottom,
          turn: opponent(turn),
          over,
        };
      },

      outcome: ({ over, xTop, xBottom, oTop, oBottom }) =>
        over ? byDiscs(bitCount(xTop) + bitCount(xBottom), bitCount(oTop) + bitCount(oBottom)) : undefined,

      explain(state, move) {
        const legal = rules.moves(state);
        if (!legal.includes(move)) {
          if (move === PASS) return ['R5'];
          return [isTaken(state, move) ? 'R2' : 'R3'];
        }
        const outcome = rules.outcome(rules.play(state, move));
        const effects = move === PASS ? ['R1', 'R5'] : ['R1', 'R2', 'R3', 'R4'];
        if (outcome === undefined) return effects;
        return [...effects, 'R6', outcome.kind === 'win' ? 'R7' : 'R8'];
      },

      playout(state, random) {
        let turn = state.turn;
        let ownTop = turn === 0 ? state.xTop : state.oTop;
        let ownBottom = turn === 0 ? state.xBottom : state.oBottom;
        let otherTop = turn === 0 ? state.oTop : state.xTop;
        let otherBottom = turn === 0 ? state.oBottom : state.xBottom;
        while (!state.over) {
          findMoves(ownTop, ownBottom, otherTop, otherBottom);
          const inTop = bitCount(top);
          const moves = inTop + bitCount(bottom);
          if (moves === 0) {
            findMoves(otherTop, otherBottom, ownTop, ownBottom);
            if ((top | bottom) === 0) break;
            random();
          } else {
            let chosen = Math.floor(random() * moves);
            let bits = top;
            let base = 31;
            if (chosen >= inTop) {
              chosen -= inTop;
              bits = bottom;
              base = 63;
            }
            for (; chosen > 0; chosen--) bits &= bits - 1;
            const move = base - Math.clz32(bits & -bits);
            findFlips(ownTop, ownBottom, otherTop, otherBottom, move);
            ownTop |= top | (move < 32 ? 1 << move : 0);
            ownBottom |= bottom | (move < 32 ? 0 : 1 << move);
            otherTop &= ~top;
            otherBottom &= ~bottom;
          }
          const waitingTop = otherTop;
          const waitingBottom = otherBottom;
          otherTop = ownTop;
          otherBottom = ownBottom;
          ownTop = waitingTop;
          ownBottom = waitingBottom;
          turn = opponent(turn);
        }
        const own = bitCount(ownTop) + bitCount(ownBottom);
        const other = bitCount(otherTop) + bitCount(otherBottom);
        return turn === 0 ? byDiscs(own, other) : byDiscs(other, own);
      },

      show(state) {
        const rows = showGrid(cellsOf(state), SIZE).split('\n');
        return [`  ${[...NAMES].join(' ')}`, ...rows.map((row, i) => `${i + 1} ${row}`)].join('\n');
      },

      notation: 'a column from a to h and a row from 1 to 8, such as d3, or pass',

      formatMove: move => (move === PASS ? 'pass' : nameOf(move)),

      parseMove: text => (text === 'pass' ? PASS : squareNamed(text)),

      observe: state => observeGrid(cellsOf(state), state.turn),
    };
    return rules;
  },
};

const nameOf = (square: number): string => `${NAMES[square % SIZE]}${Math.floor(square / SIZE) + 1}`;

const squareNamed = (text: string): number | undefined =>
  /^[a-h][1-8]$/.test(text) ? NAMES.indexOf(text[0]!) + SIZE * (Number(text[1]) - 1) : undefined;

/** Fairy-Stockfish drops discs, 'P@d3'; it passes by a move to where a disc is, the first of one's own from below. */
const UCI: Uci<Othello> = {
  variant: 'flipello',
  format(state, move) {
    if (move !== PASS) return `P@${upsideDown(nameOf(move), SIZE)}`;
    const cells = cellsOf(state);
    const squares = Array.from({ length: SQUARES }, (_, i) => nameOf(i));
    const own = squares.find(name => cells[squareNamed(upsideDown(name, SIZE))!] === state.turn)!;
    return own + own;
  },
  parse(text) {
    const [, drop, pass] = /^(?:P@([a-h][1-8])|([a-h][1-8])\2)$/.exec(text) ?? [];
    if (pass !== undefined) return PASS;
    return drop === undefined ? undefined : squareNamed(upsideDown(drop, SIZE));
  },
};

/** What is on each square, row by row from the top left. */
export const cellsOf = ({ xTop, xBottom, oTop, oBottom }: Othello): readonly Cell[] =>
  Array.from({ length: SQUARES }, (_, square) => {
    const bit = 1 << square;
    if ((square < 32 ? xTop : xBottom) & bit) return 0;
    return (square < 32 ? oTop : oBottom) & bit ? 1 : null;
  });

const isTaken = ({ xTop, xBottom, oTop, oBottom }: Othello, square: number): boolean =>
  ((square < 32 ? xTop | oTop : xBottom | oBottom) & (1 << square)) !== 0;

/** Into top and bottom: the empty squares from which a straight run of the other's discs leads to an own one. */
function findMoves(ownTop: number, ownBottom: number, otherTop: number, otherBottom: number): void {
  let movesTop = 0;
  let movesBottom = 0;

  // Along a row each half is on its own; runs never start where a step would wrap.
  let inner = otherTop & 0x7e7e7e7e;
  let run = inner & (ownTop << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  movesTop |= run << 1;
  run = inner & (ownTop >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  movesTop |= run >>> 1;
  inner = otherBottom & 0x7e7e7e7e;
  run = inner & (ownBottom << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  run |= inner & (run << 1);
  movesBottom |= run << 1;
  run = inner & (ownBottom >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  run |= inner & (run >>> 1);
  movesBottom |= run >>> 1;

  // Down and up the board a step carries from one half into the other.
  for (let step = 7; step <= 9; step++) {
    const innerTop = step === 8 ? otherTop : otherTop & 0x7e7e7e7e;
    const innerBottom = step === 8 ? otherBottom : otherBottom & 0x7e7e7e7e;
    const carry = 32 - step;
    let runTop = innerTop & (ownTop << step);
    let runBottom = innerBottom & ((ownBottom << step) | (ownTop >>> carry));
    for (let i = 0; i < 5; i++) {
      runBottom |= innerBottom & ((runBottom << step) | (runTop >>> carry));
      runTop |= innerTop & (runTop << step);
    }
    movesTop |= runTop << step;
    movesBottom |= (runBottom << step) | (runTop >>> carry);
    runBottom = innerBottom & (ownBottom >>> step);
    runTop = innerTop & ((ownTop >>> step) | (ownBottom << carry));
    for (let i = 0; i < 5; i++) {
      runTop |= innerTop & ((runTop >>> step) | (runBottom << carry));
      runBottom |= innerBottom & (runBottom >>> step);
    }
    movesBottom |= runBottom >>> step;
    movesTop |= (runTop >>> step) | (runBottom << carry);
  }
  top = movesTop & ~(ownTop | otherTop);
  bottom = movesBottom & ~(ownBottom | otherBottom);
}

/** For each square and direction, the squares in front of it up to the edge. */
const RAYS: readonly (readonly Int8Array[])[] = Array.from({ length: SQUARES }, (_, square) =>
  [-1, 0, 1]
    .flatMap(down => [-1, 0, 1].map(right => [down, right] as const))
    .filter(([down, right]) => down !== 0 || right !== 0)
    .map(([down, right]) => {
      const ray: number[] = [];
      let row = Math.floor(square / SIZE) + down;
      let column = (square % SIZE) + right;
      for (; row >= 0 && row < SIZE && column >= 0 && column < SIZE; row += down, column += right) {
        ray.push(row * SIZE + column);
      }
      return Int8Array.from(ray);
    })
    .filter(ray => ray.length > 1),
);

/** Into top and bottom: the other's discs that a disc on `move` encloses. */
function findFlips(ownTop: number, ownBottom: number, otherTop: number, otherBottom: number, move: number): void {
  let flipsTop = 0;
  let flipsBottom = 0;
  const rays = RAYS[move]!;
  for (let r = 0; r < rays.length; r++) {
    const ray = rays[r]!;
    let runTop = 0;
    let runBottom = 0;
    for (let i = 0; i < ray.length; i++) {
      const square = ray[i]!;
      const bit = 1 << square;
      if (square < 32) {
        if ((otherTop & bit) !== 0) {
          runTop |= bit;
          continue;
        }
        if ((ownTop & bit) !== 0) {
          flipsTop |= runTop;
          flipsBottom |= runBottom;
        }
        break;
      }
      if ((otherBottom & bit) !== 0) {
        runBottom |= bit;
        continue;
      }
      if ((ownBottom & bit) !== 0) {
        flipsTop |= runTop;
        flipsBottom |= runBottom;
      }
      break;
    }
  }
  top = flipsTop;
  bottom = flipsBottom;
}
