/** A tournament as one HTML file that needs nothing else: table, ratings as a picture, every match to step through. */

import type { MatchRecord } from '../arena/match.ts';
import type { Entry } from './log.ts';
import { writeSheet } from './sheet.ts';
import type { Standings } from './standings.ts';

/** What the page in the report is given. */
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
  const report: Report = { game, standings, matches: entries.map(({ id, record }) => ({ id, record })) };
  await writeSheet(file, { title: `Shall we play? – ${game}`, program: 'report', data: report });
}
