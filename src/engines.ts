/** Engines of others, whatever protocol they speak. */

import type { Agent } from '../agents/agent.ts';
import type { Game } from '../games/game.ts';
import { gtpAgent } from './gtp.ts';
import type { EngineSettings } from './roster.ts';
import { uciAgent } from './uci.ts';

/** Throws InputError where the program is missing or does not play the game. */
export const engineAgent = (settings: EngineSettings, game: Game): Promise<Agent> =>
  settings.protocol === 'gtp' ? gtpAgent(settings, game) : uciAgent(settings, game);
