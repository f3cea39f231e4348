import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type MatchRecord, movesOf } from '../../arena/match.ts';
import { roundRobin } from '../../arena/schedule.ts';
import { gameOf } from '../../games/family.ts';
import { replay } from '../../games/game.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';
import { openLog } from '../../src/log.ts';
import { fakeOpenai } from '../fake-openai.ts';
import { PROGRAM, swp } from './swp.ts';

const ticTacToe = gameOf(ticTacToeFamily);

const folderOf = () => mkdtempSync(join(tmpdir(), 'swp-tournament-'));

const AGENTS = ['mcts:simulations=100', 'greedy', 'minimax:depth=2', 'random'];
const GAMES = 4;
const WORDS = ['tournament', '--game', 'tic-tac-toe', '--agents', AGENTS.join(','), '--games', String(GAMES)];

/** The records of a log as JSON lines. */
const recordsIn = async (cwd: string): Promise<string> => (await swp(['export'], { cwd })).stdout;

/** A folder with the log of a tournament. */
async function played(words: readonly string[], ...more: readonly string[]): Promise<string> {
  const cwd = folderOf();
  expect(await swp([...words, ...more], { cwd })).toMatchObject({ code: 0 });
  return cwd;
}

describe('a tournament', () => {
  test('gives the same records with any number of workers, and they come out the same when played again', async () => {
    const [one, two, three] = await Promise.all(['1', '2', '3'].map(workers => played(WORDS, '--workers', workers)));
    const records = await recordsIn(one!);
    expect(records.trim().split('\n')).toHaveLength(6 * GAMES);
    expect(await recordsIn(two!)).toBe(records);
    expect(await recordsIn(three!)).toBe(records);
    const verified = await swp(['replay', '--verify'], { cwd: two! });
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(verified.stdout).toContain(`${6 * GAMES} of ${6 * GAMES} matches came out the same, byte for byte`);
    expect(verified.stdout.match(/^ok /gm)).toHaveLength(6 * GAMES);
  });

  test('plays its schedule: who against whom, from which opening, with which seed, by the rules', async () => {
    const cwd = await played(WORDS, '--seed', '3');
    const records = (await recordsIn(cwd))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as MatchRecord);
    const schedule = roundRobin(ticTacToe, AGENTS.length, () => GAMES / 2, 3);
    expect(
      records.map(({ players, seed, opening }) => ({ names: players.map(({ name }) => name), seed, opening })),
    ).toEqual(
      schedule.map(({ seats, seed, opening }) => ({ names: seats.map(place => AGENTS[place]), seed, opening })),
    );
    for (const record of records) {
      expect(record.ending).toEqual({ kind: 'played', outcome: ticTacToe.outcome(replay(ticTacToe, movesOf(record))) });
    }
  });

  test('of another seed gives other records', async () => {
    const [first, second] = await Promise.all([played(WORDS, '--seed', '1'), played(WORDS, '--seed', '2')]);
    expect(await recordsIn(first)).not.toBe(await recordsIn(second));
  });

  test('that was interrupted goes on where it stopped, and ends as if it never was', async () => {
    const slow = ['tournament', '--game', 'tic-tac-toe', '--agents', 'mcts:simulations=100000,random', '--games', '12'];
    const cwd = folderOf();
    const stopped = await swp([...slow, '--workers', '2'], { cwd, interruptAt: /1\/12 matches/ });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('go on with --resume');
    const before = (await recordsIn(cwd)).trim().split('\n');
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(12);

    const resumed = await swp([...slow, '--resume'], { cwd });
    expect(resumed).toMatchObject({ code: 0 });
    const whole = await played(slow, '--workers', '1');
    const records = await recordsIn(cwd);
    expect(records).toBe(await recordsIn(whole));
    for (const record of before) expect(records).toContain(record);
    const log = openLog(join(cwd, 'swp.db'));
    expect(log.firstBroken()).toBeUndefined();
    expect(log.entries().every(({ chain, tournament }) => chain !== null && tournament === 1)).toBe(true);
    log.close();
  });

  test('whose log cannot grow says so in one line, and goes on once it can', async () => {
    const cwd = folderOf();
    const words = ['tournament', '--game', 'tic-tac-toe', '--agents', 'mcts:simulations=50,random', '--games', '200'];
    const program = `ulimit -f 200; exec '${process.execPath}' '${PROGRAM}' ${words.join(' ')}`;
    const child = spawnSync('bash', ['-c', program], { cwd, encoding: 'utf8' });
    expect(child.status).toBe(2);
    expect(child.stderr.trim().split('\n').at(-1)).toMatch(/^swp: swp\.db could not be written/);
    expect(await swp([...words, '--resume'], { cwd })).toMatchObject({ code: 0 });
    expect((await recordsIn(cwd)).trim().split('\n')).toHaveLength(200);
  });

  test('that is finished has nothing to go on with', async () => {
    const cwd = await played(WORDS);
    const before = await recordsIn(cwd);
    expect(await swp([...WORDS, '--resume'], { cwd })).toMatchObject({ code: 0 });
    expect(await recordsIn(cwd)).toBe(before);
  });

  test('is begun anew without --resume', async () => {
    const cwd = await played(WORDS);
    const once = await recordsIn(cwd);
    await swp(WORDS, { cwd });
    expect(await recordsIn(cwd)).toBe(once + once);
  });
});

describe('a log with one byte changed', () => {
  test.each(['rate', 'replay', 'replay --verify'])('is found by %s', async command => {
    const cwd = await played(['match', 'tic-tac-toe', '--agents', 'random,greedy', '--quiet']);
    const file = join(cwd, 'swp.db');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"plies":[{"seat":');
    expect(at).toBeGreaterThan(0);
    const digit = at + '"plies":[{"seat":'.length;
    bytes[digit] = bytes[digit] === 0x30 ? 0x31 : 0x30;
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = await swp(command.split(' '), { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('swp: swp.db: match 1 is not what was written; the chain of hashes breaks there\n');
  });
});

test('a record that no agents would play again is told, match by match', async () => {
  const cwd = await played(['match', 'tic-tac-toe', '--agents', 'greedy,random', '--opening', 'b2', '--quiet']);
  const record = await recordsIn(cwd);
  writeFileSync(join(cwd, 'records.jsonl'), record + record.replace('"opening":["b2"]', '"opening":["a1"]'));
  const { code, stdout } = await swp(['replay', '--verify', '--file', 'records.jsonl'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ok +1 /m);
  expect(stdout).toMatch(/^DIFFERS +2 /m);
  expect(stdout).toContain('decision 1 was ');
  expect(stdout).toContain('1 of 2 matches came out the same');
});

test('a match of a language model is recorded, and comes out the same from its cassette with no model', async () => {
  const server = await fakeOpenai(
    { say: 'Take the middle.' },
    { say: '{"why": "first", "move": "a1"}' },
    { say: '{"why": "next", "move": "c3"}' },
    { say: 'I give up.' },
  );
  const cwd = folderOf();
  const env = { OPENAI_BASE_URL: server.address, OPENAI_API_KEY: 'sk-never-to-be-seen-91cc' };
  const words = ['match', 'tic-tac-toe', '--agents', 'llm:text=rules,random', '--opening', 'b2 b3', '--json'];
  const live = await swp([...words, '--model', 'small', '--record', 'model.jsonl.gz'], { cwd, env });
  await server.close();
  expect(live.code).toBe(0);
  expect(live.stderr).toContain('I have learned Tic-tac-toe — shall we play?');
  const { record } = JSON.parse(live.stdout) as { readonly record: MatchRecord };
  expect(record.plies[0]).toMatchObject({ move: 'a1', usage: { promptTokens: 120 } });
  expect(await recordsIn(cwd)).toBe(`${JSON.stringify(record)}\n`);
  const verified = await swp(['replay', '--verify', '--cassette', 'model.jsonl.gz'], { cwd });
  expect(verified.stdout).toContain('1 of 1 matches came out the same, byte for byte');
  expect(await swp(['replay', '--verify', '--cassette', 'gone.jsonl'], { cwd })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'swp: gone.jsonl cannot be read (ENOENT)\n',
  });
  expect(readFileSync(join(cwd, 'swp.db')).includes('sk-never-to-be-seen-91cc')).toBe(false);
});

test('an endpoint that refuses already while a model studies makes its matches void, and the others are played', async () => {
  const server = await fakeOpenai({ status: 401 });
  const cwd = folderOf();
  const env = { OPENAI_BASE_URL: server.address };
  const words = 'tournament --game tic-tac-toe --agents greedy,random,llm:text=rules --games 2 --model small'.split(
    ' ',
  );
  const { code, stdout } = await swp(words, { cwd, env });
  await server.close();
  expect(code).toBe(0);
  expect(stdout).toMatch(/1 +greedy /);
  expect(stdout).toContain('4 void matches, counted for nobody');
  expect(stdout).toContain('refused the key (401)');
  expect((await recordsIn(cwd)).trim().split('\n')).toHaveLength(6);
  expect(await swp(['replay', '--verify'], { cwd })).toMatchObject({ code: 0 });
});

test('a model that is not named is missed before the first match', async () => {
  const cwd = folderOf();
  const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
  const ran = await swp([...WORDS.slice(0, 4), 'greedy,random,llm', '--games', '2'], { cwd, env });
  expect(ran).toMatchObject({ code: 2, stdout: '' });
  expect(ran.stderr).toBe('swp: say which model of the endpoint is to play: --model NAME\n');
});

test('the same agent twice is refused, whatever it is called', async () => {
  const cwd = folderOf();
  const ran = await swp([...WORDS.slice(0, 4), 'mcts,random,mcts:simulations=1000', '--games', '2'], { cwd });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("'mcts:simulations=1000' comes twice");
});
