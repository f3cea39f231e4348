/** `swp tournament`: a rated round robin, resumable. */

import { Command } from 'commander';
import { roundRobin } from '../../arena/schedule.ts';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { type ModelOptions, modelOptions, withModel } from '../llm.ts';
import { openLog } from '../log.ts';
import { examples, jsonOption, logOption, seedOption, wholeNumber } from '../options.ts';
import { tournamentProgress } from '../progress.ts';
import { agentNamed, KINDS, parseSpec, splitSpecs } from '../roster.ts';
import { formatStandings, standingsOf } from '../standings.ts';
import { play } from '../tournament.ts';

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
        'tournament --game othello --agents llm:text=rules+guide,llm:text=rules,random --games 4 --resume',
      ),
    )
    .action(tournament);

async function tournament(options: Options): Promise<void> {
  const game = gameNamed(options.game);
  const agents = splitSpecs(options.agents);
  if (agents.length < 2) throw new InputError('a tournament needs two agents or more: --agents a,b');
  if (options.games % 2 !== 0)
    throw new InputError(`--games must be even, for games come in pairs; not ${options.games}`);
  for (const spec of agents) {
    if (parseSpec(spec).kind === 'human') throw new InputError("'human' plays in 'swp play' and 'swp match' only");
    if (KINDS[parseSpec(spec).kind]!.portable) await agentNamed(spec, game);
  }
  const settings = { game: game.name, agents, games: options.games, seed: options.seed };
  const schedule = roundRobin(game, agents.length, () => options.games / 2, options.seed);

  const log = openLog(options.log);
  try {
    const before = log.find(settings);
    if (options.resume && before === undefined) {
      throw new InputError(`${options.log} holds no tournament with these settings to go on with; leave --resume out`);
    }
    const id = options.resume ? before! : log.begin(settings);
    const done = new Set(log.entries(id).map(({ place }) => place));
    const todo = schedule.filter(({ index }) => !done.has(index));

    const stop = new AbortController();
    process.once('SIGINT', () => {
      console.error('\nstopping; what is finished is kept. Once more to quit at once.');
      stop.abort();
      process.once('SIGINT', () => process.exit(130));
    });
    const progress = tournamentProgress(schedule.length, done.size, agents);
    try {
      await withModel(options, async surroundings => {
        await play({
          game,
          agents,
          schedule: todo,
          workers: options.workers,
          seat: spec => agentNamed(spec, game, surroundings(progress.say)),
          finished: (pairing, { record, clock }) => {
            log.append(id, pairing.index, record, clock);
            progress.finished(pairing, record);
          },
          signal: stop.signal,
        });
      });
    } finally {
      progress.stop();
    }
    const entries = log.entries(id);
    const standings = standingsOf(entries);
    if (options.json) console.log(JSON.stringify({ tournament: id, settings, standings }, null, 2));
    else console.log(standings ? formatStandings(standings) : 'no match counts yet');
    if (stop.signal.aborted) {
      console.error(`${entries.length} of ${schedule.length} matches are played; go on with --resume`);
      process.exitCode = 130;
    }
  } finally {
    log.close();
  }
}
