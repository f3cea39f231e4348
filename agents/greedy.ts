/** One ply ahead: takes a win, else stops a loss, else plays at random. */

import { type Game, type Move, opponent, resultFor, type Seat } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/**
 * Plays a move that wins at once; else one after which the opponent has no move
 * that wins at once; else any legal move. Chance chooses among equals.
 */
export const greedyAgent: Agent = {
  name: 'greedy',
  conditions: { division: 'engine', budget: {} },
  decide({ game, state, seat, legal, random }) {
    const wins = legal.filter(move => isWon(game, state, move, seat));
    const safe = legal.filter(move => !losesAtOnce(game, game.play(state, move), seat));
    const [why, moves] = wins.length > 0 ? ['wins', wins] : safe.length > 0 ? ['safe', safe] : ['lost', legal];
    return { move: pick(moves, random), trace: { why, moves: moves.map(move => game.formatMove(move)) } };
  },
};

/** Whether `move` ends the game in favour of `seat`. */
function isWon(game: Game, state: unknown, move: Move, seat: Seat): boolean {
  const outcome = game.outcome(game.play(state, move));
  return outcome !== undefined && resultFor(seat, outcome) === 1;
}

/** Whether `seat` has lost, or the other is to move and can end the game. */
function losesAtOnce(game: Game, state: unknown, seat: Seat): boolean {
  const outcome = game.outcome(state);
  if (outcome) return resultFor(seat, outcome) === -1;
  const other = opponent(seat);
  return game.turn(state) === other && game.moves(state).some(move => isWon(game, state, move, other));
}
