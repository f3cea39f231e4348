/** The command line: `swp COMMAND`. */

import { Command, CommanderError } from 'commander';
import { measureCommand } from './commands/measure.ts';
import { trainCommand } from './commands/train.ts';
import { InputError } from './errors.ts';

const program = new Command('swp')
  .description('An arena in which trained specialists meet language models that learn games from written rules.')
  .version('0.1.0')
  .exitOverride();

program.addCommand(measureCommand());
program.addCommand(trainCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof InputError) {
    console.error(`swp: ${error.message}`);
    process.exitCode = 2;
  } else throw error;
}
