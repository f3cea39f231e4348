/** A tournament as one HTML file that needs nothing else: table, ratings as a picture, every match to step through. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MatchRecord } from '../arena/match.ts';
import { InputError } from './errors.ts';
import { root } from './files.ts';
import type { Entry } from './log.ts';
import type { Standings } from './standings.ts';

/** What the page in the report is given, as JSON in its element `#report`. */
export interface Report {
  readonly game: string;
  readonly standings: Standings;
  readonly matches: readonly { readonly id: number; readonly record: MatchRecord }[];
}

/** Writes the report. Throws InputError where the file cannot be written. */
export async function writeReport(
  file: string,
  {
    game,
    standings,
    entries,
  }: { readonly game: string; readonly standings: Standings; readonly entries: readonly Entry[] },
): Promise<void> {
  const built = (name: string) => readFile(join(root, 'dist', 'web', name), 'utf8');
  const [script, style] = await Promise.all([built('report.js'), built('style.css')]);
  const report: Report = { game, standings, matches: entries.map(({ id, record }) => ({ id, record })) };
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shall we play? – ${game}</title>
<style>${style}</style>
<body>
<div id="app"></div>
<script type="application/json" id="report">${JSON.stringify(report).replaceAll('<', '\\u003c')}</script>
<script type="module">${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
  await writeFile(file, page).catch((error: Error) => {
    throw new InputError(`the report cannot be written: ${error.message}`);
  });
}
