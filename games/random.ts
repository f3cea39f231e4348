/** Seeded random numbers. Nothing below src/ calls Math.random: a seed replays a match. */

/** Each call gives the next number in [0, 1). */
export type Random = () => number;

/** The generator "mulberry32" (Tommy Ettinger, 2017): 32 bits of state, good enough to pick moves, not to keep secrets. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed from a text: its FNV-1a hash, 0 … 2³² − 1. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A uniformly chosen item. Throws if there is none. */
export function pick<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Which of several things one random number picks, if they have these probabilities. */
export function drawIndex(chances: readonly number[], random: Random): number {
  let left = random();
  for (let i = 0; i < chances.length - 1; i++) {
    left -= chances[i]!;
    if (left < 0) return i;
  }
  return chances.length - 1;
}
