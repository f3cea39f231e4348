import { mkdtemp, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exploitability, strategyOf } from '../../agents/exploitability.ts';
import { informationTree } from '../../agents/information-tree.ts';
import { gameNamed } from '../../src/games.ts';
import { agentNamed } from '../../src/roster.ts';
import { loadSnapshot } from '../../src/snapshots.ts';
import { trainLeague } from '../../src/train/league.ts';
import type { Training } from '../../src/train/training.ts';
import { snapshotIn, withoutClock } from './run-folder.ts';

const kuhn = gameNamed('kuhn-poker');
const folder = () => mkdtemp(join(tmpdir(), 'swp-train-'));
const SMALL = [
  'filters=8',
  'imitatedGames=20',
  'imitatedSimulations=10',
  'imitatedSteps=10',
  'updates=4',
  'games=64',
  'exploiterGames=16',
  'steps=20',
  'batch=8',
];
const training = (out: string, more: Partial<Training> = {}): Training => ({
  iterations: 2,
  seed: 1,
  out,
  workers: 1,
  settings: SMALL,
  curriculum: false,
  resume: false,
  ...more,
});

const spoken: string[] = [];
beforeAll(() => {
  vi.spyOn(console, 'log').mockImplementation((line: string) => void spoken.push(line));
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

let whole: string;
beforeAll(async () => {
  whole = await folder();
  await trainLeague(kuhn, training(whole));
});

test('a run that was stopped and taken up again ends with the same snapshot and the same log', async () => {
  const parts = await folder();
  await trainLeague(kuhn, training(parts, { iterations: 1 }));
  const first = await snapshotIn(parts);
  await rename(first, `${first}-first`);
  // What was logged after the checkpoint is played again.
  await writeFile(join(parts, 'log.jsonl'), `${await readFile(join(parts, 'log.jsonl'), 'utf8')}{"iteration":2}\n`);
  await trainLeague(kuhn, training(parts, { iterations: 2, settings: [], resume: true }));
  const lines = (await readFile(join(parts, 'log.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map(line => JSON.parse(line).iteration)).toEqual([0, 1, 2]);
  const logs = await Promise.all(
    [whole, parts].map(async out => withoutClock(await readFile(join(out, 'log.jsonl'), 'utf8'))),
  );
  expect(logs[1]).toBe(logs[0]);
  const weights = await Promise.all(
    [whole, parts].map(async out => readFile(join(await snapshotIn(out), 'weights.bin'))),
  );
  expect(weights[1]).toEqual(weights[0]);
});

test('the specialist draws from the snapshot, and is as exploitable as the training said', async () => {
  const place = await snapshotIn(whole);
  const { manifest } = await loadSnapshot(kuhn, place);
  const { nashConv } = manifest.measured as { nashConv: number };
  expect(manifest).toMatchObject({
    recipe: 'league',
    game: 'kuhn-poker',
    parent: null,
    iterations: 2,
    games: 2 * 4 * 96,
  });
  const agent = await agentNamed(`specialist:snapshot=${place}`, kuhn);
  const tree = informationTree(kuhn);
  const strategy = await strategyOf(tree, agent, { seed: 1, decisions: 1 });
  expect(tree.pointsPerWin! * exploitability(tree, strategy).nashConv).toBeCloseTo(nashConv, 4);
  expect(spoken).toContain(
    `NashConv ${nashConv}, exploitability (half of it) ${Number((nashConv / 2).toFixed(5))} chips`,
  );
});

test('what cannot be trained is refused, and says why', async () => {
  await expect(trainLeague(kuhn, training(whole))).rejects.toThrow(/already holds a training run/);
  await expect(trainLeague(kuhn, training(await folder(), { resume: true }))).rejects.toThrow(/no training run/);
  await expect(trainLeague(gameNamed('leduc-poker'), training(whole, { settings: [], resume: true }))).rejects.toThrow(
    /trains kuhn-poker, not leduc-poker/,
  );
  await expect(trainLeague(kuhn, training(whole, { resume: true }))).rejects.toThrow(/a run is fixed when it begins/);
  await expect(trainLeague(kuhn, training(await folder(), { settings: ['opponents=nobody'] }))).rejects.toThrow(
    "--set opponents=nobody: must be 'league' or 'itself'",
  );
});

test.each(['learners-1.bin', 'memories-1.json', 'frozen-0.bin'])('a damaged %s is named', async file => {
  const damaged = await folder();
  await trainLeague(kuhn, training(damaged, { iterations: 1 }));
  await truncate(join(damaged, file), 100);
  const resumed = trainLeague(kuhn, training(damaged, { iterations: 2, settings: [], resume: true }));
  await expect(resumed).rejects.toThrow(`the checkpoint is damaged: ${join(damaged, file)}`);
});
