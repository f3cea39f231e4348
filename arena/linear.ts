/** The little linear algebra that ratings and fits need. */

export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** A square matrix of zeros. */
export const square = (size: number): number[][] => Array.from({ length: size }, () => Array<number>(size).fill(0));

/** The inverse of a symmetric positive definite matrix, by Gauss–Jordan elimination. */
export function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))]);
  for (let i = 0; i < size; i++) {
    const pivot = rows[i]![i]!;
    rows[i] = rows[i]!.map(x => x / pivot);
    for (let j = 0; j < size; j++) {
      if (j === i) continue;
      const factor = rows[j]![i]!;
      rows[j] = rows[j]!.map((x, k) => x - factor * rows[i]![k]!);
    }
  }
  return rows.map(row => row.slice(size));
}
