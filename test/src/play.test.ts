/** `swp play`: a person at the terminal. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { swp } from './swp.ts';

const folder = mkdtempSync(join(tmpdir(), 'swp-play-'));
afterAll(() => rmSync(folder, { recursive: true }));

const play = (typed: string, ...words: readonly string[]) => swp(['play', ...words], { cwd: folder, typed });

const EVERYWHERE = 'b2 a1 c3 a3 c1 a2 c2 b1 b3'.split(' ').join('\n');

test('what is no legal move is answered with what would be one, and changes nothing', async () => {
  const { code, stdout, stderr } = await play(
    `d9\n?\nB2\nb2\n${EVERYWHERE}\n`,
    'tic-tac-toe',
    '--against',
    'random',
    '--seed',
    '3',
  );
  expect(code).toBe(0);
  const [first = '', second = '', third = '', fourth = ''] = stderr.split('your move (? lists them): ').slice(1);
  expect(first).toMatch(/^'d9' is no move; a move is a column from a to c and a row from 1 to 3, .*; legal are: a3 b3/);
  expect(second).toMatch(/^a column from a to c .*; a3 b3 c3 a2 b2 c2 a1 b1 c1\n$/);
  expect(third).toContain('2 . x .');
  expect(fourth).toMatch(/^'b2' is not legal by R3 of the rules; legal are: /);
  expect(stdout).toMatch(/(you|random): three in a row|board full/);
});

test('the position is shown once for each decision, and once at the end', async () => {
  const { stdout, stderr } = await play(`${EVERYWHERE}\n`, 'tic-tac-toe', '--against', 'random', '--seed', '3');
  const decisions = stdout.match(/random plays/g)!.length + 1;
  expect(stderr.match(/ {2}a b c/g)!.length).toBe(decisions);
  expect(stdout.match(/ {2}a b c/g)!.length).toBe(1);
});

test('a hidden card is told when it is shown, and not before', async () => {
  const { code, stdout, stderr } = await play('pass\npass\n', 'kuhn-poker', '--against', 'random', '--seat', '1');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^1\. chance plays unseen\n2\. chance plays [jqk]\n3\. random plays (pass|bet)\n/);
  expect(stderr).toMatch(/x: card \?, chips [12]\no: card [jqk], chips 1/);
  expect(stderr).not.toMatch(/x: card [jqk]/);
  expect(stdout).toMatch(/over, [xo] wins/);
});

test('input that ends is told', async () => {
  const { code, stdout } = await play('', 'nim', '--against', 'random');
  expect(stdout).toContain('void: human: the input has ended');
  expect(code).toBe(0);
});
