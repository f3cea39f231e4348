/** What searching to the end finds, beside what others have found or proved. */

import { describe, expect, test } from 'vitest';
import { createSeer, searchingSolver } from '../../agents/perfect.ts';
import { type Game, randomMove, replay, resultFor, type Seat, TooLarge } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { gameNamed } from '../../src/games.ts';
import { solverOf } from '../../src/solvers.ts';
import { playout } from '../playouts.ts';

const BUDGET = 1_000_000;

/** Every position of so many random games that is not over, and how many moves led to it. */
const positionsIn = (game: Game, games: number) =>
  Array.from({ length: games }, (_, seed) =>
    playout(game, seed)
      .slice(0, -1)
      .map(({ state }, ply) => ({ state, ply })),
  ).flat();

function unlessTooLarge<Answer>(answer: () => Answer): Answer | undefined {
  try {
    return answer();
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** For each result the moves that have it after `moves`, in the order of their numbers. */
function results(name: string, moves = '') {
  const game = gameNamed(name);
  const state = replay(game, moves.split(' ').filter(Boolean));
  const scores = searchingSolver(game, BUDGET)(state);
  const withSign = (sign: number) =>
    game
      .moves(state)
      .filter(move => Math.sign(scores[move]!) === sign)
      .map(move => game.formatMove(move))
      .join(' ');
  return { win: withSign(1), draw: withSign(0), lose: withSign(-1) };
}

describe('hex', () => {
  test('3 × 3 and 4 × 4 are won from the cells that Queenbee found (J. van Rijswijck, 2002)', () => {
    expect(results('hex:size=3').win).toBe('c1 a2 b2 c2 a3');
    expect(results('hex:size=4').win).toBe('d1 c2 b3 a4');
  });
});

describe('tic-tac-toe', () => {
  test.each([
    ['is a draw from any square', 'tic-tac-toe', { win: '', draw: 'a3 b3 c3 a2 b2 c2 a1 b1 c1', lose: '' }],
    [
      'misère is a draw from the middle alone',
      'tic-tac-toe:misere=yes',
      { win: '', draw: 'b2', lose: 'a3 b3 c3 a2 c2 a1 b1 c1' },
    ],
    [
      'on a wrapped board is won at once',
      'tic-tac-toe:wrap=yes',
      { win: 'a3 b3 c3 a2 b2 c2 a1 b1 c1', draw: '', lose: '' },
    ],
  ])('%s', (_, name, expected) => {
    expect(results(name)).toEqual(expected);
  });
});

test('connect four on 4 × 4 is a draw (J. Tromp)', () => {
  expect(results('connect-four:columns=4,rows=4')).toEqual({ win: '', draw: 'a b c d', lose: '' });
});

describe('dots and boxes', () => {
  test('2 × 2 is won by a line of the edge, and only drawn by one inside', () => {
    const { win, draw, lose } = results('dots-and-boxes:columns=2,rows=2');
    expect({ draw, lose }).toEqual({ draw: 'a2b2 b2c2 b2b3 b1b2', lose: '' });
    expect(win.split(' ')).toHaveLength(8);
  });
});

test('nim of any piles is won by leaving a nim-sum of 0 (Bouton, 1901), misère or not', () => {
  expect(results('nim:pile1=15,pile2=14,pile3=13,pile4=12,misere=no').win).toBe('');
  expect(results('nim:pile1=15,pile2=14,pile3=13,pile4=11').win).toBe('3-3 2-5 1-7');
  // What is left of each pile after taking three at most counts: 1, 2, 3 and 0 of 5, 6, 7 and 8.
  expect(results('nim:pile1=5,pile2=6,pile3=7,pile4=8,most=3,misere=no').win).toBe('');
});

/** The score of a position for whoever is to move, by nothing but the rules. */
function plainly(game: Game, state: unknown, known: Map<string, number>): number {
  const key = JSON.stringify(state);
  const turn = game.turn(state) as Seat;
  const found =
    known.get(key) ?? Math.max(...game.moves(state).map(move => afterwards(game, state, turn, move, known)));
  known.set(key, found);
  return found;
}

function afterwards(game: Game, state: unknown, turn: Seat, move: number, known: Map<string, number>): number {
  const next = game.play(state, move);
  const outcome = game.outcome(next);
  if (outcome) return 10_000 * resultFor(turn, outcome);
  const score = plainly(game, next, known);
  return (game.turn(next) === turn ? 1 : -1) * (score - Math.sign(score));
}

test.each([
  'kalah:pits=3,stones=2',
  'kalah:pits=2,stones=4,misere=yes',
  'breakthrough:columns=3,rows=4,misere=yes',
  'breakthrough:columns=3,rows=4',
  'breakthrough:columns=3,rows=5',
  'hex:size=3,swap=yes',
  'gomoku:columns=3,rows=3,line=3,misere=yes',
  'connect-four:columns=4,rows=4,misere=yes',
])('%s: the same scores as from the rules alone, wherever random play leads', name => {
  const game = gameNamed(name);
  const solver = searchingSolver(game, BUDGET);
  const known = new Map<string, number>();
  let compared = 0;
  for (const { state } of positionsIn(game, 40)) {
    const scores = solver(state);
    const turn = game.turn(state) as Seat;
    for (const move of game.moves(state)) {
      expect(scores[move]! - afterwards(game, state, turn, move, known)).toBe(0);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(200);
});

test.each(['tic-tac-toe', 'kalah:pits=4,stones=2', 'connect-four:columns=4,rows=4', 'breakthrough:columns=5,rows=4'])(
  '%s: the truth about a position is its highest score and the moves that have it or the same result',
  name => {
    const game = gameNamed(name);
    const solver = searchingSolver(game, BUDGET);
    const seer = createSeer(game, 50_000);
    for (const { state } of positionsIn(game, 10)) {
      const scores = solver(state);
      const most = Math.max(...scores.filter(score => score !== null));
      const end = { result: Math.sign(most) + 0, plies: most === 0 ? 0 : 10_001 - Math.abs(most) };
      expect(seer.end(state)).toEqual(end);
      expect(seer.truth(state)).toEqual({
        ...end,
        best: game.moves(state).filter(move => scores[move] === most),
        kept: game.moves(state).filter(move => Math.sign(scores[move]!) === Math.sign(most)),
      });
    }
  },
);

test('connect-four: its own search to the end tells what its solver and its book do', () => {
  const game = gameNamed('connect-four');
  const solver = solverOf(game);
  const seer = createSeer(game, 50_000);
  let told = 0;
  for (const { state, ply } of positionsIn(game, 60)) {
    if (ply < 14) continue;
    const truth = seer.truth(state);
    if (!truth) continue;
    expect(seer.end(state)).toEqual({ result: truth.result, plies: truth.plies });
    told++;
    const scores = solver(state);
    const most = Math.max(...scores.filter(score => score !== null));
    // The winner's n-th last stone, of 21.
    const moved = [Math.floor(ply / 2), Math.ceil(ply / 2)];
    const plies = most > 0 ? 2 * (22 - most - moved[0]!) - 1 : most < 0 ? 2 * (22 + most - moved[1]!) : 0;
    expect(truth).toEqual({
      result: Math.sign(most) + 0,
      plies,
      best: game.moves(state).filter(move => scores[move] === most),
      kept: game.moves(state).filter(move => Math.sign(scores[move]!) === Math.sign(most)),
    });
  }
  expect(told).toBeGreaterThan(300);
});

test('breakthrough 5 × 5 is won by two first moves alone', () => {
  expect(results('breakthrough:columns=5,rows=5')).toEqual({
    win: 'a5b4 e5d4',
    draw: '',
    lose: 'a5a4 b5a4 b5b4 b5c4 c5b4 c5c4 c5d4 d5c4 d5d4 d5e4 e5e4',
  });
});

test('breakthrough: its own search to the end tells what the rules alone do', () => {
  for (const name of [
    'breakthrough:columns=4,rows=5',
    'breakthrough:columns=5,rows=5',
    'breakthrough:columns=5,rows=6',
  ]) {
    const game = gameNamed(name);
    const { endSearch: _, ...plain } = game;
    const solver = searchingSolver(game, BUDGET);
    const plainly = searchingSolver(plain, 1000);
    let compared = 0;
    for (const { state } of positionsIn(game, 10)) {
      const scores = unlessTooLarge(() => plainly(state));
      if (!scores) continue;
      expect(solver(state)).toEqual(scores);
      compared++;
    }
    expect(compared).toBeGreaterThan(60);
  }
});

test('breakthrough: its own search tells the same where its memory holds next to nothing', () => {
  const game = gameNamed('breakthrough:columns=4,rows=5');
  const search = game.endSearch!.create(20);
  const seer = createSeer(game, BUDGET);
  let asked = 0;
  for (const { state } of positionsIn(game, 40)) {
    const { result, plies } = seer.end(state)!;
    const score = result * (10_001 - plies);
    for (const alpha of [0, score - 1, score]) {
      for (let sitting = 0; sitting < 100; sitting++) {
        search.begin();
        const found = unlessTooLarge(() => search.score(state, alpha));
        if (found === undefined) continue;
        expect(found > alpha).toBe(score > alpha);
        if (sitting > 2) asked++;
        break;
      }
    }
  }
  expect(asked).toBeGreaterThan(10);
});

test.each([
  ['connect-four', 30],
  ['breakthrough:columns=5,rows=5', 12],
])('%s: what its own search says of a score lies on the side of alpha on which the score does', (name, early) => {
  const game = gameNamed(name);
  const search = game.endSearch!.create(1_000_000);
  const solver = searchingSolver(game, BUDGET);
  let asked = 0;
  for (const { state, ply } of positionsIn(game, 80)) {
    if (ply < early) continue;
    const score = Math.max(...solver(state).filter(score => score !== null));
    for (const alpha of [-10_000, -9_999, -9_998, -9_990, -1, 0, 1, 9_990, 9_997, 9_998, 9_999, 10_000]) {
      search.begin();
      const found = search.score(state, alpha);
      expect(found > alpha).toBe(score > alpha);
      expect(found > alpha ? found <= score : found >= score).toBe(true);
      asked++;
    }
  }
  expect(asked).toBeGreaterThan(500);
});

test.each([
  ['hex:size=4', 6],
  ['connect-four', 20],
  ['breakthrough:columns=5,rows=5', 4],
] as const)('%s: who wins is told for what it costs, and for less again', (name, early) => {
  const game = gameNamed(name);
  const budget = 20_000;
  let told = 0;
  for (const { state, ply } of positionsIn(game, 10)) {
    const end = ply < early ? undefined : createSeer(game, budget).end(state);
    if (!end) continue;
    const seer = createSeer(game, budget);
    const winner = seer.winner(state, budget)!;
    expect(winner.result).toBe(end.result);
    expect(winner.plies).toBeGreaterThanOrEqual(end.plies);
    const { cost } = seer;
    expect(cost).toBeLessThanOrEqual(budget);
    if (cost < 100) continue;
    expect(seer.winner(state, budget)).toEqual(winner);
    expect(seer.cost).toBeLessThan(cost / 4);
    expect(createSeer(game, budget).winner(state, cost)).toEqual(winner);
    const poor = createSeer(game, budget);
    expect(poor.winner(state, cost - 1)).toBeUndefined();
    expect(poor.cost).toBe(cost - 1);
    told++;
  }
  expect(told).toBeGreaterThan(5);
});

test.each(['hex:size=5', 'connect-four'])('%s: the truth is not told where it costs more than it may', name => {
  const game = gameNamed(name);
  expect(createSeer(game, 500).truth(game.start)).toBeUndefined();
  expect(createSeer(game, 500).end(game.start)).toBeUndefined();
});

test.each(['hex:size=4', 'connect-four', 'breakthrough:columns=4,rows=5'])(
  '%s: what a seer tells does not depend on what it was asked before',
  name => {
    const game = gameNamed(name);
    const budget = name === 'hex:size=4' ? 60 : 300;
    const positions = Array.from({ length: 200 }, (_, seed) => {
      const random = seededRandom(seed);
      let state = game.start;
      for (let ply = 0; ply < (name === 'connect-four' ? 18 : 6); ply++) {
        const next = game.play(state, randomMove(game, state, random));
        if (!game.outcome(next)) state = next;
      }
      return state;
    });
    const alone = positions.map(state => createSeer(game, budget).end(state));
    const seer = createSeer(game, budget);
    expect(positions.map(state => seer.end(state))).toEqual(alone);
    expect(alone.filter(end => end === undefined).length).toBeGreaterThan(5);
    expect(alone.filter(end => end !== undefined).length).toBeGreaterThan(5);
  },
);

test.each([
  ['connect-four', [...'effaccagfecfecfaefgbge'], 120],
  ['breakthrough:columns=5,rows=5', ['a5b4', 'a1a2', 'c5c4', 'e1d2', 'b4b3', 'd1e2'], 248],
] as const)('%s: what was forgotten long ago does not come back', (name, moves, times) => {
  const game = gameNamed(name);
  const seer = createSeer(game, 100_000);
  const state = replay(game, moves);
  const seen = () => [seer.end(state), seer.cost] as const;
  const first = seen();
  expect(first[1]).toBeGreaterThan(100);
  const late = playout(game, 1).at(-2)!.state;
  for (let others = times; others < times + 15; others++) {
    for (let i = 0; i < others; i++) seer.end(late);
    expect(seen()).toEqual(first);
  }
});

test('a position is told to be too large, in figures', () => {
  const game = gameNamed('hex:size=5');
  expect(() => searchingSolver(game, 500)(game.start)).toThrow('more than 500 positions would have to be searched');
});
