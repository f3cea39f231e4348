/** How strong a network is found to be when its snapshot is kept. */

import type { NetworkShape, Weights } from '../../agents/network.ts';
import { specialistAgent } from '../../agents/specialist.ts';
import { createEvaluator } from '../../agents/tensors.ts';
import type { Game } from '../../games/game.ts';
import { measure, type Shares, trials } from '../positions.ts';

const SIMULATIONS = [0, 200];

/** On the held-out positions, with and without search; nothing where there are no such positions. */
export async function strengthOf(
  game: Game,
  shape: NetworkShape,
  weights: Weights,
): Promise<Readonly<Record<string, Shares>>> {
  const positions = await trials(game, 'heldout');
  if (positions.length === 0) return {};
  const evaluator = await createEvaluator(shape, weights, 1 + game.symmetries.length);
  const measured: Record<string, Shares> = {};
  for (const simulations of SIMULATIONS) {
    const agent = specialistAgent(game, evaluator, { simulations, fingerprint: '' });
    measured[`specialist:simulations=${simulations}`] = (await measure(game, agent, positions, 1)).all;
  }
  return measured;
}
