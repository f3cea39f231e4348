/** The command line: `swp COMMAND`. */

import { Command, CommanderError, Help, type Option } from 'commander';
import { agentsCommand } from './commands/agents.ts';
import { askCommand } from './commands/ask.ts';
import { auditCommand } from './commands/audit.ts';
import { curvesCommand } from './commands/curves.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { distilCommand, pruneCommand } from './commands/flash.ts';
import { frontierCommand } from './commands/frontier.ts';
import { gamesCommand } from './commands/games.ts';
import { matchCommand } from './commands/match.ts';
import { measureCommand } from './commands/measure.ts';
import { modelCommand } from './commands/model.ts';
import { newGameCommand } from './commands/new-game.ts';
import { playCommand } from './commands/play.ts';
import { rateCommand } from './commands/rate.ts';
import { replayCommand } from './commands/replay.ts';
import { scaleCommand } from './commands/scale.ts';
import { serveCommand } from './commands/serve.ts';
import { showdownCommand } from './commands/showdown.ts';
import { snapshotCommand, snapshotsCommand } from './commands/snapshots.ts';
import { tournamentCommand } from './commands/tournament.ts';
import { trainCommand } from './commands/train.ts';
import { EndpointError, InputError } from './errors.ts';
import { bringGame } from './games.ts';
import { examples } from './options.ts';

const commands = [
  showdownCommand(),
  serveCommand(),
  tournamentCommand(),
  matchCommand(),
  playCommand(),
  rateCommand(),
  replayCommand(),
  exportCommand(),
  askCommand(),
  gamesCommand(),
  agentsCommand(),
  modelCommand(),
  doctorCommand(),
  trainCommand(),
  distilCommand(),
  pruneCommand(),
  frontierCommand(),
  snapshotsCommand(),
  snapshotCommand(),
  measureCommand(),
  curvesCommand(),
  scaleCommand(),
  auditCommand(),
  newGameCommand(),
];

const program = new Command('swp')
  .description('An arena in which trained specialists meet language models that learn games from written rules.')
  .version('0.1.0')
  .addHelpText(
    'after',
    examples(
      'showdown',
      'serve',
      'play connect-four --against specialist',
      'tournament --game connect-four --agents specialist,mcts:simulations=1000,random --games 40',
    ),
  );
for (const command of commands) program.addCommand(command);
// A game that is a file is read before the command asks for it.
program.hook('preAction', async (_, command) => {
  for (const name of [command.processedArgs[0], command.opts()['game']]) {
    if (typeof name === 'string') await bringGame(name);
  }
});
/** What an option does and what it is when it is left out, but that a switch is then off. */
const optionDescription = (option: Option): string =>
  new Help().optionDescription(option).replace(' (default: false)', '');
for (const command of [program, ...commands, ...commands.flatMap(command => command.commands)]) {
  command
    .exitOverride()
    .configureHelp({ optionDescription })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'swp: ').replace('\n(', ' (')) });
}

// Whoever reads our output may stop reading, as head does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof InputError || error instanceof EndpointError) {
    console.error(`swp: ${error.message}`);
    process.exitCode = error instanceof InputError ? 2 : 1;
  } else throw error;
}
