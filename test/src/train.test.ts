import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { beginning, RECIPE } from '../../agents/alphazero.ts';
import { InputError } from '../../src/errors.ts';
import { root } from '../../src/files.ts';
import { gameNamed } from '../../src/games.ts';
import { loadRated, type Run, saveRated } from '../../src/train/checkpoints.ts';
import { swp } from './swp.ts';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'swp-train-'));
});

const SMALL = ['filters=4', 'blocks=1', 'gamesPerIteration=8', 'fullSimulations=8', 'batch=16'];
const train = (out: string, ...words: readonly string[]) => [
  ...['train', 'tic-tac-toe', '--iterations', '6', '--out', out],
  ...words,
];
const small = SMALL.flatMap(setting => ['--set', setting]);

/** The snapshot in a folder of training: its name is the hash of its content. */
const snapshotIn = async (out: string): Promise<string | undefined> =>
  (await readdir(join(cwd, out))).find(name => /^[0-9a-f]{12}$/.test(name));

const linesOf = async (file: string): Promise<readonly unknown[]> =>
  (await readFile(join(cwd, file), 'utf8'))
    .trim()
    .split('\n')
    .map(line => ({ ...(JSON.parse(line) as object), evaluations: 0, minutes: 0 }));

/** The snapshot of a game that ships. */
function shippedIn(game: string): string {
  const folder = join(root, 'snapshots', game);
  return join(folder, readFileSync(join(folder, 'default'), 'utf8').trim());
}

test('a training killed on the spot and resumed, on more threads, ends with the same network and the same log as one that was not', async () => {
  expect((await swp(train('whole', ...small), { cwd })).code).toBe(0);
  expect((await swp(train('killed', ...small), { cwd, killAt: /iteration 3/ })).code).toBeNull();
  expect(await snapshotIn('killed')).toBeUndefined();
  const resumed = await swp(['train', 'tic-tac-toe', '--out', 'killed', '--resume', '--workers', '3'], { cwd });
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).not.toContain('iteration 3,');
  expect(await snapshotIn('killed')).toBe(await snapshotIn('whole'));
  expect(await linesOf('killed/log.jsonl')).toEqual(await linesOf('whole/log.jsonl'));
  expect(await linesOf('killed/bouts.jsonl')).toEqual(await linesOf('whole/bouts.jsonl'));
  expect(await readFile(join(cwd, 'whole', 'report.html'), 'utf8')).toContain('a specialist in training');
}, 60_000);

test('a larger network learns the lessons of other runs before it plays, and ends the same where it was killed over them', async () => {
  const only = ['train', 'tic-tac-toe', '--iterations', '1', '--seed', '2', '--out', 'only'];
  const untaught = await swp([...only, ...small, '--set', 'lessonsPerPosition=0'], { cwd });
  expect(untaught).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('learn them with --from only') as unknown,
  });
  expect(await snapshotIn('only')).toBeUndefined();
  expect(await linesOf('only/log.jsonl')).toMatchObject([{ games: 8, steps: 0 }]);
  const larger = (out: string) => [
    ...['train', 'tic-tac-toe', '--from', 'only,whole', '--iterations', '8', '--out', out],
    ...['--set', 'filters=8', '--set', 'blocks=1', ...SMALL.slice(2).flatMap(setting => ['--set', setting])],
  ];
  expect((await swp(larger('larger'), { cwd })).code).toBe(0);
  const log = (await linesOf('larger/log.jsonl')) as { games: number; steps: number }[];
  expect(log.map(({ games }) => games)).toEqual([56, 56, 56, 56, 56, 56, 56, 64]);
  expect(log.every(({ steps }, i) => steps > (log[i - 1]?.steps ?? 0))).toBe(true);
  const manifest = JSON.parse(
    await readFile(join(cwd, 'larger', (await snapshotIn('larger'))!, 'manifest.json'), 'utf8'),
  ) as object;
  const files = ['only/lessons-1', ...[1, 2, 3, 4, 5, 6].map(i => `whole/lessons-${i}`)];
  const lessons = await Promise.all(files.map(file => readFile(join(cwd, `${file}.bin`))));
  const sha256 = createHash('sha256').update(Buffer.concat(lessons)).digest('hex');
  expect(manifest).toMatchObject({
    recipe: 'alphazero',
    parent: null,
    games: 64,
    lessonsOf: { iterations: 7, sha256 },
  });

  const alone = [...larger('alone').filter(word => word !== '--iterations' && word !== '8')];
  const { code, stderr } = await swp(alone, { cwd });
  expect(code).toBe(0);
  expect(await linesOf('alone/log.jsonl')).toHaveLength(7);
  const [first, ...others] = [...(await linesOf('only/log.jsonl')), ...(await linesOf('whole/log.jsonl'))].map(
    line => (line as { positions: number }).positions,
  );
  const behind = [first!, ...others.map(positions => first! + positions)];
  const shares = behind.map(positions => (100 * positions) / behind.at(-1)!);
  expect([...stderr.matchAll(/^([\d.]+) % iteration/gm)].map(([, share]) => share)).toEqual(
    shares.map(share => share.toFixed(1)),
  );
  expect((await swp(larger('larger2'), { cwd, killAt: /iteration 3/ })).code).toBeNull();
  const written = await Promise.all(
    [1, 2, 3, 7].map(async i => (await stat(join(cwd, 'larger2', `lessons-${i}.bin`))).mtimeMs),
  );
  expect(written).toEqual(written.toSorted((a, b) => a - b));
  expect((await swp(['train', 'tic-tac-toe', '--out', 'larger2', '--resume'], { cwd })).code).toBe(0);
  expect(await snapshotIn('larger2')).toBe(await snapshotIn('larger'));
}, 180_000);

test('moves of a log are imitated, and reinforcement goes on with the network that imitates', async () => {
  const tournament = ['tournament', '--game', 'tic-tac-toe', '--agents', 'minimax:depth=9,random', '--games', '20'];
  expect((await swp(tournament, { cwd })).code).toBe(0);
  const imitate = ['train', 'tic-tac-toe', '--recipe', 'imitation', '--iterations', '3', '--out', 'imitation'];
  const imitation = await swp([...imitate, '--from', 'swp.db', '--set', 'filters=4', '--set', 'blocks=1'], { cwd });
  expect(imitation.stdout).toMatch(/of \d+ moves in games kept aside it foretells [\d.]+ %/);
  const from = `imitation/${await snapshotIn('imitation')}`;
  const settings = SMALL.slice(2).flatMap(setting => ['--set', setting]);
  const reinforce = ['train', 'tic-tac-toe', '--recipe', 'alphago', '--from', from, '--iterations', '1'];
  expect(await swp([...reinforce, '--out', 'alphago', ...settings], { cwd })).toMatchObject({ code: 0 });
  const manifest = await readFile(join(cwd, 'alphago', (await snapshotIn('alphago'))!, 'manifest.json'), 'utf8');
  const parent = JSON.parse(await readFile(join(cwd, from, 'manifest.json'), 'utf8')) as { sha256: string };
  expect(JSON.parse(manifest)).toMatchObject({ recipe: 'alphago', parent: parent.sha256, settings: { filters: 4 } });

  const study = ['train', 'tic-tac-toe', '--recipe', 'alphago', '--from', `${from},whole`, '--out', 'studied'];
  expect(await swp([...study, ...settings], { cwd })).toMatchObject({ code: 0 });
  expect(await linesOf('studied/log.jsonl')).toHaveLength(6);
  const studied = await readFile(join(cwd, 'studied', (await snapshotIn('studied'))!, 'manifest.json'), 'utf8');
  expect(JSON.parse(studied)).toMatchObject({
    recipe: 'alphago',
    parent: parent.sha256,
    games: 48,
    settings: { filters: 4 },
    lessonsOf: { iterations: 6 },
  });
});

test('runs are compared side by side, and so are snapshots of different games', async () => {
  const { code, stdout } = await swp(['curves', 'whole', 'alphago', '--out', 'both.html'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/games of self-play until the network alone keeps the value so often\n +whole +alphago\n/);
  expect(await readFile(join(cwd, 'both.html'), 'utf8')).toContain('"y":"value kept"');
  const study = await swp(['curves', 'whole', 'larger', '--out', 'study.html'], { cwd });
  expect(study.stdout).toMatch(/ whole +larger\n +[\d.]+ % +\d+ +–\n/);
  const drawn = await readFile(join(cwd, 'study.html'), 'utf8');
  expect(drawn).toContain('"x":"steps of training"');
  expect(drawn).not.toContain('"x":0,');
  expect(await swp(['curves', 'whole', 'imitation'], { cwd })).toMatchObject({
    code: 2,
    stderr: 'swp: imitation holds neither a training run nor a snapshot\n',
  });
  const shipped = ['hex/size=7', 'othello'].map(shippedIn);
  expect(await swp(['curves', ...shipped, '--out', 'shipped.html'], { cwd })).toMatchObject({ code: 0 });
  for (const [name, x, y] of [
    ['catch', 'orders given', 'points of a game'],
    ['leduc-poker', 'games of self-play', 'NashConv'],
  ] as const) {
    const { stdout } = await swp(['curves', shippedIn(name), '--out', `${name}.html`], { cwd });
    expect(stdout).toContain('none of these logs tells how often the network alone keeps the value');
    expect(await readFile(join(cwd, `${name}.html`), 'utf8')).toContain(`"x":"${x}","y":"${y}"`);
  }
  const page = await readFile(join(cwd, 'shipped.html'), 'utf8');
  expect(page).toContain('"y":"Elo above the first network"');
  expect(page).toContain('{"name":"hex:size=7","joined":true,"colour":0,"points":[{"x":256,"y":0},');
});

test('imitation stops where the loss is no number, and leaves no snapshot', async () => {
  const wild = train('wild', '--recipe', 'imitation', '--from', 'swp.db', '--set', 'rate=1e30,1e30');
  const { code, stderr } = await swp([...wild, '--set', 'filters=4', '--set', 'blocks=1'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toMatch(/\nswp: the loss is NaN in epoch \d; training stopped, and no snapshot was written\n$/);
  expect(existsSync(join(cwd, 'wild'))).toBe(false);
});

test('games are learned from a text file too, and a line that is none is told', async () => {
  await writeFile(join(cwd, 'games.txt'), 'a1 a2 b1 b2 c1\nb2 a1 c3 c1 b1 b3 a2 c2 a3\n');
  const imitate = ['train', 'tic-tac-toe', '--recipe', 'imitation', '--from', 'games.txt', '--iterations', '1'];
  const few = ['--set', 'filters=4', '--set', 'heldOut=0.5'];
  expect((await swp([...imitate, '--out', 'text', ...few], { cwd })).stderr).toContain('2 games, 12 moves');
  await writeFile(join(cwd, 'games.txt'), 'a1 a2 b1 b2 c1\nb2 b2\n');
  expect(await swp([...imitate, '--out', 'text2'], { cwd })).toMatchObject({
    code: 2,
    stderr:
      "swp: games.txt, line 2: move 2, 'b2', is not legal by R3 of the rules; legal are: a3 b3 c3 a2 c2 a1 b1 c1\n",
  });
});

test.each<[string, () => Promise<unknown>, readonly string[], RegExp]>([
  ['a second run in the same folder', async () => {}, train('whole', ...small), /already holds a training run/],
  [
    'a run of another game',
    async () => {},
    ['train', 'nim', '--out', 'whole', '--resume'],
    /trains tic-tac-toe, not nim/,
  ],
  [
    'a beginning for AlphaZero',
    async () => {},
    train('none', '--from', 'x'),
    /x holds no training run, and alphazero begins with nothing else/,
  ],
  [
    "another game's lessons",
    async () => {},
    ['train', 'nim', '--from', 'whole', '--iterations', '1', '--out', 'none'],
    /the run in whole trains tic-tac-toe, not nim/,
  ],
  ['AlphaGo without one', async () => {}, train('none', '--recipe', 'alphago'), /say which snapshot it begins with/],
  ['imitation of nobody', async () => {}, train('none', '--recipe', 'imitation'), /say which games to learn from/],
  ['nothing to resume', async () => {}, train('none', '--resume'), /holds no training run/],
  ['no goal', async () => {}, ['train', 'nim', '--out', 'none'], /say how long to train/],
  ['settings of a run that has begun', async () => {}, train('whole', '--resume', ...small), /fixed when it begins/],
  [
    'a seed for a run that has begun',
    async () => {},
    train('whole', '--resume', '--seed', '2'),
    /--seed does not go with --resume/,
  ],
  [
    'a beginning for a run that has begun',
    async () => {},
    train('alphago', '--recipe', 'alphago', '--from', 'imitation', '--resume'),
    /fixed when it begins/,
  ],
  ...['alphago', 'league', 'dqn'].map((recipe): [string, () => Promise<void>, readonly string[], RegExp] => [
    `another recipe for a run that has begun, ${recipe},`,
    async () => {},
    train('whole', '--resume', '--recipe', recipe),
    new RegExp(`the run in whole follows the recipe alphazero, not ${recipe}`),
  ]),
  [
    'imitation of a folder',
    async () => {},
    train('none', '--recipe', 'imitation', '--from', 'whole'),
    /there is no file whole/,
  ],
  ['a setting out of range', async () => {}, train('none', '--set', 'filters=1'), /from 4 to 512/],
  ['a run to learn from twice', async () => {}, train('none', '--from', 'whole,whole'), /--from names whole twice/],
  [
    'a run for a snapshot',
    async () => {},
    train('none', '--recipe', 'alphago', '--from', 'whole'),
    /whole is a run: name first the snapshot to begin with/,
  ],
  [
    'a snapshot of another game in a folder whose name has a comma',
    async () => {},
    train('none', '--recipe', 'alphago', '--from', shippedIn('gomoku/columns=9,rows=9')),
    /is a snapshot of gomoku:columns=9,rows=9, not of tic-tac-toe/,
  ],
  [
    'a run to learn from that is none',
    async () => {},
    train('none', '--recipe', 'alphago', '--from', `${shippedIn('tic-tac-toe')},nowhere`),
    /nowhere holds no training run/,
  ],
  [
    'a folder in the place of the lock',
    () => mkdir(join(cwd, 'locked', 'lock'), { recursive: true }).then(() => {}),
    train('locked'),
    /locked\/lock is no lock of a training that runs, and cannot be removed/,
  ],
  ['a run without a name', async () => {}, train('none', '--from', 'whole,'), /names a folder that has no name/],
  [
    'lessons that are not learned',
    async () => {},
    train('none', '--from', 'whole', '--set', 'lessonsPerPosition=0'),
    /no lesson is learned/,
  ],
  [
    'runs without a lesson',
    async () => {
      const empty = ['train', 'tic-tac-toe', '--iterations', '1', '--out', 'empty', ...small];
      const barren = ['fullShare=0.000001', 'lessonsPerPosition=0'].flatMap(setting => ['--set', setting]);
      expect((await swp([...empty, ...barren], { cwd })).code).toBe(0);
    },
    train('none', '--from', 'empty'),
    /there is no lesson in empty/,
  ],
  [
    'more random plies than any game lasts',
    async () => {},
    train('none', '--set', 'leastPlies=9'),
    /none lasts longer than 9 plies/,
  ],
  [
    'more random plies at least than at most',
    async () => {},
    train('none', '--set', 'leastPlies=30'),
    /games begin with 30 to 16 random plies, which is none/,
  ],
  [
    'exact plies and no exact searches',
    async () => {},
    train('none', '--set', 'exactPlies=3'),
    /exactPlies does nothing without exactPositions/,
  ],
  [
    'a share of decided positions and no exact searches',
    async () => {},
    train('none', '--set', 'decidedShare=0.3'),
    /decidedShare does nothing without exactPositions/,
  ],
  [
    'lines that are no ply long',
    async () => {},
    train('none', '--set', 'exactLines=2'),
    /exactLines does nothing without exactPlies/,
  ],
  [
    'exact searches from some ply on, and none',
    async () => {},
    train('none', '--set', 'exactFrom=9'),
    /exactFrom does nothing without exactPositions or exactLeaves/,
  ],
  ['a setting that does not exist', async () => {}, train('none', '--set', 'filtres=8'), /did you mean 'filters'/],
  [
    'lessons cut short',
    () => truncate(join(cwd, 'whole', 'lessons-2.bin'), 50),
    train('whole', '--resume'),
    /lessons-2.bin has 50 bytes/,
  ],
  [
    'lessons of which hardly anything is left',
    () => truncate(join(cwd, 'whole', 'lessons-2.bin'), 10),
    train('whole', '--resume'),
    /lessons-2.bin has 10 bytes/,
  ],
  [
    'lessons that are gone',
    () => rm(join(cwd, 'whole', 'lessons-2.bin')),
    train('whole', '--resume'),
    /the checkpoint is damaged/,
  ],
  [
    'a checkpoint with a setting out of its range',
    async () => {
      const file = join(cwd, 'whole', 'run.json');
      const run = JSON.parse(await readFile(file, 'utf8')) as { recipe: object };
      await writeFile(file, JSON.stringify({ ...run, recipe: { ...run.recipe, gamesPerIteration: 'x' } }));
    },
    train('whole', '--resume'),
    /whole\/run.json is no run of self-play that can go on: recipe.gamesPerIteration: must be a whole number/,
  ],
  [
    'a checkpoint whose network has no heads',
    async () => {
      const file = join(cwd, 'whole', 'run.json');
      const run = JSON.parse(await readFile(file, 'utf8')) as { recipe: object };
      await writeFile(file, JSON.stringify({ ...run, recipe: { ...run.recipe, heads: null } }));
    },
    train('whole', '--resume'),
    /whole\/run.json is no run of self-play that can go on: recipe.heads: /,
  ],
  [
    'a checkpoint of another version',
    async () => {
      const file = join(cwd, 'whole', 'run.json');
      const run = JSON.parse(await readFile(file, 'utf8')) as { version: number };
      await writeFile(file, JSON.stringify({ ...run, version: run.version - 1 }));
    },
    train('whole', '--resume'),
    /whole\/run.json was written by another version/,
  ],
  [
    'a checkpoint that is not JSON',
    () => writeFile(join(cwd, 'whole', 'run.json'), '{'),
    train('whole', '--resume'),
    /run.json/,
  ],
  [
    'a checkpoint that says nothing',
    () => writeFile(join(cwd, 'whole', 'run.json'), 'null'),
    train('whole', '--resume'),
    /whole\/run.json describes no training run/,
  ],
  [
    'a damaged line in the log',
    async () => {
      const log = join(cwd, 'alphago', 'log.jsonl');
      await writeFile(log, `{"iter\n${await readFile(log, 'utf8')}`);
    },
    ['train', 'tic-tac-toe', '--iterations', '2', '--out', 'alphago', '--resume'],
    /the log of the run is damaged: alphago\/log.jsonl, line 1: /,
  ],
])('%s is refused in one line', async (_, prepare, words, message) => {
  await prepare();
  const { code, stdout, stderr } = await swp(words, { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^swp: .*\n$/);
  expect(stderr).toMatch(message);
});

test('the networks of earlier ratings are loaded as they were kept, and refused where they are damaged or gone', async () => {
  const game = gameNamed('tic-tac-toe');
  const run: Run = { game: game.name, seed: 1, recipe: RECIPE, engine: 'onnxruntime-node', parent: null };
  const { weights } = beginning(game, RECIPE, 1).learned;
  const folder = join(cwd, 'ratings');
  await saveRated(folder, run, 5, weights);
  expect(await loadRated(folder, run, 5)).toEqual(weights);
  await truncate(join(folder, 'rated-5.bin'), 1000);
  await expect(loadRated(folder, run, 5)).rejects.toThrow(/rated-5.bin has 1000 bytes/);
  await expect(loadRated(folder, run, 10)).rejects.toThrow(InputError);
});
