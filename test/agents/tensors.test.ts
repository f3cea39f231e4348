import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { hiddenOf } from '../../agents/muon.ts';
import { freshWeights, type NetworkShape, parameters, sizeOf, type Weights } from '../../agents/network.ts';
import {
  type Batch,
  bestTrainingEngine,
  createEvaluator,
  createTrainer,
  type Learned,
  type TrainingEngine,
  toLayersModel,
  untaught,
} from '../../agents/tensors.ts';
import { seededRandom } from '../../games/random.ts';

/** Of blocks and heads of different sizes, so that none is taken for another. */
const shape: NetworkShape = {
  planes: 2,
  rows: 4,
  columns: 3,
  moves: 5,
  filters: 4,
  widths: [3, 5],
  heads: { policyPlanes: 3, valuePlanes: 2, valueUnits: 6 },
};
const SIZE = 2 * 4 * 3;

/** Weights with biases too, so that none goes untested. */
function someWeights(seed: number): Weights {
  const random = seededRandom(seed);
  const weights = freshWeights(shape, random);
  for (const values of Object.values(weights))
    for (let i = 0; i < values.length; i++) values[i]! += 0.2 * random() - 0.1;
  return weights;
}

function someBatch(size: number, seed: number): Batch {
  const random = seededRandom(seed);
  const policy = Float32Array.from({ length: size * shape.moves }, random);
  for (let i = 0; i < size; i++) {
    const row = policy.subarray(i * shape.moves, (i + 1) * shape.moves);
    const sum = row.reduce((total, share) => total + share, 0);
    for (let move = 0; move < row.length; move++) row[move]! /= sum;
  }
  return {
    input: Float32Array.from({ length: size * SIZE }, () => (random() < 0.4 ? 1 : 0)),
    policy,
    value: Float32Array.from({ length: size }, () => 2 * random() - 1),
  };
}

test('of some rows the network says to the last bit what it says of all, and the others stay as they are', async () => {
  const evaluator = await createEvaluator(shape, someWeights(1), 8);
  evaluator.input.set(someBatch(8, 2).input);
  await evaluator.run();
  const all = { policy: evaluator.policy.slice(), value: evaluator.value.slice() };
  for (let rows = 1; rows <= 8; rows++) {
    evaluator.policy.fill(2);
    evaluator.value.fill(2);
    await evaluator.run(rows);
    const said = { policy: all.policy.slice().fill(2, rows * shape.moves), value: all.value.slice().fill(2, rows) };
    expect({ policy: evaluator.policy, value: evaluator.value }).toEqual(said);
  }
});

test('the network judges the same on onnxruntime and as the LayersModel that tfjs loads', async () => {
  const weights = someWeights(1);
  const { input } = someBatch(8, 2);
  const evaluator = await createEvaluator(shape, weights, 8);
  evaluator.input.set(input);
  await evaluator.run();

  const saved = await toLayersModel(shape, weights);
  const { modelTopology, weightsManifest } = JSON.parse(saved.model);
  const weightData = Uint8Array.from(saved.weights).buffer;
  const model = await loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
  const observations = tf.transpose(tf.tensor4d(input, [8, 2, 4, 3]), [0, 2, 3, 1]);
  const [policy, value] = model.predict(observations) as tf.Tensor[];
  expectClose(evaluator.policy, policy!.dataSync() as Float32Array, 1e-5);
  expectClose(evaluator.value, value!.dataSync() as Float32Array, 1e-5);
});

/** Why tfjs-node cannot be tested here; undefined where it can. */
const { whyNotFaster } = await bestTrainingEngine();
const without = whyNotFaster === undefined ? '' : ` (skipped: tfjs-node, ${whyNotFaster})`;
const ENGINES: readonly TrainingEngine[] = ['onnxruntime-node', 'tfjs-node'];

describe.each(ENGINES)('training on %s', engine => {
  const isHere = engine === 'onnxruntime-node' || whyNotFaster === undefined;
  const trainerOf = (start: Learned, size: number) => createTrainer(shape, start, size, 1, engine);
  const here = (name: string, run: () => Promise<void>) => test.skipIf(!isHere)(isHere ? name : name + without, run);

  here('its gradient agrees with differences of the loss', async () => {
    const weights = someWeights(3);
    const batch = someBatch(6, 4);
    const lossAt = async (changed: Weights) => (await trainerOf(untaught(changed), 6)).step(batch, 0);
    const trainer = await trainerOf(untaught(weights), 6);
    await trainer.step(batch, 0);
    const { mean } = trainer.learned();

    const random = seededRandom(5);
    for (const parameter of parameters(shape)) {
      const { name } = parameter;
      const i = Math.floor(random() * sizeOf(parameter));
      const moved = (by: number): Weights => ({ ...weights, [name]: weights[name]!.with(i, weights[name]![i]! + by) });
      const slope = ((await lossAt(moved(1e-3))) - (await lossAt(moved(-1e-3)))) / 2e-3;
      // After one step Adam's mean is a tenth of the gradient.
      expect(mean[name]![i]! * 10, `${name}[${i}]`).toBeCloseTo(slope, 2);
    }
  });

  here('it lowers the loss', async () => {
    const trainer = await trainerOf(untaught(someWeights(6)), 16);
    const batch = someBatch(16, 7);
    const before = await trainer.step(batch, 1e-2);
    let after = before;
    for (let i = 0; i < 200; i++) after = await trainer.step(batch, 1e-2);
    expect(after).toBeLessThan(before - 0.3);
  });

  here('it goes on from what was learned as if it had never stopped', async () => {
    const straight = await trainerOf(untaught(someWeights(8)), 4);
    for (let i = 0; i < 6; i++) await straight.step(someBatch(4, i), 1e-3);

    const before = await trainerOf(untaught(someWeights(8)), 4);
    for (let i = 0; i < 3; i++) await before.step(someBatch(4, i), 1e-3);
    const after = await trainerOf(before.learned(), 4);
    for (let i = 3; i < 6; i++) await after.step(someBatch(4, i), 1e-3);
    expect(after.learned()).toEqual(straight.learned());
  });
});

const OPTIMIZERS = ['adam', 'muon'] as const;

test.skipIf(whyNotFaster !== undefined).each(OPTIMIZERS)(
  `both engines do the same mathematics with %s${without}`,
  async optimizer => {
    const start = { ...untaught(someWeights(9)), steps: 3 };
    const [onnx, tensorflow] = await Promise.all(
      ENGINES.map(engine => createTrainer(shape, start, 16, 1, engine, optimizer)),
    );
    for (let i = 0; i < 3; i++) {
      const batch = someBatch(16, i);
      const difference = (await onnx!.step(batch, 1e-2)) - (await tensorflow!.step(batch, 1e-2));
      expect(Math.abs(difference)).toBeLessThan(1e-4);
    }
    const [expected, actual] = [onnx!.learned(), tensorflow!.learned()];
    expect(actual.steps).toBe(expected.steps);
    for (const part of ['weights', 'mean', 'square'] as const) {
      for (const { name } of parameters(shape)) expectClose(actual[part][name]!, expected[part][name]!, 1e-4);
    }
  },
);

test('Muon makes the updates of hidden kernels orthogonal, and leaves the rest to Adam', async () => {
  const rate = 1e-2;
  const start = someWeights(10);
  const [adam, muon] = await Promise.all(
    OPTIMIZERS.map(async optimizer => {
      const trainer = await createTrainer(shape, untaught(start), 16, 1, 'onnxruntime-node', optimizer);
      await trainer.step(someBatch(16, 11), rate);
      return trainer.learned().weights;
    }),
  );
  const groups = hiddenOf(parameters(shape)).groups;
  const hidden = new Set(groups.flatMap(({ members }) => members));
  expect(parameters(shape).flatMap(({ name }, i) => (hidden.has(i) ? [name] : []))).toEqual(
    ['stem', 'block0a', 'block0b', 'block1a', 'block1b', 'policyPlanes', 'valuePlanes', 'valueUnits'].map(
      layer => `${layer}/kernel`,
    ),
  );
  for (const [i, { name }] of parameters(shape).entries()) {
    if (!hidden.has(i)) expect(muon![name], name).toEqual(adam![name]);
  }
  for (const { rows, columns, members } of groups) {
    for (const i of members) {
      const { name } = parameters(shape)[i]!;
      // Singular values that are all near 1 have squares that sum up to about the shorter side.
      const step = muon![name]!.map((weight, j) => (weight - start[name]![j]!) / rate);
      const squares = step.reduce((sum, x) => sum + (x / 0.2) ** 2, 0) / Math.max(rows, columns);
      expect(squares / Math.min(rows, columns), name).toBeGreaterThan(0.25);
      expect(squares / Math.min(rows, columns), name).toBeLessThan(1.5);
    }
  }
});

function expectClose(actual: Float32Array, expected: Float32Array, within: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(within);
}
