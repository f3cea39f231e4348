/** The ranges of the settings that a run of self-play can have. */

import { z } from 'zod';
import type { Recipe } from '../../agents/alphazero.ts';
import { NETWORK_SETTINGS, positive, RATES, share, whole } from './settings.ts';

export const RecipeSettings: z.ZodType<Recipe> = z.object({
  ...NETWORK_SETTINGS,
  heads: z.object({ policyPlanes: whole(1, 256), valuePlanes: whole(1, 256), valueUnits: whole(1, 4096) }),
  selfPlay: z.object({
    root: z.enum(['gumbel', 'puct'], "must be 'gumbel' or 'puct'"),
    fullSimulations: whole(2, 10_000),
    fastSimulations: whole(1, 10_000),
    fullShare: positive(share),
    randomShare: share,
    leastPlies: whole(0, 1000),
    randomPlies: whole(0, 1000),
    policyShare: share,
    greedyShare: share,
    variedPlies: whole(0, 1000),
    searchShare: share,
    proofs: whole(0, 100),
    exactPositions: whole(0, 100_000_000),
    exactPlies: whole(0, 1000),
    exactLines: whole(1, 1000),
    decidedShare: share,
    exactLeaves: whole(0, 100_000_000),
    exactFrom: whole(0, 1000),
    resignBelow: z.number('must be a number from -1 to 0').min(-1, 'must be at least -1').max(0, 'must be at most 0'),
  }),
  gamesPerIteration: whole(2, 100_000),
  batch: whole(8, 8192),
  lessonsPerPosition: z.number('must be a number').min(0, 'must be at least 0').max(100, 'must be at most 100'),
  optimizer: z.enum(['adam', 'muon'], "must be 'adam' or 'muon'"),
  learningThreads: whole(1, 256),
  rate: RATES,
  window: positive(share),
  leastWindow: whole(1, 100_000_000),
  gate: share,
});
