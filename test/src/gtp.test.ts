/** Engines of others: a fake one with good manners and bad ones, and the real ones where they are installed. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test, vi } from 'vitest';
import { randomAgent } from '../../agents/random.ts';
import { type MatchRecord, movesOf, playMatch, randomOpening, turnAfter } from '../../arena/match.ts';
import { catalog, entryNamed, variants } from '../../games/catalog.ts';
import { replay } from '../../games/game.ts';
import { endingText } from '../../src/commands/match.ts';
import { gtpAgent } from '../../src/gtp.ts';
import { Failure, fileOf, outsideAgent } from '../../src/outside.ts';
import { agentNamed } from '../../src/roster.ts';
import { standingsOf } from '../../src/standings.ts';
import { swp } from './swp.ts';

const folder = mkdtempSync(join(tmpdir(), 'swp-gtp-'));
const fake = join(folder, 'fake-engine.mjs');
buildSync({
  entryPoints: [join(import.meta.dirname, '../fake-engine.ts')],
  outfile: fake,
  bundle: true,
  platform: 'node',
  format: 'esm',
});

const gameNamed = (name: string) => entryNamed(name)!.game;
const othello = gameNamed('othello');

const commandFor = (game: string, manner: string): string => `${process.execPath} ${fake} ${game} ${manner}`;
const seat = (manner: string, game = 'othello', seconds = 60) =>
  gtpAgent({ protocol: 'gtp', command: commandFor(game, manner), seconds }, gameNamed(game));

/** Matches without an opening, the engine in one seat and the other. */
async function matches(manner: string, game: string, seeds: readonly number[]): Promise<readonly MatchRecord[]> {
  const agent = await seat(manner, game);
  const records: MatchRecord[] = [];
  for (const seed of seeds) {
    const agents = seed % 2 ? ([agent, randomAgent] as const) : ([randomAgent, agent] as const);
    records.push(await playMatch({ game: gameNamed(game), agents, seed, opening: [] }));
  }
  return records;
}

/** Whether a process runs. */
function runs(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('an engine that knows the rules, and refuses what they forbid, follows whole matches', () => {
  test.each([
    ['othello', 'fair'],
    ['othello', 'passes'],
    ['othello', 'chatty'],
    ['go:size=5,komi=24', 'fair'],
  ])('of %s, one that is %s', async (game, manner) => {
    const records = await matches(manner, game, [1, 2]);
    expect(records.map(({ ending }) => ending.kind)).toEqual(records.map(() => 'played'));
    for (const [i, { players }] of records.entries()) {
      expect(players[i % 2]).toEqual({
        name: `gtp:command=${commandFor(game, manner)}`,
        fingerprint: null,
        conditions: { division: 'outside', budget: { engine: 'Fake', version: `0.${manner}`, seconds: 60 } },
      });
    }
    // Not only those in which nobody has to pass.
    if (game === 'othello') expect(records.map(movesOf).join()).toContain('pass');
  });

  test('and one match has no influence on the next', async () => {
    const [first, , again] = await matches('fair', 'othello', [1, 2, 1]);
    expect(again).toEqual(first);
  });

  test('also where positions come in any order, and several at once', async () => {
    const agent = await seat('fair');
    const games = [1, 2, 3].map(seed => randomOpening(othello, 10, seed));
    const positions = [...games, ...games.map(moves => moves.slice(0, 5)), games[0]!];
    const answers = await Promise.all(positions.map(moves => agent.decide(turnAfter(othello, moves, 1)!)));
    for (const [i, answer] of answers.entries()) {
      const state = replay(othello, positions[i]!);
      expect(othello.moves(state)).toContain('move' in answer ? answer.move : answer);
    }
    expect(answers.at(-1)).toEqual(answers[0]);
  });

  test('and in a seat it answers the same, whether or not it made the moves before in the other', async () => {
    const agent = await seat('fair');
    const opening = randomOpening(othello, 4, 1);
    const answer = (await agent.decide(turnAfter(othello, opening, 1)!)) as { readonly move: number };
    const turn = turnAfter(othello, [...opening, othello.formatMove(answer.move)], 1)!;
    expect(await agent.decide(turn)).toEqual(await (await seat('fair')).decide(turn));
  });
});

describe('an engine that misbehaves forfeits, and the record tells how', () => {
  test.each([
    ['illegal', 'illegal', { answer: 'A1' }],
    ['nonsense', 'unparsable', { answer: 'Z99' }],
    ['resigns', 'resigned', { answer: 'resign' }],
    ['refuses', 'failed', { failed: 'genmove black: the engine refuses: out of order' }],
    ['silent', 'failed', { failed: 'genmove black: no answer within 1 s' }],
    ['babbles', 'failed', { failed: "genmove black: answered 'I think …', which is not GTP" }],
    ['confuses', 'failed', { failed: expect.stringMatching(/^genmove black: answered '=\d+ \w\d', which belongs to/) }],
    ['dies', 'failed', { failed: 'genmove black: the engine ended (exit code 3): out of memory' }],
  ])('one that %s', async (manner, fault, trace) => {
    const agent = await seat(manner, 'othello', manner === 'silent' ? 1 : 60);
    const opening = randomOpening(othello, 4, 1);
    // Whoever died begins another match anew.
    for (const seed of manner === 'dies' ? [1, 2] : [1]) {
      const record = await playMatch({ game: othello, agents: [agent, randomAgent], seed, opening });
      expect(record.ending).toEqual({ kind: 'forfeit', loser: 0, fault });
      expect(record.plies).toMatchObject([{ seat: 0, move: null, trace }]);
    }
  });
});

test('one that cannot begin a match forfeits, and is ended', async () => {
  const end = vi.fn();
  const refuses = () => Promise.reject(new Failure('boardsize 8: no'));
  const agent = outsideAgent(othello, 'Fake', {}, () => ({ prepare: refuses, follow: refuses, choose: refuses, end }));
  expect(await agent.decide(turnAfter(othello, [], 1)!)).toEqual({
    fault: 'failed',
    trace: { failed: 'boardsize 8: no' },
  });
  expect(end).toHaveBeenCalledOnce();
});

test('to resign is to lose, and no fault in the standings', async () => {
  const records = await matches('resigns', 'othello', [1, 2]);
  const entries = records.map((record, id) => {
    const clock = { started: '2020-01-01T00:00:00.000Z', plySeconds: [] };
    return { id, tournament: 1, place: id, record, text: '', chain: '', clock };
  });
  const [row] = standingsOf(entries)!.rows.filter(({ name }) => name.startsWith('gtp'));
  expect(row).toMatchObject({ score: 0, games: 2, forfeits: 0, firstTryFaults: 0 });
  expect(records.map(({ ending }) => endingText(ending, ['Fake', 'Fake']))).toEqual(Array(2).fill('Fake resigns'));
});

describe('what cannot be played is refused in one line', () => {
  const command = 'gtp:command=gtp-rhino --level=3';
  test.each([
    ['a game without such engines', 'connect-four', commandFor('othello', 'fair'), 'cannot play connect-four'],
    ['a variant they do not know', 'othello:misere=yes', commandFor('othello', 'fair'), 'cannot play othello:misere'],
    ['another size', 'go:size=7', commandFor('othello', 'fair'), 'boardsize 7: the engine refuses: unacceptable size'],
    ['a program that is not there', 'othello', 'no-such-engine', "the program 'no-such-engine' is not here"],
    ['a folder', 'othello', folder, `the program '${folder}' is not here`],
    ['one that ends at once', 'othello', `${process.execPath} --no-such-option`, 'the engine ended (exit code 9)'],
    ['one that speaks no GTP', 'othello', `${process.execPath} --print 1`, "name: answered '1', which is not GTP"],
  ])('%s', async (_, name, program, message) => {
    await expect(gtpAgent({ protocol: 'gtp', command: program, seconds: 60 }, gameNamed(name))).rejects.toThrow(
      message,
    );
  });

  test('by the command line, with exit code 2', async () => {
    const words = ['match', 'othello', '--agents', 'gtp:command=no-such-engine --level=3,random'];
    expect(await swp(words, { cwd: folder })).toEqual({
      code: 2,
      stdout: '',
      stderr: "swp: the program 'no-such-engine' is not here\n",
    });
  });

  test('and so is any program where nobody at the command line named it', async () => {
    await expect(agentNamed(command, othello)).rejects.toThrow('would start a program');
  });
});

describe('a tournament with an engine', () => {
  const played = mkdtempSync(join(folder, 'played-'));
  const pids = join(played, 'pids');
  mkdirSync(pids);
  const agents = `gtp:command=${commandFor('othello', 'chatty')} ${pids},mcts:simulations=20`;
  const words = ['tournament', '--game', 'othello', '--agents', agents, '--games', '2'];

  test('gives the same records with any number of workers, and leaves no process behind', async () => {
    const logs = ['one.db', 'two.db'];
    for (const [i, log] of logs.entries()) {
      const ran = await swp([...words, '--log', log, '--workers', String(i + 1)], { cwd: played });
      expect(ran).toMatchObject({ code: 0, stderr: expect.not.stringContaining('nobody to see') });
    }
    const [one, two] = await Promise.all(logs.map(log => swp(['export', '--log', log], { cwd: played })));
    expect(one!.stdout.match(/"kind":"played"/g)).toHaveLength(2);
    expect(two!.stdout).toBe(one!.stdout);
    expect(readdirSync(pids).length).toBeGreaterThanOrEqual(6);
    expect(readdirSync(pids).filter(runs)).toEqual([]);
  });

  test('that is interrupted holds no forfeit against it, and leaves no process behind', async () => {
    const many = ['tournament', '--game', 'othello', '--agents', agents, '--games', '400', '--log', 'many.db'];
    const stopped = await swp(many, { cwd: played, interruptAt: /1\/400 matches/ });
    expect(stopped.code).toBe(130);
    const { stdout } = await swp(['export', '--log', 'many.db'], { cwd: played });
    expect(stdout).toContain('"kind":"played"');
    expect(stdout).not.toContain('"kind":"forfeit"');
    expect(readdirSync(pids).filter(runs)).toEqual([]);
  });

  test('that is killed leaves no process behind', async () => {
    const long = ['tournament', '--game', 'othello', '--agents', agents, '--games', '400', '--log', 'killed.db'];
    const before = readdirSync(pids).length;
    await swp(long, { cwd: played, killAt: /1\/400 matches/ });
    expect(readdirSync(pids).length).toBeGreaterThan(before);
    await vi.waitFor(() => expect(readdirSync(pids).filter(runs)).toEqual([]), 10_000);
  });

  test('is verified by its moves: no program is started because a record names it', async () => {
    const before = readdirSync(pids).length;
    const verified = await swp(['replay', '--verify', '--log', 'one.db'], { cwd: played });
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('2 of 2 matches came out the same') });
    const { stdout } = await swp(['export', '--log', 'one.db'], { cwd: played });
    writeFileSync(join(played, 'forged.jsonl'), stdout.replaceAll('"division":"outside"', '"division":"engine"'));
    const forged = await swp(['replay', '--verify', '--file', 'forged.jsonl'], { cwd: played });
    expect(forged).toMatchObject({ code: 1, stdout: expect.stringContaining('would start a program') });
    expect(readdirSync(pids)).toHaveLength(before);
  });
});

test('moves of games that engines play are vertices of GTP', () => {
  const games = [...catalog, ...variants].flatMap(({ game }) => (game.gtp ? [game] : []));
  expect(new Set(games.map(({ family }) => family))).toEqual(new Set(['othello', 'go']));
  for (const { gtp, moveCount, formatMove } of games) {
    for (let move = 0; move < moveCount; move++) {
      const [, letter = 'a', digits = '1'] = /^(?:([a-hj-z])([1-9]\d*)|pass)$/.exec(formatMove(move))!;
      expect('abcdefghjklmnopqrstuvwxyz'.indexOf(letter)).toBeLessThan(gtp!.size);
      expect(Number(digits)).toBeLessThanOrEqual(gtp!.size);
    }
  }
});

describe.each([
  ['gtp-rhino', 'othello', '--level=1', 'GTP GRhino', 'grhino'],
  ['gnugo', 'go:size=7', '--mode gtp --level 1 --seed 1 --chinese-rules --never-resign', 'GNU Go', 'gnugo'],
])('%s', (program, game, words, engine, packaged) => {
  const missing = fileOf(program) === undefined;
  const skipped = missing ? ` (skipped: ${program} is not installed; apt-get install ${packaged})` : '';
  test.skipIf(missing)(`plays matches of ${game} to their end, and beats random${skipped}`, async () => {
    const agent = await gtpAgent({ protocol: 'gtp', command: `${program} ${words}`, seconds: 60 }, gameNamed(game));
    expect(agent.conditions.budget).toMatchObject({ engine, version: expect.stringMatching(/^\d+\.\d+/) });
    for (const seat of [0, 1] as const) {
      const agents = seat === 0 ? ([agent, randomAgent] as const) : ([randomAgent, agent] as const);
      const opening = randomOpening(gameNamed(game), 2, 1);
      const record = await playMatch({ game: gameNamed(game), agents, seed: 5, opening });
      expect(record.ending).toMatchObject({ kind: 'played', outcome: { kind: 'win', winner: seat } });
    }
  });
});
