/** What a game's folder says about it: its rulebook and its guide, rendered for a variant. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mustache from 'mustache';
import type { Facts, Game } from '../games/game.ts';
import { root } from './files.ts';

/** Markdown. */
export interface Documents {
  readonly rules: string;
  readonly guide: string;
}

/** The documents of a game, for the parameters it is played with. Throws Error where one names a fact that the game does not tell. */
export async function documentsOf({ family, facts, documents }: Game): Promise<Documents> {
  if (documents) return documents;
  const read = async (file: string) => {
    const template = await readFile(join(root, 'games', family, file), 'utf8');
    checkFacts(template, facts, `games/${family}/${file}`);
    return mustache.render(template, facts, {}, { escape: String });
  };
  return { rules: await read('rules.md'), guide: await read('guide.md') };
}

/** What mustache would leave out without a word. */
export function checkFacts(template: string, facts: Facts, file: string): void {
  const check = (tokens: readonly Token[]): void => {
    for (const [kind, name, start, , inside] of tokens) {
      if (kind !== 'text' && !(name in facts)) {
        const line = template.slice(0, start).split('\n').length;
        throw new Error(
          `${file}:${line}: {{${name}}} is no fact of the game; there are ${Object.keys(facts).join(', ')}`,
        );
      }
      if (inside) check(inside);
    }
  };
  check(mustache.parse(template) as Token[]);
}

/** A token of mustache: its kind ('text', 'name', '#', …), its name or text, where it begins and ends, and what a section holds. */
type Token = readonly [kind: string, name: string, start: number, end: number, inside?: readonly Token[]];

/** The ids of the numbered paragraphs of a document: ['R1', 'R2', …]. */
export const numbersIn = (document: string): readonly string[] =>
  [...document.matchAll(/^([RG]\d+)\. /gm)].map(([, id]) => id!);
