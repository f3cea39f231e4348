/** What a game's folder says about it: its rulebook and its guide, rendered for a variant. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mustache from 'mustache';
import type { Game } from '../games/game.ts';
import { root } from './files.ts';

/** Markdown. */
export interface Documents {
  readonly rules: string;
  readonly guide: string;
}

/** The documents of a game, for the parameters it is played with. */
export async function documentsOf({ family, facts, documents }: Game): Promise<Documents> {
  if (documents) return documents;
  const read = async (file: string) =>
    mustache.render(await readFile(join(root, 'games', family, file), 'utf8'), facts, {}, { escape: String });
  return { rules: await read('rules.md'), guide: await read('guide.md') };
}

/** The ids of the numbered paragraphs of a document: ['R1', 'R2', …]. */
export const numbersIn = (document: string): readonly string[] =>
  [...document.matchAll(/^([RG]\d+)\. /gm)].map(([, id]) => id!);
