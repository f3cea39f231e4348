/**
 * A training run on disk: `run.json`, the newest weights with Adam's means, the
 * lessons of each iteration, the weights that are rated, and two logs.
 *
 * `run.json` is replaced last and at once, so a crash at any moment leaves the
 * checkpoint before or the new one; what else was written for one that did not
 * come about is overwritten or cut off by whoever goes on.
 */

import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Progress, type Recipe, shapeOf } from '../../agents/alphazero.ts';
import { joined, parameters, sizeOf, split, type Weights } from '../../agents/network.ts';
import type { Lessons } from '../../agents/selfplay.ts';
import type { TrainingEngine } from '../../agents/tensors.ts';
import type { Game } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import type { Goal } from './training.ts';

/** What a run is: fixed when it begins. */
export interface Run {
  readonly game: string;
  readonly seed: number;
  readonly recipe: Recipe;
  /** What trains it: only the same engine comes to the same bytes. */
  readonly engine: TrainingEngine;
  /** SHA-256 of the snapshot it began with; null if it began with random weights. */
  readonly parent: string | null;
}

interface RunFile extends Run {
  readonly goal: Goal;
  readonly iteration: number;
  readonly steps: number;
  /** Spent so far, over all sittings. */
  readonly minutes: number;
}

/** A run where it stands. */
export interface Checkpoint {
  readonly run: Run;
  readonly goal: Goal;
  readonly progress: Progress;
  readonly minutes: number;
}

const runFile = (folder: string) => join(folder, 'run.json');
const stateFile = (folder: string, iteration: number) => join(folder, `state-${iteration}.bin`);
const lessonsFile = (folder: string, iteration: number) => join(folder, `lessons-${iteration}.bin`);
const ratedFile = (folder: string, iteration: number) => join(folder, `rated-${iteration}.bin`);

export const hasCheckpoint = (folder: string): boolean => existsSync(runFile(folder));

/** Throws InputError where there is no room or no permission; the checkpoint before then is whole. */
export async function saveCheckpoint(
  folder: string,
  { run, goal, progress: { iteration, learned, champion, lessons }, minutes }: Checkpoint,
): Promise<void> {
  const list = parameters(shapeOf(gameNamed(run.game), run.recipe));
  const rows = [learned.weights, learned.mean, learned.square, ...(champion ? [champion] : [])];
  const newest = lessons.at(-1);
  const file: RunFile = { ...run, goal, iteration, steps: learned.steps, minutes };
  await kept(folder, async () => {
    if (newest) await writeFile(lessonsFile(folder, iteration), encodeLessons(newest));
    await writeFile(stateFile(folder, iteration), Buffer.concat(rows.map(weights => bytesOf(joined(list, weights)))));
    await writeFile(`${runFile(folder)}.new`, `${JSON.stringify(file, null, 2)}\n`);
    await rename(`${runFile(folder)}.new`, runFile(folder));
    await rm(stateFile(folder, iteration - 1), { force: true });
  });
}

/** Throws InputError where there is no run to go on from, or one of its files is damaged. */
export async function loadCheckpoint(folder: string): Promise<Checkpoint> {
  if (!hasCheckpoint(folder)) throw new InputError(`${folder} holds no training run to resume`);
  const { goal, iteration, steps, minutes, ...run } = await readRun(folder);
  const game = gameNamed(run.game);
  const list = parameters(shapeOf(game, run.recipe));
  const size = list.reduce((sum, parameter) => sum + sizeOf(parameter), 0);
  const count = run.recipe.gate > 0 && iteration > 0 ? 4 : 3;
  const state = floatsOf(await whole(stateFile(folder, iteration), bytes => bytes.length === 4 * size * count));
  const part = (i: number) => split(list, state.subarray(i * size, (i + 1) * size));
  const lessons: Lessons[] = [];
  for (let i = 1; i <= iteration; i++) {
    const bytes = await whole(lessonsFile(folder, i), content => content.length === lengthOf(game, content));
    lessons.push(decodeLessons(game, bytes));
  }
  const learned = { steps, weights: part(0), mean: part(1), square: part(2) };
  return { run, goal, progress: { iteration, learned, champion: count === 4 ? part(3) : undefined, lessons }, minutes };
}

/** What run.json says. Throws InputError where it is damaged. */
export async function readRun(folder: string): Promise<RunFile> {
  if (!hasCheckpoint(folder)) throw new InputError(`${folder} holds no training run`);
  try {
    return JSON.parse(await readFile(runFile(folder), 'utf8')) as RunFile;
  } catch (error) {
    throw new InputError(`the checkpoint is damaged: ${runFile(folder)}: ${(error as Error).message}`);
  }
}

/** Keeps the weights of an iteration for later duels. */
export async function saveRated(folder: string, { game, recipe }: Run, iteration: number, weights: Weights) {
  const row = joined(parameters(shapeOf(gameNamed(game), recipe)), weights);
  await kept(folder, () => writeFile(ratedFile(folder, iteration), bytesOf(row)));
}

export async function loadRated(folder: string, { game, recipe }: Run, iteration: number): Promise<Weights> {
  const list = parameters(shapeOf(gameNamed(game), recipe));
  return split(list, floatsOf(await readFile(ratedFile(folder, iteration))));
}

/** Something that was logged in an iteration. */
interface Line {
  readonly iteration: number;
}

/** The lines of a log in `folder`, up to an iteration; what stands behind it is cut off. */
export async function openLog<L extends Line>(folder: string, name: string, iteration: number): Promise<readonly L[]> {
  const file = join(folder, name);
  if (!existsSync(file)) return [];
  const texts = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const lines = texts.map(text => JSON.parse(text) as L).filter(line => line.iteration <= iteration);
  await writeFile(file, lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  return lines;
}

export const appendLog = (folder: string, name: string, lines: readonly Line[]): Promise<void> =>
  kept(folder, () => appendFile(join(folder, name), lines.map(line => `${JSON.stringify(line)}\n`).join('')));

/** Writes into a folder, or says in an InputError why that cannot be. */
export async function kept(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await write();
  } catch (error) {
    const { message } = error as Error;
    throw new InputError(
      hasCheckpoint(folder)
        ? `${message}; the last checkpoint in ${folder} is whole: make room, then go on with --resume`
        : message,
    );
  }
}

export async function whole(file: string, isWhole: (bytes: Uint8Array) => boolean): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new InputError(`the checkpoint is damaged: ${error.message}`);
  });
  if (!isWhole(bytes))
    throw new InputError(`the checkpoint is damaged: ${file} has ${bytes.length} bytes, not what it should`);
  return bytes;
}

export const bytesOf = (array: Float32Array | Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** The bytes as numbers, copied, so that any offset will do. */
export const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);

/** The numbers of lessons that come before their arrays, as 32-bit integers. */
const COUNTS = ['count', 'games', 'plies', 'evaluations', 'playedOn', 'wronglyResigned'] as const;

/** The counts, then the three arrays, observations last. */
const encodeLessons = (lessons: Lessons): Uint8Array =>
  Buffer.concat(
    [Int32Array.from(COUNTS, name => lessons[name]), lessons.policies, lessons.values, lessons.observations].map(
      bytesOf,
    ),
  );

const countsOf = (bytes: Uint8Array): Record<(typeof COUNTS)[number], number> => {
  const numbers = new Int32Array(Uint8Array.from(bytes.subarray(0, 4 * COUNTS.length)).buffer);
  return Object.fromEntries(COUNTS.map((name, i) => [name, numbers[i]!])) as Record<(typeof COUNTS)[number], number>;
};

const sizeOfObservation = ({ observationShape: [planes, rows, columns] }: Game): number => planes * rows * columns;

/** How many bytes encoded lessons have, by their counts. */
const lengthOf = (game: Game, bytes: Uint8Array): number =>
  4 * COUNTS.length + countsOf(bytes).count * (4 * game.moveCount + 4 + sizeOfObservation(game));

function decodeLessons(game: Game, bytes: Uint8Array): Lessons {
  const counts = countsOf(bytes);
  const start = 4 * COUNTS.length;
  const policiesEnd = start + 4 * counts.count * game.moveCount;
  const valuesEnd = policiesEnd + 4 * counts.count;
  return {
    ...counts,
    policies: floatsOf(bytes.subarray(start, policiesEnd)),
    values: floatsOf(bytes.subarray(policiesEnd, valuesEnd)),
    observations: Uint8Array.from(bytes.subarray(valuesEnd)),
  };
}
