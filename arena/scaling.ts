/**
 * How strength grows with what is spent on it: Elo as a sum of straight lines over
 * the logarithms of parameters, self-play games and search nodes. After Jones,
 * "Scaling scaling laws with board games" (2021), §4: on Hex, until play is nearly
 * perfect, each tenfold of training compute is worth about 500 Elo.
 */

import { dot, invert, square } from './linear.ts';

/** What strength is bought with. */
export const AXES = ['parameters', 'games', 'nodes'] as const;
export type Axis = (typeof AXES)[number];

/** A player of the study. */
export interface Rated extends Readonly<Record<Axis, number>> {
  readonly elo: number;
  /** Half the width of its 95 % interval. */
  readonly error: number;
}

export interface Fit {
  /** Elo at one of each. */
  readonly intercept: number;
  /** Elo for ten times as much, and half the width of its 95 % interval; null for an axis on which nothing varied. */
  readonly perTenfold: Readonly<Record<Axis, { readonly elo: number; readonly error: number } | null>>;
  /** Root of the mean squared residual, in Elo, and the share of the variance that the lines explain. */
  readonly residual: number;
  readonly explained: number;
}

const NORMAL_95 = 1.96;

/** Ordinary least squares. Throws with fewer points than lines to fit. */
export function fitScaling(points: readonly Rated[]): Fit {
  const axes = AXES.filter(axis => new Set(points.map(point => point[axis])).size > 1);
  const size = axes.length + 1;
  if (points.length < size) throw new Error(`${points.length} points do not determine ${size} numbers`);
  const rows = points.map(point => [1, ...axes.map(axis => Math.log10(point[axis]))]);
  const normal = square(size);
  const right = Array<number>(size).fill(0);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < size; j++) {
      right[j]! += row[j]! * points[i]!.elo;
      for (let k = 0; k < size; k++) normal[j]![k]! += row[j]! * row[k]!;
    }
  }
  const inverse = invert(normal);
  const weights = inverse.map(line => dot(line, right));
  const residuals = points.map(({ elo }, i) => elo - dot(weights, rows[i]!));
  const squares = dot(residuals, residuals);
  const middle = points.reduce((sum, { elo }) => sum + elo, 0) / points.length;
  const all = points.reduce((sum, { elo }) => sum + (elo - middle) ** 2, 0);
  const variance = squares / Math.max(1, points.length - size);
  const slope = (axis: Axis) => {
    const i = axes.indexOf(axis) + 1;
    return i === 0 ? null : { elo: weights[i]!, error: NORMAL_95 * Math.sqrt(variance * inverse[i]![i]!) };
  };
  return {
    intercept: weights[0]!,
    perTenfold: { parameters: slope('parameters'), games: slope('games'), nodes: slope('nodes') },
    residual: Math.sqrt(squares / points.length),
    explained: all === 0 ? 1 : 1 - squares / all,
  };
}

/** What the lines say of a player. */
export const predicted = ({ intercept, perTenfold }: Fit, player: Readonly<Record<Axis, number>>): number =>
  AXES.reduce((sum, axis) => sum + (perTenfold[axis]?.elo ?? 0) * Math.log10(player[axis]), intercept);

/** What the lines foretold for the most of an axis, fitted without it, and what that gave: mean Elo of the players there. */
export interface Foretold {
  readonly axis: Axis;
  readonly most: number;
  readonly players: number;
  readonly predicted: number;
  readonly measured: number;
}

/** Undefined where the rest does not suffice for a fit. */
export function foretell(points: readonly Rated[], axis: Axis): Foretold | undefined {
  const most = Math.max(...points.map(point => point[axis]));
  const top = points.filter(point => point[axis] === most);
  const rest = points.filter(point => point[axis] < most);
  if (new Set(rest.map(point => point[axis])).size < 2) return undefined;
  const fit = fitScaling(rest);
  const mean = (of: (point: Rated) => number) => top.reduce((sum, point) => sum + of(point), 0) / top.length;
  return {
    axis,
    most,
    players: top.length,
    predicted: mean(point => predicted(fit, point)),
    measured: mean(({ elo }) => elo),
  };
}
