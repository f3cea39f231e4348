/** Pages in one HTML file that needs nothing else: built programs of src/web with their data inside. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from './errors.ts';
import { root } from './files.ts';

/** Writes a page whose `program` finds `data` as JSON in its element `#data`. Throws InputError where the file cannot be written. */
export async function writeSheet(
  file: string,
  { title, program, data }: { readonly title: string; readonly program: 'report' | 'curves'; readonly data: unknown },
): Promise<void> {
  const built = (name: string) => readFile(join(root, 'dist', 'web', name), 'utf8');
  const [script, style] = await Promise.all([built(`${program}.js`), built('style.css')]);
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
<body>
<div id="app"></div>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script type="module">${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
  await writeFile(file, page).catch((error: Error) => {
    throw new InputError(`the report cannot be written: ${error.message}`);
  });
}
