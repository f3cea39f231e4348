/** `swp games`: lists, one game, documents, recordings. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { families } from '../../games/catalog.ts';
import { gameOf } from '../../games/family.ts';
import { ticTacToe } from '../../games/tic-tac-toe/rules.ts';
import { divergence, judgedPositions } from '../../src/divergence.ts';
import { swp } from './swp.ts';

const folder = mkdtempSync(join(tmpdir(), 'swp-games-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: readonly string[]) => swp(words, { cwd: folder });
const golden = (name: string): string => join(import.meta.dirname, '..', 'golden', `${name}.jsonl.gz`);

test('every game is listed with its kind, its length, its branching and its variants', async () => {
  const { code, stdout: out } = await run('games');
  expect(code).toBe(0);
  for (const { name, kind, variants } of families) {
    const line = out.split('\n').find(text => text.startsWith(`${name} `))!;
    expect(line).toMatch(new RegExp(`^${name} +${kind}(, luck)?(, hidden)? +\\d+ +\\d+\\.\\d  .+`));
    expect(line.split(' · ').length).toBe(variants.length);
  }
  const listed = JSON.parse((await run('games', '--json')).stdout) as {
    name: string;
    plies: number;
    branching: number;
  }[];
  expect(listed.map(({ name }) => name)).toEqual(families.map(({ name }) => name));
  expect(listed.find(({ name }) => name === 'tic-tac-toe')).toMatchObject({ plies: 8 });
});

test('one game is shown with what can be set, and its documents for what was set', async () => {
  const { stdout: out } = await run('games', 'hex:size=5');
  expect(out).toContain('Hex, 5 × 5 (hex:size=5)');
  expect(out).toMatch(/size=3…13 \(usually 11\) +cells of an edge/);
  expect(out).toMatch(/hex:size=5,misere=yes +whoever joins the own edges loses/);
  expect((await run('games', 'hex:size=5', '--rules')).stdout).toContain('rows `1` at the top to\n`5` at the bottom');
  expect((await run('games', 'hex:size=5', '--guide')).stdout).toContain('G1. ');
});

describe('a recording', () => {
  test('that agrees is counted, under our name of the game and under theirs', async () => {
    for (const name of ['connect-four', 'connect_four']) {
      expect(await run('games', '--trace', name, golden('connect-four'))).toMatchObject({
        code: 0,
        stdout: 'connect-four: 100 playouts, 2178 steps, all as recorded\n',
      });
    }
  });

  test('that does not agree is told with the first difference', async () => {
    const [header, first, ...rest] = gunzipSync(readFileSync(golden('tic-tac-toe')))
      .toString()
      .split('\n');
    const changed = join(folder, 'changed.jsonl');
    writeFileSync(changed, [header, first!.replace(/"returns":\[[^,]*/, '"returns":[7'), ...rest].join('\n'));
    const { code, stdout: out } = await run('games', '--trace', 'tic-tac-toe', changed);
    expect(code).toBe(1);
    expect(out).toContain('differs at line 2, playout 0, the end: returns are 7');
  });

  const broken = join(folder, 'broken.jsonl');
  writeFileSync(broken, '{"game":"tic_tac_toe()","params":{}}\n{"id":');
  const sizes = join(folder, 'sizes.jsonl');
  writeFileSync(sizes, '{"game":"hex(board_size=99)","params":{"board_size":2,"num_cols":2,"num_rows":3}}\n');
  test.each([
    [['--trace'], "say 'swp games --trace GAME FILE'"],
    [['--trace', 'hex'], "say 'swp games --trace GAME FILE'"],
    [['--trace', 'chess', golden('hex')], "no game is called 'chess'"],
    [['--trace', 'hex', 'nowhere.jsonl'], 'nowhere.jsonl cannot be read (ENOENT)'],
    [['--trace', 'go', golden('hex')], "line 1: this is a recording of 'hex', not of 'go'"],
    [['--trace', 'tic-tac-toe', broken], 'line 2: this is not JSON'],
    [['--trace', 'hex:size=4', golden('hex')], 'this is a recording of hex:size=7, in which size is another'],
    [['--trace', 'hex:size=1', golden('hex')], "'hex:size=1': size must be a whole number from 3 to 13, not '1'"],
    [['--trace', 'hex', sizes], 'num_cols and num_rows must be the same'],
    [['hex', golden('hex')], 'a file is only read with --trace'],
    [['--rules'], "say of which game, as in 'swp games hex --rules'"],
    [['hex:size=2'], "'hex:size=2': size must be a whole number from 3 to 13, not '2'"],
    [['gomoku:columns=4,rows=4'], 'line must be from 3 to 4, as long as the board, not 5'],
    [['gomoku:columns=0,rows=0'], "columns must be a whole number from 3 to 19, not '0'"],
    [['hex:size=7,size=7'], "'hex:size=7,size=7': size is given twice"],
    [['hex:side=7'], "it has no parameter 'side'; there are: size, swap, misere"],
    [['tictactoe'], "did you mean 'tic-tac-toe'?"],
  ])('%j is refused', async (words, reason) => {
    const { code, stderr: err } = await run('games', ...words);
    expect(err).toContain(reason);
    expect(code).toBe(2);
  });
});

test('the variants of tic-tac-toe diverge, and it does not diverge from itself', () => {
  const game = gameOf(ticTacToe);
  const positions = judgedPositions(game);
  expect(divergence(positions, game)).toMatchObject({ absent: 0, legal: 0, best: 0 });
  const misere = divergence(positions, gameOf(ticTacToe, { misere: true }));
  expect(misere).toMatchObject({ absent: 0, legal: 0 });
  expect(misere.best).toBeGreaterThan(0.5);
  expect(misere.noise).toBeLessThan(0.1);
  expect(divergence(positions, gameOf(ticTacToe, { wrap: true })).absent).toBeGreaterThan(0);
});
