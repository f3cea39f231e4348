import type { Game, Seat } from '../game.ts';
import type { Square, View } from '../view.ts';
import { type Breakout, hasBrick, LETTERS } from './rules.ts';

/** Milliseconds for which a person may think about a tick. */
const TEMPO = 400;

const VOID: Square = { seat: null, ground: 'void', label: 'no square' };
const BRICK: Square = { seat: null, ground: 'wall', label: 'brick' };

/** The boards of both seats side by side, each with its points and its balls above it. */
export const breakoutView = (game: Game<Breakout>): View<Breakout> => {
  const [, rows, columns] = game.observationShape;
  const width = game.facts['paddle'] as number;
  const letters = [...LETTERS.slice(0, columns)];

  function side({ boards }: Breakout, seat: Seat): readonly (readonly (Square | null)[])[] {
    const { paddle, ball, balls, bricks, score } = boards[seat];
    const shown: Square = { seat, sign: '▬', label: 'paddle', picture: 'paddle' };
    const square = (row: number, column: number): Square | null => {
      const brick = hasBrick(bricks, row, column);
      if (ball?.row === row && ball.column === column) {
        const sign = ball.down ? (ball.right ? '↘' : '↙') : ball.right ? '↗' : '↖';
        const label = `ball, flies ${ball.down ? 'down' : 'up'} to the ${ball.right ? 'right' : 'left'}`;
        return { seat: null, sign, label, picture: 'ball', ...(brick ? { ground: 'wall' } : {}) };
      }
      if (brick) return BRICK;
      return row === rows - 1 && column >= paddle && column < paddle + width ? shown : null;
    };
    const head: readonly Square[] = [
      { seat, sign: String(score), label: score === 1 ? '1 brick broken' : `${score} bricks broken`, ground: 'held' },
      { seat: null, sign: `${balls}●`, label: balls === 1 ? '1 ball left' : `${balls} balls left`, ground: 'good' },
    ];
    return [
      letters.map((_, column) => head[column] ?? VOID),
      ...Array.from({ length: rows }, (_, row) => letters.map((_, column) => square(row, column))),
    ];
  }

  return {
    squares(state) {
      const right = side(state, 1);
      return side(state, 0).map((row, i) => [...row, VOID, ...right[i]!]);
    },
    movesAt: (state, clicks) => (clicks.length === 0 ? game.moves(state) : []),
    edges: {
      columns: [...letters, '', ...letters],
      rows: ['', ...Array.from({ length: rows }, (_, row) => String(rows - row))],
    },
    chance: 'served',
    caption: ({ tick, boards: [first, second] }) =>
      `Tick ${tick} of ${game.facts['ticks']}. Bricks: ${first.score} and ${second.score}.`,
    keys: { ArrowLeft: ['left'], ArrowDown: ['stay'], ' ': ['stay'], ArrowRight: ['right'] },
    tempo: { milliseconds: TEMPO, idle: 'stay' },
  };
};
