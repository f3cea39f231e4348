/**
 * Muon's update: a hidden layer's kernel moves by its momentum made orthogonal,
 * so that no direction of it is left behind; everything else moves by Adam.
 * Jordan et al., "Muon: An optimizer for hidden layers in neural networks"
 * (2024); scaled to the size of Adam's updates, so that both take the same
 * learning rates: Liu et al., "Muon is scalable for LLM training" (2025), §2.2.
 *
 * Adam's running mean is the momentum, looked ahead as Nesterov does. What the
 * engines share is here; each writes the update with its own tensors.
 */

import { type Parameter, sizeOf } from './network.ts';

/** Newton-Schulz: x becomes a x + (b x xᵀ + c (x xᵀ)²) x in each round, which brings its singular values near 1 (Jordan et al. 2024). */
export const MUON_TERMS = [3.4445, -4.775, 2.0315] as const;
export const MUON_ROUNDS = 5;

/** An orthogonal update times this and the root of the matrix's longer side is as large as Adam's usually are (Liu et al. 2025, eq. 4). */
export const MUON_SCALE = 0.2;

/** The parameters' sizes, and which of them Muon moves. */
export interface Hidden {
  readonly sizes: readonly number[];
  readonly groups: readonly KernelGroup[];
}

/** Kernels of one kind and size, which are made orthogonal together. */
export interface KernelGroup {
  readonly convolution: boolean;
  /** As a matrix: what a filter or a unit sees, by the filters or units. */
  readonly rows: number;
  readonly columns: number;
  /** Their places in the list of parameters. */
  readonly members: readonly number[];
}

/** All kernels but those that end in the policy and in the value. */
export function hiddenOf(list: readonly Parameter[]): Hidden {
  const sizes = list.map(sizeOf);
  const groups = new Map<string, KernelGroup & { readonly members: number[] }>();
  for (const [i, { name, shape }] of list.entries()) {
    if (!name.endsWith('/kernel') || name === 'policy/kernel' || name === 'value/kernel') continue;
    const columns = shape.at(-1)!;
    const rows = sizes[i]! / columns;
    const key = shape.join(' ');
    const group = groups.get(key) ?? { convolution: shape.length === 4, rows, columns, members: [] };
    group.members.push(i);
    groups.set(key, group);
  }
  return { sizes, groups: [...groups.values()] };
}
