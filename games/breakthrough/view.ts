import type { Game } from '../game.ts';
import { rowsOf } from '../grid.ts';
import type { View } from '../view.ts';
import { type Breakthrough, cellsOf } from './rules.ts';

/** The first click takes a piece, the second says where it goes. */
export function breakthroughView(game: Game<Breakthrough>): View<Breakthrough> {
  const [, rows, columns] = game.observationShape;
  const cells = (state: Breakthrough) => cellsOf(state, columns, rows);
  const squareAt = (name: string) => (rows - Number(name[1])) * columns + name.charCodeAt(0) - 'a'.charCodeAt(0);
  const squaresOf = Array.from({ length: game.moveCount }, (_, move) => {
    const text = game.formatMove(move);
    return [squareAt(text.slice(0, 2)), squareAt(text.slice(2))] as const;
  });
  return {
    squares: state => rowsOf(cells(state), columns),
    movesAt: (state, clicks) =>
      game.moves(state).filter(move => clicks.every((square, i) => square === squaresOf[move]![i])),
    edges: {
      columns: [...'abcdefgh'.slice(0, columns)],
      rows: Array.from({ length: rows }, (_, row) => String(rows - row)),
    },
    // The piece that broke through, if one did.
    decisive: state =>
      [...cells(state).entries()]
        .filter(([square, cell]) => cell === (square < columns ? 1 : square >= (rows - 1) * columns ? 0 : undefined))
        .map(([square]) => square),
  };
}
