/** How many points an agent makes where each seat has a board of its own. */

import type { Agent } from '../agents/agent.ts';
import { advance, begin } from '../agents/solo.ts';
import type { Game } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import { InputError } from './errors.ts';
import { countingBar } from './progress.ts';

export interface Points {
  readonly games: number;
  readonly mean: number;
  /** Half the 95 % interval of the mean. */
  readonly error: number;
}

export function meanOf(scores: readonly number[]): Points {
  const games = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / games;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (games - 1);
  return { games, mean, error: 1.96 * Math.sqrt(variance / games) };
}

/**
 * The points of each of so many games that an agent plays alone: it has the first
 * seat, and the other gives the same orders. The i-th game and the agent in it
 * have streams of their own from `seed`. Throws InputError for an agent that
 * gives no legal order.
 */
export async function pointsOf(
  game: Game,
  agent: Agent,
  games: number,
  seed: number,
  tick: () => void = () => {},
): Promise<readonly number[]> {
  const scores: number[] = [];
  for (let i = 0; i < games; i++) {
    const luck = seededRandom(seed * 2_000_003 + 2 * i);
    const random = seededRandom(seed * 2_000_003 + 2 * i + 1);
    let state = begin(game, luck);
    let [score, over] = [0, false];
    while (!over) {
      const legal = game.moves(state);
      const decision = await agent.decide({ game, state, seat: 0, legal, history: [], random });
      if (!('move' in decision) || !legal.includes(decision.move)) {
        throw new InputError(`${agent.name} gave no legal order in\n${game.show(state, 0)}`);
      }
      const step = advance(game, state, decision.move, luck);
      [state, score, over] = [step.state, score + step.reward, step.over];
    }
    scores.push(score);
    tick();
  }
  return scores;
}

export async function printPoints(
  game: Game,
  agent: Agent,
  { games, seed }: { readonly games: number; readonly seed: number },
): Promise<void> {
  const bar = countingBar('games');
  bar.start(games, 0);
  const { mean, error } = meanOf(await pointsOf(game, agent, games, seed, () => bar.increment()));
  bar.stop();
  console.log(`${agent.name} on ${game.name}: ${mean.toFixed(2)} ± ${error.toFixed(2)} points, mean of ${games} games`);
}
