/** Exhaustive search with memory: the ceiling, where a game is small enough. */

import { type Game, resultFor, type Seat } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/** So many positions are searched before a game counts as too large. */
const MOST_POSITIONS = 300_000;

/**
 * Solves `game` from the start and plays from memory: the move with the best
 * result (on average where dice fall), the soonest among wins and the latest
 * among losses; the random stream chooses among equals. Throws if the game has
 * more than 300,000 positions, or hides something: then no single move is best.
 */
export function perfectAgent(game: Game): Agent {
  if (game.hides) throw new Error('it has hidden information');
  const worth = solver(game);
  worth(game.start);
  return {
    name: 'perfect',
    conditions: { division: 'engine', budget: {} },
    decide({ state, seat, legal, random }) {
      const values = legal.map(move => afterMove(game, worth, state, move, seat));
      const best = Math.max(...values);
      return {
        move: pick(
          legal.filter((_, i) => values[i] === best),
          random,
        ),
        trace: { moves: legal.map((move, i) => ({ move: game.formatMove(move), value: Math.sign(values[i]!) })) },
      };
    },
  };
}

/** What a position is worth to seat 0. */
type Worth = (state: unknown) => number;

/** Fades a little with every ply, so that sooner wins and later losses are better. */
const FADE = 0.999;

function solver(game: Game): Worth {
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
