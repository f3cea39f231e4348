/** Play without error: from a game's own solver, or by searching whole what is small enough. */

import {
  type EndSearch,
  type Game,
  type Move,
  resultFor,
  type Seat,
  SOONEST,
  type Solver,
  TooLarge,
} from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/** Plays the move that its solver scores highest; the random stream chooses among equals. */
export const perfectAgent = (solver: Solver): Agent => ({
  name: 'perfect',
  conditions: { division: 'engine', budget: {} },
  decide({ game, state, legal, random }) {
    const scores = solver(state);
    const best = Math.max(...legal.map(move => scores[move]!));
    return {
      move: pick(
        legal.filter(move => scores[move] === best),
        random,
      ),
      trace: { moves: legal.map(move => ({ move: game.formatMove(move), value: Math.sign(scores[move]!) })) },
    };
  },
});

/** A position after a move that did not end the game. */
interface Follower {
  readonly move: Move;
  readonly next: unknown;
  readonly key: number | string;
  /** Whether whoever moved moves again. */
  readonly again: boolean;
}

/** No line of play is followed further: where positions come again, there is no end to it. */
const MOST_PLIES = 1000;

/** So many positions are remembered at most, and as texts no more than have so many letters. */
const MOST_REMEMBERED = 4_000_000;
const MOST_LETTERS = 500_000_000;

/**
 * Scores moves by result and by distance, those that win within n plies at 10,001
 * - n.
 *
 * For games without chance that hide nothing. Throws TooLarge for a position of
 * which more than `budget` others would have to be searched.
 */
export function searchingSolver(game: Game, budget: number): Solver {
  const search = endSearchOf(game, budget);
  return state => {
    search.begin();
    const scores = Array.from<number | null>({ length: game.moveCount }).fill(null);
    for (const move of game.moves(state))
      scores[move] = exactScore(alpha => moveScore(game, search, state, move, alpha));
    return scores;
  };
}

const endSearchOf = (game: Game, budget: number): EndSearch =>
  game.endSearch?.create(budget) ?? exactSearch(game, budget);

/** How a position ends where nobody errs. */
export interface End {
  /** For the seat to move. */
  readonly result: -1 | 0 | 1;
  /** To the end, of a win or a loss; 0 of a draw. */
  readonly plies: number;
}

/** What a position comes to where nobody errs. */
export interface Truth extends End {
  /** All moves that are best: the soonest wins, or else the draws, or else the latest losses. */
  readonly best: readonly Move[];
  /** All that lead to the same result. */
  readonly kept: readonly Move[];
}

/** Tells of any position what a search of so many positions finds, undefined where that is too few. */
export interface Seer {
  /** What a search of `positions` at most finds, or of as many as the seer may. No matter what it was asked before. */
  end(state: unknown, positions?: number): End | undefined;
  /** As `searchingSolver` would have it but for the scores of moves that are not best. No matter what it was asked before, unless it `recalls` that. */
  truth(state: unknown, recalls?: boolean): Truth | undefined;
  /**
   * What a search of `positions` at most finds that only asks who wins: a win or a
   * loss may take fewer plies than it says. Recalls what was asked before, back to
   * the last question that did not.
   */
  winner(state: unknown, positions: number): End | undefined;
  /** How many positions the last answer has cost; means nothing before the first. */
  readonly cost: number;
}

export function createSeer(game: Game, budget: number): Seer {
  const search = endSearchOf(game, budget);
  let allowed = 0;
  const asked = <Answer>(answer: () => Answer, recalls = false, positions = budget): Answer | undefined => {
    allowed = positions;
    search.begin(positions);
    if (!recalls) search.forget();
    try {
      return answer();
    } catch (error) {
      if (error instanceof TooLarge) return undefined;
      throw error;
    }
  };
  const scoreOf = (state: unknown): number => exactScore(alpha => search.score(state, alpha));
  return {
    end: (state, positions) => asked(() => endOf(scoreOf(state)), false, positions),
    truth: (state, recalls) =>
      asked(() => {
        const score = scoreOf(state);
        const end = endOf(score);
        const among = (least: number): readonly Move[] =>
          game.moves(state).filter(move => moveScore(game, search, state, move, least - 1) >= least);
        return { ...end, best: among(score), kept: end.result < 0 ? game.moves(state) : among(end.result) };
      }, recalls),
    winner: (state, positions) =>
      asked(
        () => {
          const found = search.score(state, 0);
          return endOf(found > 0 ? found : Math.min(0, search.score(state, -1)));
        },
        true,
        positions,
      ),
    get cost() {
      return allowed - search.left;
    },
  };
}

const endOf = (score: number): End => ({
  result: Math.sign(score) as -1 | 0 | 1,
  plies: score === 0 ? 0 : SOONEST + 1 - Math.abs(score),
});

/** As `EndSearch.score`, of a move for whoever makes it. */
function moveScore(game: Game, search: EndSearch, state: unknown, move: Move, alpha: number): number {
  const turn = game.turn(state) as Seat;
  const next = game.play(state, move);
  const outcome = game.outcome(next);
  if (outcome) return SOONEST * resultFor(turn, outcome);
  // Nobody has won or lost by this move, so nothing better than a ply later can come.
  if (alpha >= SOONEST - 1) return SOONEST - 1;
  if (alpha <= -SOONEST) return 1 - SOONEST;
  return game.turn(next) === turn
    ? sooner(search.score(next, later(alpha)))
    : -sooner(search.score(next, later(-alpha - 1)));
}

/**
 * The score that `compared` tells of: given alpha, a bound of it from below where
 * it is above alpha, else one from above. First who wins, then how soon, from the
 * shortest end upwards, which costs least.
 */
function exactScore(compared: (alpha: number) => number): number {
  if (compared(0) > 0) {
    // It wins: how soon, at best at once.
    for (let most = SOONEST; ; ) {
      const found = compared(most - 1);
      if (found >= most) return most;
      most = found;
    }
  }
  if (compared(-1) >= 0) return 0;
  for (let least = -SOONEST; ; ) {
    const found = compared(least);
    if (found <= least) return least;
    least = found;
  }
}

/**
 * Alpha-beta search with null windows, a memory, and a look at what it holds of
 * the positions that follow (Plaat et al., "Best-first fixed-depth minimax
 * algorithms", Artificial Intelligence 87, 1996).
 */
function exactSearch(game: Game, budget: number): EndSearch {
  const keyOf = game.key ?? (state => JSON.stringify(state));
  /** By position what its score is at least and at most. */
  const known: Bounds = game.key ? new NumberedBounds(budget) : new NamedBounds();
  /** By move, how many others were tried in vain before it was found to be good enough. */
  const settled = new Float64Array(game.moveCount);
  let allowed = 0;
  let left = 0;
  let plies = 0;

  /** Between `alpha` and `beta` the score for the seat to move, else a bound of it. */
  function search(state: unknown, key: number | string, alpha: number, beta: number): number {
    const bounds = known.get(key);
    let least = -SOONEST;
    let most = SOONEST;
    if (bounds !== undefined) {
      least = leastIn(bounds);
      most = mostIn(bounds);
      if (least >= beta || least === most) return least;
      if (most <= alpha) return most;
    }
    if (left === 0) throw new TooLarge(`more than ${allowed} positions would have to be searched`);
    left--;
    const turn = game.turn(state) as Seat;
    let best = -Infinity;
    const open: Follower[] = [];
    for (const move of game.moves(state)) {
      const next = game.play(state, move);
      const outcome = game.outcome(next);
      if (outcome) {
        best = Math.max(best, SOONEST * resultFor(turn, outcome));
        if (best >= beta) break;
      } else {
        const nextKey = keyOf(next);
        const again = game.turn(next) === turn;
        const bounds = known.get(nextKey);
        if (bounds !== undefined) {
          const atLeast = again ? sooner(leastIn(bounds)) : -sooner(mostIn(bounds));
          best = Math.max(best, atLeast);
          if (best >= beta) break;
        }
        open.push({ move, next, key: nextKey, again });
      }
    }
    if (best < beta) {
      open.sort((a, b) => settled[b.move]! - settled[a.move]!);
      for (const [i, follower] of open.entries()) {
        best = Math.max(best, after(follower, Math.max(alpha, best), beta));
        if (best >= beta) {
          settled[follower.move]! += i;
          break;
        }
      }
    }
    if (best >= beta) least = Math.max(least, best);
    else if (best <= alpha) most = Math.min(most, best);
    else least = most = best;
    known.set(key, packed(least, most));
    return best;
  }

  /** What a move is worth to who makes it: as `search`. */
  function after({ next, key, again }: Follower, alpha: number, beta: number): number {
    // Nobody has won or lost by this move, so nothing better than a ply later can come.
    if (alpha >= SOONEST - 1) return SOONEST - 1;
    if (beta <= 1 - SOONEST) return 1 - SOONEST;
    if (++plies > MOST_PLIES) throw new TooLarge(`a game may last for more than ${MOST_PLIES} plies`);
    const score = again
      ? sooner(search(next, key, later(alpha), later(beta)))
      : -sooner(search(next, key, later(-beta), later(-alpha)));
    plies--;
    return score;
  }

  return {
    begin(positions = budget) {
      allowed = positions;
      left = positions;
      plies = 0;
    },
    get left() {
      return left;
    },
    forget() {
      known.clear();
      settled.fill(0);
    },
    score: (state, alpha) => search(state, keyOf(state), alpha, alpha + 1),
  };
}

/** A score as it is a ply before, and a ply after. */
const sooner = (score: number): number => score - Math.sign(score);
const later = (score: number): number => score + Math.sign(score);

/** What is known of positions, by their keys. */
interface Bounds {
  get(key: number | string): number | undefined;
  set(key: number | string, bounds: number): void;
  clear(): void;
}

/** Bounds of positions that are remembered as texts: where there is no room for one, all others are forgotten. */
class NamedBounds extends Map<string, number> {
  #letters = 0;

  override set(key: string, bounds: number): this {
    if (this.size >= MOST_REMEMBERED || this.#letters >= MOST_LETTERS) this.clear();
    const before = this.size;
    super.set(key, bounds);
    if (this.size > before) this.#letters += key.length;
    return this;
  }

  override clear(): void {
    super.clear();
    this.#letters = 0;
  }
}

/** Slots in which a key may stand, one after the other. */
const BUCKET = 4;

/** Bounds of positions that have numbers: where there is no room for one, another is forgotten. */
class NumberedBounds {
  readonly #mask: number;
  /** A key plus 1; 0 where there is none. */
  readonly #keys: Float64Array;
  readonly #bounds: Float64Array;

  constructor(budget: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.min(2 * budget, MOST_REMEMBERED) + BUCKET));
    this.#mask = slots - 1;
    this.#keys = new Float64Array(slots);
    this.#bounds = new Float64Array(slots);
  }

  get(key: number): number | undefined {
    const first = this.#firstOf(key);
    for (let slot = first; slot < first + BUCKET; slot++) if (this.#keys[slot] === key + 1) return this.#bounds[slot];
    return undefined;
  }

  set(key: number, bounds: number): void {
    const first = this.#firstOf(key);
    let slot = first;
    while (slot < first + BUCKET && this.#keys[slot] !== 0 && this.#keys[slot] !== key + 1) slot++;
    if (slot === first + BUCKET) slot = first + (bounds % BUCKET);
    this.#keys[slot] = key + 1;
    this.#bounds[slot] = bounds;
  }

  clear(): void {
    this.#keys.fill(0);
  }

  #firstOf(key: number): number {
    const hash = Math.imul(key, 0x9e3779b1) ^ Math.imul(key / 2 ** 32, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & this.#mask & ~(BUCKET - 1);
  }
}

/** Two bounds from -SOONEST to SOONEST as one whole number. */
const DIGIT = 2 * SOONEST + 1;
const packed = (least: number, most: number): number => (least + SOONEST) * DIGIT + most + SOONEST;
const leastIn = (bounds: number): number => Math.floor(bounds / DIGIT) - SOONEST;
const mostIn = (bounds: number): number => (bounds % DIGIT) - SOONEST;

/** So many positions of a game with chance are searched before it counts as too large. */
const MOST_POSITIONS = 300_000;

/**
 * Solves `game` from the start and then scores from memory, by results (on
 * average where dice fall), sooner wins and later losses higher. Throws if the
 * game has more than 300,000 positions or may last for more than 1000 plies, or
 * hides something: then no single move is best.
 */
export function exhaustiveSolver(game: Game): Solver {
  if (game.hides) throw new Error('it has hidden information');
  const worth = worthOf(game);
  worth(game.start);
  return state => {
    const scores = Array.from<number | null>({ length: game.moveCount }).fill(null);
    for (const move of game.moves(state)) scores[move] = afterMove(game, worth, state, move, game.turn(state) as Seat);
    return scores;
  };
}

/** What a position is worth to seat 0. */
type Worth = (state: unknown) => number;

/** Fades a little with every ply, so that sooner wins and later losses are better. */
const FADE = 0.999;

function worthOf(game: Game): Worth {
  const known = new Map<string, number>();
  let plies = 0;
  const worth: Worth = state => {
    const key = JSON.stringify(state);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MOST_POSITIONS) throw new Error(`it has more than ${MOST_POSITIONS} positions`);
    if (++plies > MOST_PLIES) throw new Error(`a game may last for more than ${MOST_PLIES} plies`);
    const turn = game.turn(state);
    const values = game.moves(state).map(move => afterMove(game, worth, state, move, 0));
    const value =
      turn === 'chance'
        ? game.chances!(state).reduce((sum, chance, i) => sum + chance * values[i]!, 0)
        : FADE * (turn === 0 ? Math.max(...values) : Math.min(...values));
    plies--;
    known.set(key, value);
    return value;
  };
  return worth;
}

/** What `move` is worth to `seat`. */
function afterMove(game: Game, worth: Worth, state: unknown, move: number, seat: Seat): number {
  const after = game.play(state, move);
  const outcome = game.outcome(after);
  if (outcome) return resultFor(seat, outcome);
  return seat === 0 ? worth(after) : -worth(after);
}
