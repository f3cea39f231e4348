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
  const next = afterChance(game, ordered(game, state, order), random);
  return {
    state: next,
    reward: game.solo!.score(next, 0) - game.solo!.score(state, 0),
    over: game.outcome(next) !== undefined,
  };
}

function ordered(game: Game, state: unknown, order: Move): unknown {
  const first = game.play(state, order);
  return !game.outcome(first) && game.turn(first) === 1 ? game.play(first, order) : first;
}

function afterChance(game: Game, state: unknown, random: Random): unknown {
  let next = state;
  while (!game.outcome(next) && game.turn(next) === 'chance') next = game.play(next, drawChance(game, next, random));
  return next;
}

/**
 * The mean points of the best possible play from the start, exactly: the best
 * order in every state, from the end backwards. `key` names what the points to
 * come depend on; states of one name are looked at once. For small games.
 */
export function bestPoints(game: Game, key: (state: unknown) => string): number {
  const known = new Map<string, number>();
  const toCome = (state: unknown): number => {
    if (game.outcome(state)) return 0;
    if (game.turn(state) === 'chance') {
      const chances = game.chances!(state);
      return game.moves(state).reduce((sum, move, i) => sum + chances[i]! * toCome(game.play(state, move)), 0);
    }
    const name = key(state);
    const found = known.get(name);
    if (found !== undefined) return found;
    const score = game.solo!.score(state, 0);
    const best = Math.max(
      ...game.moves(state).map(order => {
        const next = ordered(game, state, order);
        return game.solo!.score(next, 0) - score + toCome(next);
      }),
    );
    known.set(name, best);
    return best;
  };
  return toCome(game.start);
}
