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
  ])('%s', (_, changed, told) => {
    expect(following(changed)).toContain(told);
  });

  test.each([
    ['another game', { ...JSON.parse(header), game: 'hex()' }, 'line 1: this is a recording of'],
    ['no game', 'hello', 'line 1'],
  ])('%s is refused', (_, head, told) => {
    expect(() => following({}, typeof head === 'string' ? head : JSON.stringify(head))).toThrow(told);
  });
});
