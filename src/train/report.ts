/** A training as a page of curves, made anew from its log after every iteration. */

import { join } from 'node:path';
import type { Game } from '../../games/game.ts';
import type { Chart, Curves, Point } from '../curves.ts';
import { writeSheet } from '../sheet.ts';
import { type Run, recipeOf } from './checkpoints.ts';

/** One iteration in log.jsonl. Games, positions and evaluations are those of the whole run so far, games and positions also of the runs whose lessons it learns. Evaluations and minutes depend on the machine, all else on the seed. */
export interface LogLine {
  readonly iteration: number;
  readonly games: number;
  readonly positions: number;
  readonly evaluations: number;
  readonly steps: number;
  readonly window: number;
  readonly rate: number;
  readonly loss: number;
  /** Mean length of the iteration's games from where self-play began. */
  readonly plies: number;
  /** Whether seats may resign in the next iteration; games in which one had to play on, and those that it did not lose. */
  readonly resigns: boolean;
  readonly playedOn: number;
  readonly wronglyResigned: number;
  /** Above the first iteration's network, where this one was rated. */
  readonly elo: number | null;
  readonly eloError: number | null;
  /** Share of labelled positions in which the network alone keeps the value, where there are any. */
  readonly validationKept: number | null;
  readonly minutes: number;
}

/** Whether the run learns the lessons of others: it plays no games meanwhile. */
export const isStudy = (lines: readonly LogLine[]): boolean =>
  lines.some(({ games }, i) => i > 0 && games === lines[i - 1]!.games);

/** What every run counts. */
export const STEPS = { name: 'steps of training', at: ({ steps }: Pick<LogLine, 'steps'>) => steps };

/** What curves of such runs are drawn over: games of self-play, or, where a run learns the lessons of others, all of which are there when it begins, steps. */
export const axisFor = (runs: readonly (readonly LogLine[])[]) =>
  runs.some(isStudy) ? STEPS : { name: 'games of self-play', at: ({ games }: LogLine) => games };

/** Writes report.html. Throws InputError where it cannot be written. */
export async function writeTrainingReport(
  folder: string,
  { title }: Game,
  run: Run,
  lines: readonly LogLine[],
): Promise<void> {
  const { name: x, at } = axisFor([lines]);
  const points = (y: (line: LogLine) => number | null): readonly Point[] =>
    lines.flatMap(line => {
      const value = y(line);
      return value === null ? [] : [{ x: at(line), y: value }];
    });
  const rated = lines.flatMap((line): Point[] =>
    line.elo === null ? [] : [{ x: at(line), y: line.elo, error: line.eloError ?? 0 }],
  );
  const first = rated.length > 0 && lines[0]!.iteration === 1 ? [{ x: at(lines[0]!), y: 0 }] : [];
  const chart = (name: string, y: string, series: readonly Point[]): Chart[] =>
    series.length === 0 ? [] : [{ title: name, x, y, series: [{ name: y, points: series, joined: true, colour: 0 }] }];
  const last = lines.at(-1)!;
  const speed = ({ evaluations, minutes }: LogLine, before: LogLine | undefined) =>
    (evaluations - (before?.evaluations ?? 0)) / (60 * Math.max(0.01, minutes - (before?.minutes ?? 0)));
  const curves: Curves = {
    title: `${title}: a specialist in training`,
    facts: [
      [
        'recipe',
        `${recipeOf(run)}, seed ${run.seed}${run.parent === null ? '' : `, from ${run.parent.slice(0, 12)}`}${run.lessonsOf ? ', lessons of other runs' : ''}`,
      ],
      ['network', `filters ${run.recipe.filters}, blocks ${run.recipe.blocks}`],
      ['iterations', String(last.iteration)],
      ['games', last.games.toLocaleString('en')],
      ['positions learned from', last.positions.toLocaleString('en')],
      ['evaluations', last.evaluations.toLocaleString('en')],
      ['minutes', last.minutes.toFixed(1)],
      ...(last.validationKept === null
        ? []
        : [['value kept by the network alone', `${(100 * last.validationKept).toFixed(1)} %`] as const]),
    ],
    charts: [
      ...chart('Strength, above the first network', 'Elo ± 95 %', [...first, ...rated]),
      ...chart(
        'Optimality of the network alone',
        'value kept',
        points(line => line.validationKept),
      ),
      ...chart(
        'Loss, cross entropy and squared error',
        'loss',
        points(line => (line.steps === 0 ? null : line.loss)),
      ),
      ...chart(
        'Length of games',
        'plies',
        points(line => line.plies),
      ),
      ...chart(
        'Throughput',
        'evaluations/s',
        lines.map((line, i) => ({ x: at(line), y: speed(line, lines[i - 1]) })).filter(({ y }) => y > 0),
      ),
    ],
  };
  await writeSheet(join(folder, 'report.html'), { title: curves.title, program: 'curves', data: curves });
}
