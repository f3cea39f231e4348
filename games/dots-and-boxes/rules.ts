/**
 * Dots and Boxes: draw lines between dots; whoever draws the last side of a box owns it.
 *
 * A move is a line. The lines across are numbered first, row by row from the top
 * left, then the upright ones; a line is written with its two dots, the left or
 * lower one first: 'a5b5' is the top left one of the usual board, 'a4a5' the
 * upright one below it.
 *
 * Berlekamp, "The Dots and Boxes Game" (A K Peters, 2000).
 */

import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, resultFor, type Seat } from '../game.ts';
import { type Cell, mirrors, squareSymmetries } from '../grid.ts';

const MOST = 7;
const NAMES = 'abcdefgh';
/** So many lines have a key. */
const MOST_KEY_LINES = 46;

export interface DotsAndBoxes {
  /** Who drew each line; null for one that is not drawn. */
  readonly lines: readonly Cell[];
  /** Whose each box is, row by row from the top left; null for one that is open. */
  readonly boxes: readonly Cell[];
  /** Lines that are not drawn. */
  readonly left: number;
  readonly turn: Seat;
}

const parameters = {
  columns: { kind: 'number', about: 'boxes in a row', least: 2, most: MOST, usual: 4 },
  rows: { kind: 'number', about: 'rows of boxes', least: 2, most: MOST, usual: 4 },
  misere: { kind: 'flag', about: 'whoever owns fewer boxes wins', usual: false },
  again: { kind: 'flag', about: 'whoever completes a box draws again', usual: true },
} as const;

export const dotsAndBoxes: Family<DotsAndBoxes, typeof parameters> = {
  name: 'dots-and-boxes',
  kind: 'board',
  parameters,
  variants: [
    { values: { columns: 3, rows: 3 }, about: 'nine boxes, so there is always a winner' },
    { values: { misere: true }, about: 'fewer boxes win' },
    { values: { columns: 2, rows: 2, misere: true }, about: 'fewer boxes win, and there are four' },
    { values: { again: false }, about: 'a completed box gives no further line' },
  ],
  openSpiel: {
    name: 'dots_and_boxes',
    values: ({ num_cols = 2, num_rows = 2 }) => ({ columns: Number(num_cols), rows: Number(num_rows) }),
    returns(outcome, { utility_margin }) {
      const margin = utility_margin === true ? outcome.scores![0] - outcome.scores![1] : resultFor(0, outcome);
      return [margin, -margin];
    },
  },

  rules({ columns, rows, misere, again }) {
    const across = (rows + 1) * columns;
    const lines = across + rows * (columns + 1);
    const width = 2 * columns + 1;
    const height = 2 * rows + 1;
    /** For each line, the boxes it is a side of. */
    const boxesAt = Array.from({ length: lines }, (_, line) => {
      const isAcross = line < across;
      const row = Math.floor((isAcross ? line : line - across) / (isAcross ? columns : columns + 1));
      const column = (isAcross ? line : line - across) % (isAcross ? columns : columns + 1);
      return (
        isAcross
          ? [[row - 1, column] as const, [row, column] as const]
          : [[row, column - 1] as const, [row, column] as const]
      )
        .filter(([r, c]) => r >= 0 && r < rows && c >= 0 && c < columns)
        .map(([r, c]) => r * columns + c);
    });
    const sidesOf = Array.from({ length: rows * columns }, (_, box) =>
      boxesAt.flatMap((boxes, line) => (boxes.includes(box) ? [line] : [])),
    );
    const squareAt = Array.from({ length: lines }, (_, line) => squareOf(line, columns, rows));
    const names = Array.from({ length: lines }, (_, line) => nameOf(line, columns, rows));

    function byBoxes(own: number, others: number): Outcome {
      const scores = [own, others] as const;
      if (own === others) return { kind: 'draw', how: 'as many boxes each', scores };
      return {
        kind: 'win',
        winner: own > others === misere ? 1 : 0,
        how: misere ? 'fewer boxes' : 'more boxes',
        scores,
      };
    }

    const countOf = (boxes: readonly Cell[], seat: Seat): number => boxes.filter(owner => owner === seat).length;
    const completed = ({ lines, boxes }: DotsAndBoxes, line: number): readonly number[] =>
      boxesAt[line]!.filter(
        box => boxes[box] === null && sidesOf[box]!.every(side => side === line || lines[side] !== null),
      );

    const rules: Rules<DotsAndBoxes> = {
      small: columns * rows <= 4,
      title: [
        'Dots and Boxes',
        ...(columns === 4 && rows === 4 ? [] : [`${columns} × ${rows}`]),
        ...(again ? [] : ['one line a turn']),
        ...(misere ? ['misère'] : []),
      ].join(', '),
      facts: {
        boxes: rows * columns,
        even: (rows * columns) % 2 === 0,
        lastColumn: NAMES.charAt(columns),
        dotRows: rows + 1,
        dotColumns: columns + 1,
        parity: ((rows + 1) * (columns + 1)) % 2 === 0 ? 'even' : 'odd',
        other: ((rows + 1) * (columns + 1)) % 2 === 0 ? 'odd' : 'even',
      },
      moveCount: lines,
      observationShape: [3, height, width],
      symmetries: (columns === rows ? squareSymmetries(width) : mirrors(width, height)).map(squares => ({
        squares,
        moves: squareAt.map(square => squareAt.indexOf(squares[square]!)),
      })),
      openingPlies: 4,
      start: { lines: Array(lines).fill(null), boxes: Array(rows * columns).fill(null), left: lines, turn: 0 },

      turn: state => state.turn,

      moves: ({ lines }) => lines.flatMap((owner, line) => (owner === null ? [line] : [])),

      play(state, line) {
        const { lines, boxes, left, turn } = state;
        const taken = completed(state, line);
        return {
          lines: lines.with(line, turn),
          boxes: taken.length === 0 ? boxes : boxes.map((owner, box) => (taken.includes(box) ? turn : owner)),
          left: left - 1,
          turn: taken.length > 0 && again ? turn : opponent(turn),
        };
      },

      outcome: ({ left, boxes }) => (left > 0 ? undefined : byBoxes(countOf(boxes, 0), countOf(boxes, 1))),

      explain(state, line) {
        if (state.lines[line] !== null) return ['R2'];
        const effects = completed(state, line).length > 0 ? ['R1', 'R4'] : ['R1', 'R3'];
        const outcome = rules.outcome(rules.play(state, line));
        return outcome ? [...effects, outcome.kind === 'win' ? 'R5' : 'R6'] : effects;
      },

      playout(state, random) {
        sides.fill(0);
        let left = 0;
        for (let line = 0; line < lines; line++) {
          if (state.lines[line] === null) open[left++] = line;
          else for (const box of boxesAt[line]!) sides[box]!++;
        }
        const scores: [number, number] = [countOf(state.boxes, 0), countOf(state.boxes, 1)];
        let { turn } = state;
        while (left > 0) {
          const index = Math.floor(random() * left);
          const line = open[index]!;
          open.copyWithin(index, index + 1, left--);
          const first = ++sides[firstBox[line]!]! === 4 ? 1 : 0;
          const second = secondBox[line]! >= 0 && ++sides[secondBox[line]!]! === 4 ? 1 : 0;
          scores[turn] += first + second;
          if (first + second === 0 || !again) turn = opponent(turn);
        }
        return byBoxes(...scores);
      },

      show({ lines, boxes, left, turn }) {
        const rowsOfText = Array.from({ length: height }, (_, y) => {
          const row = Math.floor(y / 2);
          const cells = Array.from({ length: width }, (_, x) => {
            const column = Math.floor(x / 2);
            if (y % 2 === 0) return x % 2 === 0 ? '+' : lines[row * columns + column] === null ? '   ' : '---';
            if (x % 2 === 0) return lines[across + row * (columns + 1) + column] === null ? ' ' : '|';
            const owner = boxes[row * columns + column] ?? null;
            return owner === null ? '   ' : ` ${'xo'[owner]} `;
          }).join('');
          return `${y % 2 === 0 ? rows + 1 - row : ' '} ${cells}`.trimEnd();
        });
        return [
          ...rowsOfText,
          `  ${[...NAMES.slice(0, columns + 1)].join('   ')}`,
          `x owns ${countOf(boxes, 0)}, o owns ${countOf(boxes, 1)}${left > 0 ? `, ${'xo'[turn]} to draw` : ''}`,
        ].join('\n');
      },

      notation: 'two neighbouring dots, the left or lower one first, such as a1b1 or a1a2',

      formatMove: line => names[line]!,

      parseMove(text) {
        const line = names.indexOf(text);
        return line === -1 ? undefined : line;
      },

      observe({ lines, boxes, turn }) {
        const planes = new Float32Array(3 * width * height);
        for (const [line, owner] of lines.entries()) if (owner !== null) planes[squareAt[line]!] = 1;
        for (const [box, owner] of boxes.entries()) {
          if (owner === null) continue;
          const square = (2 * Math.floor(box / columns) + 1) * width + 2 * (box % columns) + 1;
          planes[(owner === turn ? 1 : 2) * width * height + square] = 1;
        }
        return planes;
      },

      // Who drew a line does not matter, nor whose a box is, but how many are whose.
      ...(lines <= MOST_KEY_LINES && {
        key({ lines, boxes, turn }) {
          let key = countOf(boxes, 0) * 2 + turn;
          for (const owner of lines) key = key * 2 + (owner === null ? 0 : 1);
          return key;
        },
      }),
    };

    // For random play: the lines that are not drawn, in their order, and how many sides each box has.
    const open = new Uint8Array(lines);
    const sides = new Int8Array(rows * columns);
    const firstBox = Int8Array.from(boxesAt, ([box]) => box!);
    const secondBox = Int8Array.from(boxesAt, ([, box]) => box ?? -1);

    return rules;
  },
};

/** The place of a line's middle on a grid of dots, lines and boxes, row by row from the top left. */
export function squareOf(line: number, columns: number, rows: number): number {
  const across = (rows + 1) * columns;
  const width = 2 * columns + 1;
  if (line < across) return 2 * Math.floor(line / columns) * width + 2 * (line % columns) + 1;
  const upright = line - across;
  return (2 * Math.floor(upright / (columns + 1)) + 1) * width + 2 * (upright % (columns + 1));
}

function nameOf(line: number, columns: number, rows: number): string {
  const square = squareOf(line, columns, rows);
  const width = 2 * columns + 1;
  const [y, x] = [Math.floor(square / width), square % width];
  const column = Math.floor(x / 2);
  const row = rows + 1 - Math.ceil(y / 2);
  return y % 2 === 0
    ? `${NAMES[column]}${row}${NAMES[column + 1]}${row}`
    : `${NAMES[column]}${row}${NAMES[column]}${row + 1}`;
}
