import type { Game } from '../game.ts';
import type { Square, View } from '../view.ts';
import { BOARDS, cellsOf, decisiveBoards, placeOf, SIDE, squareOf, type UltimateTicTacToe } from './rules.ts';

/** The nine boards with a gap between them: rows and columns 3 and 7 of 11. */
const SHOWN = SIDE + 2;
const GAP: Square = { seat: null, ground: 'void', label: 'gap' };
const TRACKS = Array.from({ length: SHOWN }, (_, i) => (i % 4 === 3 ? 0.3 : 1));
const EDGES = Array.from({ length: SHOWN }, (_, i) => i % 4);

/** The square that is shown at a place of the page; undefined in a gap. */
function squareShown(shown: number): number | undefined {
  const row = Math.floor(shown / SHOWN);
  const column = shown % SHOWN;
  if (row % 4 === 3 || column % 4 === 3) return undefined;
  return SIDE * (row - Math.floor(row / 4)) + column - Math.floor(column / 4);
}

const SQUARES = Array.from({ length: SHOWN * SHOWN }, (_, shown) => squareShown(shown));
const shownAt = (square: number): number => SQUARES.indexOf(square);

/** A click on any cell chooses its board where a board is to be chosen. */
export const ultimateTicTacToeView = (game: Game<UltimateTicTacToe>): View<UltimateTicTacToe> => ({
  squares(state) {
    const cells = cellsOf(state);
    const over = game.outcome(state) !== undefined;
    const squares = SQUARES.map((square): Square => {
      if (square === undefined) return GAP;
      const { board } = placeOf(square);
      const bit = 1 << board;
      const seat = cells[square]!;
      if (seat !== null) {
        const held = (seat === 0 ? state.xBoards : state.oBoards) & bit;
        return held
          ? { seat, ground: 'held', sign: '×○'.charAt(seat), label: 'stone on a board won with it' }
          : { seat };
      }
      if (state.finished & bit) return { seat, ground: 'wall', label: 'finished board' };
      return !over && state.target === board ? { seat, ground: 'good', label: 'the board to play on' } : { seat };
    });
    return Array.from({ length: SHOWN }, (_, row) => squares.slice(row * SHOWN, (row + 1) * SHOWN));
  },

  movesAt(state, [clicked]) {
    const moves = game.moves(state);
    if (clicked === undefined) return moves;
    const square = SQUARES[clicked];
    if (square === undefined) return [];
    const { board, cell } = placeOf(square);
    const meant = state.target === null ? board : BOARDS + BOARDS * board + cell;
    return moves.filter(move => move === meant);
  },

  edges: {
    columns: EDGES.map(i => ['a', 'b', 'c', ''][i]!),
    rows: EDGES.map(i => ['3', '2', '1', ''][i]!),
  },
  decisive: state =>
    decisiveBoards(state).flatMap(board => Array.from({ length: BOARDS }, (_, cell) => shownAt(squareOf(board, cell)))),
  tracks: { columns: TRACKS, rows: TRACKS },
});
