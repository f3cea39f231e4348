/**
 * Breakout: a ball flies diagonally, a paddle sends it back, and bricks break.
 * Each seat has a board of its own, and the balls start alike on both.
 *
 * A board follows Breakout in MinAtar (Young & Tian, arXiv 1903.03176) in
 * everything but this: a ball may start in any column, a tick further on than
 * there, and there may be several balls, one after the other.
 *
 * A seat's order is 0, left, 1, stay, or 2, right. Before the first tick chance
 * draws where each ball starts: twice its column, and one more if it flies to
 * the right. In each tick seat 0 orders, then seat 1, then all of it happens; a
 * seat without a ball gives no orders.
 */

import type { Family } from '../family.ts';
import { type Facts, type Move, type Mover, type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { pick, type Random } from '../random.ts';
import type { Values } from '../settings.ts';

const TEXTS = ['left', 'stay', 'right'] as const;
const ORDERS: readonly Move[] = [0, 1, 2];
const STAY = 1;
/** The columns from the left. */
export const LETTERS = 'abcdefghijkl';
const NONE: readonly Move[] = [];
const SEATS = ['x', 'o'] as const;
const PLANES = 12;

/** Rows are numbered from the top, columns from the left, both from 0. */
export interface Ball {
  readonly row: number;
  readonly column: number;
  readonly down: boolean;
  readonly right: boolean;
  /** Whether it flies through bricks, having just broken one. */
  readonly through: boolean;
}

export interface Board {
  /** The leftmost column of the paddle. */
  readonly paddle: number;
  /** Null before the first ball and after the last. */
  readonly ball: Ball | null;
  /** Balls left, the one in play included. */
  readonly balls: number;
  /** The bricks of each row that had any, a bit a column, the lowest bit for the leftmost. */
  readonly bricks: readonly number[];
  /** Bricks broken. */
  readonly score: number;
}

export interface Breakout {
  /** Ticks that have passed. */
  readonly tick: number;
  /** How each ball starts, as far as it has been drawn. */
  readonly starts: readonly number[];
  /** By seat. */
  readonly boards: readonly [Board, Board];
  /** What seat 0 has ordered while seat 1 has yet to order; null otherwise. */
  readonly order: Move | null;
}

type Changing<T> = { -readonly [Key in keyof T]: T[Key] };
/** A board that a tick changes in place. */
type ChangingBoard = Changing<Omit<Board, 'ball' | 'bricks'>> & { ball: Changing<Ball> | null; bricks: number[] };

const parameters = {
  rows: { kind: 'number', about: 'rows of each board', least: 7, most: 12, usual: 10 },
  columns: { kind: 'number', about: 'columns of each board', least: 5, most: LETTERS.length, usual: 10 },
  layers: { kind: 'number', about: 'rows of bricks', least: 1, most: 4, usual: 3 },
  balls: { kind: 'number', about: 'balls of each seat, one after the other', least: 1, most: 5, usual: 3 },
  ticks: { kind: 'number', about: 'the game ends after so many ticks', least: 10, most: 1000, usual: 120 },
  paddle: { kind: 'number', about: 'columns that a paddle covers', least: 1, most: 3, usual: 1 },
  pace: { kind: 'number', about: 'ticks in which a ball flies one square', least: 1, most: 3, usual: 1 },
  mirrored: { kind: 'flag', about: 'left goes right and right goes left', usual: false },
  piercing: { kind: 'flag', about: 'a brick that breaks does not turn the ball', usual: false },
} as const;

export const breakout: Family<Breakout, typeof parameters> = {
  name: 'breakout',
  kind: 'arcade',
  parameters,
  variants: [
    { values: { mirrored: true }, about: 'left goes right and right goes left' },
    { values: { piercing: true, balls: 2 }, about: 'a brick that breaks does not turn the ball' },
    { values: { rows: 8, columns: 7, layers: 2, ticks: 60 }, about: 'a small board: the ball is back sooner' },
    { values: { paddle: 2, balls: 1 }, about: 'a wide paddle, and a single ball' },
    { values: { pace: 2 }, about: 'slow balls: they fly in every second tick' },
  ],
  lessons: [{ paddle: 3, pace: 2 }, { paddle: 2, pace: 2 }, { paddle: 2 }],

  rules(values) {
    const { rows, columns, layers, balls, ticks, paddle: width, pace, mirrored, piercing } = values;
    if (rows < layers + FREE_ROWS) {
      throw new RangeError(
        `${layers} rows of bricks need ${layers + FREE_ROWS} rows or more; take rows=${layers + FREE_ROWS}`,
      );
    }
    const last = columns - width;
    const bottom = rows - 1;
    const wall: readonly number[] = Array(layers).fill(2 ** columns - 1);

    const drawn: readonly Move[] = Array.from({ length: 2 * columns }, (_, start) => TEXTS.length + start);
    const chances: readonly number[] = drawn.map(() => 1 / drawn.length);
    const untouched: Board = { paddle: Math.floor(last / 2), ball: null, balls, bricks: wall, score: 0 };

    /** A ball that starts below the bricks. */
    const ballFrom = (start: number): Ball => ({
      row: layers + 1,
      column: start >> 1,
      down: true,
      right: start % 2 === 1,
      through: false,
    });

    /** Where an order takes the paddle, were there no edges. */
    const reached = (paddle: number, order: Move): number => paddle + (mirrored ? STAY - order : order - STAY);
    const covers = (paddle: number, column: number): boolean => column >= paddle && column < paddle + width;
    const changing = (board: Board): ChangingBoard => ({
      ...board,
      ball: board.ball === null ? null : { ...board.ball },
      bricks: [...board.bricks],
    });

    /** Ticks until the balls fly, after so many have passed: 1 where they fly in the next one. */
    const untilFlight = (tick: number): number => pace - (tick % pace);

    /** What a tick does to a board; nothing where no ball is left. */
    function pass(board: ChangingBoard, order: Move, starts: readonly number[], flies: boolean): void {
      const { ball, bricks } = board;
      if (ball === null) return;
      const paddle = Math.min(Math.max(reached(board.paddle, order), 0), last);
      board.paddle = paddle;
      if (!flies) return;
      const from = ball.column;
      const ahead = ball.right ? from + 1 : from - 1;
      const column = ahead < 0 || ahead === columns ? from : ahead;
      if (column === from) ball.right = !ball.right;
      ball.column = column;
      const row = ball.down ? ball.row + 1 : ball.row - 1;
      if (row === bottom) {
        if (bricks.every(layer => layer === 0)) board.bricks = [...wall];
        ball.down = false;
        ball.through = false;
        if (covers(paddle, from)) return;
        if (covers(paddle, column)) ball.right = !ball.right;
        else lose(board, starts);
      } else if (row < 0) {
        ball.down = true;
        ball.through = false;
      } else if (!hasBrick(bricks, row, column)) {
        ball.row = row;
        ball.through = false;
      } else if (ball.through) {
        ball.row = row;
      } else {
        bricks[row - 1]! &= ~(1 << column);
        board.score++;
        if (piercing) ball.row = row;
        else {
          ball.down = !ball.down;
          ball.through = true;
        }
      }
    }

    function lose(board: ChangingBoard, starts: readonly number[]): void {
      board.balls--;
      board.ball = board.balls === 0 ? null : ballFrom(starts[balls - board.balls]!);
    }

    /** The result for boards after so many ticks; undefined while the game goes on. */
    function outcomeOf([first, second]: readonly [Board, Board], tick: number): Outcome | undefined {
      const isLast = tick === ticks || (first.balls === 0 && second.balls === 0);
      const leads = first.score > second.score;
      const isBehindOut = first.score !== second.score && (leads ? second : first).balls === 0;
      if (!isLast && !isBehindOut) return undefined;
      const scores = [first.score, second.score] as const;
      return first.score === second.score
        ? { kind: 'draw', how: 'as many bricks', scores }
        : { kind: 'win', winner: leads ? 0 : 1, how: 'more bricks', scores };
    }

    /** The column in which the ball has to be met, and the one next to it where it can be met too. */
    function meetingColumns(board: Board, starts: readonly number[]): readonly [number, number] {
      const copy = changing(board);
      let ball = copy.ball!;
      while (!ball.down || ball.row < bottom - 1) {
        pass(copy, STAY, starts, true);
        ball = copy.ball!;
      }
      const ahead = ball.right ? ball.column + 1 : ball.column - 1;
      return [ball.column, Math.min(Math.max(ahead, 0), columns - 1)];
    }

    const rules: Rules<Breakout> = {
      title: titleOf(values),
      facts: factsOf(values),
      moveCount: TEXTS.length,
      chanceCount: drawn.length,
      observationShape: [PLANES, rows, columns],
      symmetries: [],
      openingPlies: balls,
      start: { tick: 0, starts: [], boards: [untouched, untouched], order: null },

      turn: ({ starts, boards, order }): Mover =>
        starts.length < balls ? 'chance' : order !== null || boards[0].ball === null ? 1 : 0,

      moves: state => (rules.outcome(state) ? NONE : state.starts.length < balls ? drawn : ORDERS),

      chances: () => chances,

      play(state, move) {
        if (move >= TEXTS.length) {
          const starts = [...state.starts, move - TEXTS.length];
          if (starts.length < balls) return { ...state, starts };
          const board = { ...untouched, ball: ballFrom(starts[0]!) };
          return { ...state, starts, boards: [board, board] };
        }
        const { tick, starts, boards, order } = state;
        const seat = rules.turn(state);
        if (seat === 0 && boards[1].ball !== null) return { ...state, order: move };
        const [first, second] = [changing(boards[0]), changing(boards[1])];
        const flies = untilFlight(tick) === 1;
        pass(first, seat === 0 ? move : (order ?? STAY), starts, flies);
        pass(second, seat === 0 ? STAY : move, starts, flies);
        return { tick: tick + 1, starts, boards: [first, second], order: null };
      },

      outcome: ({ tick, boards }) => outcomeOf(boards, tick),

      explain(state, move) {
        if (move >= TEXTS.length) return ['R1'];
        const { tick, boards, order } = state;
        const seat = rules.turn(state) as Seat;
        const wanted = reached(boards[seat].paddle, move);
        const given = ['R2', ...(move === STAY ? [] : wanted < 0 || wanted > last ? ['R4'] : ['R3'])];
        const after = rules.play(state, move);
        if (after.order !== null) return given;
        const orders = seat === 0 ? [move, STAY] : [order ?? STAY, move];
        const flies = untilFlight(tick) === 1;
        const fired = new Set(boards.flatMap((board, i) => firedBy(board, after.boards[i]!, orders[i]!, flies)));
        const outcome = rules.outcome(after);
        const end = outcome === undefined ? [] : [outcome.kind === 'draw' ? 'R13' : 'R12'];
        return [...given, ...[...fired].sort(byNumber), ...end];
      },

      playout({ tick: from, starts: known, boards, order }, random) {
        const starts = [...known];
        const [first, second] = [changing(boards[0]), changing(boards[1])];
        if (starts.length < balls) {
          while (starts.length < balls) starts.push(drawStart(chances, random));
          first.ball = { ...ballFrom(starts[0]!) };
          second.ball = { ...first.ball };
        }
        const both = [first, second] as const;
        let ordered = order;
        for (let tick = from; ; tick++) {
          const outcome = outcomeOf(both, tick);
          if (outcome) return outcome;
          const flies = untilFlight(tick) === 1;
          if (first.ball !== null) pass(first, ordered ?? Math.floor(3 * random()), starts, flies);
          ordered = null;
          if (second.ball !== null) pass(second, Math.floor(3 * random()), starts, flies);
        }
      },

      hides: (state, _move, seat) => seat === 1 && rules.turn(state) === 0 && state.boards[1].ball !== null,

      guess: (state, seat, random) =>
        seat === 1 && state.order !== null ? { ...state, order: pick(ORDERS, random) } : state,

      show(state, seat) {
        const { tick, starts, boards, order } = state;
        const pictures = ([0, 1] as const).map(whose => pictureOf(boards[whose], whose, values));
        const letters = [...LETTERS.slice(0, columns)].join(' ');
        const asked =
          starts.length < balls
            ? 'a start is drawn'
            : order !== null
              ? `x has ordered${seat === 1 ? '' : ` ${TEXTS[order]}`}, o is to order`
              : `${SEATS[rules.turn(state) as Seat]} is to order`;
        return [
          `tick ${tick} of ${ticks}${pace === 1 ? '' : `, ball flies in ${untilFlight(tick)}`}; balls start ${starts.map(start => startText(start)).join(' ') || 'nowhere yet'}`,
          ...pictures[0]!.map((line, row) => `${String(rows - row).padStart(2)} ${line}   ${pictures[1]![row]}`),
          `   ${letters}   ${letters}`,
          ...SEATS.map((name, whose) => `${name}: ${boardText(boards[whose]!, rows)}`),
          rules.outcome(state) ? 'over' : asked,
        ].join('\n');
      },

      notation: 'left, stay or right',

      formatMove: move => TEXTS[move] ?? startText(move - TEXTS.length),

      parseMove(text) {
        const order = TEXTS.indexOf(text as (typeof TEXTS)[number]);
        if (order !== -1) return order;
        const start = drawn.findIndex((_, start) => startText(start) === text);
        return start === -1 ? undefined : TEXTS.length + start;
      },

      observe({ tick, boards, order, starts }) {
        const squares = rows * columns;
        const planes = new Float32Array(PLANES * squares);
        const own: Seat = starts.length === balls && (order !== null || boards[0].ball === null) ? 1 : 0;
        const sides = [boards[own], boards[opponent(own)]] as const;
        const fill = (plane: number, value: number) => planes.fill(value, plane * squares, (plane + 1) * squares);
        for (const [side, board] of sides.entries()) {
          draw(planes.subarray(4 * side * squares), board, tick);
          fill(10 + side, board.balls / balls);
        }
        fill(8, 1 - tick / ticks);
        const lead = (sides[0].score - sides[1].score) / (layers * columns);
        fill(9, (1 + Math.min(Math.max(lead, -1), 1)) / 2);
        return planes;
      },

      solo: {
        observationShape: [6, rows, columns],

        score: ({ boards }, seat) => boards[seat].score,

        observe({ tick, boards }, seat) {
          const squares = rows * columns;
          const planes = new Float32Array(6 * squares);
          draw(planes, boards[seat], tick);
          planes.fill(1 - tick / ticks, 4 * squares, 5 * squares);
          planes.fill(boards[seat].balls / balls, 5 * squares, 6 * squares);
          return planes;
        },
      },

      scripts: {
        /** Goes where its ball comes down, and meets it squarely or with the edge of the paddle as luck will have it. */
        keeper({ boards, starts }, seat, random) {
          const { paddle } = boards[seat];
          const column = pick(meetingColumns(boards[seat], starts), random);
          const wanted = covers(paddle, column) ? STAY : column > paddle ? STAY + 1 : STAY - 1;
          return mirrored ? 2 * STAY - wanted : wanted;
        },
      },
    };
    return rules;

    /** Four planes of a board: the paddle, the bricks, the ball (0.5 where it flies through bricks), and where it flies to, the fainter the later. */
    function draw(planes: Float32Array, { paddle, ball, bricks }: Board, tick: number): void {
      const at = (plane: number, row: number, column: number) => (plane * rows + row) * columns + column;
      for (let column = paddle; column < paddle + width; column++) planes[at(0, bottom, column)] = 1;
      for (let row = 1; row <= layers; row++) {
        for (let column = 0; column < columns; column++) {
          if (hasBrick(bricks, row, column)) planes[at(1, row, column)] = 1;
        }
      }
      if (ball === null) return;
      planes[at(2, ball.row, ball.column)] = ball.through ? 0.5 : 1;
      // As if nothing but the edges were in its way.
      const row = Math.max(ball.row + (ball.down ? 1 : -1), 0);
      const column = Math.min(Math.max(ball.column + (ball.right ? 1 : -1), 0), columns - 1);
      planes[at(3, row, column)] = 1 / untilFlight(tick);
    }

    /** The rules by which a tick with this order made a board what it is after it. */
    function firedBy(before: Board, after: Board, order: Move, flies: boolean): readonly string[] {
      const { ball } = before;
      if (ball === null) return [];
      if (!flies) return ['R5'];
      const ahead = ball.column + (ball.right ? 1 : -1);
      const isAside = ahead < 0 || ahead === columns;
      const column = isAside ? ball.column : ahead;
      const row = ball.row + (ball.down ? 1 : -1);
      const walls = isAside || row < 0 ? ['R6'] : [];
      if (row === bottom) {
        const paddle = Math.min(Math.max(reached(before.paddle, order), 0), last);
        const met = covers(paddle, ball.column) ? 'R9' : covers(paddle, column) ? 'R10' : 'R11';
        return ['R5', ...walls, met];
      }
      const hit = hasBrick(before.bricks, row, column);
      return ['R5', ...walls, ...(after.score > before.score ? ['R7'] : []), ...(hit ? ['R8'] : [])];
    }
  },
};

/** Rows below the bricks that a board needs, and the one above them. */
const FREE_ROWS = 5;

const byNumber = (one: string, other: string): number => Number(one.slice(1)) - Number(other.slice(1));

/** The bricks' rows are those below the uppermost. */
export const hasBrick = (bricks: readonly number[], row: number, column: number): boolean =>
  row > 0 && row <= bricks.length && (bricks[row - 1]! & (1 << column)) !== 0;

/** The start that one random number draws: as drawChance does. */
function drawStart(chances: readonly number[], random: Random): number {
  let left = random();
  for (let start = 0; start < chances.length - 1; start++) {
    left -= chances[start]!;
    if (left < 0) return start;
  }
  return chances.length - 1;
}

/** 'c-left': a ball that starts in column c and flies to the left. */
const startText = (start: number): string => `${LETTERS.charAt(start >> 1)}-${start % 2 === 1 ? 'right' : 'left'}`;

/** A seat's board in rows from the top: bricks, the ball, the paddle. */
function pictureOf(
  board: Board,
  seat: Seat,
  { rows, columns, paddle: width }: Values<typeof parameters>,
): readonly string[] {
  const { paddle, ball, bricks } = board;
  const sign = (row: number, column: number): string => {
    if (ball !== null && ball.row === row && ball.column === column) return '*';
    if (row === rows - 1 && column >= paddle && column < paddle + width) return SEATS[seat];
    return hasBrick(bricks, row, column) ? '#' : '.';
  };
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => sign(row, column)).join(' '),
  );
}

/** What a board's picture does not tell. */
function boardText({ ball, balls, score }: Board, rows: number): string {
  const flight =
    ball === null
      ? []
      : [
          `the ball on ${LETTERS.charAt(ball.column)}${rows - ball.row} flies ${ball.down ? 'down' : 'up'} to the ${
            ball.right ? 'right' : 'left'
          }${ball.through ? ', through bricks' : ''}`,
        ];
  return [`bricks ${score}`, `balls ${balls}`, ...flight].join('; ');
}

function titleOf(values: Values<typeof parameters>): string {
  const { rows, columns, layers, balls, ticks, paddle, pace, mirrored, piercing } = values;
  return [
    'Breakout',
    ...(rows === parameters.rows.usual && columns === parameters.columns.usual ? [] : [`${columns} × ${rows}`]),
    ...(layers === parameters.layers.usual ? [] : [`${layers} rows of bricks`]),
    ...(balls === parameters.balls.usual ? [] : [balls === 1 ? 'one ball' : `${balls} balls`]),
    ...(ticks === parameters.ticks.usual ? [] : [`${ticks} ticks`]),
    ...(paddle === parameters.paddle.usual ? [] : [`a paddle of ${paddle}`]),
    ...(pace === parameters.pace.usual ? [] : [`a square in ${pace} ticks`]),
    ...(mirrored ? ['mirrored'] : []),
    ...(piercing ? ['piercing'] : []),
  ].join(', ');
}

function factsOf({ rows, columns, layers, balls, paddle, pace }: Values<typeof parameters>): Facts {
  const lowest = rows - layers;
  return {
    lastColumn: LETTERS.charAt(columns - 1),
    paddleStart: LETTERS.charAt(Math.floor((columns - paddle) / 2)),
    highest: rows - 1,
    lowest,
    single: layers === 1,
    startRow: lowest - 1,
    startCount: 2 * columns,
    /** A way in which the balls may start. */
    starts: Array(balls).fill('b-right').join(' '),
    several: balls > 1,
    wide: paddle > 1,
    slow: pace > 1,
    /** The number of the first order that has to meet a ball. */
    firstMeeting: pace * (lowest - 2),
    /** Ticks in which a ball that has left the paddle comes to the lowest bricks, and columns that it passes. */
    climb: pace * (lowest - 2),
    climbColumns: lowest - 2,
    /** Ticks from one brick to the next for a ball above all others. */
    bounce: 2 * pace,
    /** Orders from one meeting to the next, if the lowest bricks turn the ball. */
    back: 2 * pace * (lowest - 2),
    /** The same, if the ceiling turns it. */
    roundTrip: 2 * pace * (rows - 1),
  };
}
