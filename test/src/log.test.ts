import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { randomAgent } from '../../agents/random.ts';
import { type MatchRecord, playMatch } from '../../arena/match.ts';
import { gameOf } from '../../games/family.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';
import { InputError } from '../../src/errors.ts';
import { openLog, recordText } from '../../src/log.ts';

const ticTacToe = gameOf(ticTacToeFamily);

const fileIn = (name = 'swp.db') => join(mkdtempSync(join(tmpdir(), 'swp-log-')), name);
const clock = { started: '2026-01-01T00:00:00.000Z', plySeconds: [0.1] };
const play = (seed: number): Promise<MatchRecord> =>
  playMatch({ game: ticTacToe, agents: [randomAgent, randomAgent], seed, opening: [] });

test('a record comes back byte for byte, after the log was closed and opened', async () => {
  const file = fileIn();
  const record = await play(1);
  const log = openLog(file);
  const id = log.append(log.begin({ game: 'tic-tac-toe' }), 0, record, clock);
  log.close();
  const again = openLog(file, { mustExist: true });
  expect(again.entry(id)).toMatchObject({ record, text: recordText(record), clock });
  again.close();
});

test('the chain is the same in whichever order matches finish', async () => {
  const records = await Promise.all([0, 1, 2, 3].map(play));
  const chains = [
    [0, 1, 2, 3],
    [2, 0, 3, 1],
  ].map(order => {
    const log = openLog(fileIn());
    const tournament = log.begin({ a: 1 });
    for (const place of order) log.append(tournament, place, records[place]!, clock);
    const found = log.entries(tournament).map(({ chain }) => chain);
    expect(log.firstBroken()).toBeUndefined();
    log.close();
    return found;
  });
  expect(chains[0]).toEqual(chains[1]);
  expect(new Set(chains[0]).size).toBe(4);
});

test('a match that was changed afterwards is found', async () => {
  const file = fileIn();
  const log = openLog(file);
  const tournament = log.begin({});
  for (const place of [0, 1, 2]) log.append(tournament, place, await play(place), clock);
  log.close();
  const raw = new Database(file);
  raw.prepare('UPDATE match SET record = replace(record, \'"seed":1\', \'"seed":9\') WHERE place = 1').run();
  raw.close();
  const again = openLog(file);
  expect(again.firstBroken()?.place).toBe(1);
  again.close();
});

test('a place is filled once', async () => {
  const log = openLog(fileIn());
  const tournament = log.begin({});
  const record = await play(0);
  log.append(tournament, 0, record, clock);
  expect(() => log.append(tournament, 0, record, clock)).toThrow('another program is playing this tournament');
  log.close();
});

test('what is no log is refused and left as it is', () => {
  const text = fileIn('notes.txt');
  writeFileSync(text, 'my notes, not a database, long enough to be looked at '.repeat(40));
  const before = readFileSync(text);
  expect(() => openLog(text)).toThrow(InputError);
  expect(readFileSync(text).equals(before)).toBe(true);

  const other = fileIn('other.db');
  const raw = new Database(other);
  raw.exec('CREATE TABLE mine (x); INSERT INTO mine VALUES (1)');
  raw.close();
  expect(() => openLog(other)).toThrow('not a log of matches');
});

test('a log of another version is refused', () => {
  const file = fileIn();
  openLog(file).close();
  const raw = new Database(file);
  raw.exec('PRAGMA user_version = 7');
  raw.close();
  expect(() => openLog(file)).toThrow('is a log of version 7');
});

test('a log that must exist and does not is an error that says so', () => {
  expect(() => openLog(fileIn(), { mustExist: true })).toThrow('there is no log at');
});
