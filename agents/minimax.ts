/** Fixed-depth game-tree search that knows nothing but who won. */

import { type Game, type Move, resultFor, type Seat } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/** A win now is worth more than a win later; a position at the depth limit is worth 0, like a draw. */
const WIN = 1000;

/**
 * Alpha-beta search (Knuth & Moore, "An Analysis of Alpha-Beta Pruning", 1975,
 * §5) of `depth` plies, 1 or more, moves of chance being averaged over
 * (Expectimax: Michie 1966). The random stream chooses among the best moves.
 * Where something is hidden, it searches the one position it was handed.
 */
export const minimaxAgent = ({ depth }: { readonly depth: number }): Agent => ({
  name: `minimax:depth=${depth}`,
  conditions: { division: 'engine', budget: { depth } },
  decide({ game, state, seat, legal, random }) {
    let best = -Infinity;
    const values = legal.map(move => {
      // One below the best so far keeps ties exact.
      const value = valueAfter(game, state, move, seat, depth - 1, best - 1, Infinity);
      best = Math.max(best, value);
      return value;
    });
    return {
      move: pick(
        legal.filter((_, i) => values[i] === best),
        random,
      ),
      trace: { best },
    };
  },
});

/** What `move` is worth to `seat`, exactly where that is within (alpha, beta). */
function valueAfter(
  game: Game,
  state: unknown,
  move: Move,
  seat: Seat,
  depth: number,
  alpha: number,
  beta: number,
): number {
  const after = game.play(state, move);
  const outcome = game.outcome(after);
  if (outcome) return resultFor(seat, outcome) * (WIN + depth);
  if (depth === 0) return 0;
  const turn = game.turn(after);
  if (turn === 'chance') return expected(game, after, seat, depth);
  return turn === seat ? value(game, after, seat, depth, alpha, beta) : -value(game, after, turn, depth, -beta, -alpha);
}

/** What the best move is worth to `seat`, whose turn it is. */
function value(game: Game, state: unknown, seat: Seat, depth: number, alpha: number, beta: number): number {
  let best = -Infinity;
  for (const move of game.moves(state)) {
    best = Math.max(best, valueAfter(game, state, move, seat, depth - 1, Math.max(alpha, best), beta));
    if (best >= beta) break;
  }
  return best;
}

/** What a move of chance is worth to `seat` on average. */
function expected(game: Game, state: unknown, seat: Seat, depth: number): number {
  const chances = game.chances!(state);
  return game
    .moves(state)
    .reduce(
      (sum, move, i) => sum + chances[i]! * valueAfter(game, state, move, seat, depth - 1, -Infinity, Infinity),
      0,
    );
}
