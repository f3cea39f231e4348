/** Whether what a learner is paid is what the referee says: rewards beside results, game by game. */

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
  /** Sides that were paid at least as much as the worst-paid win, without winning. */
  readonly paidWithoutWinning: number;
  /** Moves after which reward and result part, the one that explains most of it first. */
  readonly suspects: readonly Suspect[];
}

/** A move that seems to pay by itself. */
export interface Suspect {
  readonly move: string;
  /** Sides that made it. */
  readonly sides: number;
  /** How much more than the result a side that made it was paid, compared with one that did not. */
  readonly pays: number;
  /** The share, 0 … 1, of the variance of reward minus result that it explains. */
  readonly explains: number;
}

/** The suspects named at most, and the share of the difference that is too little to be one. */
const MOST_SUSPECTS = 3;
const LEAST_EXPLAINED = 0.2;

/** Compares what was paid with what was won. Finds nothing where they differ by nothing. */
export function auditRewards(sides: readonly Side[]): Audit {
  const differences = sides.map(({ reward, result }) => reward - result);
  const all = sumOfSquares(differences);
  const moves = [...new Set(sides.flatMap(side => side.moves))].sort();
  const suspects = moves.flatMap((move): Suspect[] => {
    const made = differences.filter((_, i) => sides[i]!.moves.includes(move));
    const not = differences.filter((_, i) => !sides[i]!.moves.includes(move));
    if (made.length === 0 || not.length === 0 || all < 1e-9) return [];
    const explains = 1 - (sumOfSquares(made) + sumOfSquares(not)) / all;
    return [{ move, sides: made.length, pays: mean(made) - mean(not), explains }];
  });
  const wins = sides.filter(({ result }) => result > 0).map(({ reward }) => reward);
  return {
    sides: sides.length,
    correlation: correlation(
      sides.map(({ reward }) => reward),
      sides.map(({ result }) => result),
    ),
    paidWithoutWinning: sides.filter(({ reward, result }) => result <= 0 && reward >= Math.min(...wins, Infinity))
      .length,
    suspects: suspects
      .filter(({ explains }) => explains >= LEAST_EXPLAINED)
      .sort((a, b) => b.explains - a.explains || (a.move < b.move ? -1 : 1))
      .slice(0, MOST_SUSPECTS),
  };
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
