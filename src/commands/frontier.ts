/** `swp frontier`: what a game's snapshots are worth and what they cost, as a picture. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { parameterCount } from '../../agents/network.ts';
import { roundRobin } from '../../arena/schedule.ts';
import { InputError } from '../errors.ts';
import { makeFolder } from '../files.ts';
import { type Entrant, frontierCurves, frontierOf, labelOf, millisecondsOf } from '../frontier.ts';
import { gameNamed } from '../games.ts';
import { host } from '../host.ts';
import { examples, seedOption, wholeNumber } from '../options.ts';
import { agentNamed, fullName } from '../roster.ts';
import { writeSheet } from '../sheet.ts';
import { loadPolicy } from '../snapshots.ts';
import { resultsOf } from '../tournament.ts';

interface Options {
  readonly snapshots: string;
  readonly simulations: readonly number[];
  readonly games: number;
  readonly seed: number;
  readonly workers: number;
  readonly out: string;
}

const simulationsOf = (text: string): readonly number[] =>
  text.split(',').map(wholeNumber('each of --simulations', 0, 100_000));

export const frontierCommand = (): Command =>
  new Command('frontier')
    .description("play a game's snapshots against each other and show their strength against their time for a move")
    .argument('<game>', 'the game they play')
    .requiredOption('--snapshots <list>', 'folders, or hashes of snapshots that ship')
    .addOption(
      new Option('--simulations <list>', 'each snapshot plays with each of these')
        .argParser(simulationsOf)
        .default([0, 50, 200], '0,50,200'),
    )
    .option('--games <n>', 'games of each pairing, an even number', wholeNumber('--games', 2, 100_000), 20)
    .addOption(seedOption())
    .option('--workers <n>', 'threads that play', wholeNumber('--workers', 1, 64), 2)
    .option(
      '--out <folder>',
      'where log, frontier.json and frontier.html go; stopped, it goes on there',
      'runs/frontier',
    )
    .addHelpText(
      'after',
      examples(
        'frontier connect-four --snapshots snapshots/connect-four/7ffcaf9e828f,runs/flash/HASH --simulations 0,50,200',
      ),
    )
    .action(frontier);

async function frontier(name: string, { snapshots, simulations, games, seed, workers, out }: Options): Promise<void> {
  const game = gameNamed(name);
  if (games % 2 !== 0) throw new InputError(`--games must be even, for games come in pairs; not ${games}`);
  const loaded = [];
  for (const text of snapshots.split(',')) loaded.push(await loadPolicy(game, text));
  const hashes = loaded.map(({ manifest }) => manifest.sha256);
  const twice = hashes.findIndex((hash, i) => hashes.indexOf(hash) < i);
  if (twice >= 0) throw new InputError(`${loaded[twice]!.folder} comes twice in --snapshots`);
  if (new Set(simulations).size < simulations.length) throw new InputError('a number comes twice in --simulations');
  if (loaded.length * simulations.length < 2)
    throw new InputError('one agent alone has no rating: name more snapshots');

  await makeFolder(out);
  const entrants: Entrant[] = [];
  for (const { folder, manifest, shape } of loaded) {
    for (const count of simulations) {
      const spec = fullName(`specialist:simulations=${count},snapshot=${folder}`);
      const agent = await agentNamed(spec, game);
      const entrant = {
        name: spec,
        snapshot: manifest.sha256.slice(0, 12),
        parameters: parameterCount(shape),
        simulations: count,
        milliseconds: await millisecondsOf(agent, game),
      };
      console.error(`${labelOf(entrant)}: ${entrant.milliseconds.toFixed(2)} ms a move`);
      entrants.push(entrant);
    }
  }
  const agents = entrants.map(entrant => entrant.name);
  const schedule = roundRobin(game, agents.length, () => games / 2, seed);
  const { entries, stopped } = await host(
    { game, agents, schedule, settings: { game: game.name, agents, hashes, games, seed } },
    { log: join(out, 'matches.db'), resume: 'if unfinished', workers, model: {} },
  );
  if (stopped) {
    console.error(`${entries.length} of ${schedule.length} matches are played; the same command goes on`);
    process.exitCode = 130;
    return;
  }
  const points = frontierOf(entrants, resultsOf(entries));
  const curves = frontierCurves(game, points);
  await writeFile(join(out, 'frontier.json'), `${JSON.stringify({ game: game.name, games, seed, points }, null, 2)}\n`);
  await writeSheet(join(out, 'frontier.html'), { title: curves.title, program: 'curves', data: curves });
  console.log('  snapshot and simulations'.padEnd(46), 'ms a move'.padStart(10), 'Elo ± 95 %'.padStart(14));
  for (const point of points) {
    const elo = `${point.elo.toFixed(0)} ± ${point.error.toFixed(0)}`;
    console.log(
      `${point.onFrontier ? '*' : ' '} ${labelOf(point)}`.padEnd(46),
      point.milliseconds.toFixed(2).padStart(10),
      elo.padStart(14),
    );
  }
  console.log(`* nobody faster is as strong. The picture is ${join(out, 'frontier.html')}`);
}
