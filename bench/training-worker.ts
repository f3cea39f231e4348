/** Measures training on so many threads, as bench/training.ts asks. The engines take turns, so that they meet the same machine. */

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { freshWeights, type NetworkShape, shapeFor } from '../agents/network.ts';
import {
  bestTrainingEngine,
  createEvaluator,
  createTrainer,
  type Trainer,
  type TrainingEngine,
  untaught,
} from '../agents/tensors.ts';
import { connectFour as family } from '../games/connect-four/rules.ts';
import { gameOf } from '../games/family.ts';
import { seededRandom } from '../games/random.ts';
import { type Judging, judgesOf } from './judges.ts';
import type { TrainingSpeed } from './training.ts';

const connectFour = gameOf(family);

/** Filters and blocks. */
const SIZES = [
  [32, 4],
  [64, 5],
] as const;
const BATCH = 256;
const STEPS = 12;
/** Positions that a self-play thread judges at once. */
const TABLES = 16;

function someBatch({ planes, rows, columns, moves }: NetworkShape) {
  const random = seededRandom(1);
  return {
    input: Float32Array.from({ length: BATCH * planes * rows * columns }, () => (random() < 0.3 ? 1 : 0)),
    policy: new Float32Array(BATCH * moves).fill(1 / moves),
    value: Float32Array.from({ length: BATCH }, () => 2 * random() - 1),
  };
}

async function measureSize(filters: number, blocks: number, threads: number): Promise<readonly TrainingSpeed[]> {
  const shape = shapeFor(connectFour, filters, blocks);
  const batch = someBatch(shape);
  const start = untaught(freshWeights(shape, seededRandom(1)));
  const { whyNotFaster } = await bestTrainingEngine();
  const engines: readonly TrainingEngine[] =
    whyNotFaster === undefined ? ['tfjs-node', 'onnxruntime-node'] : ['onnxruntime-node'];
  const trainers: Trainer[] = [];
  for (const engine of engines) trainers.push(await createTrainer(shape, start, BATCH, threads, engine));

  const fastest = engines.map(() => Number.POSITIVE_INFINITY);
  for (let step = 0; step < STEPS; step++) {
    for (const [i, trainer] of trainers.entries()) {
      const begin = performance.now();
      await trainer.step(batch, 1e-4);
      fastest[i] = Math.min(fastest[i]!, performance.now() - begin);
    }
  }

  const judges = await judgesOf(shape, 2);
  const spent = engines.map(() => ({ seconds: 0, judged: 0 }));
  for (let step = 0; step < STEPS; step++) {
    for (const [i, trainer] of trainers.entries()) {
      const begin = performance.now();
      const before = judges.judged();
      await trainer.step(batch, 1e-4);
      spent[i]!.seconds += (performance.now() - begin) / 1000;
      spent[i]!.judged += judges.judged() - before;
    }
  }
  await judges.stop();

  return engines.map((engine, i) => {
    const { seconds, judged } = spent[i]!;
    const busy = { learned: (STEPS * BATCH) / seconds, judged: judged / seconds };
    return { engine, filters, blocks, threads, alone: (1000 * BATCH) / fastest[i]!, busy };
  });
}

async function judge({ shape, judged }: Judging): Promise<void> {
  const evaluator = await createEvaluator(shape, freshWeights(shape, seededRandom(1)), TABLES);
  parentPort!.postMessage('ready');
  while (Atomics.load(judged, 1) === 0) {
    await evaluator.run();
    Atomics.add(judged, 0, TABLES);
  }
}

if (!isMainThread) await judge(workerData as Judging);
else {
  for (const [filters, blocks] of SIZES) {
    for (const speed of await measureSize(filters, blocks, Number(process.argv[2]))) {
      console.log(JSON.stringify(speed));
    }
  }
}
