/** Learning from games that others played: those of a log, or of a file. */

import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Diverged } from '../../agents/alphazero.ts';
import {
  type Epoch,
  examplesIn,
  IMITATION,
  type ImitationRecipe,
  imitate,
  type PlayedGame,
} from '../../agents/imitation.ts';
import { movesOf } from '../../arena/match.ts';
import type { Game } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { textOf } from '../files.ts';
import { openLog, refuseBroken } from '../log.ts';
import { parseMoves } from '../moves.ts';
import { readRecords } from '../records.ts';
import { saveSnapshot } from '../snapshots.ts';
import { hasCheckpoint } from './checkpoints.ts';
import { engineToBegin } from './engine.ts';
import { trainingProgress } from './progress.ts';
import { NETWORK_SETTINGS, positive, RATES, settingsFrom, share, whole } from './settings.ts';
import type { Training } from './training.ts';

/** Times that every example is learned from, where nothing else is said. */
const EPOCHS = 10;

const Settings: z.ZodType<ImitationRecipe> = z.object({
  ...NETWORK_SETTINGS,
  batch: whole(8, 8192),
  rate: RATES,
  heldOut: positive(share),
});

export async function trainImitation(game: Game, { from, out, seed, settings, iterations, minutes, resume }: Training) {
  if (resume) throw new InputError('imitation is not resumed: begin it anew, in another --out');
  if (minutes !== undefined)
    throw new InputError('imitation goes through its games a number of times: say --iterations');
  if (from === undefined) throw new InputError('say which games to learn from, as in --from swp.db');
  if (hasCheckpoint(out) || existsSync(join(out, 'log.jsonl'))) {
    throw new InputError(`${out} already holds a training run; choose another --out`);
  }
  const recipe = settingsFrom(Settings, IMITATION, settings);
  const games = gamesFrom(from, game)
    .map(played => examplesIn(game, played))
    .filter(({ length }) => length > 0);
  if (games.length < 2)
    throw new InputError(`${from} holds ${games.length} finished games of ${game.name}; it takes 2 or more`);
  console.error(`${games.length} games, ${games.flat().length} moves of those who did not lose`);

  const clock = performance.now();
  const progress = trainingProgress(() => (performance.now() - clock) / 60_000);
  const epochs = iterations ?? EPOCHS;
  const lines: string[] = [];
  let last: Epoch | undefined;
  try {
    for await (const epoch of imitate(game, recipe, games, epochs, seed, await engineToBegin())) {
      const { first, amongThree } = epoch.match;
      last = epoch;
      lines.push(JSON.stringify({ iteration: epoch.epoch, loss: digits(epoch.loss), ...matchOf(epoch) }));
      progress.show(
        epoch.epoch / epochs,
        `epoch ${epoch.epoch}, loss ${digits(epoch.loss)}, moves foretold ${percent(first)}, among three ${percent(amongThree)}`,
      );
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    throw new InputError(`${error.message}; training stopped, and no snapshot was written`);
  } finally {
    progress.stop();
  }
  const about = {
    recipe: 'imitation',
    settings: { ...recipe },
    seed,
    parent: null,
    iterations: epochs,
    games: 0,
    positions: games.flat().length,
    measured: { imitation: { games: games.length, ...matchOf(last!) } },
  };
  const log = `${lines.join('\n')}\n`;
  const snapshot = await saveSnapshot(out, game, last!.weights, about, log);
  await writeFile(join(out, 'log.jsonl'), log);
  const { match } = last!;
  console.log(
    `of ${match.positions} moves in games kept aside it foretells ${percent(match.first)}, ${percent(match.amongThree)} among its first three`,
  );
  console.log(`the snapshot is ${snapshot}`);
}

const matchOf = ({ match: { positions, first, amongThree } }: Epoch) => ({
  movesKeptAside: positions,
  foretold: digits(first),
  amongThree: digits(amongThree),
});

const digits = (value: number): number => Number(value.toFixed(4));
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** The finished games of `game` in a log, in a file of records, or in a text file with the moves of a game on each line. */
function gamesFrom(file: string, game: Game): readonly PlayedGame[] {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new InputError(`there is no file ${file}`);
  if (isLog(file) || textOf(file).startsWith('{')) {
    const records = isLog(file) ? recordsIn(file) : readRecords(file).map(({ record }) => record);
    return records
      .filter(record => record.game === game.name && record.ending.kind === 'played')
      .map(record => ({ moves: movesOf(record).map(text => game.parseMove(text)!), from: record.opening.length }));
  }
  return textOf(file)
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [{ moves: parseMoves(game, line).map(text => game.parseMove(text)!), from: 0 }];
      } catch (error) {
        throw new InputError(`${file}, line ${i + 1}: ${(error as Error).message}`);
      }
    });
}

function recordsIn(file: string) {
  const log = openLog(file, { mustExist: true });
  try {
    refuseBroken(log, file);
    return log.entries().map(({ record }) => record);
  } finally {
    log.close();
  }
}

/** Whether a file is an SQLite database, by its first bytes. */
function isLog(file: string): boolean {
  const head = Buffer.alloc(16);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, head, 0, 16, 0);
  closeSync(descriptor);
  return head.toString() === 'SQLite format 3\0';
}
