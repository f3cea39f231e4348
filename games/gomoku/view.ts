import type { Game } from '../game.ts';
import { rowsOf, squaresInLines } from '../grid.ts';
import type { View } from '../view.ts';
import { cellsOf, type Gomoku } from './rules.ts';

export function gomokuView(game: Game<Gomoku>): View<Gomoku> {
  const [, rows, columns] = game.observationShape;
  const squares = (state: Gomoku) => rowsOf(cellsOf(state, columns), columns);
  return {
    squares,
    movesAt: (state, [clicked]) => game.moves(state).filter(move => clicked === undefined || move === clicked),
    edges: {
      columns: Array.from({ length: columns }, (_, column) => game.formatMove(column).charAt(0)),
      rows: Array.from({ length: rows }, (_, row) => String(rows - row)),
    },
    decisive: state => (state.winner === null ? [] : squaresInLines(squares(state), Number(game.facts['line']))),
    look: 'crossings',
  };
}
