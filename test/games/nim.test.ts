import { describe, expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, playout, replay } from '../../games/game.ts';
import { type Nim, nim } from '../../games/nim/rules.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout as steps } from '../playouts.ts';

const usual = gameOf(nim);
const normal = gameOf(nim, { misere: false });

/** Counted by OpenSpiel 2.0.2. */
test.each([
  [1, 16],
  [2, 206],
  [3, 2116],
])('%i moves can be played in %i ways', (depth, count) => {
  expect(perft(usual, depth)).toBe(count);
});

test('whoever takes the last counter loses, or wins where that is the rule', () => {
  const moves = ['4-7', '3-5', '2-3', '1-1'];
  expect(usual.outcome(replay(usual, moves.slice(0, -1)))).toBeUndefined();
  expect(usual.outcome(replay(usual, moves))).toMatchObject({ winner: 0 });
  expect(normal.outcome(replay(normal, moves))).toMatchObject({ winner: 1 });
});

test('counters are taken from the pile that is named', () => {
  expect(replay(usual, ['4-3', '2-2']).piles).toEqual([1, 1, 5, 4]);
});

test('no more is taken than is there, or than is allowed at once', () => {
  const state = replay(usual, ['4-5']);
  expect(usual.moves(state).map(usual.formatMove)).toEqual('1-1 2-1 3-1 4-1 2-2 3-2 4-2 2-3 3-3 3-4 3-5'.split(' '));
  expect(usual.explain(state, usual.parseMove('4-3')!)).toEqual(['R3']);
  const limited = gameOf(nim, { most: 2 });
  expect(limited.moves(limited.start).map(limited.formatMove)).toEqual('1-1 2-1 3-1 4-1 2-2 3-2 4-2'.split(' '));
  expect(limited.explain(limited.start, limited.parseMove('4-3')!)).toEqual(['R4']);
});

test('a pile after an empty one is refused', () => {
  expect(() => gameOf(nim, { pile2: 0 })).toThrow('pile2 must be 1 or more');
});

/** Whether the seat to move wins with best play. */
function isWon(game: Game<Nim>, state: Nim, known: Map<string, boolean>): boolean {
  const outcome = game.outcome(state);
  if (outcome) return outcome.kind === 'win' && outcome.winner === state.turn;
  const key = state.piles.toSorted((a, b) => a - b).join();
  const found = known.get(key);
  if (found !== undefined) return found;
  const won = game.moves(state).some(move => !isWon(game, game.play(state, move), known));
  known.set(key, won);
  return won;
}

describe.each([{}, { misere: false }, { most: 3 }, { most: 2, misere: false }, { most: 4, pile4: 0 }])(
  'with %j',
  values => {
    const game = gameOf(nim, values);
    const { most = 15, misere = true } = values as { most?: number; misere?: boolean };

    test("the guide's balance tells every won position from every lost one", () => {
      const known = new Map<string, boolean>();
      isWon(game, game.start, known);
      expect(known.size).toBeGreaterThan(20);
      for (const [key, won] of known) {
        const left = key.split(',').map(size => Number(size) % (most + 1));
        const balance = left.reduce((sum, size) => sum ^ size, 0);
        // In misère, once no pile counts more than one, it is the other way round.
        expect([key, won]).toEqual([key, misere && left.every(size => size <= 1) ? balance === 0 : balance !== 0]);
      }
    });

    test('random play is the same, fast and plain', () => {
      for (let seed = 0; seed < 60; seed++) {
        const played = steps(game, seed);
        const { state } = played[seed % played.length]!;
        const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
        expect(playout(game, state, fast)).toEqual(plainPlayout(game, state, plain));
        expect(fast()).toBe(plain());
      }
    });
  },
);

test('the second player wins the usual game', () => {
  expect(isWon(usual, usual.start, new Map())).toBe(false);
});
