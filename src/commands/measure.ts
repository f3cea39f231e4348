/**
 * `swp measure`: how often an agent finds the right move in positions that a
 * solver has labelled; where something is hidden, how much it can be exploited;
 * where each seat has a board of its own, how many points it makes.
 */

import { Command } from 'commander';
import type { Game } from '../../games/game.ts';
import { engineAgent } from '../engines.ts';
import { printExploitability } from '../exploitability.ts';
import { gameNamed } from '../games.ts';
import { examples, seedOption, wholeNumber } from '../options.ts';
import { printPoints } from '../points.ts';
import {
  hasPositions,
  isTrial,
  type Labelled,
  loadPositions,
  measure,
  type Shares,
  solvePositions,
} from '../positions.ts';
import { countingBar } from '../progress.ts';
import { agentNamed } from '../roster.ts';

/** So many positions are solved where no labelled ones are there. */
const SOLVED = 400;

interface Options {
  readonly agent: string;
  readonly seed: number;
  readonly decisions: number;
  readonly games: number;
}

export const measureCommand = (): Command =>
  new Command('measure')
    .description(
      "an agent's share of right moves where some move loses value; where cards are hidden, its exploitability; alone on a board, its points",
    )
    .argument(
      '<game>',
      'a game with labelled positions or one that can be solved, one that hides something, or one with a board for each seat',
    )
    .requiredOption('--agent <agent>', "who is measured, for instance 'specialist:simulations=200'")
    .option(
      '--decisions <n>',
      'where something is hidden: how often an agent that does not tell its policy is asked in each information set',
      wholeNumber('--decisions', 1, 1_000_000),
      100,
    )
    .option('--games <n>', 'on a board of its own: how many games', wholeNumber('--games', 2, 1_000_000), 400)
    .addOption(seedOption())
    .addHelpText(
      'after',
      examples(
        'measure connect-four --agent specialist:simulations=0',
        'measure connect-four --agent mcts:simulations=1000',
        'measure hex:size=4 --agent specialist:simulations=50',
        'measure leduc-poker --agent perfect',
        'measure kuhn-poker --agent mcts:simulations=100 --decisions 1000',
        'measure breakout --agent script:name=keeper --games 400',
      ),
    )
    .action(async (name: string, { agent: spec, seed, decisions, games }: Options) => {
      const game = gameNamed(name);
      const agent = await agentNamed(spec, game, { startEngine: engineAgent });
      if (game.solo) return printPoints(game, agent, { games, seed });
      if (game.hides) return printExploitability(game, agent, { seed, decisions });
      const isLabelled = hasPositions(game, 'heldout');
      const positions = isLabelled ? (await loadPositions(game, 'heldout')).filter(isTrial) : solvedOnTheSpot(game);
      const bar = countingBar('positions');
      bar.start(positions.length, 0);
      const { all, stages } = await measure(game, agent, positions, seed, () => bar.increment());
      bar.stop();
      const plies = positions.map(({ history }) => history.length);
      const what = isLabelled
        ? 'held-out positions'
        : `positions of random play after ${Math.min(...plies)} to ${Math.max(...plies)} plies, solved on the spot,`;
      console.log(`${agent.name} on ${game.name}: ${what} in which some move loses value`);
      console.log('stage    positions   value kept ± 95 %   best by distance');
      const played = stages.filter(({ shares }) => shares.positions > 0);
      for (const { name: stage, shares } of [...played, { name: 'all', shares: all }]) console.log(row(stage, shares));
    });

/** Positions to measure on, with a bar while they are sought. */
function solvedOnTheSpot(game: Game): readonly Labelled[] {
  const bar = countingBar('positions solved');
  bar.start(SOLVED, 0);
  try {
    return solvePositions(game, 'heldout', SOLVED, () => bar.increment());
  } finally {
    bar.stop();
  }
}

function row(stage: string, { positions, kept, optimal }: Shares): string {
  const error = 1.96 * Math.sqrt((kept * (1 - kept)) / positions);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return `${stage.padEnd(8)} ${String(positions).padStart(9)}   ${`${percent(kept)} ± ${(100 * error).toFixed(1)}`.padStart(17)}   ${percent(optimal).padStart(16)}`;
}
