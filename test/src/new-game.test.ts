/** `swp new-game` in a copy of the repository: what it makes passes everything at once. */

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const PARTS = ['agents', 'arena', 'bench', 'dist', 'examples', 'games', 'src', 'test', 'biome.json'];
const FILES = ['package.json', 'tsconfig.json', 'vitest.config.ts'];
const GAME = 'nine-mens-morris';
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'swp-new-game-'));
  for (const part of [...PARTS, ...FILES]) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Everything a program said, and the code it ended with. */
async function run(program: string, ...words: readonly string[]) {
  const file = join(copy, program);
  return promisify(execFile)(process.execPath, [file, ...words], { cwd: copy, env: { ...process.env, CI: '' } }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      said: error.stdout + error.stderr,
    }),
  );
}

test.each([
  ['Go!', "words joined by '-'; 'Go!' is not"],
  ['go', 'games/go/rules.ts exists already; nothing was written'],
])('the name %s is refused', async (name, reason) => {
  const { code, said } = await run('dist/swp.js', 'new-game', name);
  expect(said).toContain(reason);
  expect(code).toBe(2);
});

test('a new game has a place in the catalog and a name in code, whatever it is called', async () => {
  const before = readFileSync(join(copy, 'games', 'catalog.ts'), 'utf8');
  const identifiers = { class: 'classGame', shown: 'shownGame', game: 'gameGame', abalone: 'abalone', zertz: 'zertz' };
  for (const name of Object.keys(identifiers)) {
    expect(await run('dist/swp.js', 'new-game', name)).toMatchObject({ code: 0 });
  }
  const catalog = readFileSync(join(copy, 'games', 'catalog.ts'), 'utf8');
  for (const [name, identifier] of Object.entries(identifiers)) {
    expect(catalog).toContain(`\nimport { ${identifier} } from './${name}/rules.ts';\n`);
    expect(catalog).toContain(`\n  shown(${identifier}, ${identifier}View),\n`);
  }
  const files = Object.keys(identifiers).flatMap(name => [`games/${name}`, `test/games/${name}.test.ts`]);
  const [types, format] = await Promise.all([
    run('node_modules/typescript/bin/tsc', '--noEmit'),
    run('node_modules/@biomejs/biome/bin/biome', 'check', 'games/catalog.ts', ...files),
  ]);
  expect(types).toEqual({ code: 0, said: '' });
  expect(format).toMatchObject({ code: 0 });
  writeFileSync(join(copy, 'games', 'catalog.ts'), before);
  for (const name of Object.keys(identifiers)) {
    rmSync(join(copy, 'games', name), { recursive: true });
    for (const file of [`games/${name}.test.ts`, `faults/${name}.json`]) rmSync(join(copy, 'test', file));
  }
}, 120_000);

test('a new game is formatted, has its types right and keeps every law', async () => {
  expect(await run('dist/swp.js', 'new-game', GAME)).toMatchObject({ code: 0 });
  expect(readFileSync(join(copy, 'games', 'catalog.ts'), 'utf8')).toContain(
    'shown(nineMensMorris, nineMensMorrisView)',
  );
  const [types, format, laws] = await Promise.all([
    run('node_modules/typescript/bin/tsc', '--noEmit'),
    run('node_modules/@biomejs/biome/bin/biome', 'check', 'games', 'test/games', 'test/faults'),
    run(
      'node_modules/vitest/vitest.mjs',
      'run',
      'test/games.test.ts',
      `test/games/${GAME}.test.ts`,
      '--testNamePattern',
      `^ ?${GAME}|counter|left`,
    ),
  ]);
  expect(types).toEqual({ code: 0, said: '' });
  expect(format.said).not.toContain('error');
  expect(format.code).toBe(0);
  expect(laws.said).not.toContain('FAIL');
  expect(laws.said).toMatch(/[1-9]\d passed/);
  expect(laws.code).toBe(0);
}, 120_000);
