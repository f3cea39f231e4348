/**
 * Reinforcement by self-play, in worker threads, with checkpoints, ratings and a
 * report: AlphaZero's recipe from nothing, AlphaGo's from a network that learned before.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  beginning,
  Diverged,
  type Iteration,
  mayResign,
  RECIPE,
  type Recipe,
  shapeOf,
  train,
} from '../../agents/alphazero.ts';
import { USUAL_HEADS, type Weights } from '../../agents/network.ts';
import { type Lessons, randomlyOn, type SelfPlaySettings, settled } from '../../agents/selfplay.ts';
import { specialistAgent } from '../../agents/specialist.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import { rate } from '../../arena/rating.ts';
import type { Game } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { InputError } from '../errors.ts';
import { type Labelled, measure, trials } from '../positions.ts';
import { loadSnapshot, type Snapshot, saveSnapshot, snapshotNamed } from '../snapshots.ts';
import {
  appendLog,
  type Checkpoint,
  hasCheckpoint,
  loadCheckpoint,
  loadRated,
  openLog,
  type Run,
  recipeOf,
  refuseOtherGame,
  saveCheckpoint,
  saveRated,
  stopped,
  takeLessons,
} from './checkpoints.ts';
import { checkEngine, engineToBegin } from './engine.ts';
import { openHall, type Threads } from './hall.ts';
import { trainingProgress } from './progress.ts';
import { type LogLine, writeTrainingReport } from './report.ts';
import { RecipeSettings } from './self-play-settings.ts';
import { settingsFrom } from './settings.ts';
import { strengthOf } from './strength.ts';
import { goalOf, sitting, type Training } from './training.ts';

/** Every so many iterations the network is rated, against those of so many ratings before, in so many pairs of games each. */
export const RATED_EVERY = 5;
const RATED_AGAINST = [1, 4];
const RATED_PAIRS = 10;

/** Threads that learn, where nothing else is said and nobody plays beside them for long. */
const STUDY_THREADS = 2;

/** A match between the networks of two iterations, as it is kept in bouts.jsonl. */
interface BoutLine {
  readonly iteration: number;
  readonly first: number;
  readonly second: number;
  readonly score: number;
  readonly pair: string;
}

/** What a run begins with. */
interface Origin {
  /** The folder of the snapshot whose network it goes on with. */
  readonly snapshot?: string | undefined;
  /** Those of runs whose lessons it learns first. */
  readonly lessons: readonly string[];
}

/** The folders that --from names, separated by commas; one alone may have some in its name. */
function foldersIn({ from, resume }: Training): readonly string[] {
  if (from === undefined || resume) return [];
  const folders = existsSync(from) ? [from] : from.split(',').map(folder => folder.trim());
  if (folders.includes('')) throw new InputError(`--from '${from}' names a folder that has no name`);
  const again = folders.find((folder, i) => folders.indexOf(folder) < i);
  if (again !== undefined) throw new InputError(`--from names ${again} twice`);
  return folders;
}

/** From random weights, with no lessons or with those of other runs. */
export const trainAlphaZero = async (game: Game, training: Training): Promise<void> => {
  const lessons = foldersIn(training);
  const missing = lessons.find(folder => !hasCheckpoint(folder));
  if (missing !== undefined) {
    throw new InputError(
      `${missing} holds no training run, and alphazero begins with nothing else than the lessons of one; a run that begins with a snapshot is '--recipe alphago'`,
    );
  }
  return reinforce(game, training, { lessons });
};

/** From a snapshot that learned otherwise, by imitation for instance; then runs may be named too, whose lessons come first. */
export const trainAlphaGo = async (game: Game, training: Training): Promise<void> => {
  const [snapshot, ...lessons] = foldersIn(training);
  if (snapshot === undefined && !training.resume) {
    throw new InputError(
      `say which snapshot it begins with, as in --from runs/imitation/HASH; 'swp train ${game.name} --recipe imitation' makes one`,
    );
  }
  if (snapshot !== undefined && hasCheckpoint(snapshot)) {
    throw new InputError(
      `${snapshot} is a run: name first the snapshot to begin with, as in --from ${snapshot}/HASH,${snapshot}`,
    );
  }
  return reinforce(game, training, { snapshot, lessons });
};

async function reinforce(game: Game, training: Training, origin: Origin): Promise<void> {
  if (game.hides) {
    const other = game.solo
      ? "'--recipe dqn' learns games in which each seat has a board of its own"
      : "'--recipe league' learns games of poker's size";
    throw new InputError(
      `${game.name} hides something, and self-play by this recipe learns only what lies open; ${other}`,
    );
  }
  const { out, workers } = training;
  const start = await begun(game, training, origin);
  const { run, goal } = start;
  const lines = [...(await openLog<LogLine>(out, 'log.jsonl', start.progress.iteration))];
  const bouts = [...(await openLog<BoutLine>(out, 'bouts.jsonl', start.progress.iteration))];
  const validation = await trials(game, 'validation');

  const { minutes, done } = sitting(goal, start.minutes);
  const progress = trainingProgress(minutes);
  const hall = await openHall(game, run, workers);
  let last = start;
  try {
    const iterations = train(game, run.recipe, run.seed, start.progress, hall, done, run.engine);
    while (done(last.progress.iteration) < 1) {
      const iteration = (await iterations.next()).value as Iteration;
      const { learned } = iteration.progress;
      const number = iteration.progress.iteration;
      if (number === 1 || number % RATED_EVERY === 0) {
        const fresh = await duels(hall, training.out, run, number, learned.weights);
        await appendLog(out, 'bouts.jsonl', fresh);
        bouts.push(...fresh);
      }
      const line: LogLine = {
        ...lineOf(iteration, run),
        ...eloOf(bouts, number),
        validationKept: validation.length > 0 ? await netKept(game, run, learned.weights, validation) : null,
        minutes: digits(minutes(), 2),
      };
      await appendLog(out, 'log.jsonl', [line]);
      lines.push(line);
      last = { run, goal, progress: iteration.progress, minutes: minutes() };
      await saveCheckpoint(out, last);
      await writeTrainingReport(out, game, run, lines);
      progress.show(behind(last, done), textOf(line, run));
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    throw stopped(error.message, out);
  } finally {
    progress.stop();
    await hall.close();
  }
  console.log(`the report is ${join(out, 'report.html')}`);
  console.log(
    run.recipe.lessonsPerPosition === 0
      ? `the lessons are in ${out}: learn them with --from ${out}`
      : `the snapshot is ${await keepSnapshot(game, last, out)}`,
  );
}

/** The share of a run that is behind it: of one that only learns what it began with, the share of those lessons, of which not every iteration has as many. */
function behind({ run: { lessonsOf }, goal, progress }: Checkpoint, done: (iteration: number) => number): number {
  const { iteration, lessons } = progress;
  if (!lessonsOf || !('iterations' in goal) || goal.iterations > lessonsOf.iterations) return done(iteration);
  const countOf = (last: number) => total(lessons.slice(0, last), part => part.count);
  return countOf(iteration) / countOf(goal.iterations);
}

/** The run as it begins, or where it stands. */
async function begun(game: Game, training: Training, origin: Origin): Promise<Checkpoint> {
  const { out, resume, seed, settings } = training;
  const goal = goalOf(training);
  if (!resume) {
    if (hasCheckpoint(out)) {
      throw new InputError(`${out} already holds a training run; go on with --resume, or choose another --out`);
    }
    const studies = origin.lessons.length > 0;
    if (!goal && !studies) throw new InputError('say how long to train: --minutes or --iterations');
    const parent =
      origin.snapshot === undefined ? undefined : await loadSnapshot(game, await snapshotNamed(origin.snapshot));
    const usual = {
      ...RECIPE,
      ...(parent && sizeOf(parent)),
      ...(studies && { learningThreads: STUDY_THREADS, window: 1 }),
    };
    const recipe = settingsFrom(RecipeSettings, usual, settings);
    checkSelfPlay(game, recipe.selfPlay);
    if (studies && recipe.lessonsPerPosition === 0)
      throw new InputError('with lessonsPerPosition=0 no lesson is learned');
    const size = (of: Recipe) => JSON.stringify([of.filters, of.blocks, of.heads]);
    if (parent && size(recipe) !== size(usual)) {
      throw new InputError(
        `the network of ${parent.folder} has ${usual.filters} filters, ${usual.blocks} blocks and heads of ${Object.values(usual.heads).join(', ')}, and keeps them`,
      );
    }
    const taken = studies ? await takeLessons(out, game, origin.lessons) : undefined;
    const engine = await engineToBegin(recipe.learningThreads);
    const progress = beginning(game, recipe, seed, parent?.weights, taken?.lessons);
    return {
      run: {
        game: game.name,
        seed,
        recipe,
        engine,
        parent: parent?.manifest.sha256 ?? null,
        ...(taken && { lessonsOf: taken.lessonsOf }),
      },
      goal: goal ?? { iterations: progress.lessons.length },
      progress,
      minutes: 0,
    };
  }
  const checkpoint = await loadCheckpoint(out);
  refuseOtherGame(game, checkpoint.run, out);
  if (settings.length > 0 || training.from !== undefined)
    throw new InputError('a run is fixed when it begins: --set and --from do not go with --resume');
  await checkEngine(out, checkpoint.run.engine, checkpoint.run.recipe.learningThreads);
  return { ...checkpoint, goal: goal ?? checkpoint.goal };
}

/** So many random games tell whether any lasts long enough. */
const TRIED = 1000;

/** Whether some random game goes on after so many plies. */
function lasts(game: Game, plies: number): boolean {
  const random = seededRandom(1);
  for (let tried = 0; tried < TRIED; tried++) {
    const start = settled(game, game.start, random);
    if (!game.outcome(randomlyOn(game, start, plies, random))) return true;
  }
  return false;
}

/** Throws InputError for settings that do not go together, or not with the game. */
function checkSelfPlay(game: Game, settings: SelfPlaySettings): void {
  for (const name of ['exactPositions', 'exactLeaves'] as const) {
    if (game.chances && settings[name] > 0) {
      throw new InputError(`${name}: ${game.name} has chance, and exact search knows none`);
    }
  }
  const { leastPlies, randomPlies } = settings;
  if (leastPlies > randomPlies) {
    throw new InputError(`leastPlies: games begin with ${leastPlies} to ${randomPlies} random plies, which is none`);
  }
  if (!lasts(game, leastPlies)) {
    throw new InputError(
      `leastPlies: of ${TRIED} random games of ${game.name} none lasts longer than ${leastPlies} plies`,
    );
  }
  const { exactPositions, exactLeaves, exactPlies, exactLines, exactFrom, decidedShare } = settings;
  const isExact = exactPositions > 0;
  const idle = [
    { name: 'exactPlies', does: exactPlies === 0 || isExact, without: 'exactPositions' },
    { name: 'decidedShare', does: decidedShare === 1 || isExact, without: 'exactPositions' },
    { name: 'exactLines', does: exactLines === 1 || exactPlies > 0, without: 'exactPlies' },
    {
      name: 'exactFrom',
      does: exactFrom === 0 || isExact || exactLeaves > 0,
      without: 'exactPositions or exactLeaves',
    },
  ].find(({ does }) => !does);
  if (idle) throw new InputError(`${idle.name} does nothing without ${idle.without}`);
}

/** Throws InputError for a snapshot in which there is no policy to go on with. */
function sizeOf({ folder, manifest: { recipe, settings } }: Snapshot) {
  const { filters, blocks, widths, heads = USUAL_HEADS } = settings;
  if (widths) throw new InputError(`${folder} was pruned; training goes on from the one it was made of`);
  if (blocks === undefined)
    throw new InputError(`${folder} is a network of ${recipe}, which has no policy to go on with`);
  return { filters, blocks, heads };
}

/** Lets the newest network play those rated before it, and keeps it for those to come. */
async function duels(hall: Threads, out: string, run: Run, iteration: number, weights: Weights) {
  await saveRated(out, run, iteration, weights);
  const fresh: BoutLine[] = [];
  for (const back of RATED_AGAINST) {
    const other = Math.max(1, iteration - (iteration % RATED_EVERY) - back * RATED_EVERY);
    if (other >= iteration || fresh.some(({ first, second }) => first === other || second === other)) continue;
    const number = 1000 * iteration + back;
    for (const { pair, first, score } of await hall.bouts(
      [hall.contestant(weights), hall.contestant(await loadRated(out, run, other))],
      RATED_PAIRS,
      number,
    )) {
      const [a, b] = first === 0 ? [iteration, other] : [other, iteration];
      fresh.push({ iteration, first: a, second: b, score, pair: `${number} ${pair}` });
    }
  }
  return fresh;
}

/** The network's Elo above the first iteration's, where it was rated. */
function eloOf(bouts: readonly BoutLine[], iteration: number): Pick<LogLine, 'elo' | 'eloError'> {
  if (!bouts.some(bout => bout.iteration === iteration)) return { elo: null, eloError: null };
  const results = bouts.map(({ first, second, score, pair }) => ({
    first: `${first}`,
    second: `${second}`,
    score,
    pair,
  }));
  const { elo, error } = rate(results, '1').ratings.find(({ name }) => name === `${iteration}`)!;
  return { elo: digits(elo, 0), eloError: digits(error, 0) };
}

function lineOf({ progress: { iteration, learned, lessons }, rate: learningRate, window, loss }: Iteration, run: Run) {
  const newest = lessons[iteration - 1]!;
  const own = lessons.slice(run.lessonsOf?.iterations);
  return {
    iteration,
    games: total(lessons, part => part.games),
    positions: total(lessons, part => part.count),
    evaluations: total(own, part => part.evaluations),
    steps: learned.steps,
    window,
    rate: digits(learningRate, 6),
    loss: digits(loss, 4),
    plies: digits(newest.plies / newest.games, 1),
    resigns: mayResign(lessons.slice(0, iteration)),
    playedOn: newest.playedOn,
    wronglyResigned: newest.wronglyResigned,
  };
}

const textOf = (
  { iteration, games, steps, loss, elo, validationKept, evaluations, minutes }: LogLine,
  { lessonsOf }: Run,
): string =>
  [
    `iteration ${iteration}`,
    `${games} games`,
    `loss ${steps === 0 ? '–' : loss}`,
    ...(elo === null ? [] : [`Elo ${elo}`]),
    ...(validationKept === null ? [] : [`value kept ${validationKept}`]),
    ...(lessonsOf ? [] : [`${Math.round(evaluations / (60 * minutes))} evaluations/s`]),
  ].join(', ');

const total = (lessons: readonly Lessons[], of: (part: Lessons) => number): number =>
  lessons.reduce((sum, part) => sum + of(part), 0);

const digits = (value: number, places: number): number => Number(value.toFixed(places));

/** Turns where a run stands into a snapshot, measured on the held-out positions if there are any. */
async function keepSnapshot(game: Game, { run, progress }: Checkpoint, folder: string) {
  const { iteration, learned, lessons } = progress;
  const { seed, recipe, parent, lessonsOf } = run;
  const about = {
    recipe: recipeOf(run),
    settings: { ...recipe },
    seed,
    parent,
    ...(lessonsOf && { lessonsOf }),
    iterations: iteration,
    games: total(lessons, part => part.games),
    positions: total(lessons, part => part.count),
    measured: await strengthOf(game, shapeOf(game, recipe), learned.weights),
  };
  return saveSnapshot(folder, game, learned.weights, about, await readFile(join(folder, 'log.jsonl'), 'utf8'));
}

/** The share of validation positions in which the network alone keeps the value. */
async function netKept(game: Game, { recipe }: Run, weights: Weights, positions: readonly Labelled[]) {
  const evaluator = await createEvaluator(shapeOf(game, recipe), weights, 1);
  const agent = specialistAgent(game, evaluator, { simulations: 0, fingerprint: '' });
  return digits((await measure(game, agent, positions, 0)).all.kept, 4);
}
