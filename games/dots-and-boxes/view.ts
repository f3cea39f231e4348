import type { Game } from '../game.ts';
import type { Square, View } from '../view.ts';
import { type DotsAndBoxes, squareOf } from './rules.ts';

/** Dots, the lines between them and the boxes, on one grid; the lines are thin and the boxes wide. */
export function dotsAndBoxesView(game: Game<DotsAndBoxes>): View<DotsAndBoxes> {
  const [, height, width] = game.observationShape;
  const [columns, rows] = [(width - 1) / 2, (height - 1) / 2];
  const lineAt = new Map(Array.from({ length: game.moveCount }, (_, line) => [squareOf(line, columns, rows), line]));

  const squareAt = ({ lines, boxes }: DotsAndBoxes, x: number, y: number): Square => {
    if (x % 2 === 0 && y % 2 === 0) return { seat: null, ground: 'dot', label: 'a dot' };
    const line = lineAt.get(y * width + x);
    if (line !== undefined) {
      const owner = lines[line] ?? null;
      const name = `line ${game.formatMove(line)}`;
      return { seat: owner, ground: 'bar', label: owner === null ? `${name}, not drawn` : name };
    }
    const owner = boxes[((y - 1) / 2) * columns + (x - 1) / 2] ?? null;
    return owner === null
      ? { seat: null, label: 'an open box' }
      : { seat: owner, sign: '×○'.charAt(owner), ground: 'held', label: 'a box' };
  };
  const thin = (length: number) => Array.from({ length }, (_, i) => (i % 2 === 0 ? 1 : 4));
  return {
    squares: state =>
      Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => squareAt(state, x, y))),
    movesAt: (state, [clicked]) =>
      game.moves(state).filter(move => clicked === undefined || move === lineAt.get(clicked)),
    edges: {
      columns: Array.from({ length: width }, (_, x) => (x % 2 === 0 ? 'abcdefgh'.charAt(x / 2) : '')),
      rows: Array.from({ length: height }, (_, y) => (y % 2 === 0 ? String(rows + 1 - y / 2) : '')),
    },
    caption: ({ boxes }) =>
      `Boxes: ${([0, 1] as const).map(seat => boxes.filter(owner => owner === seat).length).join(' and ')}.`,
    tracks: { columns: thin(width), rows: thin(height) },
  };
}
