/**
 * A league on disk: `run.json`, what its learners have learned, and the weights of
 * each frozen member. `run.json` is replaced last and at once, so a crash at any
 * moment leaves the checkpoint before or the new one.
 */

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keyOf } from '../../agents/contest.ts';
import { type Frozen, type League, type LeagueRecipe, ROLES, shapeOf } from '../../agents/league.ts';
import { joined, parameters, sizeOf, split } from '../../agents/network.ts';
import type { Experience, Memory } from '../../agents/regrets.ts';
import { InputError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import { gameNamed } from '../games.ts';
import { bytesOf, floatsOf, json, kept, readRun, whole } from './checkpoints.ts';
import { LeagueSettings } from './league-settings.ts';
import { complaint, GOAL } from './settings.ts';
import type { Goal } from './training.ts';

/** What a run is: fixed when it begins. */
export interface LeagueRun {
  readonly game: string;
  readonly seed: number;
  readonly recipe: LeagueRecipe;
  /** SHA-256 of the snapshot it began with; null if its first network imitates a search. */
  readonly parent: string | null;
}

export interface LeagueCheckpoint {
  readonly run: LeagueRun;
  readonly goal: Goal;
  readonly league: League;
  /** Spent so far, over all sittings. */
  readonly minutes: number;
}

const RunFile = z.object({
  game: z.string(),
  seed: z.int(),
  recipe: LeagueSettings,
  parent: z.string().nullable(),
  goal: GOAL,
  minutes: z.number(),
  iteration: z.int(),
  games: z.int(),
  learners: z.array(z.object({ steps: z.int(), updates: z.int(), age: z.int() })),
  frozen: z.array(z.object({ role: z.enum(ROLES), iteration: z.int() })),
  accounts: z.array(z.array(z.object({ games: z.number(), won: z.number(), squares: z.number() }))),
});

const runFile = (folder: string) => join(folder, 'run.json');
const learnersFile = (folder: string, iteration: number) => join(folder, `learners-${iteration}.bin`);
const memoriesFile = (folder: string, iteration: number) => join(folder, `memories-${iteration}.json`);
const frozenFile = (folder: string, member: number) => join(folder, `frozen-${member}.bin`);

const listOf = ({ game, recipe }: LeagueRun) => parameters(shapeOf(gameNamed(game), recipe));

/** Throws InputError where there is no room or no permission; the checkpoint before then is whole. */
export async function saveLeague(folder: string, { run, goal, league, minutes }: LeagueCheckpoint): Promise<void> {
  const { iteration, learners, frozen, accounts, games } = league;
  const list = listOf(run);
  const rows = learners.flatMap(({ learned: { weights, mean, square } }) => [weights, mean, square]);
  const file: z.infer<typeof RunFile> = {
    ...run,
    recipe: { ...run.recipe, rate: [...run.recipe.rate] },
    goal,
    minutes,
    iteration,
    games,
    learners: learners.map(({ learned: { steps }, updates, age }) => ({ steps, updates, age })),
    frozen: frozen.map(({ role, iteration }) => ({ role, iteration })),
    accounts: accounts.map(of => [...of]),
  };
  await kept(folder, async () => {
    for (const [member, { iteration: since, weights }] of frozen.entries()) {
      if (since === iteration) await writeFile(frozenFile(folder, member), bytesOf(joined(list, weights)));
    }
    const bytes = Buffer.concat(rows.map(weights => bytesOf(joined(list, weights))));
    await writeFile(learnersFile(folder, iteration), bytes);
    await writeFile(
      memoriesFile(folder, iteration),
      JSON.stringify(learners.map(({ memory }) => [...memory.values()].map(rowOf))),
    );
    await replaceFile(runFile(folder), `${JSON.stringify(file, null, 2)}\n`);
    await rm(learnersFile(folder, iteration - 1), { force: true });
    await rm(memoriesFile(folder, iteration - 1), { force: true });
  });
}

/** What is remembered of an observation, as JSON: the observation, the legal moves, and the four sums by move. */
const rowOf = ({ question: { observation, legal }, regrets, worths, tries, played }: Experience) =>
  [[...observation], legal, regrets, worths, tries, played] as const;

const numbers = z.array(z.number());
const Memories = z.array(z.array(z.tuple([numbers, z.array(z.int()), numbers, numbers, numbers, numbers])));

const memoryOf = (rows: z.infer<typeof Memories>[number]): Memory =>
  new Map(
    rows.map(([values, legal, regrets, worths, tries, played]) => {
      const observation = Float32Array.from(values);
      const question = { key: keyOf(observation), observation, legal };
      return [question.key, { question, regrets, worths, tries, played }];
    }),
  );

/** Throws InputError where there is no league to go on with, or one of its files is damaged. */
export async function loadLeague(folder: string): Promise<LeagueCheckpoint> {
  const parsed = RunFile.safeParse((await readRun(folder)).content);
  if (!parsed.success)
    throw new InputError(`${runFile(folder)} is no run of a league that can go on: ${complaint(parsed.error)}`);
  const { goal, minutes, iteration, games, learners, frozen, accounts, ...run } = parsed.data;
  const list = listOf(run);
  const size = list.reduce((sum, parameter) => sum + sizeOf(parameter), 0);
  const read = async (file: string, rows: number) => {
    const numbers = floatsOf(await whole(file, bytes => bytes.length === 4 * size * rows));
    return Array.from({ length: rows }, (_, i) => split(list, numbers.subarray(i * size, (i + 1) * size)));
  };
  const rows = await read(learnersFile(folder, iteration), 3 * learners.length);
  const memories = Memories.safeParse(await json(memoriesFile(folder, iteration))).data;
  if (memories?.length !== learners.length) {
    throw new InputError(
      `the checkpoint is damaged: ${memoriesFile(folder, iteration)} holds no memories of ${learners.length} learners`,
    );
  }
  const members: Frozen[] = [];
  for (const [member, about] of frozen.entries()) {
    members.push({ ...about, weights: (await read(frozenFile(folder, member), 1))[0]! });
  }
  const league: League = {
    iteration,
    games,
    learners: learners.map(({ steps, updates, age }, i) => ({
      learned: { steps, weights: rows[3 * i]!, mean: rows[3 * i + 1]!, square: rows[3 * i + 2]! },
      memory: memoryOf(memories[i]!),
      updates,
      age,
    })),
    frozen: members,
    accounts,
  };
  return { run, goal, league, minutes };
}
