/**
 * AlphaZero's recipe: play yourself with search, learn what the search preferred
 * and how the games went, play again with what was learned. Silver et al., "A
 * general reinforcement learning algorithm that masters chess, shogi, and Go
 * through self-play" (Science 362, 2018).
 *
 * Playing and learning go on at the same time: while games are played with the
 * weights of one iteration, the next weights are learned from the games before.
 */

import { type Game, imageOf } from '../games/game.ts';
import { type Random, seededRandom } from '../games/random.ts';
import { freshWeights, type Heads, type NetworkShape, shapeFor, USUAL_HEADS, type Weights } from './network.ts';
import { unpacked } from './observations.ts';
import type { Lessons, SelfPlaySettings } from './selfplay.ts';
import { type Batch, createTrainer, type Learned, type Optimizer, type TrainingEngine, untaught } from './tensors.ts';

/** Everything that decides how a network is trained, as JSON. */
export interface Recipe {
  readonly filters: number;
  readonly blocks: number;
  readonly heads: Heads;
  readonly selfPlay: SelfPlaySettings;
  readonly gamesPerIteration: number;
  /** Positions in one step of training. */
  readonly batch: number;
  /** How often a new position is, on average, learned from; 0, and the run only plays. */
  readonly lessonsPerPosition: number;
  readonly optimizer: Optimizer;
  /** Threads that learn, beside those that play: what they sum up depends on how many they are. */
  readonly learningThreads: number;
  /** The learning rate at the beginning and at the end, along half a cosine. */
  readonly rate: readonly [number, number];
  /** Learns from this share of all positions, the newest, but from no fewer than `leastWindow`. */
  readonly window: number;
  readonly leastWindow: number;
  /** New weights play only once they win this share of the points against those that play; 0 and they always do. */
  readonly gate: number;
}

export const RECIPE: Recipe = {
  filters: 32,
  blocks: 4,
  heads: USUAL_HEADS,
  selfPlay: {
    root: 'gumbel',
    fullSimulations: 48,
    fastSimulations: 8,
    fullShare: 0.5,
    randomShare: 0.5,
    leastPlies: 0,
    randomPlies: 16,
    policyShare: 0,
    greedyShare: 0,
    variedPlies: 8,
    searchShare: 0.5,
    proofs: 2,
    exactPositions: 0,
    exactPlies: 0,
    exactLines: 1,
    decidedShare: 1,
    exactLeaves: 0,
    exactFrom: 0,
    resignBelow: -1,
  },
  gamesPerIteration: 512,
  batch: 256,
  lessonsPerPosition: 6,
  optimizer: 'adam',
  learningThreads: 1,
  rate: [2e-3, 5e-5],
  window: 0.5,
  leastWindow: 25_000,
  gate: 0,
};

/** Where a run of training stands: enough to go on from it as if it had never stopped. */
export interface Progress {
  readonly iteration: number;
  readonly learned: Learned;
  /** The weights that play, where there is a gate. */
  readonly champion: Weights | undefined;
  /** By iteration: of those behind it, and of those to come whose lessons another run made. */
  readonly lessons: readonly Lessons[];
}

/** What one iteration did. */
export interface Iteration {
  readonly progress: Progress;
  readonly rate: number;
  /** Positions in the window that was learned from. */
  readonly window: number;
  readonly steps: number;
  /** Mean over the steps; 0 where there was nothing to learn from yet. */
  readonly loss: number;
}

/** Where a training has its games played; may be other threads. */
export interface Hall {
  /** Plays games number `from` up to `to`, in which seats may resign; the same numbers with the same weights are the same games. */
  play(
    weights: Weights,
    games: { readonly from: number; readonly to: number; readonly resigns: boolean },
  ): Promise<Lessons>;
  /** The share of the points, 0 … 1, that `challenger` wins against `champion` in the `number`-th duel of the run. */
  duel(challenger: Weights, champion: Weights, number: number): Promise<number>;
}

/** Learning went wrong: the loss is no number any more. The progress before it is unharmed. */
export class Diverged extends Error {}

export const shapeOf = (game: Game, { filters, blocks, heads }: Recipe): NetworkShape =>
  shapeFor(game, filters, blocks, { heads });

/** Where a run begins: with random weights or with those that were learned otherwise, with no lessons or with another run's. */
export const beginning = (
  game: Game,
  recipe: Recipe,
  seed: number,
  weights: Weights = freshWeights(shapeOf(game, recipe), seededRandom(seed)),
  lessons: readonly Lessons[] = [],
): Progress => ({
  iteration: 0,
  learned: untaught(weights),
  champion: undefined,
  lessons,
});

/** Whether the next iteration only learns, since its lessons are there. */
const studies = ({ iteration, lessons }: Progress): boolean => lessons.length > iteration;

/** So many games that were played on tell whether seats resign too early, and so many of them may be wrong (Silver et al. 2017, Methods, "Self-play"). */
const ENOUGH_PLAYED_ON = 20;
const MOST_WRONG = 0.05;

/** Whether seats may resign: not while the newest games show that they would have been wrong too often. */
export function mayResign(lessons: readonly Lessons[]): boolean {
  let playedOn = 0;
  let wrong = 0;
  for (let i = lessons.length - 1; i >= 0 && playedOn < ENOUGH_PLAYED_ON; i--) {
    playedOn += lessons[i]!.playedOn;
    wrong += lessons[i]!.wronglyResigned;
  }
  return wrong <= MOST_WRONG * playedOn;
}

/**
 * Trains without end from `start`, an iteration at a time; the caller stops
 * asking. `done` tells how much of the whole run is behind it, 0 … 1, which sets
 * the learning rate. Throws Diverged when the loss is not finite.
 *
 * A run that begins with another's lessons learns from all of them first, for as
 * many iterations as the other took, and plays no game before that is done. So a
 * larger network takes the place of a smaller one, as in Wu, "Accelerating
 * self-play learning in Go" (2019), appendix A.
 */
export async function* train(
  game: Game,
  recipe: Recipe,
  seed: number,
  start: Progress,
  hall: Hall,
  done: (iteration: number) => number,
  engine: TrainingEngine,
): AsyncGenerator<Iteration> {
  const shape = shapeOf(game, recipe);
  const { batch, learningThreads, optimizer } = recipe;
  const trainer = await createTrainer(shape, start.learned, batch, learningThreads, engine, optimizer);
  let progress = start;
  for (;;) {
    const { iteration, lessons } = progress;
    const [first, last] = recipe.rate;
    const rate = last + ((first - last) * (1 + Math.cos(Math.PI * done(iteration)))) / 2;
    const games = iteration * recipe.gamesPerIteration;
    const playing = studies(progress)
      ? undefined
      : hall.play(progress.champion ?? progress.learned.weights, {
          from: games,
          to: games + recipe.gamesPerIteration,
          resigns: mayResign(lessons),
        });

    const positions = windowOf(lessons, recipe);
    const fresh = (playing ? lessons.at(-1) : lessons[iteration])?.count ?? 0;
    const steps = Math.round((fresh * recipe.lessonsPerPosition) / recipe.batch);
    const random = seededRandom(seed + iteration);
    let loss = 0;
    for (let step = 0; step < steps; step++) {
      loss += (await trainer.step(draw(game, positions, recipe.batch, random), rate)) / steps;
      if (!Number.isFinite(loss)) {
        await playing;
        throw new Diverged(`the loss is ${loss} after step ${step + 1} of iteration ${iteration + 1}`);
      }
    }
    const learned = trainer.learned();
    const played = await playing;
    let champion: Weights | undefined;
    if (recipe.gate > 0) {
      const { weights } = learned;
      champion = progress.champion ?? progress.learned.weights;
      if ((await hall.duel(weights, champion, iteration)) >= recipe.gate) champion = weights;
    }
    progress = { iteration: iteration + 1, learned, champion, lessons: played ? [...lessons, played] : lessons };
    yield { progress, rate, window: positions.length, steps, loss };
  }
}

interface Position {
  readonly lessons: Pick<Lessons, 'observations' | 'policies' | 'values'>;
  readonly row: number;
}

/** The newest positions, as many as the recipe says. */
function windowOf(lessons: readonly Lessons[], { window, leastWindow }: Recipe): readonly Position[] {
  const total = lessons.reduce((sum, { count }) => sum + count, 0);
  const all = lessons.flatMap(part =>
    Array.from({ length: part.count }, (_, row): Position => ({ lessons: part, row })),
  );
  return all.slice(-Math.max(leastWindow, Math.round(window * total)));
}

/** Positions drawn at random, each turned or mirrored at random. */
export function draw(game: Game, positions: readonly Position[], size: number, random: Random): Batch {
  const [planes, rows, columns] = game.observationShape;
  const squares = rows * columns;
  const batch: Batch = {
    input: new Float32Array(size * planes * squares),
    policy: new Float32Array(size * game.moveCount),
    value: new Float32Array(size),
  };
  for (let i = 0; i < size; i++) {
    const { lessons, row } = positions[Math.floor(random() * positions.length)]!;
    const symmetry = game.symmetries[Math.floor(random() * (game.symmetries.length + 1)) - 1];
    for (let plane = 0; plane < planes; plane++) {
      for (let square = 0; square < squares; square++) {
        batch.input[(i * planes + plane) * squares + (symmetry?.squares[square] ?? square)] = unpacked(
          lessons.observations[(row * planes + plane) * squares + square]!,
        );
      }
    }
    for (let move = 0; move < game.moveCount; move++) {
      batch.policy[i * game.moveCount + (symmetry?.moves[move] ?? move)] =
        lessons.policies[row * game.moveCount + move]!;
    }
    batch.value[i] = lessons.values[row]!;
  }
  return batch;
}

/** A position's name, the same for all its mirror images: its observation as text, the first of them in order. */
export function positionKey(game: Game, observation: Float32Array): string {
  const images = game.symmetries.map(symmetry => imageOf(observation, symmetry).join(''));
  return [observation.join(''), ...images].toSorted()[0]!;
}
