import { mkdtemp, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { turnAfter } from '../../arena/match.ts';
import { InputError } from '../../src/errors.ts';
import { gameNamed } from '../../src/games.ts';
import { agentNamed } from '../../src/roster.ts';
import { loadSnapshot } from '../../src/snapshots.ts';
import { lessonsOf, trainGameByDqn } from '../../src/train/dqn.ts';
import { alone } from '../../src/train/lock.ts';
import type { Training } from '../../src/train/training.ts';
import { snapshotIn, withoutClock } from './run-folder.ts';

const game = gameNamed('catch:rows=3,columns=3,objects=2');
const folder = () => mkdtemp(join(tmpdir(), 'swp-train-'));
const training = (out: string, more: Partial<Training> = {}): Training => ({
  iterations: 2,
  seed: 1,
  out,
  workers: 1,
  settings: [],
  curriculum: false,
  resume: false,
  ...more,
});

beforeAll(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

let whole: string;
beforeAll(async () => {
  whole = await folder();
  await trainGameByDqn(game, training(whole));
});

test('a run that was stopped and taken up again ends with the same snapshot and the same log', async () => {
  const parts = await folder();
  await trainGameByDqn(game, training(parts, { iterations: 1 }));
  const first = await snapshotIn(parts);
  await rename(first, `${first}-first`);
  // What was logged after the checkpoint is played again.
  await writeFile(join(parts, 'log.jsonl'), `${await readFile(join(parts, 'log.jsonl'), 'utf8')}{"iteration":2}\n`);
  await trainGameByDqn(game, training(parts, { resume: true }));

  const [one, other] = [await snapshotIn(whole), await snapshotIn(parts)];
  expect(await readFile(join(other, 'weights.bin'))).toEqual(await readFile(join(one, 'weights.bin')));
  const logs = [one, other].map(async place => withoutClock(await readFile(join(place, 'log.jsonl'), 'utf8')));
  expect(await logs[1]).toBe(await logs[0]);
  expect((await logs[0])!.split('\n').length).toBe(3);
});

test('the specialist plays the snapshot, and the snapshot of another game is refused', async () => {
  const place = await snapshotIn(whole);
  const { manifest } = await loadSnapshot(game, place);
  expect(manifest).toMatchObject({ recipe: 'dqn', game: game.name, seed: 1, iterations: 2, measured: { points: {} } });
  const agent = await agentNamed(`specialist:snapshot=${place}`, game);
  expect(agent).toMatchObject({ fingerprint: manifest.sha256, conditions: { budget: { simulations: 0 } } });
  const decision = await agent.decide(turnAfter(game, ['a'], 1)!);
  expect('move' in decision && game.moves(game.play(game.start, 3))).toContain('move' in decision && decision.move);
  const other = agentNamed(`specialist:snapshot=${place}`, gameNamed('catch'));
  await expect(other).rejects.toThrow(/is a snapshot of catch:rows=3,columns=3,objects=2, not of catch/);
});

test('what cannot be trained is refused, and says why', async () => {
  await expect(trainGameByDqn(gameNamed('tic-tac-toe'), training(await folder()))).rejects.toThrow(
    'dqn needs a game in which each seat has a board of its own, as in catch and breakout',
  );
  await expect(trainGameByDqn(game, training(whole))).rejects.toThrow(/already holds a training run/);
  await expect(trainGameByDqn(game, training(await folder(), { resume: true }))).rejects.toThrow(/no training run/);
  await expect(trainGameByDqn(gameNamed('catch'), training(whole, { resume: true }))).rejects.toThrow(
    /trains catch:rows=3,columns=3,objects=2, not catch/,
  );
  const damaged = await folder();
  await trainGameByDqn(game, training(damaged, { iterations: 1 }));
  await truncate(join(damaged, 'state-1.gz'), 100);
  await expect(trainGameByDqn(game, training(damaged, { resume: true }))).rejects.toThrow(
    /checkpoint is damaged: .*state-1\.gz/,
  );
});

test('easier ways to play keep what else was asked for', () => {
  expect(lessonsOf(gameNamed('breakout:balls=1'))).toEqual([
    'breakout:balls=1,paddle=3,pace=2',
    'breakout:balls=1,paddle=2,pace=2',
    'breakout:balls=1,paddle=2',
  ]);
  expect(lessonsOf(gameNamed('tic-tac-toe'))).toEqual([]);
});

test('two trainings in one folder: the second is refused, and a lock left behind by a dead process is taken over', async () => {
  const out = join(await folder(), 'new');
  await alone(out, async () => {
    await expect(alone(out, async () => {})).rejects.toThrow(InputError);
    await expect(alone(out, async () => {})).rejects.toThrow(`process ${process.pid} trains in ${out}`);
  });
  expect(await readdir(out)).toEqual([]);
  // No process has so high a number.
  await writeFile(join(out, 'lock'), '99999999\n');
  expect(await alone(out, async () => readFile(join(out, 'lock'), 'utf8'))).toBe(`${process.pid}\n`);
  await expect(
    alone(out, async () => {
      throw new Error('stopped');
    }),
  ).rejects.toThrow('stopped');
  expect(await readdir(out)).toEqual([]);
});
