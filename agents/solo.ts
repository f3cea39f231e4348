/**
 * A game for one seat. In games in which each seat has a board of its own
 * (`Rules.solo`), both seats give the same orders: the boards are then always
 * alike, nobody is ever behind, and what is left is one player who collects
 * points.
 */

import { drawChance, type Game, type Move } from '../games/game.ts';
import type { Random } from '../games/random.ts';

/** What an order led to: the next state in which an order is due, or in which the game is over. */
export interface Advance {
  readonly state: unknown;
  /** Points that the order earned, and all that happened until the next one. */
  readonly reward: number;
  readonly over: boolean;
}

/** The first state in which the player is to order. Throws for a game whose seats have no boards of their own. */
export function begin(game: Game, random: Random): unknown {
  if (!game.solo) throw new Error(`${game.name}: no seat has a board of its own`);
  return afterChance(game, game.start, random);
}

/** Both seats give this order; then chance moves until the player is to order again. */
export function advance(game: Game, state: unknown, order: Move, random: Random): Advance {
  let next = game.play(state, order);
  if (!game.outcome(next) && game.turn(next) === 1) next = game.play(next, order);
  next = afterChance(game, next, random);
  return {
    state: next,
    reward: game.solo!.score(next, 0) - game.solo!.score(state, 0),
    over: game.outcome(next) !== undefined,
  };
}

function afterChance(game: Game, state: unknown, random: Random): unknown {
  let next = state;
  while (!game.outcome(next) && game.turn(next) === 'chance') next = game.play(next, drawChance(game, next, random));
  return next;
}
