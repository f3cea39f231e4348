/** Bringing a language model to the table: which model, with what documents, live or from a cassette. */

import type { Command } from 'commander';
import type { Surroundings } from './roster.ts';

export interface ModelOptions {
  readonly model?: string;
  readonly record?: string;
  readonly cassette?: string;
}

export const modelOptions = (command: Command): Command => command;

/** Runs `act` with a way to make surroundings that tell their progress to `say`. */
export async function withModel(
  _options: ModelOptions,
  act: (surroundings: (say: (text: string) => void) => Surroundings) => Promise<void>,
): Promise<void> {
  await act(() => ({}));
}
