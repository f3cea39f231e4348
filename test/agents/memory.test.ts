import { expect, test } from 'vitest';
import { Memory } from '../../agents/memory.ts';
import { seededRandom } from '../../games/random.ts';

const bitsOf = (observation: Float32Array) => new Int32Array(observation.buffer);

/** Judges the i-th observation as i / 1000. */
function judged(memory: Memory, observations: readonly Float32Array[]): void {
  for (const [i, observation] of observations.entries()) {
    memory.makeRoom(2);
    memory.keep(
      memory.entry(bitsOf(observation)),
      { value: Float32Array.of(0, i / 1000), policy: Float32Array.of(9, 9, i, 1) },
      1,
    );
  }
}

const seen = (memory: Memory, observation: Float32Array) => {
  memory.makeRoom(2);
  const told = memory.told(memory.entry(bitsOf(observation)));
  return told && { value: Math.round(1000 * told.value), priors: [...told.priors] };
};

/** Boards of 40 numbers, most of them 0 or 1, all different. */
const boards = (count: number, seed: number): readonly Float32Array[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: 40 }, (_, i) =>
      i === 39 ? random() : Math.floor(2.02 * random()) / 2 > 0.5 ? 0.25 : +(random() < 0.5),
    ),
  );
};

test('every observation is remembered with what was said of it, and no other is', () => {
  const memory = new Memory(2, 1e6);
  const known = boards(10_000, 1);
  judged(memory, known);
  for (const [i, observation] of known.entries()) {
    expect(seen(memory, observation)).toEqual({ value: i, priors: [i, 1] });
  }
  expect(boards(1000, 2).filter(observation => seen(memory, observation))).toEqual([]);
});

test.each([
  ['zeros and ones', [0, 1, 1], [1, 0, 1]],
  ['fractions', [0.25, 1, 0], [0.5, 1, 0]],
  ['places of fractions', [0.25, 0, 0], [0, 0.25, 0]],
])('observations that differ in %s are told apart', (_, one, other) => {
  const memory = new Memory(2, 1e6);
  judged(memory, [Float32Array.from(one)]);
  expect(seen(memory, Float32Array.from(other))).toBeUndefined();
  expect(seen(memory, Float32Array.from(one))).toBeDefined();
});

test('beyond the most that is kept, all is forgotten, and then kept again', () => {
  const memory = new Memory(2, 100);
  const [first, ...others] = boards(100, 1);
  judged(memory, [first!]);
  expect(seen(memory, first!)).toBeDefined();
  judged(memory, others);
  expect(seen(memory, first!)).toBeUndefined();
  judged(memory, [first!]);
  expect(seen(memory, first!)).toBeDefined();
});
