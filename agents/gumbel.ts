/**
 * The root of a search after Danihelka, Guez, Schrittwieser & Silver, "Policy
 * improvement by planning with Gumbel" (ICLR 2022): a few moves are drawn without
 * replacement from the policy, sequential halving finds the best of them, and
 * the policy that is learned is the old one shifted by what the search found of
 * every move. Sound with few simulations, where counting visits is not.
 */

import type { Move } from '../games/game.ts';
import type { Random } from '../games/random.ts';

/** How a search's root chooses which move to look at next. */
export type Root =
  | {
      readonly kind: 'puct';
      /** Each move that was tried at all gets at least √(forced · prior · simulations) looks; 0 for none (Wu 2019, §3.2: 2). */
      readonly forced: number;
    }
  | {
      readonly kind: 'gumbel';
      /** Those that the halving is planned for. */
      readonly simulations: number;
      /** So many moves are looked at, at most. */
      readonly considered: number;
      /** 1 to draw moves from the policy, 0 to take its best. */
      readonly noise: number;
    };

/** A move of the root. */
export interface Candidate {
  readonly move: Move;
  /** The logarithm of its share of the policy; the shares sum to 1 over the moves. */
  readonly logit: number;
  readonly prior: number;
  readonly noise: number;
  visits: number;
  /** Mean result for the seat to move, -1 … 1; undefined for a move never tried. */
  value: number | undefined;
  /** 0 while nothing is proven of it, below 0 for a proven loss. */
  proven: number;
}

/** The paper's c_visit, and c_scale for results in -1 … 1 that are not stretched to their range. */
const VISIT_OFFSET = 50;
const VALUE_SCALE = 0.1;

/** A move that was not looked at yet; `prior` is its share of the policy, `noise` a draw from Gumbel's distribution or 0. */
export const candidateOf = (move: Move, prior: number, noise: number): Candidate => ({
  move,
  logit: Math.log(Math.max(prior, 1e-9)),
  prior,
  noise,
  visits: 0,
  value: undefined,
  proven: 0,
});

/** A draw from the standard Gumbel distribution. */
export const gumbelNoise = (random: Random): number => -Math.log(-Math.log(Math.max(random(), 1e-12)));

/**
 * Sequential halving (§3, algorithm 2) of `simulations` among `considered` moves:
 * entry i is how often the move that the i-th simulation looks at was looked at
 * before.
 */
export function halving(considered: number, simulations: number): readonly number[] {
  const rounds = Math.max(1, Math.ceil(Math.log2(considered)));
  const turns: number[] = [];
  let left = considered;
  let looked = 0;
  while (turns.length < simulations) {
    const each = Math.max(1, Math.floor(simulations / (rounds * left)));
    for (let more = 0; more < each; more++) {
      for (let move = 0; move < left; move++) turns.push(looked);
      looked++;
    }
    left = Math.max(Math.min(2, considered), left >> 1);
  }
  return turns.slice(0, simulations);
}

/**
 * Tells what the search found of a candidate, on the scale of logits: σ of its
 * value, or of the mixed value (appendix D) where it was never tried.
 * `judgement` is what the network said of the root.
 */
function gainsAmong(candidates: readonly Candidate[], judgement: number): (candidate: Candidate) => number {
  let visits = 0;
  let most = 0;
  let mass = 0;
  let sum = 0;
  for (const { visits: own, value, prior } of candidates) {
    visits += own;
    most = Math.max(most, own);
    if (value === undefined) continue;
    mass += prior;
    sum += prior * value;
  }
  const mixed = mass === 0 ? judgement : (judgement + (visits / mass) * sum) / (1 + visits);
  const scale = (VISIT_OFFSET + most) * VALUE_SCALE;
  return ({ value }) => scale * (value ?? mixed);
}

/** Noise, policy and value of each candidate together: what sequential halving compares. */
export function gumbelScores(candidates: readonly Candidate[], judgement: number): readonly number[] {
  const gain = gainsAmong(candidates, judgement);
  return candidates.map(candidate => candidate.noise + candidate.logit + gain(candidate));
}

/** The candidates' shares of the policy that is to be learned (§4, eq. 11): softmax of logits and gains. */
export function improvedPolicy(candidates: readonly Candidate[], judgement: number): readonly number[] {
  const gain = gainsAmong(candidates, judgement);
  const logits = candidates.map(candidate => candidate.logit + gain(candidate));
  const most = Math.max(...logits);
  const shares = logits.map(value => Math.exp(value - most));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map(share => share / sum);
}
