/** What the page and its server say to each other: plain JSON, told here once for both sides. */

import type { Fault, Usage } from '../../agents/agent.ts';
import type { MatchRecord } from '../../arena/match.ts';
import type { Seat } from '../../games/game.ts';
import type { Standings } from '../standings.ts';

/** A strength that an opponent can be asked for. */
export interface Strength {
  /** For people: '400 simulations'. */
  readonly label: string;
  /** What the command line calls it: 'mcts:simulations=400'. */
  readonly spec: string;
  /** The games it plays, by their full names; every game where this is left out. */
  readonly games?: readonly string[];
}

/** An agent that the page offers, weakest strength first. */
export interface Opponent {
  readonly name: string;
  /** One sentence for people who have never heard of it. */
  readonly about: string;
  readonly strengths: readonly [Strength, ...Strength[]];
  /** The strength offered first, where it plays the game. */
  readonly usual: string;
}

/** A game that is not in the catalog. */
export interface GuestLine {
  readonly name: string;
  /** Where its module is, which exports a boardgame.io game. */
  readonly module: string;
}

/** Asks an agent for a move; it is seated first if need be. */
export interface DecideRequest {
  readonly game: string;
  readonly agent: string;
  /** Every move so far, in the game's notation. */
  readonly moves: readonly string[];
  /** Together with the number of moves made, all the luck the agent has. */
  readonly seed: number;
}

/** One decision as the page shows it. `move` is null where the agent forfeited by `fault`. */
export interface Thought {
  readonly move: string | null;
  readonly fault: Fault | null;
  readonly misses: readonly Fault[];
  readonly trace: unknown;
  readonly usage: Usage | null;
  readonly seconds: number | null;
}

/** What was thought of a position, and by whom: the opponent may be exchanged within a match. */
export interface Told {
  /** How many moves had been made. */
  readonly ply: number;
  readonly by: string;
  readonly thought: Thought;
}

/** Asks for a match of a game in which something is hidden: to begin it, or to go on with it. */
export interface DealRequest {
  readonly game: string;
  readonly agent: string;
  /** The match to go on with; null for a new one, which also comes where the server does not know it any more and no move is made. */
  readonly match: string | null;
  /** The seat of the page in a new match. */
  readonly you: Seat;
  /** With how many of the match's moves to go on; null for all. */
  readonly plies: number | null;
  /** The page's next move, if it makes one. */
  readonly move: string | null;
}

/** A match as the page's seat may see it; it is that seat's turn, or the match is over. */
export interface Dealt {
  readonly match: string;
  readonly you: Seat;
  /** How many moves come before those told here. */
  readonly from: number;
  /** '?' for one that is hidden. */
  readonly moves: readonly string[];
  /** The state after each of these moves; while the match goes on, one that the seat cannot tell from the true one. */
  readonly states: readonly unknown[];
  /** Empty while the match goes on. The last one's move is null where the agent forfeited. */
  readonly thoughts: readonly Told[];
}

/** A game's rulebook and guide as HTML. */
export interface DocumentPages {
  readonly rules: string;
  readonly guide: string;
}

/** Answers that take time come as lines of JSON: any number of 'status' lines, then one of the others. */
export type Line<Answer> =
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly error: string };

/** The rating table of one game. */
export interface Table {
  readonly game: string;
  readonly standings: Standings;
}

/** A logged match as the list of matches shows it. */
export interface MatchLine extends Pick<MatchRecord, 'game' | 'ending'> {
  readonly id: number;
  readonly names: readonly [string, string];
  readonly plies: number;
}
