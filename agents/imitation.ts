/**
 * Learning from games that others played: the policy their moves, the value how
 * the games ended. The first step of AlphaGo (Silver et al., "Mastering the game
 * of Go with deep neural networks and tree search", Nature 529, 2016, Methods,
 * "Policy network: classification") and of AlphaStar.
 */

import { type Game, type Move, resultFor, type Seat } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import { Diverged, draw } from './alphazero.ts';
import { freshWeights, type NetworkShape, shapeFor, type Weights } from './network.ts';
import { packInto } from './observations.ts';
import { FADE } from './search.ts';
import { createEvaluator, createTrainer, type TrainingEngine, untaught } from './tensors.ts';

/** Everything that decides what is learned from a set of games, as JSON. */
export interface ImitationRecipe {
  readonly filters: number;
  readonly blocks: number;
  /** Positions in one step of training. */
  readonly batch: number;
  /** The learning rate at the beginning and at the end, along half a cosine. */
  readonly rate: readonly [number, number];
  /** Share of the games that is kept aside, to see how well moves are foretold that were not learned. */
  readonly heldOut: number;
}

export const IMITATION: ImitationRecipe = { filters: 32, blocks: 4, batch: 256, rate: [2e-3, 5e-5], heldOut: 0.1 };

/** A move that is worth imitating. */
export interface Example {
  readonly observation: Float32Array;
  readonly legal: readonly Move[];
  readonly move: Move;
  /** How the game ended for who made it, -1 … 1, a little less for every ply until then. */
  readonly value: number;
}

/** A finished game: all its moves, chance's among them, and from which ply on they were decided by players. */
export interface PlayedGame {
  readonly moves: readonly Move[];
  readonly from: number;
}

/** The moves of whoever did not lose. Nothing for a game that has not ended. */
export function examplesIn<State>(game: Game<State>, { moves, from }: PlayedGame): readonly Example[] {
  const states: State[] = [game.start];
  for (const move of moves) states.push(game.play(states.at(-1)!, move));
  const outcome = game.outcome(states.at(-1)!);
  if (!outcome) return [];
  return moves.flatMap((move, ply): readonly Example[] => {
    const state = states[ply]!;
    const seat = game.turn(state);
    if (ply < from || seat === 'chance' || resultFor(seat, outcome) < 0) return [];
    const value = resultFor(seat as Seat, outcome) * FADE ** (moves.length - ply);
    return [{ observation: game.observe(state), legal: game.moves(state), move, value }];
  });
}

/** How it stands after going through all examples once more. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  /** On the games kept aside: how often the likeliest legal move is the one that was played, and how often it is among the three likeliest. */
  readonly match: MoveMatch;
  readonly weights: Weights;
}

export interface MoveMatch {
  readonly positions: number;
  readonly first: number;
  readonly amongThree: number;
}

/** Goes through the examples `epochs` times, in an order drawn from `seed`. Every game is either learned from or kept aside. Throws Diverged when the loss is not finite. */
export async function* imitate(
  game: Game,
  recipe: ImitationRecipe,
  games: readonly (readonly Example[])[],
  epochs: number,
  seed: number,
  engine: TrainingEngine,
): AsyncGenerator<Epoch> {
  const random = seededRandom(seed);
  const apart = games.map(() => random() < recipe.heldOut);
  const taught = games.filter((_, i) => !apart[i]).flat();
  const kept = games.filter((_, i) => apart[i]).flat();
  const shape = shapeFor(game, recipe.filters, recipe.blocks);
  const trainer = await createTrainer(
    shape,
    untaught(freshWeights(shape, seededRandom(seed))),
    recipe.batch,
    1,
    engine,
  );
  const lessons = lessonsOf(game, taught);
  const positions = taught.map((_, row) => ({ lessons, row }));
  const steps = Math.max(1, Math.round(taught.length / recipe.batch));
  const [first, last] = recipe.rate;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let loss = 0;
    for (let step = 0; step < steps; step++) {
      const done = (epoch - 1 + step / steps) / epochs;
      const rate = last + ((first - last) * (1 + Math.cos(Math.PI * done))) / 2;
      loss += (await trainer.step(draw(game, positions, recipe.batch, random), rate)) / steps;
    }
    if (!Number.isFinite(loss)) throw new Diverged(`the loss is ${loss} in epoch ${epoch}`);
    const { weights } = trainer.learned();
    yield { epoch, loss, match: await moveMatch(shape, weights, kept), weights };
  }
}

const JUDGED_AT_ONCE = 64;

/** How often a network's policy foretells the moves of the examples. */
export async function moveMatch(
  shape: NetworkShape,
  weights: Weights,
  examples: readonly Example[],
): Promise<MoveMatch> {
  const evaluator = await createEvaluator(shape, weights, JUDGED_AT_ONCE);
  const size = evaluator.input.length / evaluator.batch;
  const ranks: number[] = [];
  for (let start = 0; start < examples.length; start += evaluator.batch) {
    const part = examples.slice(start, start + evaluator.batch);
    for (const [i, { observation }] of part.entries()) evaluator.input.set(observation, i * size);
    await evaluator.run();
    for (const [i, { legal, move }] of part.entries()) {
      const likelihood = (of: Move) => evaluator.policy[i * shape.moves + of]!;
      ranks.push(legal.filter(other => likelihood(other) > likelihood(move)).length);
    }
  }
  const share = (below: number) => ranks.filter(rank => rank < below).length / ranks.length;
  return { positions: ranks.length, first: share(1), amongThree: share(3) };
}

function lessonsOf({ moveCount }: Game, examples: readonly Example[]) {
  const size = examples[0]?.observation.length ?? 0;
  const observations = new Uint8Array(examples.length * size);
  const policies = new Float32Array(examples.length * moveCount);
  for (const [i, { observation, move }] of examples.entries()) {
    packInto(observations, observation, i * size);
    policies[i * moveCount + move] = 1;
  }
  return { observations, policies, values: Float32Array.from(examples, ({ value }) => value) };
}
