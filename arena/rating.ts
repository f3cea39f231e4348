/**
 * Elo ratings as a function of the log.
 *
 * Ratings are not updated game by game: they are the strengths that explain all
 * results best (Bradley & Terry 1952, a draw being half a win for each, with a
 * term for the first seat), so the order in which matches were played or logged
 * changes nothing.
 */

import { dot, invert, square } from './linear.ts';

/** One game: `score` (1, ½ or 0) of the first seat. Games with the same `pair` share an opening and a seed. */
export interface Result {
  readonly first: string;
  readonly second: string;
  readonly score: number;
  readonly pair: string;
}

export interface Rating {
  readonly name: string;
  /** 400 points are odds of ten to one. The anchor has 0. */
  readonly elo: number;
  /** Half the width of the 95 % interval of the difference to the anchor; 0 for the anchor itself. */
  readonly error: number;
  /** Points won. */
  readonly score: number;
  readonly games: number;
}

export interface Ratings {
  /** From strongest to weakest. */
  readonly ratings: readonly Rating[];
  /** What the first seat is worth, in Elo, and half the width of its 95 % interval. */
  readonly firstSeat: { readonly elo: number; readonly error: number };
  readonly anchor: string;
}

/**
 * An imaginary drawn pair of every player against an average one. It keeps the
 * rating of somebody who won everything finite, and fades as real games come in.
 */
const PRIOR_DRAWS = 2;
/** The first seat's advantage is believed to be about 0 ± this many nepers (350 Elo) before any game. */
const FIRST_SEAT_SPREAD = 2;
const ELO_PER_NEPER = 400 / Math.LN10;
const NORMAL_95 = 1.96;

/**
 * Rates everybody in `results`, in Elo above `anchor`. Throws if `anchor` played no game.
 *
 * The errors come from the whole covariance of the estimate, and are never
 * smaller than those that allow for the two games of a pair resembling each
 * other (the "sandwich" clustered by pair, Liang & Zeger 1986).
 */
export function rate(results: readonly Result[], anchor: string): Ratings {
  const names = [...new Set(results.flatMap(({ first, second }) => [first, second]))].sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const zero = place.get(anchor);
  if (zero === undefined) throw new Error(`no results for '${anchor}'`);
  const size = names.length + 1;
  const seat = names.length;
  const games = results.map(({ first, second, score, pair }) => ({
    a: place.get(first)!,
    b: place.get(second)!,
    score,
    pair,
  }));

  // Newton's method on the log posterior, which is concave.
  const strengths = Array<number>(size).fill(0);
  let inverse: number[][] = [];
  for (let step = 0; step < 100; step++) {
    const gradient = Array<number>(size).fill(0);
    const information = square(size);
    const add = (at: readonly (readonly [number, number])[], slope: number, curvature: number) => {
      for (const [i, x] of at) {
        gradient[i]! += slope * x;
        for (const [j, y] of at) information[i]![j]! += curvature * x * y;
      }
    };
    for (const { a, b, score } of games) {
      const expected = logistic(strengths[a]! - strengths[b]! + strengths[seat]!);
      add(terms(a, b, seat), score - expected, expected * (1 - expected));
    }
    for (let i = 0; i < names.length; i++) {
      const expected = logistic(strengths[i]!);
      add([[i, 1]], PRIOR_DRAWS * (0.5 - expected), PRIOR_DRAWS * expected * (1 - expected));
    }
    add([[seat, 1]], -strengths[seat]! / FIRST_SEAT_SPREAD ** 2, 1 / FIRST_SEAT_SPREAD ** 2);
    inverse = invert(information);
    const move = inverse.map(row => dot(row, gradient));
    const longest = Math.max(...move.map(Math.abs));
    const scale = Math.min(1, 1 / longest);
    for (let i = 0; i < size; i++) strengths[i]! += scale * move[i]!;
    if (longest < 1e-10) break;
  }

  const pairs = new Map<string, number[]>();
  for (const { a, b, score, pair } of games) {
    const slope = score - logistic(strengths[a]! - strengths[b]! + strengths[seat]!);
    const sum = pairs.get(pair) ?? Array<number>(size).fill(0);
    for (const [i, x] of terms(a, b, seat)) sum[i]! += slope * x;
    pairs.set(pair, sum);
  }
  /** The variance of a weighted sum of strengths: the larger of the two estimates. */
  const variance = (weights: readonly number[]): number => {
    const spread = inverse.map(row => dot(row, weights));
    const clustered = [...pairs.values()].reduce((sum, scores) => sum + dot(spread, scores) ** 2, 0);
    return Math.max(dot(weights, spread), clustered);
  };
  const error = (weights: readonly number[]) => NORMAL_95 * ELO_PER_NEPER * Math.sqrt(variance(weights));
  const unit = (i: number) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0));

  const ratings = names.map((name, i): Rating => {
    const own = games.filter(({ a, b }) => a === i || b === i);
    const weights = unit(i).map((weight, j) => weight - (j === zero ? 1 : 0));
    return {
      name,
      elo: ELO_PER_NEPER * (strengths[i]! - strengths[zero]!),
      error: i === zero ? 0 : error(weights),
      score: own.reduce((sum, { a, score }) => sum + (a === i ? score : 1 - score), 0),
      games: own.length,
    };
  });
  return {
    ratings: ratings.sort((a, b) => b.elo - a.elo || (a.name < b.name ? -1 : 1)),
    firstSeat: { elo: ELO_PER_NEPER * strengths[seat]!, error: error(unit(seat)) },
    anchor,
  };
}

const terms = (a: number, b: number, seat: number): readonly (readonly [number, number])[] => [
  [a, 1],
  [b, -1],
  [seat, 1],
];

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
