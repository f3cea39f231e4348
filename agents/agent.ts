/** The contract between a player and the table it sits at. */

import type { Game, Move, Seat } from '../games/game.ts';
import type { Random } from '../games/random.ts';

/** Everything an agent is told when it is asked to move. */
export interface Turn<State = unknown> {
  readonly game: Game<State>;
  /** Where something is hidden from `seat`, one that it cannot tell from the true one: `game.guess` gives more of them. */
  readonly state: State;
  readonly seat: Seat;
  /** Never empty. */
  readonly legal: readonly Move[];
  /** Every move of the match so far, the opening's and chance's included, first to last; null for one that `seat` did not see. */
  readonly history: readonly (Move | null)[];
  /** The only randomness an agent may use; its own stream, apart from its opponent's. */
  readonly random: Random;
}

/** What a reply held instead of a legal move: an illegal one, nothing that can be read, nothing at all, or its end was cut off. */
export type ReplyFault = 'illegal' | 'unparsable' | 'empty' | 'truncated';

/** What an agent gave instead of a legal move: such a reply, its resignation, or, being a program of its own, an error, silence or its death. */
export type Fault = ReplyFault | 'resigned' | 'failed';

/** What a decision cost, where it was bought from a language model. */
export interface Usage {
  readonly promptTokens: number;
  /** Those of `promptTokens` that the model's cache already held. */
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** In US dollars, where the price is known. */
  readonly dollars?: number;
}

/**
 * What an agent answers: a move, or the fault that its last attempt ended with.
 * The arena decides what a fault costs; an agent never plays a substitute on
 * the quiet.
 */
export type Decision = ({ readonly move: Move } | { readonly fault: Fault }) & {
  /** The faults of the attempts before the last, where the division allows several. */
  readonly misses?: readonly Fault[];
  /** Why, as JSON: visit counts, the model's words. Logged as it is. */
  readonly trace?: unknown;
  readonly usage?: Usage;
};

/** The conditions an agent plays under, as JSON: its division and its budget. Part of every record. */
export interface Conditions {
  /**
   * 'engine' for agents that search or look up, 'direct' for a language model that
   * reads and replies, 'outside' for a program that is not ours.
   */
  readonly division: string;
  /** What may be spent on one move, for instance { simulations: 400 } or { attempts: 2, tokens: 120 }. */
  readonly budget: Readonly<Record<string, number | string | boolean>>;
}

/**
 * A player.
 *
 * An agent keeps nothing between turns: what happened is in `turn.history`, and
 * what it learned was given to it when it was made. One agent can therefore sit
 * at many tables at once.
 */
export interface Agent {
  /** As named on the command line, in canonical form: 'mcts:simulations=400'. */
  readonly name: string;
  /** SHA-256 (hex) of what it learned: weights, or notes and prompts. None where the name says it all. */
  readonly fingerprint?: string;
  readonly conditions: Conditions;
  /** Throws only for a fault that is nobody's play, such as a lost connection; the match is then void. */
  decide(turn: Turn): Decision | Promise<Decision>;
  /** How likely it is to make each of `turn.legal`, in that order, where it can tell. Takes no random numbers. */
  policy?(turn: Turn): readonly number[] | Promise<readonly number[]>;
}
