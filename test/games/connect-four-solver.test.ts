/** The solver against positions that another solver has labelled: `scripts/label-positions.py`. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { connectFour as family } from '../../games/connect-four/rules.ts';
import { createSolver } from '../../games/connect-four/solver.ts';
import { pick, seededRandom } from '../../games/random.ts';
import { gameNamed } from '../../src/games.ts';
import { loadPositions } from '../../src/positions.ts';

const connectFour = gameNamed('connect-four');
const book = gunzipSync(readFileSync(new URL('../../games/connect-four/book.gz', import.meta.url)));
const solver = connectFour.solver!(book);
const positions = await loadPositions(connectFour, 'heldout');

/** Between them a score may take a second. */
test.each([
  ['the book answers', 0, 11],
  ['search answers', 18, 41],
])('scores every move exactly, where %s', (_, from, to) => {
  const chosen = positions.filter(({ history }) => history.length >= from && history.length <= to);
  expect(chosen.length).toBeGreaterThan(400);
  for (const { state, history, scores } of chosen) {
    expect(solver(state), history.map(move => connectFour.formatMove(move)).join('')).toEqual(scores);
  }
});

test('the first player wins from the middle with the 21st stone, and draws beside it', () => {
  expect(solver(connectFour.start)).toEqual([-2, -1, 0, 1, 0, -1, -2]);
});

/** The score by the rules alone. */
function scoreOf(state: unknown, plies: number): number {
  const outcome = connectFour.outcome(state);
  if (outcome) return outcome.kind === 'win' ? -(22 - Math.ceil(plies / 2)) : 0;
  return Math.max(...connectFour.moves(state).map(move => 0 - scoreOf(connectFour.play(state, move), plies + 1)));
}

test('agrees with the rules to the last square', () => {
  let compared = 0;
  for (let seed = 1; seed <= 1000; seed++) {
    const random = seededRandom(seed);
    let state = connectFour.start;
    for (let plies = 0; !connectFour.outcome(state); plies++) {
      if (plies >= 35) {
        const expected = Array.from<number | null>({ length: 7 }).fill(null);
        for (const move of connectFour.moves(state))
          expected[move] = 0 - scoreOf(connectFour.play(state, move), plies + 1);
        expect(solver(state)).toEqual(expected);
        compared++;
      }
      state = connectFour.play(state, pick(connectFour.moves(state), random));
    }
  }
  expect(compared).toBeGreaterThan(80);
});

test('its search is what assembly/search.ts compiles to', () => {
  const script = fileURLToPath(new URL('../../scripts/compile-search.mjs', import.meta.url));
  expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

describe('a damaged book', () => {
  test.each([0, 1, 1000, book.length - 1])('cut off after %i bytes is refused', length => {
    expect(() => createSolver(book.subarray(0, length))).toThrow(
      `the book of connect-four has ${length} bytes where 3164384 belong`,
    );
  });
});

test.each(family.variants)('variant $about has no solver', ({ values }) => {
  const name = Object.entries(values).map(([key, value]) => (value === true ? `${key}=yes` : `${key}=${value}`));
  expect(gameNamed(`connect-four:${name.join(',')}`)).not.toHaveProperty('solver');
});
