/** `swp train`: a specialist of one game, by one of several recipes. */

import { Command, Option } from 'commander';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { examples, wholeNumber } from '../options.ts';
import { trainAlphaGo, trainAlphaZero } from '../train/alphazero.ts';
import { readRun } from '../train/checkpoints.ts';
import { trainGameByDqn } from '../train/dqn.ts';
import { trainImitation } from '../train/imitation.ts';
import { trainLeague } from '../train/league.ts';
import { alone } from '../train/lock.ts';
import type { Train, Training } from '../train/training.ts';

const RECIPES: Readonly<Record<string, Train>> = {
  alphazero: trainAlphaZero,
  imitation: trainImitation,
  alphago: trainAlphaGo,
  dqn: trainGameByDqn,
  league: trainLeague,
};

type Options = Omit<Training, 'settings'> & { readonly recipe: string; readonly set: readonly string[] };

export const trainCommand = (): Command =>
  new Command('train')
    .description('train a specialist: by self-play, by imitation, by both, in a league, or by playing alone for points')
    .argument('<game>', 'the game to learn')
    .addOption(new Option('--recipe <recipe>', 'how it learns').choices(Object.keys(RECIPES)).default('alphazero'))
    .option(
      '--from <path>',
      'imitation: a log or file of games to learn from; league: the snapshot to go on with; alphago: the same, and after it folders of runs (SNAPSHOT,A,B) whose lessons it learns first; alphazero: the folder of a run, or of several (A,B), whose lessons it learns first, as a larger network for instance',
    )
    .option(
      '--iterations <n>',
      'stop after so many iterations, those before --resume included; without it and --minutes, a run that begins with lessons learns them and stops',
      wholeNumber('--iterations', 1, 1_000_000),
    )
    .addOption(
      new Option('--minutes <m>', 'stop after so many minutes, those before --resume included')
        .argParser(wholeNumber('--minutes', 1, 1_000_000))
        .conflicts('iterations'),
    )
    .option(
      '--seed <s>',
      'the same seed and --iterations train the same network',
      wholeNumber('--seed', 1, 1_000_000),
      1,
    )
    .option('--out <folder>', 'where checkpoints and the log go', 'runs/train')
    .option(
      '--workers <w>',
      'threads that play; dqn and league play and learn in one',
      wholeNumber('--workers', 1, 256),
      2,
    )
    .addOption(
      new Option('--set <name=value>', "change a setting of the recipe; 'filters' and 'blocks' are the network's size")
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([], 'none'),
    )
    .option('--curriculum', 'dqn: begin with the easier ways to play that the game names', false)
    .option('--resume', 'go on from the last checkpoint in --out, by its own recipe', false)
    .addHelpText(
      'after',
      examples(
        'train tic-tac-toe --minutes 2 --out runs/ttt',
        'train connect-four --minutes 180 --out runs/c4 --set filters=48 --set blocks=5',
        'train connect-four --out runs/c4 --resume',
        'train connect-four --from runs/c4 --out runs/larger --set filters=96 --set blocks=6',
        'train connect-four --recipe imitation --from swp.db --out runs/imitation',
        'train connect-four --recipe alphago --from runs/imitation/HASH --minutes 60 --out runs/alphago',
        'train breakout --recipe dqn --iterations 100 --out runs/breakout',
        'train leduc-poker --recipe league --iterations 20 --out runs/leduc',
      ),
    )
    .action(async (name: string, { recipe: named, set, ...training }: Options, command: Command) => {
      const game = gameNamed(name);
      const isGiven = (option: string) => command.getOptionValueSource(option) === 'cli';
      const recipe = training.resume ? await resumed(training.out, isGiven('recipe') ? named : undefined) : named;
      if (training.resume && isGiven('seed'))
        throw new InputError('a run is fixed when it begins: --seed does not go with --resume');
      if (training.curriculum && recipe !== 'dqn') throw new InputError('--curriculum belongs to --recipe dqn');
      await alone(training.out, () => RECIPES[recipe]!(game, { ...training, settings: set }));
    });

/** The recipe of the run in a folder. Throws InputError where there is no run, or it follows another recipe than the one asked for. */
async function resumed(folder: string, recipe: string | undefined): Promise<string> {
  if (recipe === 'imitation') throw new InputError('imitation is not resumed: begin it anew, in another --out');
  const { follows } = await readRun(folder);
  if (recipe !== undefined && recipe !== follows) {
    throw new InputError(`the run in ${folder} follows the recipe ${follows}, not ${recipe}`);
  }
  return follows;
}
