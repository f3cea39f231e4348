/**
 * Running and training networks of policy and value. onnxruntime-node does it,
 * for which the network is written as an ONNX graph in memory; tfjs's
 * LayersModel is the form in which snapshots are kept.
 *
 * Training is one ordinary ONNX graph as well: the network forwards, its
 * gradient written out backwards, and Adam. onnxruntime-node runs it at about
 * half the speed of libtensorflow, and installs everywhere.
 */

import type { layers as LayersNamespace, SymbolicTensor } from '@tensorflow/tfjs-layers';
import {
  joined,
  type NetworkShape,
  POLICY_PLANES,
  parameters,
  sizeOf,
  split,
  VALUE_PLANES,
  VALUE_UNITS,
  type Weights,
} from './network.ts';
import { adam, Graph, layers, onnxShape, openSession, relaid, relaidAll, scales, Tensor } from './onnx.ts';

/** A network ready to judge up to `batch` positions at once. The arrays are its own, filled in place. */
export interface Evaluator {
  readonly batch: number;
  /** batch × planes × rows × columns. */
  readonly input: Float32Array;
  /** batch × moves: probabilities over all moves, legal or not. */
  readonly policy: Float32Array;
  /** batch: expected results in -1 … 1 for the seat to move. */
  readonly value: Float32Array;
  /** Judges `input` into `policy` and `value`. */
  run(): Promise<void>;
}

/** What a network is taught: per position, what a search preferred and how the game went. */
export interface Batch {
  /** batch × planes × rows × columns. */
  readonly input: Float32Array;
  /** batch × moves; each row sums to 1. */
  readonly policy: Float32Array;
  /** batch: results in -1 … 1. */
  readonly value: Float32Array;
}

/** Weights on their way, with Adam's running means of their gradients and of the gradients' squares. */
export interface Learned {
  readonly steps: number;
  readonly weights: Weights;
  readonly mean: Weights;
  readonly square: Weights;
}

export interface Trainer {
  /** One step of Adam at learning rate `rate`. Returns the mean loss: cross entropy plus squared error. */
  step(batch: Batch, rate: number): Promise<number>;
  learned(): Learned;
}

/** What all layers of tfjs have in common. */
type Layer = Pick<ReturnType<typeof LayersNamespace.dense>, 'apply'>;

/** An evaluator on one thread: on few cores, one such in each worker beats any sharing. */
export async function createEvaluator(shape: NetworkShape, weights: Weights, batch: number): Promise<Evaluator> {
  const graph = new Graph();
  const named = Object.fromEntries(
    parameters(shape).map(parameter => [
      parameter.name,
      graph.constant(relaid(parameter, weights[parameter.name]!, true), onnxShape(parameter)),
    ]),
  );
  const { logits, raw } = forward(graph, shape, named, batch);
  graph.named('Softmax', [logits], 'policy', { axis: -1 });
  graph.named('Tanh', [raw], 'value');
  const model = graph.encode(
    { input: [batch, shape.planes, shape.rows, shape.columns] },
    { policy: [batch, shape.moves], value: [batch, 1] },
  );
  const session = await openSession(model, 1);
  const input = new Float32Array(batch * shape.planes * shape.rows * shape.columns);
  const policy = new Float32Array(batch * shape.moves);
  const value = new Float32Array(batch);
  const feeds = { input: new Tensor('float32', input, [batch, shape.planes, shape.rows, shape.columns]) };
  const fetches = {
    policy: new Tensor('float32', policy, [batch, shape.moves]),
    value: new Tensor('float32', value, [batch, 1]),
  };
  return {
    batch,
    input,
    policy,
    value,
    async run() {
      await session.run(feeds, fetches);
    },
  };
}

/** Adam's constant and decoupled weight decay. */
const EPSILON = 1e-7;
const WEIGHT_DECAY = 1e-4;

/** Where training begins: `weights`, and nothing known of their gradients. */
export const untaught = (weights: Weights): Learned => {
  const zeros = () =>
    Object.fromEntries(Object.entries(weights).map(([name, { length }]) => [name, new Float32Array(length)]));
  return { steps: 0, weights, mean: zeros(), square: zeros() };
};

/** Trains on from `start` in steps of exactly `batch` positions, on `threads` threads. */
export async function createTrainer(
  shape: NetworkShape,
  start: Learned,
  batch: number,
  threads: number,
): Promise<Trainer> {
  const list = parameters(shape);
  const total = list.reduce((sum, parameter) => sum + sizeOf(parameter), 0);
  const session = await openSession(trainingGraph(shape, batch, total), threads);
  const vector = () => new Tensor('float32', new Float32Array(total), [total]);
  const scalar = (value: number) => new Tensor('float32', Float32Array.of(value), []);
  /** The weights in one row, convolution kernels in ONNX's layout. */
  const filled = (weights: Weights) => new Tensor('float32', joined(list, relaidAll(list, weights, true)), [total]);
  let now = { params: filled(start.weights), mean: filled(start.mean), square: filled(start.square) };
  let next = { params: vector(), mean: vector(), square: vector() };
  const loss = scalar(0);
  let steps = start.steps;

  return {
    async step({ input, policy, value }, rate) {
      steps++;
      await session.run(
        {
          input: new Tensor('float32', input, [batch, shape.planes, shape.rows, shape.columns]),
          policyTarget: new Tensor('float32', policy, [batch, shape.moves]),
          valueTarget: new Tensor('float32', value, [batch, 1]),
          ...now,
          rate: scalar(rate),
          meanScale: scalar(scales(steps).mean),
          squareScale: scalar(scales(steps).square),
        },
        { loss, paramsNext: next.params, meanNext: next.mean, squareNext: next.square },
      );
      [now, next] = [next, now];
      return (loss.data as Float32Array)[0]!;
    },
    learned() {
      const read = (tensor: Tensor) => relaidAll(list, split(list, tensor.data as Float32Array), false);
      return { steps, weights: read(now.params), mean: read(now.mean), square: read(now.square) };
    },
  };
}

/** loss, paramsNext, meanNext, squareNext from input, targets, params, mean, square and the three scalars. */
function trainingGraph(shape: NetworkShape, batch: number, total: number): Uint8Array {
  const graph = new Graph();
  const list = parameters(shape);
  const parts = graph.many('Split', ['params', graph.integers(list.map(sizeOf))], list.length, { axis: 0 });
  const named = Object.fromEntries(
    list.map((parameter, i) => [
      parameter.name,
      graph.op('Reshape', [parts[i]!, graph.integers(onnxShape(parameter))]),
    ]),
  );
  const { logits, raw, backward } = forward(graph, shape, named, batch);

  const probabilities = graph.op('Softmax', [logits], { axis: -1 });
  const value = graph.op('Tanh', [raw]);
  const perBatch = graph.constant([1 / batch]);
  const crossEntropy = graph.op('Neg', [
    graph.op(
      'ReduceSum',
      [graph.op('Mul', [graph.op('Mul', ['policyTarget', graph.op('LogSoftmax', [logits], { axis: -1 })]), perBatch])],
      { keepdims: 0 },
    ),
  ]);
  const miss = graph.op('Sub', [value, 'valueTarget']);
  graph.named('Add', [crossEntropy, graph.op('ReduceMean', [graph.op('Mul', [miss, miss])], { keepdims: 0 })], 'loss');

  const logitsGradient = graph.op('Mul', [graph.op('Sub', [probabilities, 'policyTarget']), perBatch]);
  const rawGradient = graph.op('Mul', [
    graph.op('Mul', [miss, graph.constant([2 / batch])]),
    graph.op('Sub', [graph.constant([1]), graph.op('Mul', [value, value])]),
  ]);
  const gradients = backward(logitsGradient, rawGradient);
  const gradient = graph.op(
    'Concat',
    list.map(({ name }) => graph.op('Reshape', [gradients.get(name)!, graph.integers([-1])])),
    { axis: 0 },
  );

  adam(graph, gradient, EPSILON, WEIGHT_DECAY);

  return graph.encode(
    {
      input: [batch, shape.planes, shape.rows, shape.columns],
      policyTarget: [batch, shape.moves],
      valueTarget: [batch, 1],
      params: [total],
      mean: [total],
      square: [total],
      rate: [],
      meanScale: [],
      squareScale: [],
    },
    { loss: [], paramsNext: [total], meanNext: [total], squareNext: [total] },
  );
}

/** The network from 'input' to its two heads, and the same backwards. `named` holds the parameters' names in the graph. */
function forward(graph: Graph, shape: NetworkShape, named: Readonly<Record<string, string>>, batch: number) {
  const { rows, columns } = shape;
  const { gradients, relu, reluGradient, convolution, dense, flat, unflat } = layers(graph, named, batch);
  const flatten = (x: string, count: number) => flat(x, [rows, columns, count]);
  const unflatten = (x: string, count: number) => unflat(x, [rows, columns, count]);

  const stem = convolution('input', 'stem', 3, true);
  let trunk = stem.y;
  const blocks = Array.from({ length: shape.blocks }, (_, i) => {
    const a = convolution(trunk, `block${i}a`, 3, true);
    const b = convolution(a.y, `block${i}b`, 3, false);
    trunk = relu(graph.op('Add', [trunk, b.y]));
    return { a, b, y: trunk };
  });
  const policyPlanes = convolution(trunk, 'policyPlanes', 1, true);
  const policy = dense(flatten(policyPlanes.y, POLICY_PLANES), 'policy', false);
  const valuePlanes = convolution(trunk, 'valuePlanes', 1, true);
  const valueUnits = dense(flatten(valuePlanes.y, VALUE_PLANES), 'valueUnits', true);
  const value = dense(valueUnits.y, 'value', false);

  return {
    logits: policy.y,
    raw: value.y,
    backward(logitsGradient: string, rawGradient: string): ReadonlyMap<string, string> {
      let g = graph.op('Add', [
        policyPlanes.backward(unflatten(policy.backward(logitsGradient), POLICY_PLANES)),
        valuePlanes.backward(unflatten(valueUnits.backward(value.backward(rawGradient)), VALUE_PLANES)),
      ]);
      for (const { a, b, y } of blocks.toReversed()) {
        const skip = reluGradient(y, g);
        g = graph.op('Add', [skip, a.backward(b.backward(skip))]);
      }
      stem.backward(g, false);
      return gradients;
    },
  };
}

/** A network as tfjs keeps it on disk: the two files of a LayersModel. */
export interface SavedModel {
  /** model.json, which names weights.bin. */
  readonly model: string;
  /** weights.bin. */
  readonly weights: Uint8Array;
}

/**
 * The network as a tfjs LayersModel, which tfjs, and so a browser, can load. Its
 * input is batch × rows × columns × planes; its outputs are the policy and the
 * value.
 */
export async function toLayersModel(shape: NetworkShape, weights: Weights): Promise<SavedModel> {
  await import('@tensorflow/tfjs-backend-cpu');
  const { enableProdMode, io, tensor } = await import('@tensorflow/tfjs-core');
  enableProdMode();
  const { input, layers, model: network } = await import('@tensorflow/tfjs-layers');
  const { planes, rows, columns, moves, filters, blocks } = shape;

  const convolution = (name: string, size: number, count: number, activation?: 'relu') =>
    layers.conv2d({ name, filters: count, kernelSize: size, padding: 'same', ...(activation && { activation }) });
  const dense = (name: string, units: number, activation: 'relu' | 'softmax' | 'tanh') =>
    layers.dense({ name, units, activation });
  const chain = (start: SymbolicTensor, ...steps: readonly Layer[]) =>
    steps.reduce((x, step) => step.apply(x) as SymbolicTensor, start);

  const observation = input({ shape: [rows, columns, planes], name: 'observation' });
  let trunk = chain(observation, convolution('stem', 3, filters, 'relu'));
  for (let i = 0; i < blocks; i++) {
    const b = chain(trunk, convolution(`block${i}a`, 3, filters, 'relu'), convolution(`block${i}b`, 3, filters));
    const sum = layers.add({ name: `block${i}sum` }).apply([trunk, b]) as SymbolicTensor;
    trunk = chain(sum, layers.reLU({ name: `block${i}` }));
  }
  const policy = chain(
    trunk,
    convolution('policyPlanes', 1, POLICY_PLANES, 'relu'),
    layers.flatten({ name: 'policyFlat' }),
    dense('policy', moves, 'softmax'),
  );
  const value = chain(
    trunk,
    convolution('valuePlanes', 1, VALUE_PLANES, 'relu'),
    layers.flatten({ name: 'valueFlat' }),
    dense('valueUnits', VALUE_UNITS, 'relu'),
    dense('value', 1, 'tanh'),
  );
  const model = network({ inputs: observation, outputs: [policy, value], name: 'policy-and-value' });
  model.setWeights(model.weights.map(({ originalName, shape }) => tensor(weights[originalName]!, shape as number[])));

  let saved: SavedModel | undefined;
  await model.save(
    io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format, generatedBy }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      saved = {
        model: `${JSON.stringify({ format, generatedBy, convertedBy: null, modelTopology, weightsManifest })}\n`,
        weights: new Uint8Array(io.concatenateArrayBuffers([weightData as ArrayBuffer])),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
  return saved!;
}
