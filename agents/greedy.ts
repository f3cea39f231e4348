/** One ply ahead: takes a win, else stops a loss, else plays at random. */

import { type Game, type Move, opponent, resultFor, type Seat, winsAtOnce } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

/** Chance chooses among equals. */
export const greedyAgent: Agent = {
  name: 'greedy',
  conditions: { division: 'engine', budget: {} },
  decide({ game, state, seat, legal, random }) {
    const { why, moves } = greedyMoves(game, state, seat, legal);
    return { move: pick(moves, random), trace: { why, moves: moves.map(move => game.formatMove(move)) } };
  },
};

/** The moves that win at once; else those after which the opponent has no move that wins at once; else all. */
export function greedyMoves(game: Game, state: unknown, seat: Seat, legal: readonly Move[]) {
  const wins = legal.filter(move => isWon(game, state, move, seat));
  if (wins.length > 0) return { why: 'wins', moves: wins };
  const safe = legal.filter(move => !losesAtOnce(game, game.play(state, move), seat));
  return safe.length > 0 ? { why: 'safe', moves: safe } : { why: 'lost', moves: legal };
}

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
  return game.turn(state) === other && winsAtOnce(game, state);
}
