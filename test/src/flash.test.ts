import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { freshWeights, shapeFor } from '../../agents/network.ts';
import { seededRandom } from '../../games/random.ts';
import { InputError } from '../../src/errors.ts';
import { frontierOf } from '../../src/frontier.ts';
import { gameNamed } from '../../src/games.ts';
import { saveSnapshot, verifySnapshot } from '../../src/snapshots.ts';
import { swp } from './swp.ts';

const game = gameNamed('nim');
let cwd = '';
/** A snapshot of nim, not yet good at it, in a folder of its own. */
let teacher = '';

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'swp-flash-'));
  await writeFile(join(cwd, 'taken'), 'a file');
  const settings = { filters: 16, blocks: 2 };
  const weights = freshWeights(shapeFor(game, 16, 2), seededRandom(1));
  const history = { recipe: 'alphazero', settings, seed: 1, parent: null, iterations: 1, games: 8, positions: 60 };
  teacher = await saveSnapshot(join(cwd, 'teacher'), game, weights, { ...history, measured: {} }, '{}\n');
});

const contentOf = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map(file => [file, readFileSync(join(folder, file)).toString('base64')]));

const manifestOf = async (folder: string) => JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));

test.each([
  ['distil', '0.6x'],
  ['prune', '0.85x'],
])('swp %s leaves a smaller snapshot of known descent that is whole', async (command, share) => {
  const made = await swp([command, teacher, '--params', share, '--positions', '600', '--out', command], { cwd });
  const snapshot = join(cwd, /the snapshot is (.*)/.exec(made.stdout)![1]!);
  const manifest = await manifestOf(snapshot);
  expect(manifest.recipe).toBe(command);
  expect(manifest.parent).toBe((await manifestOf(teacher)).sha256);
  const list = await swp(['snapshots', 'teacher', command, '--json'], { cwd });
  const lines = JSON.parse(list.stdout) as { sha256: string; parameters: number }[];
  const count = (sha256: string) => lines.find(line => line.sha256 === sha256)!.parameters;
  expect(count(manifest.sha256)).toBeLessThan(0.9 * count(manifest.parent));

  expect((await verifySnapshot(snapshot)).apart).toBeLessThan(1e-4);
});

test.each<[string, readonly string[], RegExp]>([
  ['a share of nothing', ['distil', 'teacher', '--params', '0x'], /--params must be a share/],
  ['a share of more than all', ['prune', 'teacher', '--params', '2x'], /--params must be a share .* not '2x'/],
  ['a share in words', ['distil', 'teacher', '--params', 'half'], /--params must be a share .* not 'half'/],
  ['a share too small for any network', ['prune', 'TEACHER', '--params', '0.01x'], /0\.01x is too small/],
  [
    'a file where a folder should be',
    ['distil', 'TEACHER', '--params', '0.6x', '--out', 'taken'],
    /taken cannot be made/,
  ],
  ['a snapshot that is nowhere', ['distil', 'nowhere'], /there is no snapshot 'nowhere'/],
  ['a hash with other digits behind it', ['distil', '48a6a7253e03f'], /there is no snapshot '48a6a7253e03f'/],
  ['too few digits', ['distil', '48a'], /no four or more first digits of a hash/],
  ['a snapshot of another game', ['frontier', 'hex', '--snapshots', 'TEACHER'], /is a snapshot of nim, not of hex/],
  ['a list of one agent', ['frontier', 'nim', '--snapshots', 'TEACHER', '--simulations', '0'], /one agent alone/],
  ['a folder without snapshots', ['snapshots', 'nowhere'], /nowhere is no snapshot and holds none/],
])('%s is refused in one line', async (_, words, message) => {
  const { code, stderr } = await swp(
    words.map(word => (word === 'TEACHER' ? teacher : word)),
    { cwd },
  );
  expect(stderr.trim()).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});

const changed = async (folder: string, change: Readonly<Record<string, unknown>>) =>
  writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...(await manifestOf(folder)), ...change }));

test('those that ship are whole, and one that is not is told of in one line', async () => {
  expect((await swp(['snapshot', 'verify'], { cwd })).stdout).toMatch(/connect-four [0-9a-f]{64}: whole/);
  const folder = join(cwd, 'short');
  await cp(teacher, folder, { recursive: true });
  await truncate(join(folder, 'weights.bin'), 100);
  const { code, stderr } = await swp(['snapshot', 'verify', teacher, 'short'], { cwd });
  expect(stderr).toMatch(/^swp: short is damaged: .*\n$/);
  expect(code).toBe(2);
});

test.each<[string, (folder: string) => Promise<void>, RegExp]>([
  ['cut short', folder => truncate(join(folder, 'weights.bin'), 100), /is damaged/],
  ['with another hash', folder => changed(folder, { sha256: 'f'.repeat(64) }), /is damaged/],
  ['of another game', folder => changed(folder, { game: 'hex' }), /another network than manifest\.json says/],
  ['of no game', folder => changed(folder, { game: 'chess' }), /no game is called 'chess'/],
  ['of a later format', folder => changed(folder, { format: 2 }), /is a snapshot of format 2/],
  ['of another size', folder => changed(folder, { settings: { filters: 8, blocks: 2 } }), /another network/],
])('a snapshot %s does not pass', async (_, damage, message) => {
  const folder = join(await mkdtemp(join(tmpdir(), 'swp-flash-')), 'damaged');
  await cp(teacher, folder, { recursive: true });
  await damage(folder);
  const verifying = verifySnapshot(folder);
  await expect(verifying).rejects.toThrow(InputError);
  await expect(verifying).rejects.toThrow(message);
});

test('a frontier is drawn; playing changes no byte of a snapshot, and records name its hash', async () => {
  const before = contentOf(teacher);
  const words = [
    'frontier',
    'nim',
    '--snapshots',
    teacher,
    '--simulations',
    '0,4,16',
    '--games',
    '2',
    '--out',
    'front',
  ];
  const { code, stdout } = await swp(words, { cwd });
  expect(stdout).toMatch(/The picture is front.frontier\.html/);
  expect(code).toBe(0);
  expect(contentOf(teacher)).toEqual(before);

  const { points } = JSON.parse(await readFile(join(cwd, 'front', 'frontier.json'), 'utf8'));
  expect(
    points.map(({ simulations }: { simulations: number }) => simulations).sort((a: number, b: number) => a - b),
  ).toEqual([0, 4, 16]);
  expect(points[0].onFrontier).toBe(true);
  const { sha256 } = await manifestOf(teacher);
  const records = await swp(['export', '--log', join('front', 'matches.db')], { cwd });
  const lines = records.stdout.trim().split('\n');
  expect(lines).toHaveLength(6);
  for (const line of lines) {
    for (const { fingerprint } of JSON.parse(line).players) expect(fingerprint).toBe(sha256);
  }
});

test('whoever is beaten by somebody faster is not on the frontier', () => {
  const entrants = [3, 1, 2].map(milliseconds => ({
    name: `${milliseconds} ms`,
    snapshot: '',
    parameters: 1,
    simulations: 0,
    milliseconds,
  }));
  const won = (first: string, second: string) => ({ first, second, score: 1, pair: first + second });
  const results = [won('2 ms', '1 ms'), won('2 ms', '3 ms'), won('3 ms', '1 ms')];
  const points = frontierOf(entrants, results);
  expect(points.map(({ name }) => name)).toEqual(['1 ms', '2 ms', '3 ms']);
  expect(points.map(({ onFrontier }) => onFrontier)).toEqual([true, true, false]);
});
