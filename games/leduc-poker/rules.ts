/**
 * Leduc poker: a card each, a round of betting, a card for both, a second round
 * (Southey et al., "Bayes' bluff: opponent modelling in poker", UAI 2005).
 *
 * A seat's move is 0, fold, 1, call, or 2, raise. A move of chance deals a card;
 * cards are numbered from the lowest rank up, the two of a rank beside each
 * other: 2 × rank + suit.
 */

import type { Family } from '../family.ts';
import { type Move, type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { pick } from '../random.ts';
import type { Values } from '../settings.ts';

/** All ranks, the lowest first. A smaller deck is the upper end of it. */
const RANKS = '23456789tjqk';
const SUITS = 'sh';

const SEATS = ['x', 'o'] as const;
const TEXTS = ['fold', 'call', 'raise'] as const;
const LETTERS = ['f', 'c', 'r'] as const;
const MOVE_COUNT = TEXTS.length;
const [FOLD, CALL, RAISE] = [0, 1, 2] as const;
const NONE: readonly Move[] = [];
const NO_CARD = -1;

/** What each player puts into the pot before the deal. */
const ANTE = 1;

export interface LeducPoker {
  /** The cards dealt so far: seat 0's, seat 1's, the public one. */
  readonly cards: readonly number[];
  /** The moves of the seats, a letter each: 'f', 'c', 'r'. The first round, once it is over without a fold, ends with '/'. */
  readonly betting: string;
}

/** Who has the better cards and why: seat 0 or 1 the better card, 2 nobody, seat 0 or 1 (less 3) a pair. */
type Showing = 0 | 1 | 2 | 3 | 4;
const DECIDED_BY = ['R10', 'R10', 'R11', 'R12', 'R12'] as const;

/** What the betting so far means, whatever the cards. */
interface Stage {
  readonly betting: string;
  readonly turn: Seat;
  /** Empty once the betting is over. */
  readonly moves: readonly Move[];
  /** What follows each move, by its number; null where it is not legal. */
  readonly next: readonly (Stage | null)[];
  /** How many cards must have been dealt before it goes on. */
  readonly needed: 2 | 3;
  /** How the game ends for each `Showing`; null while the betting goes on. */
  readonly ends: readonly Outcome[] | null;
}

const parameters = {
  ranks: { kind: 'number', about: 'ranks in the deck, two cards of each', least: 3, most: RANKS.length, usual: 3 },
  raises: { kind: 'number', about: 'raises in a round', least: 1, most: 4, usual: 2 },
  small: { kind: 'number', about: 'chips that a raise adds in the first round', least: 1, most: 10, usual: 2 },
  large: { kind: 'number', about: 'chips that a raise adds in the second round', least: 1, most: 20, usual: 4 },
  lowest: { kind: 'flag', about: 'the lower card wins', usual: false },
  pairs: { kind: 'flag', about: 'a pair with the public card beats everything', usual: true },
} as const;

export const leducPoker: Family<LeducPoker, typeof parameters> = {
  name: 'leduc-poker',
  kind: 'cards',
  parameters,
  variants: [
    { values: { lowest: true }, about: 'the lower card wins' },
    { values: { ranks: 5, raises: 1 }, about: 'ten cards and a single raise in a round' },
    {
      values: { ranks: 5, small: 10, large: 1, lowest: true, pairs: false },
      about: 'ten cards, the lower wins, a pair is worth nothing, and the first raises are the large ones',
    },
  ],
  openSpiel: {
    name: 'leduc_poker',
    values({ players = 2, starting_player = 0, action_mapping = false, suit_isomorphism = false }) {
      if (players !== 2) throw new RangeError('players must be 2');
      if (starting_player !== 0) throw new RangeError('starting_player must be 0');
      if (action_mapping !== false) throw new RangeError('action_mapping must be false');
      if (suit_isomorphism !== false) throw new RangeError('suit_isomorphism must be false');
      return {};
    },
    returns: ({ scores }) => [scores![0], scores![1]],
  },

  rules(values) {
    const { ranks: count, raises, small, large, lowest, pairs } = values;
    const ranks = RANKS.slice(-count);
    const byWorth = lowest ? [...ranks].reverse().join('') : ranks;
    const size = SUITS.length * count;
    const sizes = [small, large] as const;
    const stages = stagesOf(raises, sizes, lowest);

    const deck = Array.from({ length: size }, (_, card) => card);
    const deals = (dealt: readonly number[]): readonly Move[] =>
      deck.filter(card => !dealt.includes(card)).map(card => MOVE_COUNT + card);
    const firstDeals = deals([]);
    const secondDeals = deck.map(first => deals([first]));
    const publicDeals = deck.map(first => deck.map(second => deals([first, second])));
    const evenly = [0, 1, 2].map(dealt => Array<number>(size - dealt).fill(1 / (size - dealt)));

    function showing([first, second, shared]: readonly number[]): Showing {
      return showingRanks(rankOf(first!), rankOf(second!), rankOf(shared!));
    }

    function showingRanks(own: number, other: number, common: number): Showing {
      if (own === other) return 2;
      if (pairs && own === common) return 3;
      if (pairs && other === common) return 4;
      return own > other !== lowest ? 0 : 1;
    }

    const rules: Rules<LeducPoker> = {
      small: true,
      title: titleOf(values),
      facts: {
        rankList: [...ranks].map(rank => `\`${rank}\``).join(', '),
        count: size,
        best: byWorth.at(-1)!,
        second: byWorth.at(-2)!,
        worst: byWorth.charAt(0),
        classic: count === 3 && raises === 2 && small === 2 && large === 4 && pairs,
        single: raises === 1,
        unseen: size - 2,
        prize: 2 * ANTE + large,
        pot: 2 * (ANTE + large),
      },
      moveCount: MOVE_COUNT,
      chanceCount: size,
      observationShape: [2 + 2 * mostMoves(raises), 1, count],
      symmetries: [],
      openingPlies: 2,
      start: { cards: [], betting: '' },

      turn({ cards, betting }) {
        const { turn, needed } = stages.get(betting)!;
        return cards.length < needed ? 'chance' : turn;
      },

      moves({ cards, betting }) {
        const { moves, needed } = stages.get(betting)!;
        if (cards.length >= needed) return moves;
        const [first, second] = cards;
        if (first === undefined) return firstDeals;
        return second === undefined ? secondDeals[first]! : publicDeals[first]![second]!;
      },

      chances: ({ cards }) => evenly[cards.length]!,

      play({ cards, betting }, move) {
        if (move >= MOVE_COUNT) return { cards: [...cards, move - MOVE_COUNT], betting };
        return { cards, betting: stages.get(betting)!.next[move]!.betting };
      },

      // Folding ends the game the same way whatever the cards, the public one having been dealt or not.
      outcome: ({ cards, betting }) => stages.get(betting)!.ends?.[cards.length === 3 ? showing(cards) : 0],

      explain(state, move) {
        const { cards } = state;
        const legal = rules.moves(state).includes(move);
        if (move >= MOVE_COUNT) return [legal ? (cards.length < 2 ? 'R1' : 'R9') : 'R2'];
        if (move === FOLD) return [legal ? 'R7' : 'R8'];
        if (!legal) return ['R6'];
        const after = rules.play(state, move).betting;
        if (move === RAISE) return stages.get(after)!.moves.includes(RAISE) ? ['R5'] : ['R5', 'R6'];
        if (isShowdown(after)) return ['R3', 'R4', DECIDED_BY[showing(cards)]];
        return after.endsWith('/') ? ['R3', 'R4'] : ['R4'];
      },

      playout({ cards, betting }, random) {
        // Rounded down, a random number gives the card that drawChance draws: all are equally likely.
        const first = cards[0] ?? Math.floor(random() * size);
        let second = cards[1];
        if (second === undefined) {
          second = Math.floor(random() * (size - 1));
          if (second >= first) second++;
        }
        let shared = cards[2] ?? NO_CARD;
        let stage = stages.get(betting)!;
        while (stage.ends === null) {
          if (stage.needed === 3 && shared === NO_CARD) {
            shared = Math.floor(random() * (size - 2));
            if (shared >= Math.min(first, second)) shared++;
            if (shared >= Math.max(first, second)) shared++;
          }
          stage = stage.next[stage.moves[Math.floor(random() * stage.moves.length)]!]!;
        }
        return stage.ends[shared === NO_CARD ? 0 : showingRanks(rankOf(first), rankOf(second), rankOf(shared))]!;
      },

      hides: ({ cards }, _move, seat) => cards.length < 2 && cards.length !== seat,

      guess(state, seat, random) {
        const { cards, betting } = state;
        const other = opponent(seat);
        if (cards[other] === undefined || isShowdown(betting)) return state;
        const unseen = deck.filter(card => card !== cards[seat] && card !== cards[2]);
        return { cards: cards.with(other, pick(unseen, random)), betting };
      },

      show(state, seat) {
        const { cards, betting } = state;
        const chips = chipsIn(betting, sizes);
        const outcome = rules.outcome(state);
        const turn = rules.turn(state);
        const nameOf = (card: number | undefined) => (card === undefined ? '-' : nameIn(ranks, card));
        const lineOf = (whose: Seat) => {
          const isHidden = cards[whose] !== undefined && !seesCard(betting, whose, seat);
          return `${SEATS[whose]}: card ${isHidden ? '?' : nameOf(cards[whose])}, chips ${chips[whose]}`;
        };
        const [first, second] = betting.split('/').map(wordsOf);
        return [
          lineOf(0),
          lineOf(1),
          `public card: ${nameOf(cards[2])}`,
          `first round: ${first || '-'}`,
          `second round: ${second || '-'}`,
          outcome ? overText(outcome) : turn === 'chance' ? dealText(cards.length) : `${SEATS[turn]} is to move`,
        ].join('\n');
      },

      notation: 'fold, call (also where there is nothing to call) or raise',

      formatMove: move => TEXTS[move] ?? nameIn(ranks, move - MOVE_COUNT),

      parseMove: text => moveOf.get(text),

      observe(state) {
        const { cards, betting } = state;
        const planes = new Float32Array((2 + 2 * mostMoves(raises)) * count);
        const turn = rules.turn(state);
        if (turn === 'chance') return planes;
        planes[rankOf(cards[turn]!)] = 1;
        if (cards.length === 3) planes[count + rankOf(cards[2]!)] = 1;
        for (const [round, made] of betting.split('/').entries()) {
          for (const [ply, letter] of [...made].entries()) {
            const plane = 2 + round * mostMoves(raises) + ply;
            planes.fill(letter === 'r' ? 1 : 0.5, plane * count, (plane + 1) * count);
          }
        }
        return planes;
      },
    };
    const moveOf = new Map([...TEXTS.keys(), ...firstDeals].map(move => [rules.formatMove(move), move]));
    return rules;
  },
};

/** Every stage that the betting can come to, by how it went. */
function stagesOf(raises: number, sizes: readonly [number, number], lowest: boolean): ReadonlyMap<string, Stage> {
  const stages = new Map<string, Stage>();
  const most = ANTE + raises * (sizes[0] + sizes[1]);

  /** Adds what may follow after the moves `made` in a round, in front of which stands `before`. */
  function add(before: string, made: string, chips: readonly [number, number]): Stage {
    const betting = before + made;
    const round = before === '' ? 0 : 1;
    const turn = (made.length % 2) as Seat;
    const due = chips[opponent(turn)];
    const having = (own: number): readonly [number, number] => (turn === 0 ? [own, chips[1]] : [chips[0], own]);
    const called = having(due);

    const isRaised = due > chips[turn];
    const mayRaise = made.split('r').length <= raises;
    const fold = () => over(`${betting}f`, turn, foldEnds(opponent(turn), chips[turn], most));
    const call = () =>
      made === ''
        ? add(before, 'c', called)
        : round === 0
          ? add(`${made}c/`, '', called)
          : over(`${betting}c`, turn, showdownEnds(due, most, lowest));
    const raise = () => add(before, `${made}r`, having(due + sizes[round]));
    return keep({
      betting,
      turn,
      moves: [...(isRaised ? [FOLD] : []), CALL, ...(mayRaise ? [RAISE] : [])],
      next: [isRaised ? fold() : null, call(), mayRaise ? raise() : null],
      needed: round === 0 ? 2 : 3,
      ends: null,
    });
  }

  const over = (betting: string, turn: Seat, ends: readonly Outcome[]): Stage =>
    keep({ betting, turn, moves: NONE, next: [], needed: 2, ends });

  function keep(stage: Stage): Stage {
    stages.set(stage.betting, stage);
    return stage;
  }

  add('', '', [ANTE, ANTE]);
  return stages;
}

/** `most` is what can be won at all. */
const win = (winner: Seat, how: string, chips: number, most: number): Outcome => ({
  kind: 'win',
  winner,
  how,
  scores: winner === 0 ? [chips, -chips] : [-chips, chips],
  stake: chips / most,
});

const foldEnds = (winner: Seat, chips: number, most: number): readonly Outcome[] =>
  Array<Outcome>(DECIDED_BY.length).fill(win(winner, 'the other folded', chips, most));

function showdownEnds(chips: number, most: number, lowest: boolean): readonly Outcome[] {
  const how = lowest ? 'lower card' : 'higher card';
  const draw: Outcome = { kind: 'draw', how: 'equal cards', scores: [0, 0] };
  return [
    win(0, how, chips, most),
    win(1, how, chips, most),
    draw,
    win(0, 'pair', chips, most),
    win(1, 'pair', chips, most),
  ];
}

const rankOf = (card: number): number => Math.floor(card / SUITS.length);

const nameIn = (ranks: string, card: number): string => ranks.charAt(rankOf(card)) + SUITS.charAt(card % SUITS.length);

const wordsOf = (letters: string): string =>
  [...letters].map(letter => TEXTS[LETTERS.indexOf(letter as (typeof LETTERS)[number])]).join(' ');

const overText = (outcome: Outcome): string =>
  outcome.kind === 'draw' ? 'over, a draw' : `over, ${SEATS[outcome.winner]} wins ${outcome.scores![outcome.winner]}`;

const dealText = (dealt: number): string =>
  dealt < 2 ? `${SEATS[dealt]} is dealt a card` : 'the public card is dealt';

/** What each seat has put into the pot; `sizes` are what a raise adds in each round. */
export function chipsIn(betting: string, sizes: readonly [number, number]): readonly [number, number] {
  const chips: [number, number] = [ANTE, ANTE];
  for (const [round, made] of betting.split('/').entries()) {
    for (const [ply, letter] of [...made].entries()) {
      const seat = (ply % 2) as Seat;
      if (letter !== 'f') chips[seat] = chips[opponent(seat)] + (letter === 'r' ? sizes[round]! : 0);
    }
  }
  return chips;
}

/** The most moves in a round: a call with nothing to call, every raise, and the last call. */
const mostMoves = (raises: number): number => raises + 2;

/** Whether the betting has ended in such a way that both cards are shown. */
const isShowdown = (betting: string): boolean => /\/.+c$/.test(betting);

/** Whether `viewer` sees the card of `seat`; everybody does where no viewer is given. */
export const seesCard = (betting: string, seat: Seat, viewer: Seat | undefined): boolean =>
  viewer === undefined || viewer === seat || isShowdown(betting);

function titleOf({ ranks, raises, small, large, lowest, pairs }: Values<typeof parameters>): string {
  const sized = small !== parameters.small.usual || large !== parameters.large.usual;
  return [
    'Leduc poker',
    ...(ranks === parameters.ranks.usual ? [] : [`${ranks} ranks`]),
    ...(raises === parameters.raises.usual ? [] : [raises === 1 ? '1 raise' : `${raises} raises`]),
    ...(sized ? [`raises of ${small} and ${large}`] : []),
    ...(lowest ? ['lowest wins'] : []),
    ...(pairs ? [] : ['no pairs']),
  ].join(', ');
}
