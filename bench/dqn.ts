/**
 * `npm run bench:dqn -- STUDY [GAME]`: what DQN's parts are worth, and what a
 * curriculum is. Takes an hour or two; nothing else runs it.
 *
 *   parts catch            each of the four extensions, one after the other
 *   curriculum breakout    with and without the easier ways to play
 *   noise breakout:balls=1,ticks=1000 --snapshot FOLDER
 *                          the points of a snapshot where some orders go wrong, as in MinAtar
 *   best catch             the mean points of the best possible play of catch
 *
 * The first two write docs/dqn-STUDY.jsonl, a line for each run: what is in it
 * already is not trained again. They print a table, and write it as a page of
 * curves, runs/dqn-STUDY.html; scripts/picture.mjs makes a picture of it.
 */

import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Agent } from '../agents/agent.ts';
import { DQN, type DqnRecipe } from '../agents/dqn.ts';
import { bestPoints } from '../agents/solo.ts';
import type { Catch } from '../games/catch/rules.ts';
import type { Move } from '../games/game.ts';
import { pick } from '../games/random.ts';
import type { Chart, Point } from '../src/curves.ts';
import { root } from '../src/files.ts';
import { gameNamed } from '../src/games.ts';
import { meanOf, pointsOf } from '../src/points.ts';
import { writeSheet } from '../src/sheet.ts';
import { loadSpecialist } from '../src/snapshots.ts';
import { lessonsOf } from '../src/train/dqn.ts';

/** One way to train. */
interface Variant {
  readonly name: string;
  readonly recipe: DqnRecipe;
  readonly games: readonly string[];
}

/** A run to be made. */
export interface DqnTask extends Variant {
  readonly seed: number;
  readonly rounds: number;
}

/** A line of the results: the points after each round, without random orders, over the same trials. */
interface DqnResult {
  readonly variant: string;
  readonly game: string;
  readonly seed: number;
  readonly ordersPerRound: number;
  readonly trialScores: readonly number[];
  /** Mean points in `finalGames` games after the last round. */
  readonly final: number;
  readonly finalGames: number;
}

const STUDIES: Readonly<Record<string, (game: string) => readonly Variant[]>> = {
  parts(game) {
    const off = { double: 'no', dueling: 'no', priority: 0, steps: 1 } as const;
    const recipes: readonly (readonly [string, DqnRecipe])[] = [
      ['DQN', { ...DQN, ...off }],
      ['+ double', { ...DQN, ...off, double: DQN.double }],
      ['+ dueling', { ...DQN, ...off, double: DQN.double, dueling: DQN.dueling }],
      ['+ prioritised', { ...DQN, steps: off.steps }],
      [`+ ${DQN.steps} steps`, DQN],
    ];
    return recipes.map(([name, recipe]) => ({ name, recipe, games: [game] }));
  },
  curriculum: game => [
    { name: 'the game alone', recipe: DQN, games: [game] },
    { name: 'curriculum', recipe: DQN, games: [...lessonsOf(gameNamed(game)), game] },
  ],
};

/** Student's t at 97.5 % for so many runs. */
const STUDENT: Readonly<Record<number, number>> = { 2: 12.71, 3: 4.303, 4: 3.182, 5: 2.776 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    seeds: { type: 'string', default: '3' },
    workers: { type: 'string', default: '2' },
    snapshot: { type: 'string' },
  },
});
const [study = '', name = ''] = positionals;

if (study === 'best') console.log(`${bestPoints(gameNamed(name), keyOfCatch).toFixed(4)} points of ${name}, exactly`);
else if (study === 'noise') await noise();
else if (Object.hasOwn(STUDIES, study)) await compare(STUDIES[study]!(name));
else {
  console.error(`bench:dqn: name a study: ${[...Object.keys(STUDIES), 'noise', 'best'].join(', ')}`);
  process.exitCode = 2;
}

function keyOfCatch(state: unknown): string {
  const { tick, falling, paddles } = state as Catch;
  return `${tick} ${paddles[0].column} ${paddles[0].slide} ${falling.join()}`;
}

/** MinAtar repeats an order of ten, and reports returns while one of ten is random. */
async function noise(): Promise<void> {
  const game = gameNamed(name);
  const agent = await loadSpecialist(game, 0, values.snapshot);
  for (const [repeated, random] of [
    [0, 0],
    [0.1, 0],
    [0.1, 0.1],
  ] as const) {
    const { mean, error, games } = meanOf(await pointsOf(game, noisyOrders(agent, repeated, random), 400, 1));
    console.log(
      `${name}: ${mean.toFixed(2)} ± ${error.toFixed(2)} points in ${games} games; ${100 * repeated} % of orders repeat the last, ${100 * random} % are random`,
    );
  }
}

async function compare(variants: readonly Variant[]): Promise<void> {
  const file = join(root, 'docs', `dqn-${study}.jsonl`);
  const read = (): readonly DqnResult[] =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .trim()
          .split('\n')
          .map(line => JSON.parse(line) as DqnResult)
      : [];
  const known = read();
  const rounds = Number(values.rounds);
  const tasks = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1).flatMap(seed =>
    variants
      .filter(variant => !known.some(result => result.variant === variant.name && result.seed === seed))
      .map((variant): DqnTask => ({ ...variant, seed, rounds })),
  );
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const task = tasks[next++]!;
      const worker = new Worker(new URL('./bench-dqn-worker.js', import.meta.url), { workerData: task });
      const result = await new Promise<Pick<DqnResult, 'trialScores' | 'final' | 'finalGames'>>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      const line: DqnResult = {
        variant: task.name,
        game: name,
        seed: task.seed,
        ordersPerRound: task.recipe.ordersPerRound,
        ...result,
      };
      await appendFile(file, `${JSON.stringify(line)}\n`);
      console.error(`${task.name}, seed ${task.seed}: ${result.final.toFixed(2)} points`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));

  const results = read();
  const rows = variants.map(({ name: variant }) => ({
    variant,
    runs: results.filter(result => result.variant === variant),
  }));
  console.log(`${name}: points after ${results[0]!.trialScores.length} rounds of ${results[0]!.ordersPerRound} orders`);
  console.log('variant            final ± 95 % of seeds   mean of all rounds   seeds');
  for (const { variant, runs } of rows) {
    const final = meanOf(runs.map(run => run.final));
    const whole = meanOf(runs.map(run => meanOf(run.trialScores).mean));
    const spread = (STUDENT[runs.length] ?? 1.96) / 1.96;
    console.log(
      `${variant.padEnd(18)} ${`${final.mean.toFixed(2)} ± ${(spread * final.error).toFixed(2)}`.padStart(21)}   ${`${whole.mean.toFixed(2)} ± ${(spread * whole.error).toFixed(2)}`.padStart(18)}   ${runs.length}`,
    );
  }
  await mkdir(join(root, 'runs'), { recursive: true });
  const page = join(root, 'runs', `dqn-${study}.html`);
  await writeSheet(page, {
    title: `${name}: ${study}`,
    program: 'curves',
    data: { title: `DQN on ${name}`, facts: [], charts: [chartOf(rows)] },
  });
  console.log(`the curves are in ${page}`);
}

/** A line for each variant: the mean over its seeds. */
function chartOf(rows: readonly { readonly variant: string; readonly runs: readonly DqnResult[] }[]): Chart {
  const points = (runs: readonly DqnResult[], of: (scores: readonly number[]) => number): readonly Point[] =>
    runs[0]!.trialScores.map((_, i) => ({
      x: (i + 1) * runs[0]!.ordersPerRound,
      y: of(runs.map(run => run.trialScores[i]!)),
    }));
  return {
    title: 'Points in a game without random orders, mean of the seeds',
    x: 'orders given in training',
    y: 'points',
    series: rows
      .filter(({ runs }) => runs.length > 0)
      .map(({ variant, runs }, colour) => ({
        colour,
        name: variant,
        points: points(runs, scores => meanOf(scores).mean),
        joined: true,
      })),
  };
}

/** An agent some of whose orders go wrong: a share of them repeats the order before, a share of the others is random. */
function noisyOrders(agent: Agent, repeated: number, random: number): Agent {
  let last: Move | undefined;
  return {
    ...agent,
    async decide(turn) {
      const decision = await agent.decide(turn);
      const chance = turn.random();
      const other = pick(turn.legal, turn.random);
      const wanted = turn.random() < random ? { move: other } : decision;
      const given = chance < repeated && last !== undefined && turn.legal.includes(last) ? { move: last } : wanted;
      last = 'move' in given ? given.move : undefined;
      return given;
    },
  };
}
