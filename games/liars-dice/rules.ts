/**
 * Liar's Dice: bid how many dice of both show a face; whoever doubts calls the liar.
 *
 * A seat's move is a bid, numbered by quantity and then by face, '1-1' first, or,
 * after all bids, the call 'liar'. A move of chance throws the next die: all of
 * seat 0's first, which only seat 0 sees, then all of seat 1's.
 */

import type { Family } from '../family.ts';
import { type Move, type Mover, type Outcome, opponent, type Rules, type Seat } from '../game.ts';

export interface LiarsDice {
  /** The dice thrown so far, by seat, as faces less one, in the order of the throws. */
  readonly dice: readonly [readonly number[], readonly number[]];
  /** The moves of the seats since. */
  readonly bids: readonly Move[];
}

const parameters = {
  dice: { kind: 'number', about: 'dice of each player', least: 1, most: 3, usual: 1 },
  sides: { kind: 'number', about: 'faces of a die', least: 3, most: 8, usual: 6 },
  wild: { kind: 'flag', about: 'one face counts as every face', usual: true },
  aces: { kind: 'flag', about: 'that face is the one, not the highest', usual: false },
} as const;

export const liarsDice: Family<LiarsDice, typeof parameters> = {
  name: 'liars-dice',
  kind: 'dice',
  parameters,
  variants: [
    { values: { aces: true }, about: 'the one is wild, not the highest face' },
    { values: { dice: 2 }, about: 'two dice each' },
    { values: { sides: 4 }, about: 'dice of four faces' },
  ],
  openSpiel: {
    name: 'liars_dice',
    values({ numdice = 1, dice_sides = 6, bidding_rule = 'reset-face', players = 2 }) {
      if (bidding_rule !== 'reset-face') throw new RangeError("bidding_rule must be 'reset-face'");
      if (players !== 2) throw new RangeError('players must be 2');
      return { dice: Number(numdice), sides: Number(dice_sides) };
    },
  },

  rules({ dice: each, sides, wild, aces }) {
    if (aces && !wild) throw new RangeError('aces must be no where wild is no, because then no face is wild');
    const total = 2 * each;
    /** The number of the call, and how many bids there are. */
    const call = total * sides;
    const names = [
      ...Array.from({ length: call }, (_, bid) => `${Math.floor(bid / sides) + 1}-${(bid % sides) + 1}`),
      'liar',
      ...Array.from({ length: sides }, (_, face) => String(face + 1)),
    ];
    const bids = Array.from({ length: call }, (_, bid) => bid);
    /** What may follow each bid. */
    const after = bids.map(bid => [...bids.slice(bid + 1), call]);
    const faces = Array.from({ length: sides }, (_, face) => call + 1 + face);
    const chances = faces.map(() => 1 / sides);
    const highest = sides - 1;
    const wildFace = !wild ? -1 : aces ? 0 : highest;
    const ENDINGS = [true, false].map(isTrue =>
      ([0, 1] as const).map(
        (winner): Outcome => ({ kind: 'win', winner, how: isTrue ? 'the bid was true' : 'the bid was a lie' }),
      ),
    );

    const isDealt = ({ dice }: LiarsDice): boolean => dice[1].length === each;
    const countOf = (dice: readonly number[], face: number): number =>
      dice.filter(die => die === face || die === wildFace).length;
    const isTrue = ([first, second]: LiarsDice['dice'], bid: Move): boolean =>
      countOf(first, bid % sides) + countOf(second, bid % sides) > Math.floor(bid / sides);
    /** The bidder is the seat that did not call. */
    const ending = (dice: LiarsDice['dice'], bid: Move, caller: Seat): Outcome =>
      isTrue(dice, bid) ? ENDINGS[0]![opponent(caller)]! : ENDINGS[1]![caller]!;

    const rules: Rules<LiarsDice> = {
      title: [
        "Liar's Dice",
        ...(each === 1 ? [] : [`${each} dice each`]),
        ...(sides === 6 ? [] : [`${sides} faces`]),
        ...(wild ? [] : ['nothing wild']),
        ...(aces ? ['aces wild'] : []),
      ].join(', '),
      facts: {
        total,
        one: each === 1,
        many: each > 1,
        ones: Array(total).fill('1').join(' '),
        wildFace: wildFace + 1,
        // How many of the other's dice in a hundred match a face that is not the wild one.
        matching: Math.round((100 * (wild ? 2 : 1)) / sides),
        rare: Math.round(100 / sides),
      },
      moveCount: call + 1,
      chanceCount: sides,
      observationShape: [3, total, sides],
      symmetries: [],
      // The throws: the two matches of a pair are played with the same dice, the seats exchanged.
      openingPlies: total,
      start: { dice: [[], []], bids: [] },

      turn(state): Mover {
        if (!isDealt(state)) return 'chance';
        return state.bids.length % 2 === 0 ? 0 : 1;
      },

      moves(state) {
        if (!isDealt(state)) return faces;
        const last = state.bids.at(-1);
        return last === undefined ? bids : last === call ? [] : after[last]!;
      },

      chances: () => chances,

      play({ dice: [first, second], bids }, move) {
        if (move <= call) return { dice: [first, second], bids: [...bids, move] };
        const die = move - call - 1;
        return { dice: first.length < each ? [[...first, die], second] : [first, [...second, die]], bids };
      },

      outcome({ dice, bids }) {
        if (bids.at(-1) !== call) return undefined;
        return ending(dice, bids.at(-2)!, bids.length % 2 === 1 ? 0 : 1);
      },

      explain(state, move) {
        if (!isDealt(state)) return ['R1'];
        const last = state.bids.at(-1);
        if (move === call) {
          if (last === undefined) return ['R4'];
          return ['R5', isTrue(state.dice, last) ? 'R6' : 'R7'];
        }
        return [last === undefined || move > last ? 'R2' : 'R3'];
      },

      playout(state, random) {
        let { dice, bids } = state;
        while (dice[1].length < each) ({ dice, bids } = rules.play({ dice, bids }, drawn(random())));
        let turn: Seat = bids.length % 2 === 0 ? 0 : 1;
        let before = bids.at(-2) ?? -1;
        let last = bids.at(-1) ?? -1;
        while (last !== call) {
          const moves = last === -1 ? call : call - last;
          before = last;
          last += 1 + Math.floor(random() * moves);
          turn = opponent(turn);
        }
        return ending(dice, before, opponent(turn));
      },

      hides: (state, _move, seat) => !isDealt(state) && (state.dice[0].length < each ? 0 : 1) !== seat,

      guess(state, seat, random) {
        const { dice, bids } = state;
        if (bids.at(-1) === call) return state;
        const others = dice[opponent(seat)].map(() => Math.floor(random() * sides));
        return { dice: seat === 0 ? [dice[0], others] : [others, dice[1]], bids };
      },

      show(state, seat) {
        const { dice, bids } = state;
        const outcome = rules.outcome(state);
        const diceOf = (owner: Seat) =>
          dice[owner].length === 0
            ? '-'
            : isSeen(state, owner, seat, call)
              ? dice[owner]
                  .toSorted((a, b) => a - b)
                  .map(die => die + 1)
                  .join(' ')
              : dice[owner].map(() => '?').join(' ');
        const turn = rules.turn(state);
        return [
          `x has ${diceOf(0)}`,
          `o has ${diceOf(1)}`,
          `bids: ${bids.map(bid => names[bid]).join(' ') || 'none'}`,
          outcome?.kind === 'win'
            ? `over, ${outcome.how}: ${'xo'[outcome.winner]} wins`
            : turn === 'chance'
              ? 'the dice are being thrown'
              : `${'xo'[turn]} is to move`,
        ].join('\n');
      },

      notation: `quantity and face, such as 1-4, up to ${total}-${sides}, or liar`,

      formatMove: move => names[move]!,

      parseMove(text) {
        const move = names.indexOf(text);
        return move === -1 ? undefined : move;
      },

      observe({ dice, bids }) {
        const planes = new Float32Array(3 * call);
        const seat = bids.length % 2 === 0 ? 0 : 1;
        // Own dice as columns as high as a face is frequent; then own bids, then the other's.
        for (let face = 0; face < sides; face++) {
          const count = dice[seat].filter(die => die === face).length;
          for (let height = 0; height < count; height++) planes[height * sides + face] = 1;
        }
        for (const [i, bid] of bids.entries()) if (bid < call) planes[(i % 2 === seat ? 1 : 2) * call + bid] = 1;
        return planes;
      },
    };

    /** The die that a random number throws, as drawChance draws it. */
    function drawn(number: number): Move {
      let left = number;
      for (let face = 0; face < highest; face++) {
        left -= chances[face]!;
        if (left < 0) return faces[face]!;
      }
      return faces[highest]!;
    }

    return rules;
  },
};

/** Whether `viewer` sees the dice of `owner`: all are shown after the call, and to nobody in particular. */
export const isSeen = ({ bids }: LiarsDice, owner: Seat, viewer: Seat | undefined, call: Move): boolean =>
  viewer === undefined || viewer === owner || bids.at(-1) === call;
