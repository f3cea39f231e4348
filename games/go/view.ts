import type { Game } from '../game.ts';
import { rowsOf } from '../grid.ts';
import type { View } from '../view.ts';
import { cellsOf, type Go } from './rules.ts';

/** Points are numbered from the bottom, squares from the top. The pass is a move without a point: it is a button. */
export function goView(game: Game<Go>): View<Go> {
  const [, size] = game.observationShape;
  const pointAt = (square: number): number => size * (size - 1 - Math.floor(square / size)) + (square % size);
  return {
    squares: state => rowsOf(cellsOf(state), size).toReversed(),
    movesAt: (state, [clicked]) => game.moves(state).filter(move => clicked === undefined || move === pointAt(clicked)),
    edges: {
      columns: Array.from({ length: size }, (_, column) => game.formatMove(column).charAt(0)),
      rows: Array.from({ length: size }, (_, row) => String(size - row)),
    },
    look: 'crossings',
  };
}
