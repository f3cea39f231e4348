/** Smaller networks made of a snapshot: distilled into a new one, or pruned. */

import { RECIPE } from '../../agents/alphazero.ts';
import {
  type Agreement,
  agreement,
  DISTILLATION,
  type DistilRecipe,
  follow,
  sizeOfStudent,
  type Taught,
  teach,
} from '../../agents/distil.ts';
import { freshWeights, type NetworkShape, parameterCount, shapeFor, type Weights } from '../../agents/network.ts';
import { importance, survivors, without } from '../../agents/prune.ts';
import { selfPlay } from '../../agents/selfplay.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import { seededRandom } from '../../games/random.ts';
import { InputError } from '../errors.ts';
import { makeFolder } from '../files.ts';
import { loadPolicy, type Snapshot, saveSnapshot } from '../snapshots.ts';
import { engineToBegin } from './engine.ts';
import { trainingProgress } from './progress.ts';
import { strengthOf } from './strength.ts';

/** What is asked for. */
export interface Flash {
  /** A folder, or the hash of a snapshot that ships. */
  readonly teacher: string;
  /** Of the teacher's parameters, above 0 and below 1. */
  readonly share: number;
  /** Positions that the teacher judges. */
  readonly positions: number;
  readonly seed: number;
  readonly out: string;
}

/** Games side by side while the teacher plays. */
const TABLES = 64;

/** A share may be missed by so much: a network comes in whole filters. */
const TOLERANCE = 1.5;

/** Trains a smaller network from nothing to judge as the teacher does, and leaves its snapshot in `out`. */
export async function distil({ teacher: name, share, positions, seed, out }: Flash): Promise<void> {
  const teacher = await loadPolicy(undefined, name);
  const { game } = teacher;
  const size = sizeOfStudent(game, teacher.shape, share);
  const shape = shapeFor(game, size.filters, size.blocks, { heads: size.heads });
  refuseFar(teacher.shape, shape, share, 'the smallest student');
  const recipe: DistilRecipe = { ...DISTILLATION, positions };
  await makeFolder(out);
  const engine = await engineToBegin();
  const lessons = schoolOf('distilling');
  const taught = await lessons.taught(teacher, recipe, seed);
  const start = freshWeights(shape, seededRandom(seed));
  let weights = start;
  for await (const schooling of follow(game, shape, start, taught, recipe, seed, engine)) {
    weights = schooling.weights;
    lessons.tell(schooling.done, schooling.loss);
  }
  const settings = { ...size, share, ...recipe, engine };
  await keep(teacher, 'distil', shape, weights, settings, taught, seed, out, lessons.stop());
}

/** Pruning goes in so many steps, each followed by learning: what matters changes as filters go. */
const ROUNDS = 3;

/** How the pruned network learns in each round: it knows most already. */
const AFTER_PRUNING = { lessonsPerPosition: 1, rate: [1e-3, 5e-5] } as const;

/** Games of self-play on which importance is measured. */
const GAMES = 64;
const GAMES_AT_ONCE = 16;

/** Takes out the inner filters that matter least, lets the rest learn to judge as the whole did, and leaves its snapshot in `out`. */
export async function prune({ teacher: name, share, positions, seed, out }: Flash): Promise<void> {
  const teacher = await loadPolicy(undefined, name);
  const { game } = teacher;
  const whole = parameterCount(teacher.shape);
  const narrowest = survivors(
    teacher.shape,
    teacher.shape.widths.map(width => Array<number>(width).fill(0)),
    0,
  ).map(({ length }) => length);
  refuseFar(
    teacher.shape,
    { ...teacher.shape, widths: narrowest },
    share,
    'all that can be pruned leaves a network that',
    1,
  );
  const recipe: DistilRecipe = { ...DISTILLATION, positions, ...AFTER_PRUNING };
  await makeFolder(out);
  const engine = await engineToBegin();
  const lessons = schoolOf('pruning');
  const taught = await lessons.taught(teacher, recipe, seed);
  const played = await selfPlay(
    game,
    await createEvaluator(teacher.shape, teacher.weights, GAMES_AT_ONCE),
    RECIPE.selfPlay,
    { seed, from: 0, to: GAMES, resigns: false },
    () => false,
  );
  let now = { shape: teacher.shape, weights: teacher.weights };
  for (let round = 1; round <= ROUNDS; round++) {
    const matters = await importance(game, now.shape, now.weights, played, recipe.batch, seed, engine);
    const kept = survivors(now.shape, matters, whole * share ** (round / ROUNDS));
    const { shape, weights } = without(now.shape, now.weights, kept);
    now = { shape, weights };
    for await (const schooling of follow(game, shape, weights, taught, recipe, seed + round, engine)) {
      now = { shape, weights: schooling.weights };
      lessons.tell((round - 1 + schooling.done) / ROUNDS, schooling.loss);
    }
  }
  const { filters, widths, heads } = now.shape;
  const settings = { filters, blocks: widths.length, widths, heads, share, rounds: ROUNDS, ...recipe, engine };
  await keep(teacher, 'prune', now.shape, now.weights, settings, taught, seed, out, lessons.stop());
}

/** Throws InputError where the nearest network there is has not about so many parameters. */
function refuseFar(teacher: NetworkShape, student: NetworkShape, share: number, what: string, tolerance = TOLERANCE) {
  const nearest = parameterCount(student) / parameterCount(teacher);
  if (nearest > share * tolerance) {
    throw new InputError(
      `${what} has ${parameterCount(student)} parameters, ${Number(nearest.toPrecision(2))}x of the teacher's; ${share}x is too small`,
    );
  }
}

/** What is told, shown and logged on the way. */
function schoolOf(doing: string) {
  const clock = performance.now();
  const progress = trainingProgress(() => (performance.now() - clock) / 60_000);
  const lines: string[] = [];
  return {
    async taught(teacher: Snapshot & { readonly shape: NetworkShape }, recipe: DistilRecipe, seed: number) {
      progress.show(0, `${doing}: the teacher plays ${recipe.positions} positions`);
      return teach(teacher.game, await createEvaluator(teacher.shape, teacher.weights, TABLES), recipe, seed);
    },
    tell(done: number, loss: number) {
      lines.push(JSON.stringify({ done: Number(done.toFixed(3)), loss: Number(loss.toFixed(4)) }));
      progress.show(done, `${doing}: loss ${loss.toFixed(4)}`);
    },
    /** The log. */
    stop(): string {
      progress.stop();
      return `${lines.join('\n')}\n`;
    },
  };
}

async function keep(
  { game, manifest, shape: whole }: Snapshot & { readonly shape: NetworkShape },
  recipe: string,
  shape: NetworkShape,
  weights: Weights,
  settings: { readonly filters: number; readonly [name: string]: unknown },
  taught: Taught,
  seed: number,
  out: string,
  log: string,
): Promise<void> {
  const beside: Agreement = await agreement(shape, weights, taught);
  const about = {
    recipe,
    settings,
    seed,
    parent: manifest.sha256,
    iterations: 1,
    games: 0,
    positions: taught.values.length,
    measured: { ...(await strengthOf(game, shape, weights)), beside },
  };
  const place = await saveSnapshot(out, game, weights, about, log);
  const count = parameterCount(shape);
  console.log(
    `${count} parameters, ${(count / parameterCount(whole)).toFixed(2)}x of the teacher's; in ${beside.positions} positions kept aside it likes the same move best in ${(100 * beside.sameMove).toFixed(1)} %, and its value differs by ${beside.valueError.toFixed(3)}`,
  );
  console.log(`the snapshot is ${place}`);
}
