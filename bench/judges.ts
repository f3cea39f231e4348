/** Threads that do nothing but judge positions, as many at once as self-play does. */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { NetworkShape } from '../agents/network.ts';

/** What such a thread is told. */
export interface Judging {
  readonly shape: NetworkShape;
  /** Positions so far, and 1 when it is time to stop. */
  readonly judged: Int32Array;
}

export interface Judges {
  /** Positions that they judged so far, all together. */
  judged(): number;
  stop(): Promise<void>;
}

/** Begins with so many threads, all of which run. */
export async function judgesOf(shape: NetworkShape, threads: number): Promise<Judges> {
  const judged = new Int32Array(new SharedArrayBuffer(8));
  const workerData: Judging = { shape, judged };
  const program = new URL('./bench-training.js', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(program, { workerData }));
  await Promise.all(workers.map(worker => once(worker, 'message')));
  return {
    judged: () => Atomics.load(judged, 0),
    async stop() {
      // Not terminated from outside: onnxruntime does not survive that in the middle of a run.
      Atomics.store(judged, 1, 1);
      await Promise.all(workers.map(worker => once(worker, 'exit')));
    },
  };
}
