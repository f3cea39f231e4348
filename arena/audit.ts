/** Whether what a learner is paid is what the referee says: rewards beside results, game by game. */

import { dot, invert } from './linear.ts';

/** One seat's side of a finished game. */
export interface Side {
  /** What it was paid. */
  readonly reward: number;
  /** What the referee says: 1 for a win, 0 for a draw, -1 for a loss. */
  readonly result: number;
  /** The moves it made, in the game's notation. */
  readonly moves: readonly string[];
}

export interface Audit {
  readonly sides: number;
  /** Pearson's correlation of reward and result; 0 where one of them never varies. */
  readonly correlation: number;
  /** Sides that were paid at least what a win is worth to the referee, without winning. */
  readonly paidWithoutWinning: number;
  /** Moves by whose number reward and result differ, the one that explains most of it first. */
  readonly suspects: readonly Suspect[];
}

/** A move that seems to pay by itself. */
export interface Suspect {
  readonly move: string;
  /** Sides that made it. */
  readonly sides: number;
  /** How much more than the result a side was paid each time it made it. */
  readonly pays: number;
  /** The share, 0 … 1, of the squares of reward minus result that it explains, after the suspects before it. */
  readonly explains: number;
}

/** The suspects named at most, and the share of the difference that is too little to be one. */
const MOST_SUSPECTS = 3;
const LEAST_EXPLAINED = 0.2;

/** What the referee gives for a win. */
const WIN = 1;

/** Compares what was paid with what was won. Finds nothing where they differ by nothing. */
export function auditRewards(sides: readonly Side[]): Audit {
  return {
    sides: sides.length,
    correlation: correlation(
      sides.map(({ reward }) => reward),
      sides.map(({ result }) => result),
    ),
    paidWithoutWinning: sides.filter(({ reward, result }) => result < WIN && reward >= WIN).length,
    suspects: suspectsAmong(sides),
  };
}

/**
 * Explains what the sides were paid beyond their results by how often they made
 * each move, adding one move at a time: the one that explains most of what is
 * left. There is no constant beside them: a right reward differs by 0 on every
 * side, and a constant would hide a move that all sides make equally often.
 */
function suspectsAmong(sides: readonly Side[]): Suspect[] {
  const differences = sides.map(({ reward, result }) => reward - result);
  const all = dot(differences, differences);
  if (all < 1e-9) return [];
  const tallies = sides.map(({ moves }) => tallyOf(moves));
  const found: { move: string; counts: number[]; explains: number }[] = [];
  let pays: readonly number[] = [];
  let left: readonly number[] = differences;
  while (found.length < MOST_SUSPECTS) {
    const best = mostTelling(tallies, left);
    if (!best || best.explains < LEAST_EXPLAINED * all) break;
    const counts = tallies.map(tally => tally.get(best.move) ?? 0);
    const columns = [...found.map(suspect => suspect.counts), counts];
    pays = leastSquares(columns, differences);
    const rest = differences.map((difference, i) =>
      columns.reduce((sum, of, j) => sum - pays[j]! * of[i]!, difference),
    );
    found.push({ move: best.move, counts, explains: (dot(left, left) - dot(rest, rest)) / all });
    left = rest;
  }
  return found.map(({ move, counts, explains }, i) => ({
    move,
    sides: counts.filter(count => count > 0).length,
    pays: pays[i]!,
    explains,
  }));
}

/** How often each move was made. */
function tallyOf(moves: readonly string[]): ReadonlyMap<string, number> {
  const tally = new Map<string, number>();
  for (const move of moves) tally.set(move, (tally.get(move) ?? 0) + 1);
  return tally;
}

/** The move whose counts alone take most from the squares of `left`, the first by name among equals. */
function mostTelling(tallies: readonly ReadonlyMap<string, number>[], left: readonly number[]) {
  const sums = new Map<string, { product: number; squares: number }>();
  tallies.forEach((tally, i) => {
    for (const [move, count] of tally) {
      const { product, squares } = sums.get(move) ?? { product: 0, squares: 0 };
      sums.set(move, { product: product + count * left[i]!, squares: squares + count ** 2 });
    }
  });
  return [...sums]
    .map(([move, { product, squares }]) => ({ move, explains: product ** 2 / squares }))
    .sort((a, b) => b.explains - a.explains || (a.move < b.move ? -1 : 1))[0];
}

/** The factors of `columns` whose sum comes nearest to `values`. */
function leastSquares(columns: readonly (readonly number[])[], values: readonly number[]): number[] {
  const inverse = invert(columns.map(a => columns.map(b => dot(a, b))));
  const products = columns.map(column => dot(column, values));
  return inverse.map(row => dot(row, products));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Around their mean. */
function sumOfSquares(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0);
  const spread = Math.sqrt(sumOfSquares(a) * sumOfSquares(b));
  return spread === 0 ? 0 : product / spread;
}
