/** Positions as the board shows them, and the steps between them. */

import type { Entry } from '../../games/catalog.ts';
import type { Move, Seat } from '../../games/game.ts';
import type { Cell } from '../../games/grid.ts';
import type { Square, View } from '../../games/view.ts';

/** A position with the one before it, so that the last move can be marked. */
export interface Step {
  readonly state: unknown;
  /** Undefined at the start. */
  readonly previous: unknown;
}

const squareOf = (cell: Cell | Square): Square => (cell === null || typeof cell === 'number' ? { seat: cell } : cell);

/** The board in rows as `viewer` sees it; all of it where nobody is named. */
export const rowsOf = (view: View, state: unknown, viewer: Seat | undefined): readonly (readonly Square[])[] =>
  view.squares(state, viewer).map(row => row.map(squareOf));

/** The numbers of all squares. */
export const squaresOf = (view: View, state: unknown): readonly number[] => [...view.squares(state).flat().keys()];

const isEmpty = ({ seat, sign }: Square): boolean => seat === null && sign === undefined;

/** The empty square that a stone takes when `move` is played; undefined for a move that places none. */
export function landingSquare(
  { game, view }: Entry,
  state: unknown,
  move: Move,
  viewer: Seat | undefined,
): number | undefined {
  const before = rowsOf(view, state, viewer).flat();
  const after = rowsOf(view, game.play(state, move), viewer).flat();
  const square = after.findIndex(({ seat }, index) => seat !== null && isEmpty(before[index]!));
  return square === -1 ? undefined : square;
}

/** Where pieces came to lie between two positions, which changed sides where they are, and which squares were left empty. */
export function changes(
  { view }: Entry,
  { state, previous }: Step,
  viewer: Seat | undefined,
): Record<'placed' | 'turned' | 'left', ReadonlySet<number>> {
  const placed = new Set<number>();
  const turned = new Set<number>();
  const left = new Set<number>();
  // In real time everything moves, all the time.
  if (previous === undefined || view.tempo) return { placed, turned, left };
  const old = rowsOf(view, previous, viewer).flat();
  for (const [square, now] of rowsOf(view, state, viewer).flat().entries()) {
    const before = old[square]!;
    if (isEmpty(now) && !isEmpty(before)) left.add(square);
    if (before.seat === now.seat) {
      if (now.picture === 'stack' && Number(now.sign) > Number(before.sign)) placed.add(square);
      continue;
    }
    // Dice and cards that come onto an empty square were not moved by anybody.
    if (isEmpty(before) && (now.picture === 'die' || now.picture === 'card')) continue;
    if (now.seat === null) left.add(square);
    else if (before.seat === null) placed.add(square);
    else turned.add(square);
  }
  // A piece that came from somewhere took the other's place; it did not turn it.
  return left.size > 0
    ? { placed: new Set([...placed, ...turned]), turned: new Set(), left }
    : { placed, turned, left };
}

/** What chance did: 'Rolled: 4'. */
export const chanceText = ({ chance = 'chance' }: View, text: string): string =>
  `${chance.charAt(0).toUpperCase()}${chance.slice(1)}: ${text}`;

/** Every position of a match, from the start, for legal moves in the game's notation. */
export function stepsOf({ game }: Entry, moves: readonly string[]): readonly Step[] {
  const steps: Step[] = [{ state: game.start, previous: undefined }];
  for (const text of moves) {
    const previous = steps.at(-1)!.state;
    steps.push({ state: game.play(previous, game.parseMove(text)!), previous });
  }
  return steps;
}
