import { type Game, opponent } from '../game.ts';
import { rowsOf } from '../grid.ts';
import type { View } from '../view.ts';
import { cellsOf, chainOf, type Hex } from './rules.ts';

/** The swap is a move without a cell: it is a button. */
export function hexView(game: Game<Hex>): View<Hex> {
  const [, size] = game.observationShape;
  return {
    squares: state => rowsOf(cellsOf(state, size), size),
    movesAt: (state, [clicked]) => game.moves(state).filter(move => clicked === undefined || move === clicked),
    edges: {
      columns: Array.from({ length: size }, (_, column) => game.formatMove(column).charAt(0)),
      rows: Array.from({ length: size }, (_, row) => String(row + 1)),
    },
    // Whoever joined made the last move, whether that won or lost.
    decisive: state => (state.winner === null ? [] : chainOf(cellsOf(state, size), size, opponent(state.turn))),
    look: 'hexagons',
  };
}
