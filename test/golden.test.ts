/** Games recorded by OpenSpiel 2.0.2 (Apache-2.0): our rules must agree with every step of them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { families } from '../games/catalog.ts';
import { follow } from '../src/trace.ts';

const folder = join(import.meta.dirname, 'golden');
const files = readdirSync(folder);
const read = (file: string): string => gunzipSync(readFileSync(join(folder, file))).toString();

test.each(files)('%s agrees with our rules on every mover, every legal move, every chance and every result', file => {
  const family = families.find(({ name }) => name === file.split('.', 1)[0])!;
  const { playouts, steps, difference } = follow(family, read(file));
  expect(difference).toBeUndefined();
  expect(playouts).toBe(100);
  expect(steps).toBeGreaterThan(playouts);
});

test.each(families.filter(({ openSpiel }) => openSpiel).map(({ name }) => name))('%s has a recording', name => {
  expect(files.some(file => file.split('.', 1)[0] === name)).toBe(true);
});

describe('a recording that differs is told where', () => {
  const family = families.find(({ name }) => name === 'tic-tac-toe')!;
  const [header = '', first = ''] = read('tic-tac-toe.jsonl.gz').split('\n');
  const playout = JSON.parse(first) as { steps: [number, number, unknown[]][]; returns: number[] };
  const following = (changed: object, head = header) =>
    follow(family, `${head}\n${JSON.stringify({ ...playout, ...changed })}`).difference;
  const [[player, action, legal], ...rest] = playout.steps as [(typeof playout.steps)[0], ...typeof playout.steps];

  test.each([
    ['another mover', { steps: [[1 - player, action, legal], ...rest] }, 'step 1: 1 is to move there, 0 here'],
    ['a move too few', { steps: [[player, action, [[0, 7]]], ...rest] }, 'legal here and not there: c1'],
    ['a move too many', { steps: [[player, action, [[0, 8], 12]], ...rest] }, 'legal there and not here: number 12'],
    ['another result', { returns: playout.returns.map(value => value + 1) }, 'the end: returns are'],
    ['a game cut off', { steps: playout.steps.slice(0, 2) }, 'after step 2: the game is over there'],
    ['a game that goes on', { steps: [...playout.steps, [0, 0, [0]]] }, 'is over here'],
    ['an action that is not legal', { steps: [[player, 12, legal], ...rest] }, 'step 1: action 12 is made there'],
    [
      'an illegal action at the end',
      { steps: playout.steps.with(-1, [0, action, playout.steps.at(-1)![2]]) },
      `step ${playout.steps.length}: action ${action} is made there`,
    ],
  ])('%s', (_, changed, told) => {
    expect(following(changed)).toContain(told);
  });

  test.each([
    ['another game', { ...JSON.parse(header), game: 'hex()' }, 'line 1: this is a recording of'],
    ['no game', 'hello', 'line 1: this is not JSON'],
    ['a playout in the first line', first, 'line 1: game: '],
    ['no parameters', { ...JSON.parse(header), params: null }, 'line 1: params: '],
  ])('%s is refused', (_, head, told) => {
    expect(() => following({}, typeof head === 'string' ? head : JSON.stringify(head))).toThrow(told);
  });

  test.each([
    ['a seat of its own', { steps: [[2, action, legal], ...rest] }, 'line 2: steps: 0: 0: '],
    ['no step', { steps: [null, ...rest] }, 'line 2: steps: 0: '],
    ['a step without legal moves', { steps: [[player, action], ...rest] }, 'line 2: steps: 0: '],
    ['legal moves that are none', { steps: [[player, action, { 0: 8 }], ...rest] }, 'line 2: steps: 0: 2: '],
    ['endless legal moves', { steps: [[player, action, [[0, 1e12]]], ...rest] }, 'line 2: steps: 0: 2: 0: '],
    ['an action that is a word', { steps: [[player, 'b2', legal], ...rest] }, 'line 2: steps: 0: 1: '],
    ['three returns', { returns: [1, -1, 0] }, 'line 2: returns: '],
    ['no returns', { returns: undefined }, 'line 2: returns: '],
  ])('%s is refused', (_, changed, told) => {
    expect(() => following(changed)).toThrow(told);
  });

  test('a header alone is refused', () => {
    expect(() => follow(family, `${header}\n`)).toThrow('it holds no playout');
  });
});

describe("OpenSpiel's parameters", () => {
  const named = (name: string) => families.find(family => family.openSpiel?.name === name)!;
  const gameOfHeader = (name: string, params: object): string =>
    follow(named(name), `${JSON.stringify({ game: name, params })}\n{"id":0,"steps":[],"returns":[0,0]}`).game.name;

  test.each([
    ['mnk', {}, 'gomoku'],
    ['mnk', { m: 5, n: 4, k: 3 }, 'gomoku:columns=5,rows=4,line=3'],
    ['mnk', { k: 6 }, 'gomoku:line=6'],
    ['hex', { board_size: 11, num_cols: 4, num_rows: 4 }, 'hex:size=4'],
    ['go', { board_size: 9, komi: 7.5, handicap: 0, max_game_length: 162 }, 'go:superko=no'],
  ])('%s with %j are ours', (name, params, ours) => {
    expect(gameOfHeader(name, params)).toBe(ours);
  });

  test.each([
    ['connect_four', { columns: 7, rows: 60 }, 'rows must be a whole number from 4 to 6'],
    ['connect_four', { columns: 7, rows: 6, x_in_row: 3 }, 'x_in_row must be 4'],
    ['checkers', { columns: 8, rows: 6 }, 'columns and rows must be the same'],
    ['pig', { winscore: 100, diceoutcomes: 6, horizon: 1000, players: 3 }, 'players must be 2'],
  ])('%s with %j is refused', (name, params, told) => {
    expect(() => gameOfHeader(name, params)).toThrow(`line 1: parameters ${JSON.stringify(params)}: ${told}`);
  });

  test('returns are counted as the recording counts them', () => {
    const { returns } = named('dots_and_boxes').openSpiel!;
    const outcome = { kind: 'win', winner: 1, how: 'more boxes', scores: [2, 7] } as const;
    expect(returns!(outcome, { utility_margin: true })).toEqual([-5, 5]);
    expect(returns!(outcome, { utility_margin: false })).toEqual([-1, 1]);
  });
});
