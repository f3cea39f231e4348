import { expect, test } from 'vitest';
import { type Result, rate } from '../../arena/rating.ts';
import { pick, seededRandom } from '../../games/random.ts';

const ratingOf = (name: string, results: readonly Result[], anchor: string) =>
  rate(results, anchor).ratings.find(rating => rating.name === name)!;

/** `games` games of a against b, seats exchanged within each pair, in which a scores `points`. */
const series = (points: number, games: number): Result[] =>
  Array.from({ length: games }, (_, i) => {
    const score = i < points ? 1 : 0;
    const pair = String(i >> 1);
    return i % 2 === 0 ? { first: 'a', second: 'b', score, pair } : { first: 'b', second: 'a', score: 1 - score, pair };
  });

test('three points out of four are 191 Elo, once many games were played', () => {
  expect(ratingOf('a', series(7500, 10_000), 'b').elo).toBeCloseTo(400 * Math.log10(3), 0);
});

test('winning everything gives a finite rating with a wide interval', () => {
  const { elo, error } = ratingOf('a', series(10, 10), 'b');
  expect(elo).toBeLessThan(1000);
  expect(error).toBeGreaterThan(200);
});

test('four times the games give half the error', () => {
  const few = ratingOf('a', series(60, 100), 'b').error;
  const many = ratingOf('a', series(240, 400), 'b').error;
  expect(few / many).toBeCloseTo(2, 1);
});

test('an even match of 100 games is known to 68 Elo or so', () => {
  expect(ratingOf('a', series(50, 100), 'b').error).toBeGreaterThan(60);
});

test('the anchor has no error and its score and games are counted', () => {
  expect(ratingOf('b', series(7, 10), 'b')).toEqual({ name: 'b', elo: 0, error: 0, score: 3, games: 10 });
});

test('an unknown anchor is an error that names it', () => {
  expect(() => rate(series(1, 2), 'nobody')).toThrow("no results for 'nobody'");
});

test.each([0, 1, 2, 3, 4])('the order of results changes nothing (seed %i)', seed => {
  const random = seededRandom(seed);
  const results = Array.from({ length: 40 }, (_, i): Result => {
    const first = pick(['a', 'b', 'c', 'd'], random);
    const second = pick(
      ['a', 'b', 'c', 'd'].filter(other => other !== first),
      random,
    );
    return { first, second, score: pick([0, 0.5, 1], random), pair: String(i >> 1) };
  });
  const turned = rate(results.toReversed(), 'a');
  for (const [i, { elo, error }] of rate(results, 'a').ratings.entries()) {
    expect(turned.ratings[i]!.elo).toBeCloseTo(elo, 6);
    expect(turned.ratings[i]!.error).toBeCloseTo(error, 6);
  }
});

/** A league of known strengths, and what `rate` makes of it. */
function league(seed: number, strengths: Readonly<Record<string, number>>, firstSeat: number, pairs: number) {
  const random = seededRandom(seed);
  const names = Object.keys(strengths);
  const results = names.flatMap((a, i) =>
    names.slice(i + 1).flatMap(b =>
      Array.from({ length: pairs }, (_, n) => n).flatMap(n =>
        [
          [a, b],
          [b, a],
        ].map(([first = '', second = '']): Result => {
          const edge = (strengths[first]! - strengths[second]! + firstSeat) / 400;
          return { first, second, score: random() < 1 / (1 + 10 ** -edge) ? 1 : 0, pair: `${a} ${b} ${n}` };
        }),
      ),
    ),
  );
  return rate(results, names[0]!);
}

test('the 95 % intervals hold the truth in 90 to 99 of 100 leagues', () => {
  const strengths = { a: 0, b: 150, c: 300, d: -100 };
  let held = 0;
  let asked = 0;
  for (let seed = 0; seed < 200; seed++) {
    for (const { name, elo, error } of league(seed, strengths, 60, 15).ratings) {
      if (name === 'a') continue;
      asked++;
      if (Math.abs(elo - strengths[name as keyof typeof strengths]) <= error) held++;
    }
  }
  expect(held / asked).toBeGreaterThan(0.9);
  expect(held / asked).toBeLessThan(0.99);
});

test("the first seat's advantage is found and kept out of the ratings", () => {
  const { firstSeat, ratings } = league(1, { a: 0, b: 0 }, 120, 1000);
  expect(Math.abs(firstSeat.elo - 120)).toBeLessThan(firstSeat.error * 1.5);
  expect(Math.abs(ratings.find(({ name }) => name === 'b')!.elo)).toBeLessThan(30);
});
