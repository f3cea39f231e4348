/**
 * The contract between a game and everything that plays it.
 *
 * A game is a value: a handful of pure functions over a state that is plain
 * JSON. Nothing here remembers anything, so a state can be logged, compared,
 * branched for search, or sent to a browser as it is. A state is opaque outside
 * its game's folder.
 *
 * Games have two seats, no chance and nothing hidden.
 */

import { pick, type Random } from './random.ts';

/** A place at the table. Seat 0 makes the first move. */
export type Seat = 0 | 1;

/**
 * A move, numbered within its game: an integer from 0 up to `moveCount`.
 *
 * One number always means the same move, whatever the state, so it can index a
 * policy vector. People, logs and language models never see it: they see the
 * text that `formatMove` gives it.
 */
export type Move = number;

/** How a finished game ended. `how` is for readers: 'four in a row', 'board full'. */
export type Outcome =
  | { readonly kind: 'win'; readonly winner: Seat; readonly how: string }
  | { readonly kind: 'draw'; readonly how: string };

/**
 * A way to turn or mirror the board that leaves the game the same. What was on
 * square (or move) i is, after it, on `squares[i]` (or `moves[i]`).
 */
export interface Symmetry {
  /** A permutation of the rows × columns squares of one observation plane. */
  readonly squares: readonly number[];
  /** A permutation of the move numbers. */
  readonly moves: readonly Move[];
}

/**
 * The rules of one game.
 *
 * `Game` without an argument is "some game": code that plays any game holds the
 * state as `unknown` and can only hand it back to the game it came from.
 */
export interface Game<State = unknown> {
  /** Unique, and the name of the game's folder: 'connect-four'. */
  readonly name: string;

  /** For people: 'Connect Four'. */
  readonly title: string;

  /** Moves are numbered 0 … moveCount - 1. */
  readonly moveCount: number;

  /** What `observe` returns, as [planes, rows, columns]. */
  readonly observationShape: readonly [planes: number, rows: number, columns: number];

  /** All symmetries but the identity. */
  readonly symmetries: readonly Symmetry[];

  /** How many random plies make openings varied without deciding the game. */
  readonly openingPlies: number;

  /** The state before the first move. */
  readonly start: State;

  /** Who moves next. Meaningless once the game is over. */
  turn(state: State): Seat;

  /** The legal moves in ascending order. Empty exactly when the game is over. */
  moves(state: State): readonly Move[];

  /** The state after `move`. Expects a legal move; never changes `state`. */
  play(state: State, move: Move): State;

  /** The result, or undefined while the game goes on. */
  outcome(state: State): Outcome | undefined;

  /**
   * The result of uniformly random play from `state`: what `playout` below
   * returns for the same random numbers, only faster.
   */
  playout(state: State, random: Random): Outcome;

  /** The position as text for people, prompts and failing tests. No trailing newline. */
  show(state: State): string;

  /** A move in the notation that `rules.md` teaches. */
  formatMove(move: Move): string;

  /** The inverse of `formatMove`; undefined for any text that is not a move. */
  parseMove(text: string): Move | undefined;

  /** The position as the seat to move sees it, for learning agents: own pieces first. Plane by plane, row by row. */
  observe(state: State): Float32Array;
}

export const opponent = (seat: Seat): Seat => (seat === 0 ? 1 : 0);

/** The result for `seat`: 1 for a win, 0 for a draw, -1 for a loss. */
export const resultFor = (seat: Seat, outcome: Outcome): -1 | 0 | 1 =>
  outcome.kind === 'draw' ? 0 : outcome.winner === seat ? 1 : -1;

/** An observation turned or mirrored. */
export function imageOf<Planes extends Float32Array | Uint8Array>(observation: Planes, { squares }: Symmetry): Planes {
  const image = observation.slice() as Planes;
  for (let i = 0; i < observation.length; i++) {
    const square = i % squares.length;
    image[i - square + squares[square]!] = observation[i]!;
  }
  return image;
}

/** The state after `moves`, given in the game's notation. Throws on a text that is not a legal move. */
export function replay<State>(game: Game<State>, moves: readonly string[]): State {
  let state = game.start;
  for (const [ply, text] of moves.entries()) {
    const move = game.parseMove(text);
    if (move === undefined || !game.moves(state).includes(move)) {
      throw new Error(`${game.name}: '${text}' (ply ${ply + 1}) is not legal in\n${game.show(state)}`);
    }
    state = game.play(state, move);
  }
  return state;
}

/** Uniformly random play to the end. Takes one random number for each ply. */
export function playout<State>(game: Game<State>, state: State, random: Random): Outcome {
  let last = state;
  for (;;) {
    const outcome = game.outcome(last);
    if (outcome) return outcome;
    last = game.play(last, pick(game.moves(last), random));
  }
}
