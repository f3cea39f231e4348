/**
 * Pig: roll a die as often as you dare; a one loses what the turn has gained.
 *
 * Seats roll or hold, moves 0 and 1; chance throws the die, moves 2 and on, for
 * the faces in order. In Piglet every face but the one gains a single point, so
 * chance has two moves: the one, and any other face.
 *
 * Neller & Presser, "Optimal Play of the Dice Game Pig" (The UMAP Journal 25.1, 2004).
 */

import type { Family } from '../family.ts';
import { type Mover, type Outcome, opponent, type Rules, type Seat } from '../game.ts';

export const ROLL = 0;
export const HOLD = 1;
const MOVES = 2;

export interface Pig {
  /** Points held, by seat. */
  readonly scores: readonly [number, number];
  /** Points gained in this turn, not yet held. */
  readonly gained: number;
  /** Whose turn it is, also while the die is in the air. */
  readonly seat: Seat;
  readonly rolling: boolean;
  /** Rolls and holds so far. */
  readonly decisions: number;
}

const parameters = {
  target: { kind: 'number', about: 'points that win', least: 5, most: 1000, usual: 100 },
  sides: { kind: 'number', about: 'faces of the die', least: 2, most: 20, usual: 6 },
  piglet: { kind: 'flag', about: 'every face but the one gains a single point', usual: false },
  limit: {
    kind: 'number',
    about: 'rolls and holds after which the game is a draw',
    least: 10,
    most: 10_000,
    usual: 1000,
  },
} as const;

export const pig: Family<Pig, typeof parameters> = {
  name: 'pig',
  kind: 'dice',
  parameters,
  variants: [
    { values: { sides: 3 }, about: 'a die of three faces: a third of all rolls lose the turn' },
    { values: { target: 30 }, about: 'so short a race that nobody holds at 20' },
    { values: { target: 10, piglet: true }, about: 'every face but the one gains a single point' },
  ],
  openSpiel: {
    name: 'pig',
    values({ winscore, diceoutcomes, piglet, horizon, players = 2 }) {
      if (players !== 2) throw new RangeError('players must be 2');
      return {
        target: Number(winscore),
        sides: Number(diceoutcomes),
        piglet: piglet === true,
        limit: Number(horizon),
      };
    },
  },

  rules({ target, sides, piglet, limit }) {
    const names = piglet ? ['one', 'other'] : Array.from({ length: sides }, (_, face) => String(face + 1));
    const gains = names.map((_, face) => (face === 0 ? 0 : piglet ? 1 : face + 1));
    const chances = names.map((_, face) => (piglet && face === 1 ? (sides - 1) / sides : 1 / sides));
    const faces = names.map((_, face) => MOVES + face);
    const DRAW: Outcome = { kind: 'draw', how: 'neither came far enough' };
    const win = (winner: Seat, scores: Pig['scores']): Outcome => ({
      kind: 'win',
      winner,
      how: `${target} points`,
      scores,
    });
    /** What a turn can at most be worth before another roll loses more than it gains, on average. */
    const enough = gains.reduce((sum, gain, face) => sum + gain * chances[face]! * sides, 0);

    /** The face that a random number throws, as drawChance draws it. */
    const thrown = piglet
      ? (number: number) => (number < chances[0]! ? 0 : 1)
      : (number: number) => Math.floor(number * sides);

    const rules: Rules<Pig> = {
      title: [
        piglet ? 'Piglet' : 'Pig',
        ...(target === 100 ? [] : [`to ${target}`]),
        ...(sides === 6 ? [] : [`a die of ${sides}`]),
        ...(limit === 1000 ? [] : [`${limit} decisions`]),
      ].join(', '),
      facts: { enough: Math.round(enough), short: target < 3 * enough, classic: sides === 6 && !piglet },
      moveCount: MOVES,
      chanceCount: names.length,
      observationShape: [3, 1, 1],
      symmetries: [],
      openingPlies: 0,
      start: { scores: [0, 0], gained: 0, seat: 0, rolling: false, decisions: 0 },

      turn: ({ seat, rolling }): Mover => (rolling ? 'chance' : seat),

      moves(state) {
        if (rules.outcome(state)) return [];
        if (state.rolling) return faces;
        return state.scores[state.seat] + state.gained >= target ? [HOLD] : [ROLL, HOLD];
      },

      chances: () => chances,

      play({ scores, gained, seat, rolling, decisions }, move) {
        if (rolling) {
          const gain = gains[move - MOVES]!;
          return gain === 0
            ? { scores, gained: 0, seat: opponent(seat), rolling: false, decisions }
            : { scores, gained: gained + gain, seat, rolling: false, decisions };
        }
        if (move === ROLL) return { scores, gained, seat, rolling: true, decisions: decisions + 1 };
        return {
          scores: seat === 0 ? [scores[0] + gained, scores[1]] : [scores[0], scores[1] + gained],
          gained: 0,
          seat: opponent(seat),
          rolling: false,
          decisions: decisions + 1,
        };
      },

      outcome({ scores, decisions }) {
        if (scores[0] >= target) return win(0, scores);
        if (scores[1] >= target) return win(1, scores);
        return decisions >= limit ? { ...DRAW, scores } : undefined;
      },

      explain(state, move) {
        if (state.rolling) return [move === MOVES ? 'R3' : 'R2'];
        const isEnough = state.scores[state.seat] + state.gained >= target;
        if (move === ROLL) return [isEnough ? 'R6' : 'R1'];
        return isEnough ? ['R4', 'R5'] : ['R1', 'R4'];
      },

      playout(state, random) {
        const scores: [number, number] = [state.scores[0], state.scores[1]];
        let { gained, seat, rolling, decisions } = state;
        for (;;) {
          if (!rolling) {
            if (scores[opponent(seat)] >= target || decisions >= limit) break;
            decisions++;
            const choice = Math.floor(random() * MOVES);
            if (choice === HOLD || scores[seat] + gained >= target) {
              scores[seat] += gained;
              gained = 0;
              seat = opponent(seat);
              continue;
            }
          }
          if (decisions >= limit) break;
          rolling = false;
          const gain = gains[thrown(random())]!;
          if (gain > 0) gained += gain;
          else {
            gained = 0;
            seat = opponent(seat);
          }
        }
        return scores[opponent(seat)] >= target ? win(opponent(seat), scores) : { ...DRAW, scores };
      },

      show(state) {
        const { scores, gained, seat, rolling } = state;
        const mark = (own: Seat) => (rules.outcome(state) || own !== seat ? '' : `, ${gained} gained in this turn`);
        return [
          `x: ${scores[0]} of ${target}${mark(0)}`,
          `o: ${scores[1]} of ${target}${mark(1)}`,
          ...(rolling ? ['the die is rolling'] : []),
        ].join('\n');
      },

      notation: 'roll or hold',

      formatMove: move => (move === ROLL ? 'roll' : move === HOLD ? 'hold' : names[move - MOVES]!),

      parseMove(text) {
        if (text === 'roll') return ROLL;
        if (text === 'hold') return HOLD;
        const face = names.indexOf(text);
        return face === -1 ? undefined : MOVES + face;
      },

      // Beyond the target all is the same.
      observe: ({ scores, gained, seat }) =>
        Float32Array.of(scores[seat], scores[opponent(seat)], gained).map(points => Math.min(1, points / target)),
    };
    return rules;
  },
};
