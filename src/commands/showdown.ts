/** `swp showdown`: the specialist and a language model that has just read the rules meet in a rated tournament. */

import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { roundRobin } from '../../arena/schedule.ts';
import { gameNamed } from '../games.ts';
import { checkAgents, host } from '../host.ts';
import { hasEndpoint, type ModelOptions, modelOptions } from '../llm.ts';
import { DEFAULT_WEIGHTS } from '../models.ts';
import { examples, seedOption, wholeNumber } from '../options.ts';
import { writeReport } from '../report.ts';
import { isPortable } from '../roster.ts';
import { formatStandings, nothingCounts, standingsOf } from '../standings.ts';
import { pullModel } from './model.ts';

const GAME = 'connect-four';
const AGENTS = [
  'specialist:simulations=200',
  'mcts:simulations=1000',
  'random',
  'llm:text=rules+guide',
  'llm:text=rules',
];
const FOLDER = 'showdown';

/** Pairs of games of each meeting: many where they cost milliseconds, few where a model thinks over every move. */
const PAIRS = 20;
const MODEL_PAIRS = 2;

interface Options extends ModelOptions {
  readonly seed: number;
  readonly minutes: number;
}

export const showdownCommand = (): Command =>
  modelOptions(
    new Command('showdown')
      .description(`the main event: specialist, language model and engines play ${GAME}; writes ${FOLDER}/report.html`)
      .addOption(seedOption())
      .option(
        '--minutes <m>',
        'begin no match after so many minutes; the same command goes on later',
        wholeNumber('--minutes', 1, 10_000),
        12,
      ),
  )
    .addHelpText(
      'after',
      `\nWho plays: ${AGENTS.join('  ')}\n${examples('showdown', 'showdown --model gpt-4o-mini --price 0.15,0.60', 'showdown --minutes 120')}`,
    )
    .action(showdown);

async function showdown(options: Options): Promise<void> {
  if (!hasEndpoint() && options.cassette === undefined) await pullModel(options.model ?? DEFAULT_WEIGHTS);
  const game = gameNamed(GAME);
  await checkAgents(game, AGENTS, options);
  await mkdir(FOLDER, { recursive: true });
  const pairs = (first: number, second: number) =>
    isPortable(AGENTS[first]!) && isPortable(AGENTS[second]!) ? PAIRS : MODEL_PAIRS;
  const schedule = roundRobin(game, AGENTS.length, pairs, options.seed);
  const settings = { showdown: GAME, agents: AGENTS, seed: options.seed, model: options.model ?? null };

  const { entries, stopped } = await host(
    { game, agents: AGENTS, schedule, settings },
    {
      log: join(FOLDER, 'showdown.db'),
      resume: 'if unfinished',
      workers: 2,
      model: options,
      minutes: options.minutes,
    },
  );
  const standings = standingsOf(entries);
  if (!standings) {
    console.log(nothingCounts(entries));
    process.exitCode = 1;
    return;
  }
  console.log(`\n${game.title}\n\n${formatStandings(standings)}\n`);
  const report = resolve(FOLDER, 'report.html');
  await writeReport(report, { game: game.name, standings, entries });
  console.log(`The table, the ratings as a picture and every match to step through: ${relative('.', report)}`);
  console.log(`Play the winner yourself: npx swp serve --log ${join(FOLDER, 'showdown.db')}`);
  if (stopped) {
    const why = stopped === 'time is up' ? `${options.minutes} minutes are over` : 'stopped';
    console.log(`${why}: ${entries.length} of ${schedule.length} matches are played; the same command goes on.`);
    if (stopped === 'by hand') process.exitCode = 130;
  }
}
