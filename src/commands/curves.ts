/** `swp curves`: training runs side by side, and, of one game, what one saved compared with another. */

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import type { Chart, Curves, Point, Series } from '../curves.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { examples } from '../options.ts';
import { writeSheet } from '../sheet.ts';
import { loadManifest } from '../snapshots.ts';
import { hasCheckpoint, readLog, readRun } from '../train/checkpoints.ts';
import type { DqnLine } from '../train/dqn.ts';
import type { LeagueLine } from '../train/league.ts';
import { axisFor, isStudy, type LogLine, STEPS } from '../train/report.ts';

export const curvesCommand = (): Command =>
  new Command('curves')
    .description('training runs side by side, and how many games of self-play each needs to be how good')
    .argument('<runs...>', 'folders of training runs or snapshots; those of one game are compared with the first')
    .option('--out <file>', 'the page of curves', 'curves.html')
    .addHelpText('after', examples('curves runs/alphazero runs/alphago', 'curves snapshots/hex/size=7/678e3a2072ab'))
    .action(curves);

/** A log's line, with what only those of DQN and of leagues tell. */
type Line = LogLine & Partial<Pick<DqnLine, 'orders' | 'trialScore'> & Pick<LeagueLine, 'nashConv'>>;

interface Run {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** How good a network is, by a log's line: how often it keeps the value, alone. */
const LEVELS = [0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

async function curves(folders: readonly string[], { out }: { readonly out: string }): Promise<void> {
  const played = await Promise.all(folders.map(gameIn));
  const [game, ...others] = new Set(played);
  const runs: readonly Run[] = await Promise.all(
    folders.map(async (folder, i) => ({
      name: others.length > 0 ? played[i]! : basename(folder),
      lines: await readLog<Line>(folder, 'log.jsonl'),
    })),
  );
  const data: Curves = {
    title: others.length > 0 ? 'Specialists in training' : `${gameNamed(game!).title}: runs of training side by side`,
    facts: [],
    charts: [
      chart('Optimality', 'value kept', runs, ({ validationKept }) => validationKept),
      chart('Strength', 'Elo above the first network', runs, ({ iteration, elo }) => (iteration === 1 ? 0 : elo)),
      chart('Points', 'points of a game', runs, ({ trialScore }) => trialScore),
      chart('Exploitability', 'NashConv', runs, ({ nashConv }) => nashConv),
      chart('Loss', 'loss', runs, ({ steps, loss }) => (steps === 0 ? null : loss)),
    ].filter(({ series }) => series.length > 0),
  };
  print(runs, others.length === 0);
  await writeSheet(out, { title: data.title, program: 'curves', data });
  console.log(`\nthe picture is ${out}`);
}

/** The game that a run, or the run that a snapshot came from, learned. */
async function gameIn(folder: string): Promise<string> {
  if (hasCheckpoint(folder)) return (await readRun(folder)).game;
  if (existsSync(join(folder, 'manifest.json'))) return (await loadManifest(folder)).game;
  throw new InputError(`${folder} holds neither a training run nor a snapshot`);
}

/** Runs of DQN count orders, not games; beside others what all count is steps. */
function axisOf(runs: readonly Run[]): { readonly name: string; readonly at: (line: Line) => number } {
  const isDqn = ({ lines }: Run) => lines.some(({ orders }) => orders !== undefined);
  if (runs.every(isDqn)) return { name: 'orders given', at: ({ orders }) => orders! };
  return runs.some(isDqn) ? STEPS : axisFor(runs.map(({ lines }) => lines));
}

function chart(title: string, y: string, runs: readonly Run[], of: (line: Line) => number | null | undefined): Chart {
  const axis = axisOf(runs);
  const series = runs.flatMap(({ name, lines }, colour): Series[] => {
    const points = lines.flatMap((line): Point[] => {
      const value = of(line) ?? undefined;
      const x = axis.at(line);
      // The axis is logarithmic: before the first step there is no place.
      return value === undefined || x === 0 ? [] : [{ x, y: value }];
    });
    return points.length > 1 ? [{ name, joined: true, colour, points }] : [];
  });
  return { title, x: axis.name, y, logarithmic: 'x', series };
}

/** The games of self-play after which a run was first so good, and stayed so for one more iteration; undefined if never, or if they are the games of others. */
function gamesUntil({ lines }: Run, level: number): number | undefined {
  if (isStudy(lines)) return undefined;
  const good = (line: Line | undefined) => line === undefined || (line.validationKept ?? 0) >= level;
  return lines.find((line, i) => good(line) && good(lines[i + 1]))?.games;
}

/** The table, and what each saved beside the first where all learn one game. */
function print(runs: readonly Run[], alike: boolean): void {
  const [first, ...others] = runs;
  const reached = LEVELS.filter(level => runs.some(run => gamesUntil(run, level) !== undefined));
  if (reached.length === 0) {
    const tells = runs.some(({ lines }) => lines.some(({ validationKept }) => typeof validationKept === 'number'));
    const isOfOthers = runs.every(({ lines }) => isStudy(lines));
    console.log(
      !tells
        ? 'none of these logs tells how often the network alone keeps the value'
        : isOfOthers
          ? 'what was learned of the games of others tells nothing of how many games it takes'
          : `no network alone keeps the value in ${100 * LEVELS[0]!} % yet`,
    );
    return;
  }
  const width = Math.max(10, ...runs.map(({ name }) => name.length));
  console.log(`games of self-play until the network alone keeps the value so often`);
  console.log(`          ${runs.map(({ name }) => name.padStart(width)).join('  ')}`);
  for (const level of reached) {
    const counts = runs.map(run => gamesUntil(run, level));
    const columns = counts.map(count => (count?.toLocaleString('en') ?? '–').padStart(width));
    const saved = (alike ? others : []).flatMap((_, i) => {
      const [all, fewer] = [counts[0], counts[i + 1]];
      return all === undefined || fewer === undefined ? [] : [(all - fewer).toLocaleString('en')];
    });
    const told = saved.length > 0 ? `   saved beside ${first!.name}: ${saved.join(', ')}` : '';
    console.log(`${`${(100 * level).toFixed(1)} %`.padStart(8)}  ${columns.join('  ')}${told}`);
  }
}
