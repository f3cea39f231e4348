import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshWeights, shapeFor } from '../../agents/network.ts';
import { seededRandom } from '../../games/random.ts';
import { InputError } from '../../src/errors.ts';
import { gameNamed } from '../../src/games.ts';
import { loadSnapshot, saveSnapshot } from '../../src/snapshots.ts';

const game = gameNamed('tic-tac-toe');
const weights = freshWeights(shapeFor(game, 4, 1), seededRandom(1));

const saved = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'swp-snapshot-'));
  const settings = { filters: 4, blocks: 1 };
  const history = { recipe: 'alphazero', settings, seed: 1, parent: null, iterations: 1, games: 1, positions: 1 };
  return saveSnapshot(folder, game, weights, { ...history, measured: {} }, '{}\n');
};

test('a snapshot is loaded as it was saved, from a folder named by its hash', async () => {
  const folder = await saved();
  const snapshot = await loadSnapshot(game, folder);
  expect(snapshot.weights).toEqual(weights);
  expect(folder.endsWith(snapshot.manifest.sha256.slice(0, 12))).toBe(true);
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
