/** Engines of others that speak UCI: a fake one with good manners and bad ones, and Fairy-Stockfish. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomAgent } from '../../agents/random.ts';
import { playMatch, randomOpening, turnAfter } from '../../arena/match.ts';
import { entryNamed } from '../../games/catalog.ts';
import type { Seat } from '../../games/game.ts';
import { fileOf } from '../../src/outside.ts';
import { uciAgent } from '../../src/uci.ts';
import { swp } from './swp.ts';

const gameNamed = (name: string) => entryNamed(name)!.game;
const othello = gameNamed('othello');
const fake = (manner: string) => `${process.execPath} ${join(import.meta.dirname, '../fake-uci-engine.mjs')} ${manner}`;
const seat = (command: string, game = 'othello', milliseconds = 200) =>
  uciAgent({ protocol: 'uci', command, milliseconds }, gameNamed(game));

test.each([
  ['illegal', 'P@a1', { answer: 'P@a1' }],
  ['unparsable', '(none)', { answer: '(none)' }],
  ['failed', 'dies', { failed: 'go movetime 200: the engine ended (exit code 3)' }],
])('an engine whose move is %s forfeits, and the record tells how', async (fault, manner, trace) => {
  const agent = await seat(fake(manner));
  const record = await playMatch({ game: othello, agents: [agent, randomAgent], seed: 1, opening: [] });
  expect(record.ending).toEqual({ kind: 'forfeit', loser: 0, fault });
  expect(record.plies).toMatchObject([{ seat: 0, move: null, trace }]);
  expect(record.players[0]).toEqual({
    name: `uci:command=${fake(manner)}`,
    fingerprint: null,
    conditions: { division: 'outside', budget: { engine: 'Fake 1.0', milliseconds: 200 } },
  });
});

test('what an engine says after its move is not taken for its next one', async () => {
  const agent = await seat(fake('P@d6 P@c5'));
  const answers = [];
  for (const moves of [[], ['d3', 'c3']]) answers.push(await agent.decide(turnAfter(othello, moves, 1)!));
  expect(answers).toEqual(['d3', 'c4'].map(move => ({ move: othello.parseMove(move) })));
});

describe('what cannot be played is refused in one line', () => {
  test.each([
    ['a game without such engines', 'hex', fake('P@d3'), "'uci' cannot play hex"],
    ['a game it does not know', 'breakthrough', fake('P@d3'), 'Fake 1.0 does not know the game it calls breakthrough'],
    ['a variant', 'othello:misere=yes', fake('P@d3'), 'cannot play othello:misere=yes'],
    ['one without a name', 'othello', fake('nameless'), 'the engine does not say its name'],
    ['one that ends at once', 'othello', `${process.execPath} --no-such-option`, 'the engine ended (exit code 9)'],
  ])('%s', async (_, game, command, message) => {
    await expect(seat(command, game)).rejects.toThrow(message);
  });

  test('by the command line, with exit code 2', async () => {
    const ran = await swp(['match', 'othello', '--agents', 'uci,random'], { cwd: import.meta.dirname });
    expect(ran).toEqual({
      code: 2,
      stdout: '',
      stderr: "swp: 'uci': say which program, as in 'uci:command=fairy-stockfish'\n",
    });
  });
});

/** npm's build for the web; it would fetch its own file from the network where there is `fetch`. */
const wasm = `${process.execPath} --no-experimental-fetch ${join(import.meta.dirname, '../../node_modules/fairy-stockfish-nnue.wasm/uci.js')}`;
const missing = fileOf('fairy-stockfish') === undefined;
const skipped = missing ? ' (skipped: fairy-stockfish is not installed; apt-get install fairy-stockfish)' : '';

describe('Fairy-Stockfish plays matches to their end, and beats random', () => {
  const beatsRandom = async (command: string, game: string, places: readonly Seat[]) => {
    const agent = await seat(command, game, 20);
    expect(agent.conditions.budget).toEqual({ engine: expect.stringContaining('Fairy-Stockfish'), milliseconds: 20 });
    for (const place of places) {
      const agents = place === 0 ? ([agent, randomAgent] as const) : ([randomAgent, agent] as const);
      const opening = randomOpening(gameNamed(game), 2, 1);
      const record = await playMatch({ game: gameNamed(game), agents, seed: 5, opening });
      expect(record.ending).toMatchObject({ kind: 'played', outcome: { kind: 'win', winner: place } });
    }
  };
  test('as npm brings it, of othello', () => beatsRandom(wasm, 'othello', [1]));
  test.skipIf(missing)(`as Debian brings it, of breakthrough${skipped}`, () =>
    beatsRandom('fairy-stockfish', 'breakthrough', [0, 1]),
  );
});
