import type { Game } from '../game.ts';
import type { Square, View } from '../view.ts';
import { type Checkers, columnOf, pieceAt, rowOf } from './rules.ts';

/** The first click takes a piece, the second says where it goes; each jump of several is a move of its own. */
export function checkersView(game: Game<Checkers>): View<Checkers> {
  const [, size] = game.observationShape;
  const squareAt = (name: string) => (size - Number(name[1])) * size + name.charCodeAt(0) - 'a'.charCodeAt(0);
  const squaresOf = Array.from({ length: game.moveCount }, (_, move) => {
    const text = game.formatMove(move);
    return [squareAt(text.slice(0, 2)), squareAt(text.slice(2))] as const;
  });

  function squareIn(state: Checkers, row: number, column: number): Square | null {
    if ((row + column) % 2 === 0) return null;
    const piece = pieceAt(state, row, column);
    if (!piece) return { seat: null, ground: 'dark', label: 'empty' };
    const { jumper } = state;
    const isActive = jumper !== null && rowOf(jumper) === row && columnOf(jumper) === column;
    const active = isActive ? { active: true } : {};
    return piece.king
      ? { seat: piece.seat, sign: '♛', label: 'king', ground: 'dark', ...active }
      : { seat: piece.seat, label: 'man', ground: 'dark', ...active };
  }

  return {
    squares: state =>
      Array.from({ length: size }, (_, row) =>
        Array.from({ length: size }, (_, column) => squareIn(state, row, column)),
      ),
    movesAt: (state, clicks) =>
      game.moves(state).filter(move => clicks.every((square, i) => square === squaresOf[move]![i])),
    edges: {
      columns: [...'abcdefgh'.slice(0, size)],
      rows: Array.from({ length: size }, (_, row) => String(size - row)),
    },
  };
}
