/** `swp agents`: who can play, and what can be set. */

import { Command } from 'commander';
import { examples, jsonOption } from '../options.ts';
import { KINDS, type Setting } from '../roster.ts';

export const agentsCommand = (): Command =>
  new Command('agents')
    .description('list the agents and their settings')
    .addOption(jsonOption())
    .addHelpText('after', examples('agents', 'agents --json'))
    .action(({ json }: { json: boolean }) => {
      if (json) return console.log(JSON.stringify(KINDS, null, 2));
      for (const [name, { about, settings }] of Object.entries(KINDS)) {
        console.log(`${name.padEnd(11)} ${about}`);
        for (const [key, setting] of Object.entries(settings)) {
          console.log(`${' '.repeat(12)}${key}=${rangeOf(setting)}: ${setting.about}`);
        }
      }
      console.log("\nAn agent is written 'name' or 'name:key=value,key=value', for instance mcts:simulations=400.");
    });

function rangeOf(setting: Setting): string {
  switch (setting.kind) {
    case 'number':
      return `${setting.least}…${setting.most} (usually ${setting.usual})`;
    case 'choice':
      return `${setting.choices.join('|')} (usually ${setting.usual})`;
    case 'text':
      return setting.form;
  }
}
