/**
 * The field of Skirmish: its units, its orders, its map, and what a seat sees of
 * them. Rules, view and scripts share it.
 */

import { type Move, opponent, type Seat } from '../game.ts';

export type Kind = 'base' | 'barracks' | 'worker' | 'light' | 'heavy' | 'ranged';

/** What a kind of unit or building is like. Times are in ticks, distances in steps along rows and columns. */
export interface Nature {
  readonly letter: string;
  readonly cost: number;
  readonly hits: number;
  /** What an attack takes off its target; 0 for what cannot attack. */
  readonly damage: number;
  readonly range: number;
  /** How long training or building it takes. */
  readonly time: number;
  /** For how many ticks it takes no order after a move. */
  readonly rest: number;
  readonly trains: readonly Kind[];
}

export const KINDS: readonly Kind[] = ['base', 'barracks', 'worker', 'light', 'heavy', 'ranged'];

export const NATURES: Readonly<Record<Kind, Nature>> = {
  base: { letter: 'B', cost: 10, hits: 10, damage: 0, range: 0, time: 0, rest: 0, trains: ['worker'] },
  barracks: {
    letter: 'K',
    cost: 4,
    hits: 6,
    damage: 0,
    range: 0,
    time: 6,
    rest: 0,
    trains: ['light', 'heavy', 'ranged'],
  },
  worker: { letter: 'W', cost: 1, hits: 2, damage: 1, range: 1, time: 2, rest: 0, trains: [] },
  light: { letter: 'L', cost: 2, hits: 4, damage: 2, range: 1, time: 4, rest: 0, trains: [] },
  heavy: { letter: 'H', cost: 3, hits: 8, damage: 4, range: 1, time: 5, rest: 1, trains: [] },
  ranged: { letter: 'R', cost: 2, hits: 2, damage: 2, range: 2, time: 4, rest: 0, trains: [] },
};

/** Two things see each other when they are at most so many steps apart. */
export const SIGHT = 3;

export type Act = 'wait' | 'move' | 'attack' | 'harvest' | 'return' | 'build' | 'train';

export interface Order {
  readonly act: Act;
  /** The square it is about, as steps to the right and down from the unit's own; both 0 where it is about none. */
  readonly right: number;
  readonly down: number;
  /** What is built or trained. */
  readonly made: Kind | null;
  readonly text: string;
}

const COMPASS = [
  ['n', 0, -1],
  ['e', 1, 0],
  ['s', 0, 1],
  ['w', -1, 0],
] as const;

const FAR = [
  ['ne', 1, -1],
  ['se', 1, 1],
  ['sw', -1, 1],
  ['nw', -1, -1],
  ['n2', 0, -2],
  ['e2', 2, 0],
  ['s2', 0, 2],
  ['w2', -2, 0],
] as const;

const around = (
  act: Act,
  directions: readonly (readonly [string, number, number])[],
  made: Kind | null = null,
  prefix: string = act,
): Order[] => directions.map(([name, right, down]) => ({ act, right, down, made, text: `${prefix}-${name}` }));

const alone = (act: Act): Order => ({ act, right: 0, down: 0, made: null, text: act });

/** What each move number means. */
export const ORDERS: readonly Order[] = [
  alone('wait'),
  ...around('move', COMPASS),
  ...around('attack', COMPASS),
  ...around('attack', FAR),
  ...around('harvest', COMPASS),
  alone('return'),
  ...around('build', COMPASS, 'barracks'),
  ...(['worker', 'light', 'heavy', 'ranged'] as const).flatMap(kind => around('train', COMPASS, kind, `train-${kind}`)),
];

export const WAIT: Move = 0;

/** A unit, or a building. */
export interface Unit {
  readonly seat: Seat;
  readonly kind: Kind;
  readonly square: number;
  /** What is left of its hit points. */
  readonly hits: number;
  /** Whether it carries a unit of ore. */
  readonly carries: boolean;
  /** In how many ticks from now on it takes no order. */
  readonly rest: number;
  /** The order to train that it is at work on. */
  readonly trains: Move | null;
  /** Whether the other seat knows where it stands, though it may not see it now: a building that was seen once. */
  readonly known: boolean;
}

export interface Skirmish {
  /** How many ticks are over. */
  readonly tick: number;
  /** In the order of their squares. */
  readonly units: readonly Unit[];
  /** The order that each of the units has been given for this tick. */
  readonly orders: readonly (Move | null)[];
  /** The place among the units of the one to be ordered; -1 when the game is over. */
  readonly active: number;
  /** What is left in each seat's patch. */
  readonly ore: readonly [number, number];
  /** What each seat has in stock. What this tick's orders cost is still in it. */
  readonly stock: readonly [number, number];
}

/** All that a seat knows. Whatever it is told or shown is made of this. */
export interface Sight {
  readonly tick: number;
  readonly over: boolean;
  /** Who orders now. */
  readonly turn: Seat;
  /** For each square, whether the seat sees it. */
  readonly seen: readonly boolean[];
  /** Its own units, the other's that it sees, and the other's buildings that it knows of; of these last not what they do. */
  readonly units: readonly Unit[];
  /** For each of these units its order of this tick, null for the other seat's. */
  readonly orders: readonly (Move | null)[];
  /** The place among these units of the one to be ordered; -1 where it is the other seat's. */
  readonly active: number;
  readonly ore: readonly [number, number];
  /** Its own stock, less what this tick's orders cost. */
  readonly left: number;
  readonly scores: readonly [number, number];
  /** What the other seat owns besides its units above: its stock, and what is in fog. */
  readonly hidden: number;
}

/** What a unit adds to its seat's score. */
export const worth = ({ kind, carries, trains }: Unit): number =>
  NATURES[kind].cost + (carries ? 1 : 0) + (trains === null ? 0 : costOf(trains));

/** What an order costs. */
export function costOf(move: Move): number {
  const { made } = ORDERS[move]!;
  return made === null ? 0 : NATURES[made].cost;
}

export const scoresOf = ({ units, stock }: Skirmish): readonly [number, number] => {
  const scores: [number, number] = [...stock];
  for (const unit of units) scores[unit.seat] += worth(unit);
  return scores;
};

/** What this tick's orders cost a seat. */
export const promised = ({ units, orders }: Skirmish, seat: Seat): number =>
  orders.reduce<number>((sum, order, i) => (order !== null && units[i]!.seat === seat ? sum + costOf(order) : sum), 0);

export const isBuilding = (kind: Kind): boolean => NATURES[kind].trains.length > 0;

export interface Field {
  readonly size: number;
  /** Where each seat's patch is. */
  readonly patches: readonly [number, number];
  /** Where each seat's base stands at the start. */
  readonly bases: readonly [number, number];
  /** Where each seat's workers stand at the start. */
  readonly workers: readonly [readonly number[], readonly number[]];
  /** 'b2'. */
  name(square: number): string;
  /** How many steps along rows and columns. */
  distance(from: number, to: number): number;
  /** The square that an order to a unit on `square` is about; -1 off the board. */
  target(square: number, order: Order): number;
  /** What `seat` knows. */
  seenBy(state: Skirmish, seat: Seat): Sight;
}

export function fieldOf(size: number, fog: boolean): Field {
  const last = size * size - 1;
  const at = (column: number, row: number) => (size - row) * size + column - 1;
  const both = (square: number) => [square, last - square] as const;
  const rowOf = (square: number) => Math.floor(square / size);

  const field: Field = {
    size,
    patches: both(at(1, 1)),
    bases: both(at(2, 2)),
    workers: [
      [at(1, 2), at(2, 1)],
      [last - at(1, 2), last - at(2, 1)],
    ],

    name: square => `${String.fromCharCode(97 + (square % size))}${size - rowOf(square)}`,

    distance: (from, to) => Math.abs((from % size) - (to % size)) + Math.abs(rowOf(from) - rowOf(to)),

    target(square, { right, down }) {
      const column = (square % size) + right;
      const row = rowOf(square) + down;
      return column < 0 || column >= size || row < 0 || row >= size ? -1 : row * size + column;
    },

    seenBy(state, seat) {
      const over = state.active < 0;
      const own = state.units.filter(unit => unit.seat === seat);
      const sees = (square: number) => !fog || over || own.some(unit => field.distance(unit.square, square) <= SIGHT);
      const seen = Array.from({ length: size * size }, (_, square) => sees(square));
      const units: Unit[] = [];
      const orders: (Move | null)[] = [];
      let active = -1;
      for (const [i, unit] of state.units.entries()) {
        const mine = unit.seat === seat;
        if (!seen[unit.square] && !unit.known) continue;
        if (mine && i === state.active) active = units.length;
        units.push(seen[unit.square] ? unit : { ...unit, rest: 0, trains: null });
        orders.push(mine ? state.orders[i]! : null);
      }
      const scores = scoresOf(state);
      const other = opponent(seat);
      return {
        tick: state.tick,
        over,
        turn: state.units[state.active]?.seat ?? 0,
        seen,
        units,
        orders,
        active,
        ore: state.ore,
        left: state.stock[seat] - promised(state, seat),
        scores,
        hidden: units.reduce((rest, unit) => (unit.seat === other ? rest - worth(unit) : rest), scores[other]),
      };
    },
  };
  return field;
}
