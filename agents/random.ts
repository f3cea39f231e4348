/** The floor of every rating list: any legal move, all equally likely. */

import { pick } from '../games/random.ts';
import type { Agent } from './agent.ts';

export const randomAgent: Agent = {
  name: 'random',
  conditions: { division: 'engine', budget: {} },
  decide: ({ legal, random }) => ({ move: pick(legal, random) }),
  policy: ({ legal }) => legal.map(() => 1 / legal.length),
};
