/** A person at the terminal, asked until they name a legal move. */

import { createInterface } from 'node:readline';
import type { Agent } from '../agents/agent.ts';
import { legalTexts, whyNot } from './moves.ts';

/** Throws, and so voids the match, when the input ends. */
export function humanAgent(): Agent {
  // One reader for the whole match: what is typed or piped ahead waits in it.
  let lines: AsyncIterator<string> | undefined;
  return {
    name: 'human',
    conditions: { division: 'human', budget: {} },
    async decide({ game, state, seat, legal }) {
      process.stdin.ref?.();
      lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      console.error(game.show(state, seat));
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
        console.error(
          text.trim() === '?'
            ? `${game.notation}; ${legalTexts(game, state).join(' ')}`
            : `'${text.trim()}' ${whyNot(game, state, move)}`,
        );
      }
    },
  };
}
