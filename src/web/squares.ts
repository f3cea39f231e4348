/** Positions as the board shows them, and the steps between them. */

import type { Entry } from '../../games/catalog.ts';
import type { Game, Move, Seat } from '../../games/game.ts';
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
export function landingSquare({ game, view }: Entry, state: unknown, move: Move): number | undefined {
  const before = rowsOf(view, state, undefined).flat();
  const after = rowsOf(view, game.play(state, move), undefined).flat();
  const square = after.findIndex(({ seat }, index) => seat !== null && isEmpty(before[index]!));
  return square === -1 ? undefined : square;
}

/** Where a piece came to lie between two positions, and which pieces changed sides where they are. */
export function changes(
  { view }: Entry,
  { state, previous }: Step,
  viewer: Seat | undefined,
): { readonly placed: ReadonlySet<number>; readonly turned: ReadonlySet<number> } {
  const placed = new Set<number>();
  const turned = new Set<number>();
  if (previous === undefined) return { placed, turned };
  const old = rowsOf(view, previous, viewer).flat();
  let left = false;
  for (const [square, now] of rowsOf(view, state, viewer).flat().entries()) {
    const before = old[square]!;
    if (before.seat === now.seat) continue;
    if (now.seat === null) left = true;
    else if (before.seat === null) placed.add(square);
    else turned.add(square);
  }
  // A piece that came from somewhere took the other's place; it did not turn it.
  return left ? { placed: new Set([...placed, ...turned]), turned: new Set() } : { placed, turned };
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

/** The moves' texts as `viewer` knows them: '?' for one it did not see. */
export const seenTexts = (
  game: Game,
  steps: readonly Step[],
  moves: readonly string[],
  viewer: Seat | undefined,
): readonly string[] =>
  moves.map((text, i) =>
    viewer !== undefined && game.hides?.(steps[i]!.state, game.parseMove(text)!, viewer) ? '?' : text,
  );
