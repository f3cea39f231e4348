/** `swp replay`: a logged match move by move, or a proof that the log tells what happened. */

import { Command } from 'commander';
import { type MatchRecord, playMatch } from '../../arena/match.ts';
import { replay } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { type ModelOptions, modelOptions, withModel } from '../llm.ts';
import { type Log, openLog, recordText } from '../log.ts';
import { examples, logOption, wholeNumber } from '../options.ts';
import { readRecords } from '../records.ts';
import { agentNamed, type Surroundings } from '../roster.ts';
import { scoreLine } from '../standings.ts';
import { endingText } from './match.ts';

interface Options extends ModelOptions {
  readonly verify: boolean;
  readonly log: string;
  readonly file?: string;
}

interface Kept {
  readonly id: number;
  readonly text: string;
  readonly record: MatchRecord;
}

export const replayCommand = (): Command =>
  modelOptions(
    new Command('replay')
      .description('show a logged match, or play it again and compare')
      .argument(
        '[id]',
        'the number of the match; with --verify, all where it is left out',
        wholeNumber('the match', 1, 1e9),
      )
      .option('--verify', 'let rules and agents play the match again and compare every byte', false)
      .addOption(logOption())
      .option('--file <records>', 'records as JSON lines (.jsonl or .jsonl.gz) instead of a log'),
  )
    .addHelpText(
      'after',
      examples('replay 12', 'replay --verify', 'replay --verify --file records.jsonl.gz --cassette model.jsonl.gz'),
    )
    .action(async (id: number | undefined, options: Options) => {
      const kept = options.file === undefined ? fromLog(options.log) : await readRecords(options.file);
      const chosen = id === undefined ? kept : kept.filter(entry => entry.id === id);
      if (id !== undefined && chosen.length === 0) {
        throw new InputError(`there is no match ${id} in ${options.file ?? options.log}; it holds ${kept.length}`);
      }
      if (options.verify) await verifyAll(chosen, options);
      else if (id !== undefined) for (const { record } of chosen) show(record);
      else for (const { id: number, record } of kept) console.log(summary(number, record));
    });

/** Reads every match, and first checks that the chain of hashes is whole. */
function fromLog(file: string): readonly Kept[] {
  const log = openLog(file, { mustExist: true });
  try {
    refuseBroken(log, file);
    return log.entries();
  } finally {
    log.close();
  }
}

/** Throws InputError for a log in which something was changed or taken out. */
export function refuseBroken(log: Log, file: string): void {
  const broken = log.firstBroken();
  if (broken)
    throw new InputError(`${file}: match ${broken.id} is not what was written; the chain of hashes breaks there`);
}

const names = ({ players }: MatchRecord): readonly string[] => players.map(({ name }) => name);

const summary = (id: number, record: MatchRecord): string =>
  `${String(id).padStart(5)}  ${record.game}  ${names(record).join(' – ')}  ${scoreLine(record)}  (${endingText(record.ending, names(record))})`;

function show(record: MatchRecord): void {
  const game = gameNamed(record.game);
  let state = replay(game, record.opening);
  console.log(`${record.game}, seed ${record.seed}: ${names(record).join(' (x) – ')} (o)`);
  console.log(`opening: ${record.opening.join(' ') || 'none'}\n${game.show(state)}\n`);
  let number = record.opening.length;
  for (const { seat, move, misses, trace } of record.plies) {
    const after = misses.length > 0 ? ` (after ${misses.join(', ')})` : '';
    if (move === null) console.log(`${names(record)[seat]} found no legal move${after}`);
    else {
      state = game.play(state, game.parseMove(move)!);
      console.log(`${++number}. ${names(record)[seat]} plays ${move}${after}\n${game.show(state)}`);
    }
    if (trace !== null) console.log(`   ${JSON.stringify(trace)}`);
    console.log();
  }
  console.log(`${scoreLine(record)}  (${endingText(record.ending, names(record))})`);
}

async function verifyAll(kept: readonly Kept[], options: ModelOptions): Promise<void> {
  let wrong = 0;
  await withModel(options, async surroundings => {
    for (const { id, text, record } of kept) {
      const difference = await verify(
        text,
        record,
        surroundings(line => console.error(line)),
      );
      if (difference !== undefined) wrong++;
      console.log(
        `${difference === undefined ? 'ok' : 'DIFFERS'}  ${summary(id, record)}${difference ? `\n    ${difference}` : ''}`,
      );
    }
  });
  console.log(`${kept.length - wrong} of ${kept.length} matches came out the same, byte for byte`);
  if (wrong > 0) process.exitCode = 1;
}

/** Plays a match again. Undefined if it comes out the same, else what differs first. */
export async function verify(
  text: string,
  record: MatchRecord,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const game = gameNamed(record.game);
  const [first, second] = record.players;
  const again = await playMatch({
    game,
    agents: [await agentNamed(first.name, game, surroundings), await agentNamed(second.name, game, surroundings)],
    seed: record.seed,
    opening: record.opening,
  });
  if (recordText(again) === text) return undefined;
  for (const seat of [0, 1] as const) {
    const [was, is] = [record.players[seat], again.players[seat]];
    if (JSON.stringify(was) !== JSON.stringify(is)) {
      return `seat ${seat} was ${JSON.stringify(was)}, is now ${JSON.stringify(is)}`;
    }
  }
  for (const [i, ply] of record.plies.entries()) {
    const is = again.plies[i];
    if (JSON.stringify(is) !== JSON.stringify(ply)) {
      return `decision ${i + 1} was ${JSON.stringify(ply)}, is now ${JSON.stringify(is ?? null)}`;
    }
  }
  return `the ending was ${JSON.stringify(record.ending)}, is now ${JSON.stringify(again.ending)}`;
}
