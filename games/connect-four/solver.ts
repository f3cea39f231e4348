/**
 * Connect Four, solved: negamax over bitboards with null windows, moves that
 * lose at once left out, moves that threaten most first, and a table of bounds.
 * The search is that of Pascal Pons, "Solving Connect 4: how to build a perfect
 * AI" (2015–2019, parts 2–11), and so are the scores.
 */

import { type EndSearch, SOONEST, TooLarge } from '../game.ts';
import {
  type Bits,
  COLUMNS,
  findWins,
  HEIGHT,
  HIGH_BITS,
  HIGH_BOARD,
  HIGH_BOTTOM,
  LOW_BOARD,
  LOW_BOTTOM,
  LOW_COLUMNS,
  ROWS,
} from './bits.ts';
import type { ConnectFour } from './rules.ts';

const SQUARES = COLUMNS * ROWS;
const BOOK_PLIES = 12;

/** Columns from the middle outwards: more lines run through the middle. */
const MIDDLE_FIRST = [3, 2, 4, 1, 5, 0, 6] as const;
const LOW_COLUMN = MIDDLE_FIRST.map(column => (column < LOW_COLUMNS ? 0x7f << (HEIGHT * column) : 0));
const HIGH_COLUMN = MIDDLE_FIRST.map(column => (column < LOW_COLUMNS ? 0 : 0x7f << (HEIGHT * (column - LOW_COLUMNS))));

/** Positions are remembered before these plies: those of early ones in a large table, the many late ones in one that fits a core's cache. */
const EARLY_UNTIL = 24;
const LATE_UNTIL = 36;

/** Generations of what is remembered are counted in the bits above a key's high half. */
const GENERATION = 1 << HIGH_BITS;

/** How many positions are remembered, powers of two, 8 bytes each. */
interface Sizes {
  readonly early: number;
  readonly late: number;
}

/** A search and what it remembers. Each of its answers may cost as many positions as it is then given. */
function createSearch({ early, late }: Sizes, scoreInBook?: (keyLow: number, keyHigh: number) => number) {
  // An entry is its generation and a position's 49 bits, 28 in one word, 21 in the other, and there its bound, 0 for an empty entry.
  const highs = new Int32Array(early + late);
  const lows = new Int32Array(early + late);
  // Of each ply the moves that are left to try, the best first, and the squares where they would win next.
  const moveLows = new Int32Array(COLUMNS * (SQUARES + 1));
  const moveHighs = new Int32Array(COLUMNS * (SQUARES + 1));
  const threatLows = new Int32Array(COLUMNS * (SQUARES + 1));
  const threatHighs = new Int32Array(COLUMNS * (SQUARES + 1));
  const worths = new Int32Array(COLUMNS * (SQUARES + 1));
  /** What was last looked for: the squares where a side wins. */
  const wins: Bits = { low: 0, high: 0 };
  let left = Infinity;
  /** What was remembered in others is not found. */
  let generation = 0;

  /** Where a position may be remembered. */
  const slotOf = (keyLow: number, keyHigh: number, plies: number): number => {
    const hash = (Math.imul(keyLow, 0x9e3779b1) ^ Math.imul(keyHigh, 0x85ebca6b)) >>> 7;
    return plies < EARLY_UNTIL ? hash & (early - 1) : early + ((hash >>> 5) & (late - 1));
  };

  /**
   * Between `alpha` and `beta` the score, else a bound of it. The side to move has
   * no win at once, and a move after which the other has none; the other wins on
   * the squares of `threatLow` and `threatHigh`.
   */
  function search(
    ownLow: number,
    ownHigh: number,
    takenLow: number,
    takenHigh: number,
    threatLow: number,
    threatHigh: number,
    plies: number,
    alpha: number,
    beta: number,
  ): number {
    if (plies >= SQUARES - 2) return 0;
    const least = -((SQUARES - 2 - plies) >> 1);
    if (alpha < least) {
      alpha = least;
      if (alpha >= beta) return alpha;
    }
    let most = (SQUARES - 1 - plies) >> 1;
    const otherLow = takenLow ^ ownLow;
    const otherHigh = takenHigh ^ ownHigh;
    const keyLow = ownLow + takenLow;
    const keyHigh = ownHigh + takenHigh;
    if (scoreInBook && plies === BOOK_PLIES) return scoreInBook(keyLow, keyHigh);
    if (left-- <= 0) throw new TooLarge();

    const slot = plies < LATE_UNTIL ? slotOf(keyLow, keyHigh, plies) : -1;
    if (slot >= 0) {
      const entry = lows[slot]!;
      if (entry !== 0 && highs[slot] === (keyHigh | generation) && entry >>> 8 === keyLow) {
        const bound = ((entry & 0xff) >> 1) - 32;
        if ((entry & 1) === 0) {
          if (bound < most) most = bound;
        } else if (alpha < bound) {
          alpha = bound;
          if (alpha >= beta) return alpha;
        }
      }
    }
    if (beta > most) {
      beta = most;
      if (alpha >= beta) return beta;
    }

    let openLow = (takenLow + LOW_BOTTOM) & LOW_BOARD;
    let openHigh = (takenHigh + HIGH_BOTTOM) & HIGH_BOARD;
    if (((openLow & threatLow) | (openHigh & threatHigh)) !== 0) {
      openLow &= threatLow;
      openHigh &= threatHigh;
    }
    // Below a square where the other wins one cannot play.
    openLow &= ~(threatLow >>> 1);
    openHigh &= ~(threatHigh >>> 1);

    const base = plies * COLUMNS;
    let count = 0;
    for (let i = 0; i < COLUMNS; i++) {
      const low = openLow & LOW_COLUMN[i]!;
      const high = openHigh & HIGH_COLUMN[i]!;
      if ((low | high) === 0) continue;
      findWins(ownLow | low, ownHigh | high, takenLow | low, takenHigh | high, wins);
      const forcing = replies(takenLow | low, takenHigh | high);
      if (forcing < 0) return (SQUARES - 1 - plies) >> 1;
      // The other answers a threat that can be carried out at once, and it is gone.
      const worth = 2 * (bitCount(wins.low) + bitCount(wins.high)) - forcing;
      let at = base + count++;
      for (; at > base && worths[at - 1]! < worth; at--) {
        worths[at] = worths[at - 1]!;
        moveLows[at] = moveLows[at - 1]!;
        moveHighs[at] = moveHighs[at - 1]!;
        threatLows[at] = threatLows[at - 1]!;
        threatHighs[at] = threatHighs[at - 1]!;
      }
      worths[at] = worth;
      moveLows[at] = low;
      moveHighs[at] = high;
      threatLows[at] = wins.low;
      threatHighs[at] = wins.high;
    }
    if (plies + 1 < LATE_UNTIL) {
      // Whatever is known of the positions that follow may do.
      for (let i = base; i < base + count; i++) {
        const nextLow = otherLow + (takenLow | moveLows[i]!);
        const nextHigh = otherHigh + (takenHigh | moveHighs[i]!);
        const next = slotOf(nextLow, nextHigh, plies + 1);
        const entry = lows[next]!;
        if (entry !== 0 && (entry & 1) === 0 && highs[next] === (nextHigh | generation) && entry >>> 8 === nextLow) {
          const bound = 32 - ((entry & 0xff) >> 1);
          if (bound >= beta) return bound;
        }
      }
    }
    for (let i = base; i < base + count; i++) {
      const score = -search(
        otherLow,
        otherHigh,
        takenLow | moveLows[i]!,
        takenHigh | moveHighs[i]!,
        threatLows[i]!,
        threatHighs[i]!,
        plies + 1,
        -beta,
        -alpha,
      );
      if (score >= beta) {
        if (slot >= 0) {
          highs[slot] = keyHigh | generation;
          lows[slot] = (keyLow << 8) | ((score + 32) << 1) | 1;
        }
        return score;
      }
      if (score > alpha) alpha = score;
    }
    if (slot >= 0) {
      highs[slot] = keyHigh | generation;
      lows[slot] = (keyLow << 8) | ((alpha + 32) << 1);
    }
    return alpha;
  }

  /** What can be done about the squares of `wins`: -1 nothing, 1 a single move must be made, 0 there is a choice. */
  function replies(takenLow: number, takenHigh: number): -1 | 0 | 1 {
    const openLow = (takenLow + LOW_BOTTOM) & LOW_BOARD;
    const openHigh = (takenHigh + HIGH_BOTTOM) & HIGH_BOARD;
    const forcedLow = openLow & wins.low;
    const forcedHigh = openHigh & wins.high;
    if ((forcedLow | forcedHigh) === 0) {
      return ((openLow & ~(wins.low >>> 1)) | (openHigh & ~(wins.high >>> 1))) === 0 ? -1 : 0;
    }
    const isLost =
      (forcedLow !== 0 && forcedHigh !== 0) ||
      ((forcedLow & (forcedLow - 1)) | (forcedHigh & (forcedHigh - 1))) !== 0 ||
      ((forcedLow & ~(wins.low >>> 1)) | (forcedHigh & ~(wins.high >>> 1))) === 0;
    return isLost ? -1 : 1;
  }

  function winsAtOnce(ownLow: number, ownHigh: number, takenLow: number, takenHigh: number): boolean {
    findWins(ownLow, ownHigh, takenLow, takenHigh, wins);
    const openLow = (takenLow + LOW_BOTTOM) & LOW_BOARD;
    const openHigh = (takenHigh + HIGH_BOTTOM) & HIGH_BOARD;
    return ((openLow & wins.low) | (openHigh & wins.high)) !== 0;
  }

  /** Whether the other wins with its next move, whatever is done. Sets where it would. */
  function losesAtOnce(ownLow: number, ownHigh: number, takenLow: number, takenHigh: number): boolean {
    findWins(takenLow ^ ownLow, takenHigh ^ ownHigh, takenLow, takenHigh, wins);
    return replies(takenLow, takenHigh) < 0;
  }

  /** The score of a position, known to be `least` or more, by null windows that close in on it from zero. */
  function solve(
    ownLow: number,
    ownHigh: number,
    takenLow: number,
    takenHigh: number,
    plies: number,
    least: number,
  ): number {
    if (winsAtOnce(ownLow, ownHigh, takenLow, takenHigh)) return soonestWin(plies);
    if (losesAtOnce(ownLow, ownHigh, takenLow, takenHigh)) return soonestLoss(plies);
    const threatLow = wins.low;
    const threatHigh = wins.high;
    let most = soonestWin(plies);
    while (least < most) {
      let middle = least + ((most - least) >> 1);
      if (middle <= 0 && least / 2 < middle) middle = Math.trunc(least / 2);
      else if (middle >= 0 && most / 2 > middle) middle = Math.trunc(most / 2);
      const found = search(ownLow, ownHigh, takenLow, takenHigh, threatLow, threatHigh, plies, middle, middle + 1);
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
        scoreInBook !== undefined &&
        plies === BOOK_PLIES &&
        !winsAtOnce(ownLow, ownHigh, takenLow, takenHigh) &&
        !losesAtOnce(ownLow, ownHigh, takenLow, takenHigh);
      const least = inBook ? -scoreInBook(ownLow + takenLow, ownHigh + takenHigh) : -((SQUARES - 1 - plies) >> 1);
      const scores: (number | null)[] = [];
      for (const [i, column] of MIDDLE_FIRST.entries()) {
        const low = (takenLow + LOW_BOTTOM) & LOW_BOARD & LOW_COLUMN[i]!;
        const high = (takenHigh + HIGH_BOTTOM) & HIGH_BOARD & HIGH_COLUMN[i]!;
        findWins(ownLow, ownHigh, takenLow, takenHigh, wins);
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
      if (winsAtOnce(ownLow, ownHigh, takenLow, takenHigh)) return soonestWin(plies);
      if (plies === SQUARES - 1) return 0;
      if (losesAtOnce(ownLow, ownHigh, takenLow, takenHigh)) return soonestLoss(plies);
      // Nothing sooner is left.
      if (alpha >= soonestWin(plies) - 1) return soonestWin(plies) - 1;
      if (alpha <= soonestLoss(plies)) return soonestLoss(plies) + 1;
      return search(ownLow, ownHigh, takenLow, takenHigh, wins.low, wins.high, plies, alpha, alpha + 1);
    },

    /** Lets the next answers cost so many positions. */
    allow(positions: number): void {
      left = positions;
    },

    forget(): void {
      generation = (generation + GENERATION) | 0;
      if (generation === 0) lows.fill(0);
    },
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
    begin() {
      search.allow(budget);
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
function readBook(book: Uint8Array): (keyLow: number, keyHigh: number) => number {
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

function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
