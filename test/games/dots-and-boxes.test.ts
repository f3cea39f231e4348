import { describe, expect, test } from 'vitest';
import { type DotsAndBoxes, dotsAndBoxes } from '../../games/dots-and-boxes/rules.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, plainPlayout, playout, replay } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { perft, playout as steps } from '../playouts.ts';

const usual = gameOf(dotsAndBoxes);
const small = gameOf(dotsAndBoxes, { columns: 2, rows: 2 });
const play = (moves: string, game = usual): DotsAndBoxes => replay(game, moves.split(' '));

test.each([
  [3, 1_320],
  [5, 95_040],
])('on 2 × 2 boxes %i lines can be drawn in as many ways as OpenSpiel counts', (depth, count) => {
  expect(perft(small, depth)).toBe(count);
});

test('the fourth side takes the box, whoever drew the others, and another line follows', () => {
  const state = play('a1b1 a1a2 a2b2 b1b2');
  expect(state).toMatchObject({ turn: 1, left: 36 });
  expect(state.boxes.map((owner, box) => [owner, box]).filter(([owner]) => owner !== null)).toEqual([[1, 12]]);
});

test('a box gives no further line where that is the rule', () => {
  const once = gameOf(dotsAndBoxes, { again: false });
  expect(play('a1b1 a1a2 a2b2 b1b2', once)).toMatchObject({ turn: 0 });
});

test('one line can complete two boxes', () => {
  const state = play('a1b1 a2b2 b1c1 b2c2 a1a2 c1c2 b1b2');
  expect(state.boxes.filter(owner => owner === 0).length).toBe(2);
  expect(state.turn).toBe(0);
  expect(usual.explain(play('a1b1 a2b2 b1c1 b2c2 a1a2 c1c2'), usual.parseMove('b1b2')!)).toEqual(['R1', 'R4']);
});

test('a line that is drawn cannot be drawn again', () => {
  const state = play('a1b1');
  expect(usual.moves(state)).not.toContain(usual.parseMove('a1b1'));
  expect(usual.explain(state, usual.parseMove('a1b1')!)).toEqual(['R2']);
});

test('more boxes win; in misère fewer; as many draw', () => {
  const outcomes = (game: Game<DotsAndBoxes>) =>
    Array.from({ length: 60 }, (_, seed) => game.outcome(steps(game, seed).at(-1)!.state)!);
  for (const [misere, outcome] of [false, true].flatMap(misere =>
    outcomes(gameOf(dotsAndBoxes, { columns: 2, rows: 3, misere })).map(outcome => [misere, outcome] as const),
  )) {
    const [x, o] = outcome.scores!;
    expect(x + o).toBe(6);
    expect(outcome.kind === 'draw').toBe(x === o);
    if (outcome.kind === 'win') expect(outcome.winner).toBe(x > o === misere ? 1 : 0);
  }
});

test('on 2 × 2 boxes the first player wins by two boxes, as OpenSpiel finds by trying everything', () => {
  const known = new Map<string, number>();
  /** Boxes still to be won by seat 0 less those by seat 1, with best play. */
  const margin = (state: DotsAndBoxes): number => {
    if (state.left === 0) return 0;
    const key = `${state.turn}${state.lines.map(owner => (owner === null ? 0 : 1)).join('')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const sign = state.turn === 0 ? 1 : -1;
    const values = small.moves(state).map(line => {
      const next = small.play(state, line);
      const won =
        next.boxes.filter(owner => owner !== null).length - state.boxes.filter(owner => owner !== null).length;
      return sign * (sign * won + margin(next));
    });
    const best = sign * Math.max(...values);
    known.set(key, best);
    return best;
  };
  expect(margin(small.start)).toBe(2);
});

describe.each([{}, { columns: 7, rows: 7 }, { columns: 2, rows: 5, misere: true }, { again: false }])(
  'with %j',
  values => {
    const game = gameOf(dotsAndBoxes, values);

    test('random play is the same, fast and plain', () => {
      for (let seed = 0; seed < 30; seed++) {
        const from = steps(game, seed)[seed % 17]!.state;
        const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
        expect(playout(game, from, fast)).toEqual(plainPlayout(game, from, plain));
        expect(fast()).toBe(plain());
      }
    });
  },
);
