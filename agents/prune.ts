/**
 * A network made narrower: the filters inside its blocks that do least are taken
 * out, and what is left learns to judge as the whole did.
 */

import type { Game } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import { draw } from './alphazero.ts';
import { type NetworkShape, parameterCount, type Weights } from './network.ts';
import type { Lessons } from './selfplay.ts';
import { createTrainer, type TrainingEngine, untaught } from './tensors.ts';

/** Batches over which importance is averaged. */
const BATCHES = 16;

/**
 * Filters go by so many at once, and no block becomes narrower: onnxruntime runs
 * a block whose width is no multiple of it slower than a wider one that is.
 */
export const WIDTH_STEP = 8;

/** Adam's mean of gradients after a step, in terms of the gradient: a tenth of it, and nine tenths of the mean before. */
const FRESH = 0.1;

/**
 * How much each filter between the two convolutions of a block matters, by block:
 * the square of what the loss would change, to first order, if its weights and
 * bias became zero, as a mean over batches (Molchanov, Mallya, Tyree, Frosio &
 * Kautz, "Importance estimation for neural network pruning", CVPR 2019, equation 8).
 */
export async function importance(
  game: Game,
  shape: NetworkShape,
  weights: Weights,
  lessons: Lessons,
  batch: number,
  seed: number,
  engine: TrainingEngine,
): Promise<readonly (readonly number[])[]> {
  const positions = Array.from({ length: lessons.count }, (_, row) => ({ lessons, row }));
  const random = seededRandom(seed);
  const trainer = await createTrainer(shape, untaught(weights), batch, 1, engine);
  const sums = shape.widths.map(width => Array<number>(width).fill(0));
  let before = untaught(weights).mean;
  for (let i = 0; i < BATCHES; i++) {
    // At rate 0 nothing is learned, but Adam's mean tells the gradient.
    await trainer.step(draw(game, positions, batch, random), 0);
    const { mean } = trainer.learned();
    for (const [block, width] of shape.widths.entries()) {
      for (let filter = 0; filter < width; filter++) {
        let change = 0;
        for (const part of [`block${block}a/kernel`, `block${block}a/bias`]) {
          const values = weights[part]!;
          for (let at = filter; at < values.length; at += width) {
            change += values[at]! * ((mean[part]![at]! - (1 - FRESH) * before[part]![at]!) / FRESH);
          }
        }
        sums[block]![filter]! += change ** 2 / BATCHES;
      }
    }
    before = mean;
  }
  return sums;
}

/**
 * By block, the filters that stay when the least important of a block go, time
 * after time where they matter least on average, until no more than `wanted`
 * parameters are left or every block is as narrow as it may become.
 */
export function survivors(
  shape: NetworkShape,
  matters: readonly (readonly number[])[],
  wanted: number,
): readonly (readonly number[])[] {
  const kept = shape.widths.map(width => Array.from({ length: width }, (_, filter) => filter));
  for (;;) {
    if (parameterCount({ ...shape, widths: kept.map(({ length }) => length) }) <= wanted) return kept;
    const groups = kept.flatMap((filters, block) => {
      if (filters.length <= WIDTH_STEP) return [];
      const much = (filter: number) => matters[block]![filter]!;
      const least = filters
        .toSorted((a, b) => much(a) - much(b) || a - b)
        .slice(0, filters.length % WIDTH_STEP || WIDTH_STEP);
      return [{ block, least, mean: least.reduce((sum, filter) => sum + much(filter), 0) / least.length }];
    });
    if (groups.length === 0) return kept;
    const { block, least } = groups.reduce((best, group) => (group.mean < best.mean ? group : best));
    kept[block] = kept[block]!.filter(filter => !least.includes(filter));
  }
}

/** The network without the filters that are not `kept`. */
export function without(
  shape: NetworkShape,
  weights: Weights,
  kept: readonly (readonly number[])[],
): { readonly shape: NetworkShape; readonly weights: Weights } {
  const parts: Record<string, Float32Array> = { ...weights };
  for (const [block, filters] of kept.entries()) {
    const width = shape.widths[block]!;
    // An inner filter is the last index of the first kernel, and the one before the last of the second.
    for (const [name, inner] of [
      [`block${block}a/kernel`, 1],
      [`block${block}a/bias`, 1],
      [`block${block}b/kernel`, shape.filters],
    ] as const) {
      const stays = new Set(filters);
      parts[name] = weights[name]!.filter((_, at) => stays.has(Math.floor(at / inner) % width));
    }
  }
  return { shape: { ...shape, widths: kept.map(({ length }) => length) }, weights: parts };
}
