/** Bits of boards, counted in halves of them: Warren, "Hacker's Delight", §5-1. */

/** How many of each four bits are set, in their place. Three such sums can be added without a carry. */
export function inFours(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
}

/** How many of 32 bits are set. */
export function bitCount(bits: number): number {
  const fours = inFours(bits);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
