/** `swp games`: what can be played. */

import { Command } from 'commander';
import { catalog } from '../../games/catalog.ts';
import { playout } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { examples, jsonOption } from '../options.ts';

/** Random games from which lengths and branching are told. */
const SAMPLE = 200;

export const gamesCommand = (): Command =>
  new Command('games')
    .description('list the games')
    .addOption(jsonOption())
    .addHelpText('after', examples('games', 'games --json'))
    .action(({ json }: { json: boolean }) => {
      const rows = catalog.map(({ game }) => {
        let plies = 0;
        let moves = 0;
        const counting = {
          ...game,
          moves: (state: unknown) => {
            const legal = game.moves(state);
            plies++;
            moves += legal.length;
            return legal;
          },
        };
        for (let seed = 0; seed < SAMPLE; seed++) playout(counting, game.start, seededRandom(seed));
        const [, height, width] = game.observationShape;
        return {
          name: game.name,
          title: game.title,
          board: `${width}×${height}`,
          plies: Math.round(plies / SAMPLE),
          branching: Math.round((10 * moves) / plies) / 10,
        };
      });
      if (json) return console.log(JSON.stringify(rows, null, 2));
      console.log('game          board  plies  moves a ply (of random play)');
      for (const { name, board, plies, branching } of rows) {
        console.log(`${name.padEnd(12)}  ${board.padEnd(5)}  ${String(plies).padStart(5)}  ${branching}`);
      }
    });
