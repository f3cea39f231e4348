/** Exhaustive search with memory: the ceiling, where a game is small enough. */

import { type Game, resultFor } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/** So many positions are searched before a game counts as too large. */
const MOST_POSITIONS = 300_000;

/**
 * Solves `game` from the start and plays from memory: the move with the best
 * result, the soonest among wins and the latest among losses; chance chooses
 * among equals. Throws if the game has more than 300,000 positions.
 */
export function perfectAgent(game: Game): Agent {
  const worth = solver(game);
  worth(game.start);
  return {
    name: 'perfect',
    conditions: { division: 'engine', budget: {} },
    decide({ state, legal, random }) {
      const values = legal.map(move => afterMove(game, worth, state, move));
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
    const value = FADE * Math.max(...game.moves(state).map(move => afterMove(game, worth, state, move)));
    known.set(key, value);
    return value;
  };
  return worth;
}

/** What `move` is worth to whoever makes it. */
function afterMove(game: Game, worth: Worth, state: unknown, move: number): number {
  const after = game.play(state, move);
  const outcome = game.outcome(after);
  if (outcome) return resultFor(game.turn(state), outcome);
  return game.turn(after) === game.turn(state) ? worth(after) : -worth(after);
}
