/**
 * Nim: take counters from one pile; usually whoever takes the last one loses.
 *
 * A move takes so many counters from one pile, and is numbered by the counters
 * first: one from the first pile, one from the second, …, two from the first. It
 * is written as pile and counters, '4-3'.
 *
 * C. L. Bouton, "Nim, a game with a complete mathematical theory" (Annals of
 * Mathematics 3, 1901).
 */

import type { Family } from '../family.ts';
import { type Outcome, opponent, type Rules, type Seat } from '../game.ts';

const MOST_PILES = 6;
const HIGHEST = 15;

export interface Nim {
  /** Counters in each pile. */
  readonly piles: readonly number[];
  readonly turn: Seat;
}

const pile = (place: string, usual: number) =>
  ({ kind: 'number', about: `counters of the ${place} pile, 0 for none`, least: 0, most: HIGHEST, usual }) as const;

const parameters = {
  pile1: { ...pile('first', 1), about: 'counters of the first pile', least: 1 },
  pile2: pile('second', 3),
  pile3: pile('third', 5),
  pile4: pile('fourth', 7),
  pile5: pile('fifth', 0),
  pile6: pile('sixth', 0),
  most: { kind: 'number', about: 'how many may be taken at once', least: 1, most: HIGHEST, usual: HIGHEST },
  misere: { kind: 'flag', about: 'whoever takes the last counter loses', usual: true },
} as const;

export const nim: Family<Nim, typeof parameters> = {
  name: 'nim',
  kind: 'board',
  parameters,
  variants: [
    { values: { misere: false }, about: 'the last counter wins' },
    { values: { pile1: 3, pile2: 4, pile3: 5, pile4: 0 }, about: 'piles of 3, 4 and 5, which the first player wins' },
    { values: { most: 3 }, about: 'three counters at once, at most' },
  ],
  openSpiel: {
    name: 'nim',
    values({ pile_sizes = '1;3;5;7', is_misere = true }) {
      const sizes = String(pile_sizes).split(';').map(Number);
      if (sizes.length > MOST_PILES) throw new RangeError(`pile_sizes must name ${MOST_PILES} piles at most`);
      const [pile1 = 0, pile2 = 0, pile3 = 0, pile4 = 0, pile5 = 0, pile6 = 0] = sizes;
      return { pile1, pile2, pile3, pile4, pile5, pile6, misere: is_misere === true };
    },
  },

  rules({ pile1, pile2, pile3, pile4, pile5, pile6, most, misere }) {
    const given = [pile1, pile2, pile3, pile4, pile5, pile6];
    const count = given.findIndex((_, i) => given.slice(i).every(size => size === 0));
    const start = count === -1 ? given : given.slice(0, count);
    if (start.includes(0)) {
      throw new RangeError(`pile${start.indexOf(0) + 1} must be 1 or more, because a pile after it is not empty`);
    }
    const piles = start.length;
    const highest = Math.max(...start);
    const wins: readonly Outcome[] = [0, 1].map(winner => ({
      kind: 'win',
      winner: winner as Seat,
      how: misere ? 'the other took the last counter' : 'took the last counter',
    }));
    /** By the seat whose turn it would be: the other took the last counter. */
    const winnerBefore = (turn: Seat): Seat => (misere ? turn : opponent(turn));
    const pileOf = (move: number): number => move % piles;
    const takenBy = (move: number): number => Math.floor(move / piles) + 1;
    const isLimited = most < highest;
    const endRule = isLimited ? 'R5' : 'R4';

    const rules: Rules<Nim> = {
      small: true,
      title: [
        'Nim',
        ...(start.join() === '1,3,5,7' ? [] : [`piles of ${start.join(', ')}`]),
        ...(isLimited ? [`at most ${most}`] : []),
        ...(misere ? [] : ['the last wins']),
      ].join(', '),
      facts: {
        count: piles,
        one: piles === 1,
        list: start.map((size, i) => `${size} in pile ${i + 1}`).join(', '),
        isLimited,
        endRule,
        cycle: most + 1,
        classic: start.join() === '1,3,5,7' && !isLimited,
        cold: start.reduce((sum, size) => sum ^ (size % (most + 1)), 0) === 0,
      },
      moveCount: piles * highest,
      observationShape: [2, piles, highest],
      symmetries: [],
      openingPlies: 1,
      start: { piles: start, turn: 0 },

      turn: state => state.turn,

      moves({ piles: sizes }) {
        const moves: number[] = [];
        for (let take = 1; take <= most && take <= highest; take++) {
          for (let pile = 0; pile < piles; pile++) if (sizes[pile]! >= take) moves.push((take - 1) * piles + pile);
        }
        return moves;
      },

      play: ({ piles: sizes, turn }, move) => ({
        piles: sizes.with(pileOf(move), sizes[pileOf(move)]! - takenBy(move)),
        turn: opponent(turn),
      }),

      outcome: ({ piles: sizes, turn }) => (sizes.every(size => size === 0) ? wins[winnerBefore(turn)] : undefined),

      explain(state, move) {
        if (takenBy(move) > most) return ['R4'];
        if (takenBy(move) > state.piles[pileOf(move)]!) return ['R3'];
        return ['R1', 'R2', ...(rules.outcome(rules.play(state, move)) ? [endRule] : [])];
      },

      playout(state, random) {
        let { turn } = state;
        let left = 0;
        heights.fill(0);
        for (let pile = 0; pile < piles; pile++) {
          const size = state.piles[pile]!;
          sizes[pile] = size;
          left += size;
          for (let take = 1; take <= size; take++) heights[take]!++;
        }
        while (left > 0) {
          let moves = left;
          for (let take = most + 1; take <= highest; take++) moves -= heights[take]!;
          let index = Math.floor(random() * moves);
          let take = 1;
          for (; index >= heights[take]!; take++) index -= heights[take]!;
          let pile = 0;
          for (; sizes[pile]! < take || index > 0; pile++) if (sizes[pile]! >= take) index--;
          const size = sizes[pile]!;
          for (let height = size; height > size - take; height--) heights[height]!--;
          sizes[pile] = size - take;
          left -= take;
          turn = opponent(turn);
        }
        return wins[winnerBefore(turn)]!;
      },

      show: ({ piles: sizes, turn }) =>
        [
          ...sizes.map((size, i) => `pile ${i + 1}: ${'| '.repeat(size)}`.trimEnd()),
          ...(sizes.some(size => size > 0) ? [`${'xo'[turn]} is to take`] : []),
        ].join('\n'),

      notation: `pile and counters to take, such as ${piles}-1`,

      formatMove: move => `${pileOf(move) + 1}-${takenBy(move)}`,

      parseMove(text) {
        const [, pile, take] = /^([1-9])-([1-9]\d?)$/.exec(text) ?? [];
        if (pile === undefined || Number(pile) > piles || Number(take) > highest) return undefined;
        return (Number(take) - 1) * piles + Number(pile) - 1;
      },

      observe: ({ piles: sizes }) =>
        // As columns as high as the piles; and their sizes in halves, quarters and so on, where their sums show.
        Float32Array.from({ length: 2 * piles * highest }, (_, i) => {
          const [plane, place] = [Math.floor(i / (piles * highest)), i % highest];
          const size = sizes[Math.floor(i / highest) % piles]!;
          return plane === 0 ? Number(place < size) : (size >> place) & 1;
        }),

      // Neither the order of the piles matters nor whose turn it is.
      key: ({ piles: sizes }) =>
        sizes.toSorted((a, b) => a - b).reduce<number>((key, size) => key * (HIGHEST + 1) + size, 0),
    };

    /** In random play: the piles; and how many of them are so high or higher, so how many moves take so many. */
    const sizes = new Int8Array(piles);
    const heights = new Int8Array(highest + 1);

    return rules;
  },
};
