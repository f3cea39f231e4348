/** Which engine trains a run. */

import { bestTrainingEngine, type TrainingEngine } from '../../agents/tensors.ts';
import { InputError } from '../errors.ts';

/** The best engine here, on so many threads, for a run that begins; says which it is, and why no faster one. */
export async function engineToBegin(threads = 1): Promise<TrainingEngine> {
  const { engine, version, whyNotFaster } = await bestTrainingEngine(threads);
  console.log(
    whyNotFaster === undefined
      ? `training with ${engine} ${version}`
      : `training with ${engine} ${version}; tfjs-node is faster, but ${whyNotFaster} (npm run setup:tfjs-node)`,
  );
  return engine;
}

/** Throws InputError where the engine that a run in `folder` began with cannot be had: another comes to other bytes. */
export async function checkEngine(folder: string, engine: TrainingEngine, threads: number): Promise<void> {
  if (engine !== 'tfjs-node') return;
  const { whyNotFaster } = await bestTrainingEngine(threads);
  if (whyNotFaster === undefined) return;
  throw new InputError(
    `the run in ${folder} is trained by tfjs-node, and here ${whyNotFaster}; npm run setup:tfjs-node, or give run.json the engine onnxruntime-node and accept another network than this run's`,
  );
}
