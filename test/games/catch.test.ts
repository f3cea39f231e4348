import { describe, expect, test } from 'vitest';
import { type Catch, catchGame } from '../../games/catch/rules.ts';
import { catchView } from '../../games/catch/view.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, type Move, plainPlayout, randomMove, replay, type Seat } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { playout } from '../playouts.ts';

const game = gameOf(catchGame);
/** Two rows to fall through, so that a whole game is a few words. */
const low = { rows: 3, columns: 3 };
const played = (moves: string, of: Game<Catch> = game): Catch => replay(of, moves.split(' '));
const columnsOf = ({ paddles }: Catch): readonly number[] => paddles.map(({ column }) => column);

test('an object falls one row a tick, the same on both boards, and lands in the row of the paddles', () => {
  const falls = gameOf(catchGame, { rows: 4, objects: 1 });
  const texts = ['a', 'a stay left', 'a stay left stay left', 'a stay left stay left left left'];
  expect(texts.map(text => falls.show(played(text, falls)))).toEqual([
    [
      'tick 0 of 3; 1 of 1 objects dropped',
      ' 4 * . . . .   * . . . .',
      ' 3 . . . . .   . . . . .',
      ' 2 . . . . .   . . . . .',
      ' 1 . . x . .   . . o . .',
      '   a b c d e   a b c d e',
      'caught: x 0, o 0',
      'x is to order',
    ].join('\n'),
    [
      'tick 1 of 3; 1 of 1 objects dropped',
      ' 4 . . . . .   . . . . .',
      ' 3 * . . . .   * . . . .',
      ' 2 . . . . .   . . . . .',
      ' 1 . . x . .   . o . . .',
      '   a b c d e   a b c d e',
      'caught: x 0, o 0',
      'x is to order',
    ].join('\n'),
    [
      'tick 2 of 3; 1 of 1 objects dropped',
      ' 4 . . . . .   . . . . .',
      ' 3 . . . . .   . . . . .',
      ' 2 * . . . .   * . . . .',
      ' 1 . . x . .   o . . . .',
      '   a b c d e   a b c d e',
      'caught: x 0, o 0',
      'x is to order',
    ].join('\n'),
    [
      'tick 3 of 3; 1 of 1 objects dropped',
      ' 4 . . . . .   . . . . .',
      ' 3 . . . . .   . . . . .',
      ' 2 . . . . .   . . . . .',
      ' 1 . x . . .   o . . . .',
      '   a b c d e   a b c d e',
      'caught: x 0, o 1',
      'over',
    ].join('\n'),
  ]);
});

test.each([
  ['the first seat for catching more', 'a stay stay left stay', { kind: 'win', winner: 0, scores: [1, 0] }],
  ['the second seat for catching more', 'c left stay stay right', { kind: 'win', winner: 1, scores: [0, 1] }],
  ['nobody when both catch it', 'b left right right left', { kind: 'draw', scores: [1, 1] }],
  ['nobody when both miss it', 'b left right stay stay', { kind: 'draw', scores: [0, 0] }],
])('a game is won by %s', (_, moves, outcome) => {
  const single = gameOf(catchGame, { ...low, objects: 1 });
  expect(single.outcome(played(moves.split(' ').slice(0, -1).join(' '), single))).toBeUndefined();
  expect(single.outcome(played(moves, single))).toMatchObject(outcome);
  expect(single.moves(played(moves, single))).toEqual([]);
});

test('the paddle moves before the object lands: stepping away loses it, stepping there catches it', () => {
  const single = gameOf(catchGame, { ...low, objects: 1 });
  expect(played('b stay left left right', single).scores).toEqual([0, 1]);
});

test('an order over the edge leaves the paddle where it is', () => {
  expect(columnsOf(played('a left right b left right c left right'))).toEqual([0, 4]);
  const wide = gameOf(catchGame, { columns: 4, paddle: 3 });
  expect(columnsOf(wide.start)).toEqual([0, 0]);
  expect(columnsOf(played('a left right b stay right', wide))).toEqual([0, 1]);
});

test.each([
  ['a', [1, 0]],
  ['b', [1, 0]],
  ['c', [0, 1]],
  ['d', [0, 1]],
  ['e', [0, 0]],
])('of two paddles on a and b, and on c and d, an object in %s is caught by the one under it', (column, scores) => {
  const wide = gameOf(catchGame, { rows: 3, objects: 1, paddle: 2 });
  expect(played(`${column} left right stay stay`, wide).scores).toEqual(scores);
});

test('objects come one in so many ticks, the first at once, and the last one ends the game', () => {
  const rare = gameOf(catchGame, { ...low, objects: 2, gap: 3 });
  expect(rare.turn(rare.start)).toBe('chance');
  const idle = played('a stay stay stay stay stay stay', rare);
  expect(rare.turn(idle)).toBe('chance');
  const last = played('a stay stay stay stay stay stay b stay stay', rare);
  expect(rare.outcome(last)).toBeUndefined();
  expect(rare.moves(last)).toEqual([0, 1, 2]);
  expect(rare.outcome(rare.play(rare.play(last, 0), 1))).toMatchObject({ kind: 'win', winner: 1, scores: [0, 1] });
});

test('every column is as likely as every other', () => {
  expect(game.moves(game.start).map(game.formatMove)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(game.chances!(game.start)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
});

test('mirrored controls take the paddle the other way', () => {
  const mirrored = gameOf(catchGame, { mirrored: true });
  expect(columnsOf(played('a left right b left stay', mirrored))).toEqual([4, 1]);
});

describe('on slippery ground', () => {
  const slippery = gameOf(catchGame, { slippery: true, columns: 7 });
  const [L, S, R] = ['left', 'stay', 'right'];
  const columnAfter = (...orders: readonly (string | undefined)[]) =>
    columnsOf(played(orders.map(order => `a stay ${order}`).join(' '), slippery))[1];

  test.each([
    ['a paddle at rest stays', [S, S], 3],
    ['a paddle slides one column on after a move', [R, S], 5],
    ['and not a second one', [R, S, S], 5],
    ['a move back stops no slide but goes one column back', [R, L], 3],
    ['after which it slides that way', [R, L, S], 2],
    ['two moves go two columns, and the slide a third', [L, L, S], 0],
    ['a single column to the right and at rest takes three ticks', [L, R, S, S], 4],
    ['sliding against the edge stops the paddle there', [R, R, R, S, S], 6],
    ['so does a move against it, and nothing springs back', [R, R, R, R, S, S], 6],
  ])('%s', (_, orders, column) => {
    expect(columnAfter(...orders)).toBe(column);
  });

  test('a paddle that the edge has stopped is at rest', () => {
    const stopped = played('a left left a left left a left left a left stay', slippery);
    expect(stopped.paddles).toEqual([
      { column: 0, slide: 0 },
      { column: 0, slide: 0 },
    ]);
  });

  test('the picture says which paddle slides, and the learning agents are told', () => {
    const state = played('a left stay', slippery);
    expect(slippery.show(state)).toContain('x slides to the left unless it is moved');
    expect(slippery.show(state)).not.toContain('o slides');
    const [own, , , , , ownStaying, otherStaying] = bottomRows(slippery, slippery.play(state, 7));
    expect(own).toEqual([0, 0, 1, 0, 0, 0, 0]);
    expect(ownStaying).toEqual([0, 1, 0, 0, 0, 0, 0]);
    expect(otherStaying).toEqual([0, 0, 0, 1, 0, 0, 0]);
  });
});

/** The lowest row of each plane of an observation. */
function bottomRows(of: Game<Catch>, state: Catch): readonly (readonly number[])[] {
  const [planes, rows, columns] = of.observationShape;
  const seen = [...of.observe(state)];
  return Array.from({ length: planes }, (_, plane) =>
    seen.slice((plane + 1) * rows * columns - columns, (plane + 1) * rows * columns),
  );
}

test('the learning agents see their own paddle first, the objects, the time and their lead', () => {
  const short = gameOf(catchGame, { ...low, objects: 2 });
  const state = played('a left right c stay left a left stay'.split(' ').slice(0, 6).join(' '), short);
  expect(state.scores).toEqual([1, 0]);
  const asked = short.play(state, 1);
  const third = Math.fround(1 / 3);
  expect([...short.observe(state)]).toEqual(
    [
      [0, 0, 0, 0, 0, 0, 1, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 1, 0],
      [0, 0, 0, 0, 0, 1, 0, 0, 0],
      Array(9).fill(third),
      Array(9).fill(0.75),
    ].flat(),
  );
  expect([...short.observe(asked)]).toEqual(
    [
      [0, 0, 0, 0, 0, 0, 0, 1, 0],
      [0, 0, 0, 0, 0, 0, 1, 0, 0],
      [0, 0, 0, 0, 0, 1, 0, 0, 0],
      Array(9).fill(third),
      Array(9).fill(0.25),
    ].flat(),
  );
});

test('the second seat does not see what the first has ordered, and takes any order for as likely', () => {
  const asked = played('b left');
  expect(game.hides!(played('b'), 0, 1)).toBe(true);
  expect(game.hides!(played('b'), 0, 0)).toBe(false);
  expect(game.hides!(asked, 2, 0)).toBe(false);
  expect(game.hides!(game.start, 3, 1)).toBe(false);
  expect(game.show(asked, 0)).toContain('x has ordered left, o is to order');
  expect(game.show(asked, 1)).toContain('x has ordered, o is to order');
  const random = seededRandom(5);
  const guesses = Array.from({ length: 300 }, () => game.guess!(asked, 1, random));
  for (const order of [0, 1, 2]) {
    expect(guesses.filter(guess => guess.order === order).length).toBeGreaterThan(70);
  }
  expect(guesses.every(guess => guess.falling === asked.falling && guess.paddles === asked.paddles)).toBe(true);
  expect(game.guess!(asked, 0, random)).toBe(asked);
});

test('a paddle that covers the whole board is refused', () => {
  expect(() => gameOf(catchGame, { columns: 3, paddle: 3 })).toThrow(RangeError);
});

test('a page shows both boards with their points, and keys give the orders', () => {
  const short = gameOf(catchGame, { ...low, objects: 2 });
  const view = catchView(short);
  const signs = (state: Catch) =>
    view
      .squares(state)
      .map(row =>
        row.map(square => (square === null || typeof square === 'number' ? '' : (square.sign ?? ' '))).join(),
      );
  expect(signs(played('a left right c stay left', short))).toEqual([
    '1, , , ,0, , ',
    ',,, ,,,',
    ',,●, ,,,●',
    '▬,,, ,,▬,',
  ]);
  for (const [text] of Object.values(view.keys!)) expect(short.parseMove(text!)).toBeLessThan(3);
  expect(short.parseMove(view.tempo!.idle)).toBe(1);
});

/** The rules once more: every object has a place of its own, and a board knows nothing of the other. */
function plainBoard(facts: Game['facts']) {
  const [columns, width] = [Number(facts['columns']), Number(facts['paddle'])];
  const objects: { row: number; column: number }[] = [];
  let position = Math.floor((columns - width) / 2);
  let momentum = 0;
  let caught = 0;
  return {
    drop: (row: number, column: number) => objects.push({ row, column }),
    tick(order: 'left' | 'stay' | 'right') {
      let step = order === 'left' ? -1 : order === 'right' ? 1 : momentum;
      if (order !== 'stay' && facts['mirrored']) step = -step;
      const isOn = position + step >= 0 && position + step + width <= columns;
      if (isOn) position += step;
      momentum = facts['slippery'] && order !== 'stay' && isOn ? step : 0;
      for (const object of objects) {
        object.row--;
        const under = object.column - position;
        if (object.row === 1 && under >= 0 && under < width) caught++;
      }
    },
    position: () => position,
    caught: () => caught,
    isEmpty: () => objects.every(({ row }) => row <= 1),
  };
}

const MANY = Array.from({ length: 60 }, (_, i) => ({
  rows: 3 + (i % 6),
  columns: 4 + (i % 5),
  objects: 1 + (i % 7),
  gap: 1 + (i % 4),
  paddle: 1 + (i % 3),
  mirrored: i % 2 === 0,
  slippery: i % 5 < 3,
}));

test('an independent implementation agrees on every mover, every paddle and every score', () => {
  for (const [seed, values] of MANY.entries()) {
    const some = gameOf(catchGame, values);
    const boards = [plainBoard(some.facts), plainBoard(some.facts)] as const;
    const random = seededRandom(seed);
    let state = some.start;
    const give = (mover: Seat | 'chance'): string => {
      expect(some.turn(state)).toBe(mover);
      const move = randomMove(some, state, random);
      state = some.play(state, move);
      return some.formatMove(move);
    };
    let dropped = 0;
    for (let tick = 0; dropped < values.objects || !boards[0].isEmpty(); tick++) {
      if (tick % values.gap === 0 && dropped < values.objects) {
        const column = 'abcdefghi'.indexOf(give('chance'));
        for (const board of boards) board.drop(values.rows, column);
        dropped++;
      }
      const orders = [give(0), give(1)];
      for (const [seat, board] of boards.entries()) board.tick(orders[seat] as 'left' | 'stay' | 'right');
      expect(columnsOf(state)).toEqual(boards.map(board => board.position()));
      expect(state.scores).toEqual(boards.map(board => board.caught()));
    }
    const [x, o] = state.scores;
    expect(some.outcome(state)).toMatchObject(x === o ? { kind: 'draw' } : { kind: 'win', winner: x > o ? 0 : 1 });
  }
});

test('random play is the same fast and plain, from the start and from amid a tick', () => {
  for (const [seed, values] of MANY.entries()) {
    const some = gameOf(catchGame, values);
    const steps = playout(some, seed);
    for (const { state } of steps) {
      const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
      expect(some.playout!(state, fast)).toEqual(plainPlayout(some, state, plain));
      expect(fast()).toBe(plain());
    }
  }
});

/** The most that can still be caught of what is in the air, by trying all orders. */
function most(of: Game<Catch>, state: Catch, seat: Seat): number {
  if (of.outcome(state)) return state.scores[seat];
  return Math.max(...[0, 1, 2].map(order => most(of, both(of, state, order), seat)));
}

/** The state after both seats have given this order. */
const both = (of: Game<Catch>, state: Catch, order: Move): Catch => of.play(of.play(state, order), order);

test('the planner catches as many of the objects in the air as anybody could', () => {
  for (const values of [{}, { mirrored: true }, { slippery: true }, { columns: 9, paddle: 2, gap: 2 }]) {
    const short = gameOf(catchGame, { ...values, rows: 6, objects: 5 });
    for (let seed = 0; seed < 4; seed++) {
      let state = playout(short, seed).findLast(({ state }) => short.turn(state) === 'chance')!.state;
      state = short.play(state, 3 + (seed % 5));
      const best = most(short, state, 0);
      while (!short.outcome(state)) state = both(short, state, short.scripts!['planner']!(state, 0, seededRandom(0)));
      expect(state.scores[0]).toBe(best);
    }
  }
});

test('the guide is right that planning beats going for the next object in reach', () => {
  const random = seededRandom(3);
  let [won, lost] = [0, 0];
  for (let count = 0; count < 60; count++) {
    let state = game.start;
    while (!game.outcome(state)) {
      const turn = game.turn(state);
      const move =
        turn === 0
          ? game.scripts!['planner']!(state, 0, random)
          : turn === 1
            ? nextInReach(state, 1)
            : randomMove(game, state, random);
      state = game.play(state, move);
    }
    if (state.scores[0] > state.scores[1]) won++;
    if (state.scores[0] < state.scores[1]) lost++;
  }
  expect(won).toBeGreaterThan(15);
  expect(lost).toBeLessThan(5);
});

function nextInReach({ falling, paddles }: Catch, seat: Seat): Move {
  for (const [ticks, object] of falling.toReversed().entries()) {
    const way = object === null ? Number.POSITIVE_INFINITY : object - paddles[seat].column;
    if (Math.abs(way) <= ticks + 1) return 1 + Math.sign(way);
  }
  return 1;
}
