import { expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { type Game, replay, type Seat } from '../../games/game.ts';
import { type Go, go } from '../../games/go/rules.ts';
import { perft, playout } from '../playouts.ts';

const usual = gameOf(go);
const simple = gameOf(go, { superko: false });
const five = gameOf(go, { size: 5 });

const after = (game: Game<Go>, moves: string) => replay(game, moves.split(' '));
const legal = (game: Game<Go>, state: Go) => game.moves(state).map(move => game.formatMove(move));
const board = (game: Game<Go>, state: Go) => game.show(state).split('\n').slice(0, game.observationShape[1]);

/** The position of a 5 × 5 picture, its stones put one after the other, with `turn` to move. */
function laid(game: Game<Go>, rows: readonly string[], turn: Seat): Go {
  const points = rows.toReversed().flatMap(row => row.split(' '));
  const waiting = ['x', 'o'].map(sign => [...points.keys()].filter(point => points[point] === sign));
  let state = game.start;
  while (waiting.some(stones => stones.length > 0) || state.turn !== turn) {
    state = game.play(state, waiting[state.turn as Seat]!.shift() ?? points.length);
  }
  return state;
}

test.each([
  ['5 × 5, 2 moves', gameOf(go, { size: 5, superko: false }), 2, 651],
  ['5 × 5, 3 moves', gameOf(go, { size: 5, superko: false }), 3, 15_650],
  ['9 × 9, 2 moves', simple, 2, 6643],
] as const)('%s can be played in as many ways as OpenSpiel counts', (_, game, depth, count) => {
  expect(perft(game, depth)).toBe(count);
});

test.each([
  [
    'a stone in the corner',
    ['. . . . .', '. . . . .', '. . . . .', '. . . . .', 'o x . . .'],
    'a2',
    ['. . . . .', 'x . . . .', '. x . . .'],
  ],
  [
    'a stone at the edge',
    ['. . . . .', '. . . . .', '. . . . .', 'x . . . .', 'o o x . .'],
    'b2',
    ['. . . . .', 'x x . . .', '. . x . .'],
  ],
  [
    'a stone in the middle',
    ['. . . . .', '. . x . .', '. x o . .', '. . x . .', '. . . . .'],
    'd3',
    ['. x . x .', '. . x . .', '. . . . .'],
  ],
  [
    'a bent chain at once',
    ['. . . . .', '. x x . .', 'x o o x .', 'x o x . .', '. . . . .'],
    'b1',
    ['x . . x .', 'x . x . .', '. x . . .'],
  ],
  [
    'two chains with one stone',
    ['. . . . .', '. . . . .', 'x x . . .', 'o o x . .', 'x . o x .'],
    'b1',
    ['x x . . .', '. . x . .', 'x x . x .'],
  ],
  [
    'from a point without liberties',
    ['. . . . .', '. . . . .', 'x x . . .', 'o o x . .', '. o x . .'],
    'a1',
    ['x x . . .', '. . x . .', 'x . x . .'],
  ],
  [
    'one chain that is on two sides',
    ['. . . . .', 'x x . . .', 'o o x . .', 'x o x . .', '. o x . .'],
    'a1',
    ['. . x . .', 'x . x . .', 'x . x . .'],
  ],
])('%s is captured', (_, rows, move, bottom) => {
  const state = five.play(laid(five, rows, 0), five.parseMove(move)!);
  expect(board(five, state).slice(2)).toEqual(bottom.map((row, i) => `${3 - i} ${row}`));
});

test.each([
  ['a single point', ['. . . . .', '. . . . .', '. . . . .', 'o . . . .', '. o . . .'], 'a1'],
  ['the last liberty of an own chain', ['. . . . .', '. . . . .', 'o o . . .', 'x x o . .', '. x o . .'], 'a1'],
  ['one of two eyes', ['. . . . .', '. . . . .', 'o o o o .', '. o . o .', 'o o o o .'], 'c2'],
])('suicide is not allowed: %s', (_, rows, move) => {
  const state = laid(five, rows, 0);
  expect(legal(five, state)).not.toContain(move);
  expect(five.explain(state, five.parseMove(move)!)).toEqual(['R4']);
});

test('a point between own stones that have another liberty may be filled', () => {
  expect(legal(five, laid(five, ['. . . . .', '. . . . .', '. . . . .', 'x . . . .', '. x . . .'], 0))).toContain('a1');
});

/** o has just taken the stone on c2 with b2. */
const KO = 'a2 d2 b1 c1 b3 c3 c2 b2';

test.each([
  ['superko', usual],
  ['simple ko', simple],
])('%s: a ko is not taken back at once, but after moves elsewhere', (_, game) => {
  expect(legal(game, after(game, KO))).not.toContain('c2');
  expect(game.explain(after(game, KO), game.parseMove('c2')!)).toEqual(['R5']);
  expect(legal(game, after(game, `${KO} g7 h7`))).toContain('c2');
  expect(legal(game, after(game, `${KO} pass pass`))).toEqual([]);
});

test('taking back two stones or more is no ko', () => {
  const snapback = 'c2 c1 b3 a2 a3 b2 b1 a1';
  for (const game of [usual, simple]) {
    expect(legal(game, after(game, snapback))).toContain('b1');
    expect(board(game, after(game, `${snapback} b1`)).slice(6)).toEqual([
      '3 x x . . . . . . .',
      '2 . . x . . . . . .',
      '1 . x o . . . . . .',
    ]);
  }
});

/** o has taken two stones on a2 and a3; a2 would take that stone and bring back the position after a4. */
const TWO_FOR_ONE = 'b1 b2 c4 b3 c1 d2 a2 a4 a3 a1';

test('superko: no position comes back, however long ago it was and whoever is to move', () => {
  const state = after(usual, TWO_FOR_ONE);
  expect(legal(usual, state)).not.toContain('a2');
  expect(usual.explain(state, usual.parseMove('a2')!)).toEqual(['R5']);
  expect(legal(usual, after(usual, `${TWO_FOR_ONE} g7 h7`))).toContain('a2');
});

test('simple ko: a position that comes back ends the game as a draw', () => {
  const state = after(simple, `${TWO_FOR_ONE} a2`);
  expect(simple.outcome(state)).toEqual({ kind: 'draw', how: 'a position came back' });
  expect(simple.moves(state)).toEqual([]);
});

test('simple ko: passes bring back no position', () => {
  expect(simple.outcome(after(simple, 'e5 pass d5 pass'))).toBeUndefined();
});

test('a pass between them does not count: only two passes in a row end the game', () => {
  expect(usual.outcome(after(usual, 'pass e5 pass e4'))).toBeUndefined();
  expect(usual.outcome(after(usual, 'pass e5 pass pass'))).toMatchObject({ winner: 1, scores: [0, 88.5] });
});

test.each([
  ['nothing', ['. . . . .', '. . . . .', '. . . . .', '. . . . .', '. . . . .'], [0, 7.5]],
  [
    'one stone, which has the whole board',
    ['. . . . .', '. . . . .', '. . x . .', '. . . . .', '. . . . .'],
    [25, 7.5],
  ],
  ['a dead stone left on the board', ['. . . . .', '. . . . .', '. . x . .', '. . . . .', 'o . . . .'], [1, 8.5]],
  ['two walls with a row between', ['x . o . .', 'x . o . .', 'x . o . .', 'x . o . .', 'x . o . .'], [5, 22.5]],
  [
    'a seki: whoever fills one of the two points between them loses all stones',
    ['x x . o o', 'x x . o o', 'x x x o o', 'x x x o o', 'x x x o o'],
    [13, 17.5],
  ],
  ['an area in the corner', ['. . x o .', '. x x o o', 'x x o o .', 'o o o . .', '. . . . .'], [8, 24.5]],
] as const)('area: %s', (_, rows, scores) => {
  let state = laid(five, rows, 0);
  while (!five.outcome(state)) state = five.play(state, 25);
  expect(five.outcome(state)).toMatchObject({ scores, winner: scores[0] > scores[1] ? 0 : 1 });
});

test('the second player gets the points agreed on, and without the half point scores may be equal', () => {
  const even = gameOf(go, { size: 5, komi: 25, half: false });
  expect(even.outcome(after(even, 'c3 pass pass'))).toEqual({
    kind: 'draw',
    how: 'as many points each',
    scores: [25, 25],
  });
  const black = gameOf(go, { size: 5, komi: 24 });
  expect(black.outcome(after(black, 'c3 pass pass'))).toMatchObject({ winner: 0, scores: [25, 24.5] });
});

test('a game ends after twice as many moves as there are points', () => {
  const three = gameOf(go, { size: 3 });
  let longest = 0;
  for (let seed = 0; seed < 60; seed++) {
    const last = playout(three, seed).at(-1)!.state;
    longest = Math.max(longest, last.ply);
    if (last.ply < 18) expect(last.passes).toBe(2);
  }
  expect(longest).toBe(18);
});

test('columns skip the letter i', () => {
  expect(usual.formatMove(8)).toBe('j1');
  expect(usual.parseMove('i5')).toBeUndefined();
  expect(gameOf(go, { size: 13 }).formatMove(168)).toBe('n13');
});

test.each(['', 'a', 'a0', 'a10', 'k1', 'A1', 'a01', 'e5 ', 'Pass', '5e'])('%j is no move', text => {
  expect(usual.parseMove(text)).toBeUndefined();
});

test('both see their own stones first, what a ko forbids, a pass before and who has the komi', () => {
  const planes = (moves: string) => {
    const observed = usual.observe(after(usual, moves));
    return [0, 1, 2, 3, 4].map(plane => observed.slice(81 * plane, 81 * (plane + 1)).reduce((sum, one) => sum + one));
  };
  expect(planes(KO)).toEqual([3, 4, 1, 0, 0]);
  expect(planes(`${KO} pass`)).toEqual([4, 3, 0, 81, 81]);
});

test.each([
  [{ board_size: 9, komi: 7.5, handicap: 0, max_game_length: 162 }, 'go:superko=no'],
  [{ board_size: 5, komi: 6, handicap: 0, max_game_length: 50 }, 'go:size=5,komi=6,half=no,superko=no'],
])('a recording with %j is of %s', (theirs, name) => {
  expect(gameOf(go, go.openSpiel!.values!(theirs)).name).toBe(name);
});

test.each([
  [{ board_size: 19, komi: 7.5, handicap: 0, max_game_length: 722 }, 'board_size'],
  [{ board_size: 9, komi: 7.25, handicap: 0, max_game_length: 162 }, 'komi'],
  [{ board_size: 9, komi: 7.5, handicap: 2, max_game_length: 162 }, 'handicap'],
  [{ board_size: 9, komi: 7.5, handicap: 0, max_game_length: 100 }, 'max_game_length'],
])('recordings with %j cannot be followed', (theirs, told) => {
  expect(() => go.openSpiel!.values!(theirs)).toThrow(told);
});

/**
 * The rules once more, slowly: a position is a string, a chain is found by going
 * from neighbour to neighbour, and positions seen are kept as they are.
 */
function referee(size: number, superko: boolean) {
  const neighbours = (point: number) =>
    [point % size > 0 ? point - 1 : -1, point % size < size - 1 ? point + 1 : -1, point - size, point + size].filter(
      other => other >= 0 && other < size * size,
    );

  /** The points that can be reached from one over points of the same kind, and the kinds beside them. */
  function region(position: string, from: number) {
    const inside = new Set([from]);
    const beside = new Set<string>();
    for (const point of inside) {
      for (const next of neighbours(point)) {
        if (position[next] === position[from]) inside.add(next);
        else beside.add(position[next]!);
      }
    }
    return { inside, beside };
  }

  const without = (position: string, points: ReadonlySet<number>) =>
    [...position].map((sign, point) => (points.has(point) ? '.' : sign)).join('');

  /** The position after a stone; undefined where it would have no liberty. */
  function put(position: string, point: number, sign: string): string | undefined {
    let next = position.slice(0, point) + sign + position.slice(point + 1);
    for (const beside of neighbours(point)) {
      if (next[beside] === '.' || next[beside] === sign) continue;
      const chain = region(next, beside);
      if (!chain.beside.has('.')) next = without(next, chain.inside);
    }
    return region(next, point).beside.has('.') ? next : undefined;
  }

  const positions = ['.'.repeat(size * size)];
  let sign = 'x';
  let passes = 0;
  let plies = 0;
  let repeated = false;
  return {
    legal(): readonly number[] {
      if (repeated || passes === 2 || plies === 2 * size * size) return [];
      const position = positions.at(-1)!;
      const stones = [...position].flatMap((there, point) => {
        const next = there === '.' ? put(position, point, sign) : undefined;
        // A ko brings back the position before the last move, which was no pass.
        const forbidden = superko ? positions : passes === 0 ? positions.slice(-2, -1) : [];
        return next === undefined || forbidden.includes(next) ? [] : [point];
      });
      return [...stones, size * size];
    },
    play(move: number): void {
      plies++;
      if (move === size * size) {
        passes++;
      } else {
        const next = put(positions.at(-1)!, move, sign)!;
        repeated = !superko && positions.includes(next);
        positions.push(next);
        passes = 0;
      }
      sign = sign === 'x' ? 'o' : 'x';
    },
    repeated: () => repeated,
    areas(): readonly number[] {
      const position = positions.at(-1)!;
      return ['x', 'o'].map(
        own =>
          [...position].filter((there, point) => {
            const { beside } = region(position, point);
            return there === own || (there === '.' && beside.size === 1 && beside.has(own));
          }).length,
      );
    },
  };
}

test.each([
  [3, true, 60],
  [3, false, 60],
  [4, true, 40],
  [4, false, 40],
  [5, true, 12],
  [5, false, 12],
  [9, true, 2],
  [9, false, 2],
])('%i points a side, superko %s: %i games go as by rules written out once more', (size, superko, games) => {
  const game = gameOf(go, { size, superko });
  for (let seed = 0; seed < games; seed++) {
    const told = referee(size, superko);
    for (const { state, move } of playout(game, seed)) {
      expect(game.moves(state)).toEqual(told.legal());
      if (move !== undefined) {
        told.play(move);
        continue;
      }
      const [own = 0, other = 0] = told.areas();
      if (told.repeated()) expect(game.outcome(state)!.kind).toBe('draw');
      else expect(game.outcome(state)!.scores).toEqual([own, other + 7.5]);
    }
  }
});

test.each([
  [3, 60],
  [4, 40],
  [5, 12],
  [9, 2],
])('%i points a side: %i games that the first capture ends go as by rules written out once more', (size, games) => {
  const game = gameOf(go, { size, capture: true });
  const endings = new Set<string>();
  for (let seed = 0; seed < games; seed++) {
    const told = referee(size, true);
    for (const { state, move } of playout(game, seed)) {
      // The last of them is the pass.
      const legal = told.legal().slice(0, -1);
      const winner = state.turn === 0 ? 1 : 0;
      if (move !== undefined) {
        expect(game.moves(state)).toEqual(legal);
        told.play(move);
        continue;
      }
      const isCapture = state.points.filter(point => point !== 0).length < state.ply;
      const how = isCapture ? 'the first capture' : 'no point left to play';
      expect(game.outcome(state)).toEqual({ kind: 'win', winner, how });
      if (!isCapture) expect(legal).toEqual([]);
      endings.add(how);
    }
  }
  expect(endings.size).toBe(size <= 4 ? 2 : 1);
});

test('where the first capture wins nobody may pass, and what would not matter cannot be set', () => {
  const game = gameOf(go, { capture: true });
  expect(legal(game, game.start)).not.toContain('pass');
  expect(game.explain(game.start, game.parseMove('pass')!)).toEqual(['R5']);
  expect(game.outcome(after(game, 'b1 a1 a2'))).toEqual({ kind: 'win', winner: 0, how: 'the first capture' });
  for (const values of [{ komi: 5 }, { half: false }, { superko: false }]) {
    expect(() => gameOf(go, { capture: true, ...values })).toThrow('leave komi, half and superko out');
  }
});
