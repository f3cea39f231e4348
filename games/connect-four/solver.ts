/**
 * Connect Four, solved: negamax over bitboards with null windows, moves that
 * lose at once left out, moves that threaten most first, and a table of bounds
 * (assembly/search.ts). The search is that of Pascal Pons, "Solving Connect 4: how
 * to build a perfect AI" (2015–2019, parts 2–11), and so are the scores.
 */

import { bitCount } from '../bits.ts';
import { type EndSearch, SOONEST, TooLarge } from '../game.ts';
import {
  type Bits,
  COLUMNS,
  findWins,
  HEIGHT,
  HIGH_BOARD,
  HIGH_BOTTOM,
  LOW_BOARD,
  LOW_BOTTOM,
  LOW_COLUMNS,
  ROWS,
} from './bits.ts';
import { compiled } from './compiled.ts';
import type { ConnectFour } from './rules.ts';

const SQUARES = COLUMNS * ROWS;
const BOOK_PLIES = 12;

/** Columns from the middle outwards: more lines run through the middle. */
const MIDDLE_FIRST = [3, 2, 4, 1, 5, 0, 6] as const;
const LOW_COLUMN = MIDDLE_FIRST.map(column => (column < LOW_COLUMNS ? 0x7f << (HEIGHT * column) : 0));
const HIGH_COLUMN = MIDDLE_FIRST.map(column => (column < LOW_COLUMNS ? 0 : 0x7f << (HEIGHT * (column - LOW_COLUMNS))));

/** How many positions are remembered, of early and of late ones, powers of two, 8 bytes each. */
interface Sizes {
  readonly early: number;
  readonly late: number;
}

/** What assembly/search.ts exports. */
interface Compiled {
  setUp(early: number, late: number, hasBook: boolean): void;
  allow(positions: number): void;
  remaining(): number;
  forget(): void;
  endsAtOnce(ownLow: number, ownHigh: number, takenLow: number, takenHigh: number): -1 | 0 | 1;
  searched(
    ownLow: number,
    ownHigh: number,
    takenLow: number,
    takenHigh: number,
    plies: number,
    alpha: number,
    beta: number,
  ): number;
}

/** Compiled when it is first needed: never in the page, whose content security policy allows no WebAssembly. */
let compiledModule: WebAssembly.Module | undefined;

function createCompiled({ early, late }: Sizes, scoreInBook?: ScoreInBook): Compiled {
  compiledModule ??= new WebAssembly.Module(Uint8Array.from(atob(compiled), byte => byte.charCodeAt(0)));
  const search = {
    scoreInBook: scoreInBook ?? (() => 0),
    tooLarge() {
      throw new TooLarge();
    },
    noMemory() {
      throw new RangeError(`there is no memory for ${early + late} positions of connect-four`);
    },
  };
  const made = new WebAssembly.Instance(compiledModule, { search }).exports as unknown as Compiled;
  made.setUp(early, late, scoreInBook !== undefined);
  return made;
}

type ScoreInBook = (keyLow: number, keyHigh: number) => number;

/** A search and what it remembers. Each of its answers may cost as many positions as it is then given. */
function createSearch(sizes: Sizes, scoreInBook?: ScoreInBook) {
  const { allow, remaining, forget, endsAtOnce, searched } = createCompiled(sizes, scoreInBook);
  allow(Infinity);

  /** The score of a position, known to be `least` or more, by null windows that close in on it from zero. */
  function solve(
    ownLow: number,
    ownHigh: number,
    takenLow: number,
    takenHigh: number,
    plies: number,
    least: number,
  ): number {
    const end = endsAtOnce(ownLow, ownHigh, takenLow, takenHigh);
    if (end !== 0) return end > 0 ? soonestWin(plies) : soonestLoss(plies);
    let most = soonestWin(plies);
    while (least < most) {
      let middle = least + ((most - least) >> 1);
      if (middle <= 0 && least / 2 < middle) middle = Math.trunc(least / 2);
      else if (middle >= 0 && most / 2 > middle) middle = Math.trunc(most / 2);
      const found = searched(ownLow, ownHigh, takenLow, takenHigh, plies, middle, middle + 1);
      if (found <= middle) most = found;
      else least = found;
    }
    return least;
  }

  return {
    /** By column, as createSolver says. */
    scores({ xLow, xHigh, oLow, oHigh, turn }: ConnectFour): readonly (number | null)[] {
      const [ownLow, ownHigh] = turn === 0 ? [xLow, xHigh] : [oLow, oHigh];
      const takenLow = xLow | oLow;
      const takenHigh = xHigh | oHigh;
      const plies = bitCount(takenLow) + bitCount(takenHigh);
      // No move is worth more than the position, so the other's score after it is no less than that of the position turned round.
      const inBook =
        scoreInBook !== undefined && plies === BOOK_PLIES && endsAtOnce(ownLow, ownHigh, takenLow, takenHigh) === 0;
      const least = inBook ? -scoreInBook(ownLow + takenLow, ownHigh + takenHigh) : -((SQUARES - 1 - plies) >> 1);
      const scores: (number | null)[] = [];
      const wins: Bits = { low: 0, high: 0 };
      findWins(ownLow, ownHigh, takenLow, takenHigh, wins);
      for (const [i, column] of MIDDLE_FIRST.entries()) {
        const low = (takenLow + LOW_BOTTOM) & LOW_BOARD & LOW_COLUMN[i]!;
        const high = (takenHigh + HIGH_BOTTOM) & HIGH_BOARD & HIGH_COLUMN[i]!;
        if ((low | high) === 0) scores[column] = null;
        else if (((low & wins.low) | (high & wins.high)) !== 0) scores[column] = soonestWin(plies);
        else if (plies === SQUARES - 1) scores[column] = 0;
        else
          scores[column] =
            0 - solve(takenLow ^ ownLow, takenHigh ^ ownHigh, takenLow | low, takenHigh | high, plies + 1, least);
      }
      return scores;
    },

    /** The score of a position that is not over if it is `alpha` or less, or one more; else a bound of it, on its side of them. */
    compared({ xLow, xHigh, oLow, oHigh, turn }: ConnectFour, plies: number, alpha: number): number {
      const [ownLow, ownHigh] = turn === 0 ? [xLow, xHigh] : [oLow, oHigh];
      const takenLow = xLow | oLow;
      const takenHigh = xHigh | oHigh;
      const end = endsAtOnce(ownLow, ownHigh, takenLow, takenHigh);
      if (end !== 0) return end > 0 ? soonestWin(plies) : soonestLoss(plies);
      if (plies === SQUARES - 1) return 0;
      // Nothing sooner is left.
      if (alpha >= soonestWin(plies) - 1) return soonestWin(plies) - 1;
      if (alpha <= soonestLoss(plies)) return soonestLoss(plies) + 1;
      return searched(ownLow, ownHigh, takenLow, takenHigh, plies, alpha, alpha + 1);
    },

    allow,
    remaining,
    forget,
  };
}

/** The score of whoever wins with the next move, or loses with the other's. */
const soonestWin = (plies: number): number => (SQUARES + 1 - plies) >> 1;
const soonestLoss = (plies: number): number => -((SQUARES - plies) >> 1);

/**
 * Scores every column for the side to move; null where it is full. n > 0 wins
 * with that side's n-th last stone, n < 0 loses so, 0 draws: a winning 19th
 * stone of 21 scores 3. Remembers what it has worked out.
 *
 * `bytes` are the book of `scripts/connect-four-book.py`.
 */
export function createSolver(bytes: Uint8Array): (state: ConnectFour) => readonly (number | null)[] {
  return createSearch({ early: 2 ** 22, late: 2 ** 16 }, readBook(bytes)).scores;
}

/** Without a book. */
export function createEndSearch(budget: number): EndSearch<ConnectFour> {
  const size = 2 ** Math.ceil(Math.log2(budget + 1));
  const search = createSearch({ early: Math.min(size, 2 ** 22), late: Math.min(size, 2 ** 16) });
  return {
    begin(positions = budget) {
      search.allow(positions);
    },
    get left() {
      return search.remaining();
    },
    forget: search.forget,
    score(state, alpha) {
      const plies = bitCount(state.xLow | state.oLow) + bitCount(state.xHigh | state.oHigh);
      const most = soonestWin(plies);
      const least = soonestLoss(plies);
      // A win that scores s takes 1 + 2 (most - s) plies, a loss 2 + 2 (s - least).
      const bound =
        alpha >= 0
          ? Math.max(0, most - 1 - Math.floor((SOONEST - alpha - 1) / 2))
          : Math.min(-1, least + Math.floor((SOONEST + alpha - 1) / 2));
      const found = search.compared(state, plies, bound);
      if (found > 0) return SOONEST - 2 * (most - found);
      return found < 0 ? 2 * (found - least) + 1 - SOONEST : 0;
    },
  };
}

/** The book: three segments of cells, 5 bits each, the lowest first. */
const SEGMENT = 1_687_671;
const CELL_BITS = 5;
const OFFSET = 16;
const BOOK_BYTES = Math.ceil((3 * SEGMENT * CELL_BITS) / 8);

/**
 * The scores of all positions after 12 plies that do not end within two more, by
 * their keys in halves: in each segment a hash function chooses a cell, and the
 * three put together by exclusive or are the score (Botelho, Pagh & Ziviani,
 * "Simple and space-efficient minimal perfect hash functions", WADS 2007). The
 * keys themselves are not kept: of any other position what comes out means nothing.
 */
function readBook(book: Uint8Array): ScoreInBook {
  if (book.length !== BOOK_BYTES) {
    throw new Error(`the book of connect-four has ${book.length} bytes where ${BOOK_BYTES} belong`);
  }
  const cell = (low: number, high: number, i: number, lowFactor: number, highFactor: number) => {
    let mixed = Math.imul(low, lowFactor) ^ Math.imul(high, highFactor);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed ^= mixed >>> 13;
    const bit = CELL_BITS * (i * SEGMENT + ((mixed >>> 0) % SEGMENT));
    return (book[bit >> 3]! | (book[(bit >> 3) + 1]! << 8)) >> (bit & 7);
  };
  return (keyLow, keyHigh) => {
    // Of a position and its mirror image, whose columns stand in the opposite order, the one with the lower key.
    const imageLow = (keyHigh >>> 21) | (((keyHigh >>> 14) & 0x7f) << 7) | (((keyHigh >>> 7) & 0x7f) << 14);
    const imageHigh =
      (keyHigh & 0x7f) | ((keyLow >>> 14) << 7) | (((keyLow >>> 7) & 0x7f) << 14) | ((keyLow & 0x7f) << 21);
    const isImage = imageHigh < keyHigh || (imageHigh === keyHigh && imageLow < keyLow);
    const [low, high] = isImage ? [imageLow, imageHigh] : [keyLow, keyHigh];
    const cells =
      cell(low, high, 0, 0x9e3779b1, 0x85ebca6b) ^
      cell(low, high, 1, 0xc2b2ae3d, 0x165667b1) ^
      cell(low, high, 2, 0x27d4eb2f, 0xb55a4f09);
    return (cells & ((1 << CELL_BITS) - 1)) - OFFSET;
  };
}
