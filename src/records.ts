/** Match records: as a file of JSON lines, plain or gzipped, or in a log. */

import type { MatchRecord } from '../arena/match.ts';
import { InputError } from './errors.ts';
import { textOf } from './files.ts';

/** Throws InputError for a file that cannot be read or a line that is no record. */
export function readRecords(
  file: string,
): readonly { readonly id: number; readonly text: string; readonly record: MatchRecord }[] {
  return textOf(file)
    .split('\n')
    .filter(line => line !== '')
    .map((line, i) => {
      try {
        const record = JSON.parse(line) as MatchRecord;
        if (record.version === 1 && isWhole(record)) return { id: i + 1, text: line, record };
      } catch {
        // Told below, with the line's number.
      }
      throw new InputError(`${file}, line ${i + 1}: this is no match record of version 1`);
    });
}

const isWhole = ({ game, players, opening, plies, ending }: Partial<MatchRecord>): boolean =>
  typeof game === 'string' && players?.length === 2 && Array.isArray(opening) && Array.isArray(plies) && !!ending?.kind;
