/** One run of a study of DQN, in a thread of its own. */

import { parentPort, workerData } from 'node:worker_threads';
import { dqnBeginning, greedyScores, qShapeOf, trainDqn } from '../agents/dqn.ts';
import { createQEvaluator } from '../agents/q-network.ts';
import { gameNamed } from '../src/games.ts';
import { meanOf } from '../src/points.ts';
import type { DqnTask } from './dqn.ts';

const FINAL_GAMES = 200;
const FINAL_SEED = 2000;

const { games, recipe, seed, rounds } = workerData as DqnTask;
const played = games.map(gameNamed);
const game = played.at(-1)!;
const trialScores: number[] = [];
for await (const { progress, trialScore } of trainDqn(
  played,
  recipe,
  seed,
  dqnBeginning(game, recipe, seed),
  round => round / rounds,
)) {
  trialScores.push(trialScore);
  if (progress.round < rounds) continue;
  const evaluator = await createQEvaluator(qShapeOf(game, recipe), progress.learned.weights, 32);
  const final = meanOf(await greedyScores(game, evaluator, FINAL_GAMES, FINAL_SEED)).mean;
  parentPort!.postMessage({ trialScores, final, finalGames: FINAL_GAMES });
  break;
}
