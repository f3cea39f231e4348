import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import {
  DQN,
  type DqnProgress,
  type DqnRecipe,
  dqnAgent,
  dqnBeginning,
  greedyScores,
  LossIsNoNumber,
  lessonAt,
  qShapeOf,
  trainDqn,
} from '../../agents/dqn.ts';
import { freshValues, type Weights } from '../../agents/network.ts';
import {
  createQEvaluator,
  createQTrainer,
  plain,
  type QShape,
  qParameters,
  untaughtQ,
} from '../../agents/q-network.ts';
import type { Drawn } from '../../agents/replay.ts';
import { advance, begin, bestPoints } from '../../agents/solo.ts';
import { toWorthsModel } from '../../agents/tensors.ts';
import { turnAfter } from '../../arena/match.ts';
import { breakout as breakoutFamily } from '../../games/breakout/rules.ts';
import { type Catch, catchGame } from '../../games/catch/rules.ts';
import { gameOf } from '../../games/family.ts';
import type { Game } from '../../games/game.ts';
import { randomMove } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { ticTacToe } from '../../games/tic-tac-toe/rules.ts';

const some = (game: Game<never>) => game as unknown as Game;
const small = some(gameOf(catchGame, { rows: 4, columns: 3, objects: 8 }) as Game<never>);
const breakout = some(gameOf(breakoutFamily) as Game<never>);

const shape: QShape = { planes: 2, rows: 4, columns: 5, moves: 3, filters: 3, units: 6, dueling: true };
const SIZE = 2 * 4 * 5;

/** Weights with biases too, so that none goes untested. */
function someWeights(of: QShape, seed: number): Weights {
  const random = seededRandom(seed);
  const weights = freshValues(qParameters(of), random, () => false);
  for (const values of Object.values(weights))
    for (let i = 0; i < values.length; i++) values[i]! += 0.4 * random() - 0.2;
  return weights;
}

function someRows(rows: number, seed: number): Drawn {
  const random = seededRandom(seed);
  const floats = (length: number, of: () => number) => Float32Array.from({ length }, of);
  const orders = new Float32Array(3 * rows);
  for (let row = 0; row < rows; row++) orders[3 * row + Math.floor(3 * random())] = 1;
  return {
    slots: new Int32Array(rows),
    observations: floats(rows * SIZE, random),
    orders,
    rewards: floats(rows, () => 3 * random()),
    bootstraps: floats(rows, () => (random() < 0.3 ? 0 : 0.9)),
    nextObservations: floats(rows * SIZE, random),
    nextBarred: floats(3 * rows, () => (random() < 0.2 ? -1e9 : 0)),
    weights: floats(rows, random),
  };
}

test.each([true, false])('gradients agree with finite differences (dueling: %s)', async dueling => {
  const of = { ...shape, dueling };
  const rows = someRows(6, 2);
  const start = { ...untaughtQ(someWeights(of, 1)), target: someWeights(of, 3) };
  const lossWith = async (weights: Weights) =>
    (await (await createQTrainer(of, true, { ...start, weights }, 6, 1)).step(rows, 0)).loss;
  const trainer = await createQTrainer(of, true, start, 6, 1);
  await trainer.step(rows, 0);
  const { mean } = trainer.learned();
  const random = seededRandom(4);
  for (const { name } of qParameters(of)) {
    const at = Math.floor(random() * start.weights[name]!.length);
    const moved = (by: number): Weights => {
      const values = start.weights[name]!.slice();
      values[at]! += by;
      return { ...start.weights, [name]: values };
    };
    const slope = ((await lossWith(moved(0.002))) - (await lossWith(moved(-0.002)))) / 0.004;
    // After one step the running mean is a tenth of the gradient.
    expect(10 * mean[name]![at]!, `${name}[${at}]`).toBeCloseTo(slope, 2);
  }
});

test.each([
  // The newer weights prefer the second order, the older ones the third.
  ['double', true, 1 + 0.9 * 5],
  ['simple', false, 1 + 0.9 * 7],
])('the target of a %s step', async (_, double, goal) => {
  const of = { ...shape, dueling: false };
  const constant = (worths: readonly number[]): Weights =>
    Object.fromEntries(
      qParameters(of).map(({ name, shape: lengths }) => [
        name,
        name === 'worth/bias' ? Float32Array.from(worths) : new Float32Array(lengths.reduce((a, b) => a * b, 1)),
      ]),
    );
  const start = { ...untaughtQ(constant([0.5, 2, 1])), target: constant([3, 5, 7]) };
  const row: Drawn = {
    ...someRows(1, 1),
    orders: Float32Array.of(1, 0, 0),
    rewards: Float32Array.of(1),
    bootstraps: Float32Array.of(0.9),
    nextBarred: new Float32Array(3),
    weights: Float32Array.of(1),
  };
  const trainer = await createQTrainer(of, double, start, 1, 1);
  const { loss, misses } = await trainer.step(row, 0);
  const miss = 0.5 - goal;
  expect(misses[0]).toBeCloseTo(miss, 5);
  expect(loss).toBeCloseTo(Math.abs(miss) - 0.5, 5);
});

test('a network without its duel, saved and loaded by tfjs, judges as the one that was trained', async () => {
  const weights = someWeights(shape, 5);
  const { shape: plainShape, weights: plainWeights } = plain(shape, weights);
  const evaluators = [await createQEvaluator(shape, weights, 2), await createQEvaluator(plainShape, plainWeights, 2)];
  const { observations } = someRows(2, 6);
  for (const evaluator of evaluators) {
    evaluator.input.set(observations);
    await evaluator.run();
  }
  const { model, weights: bytes } = await toWorthsModel(plainShape, plainWeights);
  const { modelTopology, weightsManifest } = JSON.parse(model);
  const loaded = await loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData: bytes.slice().buffer }),
  );
  const input = tf.transpose(tf.tensor(observations, [2, 2, 4, 5]), [0, 2, 3, 1]);
  const judged = await (loaded.predict(input) as tf.Tensor).data();
  for (const [i, worth] of judged.entries()) {
    expect(evaluators[0]!.worths[i]).toBeCloseTo(worth, 4);
    expect(evaluators[1]!.worths[i]).toBeCloseTo(worth, 4);
  }
});

test('a player alone earns what the game counts, and both boards stay alike', () => {
  const random = seededRandom(1);
  for (const game of [small, breakout]) {
    let [state, points, over] = [begin(game, random), 0, false];
    while (!over) {
      expect(game.turn(state)).toBe(0);
      const move = randomMove(game, state, random);
      const step = advance(game, state, move, random);
      [state, points, over] = [step.state, points + step.reward, step.over];
    }
    expect(game.outcome(state)).toMatchObject({ kind: 'draw', scores: [points, points] });
  }
});

test('the best possible play is found exactly', () => {
  const state = (tick: Catch) => `${tick.tick} ${tick.paddles[0].column} ${tick.falling.join()}`;
  // One object falls for two ticks: the paddle in the middle of three columns always gets there.
  const single = some(gameOf(catchGame, { rows: 3, columns: 3, objects: 1 }) as Game<never>);
  expect(bestPoints(single, state as (state: unknown) => string)).toBe(1);
  // Two that fall one after the other cannot both be caught where they land on opposite sides: 2 ways in 9.
  const pair = some(gameOf(catchGame, { rows: 3, columns: 3, objects: 2 }) as Game<never>);
  expect(bestPoints(pair, state as (state: unknown) => string)).toBeCloseTo(2 - 2 / 9, 10);
  expect(bestPoints(small, state as (state: unknown) => string)).toBeCloseTo(6.7916, 4);
});

test('a game without boards of its own is refused', () => {
  const game = some(gameOf(ticTacToe) as Game<never>);
  expect(() => begin(game, seededRandom(1))).toThrow('tic-tac-toe: no seat has a board of its own');
  expect(() => dqnBeginning(game, DQN, 1)).toThrow('no seat has a board of its own');
});

test('lessons are given one after the other in their part of the run, and then the game itself', () => {
  expect([0, 0.1, 0.2, 0.3, 0.49, 0.5, 1].map(share => lessonAt(share, 3, 0.5))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  expect([0, 1].map(share => lessonAt(share, 1, 0.5))).toEqual([0, 0]);
});

const tiny: DqnRecipe = {
  ...DQN,
  filters: 4,
  units: 16,
  boards: 4,
  ordersPerRound: 256,
  stepsPerRound: 32,
  batch: 16,
  memory: 1024,
  leastMemory: 128,
  targetSteps: 20,
  trials: 8,
};

async function trained(recipe: DqnRecipe, rounds: number, games = [small], start?: DqnProgress) {
  const begun = start ?? dqnBeginning(games.at(-1)!, recipe, 1);
  for await (const round of trainDqn(games, recipe, 1, begun, done => done / rounds)) {
    if (round.progress.round === rounds) return round;
  }
  throw new Error('training ended by itself');
}

/** Up to a round of a run of `rounds`. */
async function partly(recipe: DqnRecipe, until: number, rounds: number, games: Game[], start?: DqnProgress) {
  const begun = start ?? dqnBeginning(games.at(-1)!, recipe, 1);
  for await (const { progress } of trainDqn(games, recipe, 1, begun, done => done / rounds)) {
    if (progress.round === until) return structuredClone(progress);
  }
  throw new Error('training ended by itself');
}

const easy = some(gameOf(catchGame, { rows: 4, columns: 3, objects: 8, paddle: 2 }) as Game<never>);

test('a run taken up again ends where the whole run ends, byte for byte', async () => {
  const games = [easy, small];
  const whole = await partly(tiny, 5, 5, games);
  const half = await partly(tiny, 2, 5, games);
  expect(half.learned.steps).toBeGreaterThan(0);
  expect(await partly(tiny, 5, 5, games, half)).toEqual(whole);
  expect(await partly(tiny, 5, 5, games)).toEqual(whole);
});

test('a small game of catch is learned within seconds', async () => {
  const recipe: DqnRecipe = {
    ...tiny,
    filters: 8,
    ordersPerRound: 1024,
    stepsPerRound: 256,
    memory: 8192,
    trials: 100,
  };
  const { trialScore, progress } = await trained(recipe, 8);
  // At random an object in three is caught: 2.7 of 8.
  expect(trialScore).toBeGreaterThan(4.5);

  const { shape: plainShape, weights } = plain(qShapeOf(small, recipe), progress.learned.weights);
  const evaluator = await createQEvaluator(plainShape, weights, 1);
  const agent = dqnAgent(small, evaluator, { name: 'specialist', fingerprint: '' });
  // It follows its own board, whichever seat it has.
  const turns = ['a', 'a left'].map(moves => turnAfter(small, moves.split(' '), 1)!);
  for (const turn of turns) {
    const decision = await agent.decide(turn);
    expect('move' in decision && small.formatMove(decision.move)).toBe('left');
  }
  expect(await greedyScores(small, evaluator, 5, 3)).toEqual(await greedyScores(small, evaluator, 5, 3));
});

test('a loss that is no number any more stops the training', async () => {
  await expect(trained({ ...tiny, rate: [1e30, 1e30] }, 5)).rejects.toThrow(LossIsNoNumber);
});
