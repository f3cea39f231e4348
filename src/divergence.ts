/** How far what is known about a game leads astray in a variant of it. */

import { searched } from '../agents/mcts.ts';
import { turnAfter } from '../arena/match.ts';
import { type Game, randomMove, type Seat } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';

/** Shares of the positions, each 0 … 1; the first three add up. */
export interface Divergence {
  /** Positions of the base game that the same moves do not lead to in the variant. */
  readonly absent: number;
  /** Positions of both in which other moves are legal. */
  readonly legal: number;
  /** Positions of both with the same legal moves, in which other moves are best. */
  readonly best: number;
  /** Positions in which two searches of the base game itself do not agree on the best: so much of `best` may be chance. */
  readonly noise: number;
}

/** Positions of random play that are compared. */
export const POSITIONS = 100;

/** What the tree search spends on each. */
export const SIMULATIONS = 2000;

/** By how much, on a scale from -1 to 1, a move must be worse than the best to count as another. */
const MARGIN = 0.1;

/** A position of a game, by the moves that lead to it, and what each move is worth there. */
interface Judged {
  readonly moves: readonly string[];
  readonly seat: Seat;
  readonly values: Values;
  /** Whether a second search finds another best move. */
  readonly isUnsure: boolean;
}

/** By the moves' texts, -1 … 1. */
type Values = ReadonlyMap<string, number>;

/** Positions of a game, to compare its variants with. */
export function judgedPositions(game: Game): readonly Judged[] {
  return Array.from({ length: POSITIONS }, (_, seed) => {
    const moves = position(game, seed);
    const values = judged(game, moves, seed);
    const isUnsure = differ(values, judged(game, moves, seed + POSITIONS));
    return { moves, seat: turnAfter(game, moves, seed)!.seat, values, isUnsure };
  });
}

export function divergence(positions: readonly Judged[], variant: Game): Divergence {
  const count = { absent: 0, legal: 0, best: 0, noise: 0 };
  for (const [seed, { moves, seat, values, isUnsure }] of positions.entries()) {
    if (isUnsure) count.noise++;
    if (!leads(variant, moves) || turnAfter(variant, moves, seed)?.seat !== seat) {
      count.absent++;
      continue;
    }
    const others = judged(variant, moves, seed);
    if (others.size !== values.size || [...values.keys()].some(move => !others.has(move))) count.legal++;
    else if (differ(values, others)) count.best++;
  }
  const share = (n: number) => n / positions.length;
  return {
    absent: share(count.absent),
    legal: share(count.legal),
    best: share(count.best),
    noise: share(count.noise),
  };
}

/** The moves of a random game up to a random place in it where a seat is to move. */
function position(game: Game, seed: number): readonly string[] {
  const random = seededRandom(seed);
  const moves: string[] = [];
  const places: number[] = [];
  for (let state = game.start; !game.outcome(state); ) {
    if (game.turn(state) !== 'chance') places.push(moves.length);
    const move = randomMove(game, state, random);
    moves.push(game.formatMove(move));
    state = game.play(state, move);
  }
  return moves.slice(0, places[Math.floor(random() * places.length)]);
}

/** Whether the moves can be made in a game, and leave it unfinished. */
function leads(game: Game, moves: readonly string[]): boolean {
  let state = game.start;
  for (const text of moves) {
    const move = game.parseMove(text);
    if (move === undefined || !game.moves(state).includes(move)) return false;
    state = game.play(state, move);
  }
  return game.outcome(state) === undefined;
}

const judged = (game: Game, moves: readonly string[], seed: number): Values =>
  new Map(
    searched(turnAfter(game, moves, seed)!, SIMULATIONS).map(({ move, value }) => [game.formatMove(move), value]),
  );

/** Whether the best move of one is not among the best of the other. */
function differ(one: Values, other: Values): boolean {
  const isWorse = (values: Values, move: string) => values.get(move)! < Math.max(...values.values()) - MARGIN;
  return isWorse(other, bestOf(one)) || isWorse(one, bestOf(other));
}

const bestOf = (values: Values): string => [...values].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
