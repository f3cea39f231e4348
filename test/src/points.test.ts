import { expect, test } from 'vitest';
import type { Agent } from '../../agents/agent.ts';
import { randomAgent } from '../../agents/random.ts';
import { gameNamed } from '../../src/games.ts';
import { meanOf, pointsOf } from '../../src/points.ts';
import { agentNamed } from '../../src/roster.ts';

const game = gameNamed('catch:rows=4,columns=3,objects=8');

test('a planner makes nearly the points of the best possible play, 6.79, and a random player a third of all', async () => {
  const planner = meanOf(await pointsOf(game, await agentNamed('script:name=planner', game), 400, 1));
  expect(Math.abs(planner.mean - 6.79)).toBeLessThan(0.2);
  const random = meanOf(await pointsOf(game, randomAgent, 400, 1));
  expect(Math.abs(random.mean - 8 / 3)).toBeLessThan(0.25);
});

test('the same seed plays the same games, whoever plays', async () => {
  const scores = await pointsOf(game, randomAgent, 5, 2);
  expect(await pointsOf(game, randomAgent, 5, 2)).toEqual(scores);
  expect(await pointsOf(game, randomAgent, 5, 3)).not.toEqual(scores);
});

test('the interval is that of the mean', () => {
  const { games, mean, error } = meanOf([1, 2, 3, 4]);
  expect([games, mean]).toEqual([4, 2.5]);
  expect(error).toBeCloseTo((1.96 * Math.sqrt(5 / 3)) / 2, 10);
});

test('an agent that gives no legal order is named', async () => {
  const mute: Agent = { ...randomAgent, name: 'mute', decide: () => ({ fault: 'empty' }) };
  await expect(pointsOf(game, mute, 2, 1)).rejects.toThrow(/^mute gave no legal order in\n/);
});
