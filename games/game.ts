/**
 * The contract between a game and everything that plays it.
 *
 * A game is a value: a handful of pure functions over a state that is plain
 * JSON. Nothing here remembers anything, so a state can be logged, compared,
 * branched for search, or sent to a browser as it is. A state is opaque outside
 * its game's folder.
 *
 * A game has two seats. It may have chance, as a third that moves by known
 * probabilities; hidden information, as what a seat may see of a state; and
 * simultaneous orders, as moves one after the other that are hidden until they
 * take effect.
 */

import { pick, type Random } from './random.ts';

/** A place at the table. Seat 0 makes the first move. */
export type Seat = 0 | 1;

/** Who makes the next move: a seat, or chance (a roll of dice, a deal of cards). */
export type Mover = Seat | 'chance';

/**
 * A move, numbered within its game: the seats' from 0 up to `moveCount`, those
 * of chance from there on up to `moveCount + chanceCount`.
 *
 * One number always means the same move, whatever the state, so it can index a
 * policy vector. People, logs and language models never see it: they see the
 * text that `formatMove` gives it.
 */
export type Move = number;

/** How a finished game ended. `how` is for readers: 'four in a row', 'board full'. */
export type Outcome = (
  | {
      readonly kind: 'win';
      readonly winner: Seat;
      readonly how: string;
      /** How much this win is worth, above 0 and at most 1, in games in which wins differ (chips); 1 where left out. */
      readonly stake?: number;
    }
  | { readonly kind: 'draw'; readonly how: string }
) & {
  /** Points by seat in games that count them: discs, chips, territory. Won, drawn or lost is told by `kind` alone. */
  readonly scores?: readonly [number, number];
};

/**
 * A way to turn or mirror the board that leaves the game the same. What was on
 * square (or move) i is, after it, on `squares[i]` (or `moves[i]`).
 */
export interface Symmetry {
  /** A permutation of the rows × columns squares of one observation plane. */
  readonly squares: readonly number[];
  /** A permutation of the seats' move numbers. */
  readonly moves: readonly Move[];
}

/** What the documents of a game are rendered with: {{size}}, {{#misere}} … {{/misere}}. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** The rules of one game, or of one variant of it, apart from its name. */
export interface Rules<State = unknown> {
  /** For people: 'Connect Four', 'Hex, 7 × 7'. */
  readonly title: string;

  /** What `show` calls the seats, where it does not say x and o. */
  readonly seatNames?: readonly [string, string];

  /** Rulebook and guide as Markdown, for a game that has no folder with rules.md and guide.md. */
  readonly documents?: { readonly rules: string; readonly guide: string };

  /** What rules.md and guide.md need beyond the parameters. */
  readonly facts?: Facts;

  /** Seats' moves are numbered 0 … moveCount - 1. */
  readonly moveCount: number;

  /** Moves of chance are numbered moveCount … moveCount + chanceCount - 1; left out where there are none. */
  readonly chanceCount?: number;

  /** What `observe` returns, as [planes, rows, columns]. */
  readonly observationShape: readonly [planes: number, rows: number, columns: number];

  /** All symmetries but the identity. */
  readonly symmetries: readonly Symmetry[];

  /** How many random plies make openings varied without deciding the game. */
  readonly openingPlies: number;

  /** The state before the first move. */
  readonly start: State;

  /** Who moves next. Meaningless once the game is over. */
  turn(state: State): Mover;

  /** The legal moves in ascending order, chance's where it is to move. Empty exactly when the game is over. */
  moves(state: State): readonly Move[];

  /** Where chance is to move: how likely each of `moves(state)` is, in the same order; they sum to 1. */
  chances?(state: State): readonly number[];

  /** The state after `move`. Expects a legal move; never changes `state`. */
  play(state: State, move: Move): State;

  /** The result, or undefined while the game goes on. */
  outcome(state: State): Outcome | undefined;

  /**
   * Whether the seat to move has a move that ends the game in its favour; the game
   * is not over, and chance is not to move. Left out where trying all is fast enough.
   */
  winsAtOnce?(state: State): boolean;

  /**
   * The ids ('R4') of the numbered rules of rules.md that decide about `move` in
   * a state that is not over: for a legal one those that take effect when it is
   * made, for any other those that forbid it. Never empty. Not meant to be fast.
   */
  explain(state: State, move: Move): readonly string[];

  /**
   * The result of uniformly random play from `state`, chance by its
   * probabilities: what `plainPlayout` below returns for the same random numbers,
   * only faster (for guests from boardgame.io: as likely). Left out where that is
   * fast enough.
   */
  playout?(state: State, random: Random): Outcome;

  /**
   * Whether `seat` does not see which move this was when it is made in `state`.
   * Left out where everybody sees everything.
   */
  hides?(state: State, move: Move, seat: Seat): boolean;

  /**
   * A random state among those that `seat` cannot tell from `state`, as likely
   * as it would be if all others had moved at random. Depends on nothing that
   * `seat` cannot see: any two states it cannot tell apart give the same one for
   * the same random numbers. Stands exactly where `hides` does.
   */
  guess?(state: State, seat: Seat, random: Random): State;

  /**
   * The position as text for people, prompts and failing tests, as `seat` sees
   * it; all of it where no seat is given. No trailing newline.
   */
  show(state: State, seat?: Seat): string;

  /** What a move looks like, for whoever has to type one: "a column from a to g". */
  readonly notation: string;

  /** A move in the notation that `rules.md` teaches, in lower case. Chance's too. */
  formatMove(move: Move): string;

  /** The inverse of `formatMove`; undefined for any text that is not a move. */
  parseMove(text: string): Move | undefined;

  /** The position as the seat to move sees it, for learning agents: own pieces first, nothing hidden. Numbers from 0 to 1, plane by plane, row by row. */
  observe(state: State): Float32Array;

  /** The same, over whatever stands in `planes`, only faster. Left out where that is not worth it. */
  observeInto?(state: State, planes: Float32Array): void;

  /**
   * A whole number from 0 to 2^53 - 1 that is the same only for states that are
   * worth the same to whoever is to move, such as mirror images: what a search
   * remembers them by. Left out where it does not fit.
   */
  key?(state: State): number;

  /** Where each seat plays on a board of its own, which nobody else's moves touch: that board as a game for one. */
  readonly solo?: Solo<State>;

  /** Scripted players that come with the game, by name. Each is told what `seat` may see: the state may be a guess. */
  readonly scripts?: Readonly<Record<string, Script<State>>>;

  /** Whether it is so small that all of it can be searched while a person waits. */
  readonly small?: boolean;

  /**
   * Where engines play the game over GTP, the Go Text Protocol: what they are told
   * before the first move. Seat 0 is black, and the game's notation is theirs.
   */
  readonly gtp?: Gtp;

  /** Where engines play the game over UCI, the Universal Chess Interface. Seat 0 is white. */
  readonly uci?: Uci<State>;

  /** Where positions can be searched to the end faster than by these rules. */
  readonly endSearch?: {
    /** Makes such a search, whose answers may each cost `budget` positions, and which remembers about as many. */
    create(budget: number): EndSearch<State>;
    /** Whether it looks at millions of positions a second: then a specialist asks it wherever its tree grows. */
    readonly fast: boolean;
  };

  /** Where the game is solved: makes its solver from the book in the game's folder, `book.gz` unzipped. */
  readonly solver?: (book: Uint8Array) => Solver<State>;
}

/**
 * A seat's own board as a game for one, which pays points. Nothing here depends
 * on the other seat's moves, except that its part may end the game earlier.
 */
export interface Solo<State = unknown> {
  /** What `observe` returns, as [planes, rows, columns]. The same in every game of a family on a board of the same size. */
  readonly observationShape: readonly [planes: number, rows: number, columns: number];

  /** The points of `seat` so far; a finished game's `scores` are those at its end. */
  score(state: State, seat: Seat): number;

  /** The board of `seat`, in numbers from 0 to 1: plane by plane, row by row. */
  observe(state: State, seat: Seat): Float32Array;
}

export interface Gtp {
  /** Points or squares along each side of the board. */
  readonly size: number;
  /** Points given to white, where the game counts points. */
  readonly komi?: number;
}

export interface Uci<State = unknown> {
  /** What Fairy-Stockfish calls the game. */
  readonly variant: string;
  /** A move made in `state` as UCI writes it. */
  format(state: State, move: Move): string;
  /** The inverse; undefined where the text is no move. */
  parse(text: string): Move | undefined;
}

/**
 * What every move is worth to the seat to move, by move number: above 0 wins, and
 * the sooner the higher; below 0 loses, and the later the higher; 0 draws; null
 * where a move is not legal.
 */
export type Solver<State = unknown> = {
  // A method's parameters compare both ways, as those of Rules do.
  scores(state: State): readonly (number | null)[];
}['scores'];

/** What a win with the next move is worth in a search to the end, one with the move after it 1 less, and so on; a loss as much below 0. */
export const SOONEST = 10_000;

/** A search to the end. It remembers what it finds. */
export interface EndSearch<State = unknown> {
  /** Before every question, which may cost so many positions; the whole budget unless told. */
  begin(positions?: number): void;
  /** How many of those the question has left so far, at least 0. */
  readonly left: number;
  /** What was remembered: from here on answers are as if nothing had been asked before. */
  forget(): void;
  /**
   * The score of a position that is not over, for the seat to move, if it is
   * `alpha` or less, or one more; else a bound of it, on its side of them. Throws
   * TooLarge where that costs too much.
   */
  score(state: State, alpha: number): number;
}

/** A position in which more would have to be searched than a search may. */
export class TooLarge extends Error {}

/** The move of a scripted player for `seat`, whose turn it is. */
export type Script<State = unknown> = {
  // A method's parameters compare both ways, as those of Rules do.
  move(state: State, seat: Seat, random: Random): Move;
}['move'];

/**
 * A game at the table.
 *
 * `Game` without an argument is "some game": code that plays any game holds the
 * state as `unknown` and can only hand it back to the game it came from.
 */
export interface Game<State = unknown> extends Rules<State> {
  /** Unique, as on the command line: 'connect-four', 'hex:size=7'. */
  readonly name: string;

  /** The name of its folder: 'hex'. */
  readonly family: string;

  /** What its documents are rendered with: the parameters and the rules' own facts. */
  readonly facts: Facts;
}

export const opponent = (seat: Seat): Seat => (seat === 0 ? 1 : 0);

/** The result for `seat`: 1 for a win, 0 for a draw, -1 for a loss. */
export const resultFor = (seat: Seat, outcome: Outcome): -1 | 0 | 1 =>
  outcome.kind === 'draw' ? 0 : outcome.winner === seat ? 1 : -1;

/** What the result is worth to `seat`, from -1 to 1: 0 for a draw, the stake for whoever wins it. */
export const worthFor = (seat: Seat, outcome: Outcome): number =>
  outcome.kind === 'draw' ? 0 : resultFor(seat, outcome) * (outcome.stake ?? 1);

/** An observation turned or mirrored. */
export function imageOf<Planes extends Float32Array | Uint8Array>(observation: Planes, { squares }: Symmetry): Planes {
  const image = observation.slice() as Planes;
  for (let i = 0; i < observation.length; i++) {
    const square = i % squares.length;
    image[i - square + squares[square]!] = observation[i]!;
  }
  return image;
}

/** The state after `moves`, given in the game's notation, chance's among them. Throws on a text that is not a legal move. */
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

/** The move of chance that one random number picks. */
export function drawChance<State>(rules: Rules<State>, state: State, random: Random): Move {
  const moves = rules.moves(state);
  const chances = rules.chances!(state);
  let left = random();
  for (let i = 0; i < moves.length - 1; i++) {
    left -= chances[i]!;
    if (left < 0) return moves[i]!;
  }
  return moves.at(-1)!;
}

/** A random move of whoever is to move: uniform for a seat, by its probabilities for chance. Takes one random number. */
export const randomMove = <State>(rules: Rules<State>, state: State, random: Random): Move =>
  rules.turn(state) === 'chance' ? drawChance(rules, state, random) : pick(rules.moves(state), random);

/** Random play to the end. Takes one random number for each ply. */
export function plainPlayout<State>(rules: Rules<State>, state: State, random: Random): Outcome {
  let last = state;
  for (;;) {
    const outcome = rules.outcome(last);
    if (outcome) return outcome;
    last = rules.play(last, randomMove(rules, last, random));
  }
}

/** Whether the seat to move has a move that ends the game in its favour; the game is not over, and chance is not to move. */
export function winsAtOnce<State>(rules: Rules<State>, state: State): boolean {
  if (rules.winsAtOnce) return rules.winsAtOnce(state);
  const seat = rules.turn(state);
  return rules.moves(state).some(move => {
    const outcome = rules.outcome(rules.play(state, move));
    return outcome?.kind === 'win' && outcome.winner === seat;
  });
}

/** What `observe` returns, over whatever stands in `planes`. */
export function observeInto<State>(rules: Rules<State>, state: State, planes: Float32Array): void {
  if (rules.observeInto) rules.observeInto(state, planes);
  else planes.set(rules.observe(state));
}

/** Random play to the end, as fast as the game can. */
export const playout = <State>(rules: Rules<State>, state: State, random: Random): Outcome =>
  rules.playout ? rules.playout(state, random) : plainPlayout(rules, state, random);
