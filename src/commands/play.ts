/** `swp play`: a person against an agent, at the terminal. */

import { Command } from 'commander';
import { movesOf } from '../../arena/match.ts';
import { replay } from '../../games/game.ts';
import { engineAgent } from '../engines.ts';
import { gameNamed } from '../games.ts';
import { humanAgent } from '../human.ts';
import { type ModelOptions, modelOptions, withModel } from '../llm.ts';
import { examples, seedOption, wholeNumber } from '../options.ts';
import { agentNamed } from '../roster.ts';
import { playTimed } from '../timed.ts';
import { endingText, moveText } from './match.ts';

interface Options extends ModelOptions {
  readonly against: string;
  readonly seat: 0 | 1;
  readonly seed: number;
}

export const playCommand = (): Command =>
  modelOptions(
    new Command('play')
      .description('play against an agent in the terminal')
      .argument('<game>', 'the game to play')
      .requiredOption('--against <agent>', 'who sits opposite')
      .option('--seat <0|1>', 'where you sit; seat 0 moves first', wholeNumber('--seat', 0, 1), 0)
      .addOption(seedOption()),
  )
    .addHelpText(
      'after',
      examples('play connect-four --against specialist', 'play othello --against mcts:simulations=500 --seat 1'),
    )
    .action(async (name: string, options: Options) => {
      const game = gameNamed(name);
      await withModel(options, async surroundings => {
        const other = await agentNamed(options.against, game, {
          ...surroundings(text => console.error(text)),
          startEngine: engineAgent,
        });
        const you = humanAgent();
        const agents = options.seat === 0 ? ([you, other] as const) : ([other, you] as const);
        const names = agents.map(agent => (agent === you ? 'you' : options.against));
        const { record } = await playTimed({ game, agents, seed: options.seed, opening: [] }, (ply, before) => {
          // The position comes when it is the person's turn again, or at the end.
          if (ply.seat !== options.seat) console.log(moveText(game, names, ply, before, options.seat));
        });
        console.log(`${game.show(replay(game, movesOf(record)))}\n${endingText(record.ending, names)}`);
      });
    });
