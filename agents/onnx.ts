/**
 * ONNX graphs in memory: written here layer by layer, forwards and backwards,
 * and run by onnxruntime-node. The only file that knows either package.
 */

import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { EPSILON } from './layers.ts';
import { type Hidden, MUON_ROUNDS, MUON_SCALE, MUON_TERMS } from './muon.ts';
import type { Parameter, Weights } from './network.ts';

export { Tensor };

/** onnxruntime's warnings are about graphs, not about anything a user can mend. */
const QUIET = { logSeverityLevel: 3 } as const;

export const onnxruntimeVersion = env.versions.node!;

/** A graph ready to run on so many threads. */
export const openSession = (model: Uint8Array, threads: number): Promise<InferenceSession> =>
  InferenceSession.create(model, { ...QUIET, intraOpNumThreads: threads, interOpNumThreads: 1 });

/** A batch of any size, in a shape. */
export const ANY = -1;

/**
 * Layers by the names of their parameters: `named` holds each parameter's name in
 * the graph, and `gradients` that of its gradient once the layer has gone
 * backwards.
 */
export function layers(graph: Graph, named: Readonly<Record<string, string>>, batch: number) {
  const gradients = new Map<string, string>();
  const zero = graph.constant([0]);
  const add = (a: string, b: string) => graph.op('Add', [a, b]);
  const relu = (x: string) => graph.op('Relu', [x]);
  /** Passes a gradient only where the activation was positive. */
  const reluGradient = (y: string, dy: string) => graph.op('Where', [graph.op('Greater', [y, zero]), dy, zero]);
  const transpose = (x: string, perm: number[]) => graph.op('Transpose', [x], { perm });

  /** A square kernel of odd size; `pad` rows and columns of zeros around the board, by default as many as keep its size. */
  const convolution = (x: string, name: string, size: number, active: boolean, pad = size >> 1) => {
    const kernel = named[`${name}/kernel`]!;
    const pads = Array<number>(4).fill(pad);
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
  const flat = (x: string, [rows, columns, planes]: readonly [number, number, number]) =>
    graph.op('Reshape', [transpose(x, [0, 2, 3, 1]), graph.integers([batch, rows * columns * planes])]);
  const unflat = (x: string, size: readonly [rows: number, columns: number, planes: number]) =>
    transpose(graph.op('Reshape', [x, graph.integers([batch, ...size])]), [0, 3, 1, 2]);

  return { gradients, add, relu, reluGradient, convolution, dense, flat, unflat };
}

/** Adam's running means (Kingma & Ba 2015, algorithm 1). */
export const BETA1 = 0.9;
export const BETA2 = 0.999;

/** What the inputs `meanScale` and `squareScale` of `adam` are in this step, counted from 1: they undo the bias towards 0. */
export const scales = (step: number) => ({ mean: 1 / (1 - BETA1 ** step), square: 1 / (1 - BETA2 ** step) });

/**
 * A step of Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm
 * 2): paramsNext, meanNext and squareNext from the inputs params, mean, square,
 * rate, meanScale and squareScale. Muon moves those that are `hidden`.
 */
export function adam(graph: Graph, gradient: string, epsilon: number, decay: number, hidden?: Hidden): void {
  const blend = (old: string, fresh: string, beta: number) =>
    [graph.op('Mul', [old, graph.constant([beta])]), graph.op('Mul', [fresh, graph.constant([1 - beta])])] as const;
  const mean = graph.named('Add', blend('mean', gradient, BETA1), 'meanNext');
  const square = graph.named('Add', blend('square', graph.op('Mul', [gradient, gradient]), BETA2), 'squareNext');
  const root = graph.op('Sqrt', [graph.op('Mul', [square, 'squareScale'])]);
  const usual = graph.op('Div', [
    graph.op('Mul', [mean, 'meanScale']),
    graph.op('Add', [root, graph.constant([epsilon])]),
  ]);
  const step = hidden ? muon(graph, usual, graph.op('Add', blend(mean, gradient, BETA1)), hidden) : usual;
  const shrunk = decay === 0 ? step : graph.op('Add', [step, graph.op('Mul', ['params', graph.constant([decay])])]);
  graph.named('Sub', ['params', graph.op('Mul', ['rate', shrunk])], 'paramsNext');
}

/** Adam's update with that of the hidden kernels replaced by what Muon makes of the momentum. */
function muon(graph: Graph, update: string, momentum: string, { sizes, groups }: Hidden): string {
  const split = (row: string) => graph.many('Split', [row, graph.integers(sizes)], sizes.length, { axis: 0 });
  const reshaped = (x: string, size: readonly number[]) => graph.op('Reshape', [x, graph.integers(size)]);
  const transposed = (x: string) => graph.op('Transpose', [x], { perm: [0, 2, 1] });
  const product = (x: string, y: string) => graph.op('MatMul', [x, y]);
  const times = (x: string, factor: number) => graph.op('Mul', [x, graph.constant([factor])]);
  const add = (x: string, y: string) => graph.op('Add', [x, y]);

  const updates = [...split(update)];
  const momenta = split(momentum);
  const [a, b, c] = MUON_TERMS;
  for (const { convolution, rows, columns, members } of groups) {
    const size = convolution ? [columns, rows] : [rows, columns];
    const turned = size[0]! > size[1]!;
    const stacked = graph.op(
      'Concat',
      members.map(i => reshaped(momenta[i]!, [1, ...size])),
      { axis: 0 },
    );
    let x = turned ? transposed(stacked) : stacked;
    const length = graph.op('ReduceL2', [x], { axes: [1, 2] });
    x = graph.op('Div', [x, add(length, graph.constant([EPSILON]))]);
    for (let round = 0; round < MUON_ROUNDS; round++) {
      const square = product(x, transposed(x));
      const terms = add(times(square, b), times(product(square, square), c));
      x = add(times(x, a), product(terms, x));
    }
    const scaled = times(turned ? transposed(x) : x, MUON_SCALE * Math.sqrt(Math.max(rows, columns)));
    const separate = graph.many('Split', [scaled], members.length, { axis: 0 });
    for (const [at, part] of separate.entries()) updates[members[at]!] = reshaped(part, [-1]);
  }
  return graph.op('Concat', updates, { axis: 0 });
}

const { onnx } = onnxProto;

type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** An ONNX graph in the making. Tensors are named by what made them. */
export class Graph {
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
        type: {
          tensorType: {
            elemType: 1,
            shape: { dim: dims.map(dim => (dim === ANY ? { dimParam: 'batch' } : { dimValue: dim })) },
          },
        },
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
export const onnxShape = ({ shape }: Parameter): readonly number[] =>
  shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;

export const relaidAll = (list: readonly Parameter[], weights: Weights, toOnnx: boolean): Weights =>
  Object.fromEntries(list.map(parameter => [parameter.name, relaid(parameter, weights[parameter.name]!, toOnnx)]));

/** A kernel's values in the other layout. */
export function relaid({ shape }: Parameter, values: Float32Array, toOnnx: boolean): Float32Array {
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
