/**
 * Compiles connect-four's search, games/connect-four/assembly/search.ts, into
 * games/connect-four/compiled.ts: `npm run build:search`. With --check it writes
 * nothing and fails where that is not what the source compiles to.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const folder = join(import.meta.dirname, '..', 'games', 'connect-four');
const target = join(folder, 'compiled.ts');

let wasm;
const { error, stderr } = await asc.main(
  [
    'search.ts',
    '--baseDir',
    join(folder, 'assembly'),
    '--outFile',
    'search.wasm',
    '-O3',
    '--converge',
    '--noAssert',
    '--runtime',
    'stub',
    '--use',
    'abort=',
  ],
  {
    writeFile(_, contents) {
      wasm = contents;
    },
  },
);
if (error) {
  console.error(`${stderr}${error.message}`);
  process.exit(1);
}
const text = `/** \`assembly/search.ts\` as WebAssembly, in Base64: \`npm run build:search\`. */
export const compiled =
  '${Buffer.from(wasm).toString('base64')}';
`;
if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
  console.log(`games/connect-four/compiled.ts: ${wasm.length} bytes`);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error('games/connect-four/compiled.ts is not what assembly/search.ts compiles to: npm run build:search');
  process.exit(1);
}
