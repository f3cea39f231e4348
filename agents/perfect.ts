/** Play without error: from a game's own solver, or by searching whole what is small enough. */

import { type Game, type Move, resultFor, type Seat, type Solver } from '../games/game.ts';
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

/** A position in which more would have to be searched than a solver may. */
export class TooLarge extends Error {}

/** A win with the next move is worth this much, one with the move after it 1 less, and so on; a loss as much below 0. */
const WIN = 10_000;

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

/** So many positions are remembered when a question begins, which adds at most its budget. */
const MOST_REMEMBERED = 4_000_000;

/**
 * Scores moves by result and by distance, those that win within n plies at 10,001
 * - n. Alpha-beta search with null windows, a memory, and a look at what it holds
 * of the positions that follow (Plaat et al., "Best-first fixed-depth minimax
 * algorithms", Artificial Intelligence 87, 1996): first who wins, then how soon,
 * from the shortest end upwards, which costs least.
 *
 * For games without chance that hide nothing. Throws TooLarge for a position of
 * which more than `budget` others would have to be searched.
 */
export function searchingSolver(game: Game, budget: number): Solver {
  const keyOf = game.key ?? (state => JSON.stringify(state));
  /** By position what its score is at least and at most. */
  const known = new Map<number | string, number>();
  /** By move, how many others were tried in vain before it was found to be good enough. */
  const settled = new Float64Array(game.moveCount);
  let left = 0;
  let plies = 0;

  /** Between `alpha` and `beta` the score for the seat to move, else a bound of it. */
  function search(state: unknown, key: number | string, alpha: number, beta: number): number {
    const bounds = known.get(key);
    let least = -WIN;
    let most = WIN;
    if (bounds !== undefined) {
      least = leastIn(bounds);
      most = mostIn(bounds);
      if (least >= beta || least === most) return least;
      if (most <= alpha) return most;
    }
    if (left-- === 0) throw new TooLarge(`more than ${budget} positions would have to be searched`);
    const turn = game.turn(state) as Seat;
    let best = -Infinity;
    const open: Follower[] = [];
    for (const move of game.moves(state)) {
      const next = game.play(state, move);
      const outcome = game.outcome(next);
      if (outcome) {
        best = Math.max(best, WIN * resultFor(turn, outcome));
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
    if (alpha >= WIN - 1) return WIN - 1;
    if (beta <= 1 - WIN) return 1 - WIN;
    if (++plies > MOST_PLIES) throw new TooLarge(`a game may last for more than ${MOST_PLIES} plies`);
    const score = again
      ? sooner(search(next, key, later(alpha), later(beta)))
      : -sooner(search(next, key, later(-beta), later(-alpha)));
    plies--;
    return score;
  }

  /** The exact score of a move. */
  function solve(state: unknown, turn: Seat, move: Move): number {
    const next = game.play(state, move);
    const outcome = game.outcome(next);
    if (outcome) return WIN * resultFor(turn, outcome);
    const follower = { move, next, key: keyOf(next), again: game.turn(next) === turn };
    const score = (alpha: number) => after(follower, alpha, alpha + 1);
    let least = score(0);
    if (least > 0) {
      // It wins: how soon, at best at once.
      for (let most = WIN; ; ) {
        const found = score(most - 1);
        if (found >= most) return most;
        most = found;
      }
    }
    if (score(-1) >= 0) return 0;
    for (least = -WIN; ; ) {
      const found = score(least);
      if (found <= least) return least;
      least = found;
    }
  }

  return state => {
    if (known.size > MOST_REMEMBERED) known.clear();
    left = budget;
    plies = 0;
    const scores = Array.from<number | null>({ length: game.moveCount }).fill(null);
    for (const move of game.moves(state)) scores[move] = solve(state, game.turn(state) as Seat, move);
    return scores;
  };
}

/** A score as it is a ply before, and a ply after. */
const sooner = (score: number): number => score - Math.sign(score);
const later = (score: number): number => score + Math.sign(score);

/** Two bounds from -WIN to WIN as one whole number. */
const DIGIT = 2 * WIN + 1;
const packed = (least: number, most: number): number => (least + WIN) * DIGIT + most + WIN;
const leastIn = (bounds: number): number => Math.floor(bounds / DIGIT) - WIN;
const mostIn = (bounds: number): number => (bounds % DIGIT) - WIN;

/** So many positions of a game with chance are searched before it counts as too large. */
const MOST_POSITIONS = 300_000;

/**
 * Solves `game` from the start and then scores from memory, by results (on
 * average where dice fall), sooner wins and later losses higher. Throws if the
 * game has more than 300,000 positions, or hides something: then no single move
 * is best.
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
  const worth: Worth = state => {
    const key = JSON.stringify(state);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= MOST_POSITIONS) throw new Error(`it has more than ${MOST_POSITIONS} positions`);
    const turn = game.turn(state);
    const values = game.moves(state).map(move => afterMove(game, worth, state, move, 0));
    const value =
      turn === 'chance'
        ? game.chances!(state).reduce((sum, chance, i) => sum + chance * values[i]!, 0)
        : FADE * (turn === 0 ? Math.max(...values) : Math.min(...values));
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
