/** A run of DQN on disk: `run.json`, which says what it is and how far it came, and all else in `state-ROUND.gz`. */

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import type { DqnProgress, DqnRecipe } from '../../agents/dqn.ts';
import { InputError } from '../errors.ts';
import { kept, readRun } from './checkpoints.ts';
import type { Goal } from './training.ts';

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
const RunFile = z.object({
  seed: z.int(),
  recipe: z.literal('dqn'),
  lessons: z.array(z.string()).nonempty(),
  settings: z.object({ filters: z.int().positive(), units: z.int().positive() }),
  goal: z.union([z.strictObject({ iterations: z.number() }), z.strictObject({ minutes: z.number() })]),
  round: z.int().nonnegative(),
  minutes: z.number(),
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
 * `before`, or the new one. Throws InputError where there is no room.
 */
export async function saveDqn(
  folder: string,
  { run, goal, progress, minutes }: DqnCheckpoint,
  before: number | undefined,
): Promise<void> {
  const { round } = progress;
  const file: RunFile = { recipe: 'dqn', ...run, goal, round, minutes };
  await kept(folder, async () => {
    // Level 1: observations are mostly zeros, and training waits.
    await writeFile(stateFile(folder, round), gzipSync(serialize(progress), { level: 1 }));
    await writeFile(`${runFile(folder)}.new`, `${JSON.stringify(file, null, 2)}\n`);
    await rename(`${runFile(folder)}.new`, runFile(folder));
    if (before !== undefined && before !== round) await rm(stateFile(folder, before), { force: true });
  });
}

/** Throws InputError where there is no run of DQN to go on from, or one of its files is damaged. */
export async function loadDqn(folder: string): Promise<DqnCheckpoint> {
  const { content } = await readRun(folder);
  if (!RunFile.safeParse(content).success) throw new InputError(`${runFile(folder)} is no run of DQN that can go on`);
  const { recipe, goal, round, minutes, ...run } = content as RunFile;
  const file = stateFile(folder, round);
  try {
    return { run, goal, progress: deserialize(gunzipSync(await readFile(file))) as DqnProgress, minutes };
  } catch (error) {
    throw new InputError(`the checkpoint is damaged: ${file}: ${(error as Error).message}`);
  }
}
