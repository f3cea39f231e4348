/** Play without error: from a game's own solver, or by exhaustive search with memory where the game is small enough. */

import { type Game, resultFor, type Seat, type Solver } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/** So many positions are searched before a game counts as too large. */
const MOST_POSITIONS = 300_000;

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
