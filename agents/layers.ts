/** The network of policy and value and its gradient, written once for every engine that can train it. */

import type { NetworkShape } from './network.ts';

/** A layer that was applied. */
export interface Applied<T> {
  /** Its output. */
  readonly y: T;
  /** Keeps the gradients of its parameters and returns that of its input, which is of no use unless `more`. */
  backward(dy: T, more?: boolean): T;
}

/** What an engine offers to write a network with. T stands for its tensors. */
export interface Layers<T> {
  add(a: T, b: T): T;
  relu(x: T): T;
  /** Passes a gradient only where the activation `y` was positive. */
  reluGradient(y: T, dy: T): T;
  /** A square kernel of odd size that keeps the board's size; then ReLU if `active`. */
  convolution(x: T, name: string, size: number, active: boolean): Applied<T>;
  dense(x: T, name: string, active: boolean): Applied<T>;
  /** Planes to one row of numbers, in the order in which tfjs flattens: row, column, plane. */
  flat(x: T, size: readonly [rows: number, columns: number, planes: number]): T;
  unflat(x: T, size: readonly [rows: number, columns: number, planes: number]): T;
}

/** The network from its input to its two heads before softmax and tanh, and backwards from their gradients. */
export function network<T>(layers: Layers<T>, input: T, shape: NetworkShape) {
  const { add, relu, reluGradient, convolution, dense, flat, unflat } = layers;
  const policySize = [shape.rows, shape.columns, shape.heads.policyPlanes] as const;
  const valueSize = [shape.rows, shape.columns, shape.heads.valuePlanes] as const;

  const stem = convolution(input, 'stem', 3, true);
  let trunk = stem.y;
  const blocks = shape.widths.map((_, i) => {
    const a = convolution(trunk, `block${i}a`, 3, true);
    const b = convolution(a.y, `block${i}b`, 3, false);
    trunk = relu(add(trunk, b.y));
    return { a, b, y: trunk };
  });
  const policyPlanes = convolution(trunk, 'policyPlanes', 1, true);
  const policy = dense(flat(policyPlanes.y, policySize), 'policy', false);
  const valuePlanes = convolution(trunk, 'valuePlanes', 1, true);
  const valueUnits = dense(flat(valuePlanes.y, valueSize), 'valueUnits', true);
  const value = dense(valueUnits.y, 'value', false);

  return {
    logits: policy.y,
    raw: value.y,
    backward(logitsGradient: T, rawGradient: T): void {
      let g = add(
        policyPlanes.backward(unflat(policy.backward(logitsGradient), policySize)),
        valuePlanes.backward(unflat(valueUnits.backward(value.backward(rawGradient)), valueSize)),
      );
      for (const { a, b, y } of blocks.toReversed()) {
        const skip = reluGradient(y, g);
        g = add(skip, a.backward(b.backward(skip)));
      }
      stem.backward(g, false);
    },
  };
}

/** Adam's constant and decoupled weight decay. */
export const EPSILON = 1e-7;
export const WEIGHT_DECAY = 1e-4;
