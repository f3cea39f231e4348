import type { Game, Seat } from '../game.ts';
import type { Square, View } from '../view.ts';
import type { Kalah } from './rules.ts';

const VOID: Square = { seat: null, ground: 'void', label: 'nothing' };

/** The second player's pits above the first player's, opposite ones below each other; the stores at the ends. */
export function kalahView(game: Game<Kalah>): View<Kalah> {
  const [, , pits] = game.observationShape;
  const cells = 2 * pits + 2;
  const bottom = Array.from({ length: pits }, (_, i) => 1 + i);
  const top = bottom.map(cell => cells - cell);
  /** The cell on each square; null where there is none. */
  const layout = [0, ...top, null, null, ...bottom, pits + 1];

  const squareAt = (stones: readonly number[], cell: number | null): Square => {
    if (cell === null) return VOID;
    const seat: Seat = cell > 0 && cell <= pits + 1 ? 0 : 1;
    const isStore = cell === 0 || cell === pits + 1;
    const count = stones[cell]!;
    return {
      seat,
      sign: String(count),
      picture: 'seeds',
      ...(isStore ? {} : { corner: game.formatMove(cell) }),
      label: `${isStore ? 'store' : `pit ${game.formatMove(cell)}`} with ${count === 1 ? '1 stone' : `${count} stones`}`,
      ...(isStore ? { ground: 'held' } : {}),
    };
  };
  return {
    squares: ({ stones }) =>
      [0, 1].map(row => layout.slice(row * (pits + 2), (row + 1) * (pits + 2)).map(cell => squareAt(stones, cell))),
    movesAt: (state, [clicked]) => game.moves(state).filter(cell => clicked === undefined || cell === layout[clicked]),
    keys: Object.fromEntries([...bottom, ...top].map(cell => [game.formatMove(cell), [game.formatMove(cell)]])),
  };
}
