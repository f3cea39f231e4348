/** Plain Monte-Carlo tree search: UCT with one uniformly random playout a simulation, knowing nothing but the rules. */

import type { Agent, Turn } from './agent.ts';
import { InformationSetTree } from './information-set.ts';
import { bestMove, type SearchedMove, Tree } from './search.ts';

/** Plays the most visited move after `simulations` simulations (1 or more). */
export const mctsAgent = ({ simulations }: { readonly simulations: number }): Agent => ({
  name: `mcts:simulations=${simulations}`,
  conditions: { division: 'engine', budget: { simulations } },
  decide(turn) {
    const moves = searched(turn, simulations);
    return {
      move: bestMove(moves, turn.random).move,
      trace: {
        moves: moves.map(({ move, visits, value }) => ({
          move: turn.game.formatMove(move),
          visits,
          value: rounded(value),
        })),
      },
    };
  },
});

/** What the legal moves are worth after so many simulations. */
export function searched({ game, state, seat, random }: Turn, simulations: number): readonly SearchedMove[] {
  const tree = game.guess ? new InformationSetTree(game, state, seat, random) : new Tree(game, state, random);
  for (let i = 0; i < simulations; i++) tree.simulate();
  return tree.moves();
}

/** Four decimals: enough to read, and beyond what the last bits of a sum differ by. */
export const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
