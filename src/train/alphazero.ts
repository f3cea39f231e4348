/** AlphaZero's recipe on one game, in worker threads, with checkpoints. */

import { once } from 'node:events';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SingleBar } from 'cli-progress';
import {
  beginning,
  Diverged,
  type Iteration,
  type Play,
  type Progress,
  positionKey,
  RECIPE,
  shapeOf,
  train,
} from '../../agents/alphazero.ts';
import type { Lessons } from '../../agents/selfplay.ts';
import { specialistAgent } from '../../agents/specialist.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import type { Game } from '../../games/game.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { hasPositions, isTrial, type Labelled, loadPositions, measure, type Shares } from '../positions.ts';
import { saveSnapshot } from '../snapshots.ts';
import { hasCheckpoint, loadCheckpoint, type Run, saveCheckpoint } from './checkpoints.ts';
import type { WorkerSetup, WorkerTask } from './selfplay-worker.ts';
import type { Training } from './training.ts';

export async function trainAlphaZero(game: Game, options: Training): Promise<void> {
  const { name } = game;
  if (!options.resume && hasCheckpoint(options.out)) {
    throw new InputError(`${options.out} already holds a training run; go on with --resume, or choose another --out`);
  }
  const {
    run,
    progress,
    minutes: before,
  } = options.resume
    ? await loadCheckpoint(options.out)
    : {
        run: { game: name, seed: options.seed, recipe: RECIPE },
        progress: beginning(game, RECIPE, options.seed),
        minutes: 0,
      };
  if (run.game !== name) throw new InputError(`the run in ${options.out} trains ${run.game}, not ${name}`);

  const validation = await trials(game);
  const heldOut = await heldOutKeys(game);
  const workers = Array.from({ length: options.workers }, () => startWorker(run, heldOut));
  const began = performance.now();
  const minutes = () => before + (performance.now() - began) / 60_000;
  const done = (iteration: number) =>
    Math.min(1, options.minutes === undefined ? iteration / options.iterations! : minutes() / options.minutes);
  const bar = new SingleBar({ format: ' {bar} {percentage}% | {line}', hideCursor: true, noTTYOutput: false });
  bar.start(1, 0, { line: 'first games' });
  await mkdir(options.out, { recursive: true });

  let last = progress;
  try {
    const iterations = train(game, run.recipe, run.seed, progress, playWith(workers), done);
    while (done(last.iteration) < 1) {
      const iteration = (await iterations.next()).value as Iteration;
      last = iteration.progress;
      await saveCheckpoint(options.out, run, iteration.progress, minutes());
      const { learned, lessons } = iteration.progress;
      const newest = lessons.at(-1)!;
      const kept = validation.length > 0 ? await netKept(game, run, learned.weights, validation) : null;
      const total = (count: (part: Lessons) => number) => lessons.reduce((sum, part) => sum + count(part), 0);
      const line = {
        iteration: iteration.progress.iteration,
        games: total(({ games }) => games),
        positions: total(({ count }) => count),
        evaluations: total(({ evaluations }) => evaluations),
        steps: learned.steps,
        window: iteration.window,
        rate: digits(iteration.rate, 6),
        loss: digits(iteration.loss, 4),
        validationKept: kept === null ? null : digits(kept, 4),
        minutes: digits(minutes(), 2),
      };
      await appendFile(join(options.out, 'log.jsonl'), `${JSON.stringify(line)}\n`);
      const share = done(line.iteration);
      const speed = Math.round(total(({ evaluations }) => evaluations) / (minutes() * 60));
      bar.update(share, {
        line: `iteration ${line.iteration}, ${line.games} games (${newest.count} new positions), loss ${line.loss}, value kept ${line.validationKept}, ${speed} evaluations/s, ${Math.ceil((minutes() / share) * (1 - share))} min left`,
      });
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    throw new InputError(`${error.message}; the checkpoint before it is in ${options.out}`);
  } finally {
    bar.stop();
    await Promise.all(workers.map(worker => worker.terminate()));
  }
  console.log(`the snapshot is ${await keepSnapshot(game, run, last, options.out)}`);
}

/** Turns where a run stands into a snapshot, measured on the held-out positions if there are any. */
async function keepSnapshot(
  game: Game,
  { seed, recipe }: Run,
  { iteration, learned, lessons }: Progress,
  folder: string,
) {
  const evaluator = await createEvaluator(shapeOf(game, recipe), learned.weights, 1 + game.symmetries.length);
  const positions = hasPositions(game, 'heldout') ? (await loadPositions(game, 'heldout')).filter(isTrial) : [];
  const measured: Record<string, Shares> = {};
  for (const simulations of positions.length > 0 ? [0, 200] : []) {
    const agent = specialistAgent(game, evaluator, { simulations, fingerprint: '' });
    measured[`specialist:simulations=${simulations}`] = (await measure(game, agent, positions, 1)).all;
  }
  const sum = (count: (part: Lessons) => number) => lessons.reduce((total, part) => total + count(part), 0);
  const about = {
    recipe: 'alphazero',
    settings: { ...recipe },
    seed,
    parent: null,
    iterations: iteration,
    games: sum(({ games }) => games),
    positions: sum(({ count }) => count),
    measured,
  };
  return saveSnapshot(folder, game, learned.weights, about, await readFile(join(folder, 'log.jsonl'), 'utf8'));
}

const digits = (value: number, places: number): number => Number(value.toFixed(places));

const trials = async (game: Game): Promise<readonly Labelled[]> =>
  hasPositions(game, 'validation') ? (await loadPositions(game, 'validation')).filter(isTrial) : [];

/** The keys of every labelled position, so that none is trained on. */
export async function heldOutKeys(game: Game): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const split of ['heldout', 'validation'] as const) {
    if (!hasPositions(game, split)) continue;
    for (const { state } of await loadPositions(game, split)) keys.add(positionKey(game, game.observe(state)));
  }
  return keys;
}

async function netKept(
  game: Game,
  run: Run,
  weights: WorkerTask['weights'],
  positions: readonly Labelled[],
): Promise<number> {
  const evaluator = await createEvaluator(shapeOf(game, run.recipe), weights, 1);
  const agent = specialistAgent(game, evaluator, { simulations: 0, fingerprint: '' });
  return (await measure(game, agent, positions, 0)).all.kept;
}

function startWorker({ game, seed, recipe }: Run, heldOut: ReadonlySet<string>): Worker {
  const setup: WorkerSetup = {
    game,
    shape: shapeOf(gameNamed(game), recipe),
    settings: recipe.selfPlay,
    seed,
    heldOut,
  };
  return new Worker(new URL('./selfplay-worker.js', import.meta.url), { workerData: setup });
}

/** Shares an iteration's games out among the workers. The lessons come back in the order of the games. */
const playWith =
  (workers: readonly Worker[]): Play =>
  async (weights, from, to) => {
    const bounds = workers.map((_, i) => from + Math.floor(((to - from) * i) / workers.length));
    const parts = await Promise.all(
      workers.map(async (worker, i) => {
        const task: WorkerTask = { weights, from: bounds[i]!, to: bounds[i + 1] ?? to };
        worker.postMessage(task);
        const [lessons] = (await once(worker, 'message')) as [Lessons];
        return lessons;
      }),
    );
    return together(parts);
  };

function together(parts: readonly Lessons[]): Lessons {
  const sum = (of: (part: Lessons) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    count: sum(({ count }) => count),
    observations: Uint8Array.from(Buffer.concat(parts.map(({ observations }) => observations))),
    policies: Float32Array.from(parts.flatMap(({ policies }) => [...policies])),
    values: Float32Array.from(parts.flatMap(({ values }) => [...values])),
    games: sum(({ games }) => games),
    evaluations: sum(({ evaluations }) => evaluations),
    playedOn: sum(({ playedOn }) => playedOn),
    wronglyResigned: sum(({ wronglyResigned }) => wronglyResigned),
  };
}
