import { mkdir, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { freshWeights, shapeFor } from '../../agents/network.ts';
import { seededRandom } from '../../games/random.ts';
import { InputError } from '../../src/errors.ts';
import { gameNamed } from '../../src/games.ts';
import { loadSnapshot, saveSnapshot } from '../../src/snapshots.ts';
import { swp } from './swp.ts';

const game = gameNamed('tic-tac-toe');
const weights = freshWeights(shapeFor(game, 4, 1), seededRandom(1));

const about = {
  recipe: 'alphazero',
  settings: { filters: 4, blocks: 1 },
  seed: 1,
  parent: null,
  iterations: 1,
  games: 1200,
  positions: 1,
  measured: {},
};

const saved = async (): Promise<string> =>
  saveSnapshot(await mkdtemp(join(tmpdir(), 'swp-snapshot-')), game, weights, about, '{}\n');

test('a snapshot is loaded as it was saved, from a folder named by its hash', async () => {
  const folder = await saved();
  const snapshot = await loadSnapshot(game, folder);
  expect(snapshot.weights).toEqual(weights);
  expect(folder.endsWith(snapshot.manifest.sha256.slice(0, 12))).toBe(true);
});

test('swp snapshots tells whose games a snapshot learned from', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'swp-snapshots-'));
  const lessonsOf = { iterations: 3, sha256: '' };
  await saveSnapshot(join(cwd, 'own'), game, weights, about, '{}\n');
  await saveSnapshot(join(cwd, 'study'), game, weights, { ...about, lessonsOf }, '{}\n');
  const { stdout } = await swp(['snapshots', 'own', 'study'], { cwd });
  expect(stdout).toMatch(/ in own: alphazero, [\d,]+ parameters, 1,200 games of self-play\n/);
  expect(stdout).toMatch(/ in study: alphazero, [\d,]+ parameters, lessons of 1,200 games, other runs' among them\n/);
});

test('swp snapshots passes over one that was never finished, and names one of a game that does not exist', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'swp-snapshots-'));
  const whole = await saveSnapshot(join(cwd, 'runs'), game, weights, about, '{}\n');
  const other = freshWeights(shapeFor(game, 4, 1), seededRandom(2));
  const half = await saveSnapshot(join(cwd, 'elsewhere'), game, other, about, '{}\n');
  await mkdir(join(cwd, 'runs', basename(half), 'manifest.json.new'), { recursive: true });
  await expect(saveSnapshot(join(cwd, 'runs'), game, other, about, '{}\n')).rejects.toThrow(
    /runs cannot be written into \(EISDIR\)/,
  );
  const listed = await swp(['snapshots', 'runs'], { cwd });
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout.match(/ in runs:/g)).toHaveLength(1);

  const manifest = join(whole, 'manifest.json');
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"tic-tac-toe"', '"nosuch"'));
  const refused = await swp(['snapshots', 'runs'], { cwd });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/^swp: runs\/[0-9a-f]+\/manifest.json: no game is called 'nosuch'/);
});

test.each<[string, (folder: string) => Promise<void>, RegExp]>([
  ['with a changed weight', folder => changeByte(join(folder, 'weights.bin')), /is damaged: its content has SHA-256/],
  ['cut short', folder => truncate(join(folder, 'weights.bin'), 100), /is damaged/],
  ['with an empty manifest', folder => writeFile(join(folder, 'manifest.json'), '{}'), /manifest\.json/],
  ['with a manifest that is no JSON', folder => writeFile(join(folder, 'manifest.json'), 'x'), /is not JSON/],
])('a snapshot %s is refused', async (_, damage, message) => {
  const folder = await saved();
  await damage(folder);
  const loading = loadSnapshot(game, folder);
  await expect(loading).rejects.toThrow(InputError);
  await expect(loading).rejects.toThrow(message);
});

test('a snapshot of another game and a folder that holds none are refused', async () => {
  const folder = await saved();
  await expect(loadSnapshot(gameNamed('connect-four'), folder)).rejects.toThrow(
    /is a snapshot of tic-tac-toe, not of connect-four/,
  );
  await expect(loadSnapshot(game, tmpdir())).rejects.toThrow(/is no snapshot: manifest\.json cannot be read/);
});

async function changeByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[40]! ^= 1;
  await writeFile(file, bytes);
}
