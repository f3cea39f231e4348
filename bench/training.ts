/** How fast networks learn, by engine. A process for each number of threads, for libtensorflow takes it once. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TrainingEngine } from '../agents/tensors.ts';

export interface TrainingSpeed {
  readonly engine: TrainingEngine;
  readonly filters: number;
  readonly blocks: number;
  readonly threads: number;
  /** Positions learned a second in the fastest step. */
  readonly alone: number;
  /** The same over all steps while two threads judge positions as self-play does, and what these judge a second. */
  readonly busy: { readonly learned: number; readonly judged: number };
}

/** Every size and engine on 1 and 2 threads, as they are measured. */
export async function* trainingSpeeds(): AsyncGenerator<TrainingSpeed> {
  for (const threads of [1, 2]) {
    const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads) };
    const program = fileURLToPath(new URL('./bench-training.js', import.meta.url));
    const child = spawn(process.execPath, [program, String(threads)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) yield JSON.parse(line) as TrainingSpeed;
    }
  }
}
