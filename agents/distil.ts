/**
 * A smaller network that learns to judge as a larger one does: Hinton, Vinyals &
 * Dean, "Distilling the knowledge in a neural network" (2015). What it learns is
 * the teacher's whole policy and its value, in positions of games that the
 * teacher plays out of its policy alone.
 */

import { type Game, type Move, randomMove } from '../games/game.ts';
import { type Random, seededRandom } from '../games/random.ts';
import { draw } from './alphazero.ts';
import { type Heads, type NetworkShape, parameterCount, shapeFor, USUAL_HEADS, type Weights } from './network.ts';
import { packInto, unpacked } from './observations.ts';
import { drawn, randomlyOn, settled } from './selfplay.ts';
import { createEvaluator, createTrainer, type Evaluator, type TrainingEngine, untaught } from './tensors.ts';

/** Everything that decides how a network is distilled, as JSON. */
export interface DistilRecipe {
  /** Positions that the teacher judges. */
  readonly positions: number;
  /** Half of its games begin with random plies, up to so many. */
  readonly randomPlies: number;
  /** This share of its moves is random: the student has to know what to do after mistakes. */
  readonly randomShare: number;
  /** How often a position is learned from. */
  readonly lessonsPerPosition: number;
  readonly batch: number;
  /** The learning rate at the beginning and at the end, along half a cosine. */
  readonly rate: readonly [number, number];
}

export const DISTILLATION: DistilRecipe = {
  positions: 200_000,
  randomPlies: 16,
  randomShare: 0.1,
  lessonsPerPosition: 4,
  batch: 256,
  rate: [3e-3, 5e-5],
};

/** Positions with a teacher's judgement of them, one after the other in flat arrays. */
export interface Taught {
  /** Positions × planes × rows × columns, packed. */
  readonly observations: Uint8Array;
  /** Positions × moves: the teacher's policy over the legal moves. */
  readonly policies: Float32Array;
  /** For the seat to move, -1 … 1. */
  readonly values: Float32Array;
}

/** This share of the positions is kept aside, to see how well the student judges what it did not learn. */
const KEPT_ASIDE = 0.05;

/** Plays `recipe.positions` positions, `teacher.batch` games side by side, and has each judged. */
export async function teach<State>(
  game: Game<State>,
  teacher: Evaluator,
  { positions, randomPlies, randomShare }: DistilRecipe,
  seed: number,
): Promise<Taught> {
  const { moveCount } = game;
  const size = teacher.input.length / teacher.batch;
  const observations = new Uint8Array(positions * size);
  const policies = new Float32Array(positions * moveCount);
  const values = new Float32Array(positions);
  const random = seededRandom(seed);
  const tables = Array.from({ length: teacher.batch }, () => opened(game, randomPlies, random));
  for (let count = 0; count < positions; ) {
    for (const [i, state] of tables.entries()) teacher.input.set(game.observe(state), i * size);
    await teacher.run();
    for (const [i, state] of tables.entries()) {
      if (count === positions) break;
      packInto(observations, teacher.input.subarray(i * size, (i + 1) * size), count * size);
      const policy = legalPart(game.moves(state), teacher.policy.subarray(i * moveCount, (i + 1) * moveCount));
      policies.set(policy, count * moveCount);
      values[count] = teacher.value[i]!;
      count++;
      const move = random() < randomShare ? randomMove(game, state, random) : drawn(policy, random);
      const after = settled(game, game.play(state, move), random);
      tables[i] = game.outcome(after) ? opened(game, randomPlies, random) : after;
    }
  }
  return { observations, policies, values };
}

/** The start, or for half of the games a position some random plies from it. */
function opened<State>(game: Game<State>, randomPlies: number, random: Random): State {
  for (;;) {
    const start = settled(game, game.start, random);
    const plies = random() < 0.5 ? 0 : Math.floor(random() * (randomPlies + 1));
    const state = randomlyOn(game, start, plies, random);
    if (!game.outcome(state)) return state;
  }
}

function legalPart(legal: readonly Move[], policy: Float32Array): Float32Array {
  const part = new Float32Array(policy.length);
  const sum = legal.reduce((total, move) => total + policy[move]!, 0);
  for (const move of legal) part[move] = sum > 0 ? policy[move]! / sum : 1 / legal.length;
  return part;
}

/** A student on its way. */
export interface Schooling {
  /** How much of it is behind, 0 … 1. */
  readonly done: number;
  /** Mean of the steps since the last report. It cannot fall below the entropy of the teacher's policy. */
  readonly loss: number;
  readonly weights: Weights;
}

const REPORTS = 20;

/** Trains a network from `start` on all that was taught but what is kept aside, and reports twenty times. */
export async function* follow(
  game: Game,
  shape: NetworkShape,
  start: Weights,
  taught: Taught,
  { lessonsPerPosition, batch, rate: [first, last] }: DistilRecipe,
  seed: number,
  engine: TrainingEngine,
): AsyncGenerator<Schooling> {
  const trainer = await createTrainer(shape, untaught(start), batch, 1, engine);
  const positions = Array.from({ length: keptFrom(taught) }, (_, row) => ({ lessons: taught, row }));
  const steps = Math.max(REPORTS, Math.round((positions.length * lessonsPerPosition) / batch));
  const random = seededRandom(seed);
  let loss = 0;
  let summed = 0;
  for (let step = 0; step < steps; step++) {
    const rate = last + ((first - last) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
    loss += await trainer.step(draw(game, positions, batch, random), rate);
    summed++;
    if (Math.floor(((step + 1) * REPORTS) / steps) === Math.floor((step * REPORTS) / steps)) continue;
    yield { done: (step + 1) / steps, loss: loss / summed, weights: trainer.learned().weights };
    loss = 0;
    summed = 0;
  }
}

/** The number of the first position that is kept aside. */
const keptFrom = ({ values }: Taught): number => Math.ceil(values.length * (1 - KEPT_ASIDE));

/** How a student judges the positions kept aside, beside its teacher. */
export interface Agreement {
  readonly positions: number;
  /** Share in which both like the same move best. */
  readonly sameMove: number;
  /** Mean difference of the values. */
  readonly valueError: number;
}

const JUDGED_AT_ONCE = 64;

export async function agreement(shape: NetworkShape, weights: Weights, taught: Taught): Promise<Agreement> {
  const evaluator = await createEvaluator(shape, weights, JUDGED_AT_ONCE);
  const size = evaluator.input.length / evaluator.batch;
  const { observations, policies, values } = taught;
  const row = (all: Float32Array, i: number) => all.subarray(i * shape.moves, (i + 1) * shape.moves);
  const from = keptFrom(taught);
  let same = 0;
  let error = 0;
  for (let start = from; start < values.length; start += evaluator.batch) {
    const count = Math.min(evaluator.batch, values.length - start);
    evaluator.input.set(Float32Array.from(observations.subarray(start * size, (start + count) * size), unpacked));
    await evaluator.run();
    for (let i = 0; i < count; i++) {
      const theirs = row(policies, start + i);
      // Of the legal moves alone: the teacher's policy has no others.
      const ours = row(evaluator.policy, i).map((likelihood, move) => (theirs[move]! > 0 ? likelihood : -1));
      if (largest(ours) === largest(theirs)) same++;
      error += Math.abs(evaluator.value[i]! - values[start + i]!);
    }
  }
  const positions = values.length - from;
  return { positions, sameMove: same / positions, valueError: error / positions };
}

const largest = (numbers: Float32Array): number => numbers.indexOf(Math.max(...numbers));

/** What makes a smaller network of the kind. */
export interface Size {
  readonly filters: number;
  readonly blocks: number;
  readonly heads: Heads;
}

/** Filters of a student come in these steps. */
const FILTER_STEP = 4;

/** How much the likeness of two proportions counts beside that of two numbers of parameters. */
const LIKENESS = 0.25;

/**
 * The size of a network with about `share` of a teacher's parameters, 0 … 1: no
 * deeper and no wider than the teacher, of a similar proportion of width to
 * depth, its heads as much narrower as its trunk.
 */
export function sizeOfStudent(game: Game, teacher: NetworkShape, share: number): Size {
  const wanted = share * parameterCount(teacher);
  const proportion = teacher.filters / teacher.widths.length;
  let best: Size | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let blocks = 1; blocks <= teacher.widths.length; blocks++) {
    for (let filters = FILTER_STEP; filters <= teacher.filters; filters += FILTER_STEP) {
      const heads = narrowed(filters / teacher.filters);
      const count = parameterCount(shapeFor(game, filters, blocks, { heads }));
      const miss = Math.abs(Math.log(count / wanted)) + LIKENESS * Math.abs(Math.log(filters / blocks / proportion));
      if (miss < least) {
        least = miss;
        best = { filters, blocks, heads };
      }
    }
  }
  return best ?? { filters: teacher.filters, blocks: 1, heads: USUAL_HEADS };
}

const narrowed = (share: number): Heads => ({
  policyPlanes: Math.max(2, Math.round(share * USUAL_HEADS.policyPlanes)),
  valuePlanes: Math.max(1, Math.round(share * USUAL_HEADS.valuePlanes)),
  valueUnits: Math.max(8, Math.round(share * USUAL_HEADS.valueUnits)),
});
