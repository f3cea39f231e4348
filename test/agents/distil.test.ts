import { expect, test } from 'vitest';
import { RECIPE } from '../../agents/alphazero.ts';
import { agreement, DISTILLATION, follow, sizeOfStudent, teach } from '../../agents/distil.ts';
import { freshWeights, parameterCount, shapeFor } from '../../agents/network.ts';
import { importance, survivors, without } from '../../agents/prune.ts';
import { selfPlay } from '../../agents/selfplay.ts';
import { createEvaluator, type Evaluator } from '../../agents/tensors.ts';
import { connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameOf } from '../../games/family.ts';
import { seededRandom } from '../../games/random.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';

const ticTacToe = gameOf(ticTacToeFamily);
const connectFour = gameOf(connectFourFamily);
const shape = shapeFor(ticTacToe, 8, 2);
const recipe = { ...DISTILLATION, positions: 800, batch: 32, lessonsPerPosition: 12 };

/** A teacher that likes the middle best, then corners, and values squares as it likes them. */
const LIKING = [3, 1, 3, 1, 6, 1, 3, 1, 3];
function opinionated(batch: number): Evaluator {
  const input = new Float32Array(18 * batch);
  const policy = new Float32Array(9 * batch);
  const value = new Float32Array(batch);
  const worth = (planes: Float32Array) => LIKING.reduce((sum, liking, square) => sum + liking * planes[square]!, 0);
  const run = async () => {
    for (let i = 0; i < batch; i++) {
      policy.set(
        LIKING.map(liking => liking / 22),
        9 * i,
      );
      value[i] = Math.tanh((worth(input.subarray(18 * i)) - worth(input.subarray(18 * i + 9))) / 8);
    }
  };
  return { batch, input, policy, value, run };
}

const taughtBy = (seed: number) => teach(ticTacToe, opinionated(8), recipe, seed);

test('the same seed teaches the same positions', async () => {
  expect(await taughtBy(1)).toEqual(await taughtBy(1));
  expect(await taughtBy(2)).not.toEqual(await taughtBy(1));
});

test('what is taught is a policy over legal moves', async () => {
  const { policies, observations, values } = await taughtBy(3);
  for (let i = 0; i < values.length; i++) {
    const policy = policies.subarray(9 * i, 9 * i + 9);
    expect(policy.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    const taken = observations.subarray(18 * i, 18 * i + 18);
    for (const [square, share] of policy.entries()) if (taken[square] || taken[9 + square]) expect(share).toBe(0);
  }
});

test('a student of half the size comes to judge as its teacher does', async () => {
  const size = sizeOfStudent(ticTacToe, shape, 0.5);
  const small = shapeFor(ticTacToe, size.filters, size.blocks, { heads: size.heads });
  const start = freshWeights(small, seededRandom(2));
  const taught = await taughtBy(1);
  const before = await agreement(small, start, taught);
  let last = start;
  for await (const { weights } of follow(ticTacToe, small, start, taught, recipe, 1, 'onnxruntime-node'))
    last = weights;
  const after = await agreement(small, last, taught);
  expect(after.sameMove).toBeGreaterThan(Math.max(0.8, before.sameMove));
  expect(after.valueError).toBeLessThan(before.valueError / 2);
});

test.each([
  [0.1, 2],
  [0.25, 2],
  [0.5, 3],
])('a student of %s times a 32 × 4 network has about so many parameters, in %s blocks', (share, blocks) => {
  const teacher = shapeFor(connectFour, 32, 4);
  const { filters, blocks: deep, heads } = sizeOfStudent(connectFour, teacher, share);
  const count = parameterCount(shapeFor(connectFour, filters, deep, { heads }));
  expect(count / parameterCount(teacher) / share).toBeGreaterThan(0.8);
  expect(count / parameterCount(teacher) / share).toBeLessThan(1.2);
  expect(deep).toBe(blocks);
});

test('filters that are silent are the first to go, and the network judges as before', async () => {
  const wide = shapeFor(ticTacToe, 16, 2);
  const loud = freshWeights(wide, seededRandom(3));
  // Every second filter of the second block.
  const muted = { ...loud, 'block1a/kernel': loud['block1a/kernel']!.map((x, at) => (at % 2 === 1 ? 0 : x)) };
  const evaluator = await createEvaluator(wide, muted, 8);
  const settings = { ...RECIPE.selfPlay, fullSimulations: 16 };
  const games = { seed: 1, from: 0, to: 24, resigns: false };
  const lessons = await selfPlay(ticTacToe, evaluator, settings, games, () => false);
  const matters = await importance(ticTacToe, wide, muted, lessons, 32, 1, 'onnxruntime-node');
  expect(matters.map(block => block.filter(much => much === 0).length)).toEqual([0, 8]);

  const kept = survivors(wide, matters, parameterCount(wide) - 1);
  expect(kept.map(({ length }) => length)).toEqual([16, 8]);
  expect(kept[1]).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
  const narrow = without(wide, muted, kept);
  const other = await createEvaluator(narrow.shape, narrow.weights, 8);
  other.input.set(evaluator.input);
  await Promise.all([evaluator.run(), other.run()]);
  for (const [i, share] of evaluator.policy.entries()) expect(other.policy[i]).toBeCloseTo(share, 5);
  for (const [i, value] of evaluator.value.entries()) expect(other.value[i]).toBeCloseTo(value, 5);
});

test('no block becomes narrower than it may', () => {
  const odd = { ...shape, widths: [20, 8, 4] };
  const matters = odd.widths.map(width => Array.from({ length: width }, (_, i) => i));
  expect(survivors(odd, matters, 1).map(({ length }) => length)).toEqual([8, 8, 4]);
});
