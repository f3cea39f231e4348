/** A person at the terminal, asked until they name a legal move. */

import { createInterface } from 'node:readline/promises';
import type { Agent } from '../agents/agent.ts';

/** Throws, and so voids the match, when the input ends. */
export const humanAgent = (): Agent => ({
  name: 'human',
  conditions: { division: 'human', budget: {} },
  async decide({ game, state, legal }) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      console.log(game.show(state));
      for (;;) {
        const text = await new Promise<string>((resolve, reject) => {
          terminal.once('close', () => reject(new Error('the input has ended')));
          terminal.question('your move (? lists them): ').then(resolve, reject);
        });
        const move = game.parseMove(text.trim().toLowerCase());
        if (move !== undefined && legal.includes(move)) return { move };
        const names = legal.map(other => game.formatMove(other)).join(' ');
        console.log(text.trim() === '?' ? names : `'${text.trim()}' is not a legal move; there are: ${names}`);
      }
    } finally {
      terminal.removeAllListeners('close');
      terminal.close();
    }
  },
});
