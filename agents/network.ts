/** The shape and the weights of a policy and value network, as plain data. agents/tensors.ts runs and trains them. */

import type { Game } from '../games/game.ts';
import type { Random } from '../games/random.ts';

/**
 * A residual network without batch normalisation: a 3×3 convolution, blocks of
 * two 3×3 convolutions with a skip, then a policy head (1×1 convolution, dense,
 * softmax over all moves) and a value head (1×1 convolution, dense, dense, tanh). After Silver et al.,
 * "Mastering the game of Go without human knowledge" (Nature 550, 2017),
 * Methods, "Neural network architecture".
 */
export interface NetworkShape {
  readonly planes: number;
  readonly rows: number;
  readonly columns: number;
  readonly moves: number;
  readonly filters: number;
  /** By block: the filters between its two convolutions. */
  readonly widths: readonly number[];
  readonly heads: Heads;
}

/** The sizes of the two heads. */
export interface Heads {
  readonly policyPlanes: number;
  readonly valuePlanes: number;
  readonly valueUnits: number;
}

/** A weight's name is its layer's and 'kernel' or 'bias'; shapes are those of tfjs layers (convolutions rows, columns, in, out). */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

export type Weights = Readonly<Record<string, Float32Array>>;

/** More planes than the paper's 2 and 1, which are few for a trunk this small. */
export const USUAL_HEADS: Heads = { policyPlanes: 8, valuePlanes: 4, valueUnits: 64 };

/** What sets a network apart from one whose blocks are as wide inside as outside and whose heads are usual. */
export interface Unusual {
  readonly widths?: readonly number[] | undefined;
  readonly heads?: Heads | undefined;
}

export function shapeFor(game: Game, filters: number, blocks: number, unusual: Unusual = {}): NetworkShape {
  const [planes, rows, columns] = game.observationShape;
  const { widths = Array<number>(blocks).fill(filters), heads = USUAL_HEADS } = unusual;
  return { planes, rows, columns, moves: game.moveCount, filters, widths, heads };
}

export const parameterCount = (shape: NetworkShape): number =>
  parameters(shape).reduce((sum, parameter) => sum + sizeOf(parameter), 0);

/** Every parameter, in the order in which they are stored. */
export function parameters(shape: NetworkShape): readonly Parameter[] {
  const { planes, rows, columns, moves, filters, widths } = shape;
  const { policyPlanes, valuePlanes, valueUnits } = shape.heads;
  const layer = (name: string, ...kernel: number[]): Parameter[] => [
    { name: `${name}/kernel`, shape: kernel },
    { name: `${name}/bias`, shape: [kernel.at(-1)!] },
  ];
  const squares = rows * columns;
  return [
    ...layer('stem', 3, 3, planes, filters),
    ...widths.flatMap((width, i) => [
      ...layer(`block${i}a`, 3, 3, filters, width),
      ...layer(`block${i}b`, 3, 3, width, filters),
    ]),
    ...layer('policyPlanes', 1, 1, filters, policyPlanes),
    ...layer('policy', policyPlanes * squares, moves),
    ...layer('valuePlanes', 1, 1, filters, valuePlanes),
    ...layer('valueUnits', valuePlanes * squares, valueUnits),
    ...layer('value', valueUnits, 1),
  ];
}

export const sizeOf = ({ shape }: Parameter): number => shape.reduce((size, length) => size * length, 1);

/** All weights in one row, in the order of `list`. */
export function joined(list: readonly Parameter[], weights: Weights): Float32Array {
  const row = new Float32Array(list.reduce((sum, parameter) => sum + sizeOf(parameter), 0));
  let start = 0;
  for (const parameter of list) {
    row.set(weights[parameter.name]!, start);
    start += sizeOf(parameter);
  }
  return row;
}

/** The inverse of `joined`. */
export function split(list: readonly Parameter[], row: Float32Array): Weights {
  let start = 0;
  return Object.fromEntries(
    list.map(parameter => {
      const part = row.slice(start, start + sizeOf(parameter));
      start += part.length;
      return [parameter.name, part];
    }),
  );
}

/** Normal weights with variance 2 / inputs (He et al. 2015, eq. 10), smaller where a block or head ends; no biases. */
export const freshWeights = (shape: NetworkShape, random: Random): Weights =>
  freshValues(parameters(shape), random, name => /^(block\d+b|policy|value)\//.test(name));

/** The same for any list of parameters; `calm` tells which begin smaller. */
export function freshValues(list: readonly Parameter[], random: Random, calm: (name: string) => boolean): Weights {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Object.fromEntries(
    list.map(parameter => {
      const values = new Float32Array(sizeOf(parameter));
      if (parameter.name.endsWith('/kernel')) {
        const inputs = sizeOf(parameter) / parameter.shape.at(-1)!;
        const scale = calm(parameter.name) ? 0.3 : 1;
        for (let i = 0; i < values.length; i++) values[i] = scale * Math.sqrt(2 / inputs) * normal();
      }
      return [parameter.name, values];
    }),
  );
}
