/**
 * Backgammon: bring all checkers home and off the board by the roll of dice.
 *
 * Each seat counts the points from its own side, 24 to 1 as its checkers go: its
 * point p is its opponent's point 25 - p. A step takes one checker as far as one
 * die says, '8/5', 'bar/20', '6/off'. A move is the two steps of a roll, '8/5+6/5',
 * or one or none ('pass') where no more can be played; a double is played as two
 * moves, one after the other.
 *
 * Steps are numbered from the bar down, shorter ones first; moves are numbered the
 * pass first, then those of one step, then those of two by the first and then by
 * the second. OpenSpiel numbers them by the points from which the
 * larger and the smaller die are played, so that a number means something else
 * under each roll and cannot be written as players write it.
 */

import type { Family } from '../family.ts';
import { type Move, type Outcome, opponent, type Rules, type Seat } from '../game.ts';

export const OFF = 0;
export const POINTS = 24;
export const BAR = POINTS + 1;
/** The highest point of the home board. */
const HOME = 6;
const FACES = 6;

/** One checker's way by one die. */
export interface Step {
  readonly from: number;
  readonly to: number;
}

export interface Backgammon {
  /** By seat: how many checkers are off the board (index 0), on each point as that seat counts, and on the bar (25). */
  readonly checkers: readonly [readonly number[], readonly number[]];
  /** Who moves, or before a roll who moves then; before the first roll nobody knows. */
  readonly seat: Seat;
  /** The larger number first; null when the dice are to be rolled. */
  readonly dice: readonly [number, number] | null;
  /** Whether this is the second move of a double. */
  readonly again: boolean;
  /** How many turns are over, the first move of a double counting as one. */
  readonly turns: number;
}

/** All steps after one that stands for none. */
const NO_STEP = 0;
const STEPS: readonly Step[] = [
  { from: OFF, to: OFF },
  ...Array.from({ length: BAR }, (_, i) => BAR - i).flatMap(from =>
    Array.from({ length: Math.min(FACES, from) }, (_, i) => ({ from, to: from - i - 1 })),
  ),
];
const STEP_TEXTS = STEPS.map(({ from, to }) => `${from === BAR ? 'bar' : from}/${to === OFF ? 'off' : to}`);
const STEP_OF = new Map(STEP_TEXTS.map((text, step) => [text, step] as const).slice(1));

/** The step from a point by a die is at 8 × point + die. */
const STEP_AT = new Uint8Array(8 * (BAR + 1));
for (let from = 1; from <= BAR; from++) {
  for (let die = 1; die <= FACES; die++) {
    STEP_AT[8 * from + die] = STEPS.findIndex(step => step.from === from && step.to === Math.max(OFF, from - die));
  }
}

/** The move of the steps i ≤ j has the number ROW[i] + j, a single step j the number j, and the pass 0. */
const ROW = Int16Array.from(STEPS, (_, i) => i * (STEPS.length - 1) - (i * (i - 1)) / 2);
const PASS = ROW[NO_STEP]! + NO_STEP;
const MOVES = ROW.at(-1)! + STEPS.length;
const FIRST_STEP = new Uint8Array(MOVES);
const SECOND_STEP = new Uint8Array(MOVES);
for (let i = 0; i < STEPS.length; i++) {
  for (let j = i; j < STEPS.length; j++) {
    FIRST_STEP[ROW[i]! + j] = i;
    SECOND_STEP[ROW[i]! + j] = j;
  }
}

/** The numbers that x and o rolled, or those of a later roll; the first 30 differ. In OpenSpiel's order. */
const ROLLS: readonly (readonly [number, number])[] = (() => {
  const faces = Array.from({ length: FACES }, (_, i) => i + 1);
  const unequal = faces.flatMap(a => faces.slice(a).flatMap(b => [[b, a] as const, [a, b] as const]));
  return [...unequal, ...faces.map(face => [face, face] as const)];
})();
const FIRST_ROLLS = ROLLS.length - FACES;
const ROLL_TEXTS = ROLLS.map(([x, o]) => `${x}-${o}`);
const rollsOf = (count: number): readonly Move[] => Array.from({ length: count }, (_, roll) => MOVES + roll);
const FIRST_ROLL_MOVES = rollsOf(FIRST_ROLLS);
const ROLL_MOVES = rollsOf(ROLLS.length);
const FIRST_ROLL_CHANCES = FIRST_ROLL_MOVES.map(() => 1 / FIRST_ROLLS);
const ROLL_CHANCES = ROLL_MOVES.map(() => 1 / ROLLS.length);

/** Sets of points are bits: bit p for point p, bit 25 for the bar. */
const ALL = (1 << (BAR + 1)) - 1;
const ON_BAR = 1 << BAR;
/** The points from which a checker has to come home before any can be borne off. */
const OUTSIDE = ALL & -(1 << (HOME + 1));

/** What findMoves found last, in ascending order. */
const found = new Int16Array(1024);
let count = 0;

/** The points from which `die` leads to a point that is not blocked. */
const openFrom = (die: number, blocked: number): number => ~(blocked << die) & ALL & -(2 << die);

/** The points from which `die` can be played. */
function playable(occupied: number, blocked: number, die: number): number {
  const open = occupied & openFrom(die, blocked);
  if (occupied & ON_BAR) return open & ON_BAR;
  if (occupied & OUTSIDE || occupied === 0) return open;
  const highest = 31 - Math.clz32(occupied);
  return open | (highest < die ? 1 << highest : occupied & (1 << die));
}

/**
 * Finds the legal moves of the seat that has checkers on `occupied`, two or more
 * of them on `stacked`, and whose opponent has two or more on `blocked`, all as
 * that seat counts.
 */
function findMoves(occupied: number, stacked: number, blocked: number, large: number, small: number): void {
  count = 0;
  const outside = occupied & OUTSIDE;
  if ((outside & (outside - 1)) !== 0 || (stacked & OUTSIDE) !== 0) {
    findFarMoves(occupied, stacked, blocked, large, small);
  } else {
    findHomeMoves(occupied, stacked, blocked, small, large);
    if (large !== small) findHomeMoves(occupied, stacked, blocked, large, small);
  }
  if (count > 0) return;
  const die = playable(occupied, blocked, large) === 0 ? small : large;
  for (let bits = playable(occupied, blocked, die); bits !== 0; ) {
    const from = 31 - Math.clz32(bits);
    bits ^= 1 << from;
    found[count++] = STEP_AT[8 * from + die]!;
  }
  if (count === 0) found[count++] = PASS;
}

/**
 * Moves of two steps while at least two checkers are not home, so that none can
 * be borne off: a step never hinders another, and helps only the checker that
 * makes it.
 */
function findFarMoves(occupied: number, stacked: number, blocked: number, large: number, small: number): void {
  const openLarge = openFrom(large, blocked);
  const openSmall = openFrom(small, blocked);
  const barred = (occupied & ON_BAR) !== 0;
  const others = stacked & ON_BAR ? 0 : occupied;
  for (let bits = (barred ? ON_BAR : occupied) & (openLarge | openSmall); bits !== 0; ) {
    const from = 31 - Math.clz32(bits);
    const bit = 1 << from;
    bits ^= bit;
    const below = others & (bit - 1);
    const goesOn = stacked & ON_BAR ? 0 : bit;
    if (openSmall & bit) {
      const seconds = (below | (goesOn >> small) | (stacked & bit)) & openLarge;
      addMoves(8 * from + small, seconds, large);
    }
    if (openLarge & bit && large !== small) {
      addMoves(8 * from + large, (below | (goesOn >> large)) & openSmall, small);
    }
  }
}

function addMoves(first: number, seconds: number, die: number): void {
  const row = ROW[STEP_AT[first]!]!;
  for (let bits = seconds; bits !== 0; ) {
    const from = 31 - Math.clz32(bits);
    bits ^= 1 << from;
    found[count++] = row + STEP_AT[8 * from + die]!;
  }
}

/** Adds the moves of two steps, first by one die, then by the other, that are not among the moves found before. */
function findHomeMoves(occupied: number, stacked: number, blocked: number, first: number, second: number): void {
  for (let bits = playable(occupied, blocked, first); bits !== 0; ) {
    const from = 31 - Math.clz32(bits);
    const bit = 1 << from;
    bits ^= bit;
    const i = STEP_AT[8 * from + first]!;
    const after = (stacked & bit ? occupied : occupied ^ bit) | (from > first ? bit >> first : 0);
    for (let rest = playable(after, blocked, second); rest !== 0; ) {
      const next = 31 - Math.clz32(rest);
      rest ^= 1 << next;
      const j = STEP_AT[8 * next + second]!;
      insert(i < j ? ROW[i]! + j : ROW[j]! + i);
    }
  }
}

function insert(move: Move): void {
  let at = count;
  while (at > 0 && found[at - 1]! > move) at--;
  if (at > 0 && found[at - 1] === move) return;
  found.copyWithin(at + 1, at, count++);
  found[at] = move;
}

/** A seat's checkers in random play. */
interface Side {
  readonly counts: Int8Array;
  occupied: number;
  stacked: number;
  /** Its stacked points as the opponent counts them. */
  blocks: number;
}

const sideOf = (): Side => ({ counts: new Int8Array(BAR + 1), occupied: 0, stacked: 0, blocks: 0 });
const SIDES = [sideOf(), sideOf()] as const;

function fill(side: Side, checkers: readonly number[]): void {
  side.counts.set(checkers);
  side.occupied = 0;
  side.stacked = 0;
  side.blocks = 0;
  for (let point = 1; point <= BAR; point++) {
    if (checkers[point]! > 0) side.occupied |= 1 << point;
    if (checkers[point]! > 1) {
      side.stacked |= 1 << point;
      if (point < BAR) side.blocks |= 1 << (BAR - point);
    }
  }
}

function moveChecker(own: Side, other: Side, from: number, to: number): void {
  const left = --own.counts[from]!;
  if (left === 0) {
    own.occupied ^= 1 << from;
  } else if (left === 1) {
    own.stacked ^= 1 << from;
    own.blocks &= ~(1 << (BAR - from));
  }
  const there = ++own.counts[to]!;
  if (to === OFF) return;
  if (there === 1) {
    own.occupied |= 1 << to;
  } else if (there === 2) {
    own.stacked |= 1 << to;
    own.blocks |= 1 << (BAR - to);
  }
  const mirrored = BAR - to;
  if (other.occupied & (1 << mirrored)) {
    other.counts[mirrored] = 0;
    other.occupied ^= 1 << mirrored;
    other.occupied |= ON_BAR;
    if (++other.counts[BAR]! === 2) other.stacked |= ON_BAR;
  }
}

/** The steps of a move. */
export const stepsOf = (move: Move): readonly Step[] =>
  [FIRST_STEP[move]!, SECOND_STEP[move]!].filter(step => step !== NO_STEP).map(step => STEPS[step]!);

/** Moves a checker and hits whatever lone checker it meets. */
function makeStep(own: number[], other: number[], { from, to }: Step): void {
  own[from]!--;
  own[to]!++;
  if (to !== OFF && other[BAR - to] === 1) {
    other[BAR - to] = 0;
    other[BAR]!++;
  }
}

/** The rule that forbids a step that is as long as `die` says; undefined for one that can be made. */
function forbids(own: readonly number[], other: readonly number[], { from, to }: Step, die: number) {
  if (own[from] === 0) return 'R5';
  if (own[BAR]! > 0 && from !== BAR) return 'R8';
  if (to !== OFF) return other[BAR - to]! > 1 ? 'R6' : undefined;
  const isAbove = (point: number) => own.some((checkers, at) => at > point && checkers > 0);
  return isAbove(HOME) || (from < die && isAbove(from)) ? 'R9' : undefined;
}

/** The rules that stop a move of one or two steps, tried in either order with either die; none where one of the four ways is open. */
function obstacles({ checkers, seat, dice }: Backgammon, steps: readonly Step[]): readonly string[] {
  const [large, small] = dice!;
  let furthest = -1;
  let rules: string[] = [];
  for (const order of [steps, steps.toReversed()]) {
    for (const numbers of [
      [large, small],
      [small, large],
    ]) {
      const own = [...checkers[seat]];
      const other = [...checkers[opponent(seat)]];
      const fits = order.every(({ from, to }, i) => Math.max(OFF, from - numbers[i]!) === to);
      let made = 0;
      let rule: string | undefined = fits ? undefined : 'R4';
      while (rule === undefined && made < order.length) {
        rule = forbids(own, other, order[made]!, numbers[made]!);
        if (rule === undefined) makeStep(own, other, order[made++]!);
      }
      if (rule === undefined) return [];
      const reached = fits ? made : -1;
      if (reached > furthest) rules = [];
      furthest = Math.max(furthest, reached);
      if (reached === furthest && !rules.includes(rule)) rules.push(rule);
    }
  }
  return rules.sort();
}

/** Where the checkers stand at the start: how many on which point. */
const SETUPS = {
  usual: [
    [24, 2],
    [13, 5],
    [8, 3],
    [6, 5],
  ],
  nack: [
    [24, 2],
    [23, 2],
    [13, 4],
    [8, 3],
    [6, 4],
  ],
  hyper: [
    [24, 1],
    [23, 1],
    [22, 1],
  ],
} as const;

const parameters = {
  hyper: { kind: 'flag', about: 'Hypergammon: three checkers each, on the points 24, 23 and 22', usual: false },
  nack: { kind: 'flag', about: 'Nackgammon: four checkers each start far back', usual: false },
  doubles: { kind: 'flag', about: 'a double is played twice', usual: true },
  misere: { kind: 'flag', about: 'whoever bears off all checkers first loses', usual: false },
  points: {
    kind: 'number',
    about: 'the most that a win counts: 2 for a gammon, 3 a backgammon',
    least: 1,
    most: 3,
    usual: 1,
  },
  turns: {
    kind: 'number',
    about: 'turns of both players after which it is a draw',
    least: 100,
    most: 1000,
    usual: 501,
  },
} as const;

export const backgammon: Family<Backgammon, typeof parameters> = {
  name: 'backgammon',
  kind: 'dice',
  parameters,
  variants: [
    { values: { hyper: true }, about: 'Hypergammon: three checkers each, far back' },
    { values: { nack: true }, about: 'Nackgammon: four checkers each start far back' },
    { values: { doubles: false }, about: 'a double is played once, like any roll' },
    { values: { misere: true }, about: 'whoever bears off all checkers first loses' },
  ],
  openSpiel: {
    name: 'backgammon',
    values: ({ hyper_backgammon, scoring_type, max_player_turns }) => ({
      hyper: hyper_backgammon === true,
      points: scoring_type === 'full_scoring' ? 3 : scoring_type === 'enable_gammons' ? 2 : 1,
      turns: Number(max_player_turns ?? 500) + 1,
    }),
    // Theirs are the points of two steps, 24 for the bar and 25 for no step, the larger number's first or, from 26² on, the
    // smaller one's. The same two steps in the other order are another action there, and the same move here.
    move({ seat, dice }, action) {
      const [large, small] = dice!;
      const numbers = action < 26 * 26 ? [large, small] : [small, large];
      const [i, j] = [action % 26, Math.floor(action / 26) % 26]
        .map((at, k) => {
          if (at === 25) return NO_STEP;
          const from = at === 24 ? BAR : seat === 0 ? POINTS - at : at + 1;
          return STEP_AT[8 * from + numbers[k]!]!;
        })
        .sort((a, b) => a - b);
      return ROW[i!]! + j!;
    },
    returns({ scores, ...outcome }, { hyper_backgammon }) {
      // It waits for fifteen checkers to be borne off, and so names no winner where there are three.
      if (outcome.kind === 'draw' || hyper_backgammon === true) return [0, 0];
      const points = scores ? scores[outcome.winner] : 1;
      return outcome.winner === 0 ? [points, -points] : [-points, points];
    },
  },

  rules({ hyper, nack, doubles, misere, points, turns }) {
    if (hyper && nack) throw new RangeError('hyper=yes and nack=yes are different starts: choose one of them');
    if (misere && points > 1) throw new RangeError('misere=yes has no gammons: it needs points=1');
    const setup = SETUPS[hyper ? 'hyper' : nack ? 'nack' : 'usual'];
    const checkers = Array<number>(BAR + 1).fill(0);
    for (const [point, number] of setup) checkers[point] = number;
    const total = checkers.reduce((a, b) => a + b);
    const winRule = doubles ? 'R14' : 'R13';

    const draw: Outcome = { kind: 'draw', how: `nobody is done after ${turns} turns` };
    /** By who bore off all checkers and by what that counts, from 1. */
    const wins = ([0, 1] as const).map(seat =>
      ['bore off all checkers', 'gammon', 'backgammon'].map(
        (how, i): Outcome =>
          misere
            ? { kind: 'win', winner: opponent(seat), how: 'the other bore off all checkers' }
            : {
                kind: 'win',
                winner: seat,
                how,
                ...(points > 1 ? { scores: seat === 0 ? ([i + 1, 0] as const) : ([0, i + 1] as const) } : {}),
              },
      ),
    );

    /** The result when `seat` has borne off all checkers and its opponent's are as given. */
    function win(seat: Seat, other: ArrayLike<number>): Outcome {
      let worth = 1;
      if (other[OFF] === 0 && points > 1) {
        worth = 2;
        for (let point = BAR - HOME; point <= BAR && points > 2; point++) if (other[point]! > 0) worth = 3;
      }
      return wins[seat]![worth - 1]!;
    }

    const rules: Rules<Backgammon> = {
      title: [
        hyper ? 'Hypergammon' : nack ? 'Nackgammon' : 'Backgammon',
        ...(doubles ? [] : ['plain doubles']),
        ...(misere ? ['misère'] : []),
        ...(points === 1 ? [] : [points === 2 ? 'gammons count' : 'gammons and backgammons count']),
        ...(turns === parameters.turns.usual ? [] : [`${turns} turns`]),
      ].join(', '),
      facts: {
        total: hyper ? 'three' : 'fifteen',
        standard: !hyper && !nack,
        winRule,
        gammons: points > 1,
        backgammons: points > 2,
      },
      moveCount: MOVES,
      chanceCount: ROLLS.length,
      observationShape: [15, 2, POINTS / 2],
      symmetries: [],
      // The first roll, its move and the next roll.
      openingPlies: 3,
      start: { checkers: [checkers, checkers], seat: 0, dice: null, again: false, turns: 0 },

      turn: ({ seat, dice }) => (dice === null ? 'chance' : seat),

      moves(state) {
        if (rules.outcome(state)) return [];
        if (state.dice === null) return state.turns === 0 ? FIRST_ROLL_MOVES : ROLL_MOVES;
        const [own, other] = [SIDES[state.seat], SIDES[opponent(state.seat)]];
        fill(SIDES[0], state.checkers[0]);
        fill(SIDES[1], state.checkers[1]);
        findMoves(own.occupied, own.stacked, other.blocks, ...state.dice);
        return Array.from(found.subarray(0, count));
      },

      chances: state => (state.turns === 0 ? FIRST_ROLL_CHANCES : ROLL_CHANCES),

      play(state, move) {
        const { seat, dice, again, turns } = state;
        if (dice === null) {
          const [x, o] = ROLLS[move - MOVES]!;
          return {
            ...state,
            seat: turns > 0 ? seat : x > o ? 0 : 1,
            dice: [Math.max(x, o), Math.min(x, o)],
          };
        }
        const own = [...state.checkers[seat]];
        const other = [...state.checkers[opponent(seat)]];
        for (const step of stepsOf(move)) makeStep(own, other, step);
        const goesOn = doubles && !again && dice[0] === dice[1] && FIRST_STEP[move] !== NO_STEP;
        return {
          checkers: seat === 0 ? [own, other] : [other, own],
          seat: goesOn ? seat : opponent(seat),
          dice: goesOn ? dice : null,
          again: goesOn,
          turns: again ? turns : turns + 1,
        };
      },

      outcome(state) {
        const [x, o] = state.checkers;
        if (x[OFF] === total) return win(0, o);
        if (o[OFF] === total) return win(1, x);
        return state.turns >= turns ? draw : undefined;
      },

      explain(state, move) {
        const { checkers, seat, dice, again } = state;
        if (dice === null) return [state.turns > 0 || move < MOVES ? 'R3' : move < MOVES + FIRST_ROLLS ? 'R1' : 'R2'];
        const legal = rules.moves(state);
        const steps = stepsOf(move);
        if (!legal.includes(move)) {
          if (steps.length === 0) return ['R12'];
          const stops = obstacles(state, steps);
          return stops.length > 0 ? stops : [FIRST_STEP[legal[0]!] === NO_STEP ? 'R11' : 'R10'];
        }
        if (steps.length === 0) return ['R12', ...(again ? ['R13'] : [])];
        const other = checkers[opponent(seat)];
        const outcome = rules.outcome(rules.play(state, move));
        return [
          'R4',
          ...(steps.some(({ to }) => to !== OFF) ? ['R6'] : []),
          ...(steps.some(({ to }) => to !== OFF && other[BAR - to] === 1) ? ['R7'] : []),
          ...(steps.some(({ from }) => from === BAR) ? ['R8'] : []),
          ...(steps.some(({ to }) => to === OFF) ? ['R9'] : []),
          steps.length === 2 ? 'R10' : 'R11',
          ...(doubles && dice[0] === dice[1] ? ['R13'] : []),
          ...(outcome?.kind === 'win' ? [winRule] : []),
        ];
      },

      playout(state, random) {
        const over = rules.outcome(state);
        if (over) return over;
        let { seat, dice, again, turns: played } = state;
        let [own, other] = [SIDES[seat], SIDES[opponent(seat)]];
        fill(own, state.checkers[seat]);
        fill(other, state.checkers[opponent(seat)]);
        let large = dice === null ? 0 : dice[0];
        let small = dice === null ? 0 : dice[1];
        for (;;) {
          if (large === 0) {
            const last = (played === 0 ? FIRST_ROLLS : ROLLS.length) - 1;
            const chance = 1 / (last + 1);
            let roll = 0;
            // As drawChance subtracts, so that the same number picks the same roll.
            for (let left = random() - chance; left >= 0 && roll < last; left -= chance) roll++;
            const [x, o] = ROLLS[roll]!;
            large = Math.max(x, o);
            small = Math.min(x, o);
            if (played === 0 && seat !== (x > o ? 0 : 1)) {
              seat = opponent(seat);
              [own, other] = [other, own];
            }
          }
          findMoves(own.occupied, own.stacked, other.blocks, large, small);
          const move = found[Math.floor(random() * count)]!;
          const first = FIRST_STEP[move]!;
          const second = SECOND_STEP[move]!;
          if (first !== NO_STEP) moveChecker(own, other, STEPS[first]!.from, STEPS[first]!.to);
          if (second !== NO_STEP) moveChecker(own, other, STEPS[second]!.from, STEPS[second]!.to);
          if (own.counts[OFF] === total) return win(seat, other.counts);
          if (!again && ++played >= turns) return draw;
          again = doubles && !again && large === small && first !== NO_STEP;
          if (again) continue;
          large = 0;
          seat = opponent(seat);
          [own, other] = [other, own];
        }
      },

      show(state) {
        const { checkers, seat, dice, again, turns } = state;
        const [x, o] = checkers;
        const line = (name: string, texts: readonly (string | number)[]) => {
          const half = (from: number) =>
            texts
              .slice(from, from + HOME)
              .map(text => String(text).padStart(4))
              .join('');
          return `${name.padEnd(2)}${half(0)} |${half(HOME)}`.trimEnd();
        };
        const contents = (point: number) =>
          x[point]! > 0 ? `x${x[point]}` : o[BAR - point]! > 0 ? `o${o[BAR - point]}` : '.';
        const mirrored = (points: readonly number[]) => points.map(point => BAR - point);
        const doing =
          dice === null
            ? turns === 0
              ? 'both roll for the first turn'
              : `${'xo'[seat]} is to roll`
            : `${'xo'[seat]} is to move with ${dice.join('-')}${again ? ', again' : ''}`;
        return [
          line('o:', mirrored(TOP)),
          line('x:', TOP),
          line('', TOP.map(contents)),
          line('', Array<string>(POINTS / 2).fill('')),
          line('', BOTTOM.map(contents)),
          line('x:', BOTTOM),
          line('o:', mirrored(BOTTOM)),
          `bar: x ${x[BAR]}, o ${o[BAR]}; off: x ${x[OFF]}, o ${o[OFF]}`,
          rules.outcome(state) ? 'over' : doing,
        ].join('\n');
      },

      notation:
        "one or two steps joined by '+', each a point from 24 to 1 or bar, '/', and a lower point or off, such as 8/5+6/5, or pass",

      formatMove(move) {
        if (move >= MOVES) return ROLL_TEXTS[move - MOVES]!;
        if (move === PASS) return 'pass';
        const [first, second] = [FIRST_STEP[move]!, SECOND_STEP[move]!];
        return first === NO_STEP ? STEP_TEXTS[second]! : `${STEP_TEXTS[first]}+${STEP_TEXTS[second]}`;
      },

      parseMove(text) {
        if (text === 'pass') return PASS;
        const roll = ROLL_TEXTS.indexOf(text);
        if (roll !== -1) return MOVES + roll;
        const steps = text.split('+').map(step => STEP_OF.get(step));
        const [i, j] = steps.length === 1 ? [NO_STEP, ...steps] : steps;
        return steps.length > 2 || i === undefined || j === undefined || i > j ? undefined : ROW[i]! + j;
      },

      // As the seat sees the board: point 13 above 12, 24 above 1. For each side whether there are one, at least two, at
      // least three checkers and how many more; then both bars, both sides' checkers off, the dice, and whether a double
      // still has a move after this one.
      observe({ checkers, seat, dice, again }) {
        const planes = new Float32Array(15 * POINTS);
        const sides = [checkers[seat], checkers[opponent(seat)]] as const;
        for (const [side, counts] of sides.entries()) {
          for (let i = 0; i < POINTS; i++) {
            const point = i < POINTS / 2 ? TOP[i]! : BOTTOM[i - POINTS / 2]!;
            const number = counts[side === 0 ? point : BAR - point]!;
            const at = 4 * side * POINTS + i;
            planes[at] = number === 1 ? 1 : 0;
            planes[at + POINTS] = number > 1 ? 1 : 0;
            planes[at + 2 * POINTS] = number > 2 ? 1 : 0;
            planes[at + 3 * POINTS] = Math.max(0, number - 3) / 12;
          }
          planes.fill(counts[BAR]! / total, (8 + side) * POINTS, (9 + side) * POINTS);
          planes.fill(counts[OFF]! / total, (10 + side) * POINTS, (11 + side) * POINTS);
        }
        if (dice === null) return planes;
        planes.fill(dice[0] / FACES, 12 * POINTS, 13 * POINTS);
        planes.fill(dice[1] / FACES, 13 * POINTS, 14 * POINTS);
        planes.fill(doubles && dice[0] === dice[1] && !again ? 1 : 0, 14 * POINTS);
        return planes;
      },
    };
    return rules;
  },
};

/** The points of the board's upper and lower half from the left, as seat 0 sees it. */
export const TOP: readonly number[] = Array.from({ length: POINTS / 2 }, (_, i) => POINTS / 2 + 1 + i);
export const BOTTOM: readonly number[] = TOP.map(point => BAR - point);
