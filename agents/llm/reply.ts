/** Reading a model's reply. */

import type { Game, Move } from '../../games/game.ts';
import type { Fault } from '../agent.ts';
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
): { readonly move: Move } | { readonly fault: Fault } {
  if (text.trim() === '') return { fault: finish === 'length' ? 'truncated' : 'empty' };
  // What goes on with a comma after its last brace was cut off within an object; a whole one in it is only a part.
  const cut = finish === 'length' && /}\s*,[^}]*$/.test(text);
  const named = cut ? undefined : lastObject(text)?.['move'];
  const move = typeof named === 'string' ? game.parseMove(named.trim().toLowerCase()) : undefined;
  if (move !== undefined) return legal.includes(move) ? { move } : { fault: 'illegal' };
  return { fault: finish === 'length' ? 'truncated' : 'unparsable' };
}

/** The last outermost {...} of a text that is a JSON object. */
function lastObject(text: string): Readonly<Record<string, unknown>> | undefined {
  for (let end = text.lastIndexOf('}'); end >= 0; end = text.lastIndexOf('}', end - 1)) {
    // The longest object that ends here: an inner one would be part of it.
    for (let start = text.indexOf('{'); start >= 0 && start < end; start = text.indexOf('{', start + 1)) {
      try {
        return JSON.parse(text.slice(start, end + 1)) as Record<string, unknown>;
      } catch {
        // Not an object from here; perhaps from a later brace.
      }
    }
    if (end === 0) break;
  }
  return undefined;
}
