import type { Game, Seat } from '../game.ts';
import type { Square, View } from '../view.ts';
import { type Catch, LETTERS } from './rules.ts';

/** Milliseconds for which a person may think about a tick. */
const TEMPO = 400;

const VOID: Square = { seat: null, ground: 'void', label: 'no square' };
const OBJECT: Square = { seat: null, sign: '●', label: 'object', picture: 'ball' };

/** The boards of both seats side by side, each with its points above it. */
export const catchView = (game: Game<Catch>): View<Catch> => {
  const [, rows, columns] = game.observationShape;
  const width = game.facts['paddle'] as number;
  const letters = [...LETTERS.slice(0, columns)];

  const points = (state: Catch, seat: Seat): readonly Square[] => {
    const score = state.scores[seat];
    const shown: Square = { seat, sign: String(score), label: `${score} caught`, ground: 'held' };
    return [shown, ...Array<Square>(columns - 1).fill(VOID)];
  };
  const paddle = ({ paddles }: Catch, seat: Seat): readonly (Square | null)[] => {
    const { column } = paddles[seat];
    const shown: Square = { seat, sign: '▬', label: 'paddle', picture: 'paddle' };
    return letters.map((_, i) => (i >= column && i < column + width ? shown : null));
  };
  const side = (state: Catch, seat: Seat): readonly (readonly (Square | null)[])[] => [
    points(state, seat),
    ...state.falling.map(object => letters.map((_, column) => (column === object ? OBJECT : null))),
    paddle(state, seat),
  ];

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
    chance: 'falls',
    caption: ({ tick, scores }) => `Tick ${tick} of ${game.facts['ticks']}. Caught: ${scores.join(' and ')}.`,
    keys: { ArrowLeft: ['left'], ArrowDown: ['stay'], ' ': ['stay'], ArrowRight: ['right'] },
    tempo: { milliseconds: TEMPO, idle: 'stay' },
  };
};
