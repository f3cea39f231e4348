/** DQN's recipe on a game in which each seat has a board of its own, with checkpoints and a report. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DQN,
  type DqnRound,
  dqnBeginning,
  greedyScores,
  LossIsNoNumber,
  qShapeOf,
  trainDqn,
} from '../../agents/dqn.ts';
import { createQEvaluator, plain } from '../../agents/q-network.ts';
import { families } from '../../games/catalog.ts';
import { gameOf } from '../../games/family.ts';
import type { Game } from '../../games/game.ts';
import { parseValues } from '../../games/settings.ts';
import type { Chart, Curves } from '../curves.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { meanOf } from '../points.ts';
import { writeSheet } from '../sheet.ts';
import { saveSnapshot } from '../snapshots.ts';
import { appendLog, hasCheckpoint, openLog } from './checkpoints.ts';
import { type DqnCheckpoint, type DqnRun, DqnSettings, loadDqn, misfit, saveDqn } from './dqn-checkpoints.ts';
import { trainingProgress } from './progress.ts';
import { settingsFrom } from './settings.ts';
import { goalOf, sitting, type Training } from './training.ts';

/** A checkpoint is written at the beginning, after so many seconds, and at the end. */
const CHECKPOINT_SECONDS = 60;

/** Games in which a snapshot's strength is measured, with luck of their own. */
const MEASURED_GAMES = 400;
const MEASURED_SEED = 1000;

export async function trainGameByDqn(game: Game, training: Training): Promise<void> {
  const { out } = training;
  const start = await begun(game, training);
  const { run, goal } = start;
  const lines = [...(await openLog<DqnLine>(out, 'log.jsonl', start.progress.round))];
  let last = start;
  let saved = start.progress.round;
  if (!training.resume) await saveDqn(out, start, saved);
  const { minutes, done } = sitting(goal, start.minutes);
  const progress = trainingProgress(minutes);
  let savedAt = performance.now();
  try {
    const rounds = trainDqn(run.lessons.map(gameNamed), run.settings, run.seed, start.progress, done);
    while (done(last.progress.round) < 1) {
      const round = (await rounds.next()).value as DqnRound;
      const line = { ...lineOf(run, round), minutes: digits(minutes(), 2) };
      await appendLog(out, 'log.jsonl', [line]);
      lines.push(line);
      last = { run, goal, progress: round.progress, minutes: minutes() };
      const isLast = done(last.progress.round) === 1;
      if (isLast || performance.now() - savedAt > 1000 * CHECKPOINT_SECONDS) {
        await saveDqn(out, last, saved);
        await writeDqnReport(out, game, lines);
        saved = last.progress.round;
        savedAt = performance.now();
      }
      progress.show(done(last.progress.round), textOf(line));
    }
  } catch (error) {
    if (!(error instanceof LossIsNoNumber)) throw error;
    const left =
      saved === 0
        ? `before anything was kept of what was learned: begin anew, in another folder than ${out}`
        : `the checkpoint of round ${saved} is in ${out}`;
    throw new InputError(`${error.message}; training stopped, ${left}`);
  } finally {
    progress.stop();
  }
  console.log(`the report is ${join(out, 'report.html')}`);
  console.log(`the snapshot is ${await keepSnapshot(game, last, out)}`);
}

/** The run as it begins, or where it stands. */
async function begun(game: Game, training: Training): Promise<DqnCheckpoint> {
  const { out, seed, resume, curriculum, settings, from } = training;
  if (from !== undefined) throw new InputError('--recipe dqn begins with nothing: --from does not go with it');
  const goal = goalOf(training);
  if (!game.solo) {
    const able = families.map(family => gameOf(family)).filter(({ solo }) => solo);
    throw new InputError(
      `dqn needs a game in which each seat has a board of its own, as in ${able.map(({ name }) => name).join(' and ')}`,
    );
  }
  if (resume) {
    const checkpoint = await loadDqn(out, game);
    if (settings.length > 0 || curriculum) {
      throw new InputError('a run is fixed when it begins: --set and --curriculum do not go with --resume');
    }
    return { ...checkpoint, goal: goal ?? checkpoint.goal };
  }
  if (hasCheckpoint(out)) {
    throw new InputError(`${out} already holds a training run; go on with --resume, or choose another --out`);
  }
  if (!goal) throw new InputError('say how long to train: --minutes or --iterations');
  const easier = curriculum ? lessonsOf(game) : [];
  if (curriculum && easier.length === 0) throw new InputError(`${game.name} names no easier ways to play it`);
  const recipe = settingsFrom(DqnSettings, DQN, settings);
  const odd = misfit(recipe);
  if (odd) throw new InputError(`--set ${odd}`);
  const run: DqnRun = { game: game.name, seed, lessons: [...easier, game.name], settings: recipe };
  return { run, goal, progress: dqnBeginning(game, recipe, seed), minutes: 0 };
}

/** The names of the easier ways to play a game, easiest first. */
export function lessonsOf(game: Game): readonly string[] {
  const family = families.find(({ name }) => name === game.family);
  if (!family?.lessons) return [];
  const colon = game.name.indexOf(':');
  const values = colon < 0 ? {} : parseValues(family.parameters, game.name.slice(colon + 1));
  return family.lessons.map(lesson => gameOf(family, { ...values, ...lesson }).name);
}

const digits = <V extends number | undefined>(value: V, places: number) =>
  (value === undefined ? null : Number(value.toFixed(places))) as V extends number ? number : number | null;

/** One round in log.jsonl. Episodes and steps are those of the whole run so far. */
export interface DqnLine {
  readonly iteration: number;
  readonly orders: number;
  readonly episodes: number;
  readonly steps: number;
  /** What was played. */
  readonly game: string;
  /** Mean points of the games that ended in the round, and those in the trials, which are the game itself without random orders. */
  readonly score: number | null;
  readonly trialScore: number;
  readonly loss: number | null;
  readonly epsilon: number;
  readonly rate: number;
  readonly minutes: number;
}

/** A line without the only thing that differs from one machine to the next. */
export const lineOf = (
  { lessons, settings }: DqnRun,
  { progress, lesson, epsilon, rate, loss, score, trialScore }: DqnRound,
): Omit<DqnLine, 'minutes'> => ({
  iteration: progress.round,
  orders: progress.round * settings.ordersPerRound,
  episodes: progress.episodes,
  steps: progress.learned.steps,
  game: lessons[lesson]!,
  score: digits(score, 3),
  trialScore: digits(trialScore, 3),
  loss: digits(loss, 5),
  epsilon: digits(epsilon, 3),
  rate: digits(rate, 6),
});

const textOf = ({ iteration, episodes, score, trialScore, loss, epsilon, orders, minutes }: DqnLine): string =>
  [
    `round ${iteration}`,
    `${episodes} games`,
    `${trialScore.toFixed(2)} points, ${score?.toFixed(2) ?? '–'} with ${(100 * epsilon).toFixed(0)} % random orders`,
    `loss ${loss ?? '–'}`,
    `${Math.round(orders / (60 * Math.max(minutes, 0.01)))} orders/s`,
  ].join(', ');

/** Writes report.html. */
async function writeDqnReport(folder: string, { title }: Game, lines: readonly DqnLine[]): Promise<void> {
  const series = (name: string, colour: number, y: (line: DqnLine) => number | null) => ({
    name,
    joined: true,
    colour,
    points: lines.flatMap(line => {
      const value = y(line);
      return value === null ? [] : [{ x: line.orders, y: value }];
    }),
  });
  const chart = (name: string, y: string, ...all: Chart['series']): Chart => ({
    title: name,
    x: 'orders given',
    y,
    series: all.filter(({ points }) => points.length > 0),
  });
  const last = lines.at(-1)!;
  const curves: Curves = {
    title: `${title}: DQN in training`,
    facts: [
      ['rounds', String(last.iteration)],
      ['games', last.episodes.toLocaleString('en')],
      ['orders given', last.orders.toLocaleString('en')],
      ['training steps', last.steps.toLocaleString('en')],
      ['minutes', last.minutes.toFixed(1)],
    ],
    charts: [
      chart(
        'Points in a game',
        'points',
        series('without random orders', 0, line => line.trialScore),
        series('in training', 1, line => line.score),
      ),
      chart(
        'Loss',
        "Huber's loss",
        series('loss', 0, line => line.loss),
      ),
      chart(
        'Random orders',
        'share',
        series('epsilon', 0, line => line.epsilon),
      ),
    ].filter(({ series: all }) => all.length > 0),
  };
  await writeSheet(join(folder, 'report.html'), { title: curves.title, program: 'curves', data: curves });
}

/** Turns where a run stands into a snapshot, with the points it makes. */
async function keepSnapshot(game: Game, { run, progress }: DqnCheckpoint, folder: string): Promise<string> {
  const { seed, settings, lessons } = run;
  const { round, episodes, learned } = progress;
  const { shape, weights } = plain(qShapeOf(game, settings), learned.weights);
  const evaluator = await createQEvaluator(shape, weights, 32);
  const points = meanOf(await greedyScores(game, evaluator, MEASURED_GAMES, MEASURED_SEED));
  const about = {
    recipe: 'dqn',
    settings: { ...settings, lessons },
    seed,
    parent: null,
    iterations: round,
    games: episodes,
    positions: round * settings.ordersPerRound,
    measured: { points },
  };
  return saveSnapshot(folder, game, weights, about, await readFile(join(folder, 'log.jsonl'), 'utf8'));
}
