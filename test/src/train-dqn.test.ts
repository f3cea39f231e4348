import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
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

/** The snapshot and the log in `out` are those of the run that was never stopped. */
async function expectWhole(out: string): Promise<void> {
  const [one, other] = [await snapshotIn(whole), await snapshotIn(out)];
  expect(await readFile(join(other, 'weights.bin'))).toEqual(await readFile(join(one, 'weights.bin')));
  const logs = [one, other].map(async place => withoutClock(await readFile(join(place, 'log.jsonl'), 'utf8')));
  expect(await logs[1]).toBe(await logs[0]);
  expect((await logs[0])!.split('\n').length).toBe(3);
}

test('a run that was stopped and taken up again ends with the same snapshot and the same log', async () => {
  const parts = await folder();
  await trainGameByDqn(game, training(parts, { iterations: 1 }));
  const first = await snapshotIn(parts);
  await rename(first, `${first}-first`);
  // What was logged after the checkpoint is played again.
  await writeFile(join(parts, 'log.jsonl'), `${await readFile(join(parts, 'log.jsonl'), 'utf8')}{"iteration":2}\n`);
  await trainGameByDqn(game, training(parts, { resume: true }));

  await expectWhole(parts);
});

test('a run that was killed within its first minute ends with the same snapshot and the same log', async () => {
  const killed = await folder();
  const told = vi.spyOn(console, 'error').mockImplementation(() => {
    throw new Error('killed');
  });
  await expect(trainGameByDqn(game, training(killed))).rejects.toThrow('killed');
  told.mockRestore();
  expect((await readdir(killed)).sort()).toEqual(['log.jsonl', 'run.json', 'state-0.gz']);
  await trainGameByDqn(game, training(killed, { resume: true }));
  expect(await readdir(killed)).not.toContain('state-0.gz');
  await expectWhole(killed);
});

test('a run whose loss becomes no number leaves the checkpoint it began with', async () => {
  const out = await folder();
  const settings = ['rate=1e30,1e30', 'leastMemory=64'];
  await expect(trainGameByDqn(game, training(out, { settings }))).rejects.toThrow(
    `training stopped, before anything was kept of what was learned: begin anew, in another folder than ${out}`,
  );
  await expect(trainGameByDqn(game, training(out, { resume: true }))).rejects.toThrow(/the loss is/);
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

/** Text that stands in run.json, what it is damaged to, and what is said of it. */
test.each([
  ['"batch": 64', '"batch": "x"', 'settings.batch: must be a whole number from 1 to 8192'],
  ['"boards": 16', '"boards": -1', 'settings.boards: must be a whole number from 1 to 256'],
  ['"boards": 16', '"boards": 15', 'ordersPerRound: 4096 cannot be shared out among 15 boards'],
  ['"memory": 65536', '"memory": 16', 'memory: 16 is too little for the other settings'],
  ['"units": 64', '"units": 63', 'settings.units: must be even'],
  ['"trials": 32', '"others": 32', 'settings.trials: must be a whole number from 1 to 10000'],
  ['"double": "yes"', '"double": true', 'settings.double: must be yes or no'],
  ['"epsilon": [', '"epsilon": [2,', 'settings.epsilon: must be two shares'],
  ['"iterations": 2', '"iterations": 0', 'goal.iterations: must be a whole number from 1 to 1000000'],
  ['"lessons": [', '"lessons": ["chess",', "lessons: 'chess' is no easier way to play catch:"],
  ['"lessons": [', '"lessons": ["catch",', "lessons: 'catch' is no easier way to play catch:"],
  ['"lessons": [', '"lessons": [], "were": [', 'lessons: the last must be catch:'],
  ['"filters": 16', '"filters": 8', 'state-2.gz was written with other settings'],
  ['"boards": 16', '"boards": 32', 'state-2.gz was written with other settings'],
])('a run.json in which %s became %s is refused in one line that names what is wrong', async (text, damage, why) => {
  const damaged = await folder();
  const run = await readFile(join(whole, 'run.json'), 'utf8');
  expect(run.split(text).length).toBe(2);
  await writeFile(join(damaged, 'run.json'), run.replace(text, damage));
  await copyFile(join(whole, 'state-2.gz'), join(damaged, 'state-2.gz'));
  const refused = await trainGameByDqn(game, training(damaged, { resume: true })).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(InputError);
  const { message } = refused as InputError;
  expect(message).toMatch(/^the checkpoint is damaged: .*run\.json: .*$/);
  expect(message).toContain(why);
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
  expect(existsSync(out)).toBe(false);
  await alone(join(out, 'in', 'vain'), async () => {});
  expect(existsSync(out)).toBe(false);
  await mkdir(out);
  await alone(join(out, 'in', 'vain'), async () => {});
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
