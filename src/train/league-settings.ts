/** The ranges of a league's settings. */

import { z } from 'zod';
import type { LeagueRecipe } from '../../agents/league.ts';
import { NETWORK_SETTINGS, positive, RATES, share, whole } from './settings.ts';

export const LeagueSettings: z.ZodType<LeagueRecipe> = z.object({
  ...NETWORK_SETTINGS,
  blocks: whole(0, 40),
  imitatedGames: whole(1, 100_000),
  imitatedSimulations: whole(1, 100_000),
  imitatedSteps: whole(1, 100_000),
  opponents: z.enum(['league', 'itself'], "must be 'league' or 'itself'"),
  selfPlay: share,
  unbeaten: share,
  session: whole(1, 1_000_000),
  updates: whole(1, 10_000),
  games: whole(2, 1_000_000),
  exploiterGames: whole(2, 1_000_000),
  batch: whole(8, 8192),
  steps: whole(1, 100_000),
  rate: RATES,
  explored: positive(share),
  trust: positive(z.number('must be a number')),
  patience: whole(1, 1000),
});
