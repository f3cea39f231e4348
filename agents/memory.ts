/**
 * What a network has said of observations: none is judged twice while its weights
 * stay the same. Positions reached in another order of moves, the part of the
 * last move's tree below the move that was played, and other games' openings
 * cost nothing then.
 *
 * A hash table with linear probing, in flat arrays: hundreds of thousands of
 * strings and objects would keep the garbage collector busy.
 */

import { grown } from './grown.ts';
import type { Evaluation } from './search.ts';
import type { Evaluator } from './tensors.ts';

/** Entries and words of their keys that there is room for at first. */
const ROOM = 256;

const EMPTY = -1;

/** The bits of the number 1, and one of them; 0 has none. */
const ONE = 0x3f80_0000;
const ONE_BIT = 29;

export class Memory {
  readonly #moveCount: number;
  readonly #mostEntries: number;

  /** Words of 32 bits: observations, each as a bit of every number, which of 0 and 1 tells them apart, then the places and numbers of what is neither. */
  #keys = new Int32Array(ROOM);

  // An entry: where its key ends, the next one's begins there; whether it was judged, and how.
  #count = 0;
  #ends = new Int32Array(ROOM);
  #isJudged = new Uint8Array(ROOM);
  #value = new Float32Array(ROOM);
  #priors: Float32Array;

  /** An entry and the hash of its key, or EMPTY and anything, in each slot; twice as many slots as there is room for entries. */
  #slots = new Int32Array(4 * ROOM).fill(EMPTY);

  readonly #told: { value: number; readonly priors: Float32Array };

  /** For positions with `moveCount` priors each; once there are `mostEntries`, all is forgotten. */
  constructor(moveCount: number, mostEntries: number) {
    this.#moveCount = moveCount;
    this.#mostEntries = mostEntries;
    this.#priors = new Float32Array(ROOM * moveCount);
    this.#told = { value: 0, priors: new Float32Array(moveCount) };
  }

  /** Makes sure that there is room for `more` entries. What `entry` gave before may be forgotten. */
  makeRoom(more: number): void {
    if (this.#count + more > this.#mostEntries) {
      this.#count = 0;
      this.#slots.fill(EMPTY);
    }
    while (this.#count + more > this.#value.length) this.#grow();
  }

  /** The number of an observation's entry, new or not. `observation` is given by the bits of its 32-bit floating-point numbers. */
  entry(observation: Int32Array): number {
    const begin = this.#beginOf(this.#count);
    // Written where it stays if it is new.
    const end = this.#write(observation, begin);
    let hash = 0;
    for (let i = begin; i < end; i++) hash = mixed(hash ^ this.#keys[i]!);
    const slots = this.#slots;
    let slot = firstSlot(hash, slots);
    for (let entry = slots[slot]!; entry !== EMPTY; entry = slots[slot]!) {
      if (slots[slot + 1] === hash && this.#hasKey(entry, begin, end)) return entry;
      slot = nextSlot(slot, slots);
    }
    const entry = this.#count++;
    slots[slot] = entry;
    slots[slot + 1] = hash;
    this.#ends[entry] = end;
    this.#isJudged[entry] = 0;
    return entry;
  }

  /** What was said of an entry, if anything was; good until the next call. */
  told(entry: number): Evaluation | undefined {
    if (!this.#isJudged[entry]) return undefined;
    this.#told.value = this.#value[entry]!;
    const { priors } = this.#told;
    for (let move = 0; move < priors.length; move++) priors[move] = this.#priors[entry * priors.length + move]!;
    return this.#told;
  }

  /** Keeps what an evaluator said in its `row`-th row. */
  keep(entry: number, { value, policy }: Pick<Evaluator, 'value' | 'policy'>, row: number): void {
    this.#isJudged[entry] = 1;
    this.#value[entry] = value[row]!;
    const count = this.#moveCount;
    for (let move = 0; move < count; move++) this.#priors[entry * count + move] = policy[row * count + move]!;
  }

  #beginOf(entry: number): number {
    return entry === 0 ? 0 : this.#ends[entry - 1]!;
  }

  /** Writes an observation's key from word `begin` on, and returns where it ends. */
  #write(observation: Int32Array, begin: number): number {
    const { length } = observation;
    const most = begin + Math.ceil(length / 32) + 2 * length;
    while (most > this.#keys.length) this.#keys = grown(this.#keys);
    const keys = this.#keys;
    let end = begin;
    let fractions = 0;
    for (let first = 0; first < length; first += 32) {
      const next = Math.min(first + 32, length);
      let ones = 0;
      for (let i = first; i < next; i++) {
        const bits = observation[i]!;
        const one = (bits >>> ONE_BIT) & 1;
        ones |= one << (i - first);
        fractions |= bits ^ (one * ONE);
      }
      keys[end++] = ones;
    }
    for (let i = 0; i < length && fractions !== 0; i++) {
      const bits = observation[i]!;
      if (bits === 0 || bits === ONE) continue;
      keys[end++] = i;
      keys[end++] = bits;
    }
    return end;
  }

  #hasKey(entry: number, begin: number, end: number): boolean {
    const keys = this.#keys;
    const shift = this.#beginOf(entry) - begin;
    if (this.#ends[entry]! - shift !== end) return false;
    for (let i = begin; i < end; i++) if (keys[i] !== keys[i + shift]) return false;
    return true;
  }

  #grow(): void {
    this.#ends = grown(this.#ends);
    this.#isJudged = grown(this.#isJudged);
    this.#value = grown(this.#value);
    this.#priors = grown(this.#priors);
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length).fill(EMPTY);
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === EMPTY) continue;
      let slot = firstSlot(old[from + 1]!, this.#slots);
      while (this.#slots[slot] !== EMPTY) slot = nextSlot(slot, this.#slots);
      this.#slots[slot] = old[from]!;
      this.#slots[slot + 1] = old[from + 1]!;
    }
  }
}

const firstSlot = (hash: number, slots: Int32Array): number => (2 * hash) & (slots.length - 1);
const nextSlot = (slot: number, slots: Int32Array): number => (slot + 2) & (slots.length - 1);

/** The finaliser of MurmurHash3: every bit of the input changes every bit of the result. */
function mixed(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
