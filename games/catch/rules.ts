/**
 * Catch: objects fall a row a tick, and a paddle in the bottom row catches them.
 * Each seat has a board of its own, and the same objects fall on both.
 *
 * After the game of one falling ball in Mnih et al., "Recurrent Models of Visual
 * Attention" (NIPS 2014), as in bsuite's `catch` (Osband et al., arXiv
 * 1908.03568): there one ball falls on ten rows by five columns.
 *
 * A seat's order is 0, left, 1, stay, or 2, right. A move of chance drops an
 * object into a column, numbered from the left. In each tick chance drops first
 * if an object is due, then seat 0 orders, then seat 1, and then all of it happens.
 */

import type { Family } from '../family.ts';
import { type Facts, type Move, type Mover, type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { pick } from '../random.ts';
import type { Values } from '../settings.ts';

const TEXTS = ['left', 'stay', 'right'] as const;
const ORDERS: readonly Move[] = [0, 1, 2];
const STAY = 1;
/** The columns from the left. */
export const LETTERS = 'abcdefghi';
const NONE: readonly Move[] = [];
const SEATS = ['x', 'o'] as const;

export interface Paddle {
  /** The leftmost of its columns. */
  readonly column: number;
  /** Where it slides to if it is told to stay: a column to the left, -1, or to the right, 1. 0 on ground that is not slippery. */
  readonly slide: -1 | 0 | 1;
}

export interface Catch {
  /** Ticks that have passed. */
  readonly tick: number;
  /** The column of the object in each row but the paddles', from the top; null where there is none. */
  readonly falling: readonly (number | null)[];
  /** By seat. */
  readonly paddles: readonly [Paddle, Paddle];
  /** Objects caught, by seat. */
  readonly scores: readonly [number, number];
  /** What seat 0 has ordered while seat 1 has yet to order; null otherwise. */
  readonly order: Move | null;
}

const parameters = {
  rows: { kind: 'number', about: 'rows of each board', least: 3, most: 12, usual: 7 },
  columns: { kind: 'number', about: 'columns of each board', least: 3, most: LETTERS.length, usual: 5 },
  objects: { kind: 'number', about: 'objects that fall', least: 1, most: 100, usual: 20 },
  gap: { kind: 'number', about: 'ticks from one object to the next', least: 1, most: 12, usual: 1 },
  paddle: { kind: 'number', about: 'columns that a paddle covers', least: 1, most: 3, usual: 1 },
  mirrored: { kind: 'flag', about: 'left goes right and right goes left', usual: false },
  slippery: { kind: 'flag', about: 'a paddle that is told to stay after a move slides on', usual: false },
} as const;

export const catchGame: Family<Catch, typeof parameters> = {
  name: 'catch',
  kind: 'arcade',
  parameters,
  variants: [
    { values: { mirrored: true }, about: 'left goes right and right goes left' },
    { values: { slippery: true }, about: 'a paddle slides on after a move' },
    { values: { rows: 4, objects: 8 }, about: 'a low board: what falls is seen late' },
    { values: { columns: 9, gap: 2, paddle: 2 }, about: 'a wide board, a wide paddle, an object every second tick' },
  ],
  lessons: [{ paddle: 3, gap: 2 }, { paddle: 2, gap: 2 }, { paddle: 2 }],

  rules(values) {
    const { rows, columns, objects, gap, paddle: width, mirrored, slippery } = values;
    if (width >= columns) {
      throw new RangeError(
        `a paddle of ${width} leaves nothing to miss on ${columns} columns; take columns=${width + 1}`,
      );
    }
    const height = rows - 1;
    const last = columns - width;
    const ticks = (objects - 1) * gap + height;

    const drops: readonly Move[] = Array.from({ length: columns }, (_, column) => TEXTS.length + column);
    const chances: readonly number[] = drops.map(() => 1 / columns);
    const middle: Paddle = { column: Math.floor(last / 2), slide: 0 };

    const isDue = ({ tick, falling }: Catch): boolean =>
      tick % gap === 0 && tick < objects * gap && falling[0] === null;

    const dropped = ({ tick, falling }: Catch): number =>
      Math.min(Math.ceil(tick / gap), objects) + (falling[0] === null ? 0 : 1);

    /** The paddle after an order, its column as it would be without edges. */
    const reached = ({ column, slide }: Paddle, order: Move): number =>
      column + (order === STAY ? slide : mirrored ? STAY - order : order - STAY);

    function moved(paddle: Paddle, order: Move): Paddle {
      const column = Math.min(Math.max(reached(paddle, order), 0), last);
      const slide = slippery && order !== STAY ? ((column - paddle.column) as Paddle['slide']) : 0;
      return { column, slide };
    }

    const covers = ({ column }: Paddle, object: number): boolean => object >= column && object < column + width;

    const outcomeOf = (scores: Catch['scores']): Outcome =>
      scores[0] === scores[1]
        ? { kind: 'draw', how: 'as many caught', scores }
        : { kind: 'win', winner: scores[0] > scores[1] ? 0 : 1, how: 'more caught', scores };

    // For random play a paddle is one number: three times its column, and its slide plus one.
    const paddleAt = (code: number): Paddle => ({
      column: Math.floor(code / 3),
      slide: ((code % 3) - 1) as Paddle['slide'],
    });
    const codeOf = ({ column, slide }: Paddle): number => 3 * column + slide + 1;
    /** The paddle that each order leads to, three orders for each paddle. */
    const next = Uint8Array.from({ length: 9 * (last + 1) }, (_, i) =>
      codeOf(moved(paddleAt(Math.floor(i / 3)), i % 3)),
    );
    /** What each paddle gains by an object that lands in each column, the last place standing for none. */
    const gains = Uint8Array.from({ length: 3 * (last + 1) * (columns + 1) }, (_, i) => {
      const column = i % (columns + 1);
      return column < columns && covers(paddleAt(Math.floor(i / (columns + 1))), column) ? 1 : 0;
    });
    const air = new Uint8Array(height);

    const rules: Rules<Catch> = {
      title: titleOf(values),
      facts: factsOf(values, ticks),
      moveCount: TEXTS.length,
      chanceCount: columns,
      observationShape: [slippery ? 7 : 5, rows, columns],
      symmetries: [],
      openingPlies: 0,
      start: { tick: 0, falling: Array(height).fill(null), paddles: [middle, middle], scores: [0, 0], order: null },

      turn: (state): Mover => (isDue(state) ? 'chance' : state.order === null ? 0 : 1),

      moves: state => (state.tick === ticks ? NONE : isDue(state) ? drops : ORDERS),

      chances: () => chances,

      play(state, move) {
        if (move >= TEXTS.length) return { ...state, falling: state.falling.with(0, move - TEXTS.length) };
        if (state.order === null) return { ...state, order: move };
        const paddles = [moved(state.paddles[0], state.order), moved(state.paddles[1], move)] as const;
        const landing = state.falling[height - 1]!;
        const gain = (seat: Seat): number => (landing !== null && covers(paddles[seat], landing) ? 1 : 0);
        return {
          tick: state.tick + 1,
          falling: [null, ...state.falling.slice(0, -1)],
          paddles,
          scores: [state.scores[0] + gain(0), state.scores[1] + gain(1)],
          order: null,
        };
      },

      outcome: ({ tick, scores }) => (tick === ticks ? outcomeOf(scores) : undefined),

      explain(state, move) {
        if (move >= TEXTS.length) return ['R1'];
        const seat: Seat = state.order === null ? 0 : 1;
        const paddle = state.paddles[seat];
        const wanted = reached(paddle, move);
        const given = ['R2', move === STAY ? 'R4' : 'R3', ...(wanted < 0 || wanted > last ? ['R5'] : [])];
        if (seat === 0) return given;
        const after = rules.play(state, move);
        const landing = state.falling[height - 1]!;
        const caught = landing === null ? [] : after.paddles.map(paddle => covers(paddle, landing));
        const outcome = rules.outcome(after);
        return [
          ...given,
          'R6',
          ...(caught.includes(true) ? ['R7'] : []),
          ...(caught.includes(false) ? ['R8'] : []),
          ...(outcome === undefined ? [] : [outcome.kind === 'win' ? 'R9' : 'R10']),
        ];
      },

      playout({ tick: from, falling, paddles, scores, order }, random) {
        // The object dropped in tick t is kept in place t modulo height.
        for (const [age, column] of falling.entries()) air[(from - age + height) % height] = column ?? columns;
        let [first, second] = [codeOf(paddles[0]), codeOf(paddles[1])];
        let [firstScore, secondScore] = scores;
        let ordered = order;
        let dropped = falling[0] !== null;
        let untilDue = (gap - (from % gap)) % gap;
        let untilLanding = (from + 1) % height;
        let place = from % height;
        for (let tick = from; tick < ticks; tick++) {
          if (untilDue === 0) {
            untilDue = gap;
            if (!dropped && tick < objects * gap) {
              let left = random();
              let column = 0;
              while (column < columns - 1) {
                left -= chances[column]!;
                if (left < 0) break;
                column++;
              }
              air[place] = column;
            }
          }
          dropped = false;
          untilDue--;
          first = next[3 * first + (ordered ?? Math.floor(3 * random()))]!;
          ordered = null;
          second = next[3 * second + Math.floor(3 * random())]!;
          const landing = air[untilLanding]!;
          firstScore += gains[first * (columns + 1) + landing]!;
          secondScore += gains[second * (columns + 1) + landing]!;
          place = untilLanding;
          air[place] = columns;
          untilLanding = untilLanding + 1 === height ? 0 : untilLanding + 1;
        }
        return outcomeOf([firstScore, secondScore]);
      },

      hides: (state, _move, seat) => seat === 1 && rules.turn(state) === 0,

      guess: (state, seat, random) =>
        seat === 1 && state.order !== null ? { ...state, order: pick(ORDERS, random) } : state,

      show(state, seat) {
        const { tick, paddles, scores, order } = state;
        const lines = Array.from({ length: rows }, (_, row) => {
          const boards = ([0, 1] as const).map(whose => boardOf(state, whose, width, columns)[row]!.join(' '));
          return `${String(rows - row).padStart(2)} ${boards.join('   ')}`;
        });
        const letters = [...LETTERS.slice(0, columns)].join(' ');
        const sliding = SEATS.flatMap((name, i) => {
          const { slide } = paddles[i]!;
          return slide === 0 ? [] : [`${name} slides to the ${slide < 0 ? 'left' : 'right'} unless it is moved`];
        });
        const asked = isDue(state)
          ? 'an object is due'
          : order === null
            ? 'x is to order'
            : `x has ordered${seat === 1 ? '' : ` ${TEXTS[order]}`}, o is to order`;
        return [
          `tick ${tick} of ${ticks}; ${dropped(state)} of ${objects} objects dropped`,
          ...lines,
          `   ${letters}   ${letters}`,
          `caught: x ${scores[0]}, o ${scores[1]}`,
          ...sliding,
          tick === ticks ? 'over' : asked,
        ].join('\n');
      },

      notation: 'left, stay or right',

      formatMove: move => TEXTS[move] ?? LETTERS.charAt(move - TEXTS.length),

      parseMove(text) {
        const order = TEXTS.indexOf(text as (typeof TEXTS)[number]);
        if (order !== -1) return order;
        const column = text.length === 1 ? LETTERS.slice(0, columns).indexOf(text) : -1;
        return column === -1 ? undefined : TEXTS.length + column;
      },

      observe(state) {
        const squares = rows * columns;
        const planes = new Float32Array(squares * (slippery ? 7 : 5));
        const own: Seat = state.order === null ? 0 : 1;
        const sides = [own, opponent(own)] as const;
        const draw = (plane: number, { column }: Paddle) =>
          planes.fill(1, (plane + 1) * squares - columns + column, (plane + 1) * squares - columns + column + width);
        for (const [plane, seat] of sides.entries()) draw(plane, state.paddles[seat]);
        for (const [row, column] of state.falling.entries()) {
          if (column !== null) planes[2 * squares + row * columns + column] = 1;
        }
        planes.fill(1 - state.tick / ticks, 3 * squares, 4 * squares);
        const lead = state.scores[own] - state.scores[opponent(own)];
        planes.fill((1 + lead / objects) / 2, 4 * squares, 5 * squares);
        // Where each paddle comes to stand if it is told to stay.
        if (slippery) for (const [i, seat] of sides.entries()) draw(5 + i, moved(state.paddles[seat], STAY));
        return planes;
      },

      solo: {
        observationShape: [slippery ? 4 : 3, rows, columns],

        score: ({ scores }, seat) => scores[seat],

        observe({ tick, falling, paddles }, seat) {
          const squares = rows * columns;
          const planes = new Float32Array(squares * (slippery ? 4 : 3));
          const draw = (plane: number, { column }: Paddle) =>
            planes.fill(1, (plane + 1) * squares - columns + column, (plane + 1) * squares - columns + column + width);
          draw(0, paddles[seat]);
          for (const [row, column] of falling.entries()) {
            if (column !== null) planes[squares + row * columns + column] = 1;
          }
          planes.fill(1 - tick / ticks, 2 * squares, 3 * squares);
          if (slippery) draw(3, moved(paddles[seat], STAY));
          return planes;
        },
      },

      scripts: {
        /** Catches as many as it can of the objects in the air, and ends as near to the middle as that allows. */
        planner({ falling, paddles }, seat) {
          const codes = Array.from({ length: 3 * (last + 1) }, (_, code) => code);
          let worths = codes.map(code => -Math.abs(2 * paddleAt(code).column - last) / 100);
          let choices: readonly (readonly number[])[] = [];
          // From the object that lands last to the one that lands first.
          for (const column of falling) {
            const landing = column ?? columns;
            choices = codes.map(code =>
              ORDERS.map(order => next[3 * code + order]!).map(
                after => gains[after * (columns + 1) + landing]! + worths[after]!,
              ),
            );
            worths = choices.map(worthByOrder => Math.max(...worthByOrder));
          }
          const code = codeOf(paddles[seat]);
          const [choice, worth] = [choices[code]!, worths[code]!];
          return choice[STAY] === worth ? STAY : choice.indexOf(worth);
        },
      },
    };
    return rules;
  },
};

/** What stands in each square of a seat's board, row by row from the top: an object, the paddle or nothing. */
function boardOf(state: Catch, seat: Seat, width: number, columns: number): readonly (readonly string[])[] {
  const empty = Array<string>(columns).fill('.');
  const { column } = state.paddles[seat];
  return [
    ...state.falling.map(object => (object === null ? empty : empty.with(object, '*'))),
    empty.map((dot, i) => (i >= column && i < column + width ? SEATS[seat] : dot)),
  ];
}

function titleOf({ rows, columns, objects, gap, paddle, mirrored, slippery }: Values<typeof parameters>): string {
  return [
    'Catch',
    ...(rows === parameters.rows.usual && columns === parameters.columns.usual ? [] : [`${columns} × ${rows}`]),
    ...(objects === parameters.objects.usual ? [] : [`${objects} objects`]),
    ...(gap === parameters.gap.usual ? [] : [`one in ${gap} ticks`]),
    ...(paddle === parameters.paddle.usual ? [] : [`a paddle of ${paddle}`]),
    ...(mirrored ? ['mirrored'] : []),
    ...(slippery ? ['slippery'] : []),
  ].join(', ');
}

function factsOf({ rows, columns, gap, paddle }: Values<typeof parameters>, ticks: number): Facts {
  const start = Math.floor((columns - paddle) / 2);
  const letters = [...LETTERS.slice(start, start + paddle)].map(letter => `\`${letter}\``);
  return {
    ticks,
    /** Ticks from the drop of an object to its landing. */
    fall: rows - 1,
    lastColumn: LETTERS.charAt(columns - 1),
    start: [letters.slice(0, -1).join(', '), letters.at(-1)].filter(Boolean).join(' and '),
    everyTick: gap === 1,
    wide: paddle > 1,
    spare: paddle - 1,
  };
}
