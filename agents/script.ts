/** The scripted players that come with a game: fixed plans, to learn against and to be measured by. */

import type { Script } from '../games/game.ts';
import type { Agent } from './agent.ts';

export const scriptAgent = (name: string, script: Script): Agent => ({
  name: `script:name=${name}`,
  conditions: { division: 'engine', budget: {} },
  decide: ({ state, seat, random }) => ({ move: script(state, seat, random) }),
});
