/**
 * What a learner remembers of the games it played: a memory from which it draws
 * what surprised it most. Schaul et al., "Prioritized Experience Replay" (ICLR
 * 2016), proportional variant (section 3.3).
 */

import type { Random } from '../games/random.ts';
import { packInto, unpacked } from './observations.ts';

/** Priorities by slot, drawn from in proportion in logarithmic time: a binary tree of sums. */
export class SumTree {
  readonly #leaves: number;
  /** The root at 1; the children of i at 2i and 2i + 1. */
  readonly #sums: Float64Array;

  constructor(slots: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(slots, 1)));
    this.#sums = new Float64Array(2 * this.#leaves);
  }

  get total(): number {
    return this.#sums[1]!;
  }

  get(slot: number): number {
    return this.#sums[this.#leaves + slot]!;
  }

  set(slot: number, priority: number): void {
    const sums = this.#sums;
    let node = this.#leaves + slot;
    sums[node] = priority;
    for (node >>= 1; node > 0; node >>= 1) sums[node] = sums[2 * node]! + sums[2 * node + 1]!;
  }

  /** The slot in which `mass` lies, from 0 up to `total`, if the priorities are laid out in a row. */
  find(mass: number): number {
    const sums = this.#sums;
    let node = 1;
    let left = mass;
    while (node < this.#leaves) {
      node *= 2;
      // Never into a branch that holds nothing, however the sums were rounded.
      if (left >= sums[node]! && sums[node + 1]! > 0) {
        left -= sums[node]!;
        node++;
      }
    }
    return node - this.#leaves;
  }
}

/**
 * The points of up to `n` orders from slot `at` on, those to come worth `discount`
 * times as much as the one before, and what the state after them counts for: 0
 * where the game ended on the way. `next` gives the slot of the order after one.
 */
export function nStepReturn(
  rewards: ArrayLike<number>,
  ends: ArrayLike<number>,
  at: number,
  next: (slot: number) => number,
  n: number,
  discount: number,
): { readonly reward: number; readonly bootstrap: number } {
  let reward = 0;
  let factor = 1;
  let slot = at;
  for (let i = 0; i < n; i++) {
    reward += factor * rewards[slot]!;
    factor *= discount;
    if (ends[slot]! !== 0) return { reward, bootstrap: 0 };
    slot = next(slot);
  }
  return { reward, bootstrap: factor };
}

export interface ReplayShape {
  /** Games that are played side by side: each tick fills a slot for each of them. */
  readonly boards: number;
  /** Ticks that are remembered. */
  readonly ticks: number;
  /** Numbers of an observation. */
  readonly size: number;
  readonly moves: number;
}

/** A memory as plain data; slot `(tick % ticks) × boards + board` is a board's in a tick. */
export interface Memory {
  /** Ticks that have passed. */
  readonly tick: number;
  /** The highest priority so far, before its exponent. */
  readonly most: number;
  /** Slots × size: observations, packed. */
  readonly observations: Uint8Array;
  /** Slots × moves: 1 for a legal move. */
  readonly legal: Uint8Array;
  readonly orders: Uint8Array;
  readonly rewards: Float32Array;
  /** 1 where the order ended the game. */
  readonly ends: Uint8Array;
  /** 0 for a slot that cannot be drawn. */
  readonly priorities: Float64Array;
}

/** What is learned from, a row for each drawn slot. */
export interface Drawn {
  readonly slots: Int32Array;
  /** rows × size. */
  readonly observations: Float32Array;
  /** rows × moves: 1 for the order that was given. */
  readonly orders: Float32Array;
  readonly rewards: Float32Array;
  /** What the value of the next observation counts for. */
  readonly bootstraps: Float32Array;
  readonly nextObservations: Float32Array;
  /** rows × moves: 0 for a move that is legal in the next observation, a large negative number for another. */
  readonly nextBarred: Float32Array;
  /** Importance weights, at most 1. */
  readonly weights: Float32Array;
}

const BARRED = -1e9;

export class Replay {
  readonly #shape: ReplayShape;
  readonly #steps: number;
  readonly #discount: number;
  readonly #exponent: number;
  readonly #memory: { -readonly [Key in keyof Memory]: Memory[Key] };
  readonly #tree: SumTree;
  /** Slots that can be drawn. */
  #count: number;

  /**
   * Remembers returns over `steps` orders. `exponent` is how much priorities
   * matter: 0 draws uniformly. Goes on from `memory`, or begins with nothing.
   */
  constructor(shape: ReplayShape, steps: number, discount: number, exponent: number, memory?: Memory) {
    const { boards, ticks, size, moves } = shape;
    if (ticks <= steps) throw new Error(`a memory of ${ticks} ticks holds no return over ${steps}`);
    const slots = boards * ticks;
    this.#shape = shape;
    this.#steps = steps;
    this.#discount = discount;
    this.#exponent = exponent;
    this.#memory = memory
      ? { ...memory }
      : {
          tick: 0,
          most: 1,
          observations: new Uint8Array(slots * size),
          legal: new Uint8Array(slots * moves),
          orders: new Uint8Array(slots),
          rewards: new Float32Array(slots),
          ends: new Uint8Array(slots),
          priorities: new Float64Array(slots),
        };
    this.#tree = new SumTree(slots);
    this.#count = 0;
    for (const [slot, priority] of this.#memory.priorities.entries()) {
      if (priority === 0) continue;
      this.#tree.set(slot, priority);
      this.#count++;
    }
  }

  /** As plain data. The arrays are the memory's own and change as it goes on. */
  get memory(): Memory {
    return this.#memory;
  }

  get count(): number {
    return this.#count;
  }

  /** A tick of all boards: what each saw, what was legal, the order, the points it earned, whether it ended the game. */
  add(
    observations: ArrayLike<number>,
    legal: ArrayLike<number>,
    orders: ArrayLike<number>,
    rewards: ArrayLike<number>,
    ends: ArrayLike<number>,
  ): void {
    const { boards, ticks, size, moves } = this.#shape;
    const memory = this.#memory;
    const first = (memory.tick % ticks) * boards;
    packInto(memory.observations, observations, first * size);
    memory.legal.set(legal, first * moves);
    memory.orders.set(orders, first);
    memory.rewards.set(rewards, first);
    memory.ends.set(ends, first);
    // Until what came of them is known, they cannot be drawn.
    for (let board = 0; board < boards; board++) this.#prioritise(first + board, 0);
    const known = memory.tick - this.#steps;
    if (known >= 0) {
      const slot = (known % ticks) * boards;
      for (let board = 0; board < boards; board++) this.#prioritise(slot + board, memory.most ** this.#exponent);
    }
    memory.tick++;
  }

  /**
   * Draws a slot from each of `rows` equal shares of the total priority. `beta`,
   * from 0 to 1, is how far the weights make up for drawing unevenly.
   */
  draw(rows: number, beta: number, random: Random): Drawn {
    const { boards, ticks, size, moves } = this.#shape;
    const { observations, legal, orders, rewards, ends } = this.#memory;
    const slots = boards * ticks;
    const drawn: Drawn = {
      slots: new Int32Array(rows),
      observations: new Float32Array(rows * size),
      orders: new Float32Array(rows * moves),
      rewards: new Float32Array(rows),
      bootstraps: new Float32Array(rows),
      nextObservations: new Float32Array(rows * size),
      nextBarred: new Float32Array(rows * moves),
      weights: new Float32Array(rows),
    };
    const next = (slot: number) => (slot + boards) % slots;
    const see = (to: Float32Array, row: number, slot: number) => {
      for (let i = 0; i < size; i++) to[row * size + i] = unpacked(observations[slot * size + i]!);
    };
    let heaviest = 0;
    for (let row = 0; row < rows; row++) {
      const slot = this.#tree.find(((row + random()) / rows) * this.#tree.total);
      drawn.slots[row] = slot;
      see(drawn.observations, row, slot);
      drawn.orders[row * moves + orders[slot]!] = 1;
      const { reward, bootstrap } = nStepReturn(rewards, ends, slot, next, this.#steps, this.#discount);
      drawn.rewards[row] = reward;
      drawn.bootstraps[row] = bootstrap;
      if (bootstrap !== 0) {
        const later = (slot + this.#steps * boards) % slots;
        see(drawn.nextObservations, row, later);
        for (let move = 0; move < moves; move++) {
          if (legal[later * moves + move] === 0) drawn.nextBarred[row * moves + move] = BARRED;
        }
      }
      const chance = this.#tree.get(slot) / this.#tree.total;
      drawn.weights[row] = (this.#count * chance) ** -beta;
      heaviest = Math.max(heaviest, drawn.weights[row]!);
    }
    for (let row = 0; row < rows; row++) drawn.weights[row]! /= heaviest;
    return drawn;
  }

  /** By how much the value of each drawn slot was missed. */
  surprise(slots: Int32Array, misses: ArrayLike<number>): void {
    for (const [i, slot] of slots.entries()) {
      const priority = Math.abs(misses[i]!) + LEAST_PRIORITY;
      this.#memory.most = Math.max(this.#memory.most, priority);
      this.#prioritise(slot, priority ** this.#exponent);
    }
  }

  #prioritise(slot: number, priority: number): void {
    const { priorities } = this.#memory;
    this.#count += (priority > 0 ? 1 : 0) - (priorities[slot]! > 0 ? 1 : 0);
    priorities[slot] = priority;
    this.#tree.set(slot, priority);
  }
}

/** So that nothing is never drawn again (the paper's ε). */
const LEAST_PRIORITY = 1e-3;
