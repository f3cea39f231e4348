/** What a move of the local language model costs, and how much of its prompt the cache holds. */

import { randomAgent } from '../agents/random.ts';
import { connectFour as connectFourFamily } from '../games/connect-four/rules.ts';
import { gameOf } from '../games/family.ts';
import { withModel } from '../src/llm.ts';
import { DEFAULT_WEIGHTS, isPulled, weightsNamed } from '../src/models.ts';
import { agentNamed } from '../src/roster.ts';
import { playTimed } from '../src/timed.ts';

const connectFour = gameOf(connectFourFamily);

export interface ModelSpeed {
  readonly model: string;
  readonly decisions: number;
  readonly secondsPerMove: number;
  readonly cachedShare: number;
  /** Seconds to load the model, read rules and guide, and write notes. */
  readonly studySeconds: number;
}

/** Matches against random, one with each seat. Undefined where the weights are not here. */
export async function modelSpeed(): Promise<ModelSpeed | undefined> {
  if (!(await isPulled(weightsNamed(DEFAULT_WEIGHTS)))) return undefined;
  let speed: ModelSpeed | undefined;
  await withModel({ model: DEFAULT_WEIGHTS }, async surroundings => {
    const begin = performance.now();
    const llm = await agentNamed(
      'llm:text=rules+guide',
      connectFour,
      surroundings(() => {}),
    );
    const studySeconds = (performance.now() - begin) / 1000;
    const seconds: number[] = [];
    let prompt = 0;
    let cached = 0;
    for (const seat of [0, 1]) {
      const agents = seat === 0 ? ([llm, randomAgent] as const) : ([randomAgent, llm] as const);
      const { record, clock } = await playTimed({ game: connectFour, agents, seed: 1, opening: [] });
      for (const [i, ply] of record.plies.entries()) {
        if (ply.seat !== seat) continue;
        seconds.push(clock.plySeconds[i]!);
        prompt += ply.usage?.promptTokens ?? 0;
        cached += ply.usage?.cachedTokens ?? 0;
      }
    }
    speed = {
      model: DEFAULT_WEIGHTS,
      decisions: seconds.length,
      secondsPerMove: seconds.reduce((sum, one) => sum + one, 0) / seconds.length,
      cachedShare: cached / prompt,
      studySeconds,
    };
  });
  return speed;
}
