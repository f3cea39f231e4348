/**
 * Running and training networks of policy and value. onnxruntime-node does it,
 * for which the network is written as an ONNX graph in memory; tfjs's
 * LayersModel is the form in which snapshots are kept.
 *
 * Training is done by tfjs-node where that is installed (tensorflow.ts). Where it
 * is not, it is one ordinary ONNX graph as well: the network forwards, its
 * gradient written out backwards, and Adam or Muon.
 */

import type { LayersModel, layers as LayersNamespace, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { EPSILON, network, WEIGHT_DECAY } from './layers.ts';
import { hiddenOf } from './muon.ts';
import { joined, type NetworkShape, parameters, sizeOf, split, type Weights } from './network.ts';
import {
  ANY,
  adam,
  Graph,
  layers,
  onnxruntimeVersion,
  onnxShape,
  openSession,
  relaid,
  relaidAll,
  scales,
  Tensor,
} from './onnx.ts';
import type { QShape } from './q-network.ts';
import { loadTensorflow, tensorflowTrainer } from './tensorflow.ts';

/** A network ready to judge up to `batch` positions at once. The arrays are its own, filled in place. */
export interface Evaluator {
  readonly batch: number;
  /** batch × planes × rows × columns. */
  readonly input: Float32Array;
  /** batch × moves: probabilities over all moves, legal or not. */
  readonly policy: Float32Array;
  /** batch: expected results in -1 … 1 for the seat to move. */
  readonly value: Float32Array;
  /** Judges the first `rows` rows of `input`, by default all, into those of `policy` and `value`. What is said of a row depends on it alone. */
  run(rows?: number): Promise<void>;
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
  /** One step at learning rate `rate`. Returns the mean loss: cross entropy plus squared error. */
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
  const { logits, raw } = network(layers(graph, named, ANY), 'input', shape);
  graph.named('Softmax', [logits], 'policy', { axis: -1 });
  graph.named('Tanh', [raw], 'value');
  const model = graph.encode(
    { input: [ANY, shape.planes, shape.rows, shape.columns] },
    { policy: [ANY, shape.moves], value: [ANY, 1] },
  );
  const session = await openSession(model, 1);
  const size = shape.planes * shape.rows * shape.columns;
  const input = new Float32Array(batch * size);
  const policy = new Float32Array(batch * shape.moves);
  const value = new Float32Array(batch);
  const first = (array: Float32Array, rows: number, dims: readonly number[]) =>
    new Tensor('float32', array.subarray(0, rows * (array.length / batch)), [rows, ...dims]);
  const places = (rows: number) => ({
    feeds: { input: first(input, rows, [shape.planes, shape.rows, shape.columns]) },
    fetches: { policy: first(policy, rows, [shape.moves]), value: first(value, rows, [1]) },
  });
  const all = places(batch);
  return {
    batch,
    input,
    policy,
    value,
    async run(rows = batch) {
      const { feeds, fetches } = rows === batch ? all : places(rows);
      await session.run(feeds, fetches);
    },
  };
}

/** Where training begins: `weights`, and nothing known of their gradients. */
export const untaught = (weights: Weights): Learned => {
  const zeros = () =>
    Object.fromEntries(Object.entries(weights).map(([name, { length }]) => [name, new Float32Array(length)]));
  return { steps: 0, weights, mean: zeros(), square: zeros() };
};

/** How weights move by their gradients: all by Adam, or hidden layers' kernels by Muon (muon.ts). */
export type Optimizer = 'adam' | 'muon';

/** What can train: libtensorflow, which is faster, and onnxruntime, which every install has. */
export type TrainingEngine = 'tfjs-node' | 'onnxruntime-node';

/** The engine that trains best here, with its version, and why it is not tfjs-node if it is not. */
export async function bestTrainingEngine(threads = 1): Promise<{
  readonly engine: TrainingEngine;
  readonly version: string;
  readonly whyNotFaster?: string;
}> {
  const tensorflow = await loadTensorflow(threads);
  if (typeof tensorflow !== 'string') return { engine: 'tfjs-node', version: tensorflow.version };
  return { engine: 'onnxruntime-node', version: onnxruntimeVersion, whyNotFaster: tensorflow };
}

/**
 * Trains on from `start` in steps of exactly `batch` positions, on `threads`
 * threads; tfjs-node on as many as the first that asked. Both engines do the same
 * mathematics, to rounding; only the same engine trains to the same bytes. Throws
 * where the engine cannot be had.
 */
export async function createTrainer(
  shape: NetworkShape,
  start: Learned,
  batch: number,
  threads: number,
  engine: TrainingEngine,
  optimizer: Optimizer = 'adam',
): Promise<Trainer> {
  if (engine === 'onnxruntime-node') return onnxTrainer(shape, start, batch, threads, optimizer);
  const tensorflow = await loadTensorflow(threads);
  if (typeof tensorflow === 'string') throw new Error(`tfjs-node cannot train here: ${tensorflow}`);
  return tensorflowTrainer(tensorflow, shape, start, batch, optimizer);
}

async function onnxTrainer(
  shape: NetworkShape,
  start: Learned,
  batch: number,
  threads: number,
  optimizer: Optimizer,
): Promise<Trainer> {
  const list = parameters(shape);
  const total = list.reduce((sum, parameter) => sum + sizeOf(parameter), 0);
  const session = await openSession(trainingGraph(shape, batch, total, optimizer), threads);
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
function trainingGraph(shape: NetworkShape, batch: number, total: number, optimizer: Optimizer): Uint8Array {
  const graph = new Graph();
  const list = parameters(shape);
  const parts = graph.many('Split', ['params', graph.integers(list.map(sizeOf))], list.length, { axis: 0 });
  const named = Object.fromEntries(
    list.map((parameter, i) => [
      parameter.name,
      graph.op('Reshape', [parts[i]!, graph.integers(onnxShape(parameter))]),
    ]),
  );
  const written = layers(graph, named, batch);
  const { logits, raw, backward } = network(written, 'input', shape);

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
  backward(logitsGradient, rawGradient);
  const gradient = graph.op(
    'Concat',
    list.map(({ name }) => graph.op('Reshape', [written.gradients.get(name)!, graph.integers([-1])])),
    { axis: 0 },
  );

  adam(graph, gradient, EPSILON, WEIGHT_DECAY, optimizer === 'muon' ? hiddenOf(list) : undefined);

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

/** A network as tfjs keeps it on disk: the two files of a LayersModel. */
export interface SavedModel {
  /** model.json, which names weights.bin. */
  readonly model: string;
  /** weights.bin. */
  readonly weights: Uint8Array;
}

/** tfjs on its plain back end, which is fast enough to save and to check, and advertises no other. */
async function tfjs() {
  await import('@tensorflow/tfjs-backend-cpu');
  const core = await import('@tensorflow/tfjs-core');
  core.enableProdMode();
  return core;
}

/**
 * The network as a tfjs LayersModel, which tfjs, and so a browser, can load. Its
 * input is batch × rows × columns × planes; its outputs are the policy and the
 * value.
 */
export async function toLayersModel(shape: NetworkShape, weights: Weights): Promise<SavedModel> {
  await tfjs();
  const { input, layers, model: modelOf } = await import('@tensorflow/tfjs-layers');
  const { planes, rows, columns, moves, filters, widths, heads } = shape;

  const convolution = (name: string, size: number, count: number, activation?: 'relu') =>
    layers.conv2d({ name, filters: count, kernelSize: size, padding: 'same', ...(activation && { activation }) });
  const dense = (name: string, units: number, activation: 'relu' | 'softmax' | 'tanh') =>
    layers.dense({ name, units, activation });
  const chain = (start: SymbolicTensor, ...steps: readonly Layer[]) =>
    steps.reduce((x, step) => step.apply(x) as SymbolicTensor, start);

  const observation = input({ shape: [rows, columns, planes], name: 'observation' });
  let trunk = chain(observation, convolution('stem', 3, filters, 'relu'));
  for (const [i, width] of widths.entries()) {
    const b = chain(trunk, convolution(`block${i}a`, 3, width, 'relu'), convolution(`block${i}b`, 3, filters));
    const sum = layers.add({ name: `block${i}sum` }).apply([trunk, b]) as SymbolicTensor;
    trunk = chain(sum, layers.reLU({ name: `block${i}` }));
  }
  const policy = chain(
    trunk,
    convolution('policyPlanes', 1, heads.policyPlanes, 'relu'),
    layers.flatten({ name: 'policyFlat' }),
    dense('policy', moves, 'softmax'),
  );
  const value = chain(
    trunk,
    convolution('valuePlanes', 1, heads.valuePlanes, 'relu'),
    layers.flatten({ name: 'valueFlat' }),
    dense('valueUnits', heads.valueUnits, 'relu'),
    dense('value', 1, 'tanh'),
  );
  return saved(modelOf({ inputs: observation, outputs: [policy, value], name: 'policy-and-value' }), weights);
}

/**
 * A network that tells what each move is worth, without a duel, as a tfjs
 * LayersModel. Its input is batch × rows × columns × planes.
 */
export async function toWorthsModel(shape: QShape, weights: Weights): Promise<SavedModel> {
  await tfjs();
  const { sequential, layers } = await import('@tensorflow/tfjs-layers');
  const { planes, rows, columns, moves, filters, units } = shape;
  const model = sequential({
    name: 'worths',
    layers: [
      layers.conv2d({
        name: 'stem',
        inputShape: [rows, columns, planes],
        filters,
        kernelSize: 3,
        activation: 'relu',
      }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ name: 'hidden', units, activation: 'relu' }),
      layers.dense({ name: 'worth', units: moves }),
    ],
  });
  return saved(model, weights);
}

/**
 * What tfjs makes of one position, batch × planes × rows × columns with a batch
 * of 1, by a saved model: each of its outputs in a row. Throws where tfjs cannot
 * load it.
 */
export async function judgedByTfjs(
  { model, weights }: SavedModel,
  input: Float32Array,
  { planes, rows, columns }: Pick<NetworkShape, 'planes' | 'rows' | 'columns'>,
): Promise<readonly Float32Array[]> {
  const { io, tensor4d, transpose, tidy } = await tfjs();
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers');
  const { modelTopology, weightsManifest } = JSON.parse(model);
  const weightData = Uint8Array.from(weights).buffer;
  const network = await loadLayersModel(
    io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
  const outputs = tidy(() =>
    [network.predict(transpose(tensor4d(input, [1, planes, rows, columns]), [0, 2, 3, 1]))]
      .flat()
      .map(output => Float32Array.from(output.dataSync())),
  );
  network.dispose();
  return outputs;
}

/** The files of a model with these weights. Disposes of the model. */
async function saved(model: LayersModel, weights: Weights): Promise<SavedModel> {
  const { io, tensor } = await tfjs();
  model.setWeights(model.weights.map(({ originalName, shape }) => tensor(weights[originalName]!, shape as number[])));
  let files: SavedModel | undefined;
  await model.save(
    io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format, generatedBy }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      files = {
        model: `${JSON.stringify({ format, generatedBy, convertedBy: null, modelTopology, weightsManifest })}\n`,
        weights: new Uint8Array(io.concatenateArrayBuffers([weightData as ArrayBuffer])),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
  return files!;
}
