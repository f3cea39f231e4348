/** `swp rate`: ratings from a log. */

import { Command } from 'commander';
import { InputError } from '../errors.ts';
import { gameNamed } from '../games.ts';
import { openLog, refuseBroken } from '../log.ts';
import { examples, jsonOption, logOption } from '../options.ts';
import { formatStandings, standingsOf } from '../standings.ts';

export const rateCommand = (): Command =>
  new Command('rate')
    .description('rate everybody who played, from all matches of a log')
    .option('--game <game>', 'of this game only')
    .option('--anchor <name>', "who has 0 Elo; by default 'random'")
    .addOption(logOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rate', 'rate --game othello --anchor mcts:simulations=1000 --json'))
    .action((options: { game?: string; anchor?: string; log: string; json: boolean }) => {
      const log = openLog(options.log, { mustExist: true });
      try {
        refuseBroken(log, options.log);
        const all = log.entries();
        const played = [...new Set(all.map(({ record }) => record.game))].sort();
        const games = options.game === undefined ? played : [gameNamed(options.game).name];
        const tables = games.flatMap(game => {
          const entries = all.filter(({ record }) => record.game === game);
          const standings = standingsOf(entries, options.anchor);
          return standings ? [{ game, ...standings }] : [];
        });
        if (tables.length === 0)
          throw new InputError(`${options.log} holds no match that counts${options.game ? ` of ${options.game}` : ''}`);
        if (options.json) console.log(JSON.stringify(tables, null, 2));
        else console.log(tables.map(table => `${table.game}\n${formatStandings(table)}`).join('\n\n'));
      } finally {
        log.close();
      }
    });
