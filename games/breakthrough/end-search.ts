/**
 * Breakthrough on small boards, searched to the end: negamax over bitboards with
 * null windows, a table of bounds, and captures first, then the moves that have
 * settled most (J. Schaeffer, "The history heuristic and alpha-beta search
 * enhancements in practice", IEEE PAMI 11, 1989). How many moves the foremost
 * pieces are from the far side bounds how soon either can win.
 */

import { bitCount } from '../bits.ts';
import { type EndSearch, SOONEST, TooLarge } from '../game.ts';
import type { Breakthrough } from './rules.ts';

/** So many squares at most: a board is a positive whole number of 32 bits. */
export const MOST_END_SEARCH_SQUARES = 30;

/** So many positions are remembered at most. */
const MOST_REMEMBERED = 2 ** 22;
/** Slots in which a position may stand, one after the other. */
const BUCKET = 4;

/**
 * The pieces of a position are two bitboards, row by row from the home row of
 * whoever is to move, who so always moves to higher bits: after a move the board is
 * turned. Of a position and its mirror image the lower one is remembered.
 */
export function createEndSearch(columns: number, rows: number, budget: number): EndSearch<Breakthrough> {
  const squares = columns * rows;
  const row = (1 << columns) - 1;
  const second = row << columns;
  const everyRow = Array.from({ length: rows }, (_, i) => 1 << (i * columns)).reduce((a, b) => a | b);
  const notFirstColumn = everyRow * (row & ~1);
  const notLastColumn = everyRow * (row >> 1);
  const turned = permuted(squares, square => squares - 1 - square);
  const mirrored = permuted(squares, square => square - 2 * (square % columns) + columns - 1);

  const slots = 2 ** Math.ceil(Math.log2(Math.min(2 * budget + BUCKET, MOST_REMEMBERED)));
  const mask = slots - BUCKET;
  const owns = new Int32Array(slots);
  const others = new Int32Array(slots);
  const leasts = new Int16Array(slots);
  const mosts = new Int16Array(slots);
  /** A slot with another generation than the present one is empty. */
  const generations = new Uint8Array(slots);
  let generation = 1;
  /** By the squares that a move leaves and enters, how many others were tried in vain before it was good enough. */
  const settled = new Float64Array(32 * 32);
  /** The moves of the position at each ply of the line that is being searched: the bits left and entered, and their order. */
  const lines: { readonly from: Int32Array; readonly to: Int32Array; readonly rank: Float64Array }[] = [];
  let allowed = budget;
  let left = budget;

  /** A bound on the far side of `alpha`, or of `alpha` + 1, of what the position at this ply is worth to `own`, who is to move. */
  function search(own: number, other: number, alpha: number, ply: number): number {
    const beta = alpha + 1;
    const far = rows - 1 - Math.floor(highest(own) / columns);
    if (far === 1) return SOONEST;
    const near = Math.floor(highest(other & -other) / columns);
    // Pieces have as far to go, or as many to take.
    let most = SOONEST + 2 - 2 * Math.min(far, bitCount(other));
    let least = 2 * Math.min(near, bitCount(own)) - 1 - SOONEST;
    if (most <= alpha) return most;
    if (least >= beta) return least;
    let targets = -1;
    if (near === 1) {
      // Whoever stands before the home row has to be taken.
      targets = other & second;
      const reached = ((own & notFirstColumn) << (columns - 1)) | ((own & notLastColumn) << (columns + 1));
      if ((targets & (targets - 1)) !== 0 || (reached & targets) === 0) return 1 - SOONEST;
    }

    const image = mirrored(own);
    const otherImage = mirrored(other);
    const isImage = image < own || (image === own && otherImage < other);
    const a = isImage ? image : own;
    const b = isImage ? otherImage : other;
    const bucket = bucketOf(a, b);
    let slot = find(bucket, a, b);
    if (slot !== -1) {
      if (leasts[slot]! >= beta) return leasts[slot]!;
      if (mosts[slot]! <= alpha) return mosts[slot]!;
      least = Math.max(least, leasts[slot]!);
      most = Math.min(most, mosts[slot]!);
    }
    if (left === 0) throw new TooLarge(`more than ${allowed} positions would have to be searched`);
    left--;

    lines[ply] ??= {
      from: new Int32Array(3 * squares),
      to: new Int32Array(3 * squares),
      rank: new Float64Array(3 * squares),
    };
    const { from, to, rank } = lines[ply];
    const free = ~own & targets;
    let count = 0;
    for (let way = columns - 1; way <= columns + 1; way++) {
      const entered =
        way === columns
          ? (own << way) & free & ~other
          : ((own & (way < columns ? notFirstColumn : notLastColumn)) << way) & free;
      for (let bits = entered; bits !== 0; bits &= bits - 1) {
        const bit = bits & -bits;
        const square = highest(bit);
        const worth = settled[32 * (square - way) + square]! + (bit & other ? CAPTURE : 0);
        let at = count++;
        for (; at > 0 && rank[at - 1]! < worth; at--) {
          rank[at] = rank[at - 1]!;
          from[at] = from[at - 1]!;
          to[at] = to[at - 1]!;
        }
        rank[at] = worth;
        from[at] = bit >>> way;
        to[at] = bit;
      }
    }

    let best = -Infinity;
    for (let i = 0; i < count && best < beta; i++) {
      const rest = other & ~to[i]!;
      best = Math.max(best, rest === 0 ? SOONEST : after((own ^ from[i]!) | to[i]!, rest, alpha, ply));
      if (best >= beta) settled[32 * highest(from[i]!) + highest(to[i]!)]! += i;
    }
    if (best >= beta) least = Math.max(least, best);
    else most = Math.min(most, best);
    // Meanwhile another may have come into its slot.
    slot = find(bucket, a, b);
    if (slot === -1) {
      slot = bucket;
      while (slot < bucket + BUCKET && generations[slot] === generation) slot++;
      if (slot === bucket + BUCKET) slot = bucket + ((a + b) % BUCKET);
      owns[slot] = a;
      others[slot] = b;
      generations[slot] = generation;
    }
    leasts[slot] = least;
    mosts[slot] = most;
    return best;
  }

  /** As `search`, of a position in which the other is to move, for whoever has moved. */
  function after(own: number, other: number, alpha: number, ply: number): number {
    // Nobody has won or lost by this move, so nothing better than a ply later can come.
    if (alpha >= SOONEST - 1) return SOONEST - 1;
    if (alpha <= -SOONEST) return 1 - SOONEST;
    const later = -alpha - 1;
    const score = search(turned(other), turned(own), later + Math.sign(later), ply + 1);
    return Math.sign(score) - score;
  }

  const bucketOf = (a: number, b: number): number => {
    const hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (mixed ^ (mixed >>> 13)) & mask;
  };

  const find = (bucket: number, a: number, b: number): number => {
    for (let slot = bucket; slot < bucket + BUCKET; slot++) {
      if (owns[slot] === a && others[slot] === b && generations[slot] === generation) return slot;
    }
    return -1;
  };

  /** A side's pieces in one number, from the top left of the board. */
  const packed = (top: number, bottom: number): number => {
    let bits = 0;
    for (let i = 0; i < rows; i++) bits |= (((i < 4 ? top : bottom) >>> (8 * (i % 4))) & row) << (i * columns);
    return bits;
  };

  return {
    begin(positions = budget) {
      allowed = positions;
      left = positions;
    },
    get left() {
      return left;
    },
    forget() {
      if (generation === 255) generations.fill(0);
      generation = (generation % 255) + 1;
      settled.fill(0);
    },
    score({ xTop, xBottom, oTop, oBottom, turn }, alpha) {
      const x = packed(xTop, xBottom);
      const o = packed(oTop, oBottom);
      return turn === 0 ? search(x, o, alpha, 0) : search(turned(o), turned(x), alpha, 0);
    },
  };
}

/** More than any move without a capture has settled. */
const CAPTURE = 2 ** 50;

/** The number of the highest bit that is set. */
const highest = (bits: number): number => 31 - Math.clz32(bits);

/** Moves every bit to where `goes` says, by tables for both halves of them. */
function permuted(squares: number, goes: (square: number) => number): (bits: number) => number {
  const half = squares >> 1;
  const table = (first: number, count: number) =>
    Int32Array.from({ length: 1 << count }, (_, set) => {
      let bits = 0;
      for (let i = 0; i < count; i++) if (set & (1 << i)) bits |= 1 << goes(first + i);
      return bits;
    });
  const lower = table(0, half);
  const upper = table(half, squares - half);
  const lowerBits = (1 << half) - 1;
  return bits => lower[bits & lowerBits]! | upper[bits >>> half]!;
}
