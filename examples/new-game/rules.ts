/**
 * Last Counter: take counters from a row; whoever takes the last one wins.
 *
 * A move is how many are taken, less one, and written as that number: '1' to
 * '3'. Where a rule is changed, change rules.md, guide.md and `explain` with it.
 */

import type { Family } from '../../games/family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../../games/game.ts';

export interface LastCounter {
  /** Counters that are left. */
  readonly left: number;
  readonly turn: Seat;
}

const parameters = {
  counters: { kind: 'number', about: 'counters at the start', least: 5, most: 30, usual: 10 },
  most: { kind: 'number', about: 'how many may be taken at once', least: 2, most: 4, usual: 3 },
  misere: { kind: 'flag', about: 'whoever takes the last counter loses', usual: false },
} as const;

export const lastCounter: Family<LastCounter, typeof parameters> = {
  name: 'last-counter',
  kind: 'board',
  parameters,
  variants: [
    { values: { misere: true }, about: 'the last counter loses' },
    { values: { most: 2 }, about: 'one or two at once' },
  ],

  rules({ counters, most, misere }) {
    const wins: readonly Outcome[] = [0, 1].map(winner => ({
      kind: 'win',
      winner: winner as Seat,
      how: misere ? 'the other took the last counter' : 'took the last counter',
    }));
    const takes = Array.from({ length: most }, (_, move) => move);

    const rules: Rules<LastCounter> = {
      title: ['Last Counter', ...(misere ? ['misère'] : []), ...(most === 3 ? [] : [`at most ${most}`])].join(', '),
      facts: { cycle: most + 1 },
      moveCount: most,
      observationShape: [1, 1, counters],
      symmetries: [],
      openingPlies: 1,
      start: { left: counters, turn: 0 },

      turn: state => state.turn,

      moves: ({ left }) => takes.slice(0, left),

      play: ({ left, turn }, move) => ({ left: left - move - 1, turn: opponent(turn) }),

      // Once all are gone, the seat to move is the one that did not take the last.
      outcome: ({ left, turn }) => (left > 0 ? undefined : wins[misere ? turn : opponent(turn)]),

      explain(state, move) {
        if (move >= state.left) return ['R3'];
        return ['R1', 'R2', ...(move + 1 === state.left ? ['R4'] : [])];
      },

      show: ({ left }) => `${left} left: ${'| '.repeat(left)}`.trimEnd(),

      notation: `how many to take, 1 to ${most}`,

      formatMove: move => String(move + 1),

      parseMove: text => takes.find(take => String(take + 1) === text),

      observe: ({ left }) => Float32Array.from({ length: counters }, (_, place) => (place < left ? 1 : 0)),
    };
    return rules;
  },
};
