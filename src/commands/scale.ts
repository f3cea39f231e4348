/** `swp scale`: how strength grows with parameters, games of self-play and search. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { shapeOf } from '../../agents/alphazero.ts';
import { parameters, sizeOf } from '../../agents/network.ts';
import { type Result, rate } from '../../arena/rating.ts';
import {
  AXES,
  type Axis,
  type Fit,
  type Foretold,
  fitScaling,
  foretell,
  predicted,
  type Rated,
} from '../../arena/scaling.ts';
import type { Game } from '../../games/game.ts';
import type { Chart, Curves, Series } from '../curves.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { examples, seedOption, wholeNumber } from '../options.ts';
import { writeSheet } from '../sheet.ts';
import { RATED_EVERY, trainAlphaZero } from '../train/alphazero.ts';
import { hasCheckpoint, loadCheckpoint, loadRated, refuseOtherGame } from '../train/checkpoints.ts';
import { openHall } from '../train/hall.ts';
import { alone } from '../train/lock.ts';
import { trainingProgress } from '../train/progress.ts';
import type { Contestant } from '../train/selfplay-worker.ts';

interface Options {
  readonly filters: readonly number[];
  readonly blocks: number;
  readonly iterations: number;
  readonly gamesPerIteration: number;
  readonly nodes: readonly number[];
  readonly pairs: number;
  readonly out: string;
  readonly workers: number;
  readonly seed: number;
}

/** A list of two or more whole numbers, in ascending order. */
const numbers =
  (name: string, most: number) =>
  (text: string): readonly number[] => {
    const list = text.split(',').map(wholeNumber(name, 1, most));
    if (list.length < 2) throw new InputError(`${name} takes two numbers or more, as in ${name} 4,13,40`);
    return [...new Set(list)].sort((a, b) => a - b);
  };

export const scaleCommand = (): Command =>
  new Command('scale')
    .description('how strength grows with parameters, self-play games and search, with fitted lines')
    .argument('<game>', 'the game to learn')
    .addOption(
      new Option('--filters <list>', 'widths of the networks')
        .argParser(numbers('--filters', 512))
        .default([4, 13, 40], '4,13,40'),
    )
    .option('--blocks <n>', 'residual blocks of each', wholeNumber('--blocks', 1, 40), 2)
    .option(
      '--iterations <n>',
      'iterations of training of each; a tenth and a third of them are rated too',
      wholeNumber('--iterations', 50, 100_000),
      100,
    )
    .option(
      '--games-per-iteration <n>',
      'games of self-play in one',
      wholeNumber('--games-per-iteration', 2, 100_000),
      64,
    )
    .addOption(
      new Option('--nodes <list>', 'simulations a move that are rated')
        .argParser(numbers('--nodes', 100_000))
        .default([1, 10, 100], '1,10,100'),
    )
    .option('--pairs <n>', 'pairs of matches between two neighbours', wholeNumber('--pairs', 1, 10_000), 10)
    .option('--out <folder>', 'where the runs go; finished ones are not trained again', 'runs/scale')
    .option('--workers <w>', 'threads that play', wholeNumber('--workers', 1, 256), 2)
    .addOption(seedOption())
    .addHelpText(
      'after',
      examples('scale hex:size=5', 'scale connect-four --filters 8,25,80 --iterations 300 --out runs/scale-c4'),
    )
    .action((name: string, options: Options) => alone(options.out, () => scale(name, options)));

/** A player of the study: a network as it was at some iteration, with some search. */
interface Player {
  readonly rung: readonly [filters: number, iteration: number, nodes: number];
  readonly axes: Readonly<Record<Axis, number>>;
  readonly contestant: Contestant;
}

async function scale(name: string, options: Options): Promise<void> {
  const game = gameNamed(name);
  const iterations = milestones(options.iterations);
  const players: Player[] = [];
  for (const [i, filters] of options.filters.entries()) {
    const folder = join(options.out, `filters-${filters}`);
    console.error(`${filters} filters: network ${i + 1} of ${options.filters.length}`);
    await train(game, folder, filters, options);
    players.push(...(await playersIn(game, folder, iterations, options.nodes)));
  }
  const points = await rated(game, players, options);
  const fit = fitScaling(points);
  const foretold = AXES.flatMap(axis => foretell(points, axis) ?? []);
  print(game, points, fit, foretold);
  await writeFile(
    join(options.out, 'scale.json'),
    `${JSON.stringify({ game: game.name, points, fit, foretold }, null, 2)}\n`,
  );
  const page = join(options.out, 'scale.html');
  const data = curvesOf(game, points, fit, foretold);
  await writeSheet(page, { title: data.title, program: 'curves', data });
  console.log(`\nthe picture is ${page}, the numbers are in ${join(options.out, 'scale.json')}`);
}

/** The iterations that are rated: a tenth, a third and all of them, as near as networks are kept. */
const milestones = (iterations: number): readonly number[] =>
  [0.1, Math.sqrt(0.1), 1].map(part =>
    Math.max(RATED_EVERY, RATED_EVERY * Math.round((part * iterations) / RATED_EVERY)),
  );

/** Trains a network of the study, or goes on with it; does nothing where it is trained. */
async function train(
  game: Game,
  out: string,
  filters: number,
  { blocks, iterations, gamesPerIteration, workers, seed }: Options,
) {
  const resume = hasCheckpoint(out);
  if (resume) {
    const { run, progress } = await loadCheckpoint(out);
    const { recipe } = run;
    refuseOtherGame(game, run, out);
    if (run.seed !== seed || recipe.blocks !== blocks || recipe.gamesPerIteration !== gamesPerIteration) {
      throw new InputError(
        `the run in ${out} has the seed ${run.seed}, ${recipe.blocks} blocks and ${recipe.gamesPerIteration} games in an iteration; ask for the same, or choose another --out`,
      );
    }
    if (progress.iteration >= iterations) return;
  }
  const wanted = { filters, blocks, gamesPerIteration, fullSimulations: 32, leastWindow: 5000, batch: 128 };
  const settings = resume ? [] : Object.entries(wanted).map(([key, value]) => `${key}=${value}`);
  await trainAlphaZero(game, { iterations, seed, settings, out, workers, resume, curriculum: false });
}

async function playersIn(
  game: Game,
  folder: string,
  iterations: readonly number[],
  nodes: readonly number[],
): Promise<readonly Player[]> {
  const { run, progress } = await loadCheckpoint(folder);
  const players: Player[] = [];
  for (const iteration of iterations) {
    const weights = await loadRated(folder, run, iteration);
    const games = progress.lessons.slice(0, iteration).reduce((sum, part) => sum + part.games, 0);
    for (const simulations of nodes) {
      const contestant: Contestant = { shape: shapeOf(game, run.recipe), weights, simulations };
      const size = parameters(contestant.shape).reduce((sum, parameter) => sum + sizeOf(parameter), 0);
      players.push({
        rung: [run.recipe.filters, iteration, simulations],
        axes: { parameters: size, games, nodes: simulations },
        contestant,
      });
    }
  }
  return players;
}

/** Lets neighbours, who differ in one thing by one step, play each other; rates all above the least. */
async function rated(game: Game, players: readonly Player[], { out, filters, pairs, workers, seed }: Options) {
  const { run } = await loadCheckpoint(join(out, `filters-${filters[0]}`));
  const levels = [0, 1, 2].map(axis => [...new Set(players.map(({ rung }) => rung[axis]!))].sort((a, b) => a - b));
  const place = ({ rung }: Player) => rung.map((value, axis) => levels[axis]!.indexOf(value));
  const steps = (a: Player, b: Player) => place(a).reduce((sum, at, axis) => sum + Math.abs(at - place(b)[axis]!), 0);
  const meetings = players.flatMap((first, i) =>
    players.slice(i + 1).flatMap(second => (steps(first, second) === 1 ? [[first, second] as const] : [])),
  );
  const clock = performance.now();
  const progress = trainingProgress(() => (performance.now() - clock) / 60_000);
  const hall = await openHall(game, { ...run, seed }, workers);
  const results: Result[] = [];
  try {
    for (const [number, [a, b]] of meetings.entries()) {
      for (const { pair, first, score } of await hall.bouts([a.contestant, b.contestant], pairs, number)) {
        const [one, other] = first === 0 ? [a, b] : [b, a];
        results.push({ first: nameOf(one), second: nameOf(other), score, pair: `${number} ${pair}` });
      }
      progress.show((number + 1) / meetings.length, `${results.length} matches between ${players.length} players`);
    }
  } finally {
    progress.stop();
    await hall.close();
  }
  const { ratings } = rate(results, nameOf(players[0]!));
  return players.map((player): Rated => {
    const { elo, error } = ratings.find(({ name }) => name === nameOf(player))!;
    return { ...player.axes, elo, error };
  });
}

const nameOf = ({ rung }: Player): string => rung.join(' ');

const WORDS: Readonly<Record<Axis, string>> = {
  parameters: 'parameters',
  games: 'games of self-play',
  nodes: 'simulations a move',
};

function print(game: Game, points: readonly Rated[], fit: Fit, foretold: readonly Foretold[]): void {
  console.log(`${game.title}: Elo above the least of ${points.length} players\n`);
  console.log('parameters    games   nodes      Elo ± 95 %   the lines say   residual');
  for (const point of points) {
    const line = predicted(fit, point);
    console.log(
      `${String(point.parameters).padStart(10)} ${String(point.games).padStart(8)} ${String(point.nodes).padStart(7)}   ${`${point.elo.toFixed(0)} ± ${point.error.toFixed(0)}`.padStart(13)}   ${line.toFixed(0).padStart(13)}   ${signed(point.elo - line).padStart(8)}`,
    );
  }
  console.log();
  for (const axis of AXES) {
    const slope = fit.perTenfold[axis];
    if (slope) console.log(`ten times the ${WORDS[axis]}: ${signed(slope.elo)} ± ${slope.error.toFixed(0)} Elo`);
  }
  console.log(
    `the lines explain ${(100 * fit.explained).toFixed(1)} % of the variance and miss by ${fit.residual.toFixed(0)} Elo (root mean square)`,
  );
  for (const { axis, most, predicted: line, measured } of foretold) {
    console.log(
      `foretold from less for ${most.toLocaleString('en')} ${WORDS[axis]}: ${line.toFixed(0)} Elo; that gave ${measured.toFixed(0)}`,
    );
  }
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(0)}`;

/** A chart for each axis: the players as dots, and the fitted line of each series. */
function curvesOf(game: Game, points: readonly Rated[], fit: Fit, foretold: readonly Foretold[]): Curves {
  const chart = (axis: Axis): Chart => {
    const others = AXES.filter(other => other !== axis);
    // One series for each value of the others: only those at their most, and at their least, or it is a thicket.
    const ends = [Math.max, Math.min].map(end =>
      Object.fromEntries(others.map(other => [other, end(...points.map(point => point[other]))])),
    );
    const series = ends.flatMap((end, colour): Series[] => {
      const own = points.filter(point => others.every(other => point[other] === end[other]));
      const name = others.map(other => `${end[other]!.toLocaleString('en')} ${WORDS[other]}`).join(', ');
      return [
        { name, joined: false, colour, points: own.map(({ elo, error, ...at }) => ({ x: at[axis], y: elo, error })) },
        {
          name: 'fitted',
          joined: true,
          colour,
          points: own.map(point => ({ x: point[axis], y: predicted(fit, point) })),
        },
      ];
    });
    return { title: `Elo against ${WORDS[axis]}`, x: WORDS[axis], y: 'Elo', logarithmic: 'x', series };
  };
  return {
    title: `${game.title}: what strength costs`,
    facts: [
      ...AXES.flatMap((axis): (readonly [string, string])[] => {
        const slope = fit.perTenfold[axis];
        return slope ? [[`ten times the ${WORDS[axis]}`, `${signed(slope.elo)} ± ${slope.error.toFixed(0)} Elo`]] : [];
      }),
      ['explained by the lines', `${(100 * fit.explained).toFixed(1)} %, residual ${fit.residual.toFixed(0)} Elo`],
      ...foretold.map(
        ({ axis, most, predicted: line, measured }) =>
          [
            `${most.toLocaleString('en')} ${WORDS[axis]}, foretold from less`,
            `${line.toFixed(0)} Elo; measured ${measured.toFixed(0)}`,
          ] as const,
      ),
    ],
    charts: AXES.filter(axis => fit.perTenfold[axis]).map(chart),
  };
}
