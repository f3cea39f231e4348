/**
 * A network that tells what each order is worth, and how it learns: its shape and
 * weights as plain data, and the ONNX graphs that run and train it.
 */

import type { Game } from '../games/game.ts';
import type { Random } from '../games/random.ts';
import { freshValues, joined, type Parameter, sizeOf, split, type Weights } from './network.ts';
import { adam, Graph, layers, onnxShape, openSession, relaidAll, scales, Tensor } from './onnx.ts';
import type { Drawn } from './replay.ts';

/**
 * A 3×3 convolution within the board, a hidden layer of `units`, and a value for
 * each move, as in Young & Tian, "MinAtar" (arXiv 1903.03176), section 4. With
 * `dueling` the hidden units are two halves, one of which tells what the state
 * is worth and the other by how much each move is better than the mean of all
 * (Wang et al., "Dueling Network Architectures for Deep Reinforcement Learning",
 * ICML 2016, eq. 9).
 */
export interface QShape {
  readonly planes: number;
  readonly rows: number;
  readonly columns: number;
  readonly moves: number;
  readonly filters: number;
  /** Even. */
  readonly units: number;
  readonly dueling: boolean;
}

/** Throws for a game whose seats have no boards of their own. */
export function qShapeFor(game: Game, filters: number, units: number, dueling: boolean): QShape {
  if (!game.solo) throw new Error(`${game.name}: no seat has a board of its own`);
  const [planes, rows, columns] = game.solo.observationShape;
  return { planes, rows, columns, moves: game.moveCount, filters, units, dueling };
}

/** How many numbers the convolution gives. */
const flatSize = ({ rows, columns, filters }: QShape): number => (rows - 2) * (columns - 2) * filters;

/** Every parameter, in the order in which they are stored. */
export function qParameters(shape: QShape): readonly Parameter[] {
  const { planes, filters, units, moves, dueling } = shape;
  const layer = (name: string, ...kernel: number[]): Parameter[] => [
    { name: `${name}/kernel`, shape: kernel },
    { name: `${name}/bias`, shape: [kernel.at(-1)!] },
  ];
  return [
    ...layer('stem', 3, 3, planes, filters),
    ...layer('hidden', flatSize(shape), units),
    ...(dueling
      ? [...layer('value', units / 2, 1), ...layer('advantage', units / 2, moves)]
      : layer('worth', units, moves)),
  ];
}

export const freshQWeights = (shape: QShape, random: Random): Weights =>
  freshValues(qParameters(shape), random, name => /^(value|advantage|worth)\//.test(name));

/** The same network without the duel: value and advantage are linear in the hidden units, and so is their sum. */
export function plain(shape: QShape, weights: Weights): { readonly shape: QShape; readonly weights: Weights } {
  if (!shape.dueling) return { shape, weights };
  const { moves, units } = shape;
  const half = units / 2;
  const [value, advantage] = [weights['value/kernel']!, weights['advantage/kernel']!];
  const kernel = new Float32Array(units * moves);
  const aboveMean = (row: Float32Array): Float32Array => {
    const mean = row.reduce((sum, x) => sum + x, 0) / moves;
    return row.map(x => x - mean);
  };
  for (let unit = 0; unit < half; unit++) {
    kernel.fill(value[unit]!, unit * moves, (unit + 1) * moves);
    kernel.set(aboveMean(advantage.subarray(unit * moves, (unit + 1) * moves)), (half + unit) * moves);
  }
  const bias = aboveMean(weights['advantage/bias']!).map(x => x + weights['value/bias']![0]!);
  const { 'stem/kernel': a, 'stem/bias': b, 'hidden/kernel': c, 'hidden/bias': d } = weights;
  return {
    shape: { ...shape, dueling: false },
    weights: {
      'stem/kernel': a!,
      'stem/bias': b!,
      'hidden/kernel': c!,
      'hidden/bias': d!,
      'worth/kernel': kernel,
      'worth/bias': bias,
    },
  };
}

/** Judges up to `batch` boards at once. The arrays are its own, filled in place. */
export interface QEvaluator {
  readonly batch: number;
  /** batch × planes × rows × columns. */
  readonly input: Float32Array;
  /** batch × moves: points to come, discounted, after each order. */
  readonly worths: Float32Array;
  run(): Promise<void>;
}

/** Weights on their way: with Adam's running means, and the weights that set the targets. */
export interface QLearned {
  readonly steps: number;
  readonly weights: Weights;
  readonly target: Weights;
  readonly mean: Weights;
  readonly square: Weights;
}

export interface QTrainer {
  /** Judges with the weights as they are now. */
  readonly evaluator: QEvaluator;
  /** One step of Adam. Returns the loss, and by how much each row's target was missed. */
  step(drawn: Drawn, rate: number): Promise<{ readonly loss: number; readonly misses: Float32Array }>;
  /** Steps so far, those before this trainer's time included. */
  steps(): number;
  /** From now on targets are set by the weights as they are now. */
  refreshTarget(): void;
  learned(): QLearned;
}

export const untaughtQ = (weights: Weights): QLearned => {
  const zeros = () =>
    Object.fromEntries(Object.entries(weights).map(([name, { length }]) => [name, new Float32Array(length)]));
  return { steps: 0, weights, target: weights, mean: zeros(), square: zeros() };
};

const total = (list: readonly Parameter[]): number => list.reduce((sum, parameter) => sum + sizeOf(parameter), 0);

/** The weights in one row, convolution kernels in ONNX's layout. */
const rowOf = (list: readonly Parameter[], weights: Weights) => {
  const row = joined(list, relaidAll(list, weights, true));
  return new Tensor('float32', row, [row.length]);
};

async function openEvaluator(shape: QShape, batch: number, params: () => Tensor): Promise<QEvaluator> {
  const { planes, rows, columns, moves } = shape;
  const list = qParameters(shape);
  const graph = new Graph();
  const { worths } = forward(graph, shape, 'params', 'input', batch);
  graph.named('Identity', [worths], 'worths');
  const session = await openSession(
    graph.encode({ input: [batch, planes, rows, columns], params: [total(list)] }, { worths: [batch, moves] }),
    1,
  );
  const input = new Float32Array(batch * planes * rows * columns);
  const output = new Float32Array(batch * moves);
  const feed = new Tensor('float32', input, [batch, planes, rows, columns]);
  const fetches = { worths: new Tensor('float32', output, [batch, moves]) };
  return {
    batch,
    input,
    worths: output,
    async run() {
      await session.run({ input: feed, params: params() }, fetches);
    },
  };
}

export async function createQEvaluator(shape: QShape, weights: Weights, batch: number): Promise<QEvaluator> {
  const params = rowOf(qParameters(shape), weights);
  return openEvaluator(shape, batch, () => params);
}

/**
 * Trains on from `start` in steps of exactly `batch` rows, on one thread; its
 * evaluator judges `boards` at once. With `double` the newer weights choose the
 * order by which a target is set, and the older ones judge it (van Hasselt et
 * al., "Deep Reinforcement Learning with Double Q-learning", AAAI 2016, eq. 4).
 */
export async function createQTrainer(
  shape: QShape,
  double: boolean,
  start: QLearned,
  batch: number,
  boards: number,
): Promise<QTrainer> {
  const { planes, rows, columns, moves } = shape;
  const list = qParameters(shape);
  const size = total(list);
  const session = await openSession(trainingGraph(shape, double, batch, size), 1);
  const vector = () => new Tensor('float32', new Float32Array(size), [size]);
  const scalar = (value: number) => new Tensor('float32', Float32Array.of(value), []);
  let now = {
    params: rowOf(list, start.weights),
    mean: rowOf(list, start.mean),
    square: rowOf(list, start.square),
  };
  let next = { params: vector(), mean: vector(), square: vector() };
  let target = rowOf(list, start.target);
  const loss = scalar(0);
  const misses = new Tensor('float32', new Float32Array(batch), [batch, 1]);
  let steps = start.steps;
  const evaluator = await openEvaluator(shape, boards, () => now.params);
  const board = [batch, planes, rows, columns];

  return {
    evaluator,
    async step(drawn, rate) {
      steps++;
      await session.run(
        {
          input: new Tensor('float32', drawn.observations, board),
          orders: new Tensor('float32', drawn.orders, [batch, moves]),
          rewards: new Tensor('float32', drawn.rewards, [batch, 1]),
          bootstraps: new Tensor('float32', drawn.bootstraps, [batch, 1]),
          next: new Tensor('float32', drawn.nextObservations, board),
          barred: new Tensor('float32', drawn.nextBarred, [batch, moves]),
          weights: new Tensor('float32', drawn.weights, [batch, 1]),
          ...now,
          target,
          rate: scalar(rate),
          meanScale: scalar(scales(steps).mean),
          squareScale: scalar(scales(steps).square),
        },
        { loss, misses, paramsNext: next.params, meanNext: next.mean, squareNext: next.square },
      );
      [now, next] = [next, now];
      return { loss: (loss.data as Float32Array)[0]!, misses: misses.data as Float32Array };
    },
    steps: () => steps,
    refreshTarget() {
      target = new Tensor('float32', (now.params.data as Float32Array).slice(), [size]);
    },
    learned() {
      const read = (tensor: Tensor) => relaidAll(list, split(list, tensor.data as Float32Array), false);
      return {
        steps,
        weights: read(now.params),
        target: read(target),
        mean: read(now.mean),
        square: read(now.square),
      };
    },
  };
}

/** Adam's constant, large as in Hessel et al., "Rainbow" (AAAI 2018), table 1: gradients here are small and noisy. */
const EPSILON = 1.5e-4;

function trainingGraph(shape: QShape, double: boolean, batch: number, size: number): Uint8Array {
  const { planes, rows, columns, moves } = shape;
  const graph = new Graph();
  const mul = (a: string, b: string) => graph.op('Mul', [a, b]);
  const { worths, backward } = forward(graph, shape, 'params', 'input', batch);

  const later = graph.op('Add', [forward(graph, shape, 'target', 'next', batch).worths, 'barred']);
  const chooser = double ? graph.op('Add', [forward(graph, shape, 'params', 'next', batch).worths, 'barred']) : later;
  const chosen = graph.op('ArgMax', [chooser], { axis: 1, keepdims: 1 });
  const best = graph.op('GatherElements', [later, chosen], { axis: 1 });
  const goal = graph.op('Add', ['rewards', mul('bootstraps', best)]);
  const given = graph.op('ReduceSum', [mul(worths, 'orders'), graph.integers([1])], { keepdims: 1 });
  const miss = graph.named('Sub', [given, goal], 'misses');

  // Huber's loss: half the square of a miss up to 1, and from there on as steep as at 1.
  const cut = graph.op('Clip', [miss, graph.constant([-1]), graph.constant([1])]);
  const huber = mul(cut, graph.op('Sub', [miss, mul(cut, graph.constant([0.5]))]));
  graph.named('ReduceMean', [mul('weights', huber)], 'loss', { keepdims: 0 });

  const gradients = backward(mul('orders', mul(mul('weights', cut), graph.constant([1 / batch]))));
  const gradient = graph.op(
    'Concat',
    qParameters(shape).map(({ name }) => graph.op('Reshape', [gradients.get(name)!, graph.integers([-1])])),
    { axis: 0 },
  );
  adam(graph, gradient, EPSILON, 0);

  const board = [batch, planes, rows, columns];
  return graph.encode(
    {
      input: board,
      orders: [batch, moves],
      rewards: [batch, 1],
      bootstraps: [batch, 1],
      next: board,
      barred: [batch, moves],
      weights: [batch, 1],
      params: [size],
      target: [size],
      mean: [size],
      square: [size],
      rate: [],
      meanScale: [],
      squareScale: [],
    },
    { loss: [], misses: [batch, 1], paramsNext: [size], meanNext: [size], squareNext: [size] },
  );
}

/** The network from the input of that name to what each move is worth, and the same backwards. `params` names its weights in one row. */
function forward(graph: Graph, shape: QShape, params: string, input: string, batch: number) {
  const list = qParameters(shape);
  const parts = graph.many('Split', [params, graph.integers(list.map(sizeOf))], list.length, { axis: 0 });
  const named = Object.fromEntries(
    list.map((parameter, i) => [
      parameter.name,
      graph.op('Reshape', [parts[i]!, graph.integers(onnxShape(parameter))]),
    ]),
  );
  const { gradients, convolution, dense, flat, unflat } = layers(graph, named, batch);
  const { rows, columns, filters, units } = shape;
  const board = [rows - 2, columns - 2, filters] as const;

  const stem = convolution(input, 'stem', 3, true, 0);
  const hidden = dense(flat(stem.y, board), 'hidden', true);
  const head = shape.dueling ? duel(graph, dense, hidden.y, units) : dense(hidden.y, 'worth', false);
  return {
    worths: head.y,
    backward(worthsGradient: string): ReadonlyMap<string, string> {
      stem.backward(unflat(hidden.backward(head.backward(worthsGradient)), board), false);
      return gradients;
    },
  };
}

/** State value plus advantage less the mean advantage, from a half of the hidden units each. */
function duel(graph: Graph, dense: ReturnType<typeof layers>['dense'], hidden: string, units: number) {
  const sides = graph.integers([units / 2, units / 2]);
  const [valueUnits, advantageUnits] = graph.many('Split', [hidden, sides], 2, { axis: 1 });
  const value = dense(valueUnits!, 'value', false);
  const advantage = dense(advantageUnits!, 'advantage', false);
  const aboveMean = (x: string) => graph.op('Sub', [x, graph.op('ReduceMean', [x], { axes: [1], keepdims: 1 })]);
  return {
    y: graph.op('Add', [value.y, aboveMean(advantage.y)]),
    backward(dy: string): string {
      const valueGradient = graph.op('ReduceSum', [dy, graph.integers([1])], { keepdims: 1 });
      return graph.op('Concat', [value.backward(valueGradient), advantage.backward(aboveMean(dy))], { axis: 1 });
    },
  };
}
