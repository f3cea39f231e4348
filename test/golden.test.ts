/** Games recorded by OpenSpiel 2.0.2 (Apache-2.0): our rules must agree with every step of them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { connectFour } from '../games/connect-four/rules.ts';
import { type Game, resultFor } from '../games/game.ts';
import { othello } from '../games/othello/rules.ts';
import { ticTacToe } from '../games/tic-tac-toe/rules.ts';

/** A step is the player, the action, and the legal actions in ascending order, runs of three or more as [first, last]. */
type Step = readonly [player: number, action: number, legal: readonly (number | readonly [number, number])[]];

interface Playout {
  readonly id: number;
  readonly steps: readonly Step[];
  readonly returns: readonly [number, number];
}

const read = (name: string): readonly Playout[] =>
  gunzipSync(readFileSync(join(import.meta.dirname, 'golden', `${name}.jsonl.gz`)))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map(line => JSON.parse(line) as Playout);

const expand = (legal: Step[2]): readonly number[] =>
  legal.flatMap(item =>
    typeof item === 'number' ? [item] : Array.from({ length: item[1] - item[0] + 1 }, (_, i) => item[0] + i),
  );

/** OpenSpiel numbers the moves of these games as we do. */
describe.each([connectFour, othello, ticTacToe] as readonly Game[])('$name', game => {
  test('agrees with 100 recorded games on every mover, every legal move and every result', () => {
    const playouts = read(game.name);
    expect(playouts.length).toBe(100);
    for (const { steps, returns } of playouts) {
      let state = game.start;
      for (const [player, action, legal] of steps) {
        expect(game.turn(state)).toBe(player);
        expect(game.moves(state)).toEqual(expand(legal));
        state = game.play(state, action);
      }
      const outcome = game.outcome(state);
      expect(outcome).toBeDefined();
      expect([resultFor(0, outcome!), resultFor(1, outcome!)]).toEqual(returns);
    }
  });
});
