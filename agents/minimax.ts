/** Fixed-depth game-tree search that knows nothing but who won. */

import { type Game, resultFor } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/** A win now is worth more than a win later; a position at the depth limit is worth 0, like a draw. */
const WIN = 1000;

/**
 * Alpha-beta search (Knuth & Moore, "An Analysis of Alpha-Beta Pruning", 1975,
 * §5) of `depth` plies, 1 or more. Chance chooses among the best moves.
 */
export const minimaxAgent = ({ depth }: { readonly depth: number }): Agent => ({
  name: `minimax:depth=${depth}`,
  conditions: { division: 'engine', budget: { depth } },
  decide({ game, state, legal, random }) {
    let best = -Infinity;
    const values = legal.map(move => {
      // One below the best so far keeps ties exact.
      const value = valueAfter(game, state, move, depth - 1, best - 1, Infinity);
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

/** What `move` is worth to whoever makes it, exactly where that is within (alpha, beta). */
function valueAfter(game: Game, state: unknown, move: number, depth: number, alpha: number, beta: number): number {
  const after = game.play(state, move);
  const outcome = game.outcome(after);
  if (outcome) return resultFor(game.turn(state), outcome) * (WIN + depth);
  if (depth === 0) return 0;
  return game.turn(after) === game.turn(state)
    ? value(game, after, depth, alpha, beta)
    : -value(game, after, depth, -beta, -alpha);
}

function value(game: Game, state: unknown, depth: number, alpha: number, beta: number): number {
  let best = -Infinity;
  for (const move of game.moves(state)) {
    best = Math.max(best, valueAfter(game, state, move, depth - 1, Math.max(alpha, best), beta));
    if (best >= beta) break;
  }
  return best;
}
