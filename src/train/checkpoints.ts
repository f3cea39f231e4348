/** A training run on disk: `run.json`, the newest weights with Adam's means, and the lessons of each iteration. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Progress, type Recipe, shapeOf } from '../../agents/alphazero.ts';
import { joined, parameters, split } from '../../agents/network.ts';
import type { Lessons } from '../../agents/selfplay.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';

/** What a run is: fixed when it begins. */
export interface Run {
  readonly game: string;
  readonly seed: number;
  readonly recipe: Recipe;
}

interface RunFile extends Run {
  readonly iteration: number;
  readonly steps: number;
  /** Spent so far, over all sittings. */
  readonly minutes: number;
}

const runFile = (folder: string) => join(folder, 'run.json');
const stateFile = (folder: string, iteration: number) => join(folder, `state-${iteration}.bin`);
const lessonsFile = (folder: string, iteration: number) => join(folder, `lessons-${iteration}.bin`);

export const hasCheckpoint = (folder: string): boolean => existsSync(runFile(folder));

/** Saves so that a crash at any moment leaves the checkpoint before or the new one. */
export async function saveCheckpoint(
  folder: string,
  run: Run,
  { iteration, learned, lessons }: Progress,
  minutes: number,
): Promise<void> {
  const list = parameters(shapeOf(gameNamed(run.game), run.recipe));
  await mkdir(folder, { recursive: true });
  const newest = lessons.at(-1);
  if (newest) await writeFile(lessonsFile(folder, iteration), encodeLessons(newest));
  const parts = [learned.weights, learned.mean, learned.square].map(weights => bytesOf(joined(list, weights)));
  await writeFile(stateFile(folder, iteration), Buffer.concat(parts));
  const file: RunFile = { ...run, iteration, steps: learned.steps, minutes };
  await writeFile(`${runFile(folder)}.new`, `${JSON.stringify(file, null, 2)}\n`);
  await rename(`${runFile(folder)}.new`, runFile(folder));
  await rm(stateFile(folder, iteration - 1), { force: true });
}

/** Throws InputError where there is no run to go on from. */
export async function loadCheckpoint(
  folder: string,
): Promise<{ readonly run: Run; readonly progress: Progress; readonly minutes: number }> {
  if (!hasCheckpoint(folder)) throw new InputError(`${folder} holds no training run to resume`);
  const { iteration, steps, minutes, ...run } = JSON.parse(await readFile(runFile(folder), 'utf8')) as RunFile;
  const game = gameNamed(run.game);
  const list = parameters(shapeOf(game, run.recipe));
  const state = floatsOf(await readFile(stateFile(folder, iteration)));
  const part = (i: number) => split(list, state.subarray((i * state.length) / 3, ((i + 1) * state.length) / 3));
  const [planes, rows, columns] = game.observationShape;
  const lessons: Lessons[] = [];
  for (let i = 1; i <= iteration; i++) {
    lessons.push(decodeLessons(await readFile(lessonsFile(folder, i)), planes * rows * columns, game.moveCount));
  }
  return {
    run,
    progress: { iteration, learned: { steps, weights: part(0), mean: part(1), square: part(2) }, lessons },
    minutes,
  };
}

export const bytesOf = (array: Float32Array | Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** The bytes as numbers, copied, so that any offset will do. */
export const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer);

/** The numbers of lessons that come before their arrays, as 32-bit integers. */
const COUNTS = ['count', 'games', 'evaluations', 'playedOn', 'wronglyResigned'] as const;

/** The counts, then the three arrays, observations last. */
const encodeLessons = (lessons: Lessons): Uint8Array =>
  Buffer.concat(
    [Int32Array.from(COUNTS, name => lessons[name]), lessons.policies, lessons.values, lessons.observations].map(
      bytesOf,
    ),
  );

function decodeLessons(bytes: Uint8Array, size: number, moves: number): Lessons {
  const start = 4 * COUNTS.length;
  const counts = new Int32Array(Uint8Array.from(bytes.subarray(0, start)).buffer);
  const [count, games, evaluations, playedOn, wronglyResigned] = counts as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const policiesEnd = start + 4 * count * moves;
  const valuesEnd = policiesEnd + 4 * count;
  return {
    count,
    games,
    evaluations,
    playedOn,
    wronglyResigned,
    policies: floatsOf(bytes.subarray(start, policiesEnd)),
    values: floatsOf(bytes.subarray(policiesEnd, valuesEnd)),
    observations: Uint8Array.from(bytes.subarray(valuesEnd, valuesEnd + count * size)),
  };
}
