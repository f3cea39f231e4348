import type { Game, Move, Seat } from '../game.ts';
import type { Square, View } from '../view.ts';
import { BAR, type Backgammon, BOTTOM, OFF, POINTS, stepsOf, TOP } from './rules.ts';

/** Six points, the bar, six points, and what was borne off. */
const COLUMNS = POINTS / 2 + 2;
const BAR_COLUMN = POINTS / 4;
const OFF_COLUMN = COLUMNS - 1;
/** The numbers of the points, points, dice, points, and their numbers. */
const ROWS = 5;
const TOP_ROW = 1;
const DICE_ROW = 2;
const BOTTOM_ROW = 3;
const FIRST_DIE = DICE_ROW * COLUMNS + 1;

const VOID: Square = { seat: null, ground: 'void', label: 'no square' };

/** Where the number of a point stands beside the square of the point. */
const numberBeside = (square: number): number => square + (square < FIRST_DIE ? -COLUMNS : COLUMNS);

/** A seat's checkers wait on the bar in the half in which they come in again, and are borne off beside their home board. */
function squareOf(seat: Seat, point: number): number {
  if (point === BAR) return (seat === 0 ? TOP_ROW : BOTTOM_ROW) * COLUMNS + BAR_COLUMN;
  if (point === OFF) return (seat === 0 ? BOTTOM_ROW : TOP_ROW) * COLUMNS + OFF_COLUMN;
  const seen = seat === 0 ? point : BAR - point;
  const [row, points] = seen > POINTS / 2 ? [TOP_ROW, TOP] : [BOTTOM_ROW, BOTTOM];
  const column = points.indexOf(seen);
  return row * COLUMNS + (column < BAR_COLUMN ? column : column + 1);
}

const checkers = (number: number): string => (number === 1 ? '1 checker' : `${number} checkers`);

function squares({ checkers: held, seat, dice, again }: Backgammon, doubles: boolean, viewer: Seat) {
  const all = Array<Square>(ROWS * COLUMNS).fill(VOID);
  for (let point = 1; point <= POINTS; point++) {
    const square = squareOf(viewer, point);
    all[numberBeside(square)] = { seat: null, sign: String(point), ground: 'dark', label: `point ${point}` };
    const ground = square < FIRST_DIE ? 'down' : 'up';
    all[square] = { seat: null, label: `point ${point}, empty`, ground };
    for (const side of [0, 1] as const) {
      const number = held[side][side === viewer ? point : BAR - point]!;
      if (number === 0) continue;
      all[square] = {
        seat: side,
        sign: String(number),
        picture: 'stack',
        label: `point ${point}, ${checkers(number)}`,
        ground,
      };
    }
  }
  for (const side of [0, 1] as const) {
    for (const [place, name, ground] of [
      [BAR, 'bar', 'wall'],
      [OFF, 'off', 'good'],
    ] as const) {
      const number = held[side][place]!;
      const label = number === 0 ? `${name} of ${'xo'[side]}, empty` : `${name}, ${checkers(number)}`;
      all[squareOf(side, place)] =
        number === 0
          ? { seat: null, label, ground }
          : { seat: side, sign: String(number), picture: 'stack', label, ground };
    }
  }
  const left = dice !== null && doubles && dice[0] === dice[1] && !again ? [...dice, ...dice] : (dice ?? []);
  for (const [i, die] of left.entries()) {
    all[FIRST_DIE + i] = { seat, sign: String(die), picture: 'die', label: `die: ${die}` };
  }
  return Array.from({ length: ROWS }, (_, row) => all.slice(row * COLUMNS, (row + 1) * COLUMNS));
}

/** The squares of a seat's points, 0 to 25. */
const SQUARES = ([0, 1] as const).map(seat => Array.from({ length: BAR + 1 }, (_, point) => squareOf(seat, point)));

/** Whether these clicks begin a move: from and to of one step, then of the other, first whichever could come first. */
function begins({ checkers: held, seat }: Backgammon, move: Move, clicks: readonly number[]): boolean {
  const own = held[seat];
  const steps = stepsOf(move);
  return steps.some((first, at) => {
    if (own[first.from] === 0 || (own[BAR]! > 0 && first.from !== BAR)) return false;
    const order = at === 0 ? steps : steps.toReversed();
    return clicks.every((click, i) => {
      const step = order[i >> 1];
      return step !== undefined && click === SQUARES[seat]![i % 2 === 0 ? step.from : step.to];
    });
  });
}

export const backgammonView = (game: Game<Backgammon>): View<Backgammon> => ({
  squares: (state, viewer = state.seat) => squares(state, game.facts['doubles'] === true, viewer),
  movesAt: (state, clicks) => game.moves(state).filter(move => clicks.length === 0 || begins(state, move, clicks)),
  tracks: { columns: Array<number>(COLUMNS).fill(1), rows: [0.5, 4.2, 1.1, 4.2, 0.5] },
  chance: 'rolled',
});
