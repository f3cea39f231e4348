/** What a person sees while a training runs: a bar on a terminal, a line now and then elsewhere. Everything goes to standard error. */

import { SingleBar } from 'cli-progress';
import { timeLeft } from '../progress.ts';

export interface TrainingProgress {
  /** How much of the run is behind it, 0 … 1, and how it goes. */
  show(share: number, text: string): void;
  stop(): void;
}

/** `minutes` tells how long the run has taken so far, all sittings together. */
export function trainingProgress(minutes: () => number): TrainingProgress {
  const terminal = process.stderr.isTTY === true;
  const bar = new SingleBar({
    format: ' {bar} {percentage}% | {text}',
    stream: process.stderr,
    hideCursor: true,
    barsize: 20,
  });
  if (terminal) bar.start(1, 0, { text: 'first games' });
  return {
    show(share, text) {
      const left = share > 0 && share < 1 ? `, ${timeLeft(60 * (minutes() / share) * (1 - share))}` : '';
      if (terminal) bar.update(share, { text: text + left });
      else console.error(`${(100 * share).toFixed(1)} % ${text}${left}`);
    },
    stop() {
      if (terminal) bar.stop();
    },
  };
}
