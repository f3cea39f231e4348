import type { Game } from '../game.ts';
import { rowsOf } from '../grid.ts';
import type { View } from '../view.ts';
import { cellsOf, type Othello, SIZE } from './rules.ts';

/** The pass is a move without a square: it is offered when nothing is clicked. */
export const othelloView = (game: Game<Othello>): View<Othello> => ({
  squares: state => rowsOf(cellsOf(state), SIZE),
  movesAt: (state, [clicked]) => game.moves(state).filter(move => clicked === undefined || move === clicked),
  look: 'felt',
  caption(state) {
    const cells = cellsOf(state);
    return `Discs: ${([0, 1] as const).map(seat => cells.filter(cell => cell === seat).length).join(' and ')}.`;
  },
  edges: { columns: [...'abcdefgh'], rows: [...'12345678'] },
});
