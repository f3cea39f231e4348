/** `swp tournament`: a rated round robin, resumable. */

import { Command } from 'commander';
import { roundRobin } from '../../arena/schedule.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { checkAgents, host } from '../host.ts';
import { type ModelOptions, modelOptions } from '../llm.ts';
import { examples, jsonOption, logOption, seedOption, wholeNumber } from '../options.ts';
import { fullName, splitSpecs } from '../roster.ts';
import { formatStandings, nothingCounts, standingsOf } from '../standings.ts';

interface Options extends ModelOptions {
  readonly game: string;
  readonly agents: string;
  readonly games: number;
  readonly seed: number;
  readonly workers: number;
  readonly log: string;
  readonly resume: boolean;
  readonly json: boolean;
}

export const tournamentCommand = (): Command =>
  modelOptions(
    new Command('tournament')
      .description('play agents against each other and rate them')
      .requiredOption('--game <game>', 'the game they play')
      .requiredOption('--agents <list>', "who plays, for instance 'mcts:simulations=400,random'")
      .option('--games <n>', 'games of each pairing, an even number', wholeNumber('--games', 2, 100_000), 20)
      .addOption(seedOption())
      .option('--workers <n>', 'threads that play', wholeNumber('--workers', 1, 64), 2)
      .addOption(logOption())
      .option('--resume', 'go on with the tournament of the same settings that was stopped', false)
      .addOption(jsonOption()),
  )
    .addHelpText(
      'after',
      examples(
        'tournament --game connect-four --agents specialist,mcts:simulations=1000,random --games 40',
        'tournament --game othello --agents llm:text=rules+guide,llm:text=rules,random --games 4',
      ),
    )
    .action(tournament);

async function tournament(options: Options): Promise<void> {
  const game = gameNamed(options.game);
  const agents = splitSpecs(options.agents);
  await checkAgents(game, agents, options);
  if (options.games % 2 !== 0)
    throw new InputError(`--games must be even, for games come in pairs; not ${options.games}`);
  const settings = {
    game: game.name,
    agents: agents.map(fullName),
    games: options.games,
    seed: options.seed,
    model: options.model ?? null,
  };
  const schedule = roundRobin(game, agents.length, () => options.games / 2, options.seed);

  const {
    tournament: id,
    entries,
    stopped,
  } = await host(
    { game, agents, schedule, settings },
    { log: options.log, resume: options.resume ? 'always' : 'never', workers: options.workers, model: options },
  );
  const standings = standingsOf(entries);
  if (options.json) console.log(JSON.stringify({ tournament: id, settings, standings }, null, 2));
  else console.log(standings ? formatStandings(standings) : nothingCounts(entries));
  if (!standings) process.exitCode = 1;
  if (stopped) {
    console.error(`${entries.length} of ${schedule.length} matches are played; go on with --resume`);
    process.exitCode = 130;
  }
}
