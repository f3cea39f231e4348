import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../games/random.ts';
import { openLog } from '../../src/log.ts';
import { fakeOpenai } from '../fake-openai.ts';
import { swp } from './swp.ts';

const random = seededRandom(11);
const NOISE = Buffer.from(Array.from({ length: 8192 }, () => Math.floor(256 * random())));

/** A folder with one of everything that a person may mistake for something else. */
const cwd = mkdtempSync(join(tmpdir(), 'swp-cli-'));
const text = (file: string): Buffer => readFileSync(join(cwd, file));

beforeAll(() => {
  writeFileSync(join(cwd, 'noise.db'), NOISE);
  writeFileSync(join(cwd, 'notes.txt'), 'a3 b2\nb2 b2\n');
  for (const name of ['empty.db', 'empty-too.db', 'empty-as-well.db']) openLog(join(cwd, name)).close();
  openLog(join(cwd, 'version7.db')).close();
  const newer = new Database(join(cwd, 'version7.db'));
  newer.exec('PRAGMA user_version = 7');
  // Into the file itself, now: what is left in the journal would change its bytes at some later time.
  newer.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  newer.close();
  const foreign = new Database(join(cwd, 'foreign.db'));
  foreign.exec('CREATE TABLE mine (x); INSERT INTO mine VALUES (1)');
  foreign.close();
});

/** What is typed, and what the one line in answer says. */
const MISTAKES: readonly (readonly [string, string])[] = [
  ['tornament', "unknown command 'tornament' (Did you mean tournament?)"],
  [
    'tournament --game tic-tac-to --agents random,greedy',
    "no game is called 'tic-tac-to'; did you mean 'tic-tac-toe'?",
  ],
  ['tournament --game chess --agents random,greedy', "no game is called 'chess'; there are: "],
  ['tournament --game tic-tac-toe --agents random,gredy', "no agent is called 'gredy'; did you mean 'greedy'?"],
  [
    'tournament --game tic-tac-toe --agents random,greedy --gmaes 4',
    "unknown option '--gmaes' (Did you mean --games?)",
  ],
  [
    'tournament --game tic-tac-toe --agents random,greedy --games 3',
    '--games must be even, for games come in pairs; not 3',
  ],
  ['tournament --game tic-tac-toe --agents random,greedy --games 0', '--games must be a whole number from 2 to 100000'],
  ['tournament --game tic-tac-toe --agents random', 'a tournament needs two agents or more'],
  ['tournament --game tic-tac-toe --agents random,human', "'human' plays in"],
  ['tournament --game othello --agents random,perfect', "'perfect' cannot play othello"],
  [
    'match breakout:balls=1 --agents specialist,random',
    "train one with 'swp train breakout:balls=1 --recipe dqn --minutes 30 --out FOLDER'",
  ],
  ['match pig --agents perfect,random', "'perfect' cannot play pig: a game may last for more than 1000 plies"],
  [
    'train kuhn-poker --iterations 1 --out runs/kuhn',
    'kuhn-poker hides something, and self-play by this recipe learns only what lies open',
  ],
  [
    'train skirmish --minutes 1 --out runs/skirmish',
    "skirmish hides something, and self-play by this recipe learns only what lies open; '--recipe league' learns games of poker's size",
  ],
  ['train liars-dice --iterations 1 --out runs/liars', 'liars-dice hides something'],
  [
    'train catch --iterations 1 --out runs/catch',
    "'--recipe dqn' learns games in which each seat has a board of its own",
  ],
  ['train tic-tac-toe --iterations 1 --out /proc/a/b', '/proc/a/b cannot be made ('],
  ['train tic-tac-toe --iterations 1 --out notes.txt/a', 'notes.txt/a cannot be made (ENOTDIR)'],
  ['train tic-tac-toe --minutes 0.5', "--minutes must be a whole number from 1 to 1000000, not '0.5'"],
  ['train tic-tac-toe --iterations 1 --workers many', "--workers must be a whole number from 1 to 256, not 'many'"],
  ['train liars-dice --iterations 1 --out runs/none --resume', 'runs/none holds no training run'],
  ['tournament --agents random,greedy', "required option '--game <game>' not specified"],
  [
    'tournament --game tic-tac-toe --agents random,greedy --resume --log empty.db',
    'empty.db holds no tournament with these settings',
  ],
  [
    'match tic-tac-toe --agents mcts:simulation=3,random',
    "mcts has no setting 'simulation'; did you mean 'simulations'?",
  ],
  ['match tic-tac-toe --agents mcts:simulations=lots,random', 'simulations must be a whole number from 1'],
  ['match tic-tac-toe --agents random,random --seed abc', "--seed must be a whole number from 0 to 1000000, not 'abc'"],
  ['match tic-tac-toe --agents random', '--agents wants two agents, not 1'],
  [
    'match tic-tac-toe --agents random,random --opening a3,a3',
    "move 2, 'a3', is not legal by R3 of the rules; legal are: b3 c3",
  ],
  ['match tic-tac-toe --agents random,random --opening nonsense', "move 1, 'nonsense', is no move"],
  ['match tic-tac-toe --agents random,random extra', "too many arguments for 'match'"],
  ['match tic-tac-toe --agents llm,random --cassette gone.jsonl', 'gone.jsonl cannot be read'],
  ['match tic-tac-toe --agents llm,random --cassette notes.txt', 'notes.txt is no cassette'],
  [
    'match tic-tac-toe --agents llm,random --record a --cassette b',
    "'--record <file>' cannot be used with option '--cassette <file>'",
  ],
  ['match tic-tac-toe --agents llm,random --model qwen2.5-coder-1.5', "did you mean 'qwen2.5-coder-1.5b'?"],
  ['match tic-tac-toe --agents llm,random', "is not here yet; fetch it with 'swp model pull"],
  ['match tic-tac-toe --agents random,random --price 1', "--price wants two numbers, as in 0.15,0.60; not '1'"],
  ['match tic-tac-toe --agents random,random --log noise.db', 'noise.db is not a log of matches'],
  [
    'match tic-tac-toe --agents random,random --log version7.db',
    'version7.db is a log of version 7, this program writes version 1',
  ],
  ['match tic-tac-toe --agents random,random --log foreign.db', 'foreign.db is a database, but not a log of matches'],
  ['match tic-tac-toe --agents random,random --log no/where/swp.db', 'no/where/swp.db cannot be opened for writing'],
  ['play tic-tac-toe --against random --seat 2', "--seat must be a whole number from 0 to 1, not '2'"],
  ['rate --log gone.db', 'there is no log at gone.db'],
  ['rate --log empty-too.db', 'empty-too.db holds no match that counts'],
  ['replay 1 --log empty-as-well.db', 'there is no match 1 in empty-as-well.db'],
  ['replay --file notes.txt', 'notes.txt, line 1: this is no match record'],
  ['export --format josn', "argument 'josn' is invalid. Allowed choices are jsonl, pgn-like."],
  ['ask tic-tac-toe --agent random --moves b2,b2', "move 2, 'b2', is not legal by R3 of the rules; legal are: a3 b3"],
  ['ask tic-tac-toe --agent random --moves a3,b3,a2,b2,a1', "the game is over after 'a3 b3 a2 b2 a1': three in a row"],
  ['ask tic-tac-toe --agent random --file gone.txt', 'gone.txt cannot be read'],
  ['model pul', "unknown command 'pul' (Did you mean pull?)"],
  ['model pull qwen', "no local model is called 'qwen'; there are: qwen2.5-coder-1.5b, "],
];

describe('a mistake is answered with one line that helps, and exit code 2', () => {
  test.concurrent.each(MISTAKES)('swp %s', async (typed, told) => {
    const { code, stdout, stderr } = await swp(typed.split(' '), { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^swp: [^\n]+\n$/);
    expect(stderr).toContain(told);
  });
});

test('what is no log of ours is left as it was, byte for byte', async () => {
  const files = ['noise.db', 'version7.db', 'foreign.db'];
  const before = files.map(text);
  await Promise.all(
    files.map(file => swp(['match', 'tic-tac-toe', '--agents', 'random,random', '--log', file], { cwd })),
  );
  for (const [i, file] of files.entries()) expect(text(file).equals(before[i]!), file).toBe(true);
  const beside = readdirSync(cwd).filter(file => /^(noise|version7|foreign)\.db-/.test(file));
  expect(beside).toEqual([]);
});

test('a line that is wrong in a file of positions is named, and those before it are answered', async () => {
  const { code, stdout, stderr } = await swp(['ask', 'tic-tac-toe', '--agent', 'greedy', '--file', 'notes.txt'], {
    cwd,
  });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ moves: ['a3', 'b2'], agent: 'greedy', fault: null });
  expect(stderr).toMatch(/^swp: notes.txt, line 2: move 2, 'b2', is not legal/);
});

test('no folder for a cassette is told before the model is asked', async () => {
  const server = await fakeOpenai({ say: 'notes' });
  const env = { OPENAI_BASE_URL: server.address };
  const words = 'match tic-tac-toe --agents llm,random --model small --record no/where/model.jsonl --log asked.db';
  const { code, stderr } = await swp(words.split(' '), { cwd, env });
  await server.close();
  expect(code).toBe(2);
  expect(stderr).toBe('swp: no/where/model.jsonl cannot be written (ENOENT)\n');
  expect(server.received).toEqual([]);
});

test.each([
  ['ask tic-tac-toe --agent llm:text=none --model small', ''],
  [
    'match tic-tac-toe --agents llm,random --model small --log refused.db',
    'small reads the rules and the guide of Tic-tac-toe …\n',
  ],
])('an endpoint that refuses is one line, without the key, and exit code 1: swp %s', async (typed, before) => {
  const key = 'sk-never-to-be-seen-3d10';
  const server = await fakeOpenai({ status: 401, body: `{"error": {"message": "bad key ${key}"}}` });
  const { code, stdout, stderr } = await swp(typed.split(' '), {
    cwd,
    env: { OPENAI_BASE_URL: server.address, OPENAI_API_KEY: key },
  });
  await server.close();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(`${before}swp: the model endpoint refused the key (401); check OPENAI_API_KEY\n`);
});

test('an endpoint wants the name of a model', async () => {
  const { code, stderr } = await swp('match tic-tac-toe --agents llm,random --log unnamed.db'.split(' '), {
    cwd,
    env: { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' },
  });
  expect(code).toBe(2);
  expect(stderr).toBe('swp: say which model of the endpoint is to play: --model NAME\n');
});

test('a match is printed and logged, and --json is JSON alone', async () => {
  const words = 'match tic-tac-toe --agents random,greedy --log fine.db --seed 4'.split(' ');
  const shown = await swp(words, { cwd });
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(/^opening: .*\n/);
  expect(shown.stdout).toMatch(/, match 1\n$/);
  const json = await swp([...words, '--json'], { cwd });
  expect(JSON.parse(json.stdout)).toMatchObject({ id: 2, record: { game: 'tic-tac-toe', seed: 4 } });
  expect(existsSync(join(cwd, 'fine.db'))).toBe(true);
});

test('the help of every command has examples, and tells defaults as they are typed', async () => {
  const help = async (...words: readonly string[]) => (await swp([...words, '--help'], { cwd })).stdout;
  const commands = [...(await help()).matchAll(/^ {2}([a-z-]+) .*/gm)].map(([, name]) => name!);
  expect(commands.length).toBeGreaterThan(20);
  const inner = ['model pull', 'model list', 'snapshot verify', 'audit reward'];
  for (const words of [...commands.filter(name => name !== 'help'), ...inner]) {
    const told = await help(...words.split(' '));
    expect(told, words).toContain(`Examples:\n  $ swp ${words}`);
    expect(told, words).not.toMatch(/default: (\[|false)/);
  }
}, 60_000);

test.each(['--help', 'tournament --help', 'model pull --help', '--version'])('swp %s succeeds', async typed => {
  const { code, stdout, stderr } = await swp(typed.split(' '), { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toBe('');
});
