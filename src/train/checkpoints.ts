/**
 * A training run on disk: `run.json`, the newest weights with Adam's means, the
 * lessons of each iteration, the weights that are rated, and two logs.
 *
 * `run.json` is replaced last and at once, so a crash at any moment leaves the
 * checkpoint before or the new one; what else was written for one that did not
 * come about is overwritten or cut off by whoever goes on.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Progress, type Recipe, shapeOf } from '../../agents/alphazero.ts';
import { joined, parameterCount, parameters, split, type Weights } from '../../agents/network.ts';
import type { Lessons } from '../../agents/selfplay.ts';
import type { TrainingEngine } from '../../agents/tensors.ts';
import type { Game } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import { gameNamed } from '../games.ts';
import { RecipeSettings } from './self-play-settings.ts';
import { complaint, GOAL } from './settings.ts';
import type { Goal } from './training.ts';

/** The sizes of a network's heads in a file. */
export const HEADS = z.object({
  policyPlanes: z.int().positive(),
  valuePlanes: z.int().positive(),
  valueUnits: z.int().positive(),
});

/** The runs whose lessons another began with: their iterations together, and the SHA-256 of their files of lessons, one after the other. */
export const LESSONS_OF = z.object({ iterations: z.int().positive(), sha256: z.string() });

/** What a run is: fixed when it begins. */
export interface Run {
  readonly game: string;
  readonly seed: number;
  readonly recipe: Recipe;
  /** What trains it: only the same engine comes to the same bytes. */
  readonly engine: TrainingEngine;
  /** SHA-256 of the snapshot it began with; null if it began with random weights. */
  readonly parent: string | null;
  /** Where it began with the lessons of other runs. */
  readonly lessonsOf?: z.infer<typeof LESSONS_OF> | undefined;
}

/** The name of the recipe that a run follows. */
export const recipeOf = ({ parent }: Pick<Run, 'parent'>): 'alphazero' | 'alphago' =>
  parent === null ? 'alphazero' : 'alphago';

/** 1 kept lessons' observations as zeros and ones; 2 and 3 knew fewer settings, 2 fewer planes of connect-four. */
const VERSION = 4;

interface RunFile extends Run {
  readonly version: typeof VERSION;
  readonly goal: Goal;
  readonly iteration: number;
  readonly steps: number;
  /** Spent so far, over all sittings. */
  readonly minutes: number;
}

/** What loading goes by. */
const RunFile = z.object({
  seed: z.int(),
  recipe: RecipeSettings,
  engine: z.enum(['tfjs-node', 'onnxruntime-node']),
  lessonsOf: LESSONS_OF.optional(),
  goal: GOAL,
  iteration: z.int().nonnegative(),
  steps: z.int().nonnegative(),
  minutes: z.number(),
});

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
  const newest = lessons[iteration - 1];
  const file: RunFile = { version: VERSION, ...run, goal, iteration, steps: learned.steps, minutes };
  await kept(folder, async () => {
    // Lessons of other runs lie there already, and a checkpoint needs those to come as well.
    if (newest && iteration > (run.lessonsOf?.iterations ?? 0))
      await writeFile(lessonsFile(folder, iteration), encodeLessons(newest));
    await writeFile(stateFile(folder, iteration), Buffer.concat(rows.map(weights => bytesOf(joined(list, weights)))));
    await replaceFile(runFile(folder), `${JSON.stringify(file, null, 2)}\n`);
    await rm(stateFile(folder, iteration - 1), { force: true });
  });
}

/** Throws InputError where there is no run of self-play. */
async function selfPlayRun(folder: string): Promise<RunFile> {
  const { follows, content } = await readRun(folder);
  const isSelfPlay = follows === 'alphazero' || follows === 'alphago';
  if (isSelfPlay && (content as Partial<RunFile>).version !== VERSION) {
    throw new InputError(
      `${runFile(folder)} was written by another version, whose lessons or settings were others: begin a new run, from its snapshot if that still fits (--recipe alphago --from)`,
    );
  }
  const { error } = RunFile.safeParse(content);
  if (!isSelfPlay || error) {
    const why = isSelfPlay && error ? `: ${complaint(error)}` : '';
    throw new InputError(`${runFile(folder)} is no run of self-play that can go on${why}`);
  }
  return content as RunFile;
}

/** Throws InputError where there is no run to go on from, or one of its files is damaged. */
export async function loadCheckpoint(folder: string): Promise<Checkpoint> {
  const { version: _, goal, iteration, steps, minutes, ...run } = await selfPlayRun(folder);
  const game = gameNamed(run.game);
  const shape = shapeOf(game, run.recipe);
  const list = parameters(shape);
  const size = parameterCount(shape);
  const count = run.recipe.gate > 0 && iteration > 0 ? 4 : 3;
  const state = floatsOf(await whole(stateFile(folder, iteration), bytes => bytes.length === 4 * size * count));
  const part = (i: number) => split(list, state.subarray(i * size, (i + 1) * size));
  const lessons = await loadLessons(folder, game, { iteration, ...run });
  const learned = { steps, weights: part(0), mean: part(1), square: part(2) };
  return { run, goal, progress: { iteration, learned, champion: count === 4 ? part(3) : undefined, lessons }, minutes };
}

async function loadLessons(
  folder: string,
  game: Game,
  { iteration, lessonsOf }: Pick<RunFile, 'iteration' | 'lessonsOf'>,
): Promise<readonly Lessons[]> {
  const lessons: Lessons[] = [];
  for (let i = 1; i <= Math.max(iteration, lessonsOf?.iterations ?? 0); i++) {
    const bytes = await whole(lessonsFile(folder, i), content => areWhole(game, content));
    lessons.push(decodeLessons(game, bytes));
  }
  return lessons;
}

/** Keeps in `folder` the lessons of the runs in `from`, for a run that begins with them. Throws InputError where there is none of this game. */
export async function takeLessons(folder: string, game: Game, from: readonly string[]) {
  const lessons: Lessons[] = [];
  for (const other of from) {
    const run = await selfPlayRun(other);
    refuseOtherGame(game, run, other);
    lessons.push(...(await loadLessons(other, game, run)));
  }
  if (lessons.every(({ count }) => count === 0)) throw new InputError(`there is no lesson in ${from.join(', ')}`);
  const hash = createHash('sha256');
  await kept(folder, async () => {
    for (const [i, part] of lessons.entries()) {
      const bytes = encodeLessons(part);
      hash.update(bytes);
      await writeFile(lessonsFile(folder, i + 1), bytes);
    }
  });
  return { lessons, lessonsOf: { iterations: lessons.length, sha256: hash.digest('hex') } };
}

/** Throws InputError where the run in `folder` trains another game. */
export function refuseOtherGame(game: Game, run: { readonly game: string }, folder: string): void {
  if (run.game !== game.name) throw new InputError(`the run in ${folder} trains ${run.game}, not ${game.name}`);
}

/** What run.json says of the run, whatever recipe it follows. */
interface AnyRun {
  readonly game: string;
  readonly follows: 'alphazero' | 'alphago' | 'dqn' | 'league';
  /** All that it says. */
  readonly content: unknown;
}

/** What tells the recipes apart: DQN is named, and the settings of the others differ. */
const AnyRun = z.union([
  z.object({ game: z.string(), recipe: z.literal('dqn') }),
  z.object({ game: z.string(), recipe: z.object({ opponents: z.string() }) }),
  z.object({ game: z.string(), recipe: z.object({ gate: z.number() }), parent: z.string().nullable() }),
]);

/** Throws InputError where there is no run, or run.json is damaged. */
export async function readRun(folder: string): Promise<AnyRun> {
  if (!hasCheckpoint(folder)) throw new InputError(`${folder} holds no training run`);
  const content = await json(runFile(folder));
  const parsed = AnyRun.safeParse(content);
  if (!parsed.success) throw new InputError(`the checkpoint is damaged: ${runFile(folder)} describes no training run`);
  const { game } = parsed.data;
  if (!('parent' in parsed.data)) return { game, follows: parsed.data.recipe === 'dqn' ? 'dqn' : 'league', content };
  return { game, follows: recipeOf(parsed.data), content };
}

/** A file of a checkpoint. Throws InputError where it cannot be read or is no JSON. */
export async function json(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`the checkpoint is damaged: ${file}: ${(error as Error).message}`);
  }
}

/** Keeps the weights of an iteration for later duels. */
export async function saveRated(folder: string, { game, recipe }: Run, iteration: number, weights: Weights) {
  const row = joined(parameters(shapeOf(gameNamed(game), recipe)), weights);
  await kept(folder, () => writeFile(ratedFile(folder, iteration), bytesOf(row)));
}

/** Throws InputError where they are missing or damaged. */
export async function loadRated(folder: string, { game, recipe }: Run, iteration: number): Promise<Weights> {
  const shape = shapeOf(gameNamed(game), recipe);
  const isWhole = (bytes: Uint8Array) => bytes.length === 4 * parameterCount(shape);
  return split(parameters(shape), floatsOf(await whole(ratedFile(folder, iteration), isWhole)));
}

/** Something that was logged in an iteration. */
interface Line {
  readonly iteration: number;
}

/** The lines of a log in `folder`, up to an iteration; what stands behind it is cut off. Throws InputError where a line before is damaged. */
export async function openLog<L extends Line>(folder: string, name: string, iteration: number): Promise<readonly L[]> {
  const file = join(folder, name);
  if (!existsSync(file)) return [];
  const before = await readFile(file, 'utf8');
  const lines = parsed<L>(before, file).filter(line => line.iteration <= iteration);
  const after = linesOf(lines);
  if (after !== before) {
    await kept(folder, () => replaceFile(file, after));
  }
  return lines;
}

/** The lines of a log as it is, the last left out while it is being written. Throws InputError where there are none, or one is damaged. */
export async function readLog<L extends Line>(folder: string, name: string): Promise<readonly L[]> {
  const file = join(folder, name);
  if (!existsSync(file)) throw new InputError(`${folder} holds no ${name}: nothing was trained there yet`);
  return parsed(await readFile(file, 'utf8'), file);
}

const parsed = <L extends Line>(log: string, file: string): readonly L[] =>
  log
    .split('\n')
    .slice(0, -1)
    .map((text, i) => lineOf<L>(text, `${file}, line ${i + 1}`));

function lineOf<L extends Line>(text: string, where: string): L {
  try {
    return JSON.parse(text) as L;
  } catch (error) {
    throw new InputError(`the log of the run is damaged: ${where}: ${(error as Error).message}`);
  }
}

const linesOf = (lines: readonly Line[]): string => lines.map(line => `${JSON.stringify(line)}\n`).join('');

export const appendLog = (folder: string, name: string, lines: readonly Line[]): Promise<void> =>
  kept(folder, () => appendFile(join(folder, name), linesOf(lines)));

/** What is told where learning went wrong, for the reason `why`. */
export const stopped = (why: string, folder: string): InputError =>
  new InputError(
    `${why}; training stopped, ${hasCheckpoint(folder) ? `the checkpoint before it is in ${folder}` : 'no checkpoint was written yet'}`,
  );

/** Writes into a folder, or says in an InputError why that cannot be. */
export async function kept(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(
      hasCheckpoint(folder)
        ? `${message}; the last checkpoint in ${folder} is whole: make room, then go on with --resume`
        : `${folder} cannot be written into (${code})`,
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

/** Whether encoded lessons have as many bytes as their counts say. */
const areWhole = (game: Game, bytes: Uint8Array): boolean => {
  const head = 4 * COUNTS.length;
  const row = 4 * game.moveCount + 4 + sizeOfObservation(game);
  return bytes.length >= head && bytes.length === head + countsOf(bytes).count * row;
};

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
