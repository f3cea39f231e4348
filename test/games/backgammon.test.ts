import { expect, test } from 'vitest';
import { type Backgammon, backgammon as backgammonFamily } from '../../games/backgammon/rules.ts';
import { backgammonView } from '../../games/backgammon/view.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, replay, type Seat } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout } from '../playouts.ts';

const backgammon = gameOf(backgammonFamily);
const misere = gameOf(backgammonFamily, { misere: true });
const plainDoubles = gameOf(backgammonFamily, { doubles: false });

/** How many checkers are on which of a seat's points, 25 being the bar. */
type Checkers = Readonly<Record<number, number>>;

/** All other checkers are at `rest`. */
function checkersOf(on: Checkers, rest: number): readonly number[] {
  const all = Array<number>(26).fill(0);
  for (const [point, count] of Object.entries(on)) all[Number(point)] = count;
  all[rest]! += 15 - all.reduce((a, b) => a + b);
  return all;
}

/** It is x's turn, whose other checkers are off the board; those of o stand on its point 1, which is point 24 of x. */
const position = (x: Checkers, o: Checkers, dice: readonly [number, number]): Backgammon => ({
  checkers: [checkersOf(x, 0), checkersOf(o, 1)],
  seat: 0,
  dice,
  again: false,
  turns: 20,
});

const after = (moves: string, game = backgammon) => replay(game, moves.split(' ').filter(Boolean));
const movesIn = (state: Backgammon, game = backgammon) => game.moves(state).map(move => game.formatMove(move));
const played = (state: Backgammon, moves: string, game = backgammon) =>
  moves.split(' ').reduce((last, text) => {
    expect(movesIn(last, game)).toContain(text);
    return game.play(last, game.parseMove(text)!);
  }, state);

/** Counted by OpenSpiel, the same steps in another order not counted again. */
test.each([
  [{}, 1, 30],
  [{}, 2, 428],
  [{}, 3, 15_408],
  [{ hyper: true }, 2, 330],
  [{ hyper: true }, 4, 119_790],
] as const)('with %o, %i moves can be made in %i ways', (values, depth, count) => {
  expect(perft(gameOf(backgammonFamily, values), depth)).toBe(count);
});

test('at the start', () => {
  expect(backgammon.show(backgammon.start)).toBe(
    [
      'o:  12  11  10   9   8   7 |   6   5   4   3   2   1',
      'x:  13  14  15  16  17  18 |  19  20  21  22  23  24',
      '    x5   .   .   .  o3   . |  o5   .   .   .   .  x2',
      '                           |',
      '    o5   .   .   .  x3   . |  x5   .   .   .   .  o2',
      'x:  12  11  10   9   8   7 |   6   5   4   3   2   1',
      'o:  13  14  15  16  17  18 |  19  20  21  22  23  24',
      'bar: x 0, o 0; off: x 0, o 0',
      'both roll for the first turn',
    ].join('\n'),
  );
});

test.each([
  [{}, { 24: 2, 13: 5, 8: 3, 6: 5 }],
  [{ nack: true }, { 24: 2, 23: 2, 13: 4, 8: 3, 6: 4 }],
  [{ hyper: true }, { 24: 1, 23: 1, 22: 1 }],
])('with %o both sides start alike', (values, on) => {
  const { checkers } = gameOf(backgammonFamily, values).start;
  expect(checkers[0]).toEqual(checkers[1]);
  expect(Object.fromEntries([...checkers[0].entries()].filter(([, count]) => count > 0))).toEqual(on);
});

test('whoever rolls the higher number begins, and plays both', () => {
  expect(after('3-1')).toMatchObject({ seat: 0, dice: [3, 1] });
  expect(after('1-3')).toMatchObject({ seat: 1, dice: [3, 1] });
});

test('the first roll is no double, later ones are', () => {
  expect(movesIn(backgammon.start)).toHaveLength(30);
  expect(movesIn(backgammon.start)).not.toContain('3-3');
  expect(backgammon.chances!(backgammon.start)).toHaveLength(30);
  const later = after('3-1 8/5+6/5');
  expect(movesIn(later)).toHaveLength(36);
  expect(movesIn(later)).toContain('3-3');
});

test('after the first roll players take turns, whatever is rolled, and the order of the numbers means nothing', () => {
  expect(after('3-1 8/5+6/5 6-5')).toMatchObject({ seat: 1, dice: [6, 5] });
  expect(after('3-1 8/5+6/5 5-6')).toEqual(after('3-1 8/5+6/5 6-5'));
  expect(after('3-1 8/5+6/5 6-5 24/18+18/13 5-6')).toMatchObject({ seat: 0, dice: [6, 5] });
});

test('both sides count the points from their own side', () => {
  expect(movesIn(after('3-1'))).toEqual(movesIn(after('1-3')));
  expect(after('1-3 8/5+6/5').checkers).toEqual(after('3-1 8/5+6/5').checkers.toReversed());
});

test.each<[string, Checkers, Checkers, [number, number], string]>([
  ['both numbers, in the order in which they can be', { 20: 1 }, { 11: 2 }, [6, 5], '20/15+15/9'],
  ['the way of one checker is named where two are open', { 20: 1 }, {}, [6, 5], '20/15+15/9 20/14+14/9'],
  ['a point with two opponents is closed', { 20: 1, 10: 1 }, { 11: 2, 21: 2 }, [6, 5], '20/15+15/9'],
  ['a point with one opponent is open', { 20: 1 }, { 11: 1, 10: 2 }, [6, 5], '20/14+14/9'],
  ['the higher of two numbers of which either can be played', { 20: 1 }, { 16: 2 }, [6, 5], '20/14'],
  ['the lower number, if only that can be played', { 20: 1 }, { 16: 2, 11: 2 }, [6, 5], '20/15'],
  ['nothing, if no number can be played', { 20: 1 }, { 11: 2, 10: 2 }, [6, 5], 'pass'],
  ['no step that makes the other number unplayable', { 20: 1, 14: 1 }, { 16: 2 }, [6, 5], '20/15+14/8 14/8+8/3'],
  ['from the bar first', { 25: 1, 13: 1 }, { 4: 2 }, [4, 3], 'bar/22+22/18 bar/22+13/9'],
  ['only from the bar, while two are there', { 25: 2, 13: 1 }, {}, [4, 3], 'bar/22+bar/21'],
  ['one of two from the bar, if only that comes in', { 25: 2, 13: 1 }, { 4: 2 }, [4, 3], 'bar/22'],
  ['nothing, if no checker comes in from the bar', { 25: 1, 13: 1 }, { 4: 2, 3: 2 }, [4, 3], 'pass'],
  ['from the bar with the higher number, if only one can be played', { 25: 1 }, { 7: 2 }, [4, 3], 'bar/21'],
  ['off with higher numbers', { 4: 1, 3: 1 }, {}, [6, 5], '4/off+3/off'],
  ['with a higher number only the highest goes off', { 6: 1, 4: 1 }, {}, [5, 1], '6/5+5/off 6/1+4/3 6/1+1/off'],
  ['off as soon as the last one is home', { 7: 1, 3: 1 }, {}, [3, 1], '7/6+6/3 7/6+3/off 7/4+4/3 7/4+3/2'],
  ['nothing off before the last one is home', { 8: 1, 7: 1, 1: 1 }, {}, [6, 1], '8/7+7/1 8/2+7/6 8/2+2/1'],
  ['a single step, if it takes the last checker off', { 2: 1 }, {}, [6, 5], '2/off'],
  ['both numbers, if the last checker can go off by both', { 6: 1 }, {}, [6, 1], '6/5+5/off'],
  ['on within the home board instead of off', { 6: 1, 2: 1 }, {}, [2, 1], '6/5+5/3 6/5+2/off 6/4+4/3 6/4+2/1'],
  ['two checkers of one point', { 13: 2 }, {}, [2, 1], '13/12+13/11 13/12+12/10 13/11+11/10'],
  ['two steps of a double', { 13: 2 }, {}, [3, 3], '13/10+13/10 13/10+10/7'],
])('what can be played: %s', (_, x, o, dice, expected) => {
  expect(movesIn(position(x, o, dice))).toEqual(expected.split(' '));
});

test('a lone checker is hit and goes to the bar, also two in one move', () => {
  const state = played(position({ 20: 1, 13: 1 }, { 11: 1, 17: 1 }, [6, 5]), '20/14+13/8');
  expect(state.checkers[1][25]).toBe(2);
  expect(state.checkers[1][11]).toBe(0);
  expect(state.checkers[1][17]).toBe(0);
});

test('a checker may hit on its way', () => {
  const state = played(position({ 20: 1 }, { 11: 1, 10: 2 }, [6, 5]), '20/14+14/9');
  expect(state.checkers[1].filter(count => count > 0)).toEqual([12, 2, 1]);
  expect(state.checkers[1][25]).toBe(1);
});

test('points with many own checkers are open', () => {
  expect(movesIn(position({ 13: 1, 7: 14 }, {}, [6, 5]))).toContain('13/7+7/2');
});

test('a double is played in two moves', () => {
  const first = played(position({ 13: 2, 8: 2 }, {}, [3, 3]), '13/10+13/10');
  expect(first).toMatchObject({ seat: 0, dice: [3, 3], again: true, turns: 21 });
  expect(first.checkers[0][10]).toBe(2);
  const second = played(first, '10/7+8/5');
  expect(second).toMatchObject({ seat: 1, dice: null, again: false, turns: 21 });
});

test('a second move of a double in which nothing can be played is a pass', () => {
  const state = played(position({ 13: 1 }, {}, [3, 3]), '13/10+10/7');
  expect(movesIn(state)).toEqual(['7/4+4/1']);
  const stopped = played(position({ 13: 1 }, { 21: 2 }, [3, 3]), '13/10+10/7');
  expect(movesIn(stopped)).toEqual(['pass']);
  expect(played(stopped, 'pass')).toMatchObject({ seat: 1, dice: null, again: false, turns: 21 });
});

test.each([
  ['one step', 18, '13/10'],
  ['nothing', 15, 'pass'],
])('no second move after a double of which only %s can be played', (_, point, move) => {
  expect(played(position({ 13: 1 }, { [point]: 2 }, [3, 3]), move)).toMatchObject({
    seat: 1,
    dice: null,
    again: false,
  });
});

test('a double is one move where it is not played twice', () => {
  const state = played(position({ 13: 2, 8: 2 }, {}, [3, 3]), '13/10+13/10', plainDoubles);
  expect(state).toMatchObject({ seat: 1, dice: null, again: false, turns: 21 });
});

test('bearing off all checkers wins, also in the middle of a double, and loses in misère', () => {
  const last = position({ 2: 2 }, {}, [3, 3]);
  const over = played(last, '2/off+2/off');
  expect(backgammon.outcome(over)).toEqual({ kind: 'win', winner: 0, how: 'bore off all checkers' });
  expect(backgammon.moves(over)).toEqual([]);
  expect(misere.outcome(over)).toEqual({ kind: 'win', winner: 1, how: 'the other bore off all checkers' });
});

test('the second seat wins, too', () => {
  const state = position({ 13: 15 }, {}, [6, 5]);
  const mirrored = { ...state, checkers: [state.checkers[0], checkersOf({}, 0)] } as const;
  expect(backgammon.outcome(mirrored)).toMatchObject({ winner: 1 });
  expect(misere.outcome(mirrored)).toMatchObject({ winner: 0 });
});

test.each<[string, Checkers, number, readonly [number, number] | undefined]>([
  ['a plain win', { 0: 1, 20: 3 }, 3, [1, 0]],
  ['a gammon', { 18: 3 }, 3, [2, 0]],
  ['a backgammon with a checker in the home of the winner', { 19: 1 }, 3, [3, 0]],
  ['a backgammon with a checker on the bar', { 25: 1 }, 3, [3, 0]],
  ['no backgammon where it does not count', { 25: 1 }, 2, [2, 0]],
  ['nothing where only winning counts', { 25: 1 }, 1, undefined],
])('what a win counts: %s', (_, o, points, scores) => {
  const game = gameOf(backgammonFamily, { points });
  expect(game.outcome(played(position({ 2: 1 }, o, [3, 2]), '2/off', game))?.scores).toEqual(scores);
});

test('a gammon of the second seat is its own', () => {
  const game = gameOf(backgammonFamily, { points: 3 });
  const state = {
    ...position({ 13: 15 }, {}, [6, 5]),
    checkers: [checkersOf({ 13: 15 }, 0), checkersOf({}, 0)],
  } as const;
  expect(game.outcome(state)).toEqual({ kind: 'win', winner: 1, how: 'gammon', scores: [0, 2] });
});

test('after so many turns it is a draw, the first move of a double being a turn', () => {
  const game = gameOf(backgammonFamily, { turns: 100 });
  const last = { ...position({ 13: 2, 8: 2 }, {}, [3, 3]), turns: 99 };
  expect(game.outcome(last)).toBeUndefined();
  expect(game.outcome(played(last, '13/10+13/10', game))).toMatchObject({ kind: 'draw' });
  expect(game.outcome(played({ ...last, turns: 98 }, '13/10+13/10', game))).toBeUndefined();
  expect(game.playout!(last, seededRandom(1))).toMatchObject({ kind: 'draw' });
  expect(backgammon.outcome({ ...last, turns: 500 })).toBeUndefined();
  expect(backgammon.outcome({ ...last, turns: 501 })).toMatchObject({ kind: 'draw' });
});

test.each<[string, string, Checkers, Checkers, [number, number], string]>([
  ['a step that no number fits', 'R4', { 13: 2 }, {}, [6, 5], '13/9'],
  ['two steps by one number', 'R4', { 13: 2 }, {}, [6, 5], '13/7+13/7'],
  ['a step from an empty point', 'R5', { 13: 2 }, {}, [6, 5], '12/7+12/6'],
  ['a step onto a closed point', 'R6', { 13: 2 }, { 18: 2 }, [6, 5], '13/8+13/7'],
  ['a step elsewhere while a checker is on the bar', 'R8', { 25: 1, 13: 2 }, {}, [6, 5], '13/8+13/7'],
  ['bearing off before all are home', 'R9', { 13: 1, 6: 1 }, {}, [6, 5], '13/8+6/off'],
  ['bearing off before a higher checker', 'R9', { 6: 2, 4: 1 }, {}, [5, 1], '6/5+4/off'],
  ['one number where both can be played', 'R10', { 13: 2 }, {}, [6, 5], '13/7'],
  ['the lower number where the higher can be played', 'R11', { 20: 1 }, { 16: 2 }, [6, 5], '20/15'],
  ['a pass where something can be played', 'R12', { 13: 2 }, {}, [6, 5], 'pass'],
])('%s is against %s', (_, rule, x, o, dice, text) => {
  const state = position(x, o, dice);
  expect(movesIn(state)).not.toContain(text);
  expect(backgammon.explain(state, backgammon.parseMove(text)!)).toEqual([rule]);
});

test.each<[string, string, Checkers, Checkers, [number, number], string]>([
  ['two steps', 'R4 R6 R10', { 13: 2 }, {}, [6, 5], '13/8+13/7'],
  ['one step', 'R4 R6 R11', { 20: 1 }, { 16: 2 }, [6, 5], '20/14'],
  ['a hit', 'R4 R6 R7 R10', { 13: 2 }, { 18: 1 }, [6, 5], '13/8+13/7'],
  ['coming in', 'R4 R6 R8 R10', { 25: 1 }, {}, [6, 5], 'bar/20+20/14'],
  ['bearing off', 'R4 R9 R10', { 6: 1, 5: 2 }, {}, [6, 5], '6/off+5/off'],
  ['a pass', 'R12', { 25: 1 }, { 6: 2, 5: 2 }, [6, 5], 'pass'],
  ['a double', 'R4 R6 R10 R13', { 13: 2 }, {}, [3, 3], '13/10+13/10'],
  ['a win', 'R4 R9 R11 R14', { 5: 1 }, {}, [6, 5], '5/off'],
])('%s: %s take effect', (_, rules, x, o, dice, text) => {
  const state = position(x, o, dice);
  expect(movesIn(state)).toContain(text);
  expect(backgammon.explain(state, backgammon.parseMove(text)!).join(' ')).toBe(rules);
});

test.each([
  ['R2', '3-3', ''],
  ['R1', '3-1', ''],
  ['R3', '3-3', '3-1 8/5+6/5'],
])('by %s a roll is %s', (rule, text, moves) => {
  expect(backgammon.explain(after(moves), backgammon.parseMove(text)!)).toEqual([rule]);
});

/** The rules once more, step by step: every way to play the numbers in either order. */
function plainMoves({ checkers, seat, dice }: Backgammon): string[] {
  type Way = { readonly texts: readonly string[]; readonly number: number };
  const name = (point: number) => (point === 25 ? 'bar' : point <= 0 ? 'off' : String(point));
  const start = [...checkers[seat]];
  const other = checkers[1 - seat]!;
  const ways: Way[] = [];
  function go(own: readonly number[], numbers: readonly number[], texts: readonly string[], number: number): void {
    const steps = numbers.length === 0 ? [] : froms(own, numbers[0]!);
    if (steps.length === 0) ways.push({ texts, number });
    for (const from of steps) {
      const left = own.map((count, point) => count - (point === from ? 1 : 0));
      const to = from - numbers[0]!;
      left[Math.max(0, to)]!++;
      go(left, numbers.slice(1), [...texts, `${name(from)}/${name(to)}`], Math.max(number, numbers[0]!));
    }
  }
  function froms(own: readonly number[], number: number): number[] {
    const held = own.flatMap((count, point) => (count > 0 && point > 0 ? [point] : []));
    const highest = Math.max(...held);
    return held.filter(from => {
      if (highest === 25 && from < 25) return false;
      if (from > number) return other[25 - (from - number)]! < 2;
      return highest <= 6 && (from === number || from === highest);
    });
  }
  go(start, dice!, [], 0);
  go(start, dice!.toReversed(), [], 0);
  const most = Math.max(...ways.map(({ texts }) => texts.length));
  const longest = ways.filter(({ texts }) => texts.length === most);
  const number = most === 1 ? Math.max(...longest.map(way => way.number)) : 0;
  const place = (text: string) =>
    text.split('/').map(point => (point === 'bar' ? 25 : point === 'off' ? 0 : Number(point))) as [number, number];
  const found = longest
    .filter(way => way.number >= number)
    .map(
      ({ texts }) =>
        texts.toSorted((a, b) => place(b)[0] - place(a)[0] || place(b)[1] - place(a)[1]).join('+') || 'pass',
    );
  return [...new Set(found)].sort();
}

test.each([{}, { nack: true }, { hyper: true }, { doubles: false }])(
  'with %o the legal moves are those of plain rules',
  values => {
    const game = gameOf(backgammonFamily, values);
    for (let seed = 0; seed < 12; seed++) {
      for (const { state } of playout(game, seed)) {
        if (state.dice === null || game.outcome(state)) continue;
        expect(movesIn(state, game).sort(), game.show(state)).toEqual(plainMoves(state));
      }
    }
  },
);

/** Positions of few checkers near home, where steps and bearing off hinder each other. */
test('in endings the legal moves are those of plain rules', () => {
  const random = seededRandom(1);
  for (let i = 0; i < 3000; i++) {
    const on: Record<number, number> = {};
    for (let count = 1 + Math.floor(random() * 4); count > 0; count--) on[1 + Math.floor(random() * 9)] = count;
    const blocks: Record<number, number> = {};
    for (let count = 0; count < 2; count++) blocks[17 + Math.floor(random() * 8)] = 1 + Math.floor(random() * 2);
    const large = 1 + Math.floor(random() * 6);
    const small = 1 + Math.floor(random() * large);
    const overlap = Object.keys(on).some(point => blocks[25 - Number(point)] !== undefined);
    const state = position(on, blocks, [large, small]);
    if (!overlap) expect(movesIn(state).sort(), backgammon.show(state)).toEqual(plainMoves(state));
  }
});

test.each([
  { nack: true },
  { doubles: false },
  { misere: true, hyper: true },
  { points: 3 },
  { points: 2, hyper: true },
  { turns: 100 },
])('with %o random play is the same, fast and plain', values => {
  const game = gameOf(backgammonFamily, values);
  const [fast, plain] = [seededRandom(1), seededRandom(1)];
  for (let i = 0; i < 60; i++) {
    expect(game.playout!(game.start, fast)).toEqual(plainPlayout(game, game.start, plain));
  }
  expect(fast()).toBe(plain());
});

test('OpenSpiel may name the same steps in two orders', () => {
  const state = after('6-5');
  const moveOf = (action: number) => backgammonFamily.openSpiel!.move!(state, action, backgammon);
  const high = (first: number, second: number) => 26 * (24 - second) + 24 - first;
  expect(backgammon.formatMove(moveOf(high(24, 18)))).toBe('24/18+18/13');
  expect(moveOf(high(13, 8))).toBe(moveOf(676 + high(8, 13)));
  expect(backgammon.formatMove(moveOf(26 * 25 + 25 + 676))).toBe('pass');
});

test('starts and results that do not go together are refused', () => {
  expect(() => gameOf(backgammonFamily, { hyper: true, nack: true })).toThrow(RangeError);
  expect(() => gameOf(backgammonFamily, { misere: true, points: 2 })).toThrow(RangeError);
});

test.each([
  '6/5+8/5',
  '8/5+8/6',
  '8/5,6/5',
  '8/5 6/5',
  '8/5+',
  '+8/5',
  '8/5+6/5+6/4',
  '8/1',
  '8/8',
  '5/8',
  '7/off',
  'bar/25',
  'bar/18',
  '25/20',
  '8/0',
  '8/5*',
  'pass+8/5',
  '8/5+pass',
  '0-1',
  '7-1',
  '31',
  'off/1',
  'Bar/20',
])('%j is no move', text => {
  expect(backgammon.parseMove(text)).toBeUndefined();
});

const view = backgammonView(backgammon as Game<Backgammon>);
const texts = (state: Backgammon, clicks: readonly number[]) =>
  view.movesAt(state, clicks).map(move => backgammon.formatMove(move));
/** The square that shows this point of x: numbers, points, dice, points, numbers. */
const square = (point: number) =>
  point === 25
    ? 14 + 6
    : point === 0
      ? 3 * 14 + 13
      : point > 12
        ? 14 + point - 13 + (point > 18 ? 1 : 0)
        : 3 * 14 + 12 - point + (point > 6 ? 0 : 1);

test('a move is clicked from and to, step by step, in any order that can be played', () => {
  const state = position({ 13: 2, 8: 1 }, {}, [6, 5]);
  expect(texts(state, [square(8), square(2)])).toEqual(['13/8+8/2']);
  expect(texts(state, [square(13), square(8), square(8), square(2)])).toEqual(['13/8+8/2']);
  expect(texts(state, [square(8), square(3), square(13)])).toEqual(['13/7+8/3']);
  expect(texts(state, [square(7)])).toEqual([]);
});

test('checkers on the bar are clicked first, and borne off to their own side', () => {
  const barred = position({ 25: 1, 13: 1 }, {}, [6, 5]);
  expect(texts(barred, [square(13)])).toEqual([]);
  expect(texts(barred, [square(25), square(19), square(13)])).toEqual(['bar/19+13/8']);
  const home = position({ 6: 1, 5: 1 }, {}, [6, 5]);
  expect(texts(home, [square(6), square(0)])).toEqual(['6/off+5/off']);
});

test('points are numbered as whoever looks counts them', () => {
  const signs = (seat: Seat) => view.squares(backgammon.start, seat)[0]!.map(cell => (cell as { sign?: string }).sign);
  expect(signs(0).filter(Boolean)).toEqual(['13', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24']);
  expect(signs(1).filter(Boolean)).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
});
