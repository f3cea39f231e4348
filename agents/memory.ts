/**
 * What a network has said of positions: none is judged twice while its weights
 * stay the same. Positions reached in another order of moves, the part of the
 * last move's tree below the move that was played, and other games' openings
 * cost nothing then.
 */

import type { Game } from '../games/game.ts';
import type { Evaluation } from './search.ts';

/** Numbers kept at most, in each of two generations. */
const MOST_NUMBERS = 8_000_000;

export class Memory<State> {
  readonly #capacity: number;
  #young = new Map<string, Evaluation>();
  #old = new Map<string, Evaluation>();

  constructor({ moveCount }: Game<State>) {
    this.#capacity = Math.floor(MOST_NUMBERS / (moveCount + 1));
  }

  /** A position's name. */
  key(state: State): string {
    return JSON.stringify(state);
  }

  get(key: string): Evaluation | undefined {
    const young = this.#young.get(key);
    if (young) return young;
    const old = this.#old.get(key);
    if (old) this.set(key, old);
    return old;
  }

  /** Keeps an evaluation, whose arrays must not change. Once a generation is full, the one before it is forgotten. */
  set(key: string, evaluation: Evaluation): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, evaluation);
  }
}
