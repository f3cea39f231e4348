/** Truths about games that hide something, by looking at all of them; and what OpenSpiel lets a seat know. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { Game, Seat } from '../games/game.ts';

/** How likely each legal move is. */
export type Policy<State> = (game: Game<State>, state: State) => readonly number[];

export const uniform: Policy<unknown> = (game, state) => game.moves(state).map((_, __, moves) => 1 / moves.length);

/** Every state in which a seat is to move. */
export function decisions<State>(game: Game<State>, state = game.start): readonly State[] {
  const below = game.moves(state).flatMap(move => decisions(game, game.play(state, move)));
  return game.outcome(state) || game.turn(state) === 'chance' ? below : [state, ...below];
}

/** The points that seat 0 makes on average. */
export function pointsMade<State>(game: Game<State>, policy: Policy<State>, state = game.start): number {
  const outcome = game.outcome(state);
  if (outcome) return outcome.scores![0];
  const chances = game.turn(state) === 'chance' ? game.chances!(state) : policy(game, state);
  return game
    .moves(state)
    .reduce((sum, move, i) => sum + chances[i]! * pointsMade(game, policy, game.play(state, move)), 0);
}

/** The most that `seat` can make on average against a policy, moving alike in all states that look alike to it. */
export function bestAnswer<State>(game: Game<State>, seat: Seat, policy: Policy<State>): number {
  type Weighted = readonly [state: State, weight: number];
  function best(states: readonly Weighted[]): number {
    const asked = new Map<string, Weighted[]>();
    let sum = 0;
    function follow(state: State, weight: number): void {
      const outcome = game.outcome(state);
      const turn = game.turn(state);
      if (outcome) sum += weight * outcome.scores![seat];
      else if (turn === seat) {
        const seen = game.show(state, seat);
        const group = asked.get(seen);
        if (group) group.push([state, weight]);
        else asked.set(seen, [[state, weight]]);
      } else {
        const chances = turn === 'chance' ? game.chances!(state) : policy(game, state);
        for (const [i, move] of game.moves(state).entries()) follow(game.play(state, move), weight * chances[i]!);
      }
    }
    for (const [state, weight] of states) follow(state, weight);
    for (const group of asked.values()) {
      const moves = game.moves(group[0]![0]);
      sum += Math.max(...moves.map(move => best(group.map(([state, weight]) => [game.play(state, move), weight]))));
    }
    return sum;
  }
  return best([[game.start, 1]]);
}

/**
 * Replays test/golden's recording of a game: a seat must be shown the same
 * exactly where OpenSpiel's information states are the same. Returns how many
 * different ones there were.
 */
export function informationStates<State>(game: Game<State>): number {
  const recording = gunzipSync(readFileSync(join(import.meta.dirname, 'golden', `${game.family}.jsonl.gz`))).toString();
  const shown = new Map<string, string>();
  const told = new Map<string, string>();
  for (const line of recording.trim().split('\n').slice(1)) {
    let state = game.start;
    for (const [player, action, , knows] of JSON.parse(line).steps as [number, number, unknown, string?][]) {
      if (knows !== undefined) {
        const picture = game.show(state, player as Seat);
        expect(shown.get(knows) ?? picture).toBe(picture);
        expect(told.get(picture) ?? knows).toBe(knows);
        shown.set(knows, picture);
        told.set(picture, knows);
      }
      state = game.play(state, player === -1 ? game.moveCount + action : action);
    }
  }
  return shown.size;
}
