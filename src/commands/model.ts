/** `swp model`: the weights of local language models. */

import { dirname } from 'node:path';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { DEFAULT_WEIGHTS, fileOf, isPulled, pull, size, WEIGHTS, weightsNamed } from '../models.ts';
import { examples } from '../options.ts';
import { timeLeft } from '../progress.ts';

export const modelCommand = (): Command =>
  new Command('model')
    .description('fetch and list local language models')
    .addHelpText('after', examples('model list', 'model pull', 'model pull smollm2-135m'))
    .addCommand(
      new Command('pull')
        .description('fetch the weights of a model and verify them')
        .argument('[name]', 'which model', DEFAULT_WEIGHTS)
        .addHelpText('after', examples('model pull', 'model pull qwen2.5-coder-0.5b'))
        .action(pullModel),
    )
    .addCommand(
      new Command('list')
        .description('list the models and whether they are here')
        .addHelpText('after', examples('model list'))
        .action(async () => {
          for (const weights of WEIGHTS) {
            const here = (await isPulled(weights)) ? fileOf(weights) : 'not here';
            console.log(`${weights.name.padEnd(20)} ${size(weights).padStart(8)}  ${weights.about}; ${here}`);
          }
        }),
    );

/** Fetches weights, showing how far it is: a bar on a terminal, every tenth elsewhere. */
export async function pullModel(name: string): Promise<void> {
  const weights = weightsNamed(name);
  const terminal = process.stderr.isTTY === true;
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const bar = new SingleBar({ format: ` {bar} {value}/{total} MB | {doing}`, stream: process.stderr });
  const pace = fetchPace(weights.bytes);
  let told = -1;
  let started = false;
  try {
    const source = await pull(weights, (step, bytes) => {
      const left = pace(bytes);
      const doing = left === undefined ? step : `${step}, ${left}`;
      if (terminal) {
        if (!started) {
          console.error(`fetching the weights of ${name}, once and for all, into ${dirname(fileOf(weights))}`);
          bar.start(megabytes(weights.bytes), 0, { doing });
          started = true;
        }
        return bar.update(megabytes(bytes), { doing });
      }
      const tenth = Math.floor((10 * bytes) / weights.bytes);
      if (tenth > told || step === 'verifying')
        console.error(`${name}: ${megabytes(bytes)} of ${size(weights)}, ${doing}`);
      told = Math.max(told, tenth);
    });
    if (started) bar.stop();
    console.log(
      source === 'already there'
        ? `${name} is here already`
        : `${name} came from ${source} and is verified: ${fileOf(weights)}`,
    );
  } finally {
    if (started) bar.stop();
  }
}

/**
 * How long the rest of a fetch will take, told the bytes so far; undefined before
 * a hundredth has come, which tells little. A fetch that is taken up begins with
 * bytes that took no time; one that begins anew from another source forgets its
 * pace.
 */
export function fetchPace(
  total: number,
  now: () => number = () => performance.now(),
): (bytes: number) => string | undefined {
  let first: { readonly bytes: number; readonly at: number } | undefined;
  return bytes => {
    if (first === undefined || bytes < first.bytes) first = { bytes, at: now() };
    const fetched = bytes - first.bytes;
    if (fetched < total / 100 || bytes === total) return undefined;
    return timeLeft(((now() - first.at) / 1000) * ((total - bytes) / fetched));
  };
}
