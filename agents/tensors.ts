/**
 * Running and training networks. The only file that knows which engine does it:
 * onnxruntime-node, for which it writes the network as an ONNX graph in memory,
 * and tfjs, whose LayersModel is the form in which snapshots are kept.
 *
 * Training is one ordinary ONNX graph as well: the network forwards, its
 * gradient written out backwards, and Adam. onnxruntime-node runs it at about
 * half the speed of libtensorflow, and installs everywhere.
 */

import type { layers as LayersNamespace, SymbolicTensor } from '@tensorflow/tfjs-layers';
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  joined,
  type NetworkShape,
  type Parameter,
  POLICY_PLANES,
  parameters,
  sizeOf,
  split,
  VALUE_PLANES,
  VALUE_UNITS,
  type Weights,
} from './network.ts';

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

/** onnxruntime's warnings are about graphs, not about anything a user can mend. */
const QUIET = { logSeverityLevel: 3 } as const;

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
  const session = await InferenceSession.create(model, { ...QUIET, intraOpNumThreads: 1, interOpNumThreads: 1 });
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

/** Adam's constants (Kingma & Ba 2015, algorithm 1) and decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2). */
const BETA1 = 0.9;
const BETA2 = 0.999;
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
  const session = await InferenceSession.create(trainingGraph(shape, batch, total), {
    ...QUIET,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
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
          meanScale: scalar(1 / (1 - BETA1 ** steps)),
          squareScale: scalar(1 / (1 - BETA2 ** steps)),
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

  const blend = (old: string, fresh: string, beta: number, name: string) =>
    graph.named(
      'Add',
      [graph.op('Mul', [old, graph.constant([beta])]), graph.op('Mul', [fresh, graph.constant([1 - beta])])],
      name,
    );
  const mean = blend('mean', gradient, BETA1, 'meanNext');
  const square = blend('square', graph.op('Mul', [gradient, gradient]), BETA2, 'squareNext');
  const root = graph.op('Sqrt', [graph.op('Mul', [square, 'squareScale'])]);
  const step = graph.op('Div', [
    graph.op('Mul', [mean, 'meanScale']),
    graph.op('Add', [root, graph.constant([EPSILON])]),
  ]);
  const decay = graph.op('Mul', ['params', graph.constant([WEIGHT_DECAY])]);
  graph.named('Sub', ['params', graph.op('Mul', ['rate', graph.op('Add', [step, decay])])], 'paramsNext');

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
  const gradients = new Map<string, string>();
  const zero = graph.constant([0]);
  const relu = (x: string) => graph.op('Relu', [x]);
  /** Passes a gradient only where the activation was positive. */
  const reluGradient = (y: string, dy: string) => graph.op('Where', [graph.op('Greater', [y, zero]), dy, zero]);
  const transpose = (x: string, perm: number[]) => graph.op('Transpose', [x], { perm });

  const convolution = (x: string, name: string, size: number, active: boolean) => {
    const kernel = named[`${name}/kernel`]!;
    const pads = Array<number>(4).fill(size >> 1);
    const sum = graph.op('Conv', [x, kernel, named[`${name}/bias`]!], { kernel_shape: [size, size], pads });
    const y = active ? relu(sum) : sum;
    return {
      y,
      backward(dy: string, more = true): string {
        const g = active ? reluGradient(y, dy) : dy;
        gradients.set(`${name}/bias`, graph.op('ReduceSum', [g, graph.integers([0, 2, 3])], { keepdims: 0 }));
        const swap = [1, 0, 2, 3];
        gradients.set(
          `${name}/kernel`,
          transpose(graph.op('Conv', [transpose(x, swap), transpose(g, swap)], { pads }), swap),
        );
        return more ? graph.op('ConvTranspose', [g, kernel], { kernel_shape: [size, size], pads }) : '';
      },
    };
  };

  const dense = (x: string, name: string, active: boolean) => {
    const kernel = named[`${name}/kernel`]!;
    const sum = graph.op('Gemm', [x, kernel, named[`${name}/bias`]!]);
    const y = active ? relu(sum) : sum;
    return {
      y,
      backward(dy: string): string {
        const g = active ? reluGradient(y, dy) : dy;
        gradients.set(`${name}/kernel`, graph.op('Gemm', [x, g], { transA: 1 }));
        gradients.set(`${name}/bias`, graph.op('ReduceSum', [g, graph.integers([0])], { keepdims: 0 }));
        return graph.op('Gemm', [g, kernel], { transB: 1 });
      },
    };
  };

  /** Planes to one row of numbers, in the order in which tfjs flattens: row, column, plane. */
  const flat = (x: string, planes: number) =>
    graph.op('Reshape', [transpose(x, [0, 2, 3, 1]), graph.integers([batch, rows * columns * planes])]);
  const unflat = (x: string, planes: number) =>
    transpose(graph.op('Reshape', [x, graph.integers([batch, rows, columns, planes])]), [0, 3, 1, 2]);

  const stem = convolution('input', 'stem', 3, true);
  let trunk = stem.y;
  const blocks = Array.from({ length: shape.blocks }, (_, i) => {
    const a = convolution(trunk, `block${i}a`, 3, true);
    const b = convolution(a.y, `block${i}b`, 3, false);
    trunk = relu(graph.op('Add', [trunk, b.y]));
    return { a, b, y: trunk };
  });
  const policyPlanes = convolution(trunk, 'policyPlanes', 1, true);
  const policy = dense(flat(policyPlanes.y, POLICY_PLANES), 'policy', false);
  const valuePlanes = convolution(trunk, 'valuePlanes', 1, true);
  const valueUnits = dense(flat(valuePlanes.y, VALUE_PLANES), 'valueUnits', true);
  const value = dense(valueUnits.y, 'value', false);

  return {
    logits: policy.y,
    raw: value.y,
    backward(logitsGradient: string, rawGradient: string): ReadonlyMap<string, string> {
      let g = graph.op('Add', [
        policyPlanes.backward(unflat(policy.backward(logitsGradient), POLICY_PLANES)),
        valuePlanes.backward(unflat(valueUnits.backward(value.backward(rawGradient)), VALUE_PLANES)),
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

const { onnx } = onnxProto;

type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** An ONNX graph in the making. Tensors are named by what made them. */
class Graph {
  readonly #nodes: Onnx.INodeProto[] = [];
  readonly #constants: Onnx.ITensorProto[] = [];

  #fresh(): string {
    return `t${this.#nodes.length}_${this.#constants.length}`;
  }

  constant(values: ArrayLike<number>, dims: readonly number[] = []): string {
    const name = `c${this.#constants.length}`;
    this.#constants.push({ name, dims: [...dims], dataType: 1, floatData: Array.from(values) });
    return name;
  }

  integers(values: readonly number[]): string {
    const name = `c${this.#constants.length}`;
    this.#constants.push({ name, dims: [values.length], dataType: 7, int64Data: [...values] });
    return name;
  }

  op(opType: string, input: readonly string[], attributes: Attributes = {}): string {
    return this.named(opType, input, this.#fresh(), attributes);
  }

  named(opType: string, input: readonly string[], output: string, attributes: Attributes = {}): string {
    this.#add(opType, input, [output], attributes);
    return output;
  }

  many(opType: string, input: readonly string[], count: number, attributes: Attributes = {}): readonly string[] {
    const stem = this.#fresh();
    const outputs = Array.from({ length: count }, (_, i) => `${stem}_${i}`);
    this.#add(opType, input, outputs, attributes);
    return outputs;
  }

  #add(opType: string, input: readonly string[], output: readonly string[], attributes: Attributes): void {
    const { AttributeType } = onnx.AttributeProto;
    this.#nodes.push({
      opType,
      name: `${opType}_${output[0]}`,
      input: [...input],
      output: [...output],
      attribute: Object.entries(attributes).map(([name, value]) =>
        typeof value === 'number'
          ? { name, type: AttributeType.INT, i: value }
          : { name, type: AttributeType.INTS, ints: [...value] },
      ),
    });
  }

  encode(
    inputs: Readonly<Record<string, readonly number[]>>,
    outputs: Readonly<Record<string, readonly number[]>>,
  ): Uint8Array {
    const describe = (shapes: Readonly<Record<string, readonly number[]>>) =>
      Object.entries(shapes).map(([name, dims]) => ({
        name,
        type: { tensorType: { elemType: 1, shape: { dim: dims.map(dimValue => ({ dimValue })) } } },
      }));
    return onnx.ModelProto.encode({
      irVersion: 8,
      producerName: 'shall-we-play',
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'network',
        node: this.#nodes,
        initializer: this.#constants,
        input: describe(inputs),
        output: describe(outputs),
      },
    }).finish();
  }
}

/** ONNX keeps a convolution's kernel as out, in, rows, columns; tfjs as rows, columns, in, out. */
const onnxShape = ({ shape }: Parameter): readonly number[] =>
  shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;

const relaidAll = (list: readonly Parameter[], weights: Weights, toOnnx: boolean): Weights =>
  Object.fromEntries(list.map(parameter => [parameter.name, relaid(parameter, weights[parameter.name]!, toOnnx)]));

/** A kernel's values in the other layout. */
function relaid({ shape }: Parameter, values: Float32Array, toOnnx: boolean): Float32Array {
  if (shape.length !== 4) return values;
  const [rows, columns, inputs, outputs] = shape as [number, number, number, number];
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < outputs; output++) {
          const tfjs = ((row * columns + column) * inputs + input) * outputs + output;
          const other = ((output * inputs + input) * rows + row) * columns + column;
          if (toOnnx) result[other] = values[tfjs]!;
          else result[tfjs] = values[other]!;
        }
  return result;
}
