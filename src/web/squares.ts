/** Positions as the board shows them, and the steps between them. */

import type { Entry } from '../../games/catalog.ts';
import type { Move } from '../../games/game.ts';
import type { Cell } from '../../games/grid.ts';
import type { View } from '../../games/view.ts';

/** A position with the one before it, so that the last move can be marked. */
export interface Step {
  readonly state: unknown;
  /** Undefined at the start. */
  readonly previous: unknown;
}

export const cellsOf = (view: View, state: unknown): readonly Cell[] => view.squares(state).flat();

export const squaresOf = (view: View, state: unknown): readonly number[] => [...cellsOf(view, state).keys()];

/** The empty square that a stone takes when `move` is played; undefined for a move that places none. */
export function landingSquare({ game, view }: Entry, state: unknown, move: Move): number | undefined {
  const before = cellsOf(view, state);
  const square = cellsOf(view, game.play(state, move)).findIndex(
    (cell, index) => cell !== null && before[index] === null,
  );
  return square === -1 ? undefined : square;
}

/** Every position of a match, from the start, for legal moves in the game's notation. */
export function stepsOf({ game }: Entry, moves: readonly string[]): readonly Step[] {
  const steps: Step[] = [{ state: game.start, previous: undefined }];
  for (const text of moves) {
    const previous = steps.at(-1)!.state;
    steps.push({ state: game.play(previous, game.parseMove(text)!), previous });
  }
  return steps;
}
