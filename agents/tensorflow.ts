/**
 * Training on libtensorflow through @tensorflow/tfjs-node, where it is installed.
 * The only file that knows that package.
 *
 * Operations are run one by one, as libtensorflow names them: tfjs's own
 * gradients are up to a third slower, for they take a ReLU's apart into five.
 */

import type * as Tfjs from '@tensorflow/tfjs-core';
import { type Applied, EPSILON, type Layers, network, WEIGHT_DECAY } from './layers.ts';
import { type Hidden, hiddenOf, MUON_ROUNDS, MUON_SCALE, MUON_TERMS } from './muon.ts';
import { joined, type NetworkShape, parameters, sizeOf, split } from './network.ts';
import { BETA1, BETA2, scales } from './onnx.ts';
import type { Learned, Optimizer, Trainer } from './tensors.ts';

type Tensor = Tfjs.Tensor;

type Attribute = { readonly name: string; readonly type: number; readonly value: unknown };

/** What tfjs-node's backend offers beside the kernels of tfjs. */
interface Backend {
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_INT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>
  > & { readonly TF_Version: string };
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): readonly Tensor[];
}

/** tfjs-node as it was found here. */
export interface Tensorflow {
  readonly tf: typeof Tfjs;
  readonly backend: Backend;
  /** Of tfjs-node and of the libtensorflow under it. */
  readonly version: string;
}

/** Not written where it is imported: it need not be installed, and its types neither. */
const PACKAGE: string = '@tensorflow/tfjs-node';

let found: Promise<Tensorflow | string> | undefined;

/**
 * tfjs-node, or why there is none. libtensorflow takes its number of threads when
 * it is loaded: that of the first call holds for the process.
 */
export function loadTensorflow(threads: number): Promise<Tensorflow | string> {
  found ??= load(threads);
  return found;
}

async function load(threads: number): Promise<Tensorflow | string> {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  try {
    const module = await import(PACKAGE);
    const tf = module.default as typeof Tfjs & { readonly version: Readonly<Record<string, string>> };
    const backend = tf.backend() as unknown as Backend;
    const product = tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]);
    if (product !== 11) return `its product of two matrices was ${product}, not 11`;
    return { tf, backend, version: `${tf.version['tfjs-node']} (libtensorflow ${backend.binding.TF_Version})` };
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    return line.includes(`'${PACKAGE}'`) ? 'it is not installed' : line;
  }
}

/** Trains as createTrainer of tensors.ts says. */
export function tensorflowTrainer(
  { tf, backend }: Tensorflow,
  shape: NetworkShape,
  start: Learned,
  batch: number,
  optimizer: Optimizer,
): Trainer {
  const list = parameters(shape);
  const sizes = list.map(sizeOf);
  const hidden = optimizer === 'muon' ? hiddenOf(list) : undefined;
  const row = (weights: Learned['weights']) => tf.tensor1d(joined(list, weights));
  let params: Tensor = row(start.weights);
  let mean: Tensor = row(start.mean);
  let square: Tensor = row(start.square);
  let steps = start.steps;

  return {
    async step({ input, policy, value }, rate) {
      steps++;
      const [loss, ...next] = tf.tidy((): [Tensor, Tensor, Tensor, Tensor] => {
        const parts = tf.split(params, sizes);
        const named = Object.fromEntries(list.map(({ name, shape }, i) => [name, tf.reshape(parts[i]!, [...shape])]));
        const { layers, gradients } = tensorflowLayers(tf, backend, named, batch);
        const planes = tf.tensor4d(input, [batch, shape.planes, shape.rows, shape.columns]);
        const { logits, raw, backward } = network(layers, tf.transpose(planes, [0, 2, 3, 1]), shape);

        const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT };
        const [crossEntropy, surprise] = backend.executeMultipleOutputs(
          'SoftmaxCrossEntropyWithLogits',
          [type],
          [logits, tf.tensor2d(policy, [batch, shape.moves])],
          2,
        );
        const judged = tf.tanh(raw);
        const miss = tf.sub(judged, tf.tensor2d(value, [batch, 1]));
        backward(tf.mul(surprise!, 1 / batch), tf.mul(tf.mul(miss, 2 / batch), tf.sub(1, tf.square(judged))));

        const gradient = tf.concat(list.map(({ name }) => tf.reshape(gradients.get(name)!, [-1])));
        const meanNext = tf.add(tf.mul(mean, BETA1), tf.mul(gradient, 1 - BETA1));
        const squareNext = tf.add(tf.mul(square, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
        const root = tf.sqrt(tf.mul(squareNext, scales(steps).square));
        const adam = tf.div(tf.mul(meanNext, scales(steps).mean), tf.add(root, EPSILON));
        const update = hidden
          ? muon(tf, adam, tf.add(tf.mul(meanNext, BETA1), tf.mul(gradient, 1 - BETA1)), hidden)
          : adam;
        const paramsNext = tf.sub(params, tf.mul(tf.add(update, tf.mul(params, WEIGHT_DECAY)), rate));
        return [tf.add(tf.mean(crossEntropy!), tf.mean(tf.square(miss))), paramsNext, meanNext, squareNext];
      });
      tf.dispose([params, mean, square]);
      [params, mean, square] = next;
      // libtensorflow computes in this very thread: whoever else waits for it gets a turn between steps.
      await new Promise(resolve => setImmediate(resolve));
      const [result] = loss.dataSync();
      loss.dispose();
      return result!;
    },
    learned() {
      const read = (tensor: Tensor) => split(list, tensor.dataSync() as Float32Array);
      return { steps, weights: read(params), mean: read(mean), square: read(square) };
    },
  };
}

/** Adam's update with that of the hidden kernels replaced by what Muon makes of the momentum. */
function muon(tf: typeof Tfjs, adam: Tensor, momentum: Tensor, { sizes, groups }: Hidden): Tensor {
  const updates = tf.split(adam, [...sizes]);
  const momenta = tf.split(momentum, [...sizes]);
  const [a, b, c] = MUON_TERMS;
  for (const { rows, columns, members } of groups) {
    const stacked = tf.stack(members.map(i => tf.reshape(momenta[i]!, [rows, columns]))) as Tfjs.Tensor3D;
    const turned = rows > columns;
    let x = turned ? tf.transpose(stacked, [0, 2, 1]) : stacked;
    x = tf.div(x, tf.add(tf.sqrt(tf.sum(tf.square(x), [1, 2], true)), EPSILON));
    for (let round = 0; round < MUON_ROUNDS; round++) {
      const square = tf.matMul(x, x, false, true);
      const terms = tf.add(tf.mul(square, b), tf.mul(tf.matMul(square, square), c));
      x = tf.add(tf.mul(x, a), tf.matMul(terms, x));
    }
    const scaled = tf.mul(turned ? tf.transpose(x, [0, 2, 1]) : x, MUON_SCALE * Math.sqrt(Math.max(rows, columns)));
    for (const [at, part] of tf.unstack(scaled).entries()) updates[members[at]!] = tf.reshape(part, [-1]);
  }
  return tf.concat(updates);
}

/** Layers whose tensors are batch × rows × columns × planes, the only order that libtensorflow convolves on a CPU. */
function tensorflowLayers(
  tf: typeof Tfjs,
  backend: Backend,
  named: Readonly<Record<string, Tensor>>,
  batch: number,
): { readonly layers: Layers<Tensor>; readonly gradients: ReadonlyMap<string, Tensor> } {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const gradients = new Map<string, Tensor>();
  const type: Attribute = { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT };
  const order: Attribute = { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' };
  const flag = (name: string, value: boolean): Attribute => ({ name, type: TF_ATTR_BOOL, value });
  const ones = (name: string): Attribute => ({ name, type: TF_ATTR_INT, value: [1, 1, 1, 1] });
  const convolving = [
    type,
    order,
    ones('strides'),
    ones('dilations'),
    { name: 'padding', type: TF_ATTR_STRING, value: 'SAME' },
    flag('use_cudnn_on_gpu', false),
  ];
  const run = (name: string, attributes: readonly Attribute[], ...inputs: readonly Tensor[]) =>
    backend.executeSingleOutput(name, attributes, inputs);
  const relu = (x: Tensor) => run('Relu', [type], x);
  const reluGradient = (y: Tensor, dy: Tensor) => run('ReluGrad', [type], dy, y);
  const sized = ({ shape }: Tensor) => tf.tensor1d(shape, 'int32');
  const product = (a: Tensor, b: Tensor, transposed: { readonly a?: boolean; readonly b?: boolean } = {}) =>
    run('MatMul', [type, flag('transpose_a', transposed.a ?? false), flag('transpose_b', transposed.b ?? false)], a, b);

  /** Adds the bias and may be active; `inwards` tells the gradients of kernel and input. */
  const layer = (
    name: string,
    active: boolean,
    sum: Tensor,
    inwards: { kernel(g: Tensor): Tensor; input(g: Tensor): Tensor },
  ): Applied<Tensor> => {
    const biased = run('BiasAdd', [type, order], sum, named[`${name}/bias`]!);
    const y = active ? relu(biased) : biased;
    return {
      y,
      backward(dy, more = true) {
        const g = active ? reluGradient(y, dy) : dy;
        gradients.set(`${name}/bias`, run('BiasAddGrad', [type, order], g));
        gradients.set(`${name}/kernel`, inwards.kernel(g));
        return more ? inwards.input(g) : g;
      },
    };
  };

  const layers: Layers<Tensor> = {
    add: (a, b) => run('AddV2', [type], a, b),
    relu,
    reluGradient,
    convolution(x, name, _, active) {
      const kernel = named[`${name}/kernel`]!;
      return layer(name, active, run('Conv2D', convolving, x, kernel), {
        kernel: g => run('Conv2DBackpropFilter', convolving, x, sized(kernel), g),
        input: g => run('Conv2DBackpropInput', convolving, sized(x), kernel, g),
      });
    },
    dense(x, name, active) {
      const kernel = named[`${name}/kernel`]!;
      return layer(name, active, product(x, kernel), {
        kernel: g => product(x, g, { a: true }),
        input: g => product(g, kernel, { b: true }),
      });
    },
    flat: (x, [rows, columns, planes]) => tf.reshape(x, [batch, rows * columns * planes]),
    unflat: (x, size) => tf.reshape(x, [batch, ...size]),
  };
  return { layers, gradients };
}
