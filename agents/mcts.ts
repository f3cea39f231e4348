/** Plain Monte-Carlo tree search: UCT with one uniformly random playout a simulation, knowing nothing but the rules. */

import type { Agent } from './agent.ts';
import { InformationSetTree } from './information-set.ts';
import { bestMove, Tree } from './search.ts';

/** Plays the most visited move after `simulations` simulations (1 or more). */
export const mctsAgent = ({ simulations }: { readonly simulations: number }): Agent => ({
  name: `mcts:simulations=${simulations}`,
  conditions: { division: 'engine', budget: { simulations } },
  decide({ game, state, seat, random }) {
    const tree = game.guess ? new InformationSetTree(game, state, seat, random) : new Tree(game, state, random);
    for (let i = 0; i < simulations; i++) tree.simulate();
    const moves = tree.moves();
    return {
      move: bestMove(moves, random).move,
      trace: {
        moves: moves.map(({ move, visits, value }) => ({ move: game.formatMove(move), visits, value: rounded(value) })),
      },
    };
  },
});

/** Four decimals: enough to read, and beyond what the last bits of a sum differ by. */
export const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
