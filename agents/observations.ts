/** How observations are kept by the hundred thousand: a byte for each number, which lies in 0 … 1, in steps of 1 / 255. */

const STEPS = 255;

/** Writes numbers into `bytes`, from `start` on. */
export function packInto(bytes: Uint8Array, numbers: ArrayLike<number>, start: number): void {
  for (let i = 0; i < numbers.length; i++) bytes[start + i] = Math.round(STEPS * numbers[i]!);
}

export const unpacked = (byte: number): number => byte / STEPS;
