/** `swp export`: a log as JSON lines or as text for people. */

import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type MatchRecord, movesOf, pointsText } from '../../arena/match.ts';
import { InputError } from '../errors.ts';
import { openLog, refuseBroken } from '../log.ts';
import { examples, logOption } from '../options.ts';
import { endingText } from './match.ts';

export const exportCommand = (): Command =>
  new Command('export')
    .description('write the matches of a log to a file or to standard output')
    .addOption(
      new Option('--format <format>', 'records, or headers and moves in the manner of PGN')
        .choices(['jsonl', 'pgn-like'])
        .default('jsonl'),
    )
    .option('--out <file>', 'where to; by default standard output')
    .addOption(logOption())
    .addHelpText('after', examples('export > records.jsonl', 'export --format pgn-like --out games.txt'))
    .action(async ({ format, out, log: file }: { format: string; out?: string; log: string }) => {
      const log = openLog(file, { mustExist: true });
      refuseBroken(log, file);
      const entries = log.entries();
      log.close();
      const text = entries
        .map(({ id, text: record, record: match }) => (format === 'jsonl' ? `${record}\n` : pgnLike(id, match)))
        .join('');
      if (out === undefined) process.stdout.write(text);
      else {
        await writeFile(out, text).catch((error: NodeJS.ErrnoException) => {
          throw new InputError(`${out} cannot be written (${error.code})`);
        });
      }
    });

function pgnLike(id: number, record: MatchRecord): string {
  const names = record.players.map(({ name }) => name);
  const tags = {
    Match: String(id),
    Game: record.game,
    First: names[0]!,
    Second: names[1]!,
    Seed: String(record.seed),
    Opening: record.opening.join(' '),
    Result: pointsText(record.ending),
    Ending: endingText(record.ending, names),
  };
  const moves = movesOf(record).map((move, ply) => (ply % 2 === 0 ? `${ply / 2 + 1}. ${move}` : move));
  const header = Object.entries(tags).map(([name, value]) => `[${name} "${value.replaceAll('"', "'")}"]`);
  return `${header.join('\n')}\n\n${moves.join(' ')} ${pointsText(record.ending)}\n\n`;
}
