/** `swp curves`: training runs of one game side by side, and what one saved compared with another. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import type { Chart, Curves, Series } from '../curves.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { examples } from '../options.ts';
import { writeSheet } from '../sheet.ts';
import { readRun } from '../train/checkpoints.ts';
import type { LogLine } from '../train/report.ts';

export const curvesCommand = (): Command =>
  new Command('curves')
    .description('training runs of one game side by side, and how many games of self-play each needs to be how good')
    .argument('<runs...>', 'folders of training runs; the others are compared with the first')
    .option('--out <file>', 'the page of curves', 'curves.html')
    .addHelpText('after', examples('curves runs/alphazero runs/alphago', 'curves runs/* --out docs/curves.html'))
    .action(curves);

interface Run {
  readonly name: string;
  readonly lines: readonly LogLine[];
}

/** How good a network is, by a log's line: how often it keeps the value, alone. */
const LEVELS = [0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

async function curves(folders: readonly string[], { out }: { readonly out: string }): Promise<void> {
  const games = new Set<string>();
  const runs = await Promise.all(
    folders.map(async (folder): Promise<Run> => {
      games.add((await readRun(folder)).game);
      return { name: basename(folder), lines: linesOf(folder) };
    }),
  );
  if (games.size > 1) throw new InputError(`these runs are of different games: ${[...games].join(', ')}`);
  const game = gameNamed([...games][0]!);
  const data: Curves = {
    title: `${game.title}: runs of training side by side`,
    facts: [],
    charts: [
      chart('Optimality', 'value kept', runs, line => line.validationKept),
      chart('Loss', 'cross entropy + squared error', runs, line => (line.steps === 0 ? null : line.loss)),
    ].filter(({ series }) => series.length > 0),
  };
  print(runs);
  await writeSheet(out, { title: data.title, program: 'curves', data });
  console.log(`\nthe picture is ${out}`);
}

function linesOf(folder: string): readonly LogLine[] {
  const file = join(folder, 'log.jsonl');
  if (!existsSync(file)) throw new InputError(`${folder} holds no log.jsonl: nothing was trained there yet`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map(line => JSON.parse(line) as LogLine);
}

function chart(title: string, y: string, runs: readonly Run[], of: (line: LogLine) => number | null): Chart {
  const series = runs.flatMap(({ name, lines }): Series[] => {
    const points = lines.flatMap(line => {
      const value = of(line);
      return value === null ? [] : [{ x: line.games, y: value }];
    });
    return points.length > 0 ? [{ name, joined: true, points }] : [];
  });
  return { title, x: 'games of self-play', y, series };
}

/** The games of self-play after which a run was first so good, and stayed so for one more iteration; undefined if never. */
function gamesUntil({ lines }: Run, level: number): number | undefined {
  const good = (line: LogLine | undefined) => line === undefined || (line.validationKept ?? 0) >= level;
  return lines.find((line, i) => good(line) && good(lines[i + 1]))?.games;
}

function print(runs: readonly Run[]): void {
  const [first, ...others] = runs;
  const reached = LEVELS.filter(level => runs.some(run => gamesUntil(run, level) !== undefined));
  if (reached.length === 0) {
    console.log('none of these logs tells how often the network keeps the value: there are no solved positions');
    return;
  }
  const width = Math.max(10, ...runs.map(({ name }) => name.length));
  console.log(`games of self-play until the network alone keeps the value so often`);
  console.log(`          ${runs.map(({ name }) => name.padStart(width)).join('  ')}`);
  for (const level of reached) {
    const counts = runs.map(run => gamesUntil(run, level));
    const columns = counts.map(count => (count?.toLocaleString('en') ?? '–').padStart(width));
    const saved = others.flatMap((_, i) => {
      const [all, fewer] = [counts[0], counts[i + 1]];
      return all === undefined || fewer === undefined ? [] : [(all - fewer).toLocaleString('en')];
    });
    const told = saved.length > 0 ? `   saved beside ${first!.name}: ${saved.join(', ')}` : '';
    console.log(`${`${(100 * level).toFixed(1)} %`.padStart(8)}  ${columns.join('  ')}${told}`);
  }
}
