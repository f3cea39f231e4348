/** Reading a model's reply. */

import type { Game, Move } from '../../games/game.ts';
import type { ReplyFault } from '../agent.ts';
import type { Reply } from './model.ts';

/**
 * The move that a reply names, or why it names none.
 *
 * The last JSON object of the reply counts, and in it the text under "move",
 * trimmed and in lower case. Nothing else does: a move picked out of the model's
 * thinking would be ours, not the model's, and would hide how often it fails to
 * answer. `legal` decides between a move and an illegal one.
 */
export function readReply(
  { text, finish }: Pick<Reply, 'text' | 'finish'>,
  game: Game,
  legal: readonly Move[],
): { readonly move: Move } | { readonly fault: ReplyFault } {
  if (text.trim() === '') return { fault: finish === 'length' ? 'truncated' : 'empty' };
  const named = lastObject(text)?.['move'];
  const move = typeof named === 'string' ? game.parseMove(named.trim().toLowerCase()) : undefined;
  if (move !== undefined) return legal.includes(move) ? { move } : { fault: 'illegal' };
  return { fault: finish === 'length' ? 'truncated' : 'unparsable' };
}

/**
 * The last outermost {...} of a text that is a JSON object. None where the text
 * ends within another that began after it: that one was the answer, and broke.
 */
function lastObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let last: Readonly<Record<string, unknown>> | undefined;
  let depth = 0;
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (quoted) {
      if (sign === '\\') i++;
      else if (sign === '"') quoted = false;
    } else if (sign === '"' && depth > 0) quoted = true;
    else if (sign === '{' && (depth > 0 || OBJECT.test(text.slice(i, i + 20)))) {
      if (depth++ === 0) start = i;
    } else if (sign === '}' && depth > 0 && --depth === 0) last = objectIn(text.slice(start, i + 1)) ?? last;
  }
  return depth > 0 ? undefined : last;
}

/** How an object begins; another brace is prose. */
const OBJECT = /^{\s*["}]/;

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
