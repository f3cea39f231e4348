/** A run of DQN on disk: `run.json`, which says what it is and how far it came, and all else in `state-ROUND.gz`. */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { type DqnProgress, type DqnRecipe, qShapeOf } from '../../agents/dqn.ts';
import { sizeOf } from '../../agents/network.ts';
import { qParameters } from '../../agents/q-network.ts';
import type { Game } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import { gameNamed } from '../games.ts';
import { kept, readRun, refuseOtherGame } from './checkpoints.ts';
import { complaint, GOAL, positive, RATES, share, whole } from './settings.ts';
import type { Goal } from './training.ts';

const part = z.enum(['yes', 'no'], 'must be yes or no');

/** The ranges of a recipe's settings. */
export const DqnSettings: z.ZodType<DqnRecipe> = z.object({
  filters: whole(1, 512),
  units: whole(2, 4096).multipleOf(2, 'must be even'),
  double: part,
  dueling: part,
  priority: share,
  correction: share,
  steps: whole(1, 100),
  discount: share,
  boards: whole(1, 256),
  ordersPerRound: whole(1, 1_000_000),
  stepsPerRound: whole(1, 1_000_000),
  batch: whole(1, 8192),
  memory: whole(1, 10_000_000),
  leastMemory: whole(1, 10_000_000),
  targetSteps: whole(1, 1_000_000),
  rate: RATES,
  epsilon: z.tuple([share, share], 'must be two shares, as in 1,0.02'),
  explored: positive(share),
  lessonShare: positive(share),
  trials: whole(1, 10_000),
});

/** What is wrong with settings each of which is within its range: the name of one, and why it does not go with the others. */
export const misfit = ({ boards, ordersPerRound, memory, leastMemory, steps }: DqnRecipe): string | undefined =>
  ordersPerRound % boards !== 0
    ? `ordersPerRound: ${ordersPerRound} cannot be shared out among ${boards} boards`
    : Math.floor(memory / boards) <= steps || leastMemory > memory / 2
      ? `memory: ${memory} is too little for the other settings`
      : undefined;

/** What a run is: fixed when it begins. */
export interface DqnRun {
  readonly game: string;
  readonly seed: number;
  /** The games it is trained on, easiest first, the game itself last. */
  readonly lessons: readonly string[];
  readonly settings: DqnRecipe;
}

interface RunFile extends DqnRun {
  readonly recipe: 'dqn';
  readonly goal: Goal;
  readonly round: number;
  /** Spent so far, over all sittings. */
  readonly minutes: number;
}

/** What loading goes by. */
const RunFile: z.ZodType<RunFile> = z.object({
  recipe: z.literal('dqn'),
  game: z.string(),
  seed: z.int(),
  lessons: z.array(z.string()),
  settings: DqnSettings,
  goal: GOAL,
  round: z.int().nonnegative(),
  minutes: z.number().nonnegative(),
});

/** A run where it stands. */
export interface DqnCheckpoint {
  readonly run: DqnRun;
  readonly goal: Goal;
  readonly progress: DqnProgress;
  readonly minutes: number;
}

const runFile = (folder: string) => join(folder, 'run.json');
const stateFile = (folder: string, round: number) => join(folder, `state-${round}.gz`);

/**
 * Saves so that a crash at any moment leaves the checkpoint before, of round
 * `before`, or the new one; for the first, `before` is its own round. Throws InputError where there is no room.
 */
export async function saveDqn(
  folder: string,
  { run, goal, progress, minutes }: DqnCheckpoint,
  before: number,
): Promise<void> {
  const { round } = progress;
  const file: RunFile = { recipe: 'dqn', ...run, goal, round, minutes };
  await kept(folder, async () => {
    // Level 1: observations are mostly zeros, and training waits.
    await writeFile(stateFile(folder, round), gzipSync(serialize(progress), { level: 1 }));
    await replaceFile(runFile(folder), `${JSON.stringify(file, null, 2)}\n`);
    if (before !== round) await rm(stateFile(folder, before), { force: true });
  });
}

/** Throws InputError where there is no run of DQN on this game to go on from, or one of its files is damaged. */
export async function loadDqn(folder: string, game: Game): Promise<DqnCheckpoint> {
  const { follows, content, ...about } = await readRun(folder);
  if (follows !== 'dqn') throw new InputError(`${runFile(folder)} is no run of DQN that can go on`);
  refuseOtherGame(game, about, folder);
  const damaged = (why: string) => new InputError(`the checkpoint is damaged: ${runFile(folder)}: ${why}`);
  const parsed = RunFile.safeParse(content);
  if (!parsed.success) throw damaged(complaint(parsed.error));
  const { recipe: _, goal, round, minutes, ...run } = parsed.data;
  const odd = misfit(run.settings) ?? lessonsMisfit(game, run);
  if (odd) throw damaged(odd);
  const progress = await progressIn(stateFile(folder, round));
  if (!isOf(game, run, progress)) throw damaged(`${stateFile(folder, round)} was written with other settings`);
  return { run, goal, progress, minutes };
}

async function progressIn(file: string): Promise<DqnProgress> {
  try {
    return deserialize(gunzipSync(await readFile(file))) as DqnProgress;
  } catch (error) {
    throw new InputError(`the checkpoint is damaged: ${file}: ${(error as Error).message}`);
  }
}

/** What is wrong with the lessons of a run: all are one family's, of one shape, and the last is the game itself. */
function lessonsMisfit(game: Game, { lessons, settings }: DqnRun): string | undefined {
  if (lessons.at(-1) !== game.name) return `lessons: the last must be ${game.name}`;
  for (const name of lessons) {
    try {
      const lesson = gameNamed(name);
      if (lesson.family === game.family && isDeepStrictEqual(qShapeOf(lesson, settings), qShapeOf(game, settings)))
        continue;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    return `lessons: '${name}' is no easier way to play ${game.name}`;
  }
  return undefined;
}

/** Whether it has the network, the boards and the memory that the settings of a run ask for. */
function isOf(game: Game, { settings }: DqnRun, { learned, boards, memory }: DqnProgress): boolean {
  const slots = settings.boards * Math.floor(settings.memory / settings.boards);
  return (
    qParameters(qShapeOf(game, settings)).every(one => learned.weights[one.name]?.length === sizeOf(one)) &&
    (!memory || (boards.length === settings.boards && memory.priorities.length === slots))
  );
}
