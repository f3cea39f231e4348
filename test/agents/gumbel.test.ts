import { expect, test } from 'vitest';
import {
  type Candidate,
  candidateOf,
  gumbelNoise,
  gumbelScores,
  halving,
  improvedPolicy,
} from '../../agents/gumbel.ts';
import { seededRandom } from '../../games/random.ts';

const candidate = (prior: number, visits: number, value?: number, noise = 0): Candidate => ({
  ...candidateOf(0, prior, noise),
  visits,
  value,
});

test.each([
  [4, 8, [0, 0, 0, 0, 1, 1, 2, 2]],
  [2, 6, [0, 0, 1, 1, 2, 2]],
  [1, 3, [0, 1, 2]],
  [8, 4, [0, 0, 0, 0]],
])('%i moves share %i simulations by halves', (considered, simulations, turns) => {
  expect(halving(considered, simulations)).toEqual(turns);
});

test('the learned policy is the old one where all moves turned out alike', () => {
  const shares = improvedPolicy([candidate(0.6, 4, 0.2), candidate(0.3, 4, 0.2), candidate(0.1, 0)], 0.2);
  expect(shares.map(share => Number(share.toFixed(6)))).toEqual([0.6, 0.3, 0.1]);
});

test('a move that turned out better than the others gains, one never tried counts as the mean', () => {
  const [good, bad, untried] = improvedPolicy([candidate(0.4, 8, 0.5), candidate(0.4, 8, -0.5), candidate(0.2, 0)], 0);
  expect(good).toBeGreaterThan(0.8);
  expect(bad).toBeLessThan(0.01);
  // The mixed value of the paper's appendix D lies between the two.
  expect(untried).toBeGreaterThan(bad!);
  expect(untried! / 0.2).toBeLessThan(good! / 0.4);
});

test('σ of a value is (50 + most visits) · 0.1 · value', () => {
  const [score] = gumbelScores([candidate(1, 10, 0.5, 2)], 0);
  expect(score).toBeCloseTo(2 + 60 * 0.1 * 0.5);
});

test("Gumbel's distribution has mean 0.577 and variance π² / 6", () => {
  const random = seededRandom(1);
  const draws = Array.from({ length: 20_000 }, () => gumbelNoise(random));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean - 0.5772)).toBeLessThan(0.03);
  expect(Math.abs(variance - Math.PI ** 2 / 6)).toBeLessThan(0.06);
});
