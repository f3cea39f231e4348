/** A person at the terminal, asked until they name a legal move. */

import { createInterface } from 'node:readline';
import type { Agent } from '../agents/agent.ts';

/** Throws, and so voids the match, when the input ends. */
export function humanAgent(): Agent {
  // One reader for the whole match: what is typed or piped ahead waits in it.
  let lines: AsyncIterator<string> | undefined;
  return {
    name: 'human',
    conditions: { division: 'human', budget: {} },
    async decide({ game, state, legal }) {
      process.stdin.ref?.();
      lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      console.error(game.show(state));
      for (;;) {
        process.stderr.write('your move (? lists them): ');
        const { done, value: text } = await lines.next();
        if (done) throw new Error('the input has ended');
        const move = game.parseMove(text.trim().toLowerCase());
        if (move !== undefined && legal.includes(move)) {
          // The program may end while nobody is asked.
          process.stdin.unref?.();
          return { move };
        }
        const names = legal.map(other => game.formatMove(other)).join(' ');
        console.error(text.trim() === '?' ? names : `'${text.trim()}' is not a legal move; there are: ${names}`);
      }
    },
  };
}
