/**
 * Kuhn poker: a card each, a single bet, and the higher card wins (H. W. Kuhn,
 * "A simplified two-person poker", 1950).
 *
 * A seat's move is 0, pass, or 1, bet. A move of chance deals a card; cards are
 * numbered from the lowest up.
 */

import type { Family } from '../family.ts';
import { type Move, type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { pick } from '../random.ts';
import type { Values } from '../settings.ts';

/** All ranks, the lowest first. A smaller deck is the upper end of it. */
const RANKS = '23456789tjqk';

const SEATS = ['x', 'o'] as const;
const TEXTS = ['pass', 'bet'] as const;
const MOVE_COUNT = TEXTS.length;
const BOTH: readonly Move[] = [0, 1];
const NONE: readonly Move[] = [];

/** What betting comes to by a pass and by a bet; what is not in here is over. */
const NEXT: Readonly<Record<string, readonly [afterPass: string, afterBet: string]>> = {
  '': ['p', 'b'],
  p: ['pp', 'pb'],
  b: ['bp', 'bb'],
  pb: ['pbp', 'pbb'],
};

/** All that betting can come to; and, as places in that list, what it comes to by a pass and by a bet. */
const BETTINGS = ['', ...Object.values(NEXT).flat()];
const PLACES = BETTINGS.map(betting => NEXT[betting]?.map(next => BETTINGS.indexOf(next)) ?? NONE);

/** What each player puts into the pot before the deal. */
const ANTE = 1;

export interface KuhnPoker {
  /** The cards dealt so far, seat 0's first. */
  readonly cards: readonly number[];
  /** The moves of the seats, a letter each: 'p' for a pass, 'b' for a bet. */
  readonly betting: string;
}

const parameters = {
  cards: { kind: 'number', about: 'cards in the deck', least: 3, most: RANKS.length, usual: 3 },
  bet: { kind: 'number', about: 'chips that a bet puts into the pot', least: 1, most: 10, usual: 1 },
  lowest: { kind: 'flag', about: 'the lower card wins', usual: false },
} as const;

export const kuhnPoker: Family<KuhnPoker, typeof parameters> = {
  name: 'kuhn-poker',
  kind: 'cards',
  parameters,
  variants: [
    { values: { lowest: true }, about: 'the lower card wins' },
    { values: { cards: 5 }, about: 'five cards: three that neither always win nor always lose' },
    { values: { cards: 5, bet: 3, lowest: true }, about: 'five cards, the lower wins, and bets larger than the pot' },
  ],
  openSpiel: {
    name: 'kuhn_poker',
    values({ players = 2 }) {
      if (players !== 2) throw new RangeError('players must be 2');
      return {};
    },
    returns: ({ scores }) => [scores![0], scores![1]],
  },

  rules(values) {
    const { cards: size, bet, lowest } = values;
    const ranks = RANKS.slice(-size);
    const [worst, best] = lowest ? [ranks.at(-1)!, ranks.charAt(0)] : [ranks.charAt(0), ranks.at(-1)!];

    const deck = Array.from({ length: size }, (_, card) => card);
    /** The cards that are left once this one has been dealt. */
    const without = deck.map(dealt => deck.filter(card => card !== dealt));
    const evenly = (count: number): readonly number[] => Array<number>(count).fill(1 / count);

    const firstDeals = deck.map(card => MOVE_COUNT + card);
    const secondDeals = without.map(left => left.map(card => MOVE_COUNT + card));
    const firstChances = evenly(size);
    const secondChances = evenly(size - 1);

    const win = (winner: Seat, how: string, chips: number): Outcome => ({
      kind: 'win',
      winner,
      how,
      scores: winner === 0 ? [chips, -chips] : [-chips, chips],
      stake: chips / (ANTE + bet),
    });
    /** By the seat whose card is better and how the betting went; none while it goes on. */
    const outcomes = ([0, 1] as const).map((better): Readonly<Record<string, Outcome>> => {
      const how = lowest ? 'lower card' : 'higher card';
      return {
        pp: win(better, how, ANTE),
        bb: win(better, how, ANTE + bet),
        pbb: win(better, how, ANTE + bet),
        bp: win(0, 'the other gave up', ANTE),
        pbp: win(1, 'the other gave up', ANTE),
      };
    });

    /** The same by the place of the betting. */
    const endings = outcomes.map(ends => BETTINGS.map(betting => ends[betting]));
    const better = (first: number, second: number): Seat => (first > second !== lowest ? 0 : 1);

    const rules: Rules<KuhnPoker> = {
      small: true,
      title: titleOf(values),
      facts: {
        ranks: [...ranks].map(rank => `\`${rank}\``).join(', '),
        best,
        worst,
        second: lowest ? ranks.charAt(1) : ranks.charAt(size - 2),
        three: size === 3,
        classic: size === 3 && bet === 1,
        // Whether a bluff with the worst card gains where the other gives up with all but the best one.
        bluffs: bet < 2 * (size - 2),
        total: ANTE + bet,
        prize: 2 * ANTE + bet,
        pot: 2 * (ANTE + bet),
      },
      moveCount: MOVE_COUNT,
      chanceCount: size,
      observationShape: [3, 1, size],
      symmetries: [],
      openingPlies: 2,
      start: { cards: [], betting: '' },

      turn: ({ cards, betting }) => (cards.length < 2 ? 'chance' : betting.length === 1 ? 1 : 0),

      moves({ cards, betting }) {
        if (cards.length < 2) return cards.length === 0 ? firstDeals : secondDeals[cards[0]!]!;
        return NEXT[betting] === undefined ? NONE : BOTH;
      },

      chances: ({ cards }) => (cards.length === 0 ? firstChances : secondChances),

      play({ cards, betting }, move) {
        if (move >= MOVE_COUNT) return { cards: [...cards, move - MOVE_COUNT], betting };
        return { cards, betting: NEXT[betting]![move]! };
      },

      outcome({ cards: [first, second], betting }) {
        if (betting.length < 2) return undefined;
        return outcomes[better(first!, second!)]![betting];
      },

      explain(state, move) {
        if (move >= MOVE_COUNT) return [rules.moves(state).includes(move) ? 'R1' : 'R2'];
        const { betting } = rules.play(state, move);
        if (betting.length === 1) return ['R3'];
        const begun = betting.length === 2 && betting.startsWith('p') ? 'R4' : 'R5';
        return [begun, ...(isShowdown(betting) ? ['R7'] : NEXT[betting] === undefined ? ['R6'] : [])];
      },

      playout({ cards, betting }, random) {
        // Rounded down, a random number gives the card that drawChance draws: all are equally likely.
        const first = cards[0] ?? Math.floor(random() * size);
        let second = cards[1];
        if (second === undefined) {
          second = Math.floor(random() * (size - 1));
          if (second >= first) second++;
        }
        const ends = endings[better(first, second)]!;
        let place = BETTINGS.indexOf(betting);
        for (;;) {
          const end = ends[place];
          if (end) return end;
          place = PLACES[place]![Math.floor(random() * MOVE_COUNT)]!;
        }
      },

      hides: ({ cards }, _move, seat) => cards.length < 2 && cards.length !== seat,

      guess(state, seat, random) {
        const { cards, betting } = state;
        const other = opponent(seat);
        if (cards[other] === undefined || isShowdown(betting)) return state;
        const own = cards[seat];
        return { cards: cards.with(other, pick(own === undefined ? deck : without[own]!, random)), betting };
      },

      show(state, seat) {
        const { cards, betting } = state;
        const chips = chipsIn(betting, bet);
        const outcome = rules.outcome(state);
        const told = [...betting].map(letter => TEXTS[letter === 'p' ? 0 : 1]);
        const cardOf = (whose: Seat) =>
          cards[whose] === undefined ? '-' : seesCard(betting, whose, seat) ? ranks.charAt(cards[whose]) : '?';
        return [
          ...([0, 1] as const).map(whose => `${SEATS[whose]}: card ${cardOf(whose)}, chips ${chips[whose]}`),
          `betting: ${told.join(' ') || 'none'}`,
          outcome?.kind === 'win'
            ? `over, ${SEATS[outcome.winner]} wins ${outcome.scores![outcome.winner]}`
            : cards.length < 2
              ? `${SEATS[cards.length]} is dealt a card`
              : `${SEATS[betting.length % 2]} is to move`,
        ].join('\n');
      },

      notation: 'pass or bet',

      formatMove: move => TEXTS[move] ?? ranks.charAt(move - MOVE_COUNT),

      parseMove(text) {
        const move = TEXTS.indexOf(text as (typeof TEXTS)[number]);
        if (move !== -1) return move;
        const card = text.length === 1 ? ranks.indexOf(text) : -1;
        return card === -1 ? undefined : MOVE_COUNT + card;
      },

      observe({ cards, betting }) {
        const planes = new Float32Array(3 * size);
        if (cards.length < 2) return planes;
        planes[cards[betting.length % 2]!] = 1;
        if (betting.startsWith('p')) planes.fill(1, size, 2 * size);
        if (betting.endsWith('b')) planes.fill(1, 2 * size);
        return planes;
      },
    };
    return rules;
  },
};

/** Whether the betting has ended in such a way that both cards are shown. */
const isShowdown = (betting: string): boolean => betting === 'pp' || betting.endsWith('bb');

/** What each seat has put into the pot. */
export function chipsIn(betting: string, bet: number): readonly [number, number] {
  const chips: [number, number] = [ANTE, ANTE];
  for (const [ply, letter] of [...betting].entries()) if (letter === 'b') chips[ply % 2]! += bet;
  return chips;
}

/** Whether `viewer` sees the card of `seat`; everybody does where no viewer is given. */
export const seesCard = (betting: string, seat: Seat, viewer: Seat | undefined): boolean =>
  viewer === undefined || viewer === seat || isShowdown(betting);

function titleOf({ cards, bet, lowest }: Values<typeof parameters>): string {
  return [
    'Kuhn poker',
    ...(cards === parameters.cards.usual ? [] : [`${cards} cards`]),
    ...(bet === parameters.bet.usual ? [] : [`bets of ${bet}`]),
    ...(lowest ? ['lowest wins'] : []),
  ].join(', ');
}
