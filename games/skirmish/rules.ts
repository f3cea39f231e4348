/**
 * Skirmish: a small war of bases, workers and soldiers in fog, after the
 * micro-RTS of Ontañón (AIIDE 2013).
 *
 * A move is an order, numbered as in `ORDERS`, to the one unit that is to be
 * ordered next. Seat 0 orders its units, then seat 1, then the tick happens.
 */

import type { Family } from '../family.ts';
import { type Move, type Outcome, opponent, type Rules, type Seat } from '../game.ts';
import { pick, type Random } from '../random.ts';
import type { Values } from '../settings.ts';
import {
  costOf,
  type Field,
  fieldOf,
  isBuilding,
  KINDS,
  type Kind,
  NATURES,
  ORDERS,
  promised,
  SIGHT,
  type Sight,
  type Skirmish,
  scoresOf,
  type Unit,
  WAIT,
} from './field.ts';
import { playoutOf } from './playout.ts';
import { scriptsOf } from './scripts.ts';

const BY_TEXT = new Map(ORDERS.map(({ text }, move) => [text, move]));
const PLANES = 26;
const SEATS = ['x', 'o'] as const;

const parameters = {
  size: { kind: 'number', about: 'squares along each edge', least: 6, most: 12, usual: 8 },
  fog: { kind: 'flag', about: 'a seat sees only what is near its units', usual: true },
  ticks: { kind: 'number', about: 'the game ends after so many ticks', least: 10, most: 200, usual: 60 },
  stock: { kind: 'number', about: 'ore that each seat starts with', least: 0, most: 20, usual: 5 },
  ore: { kind: 'number', about: 'ore in the patch beside each base', least: 1, most: 60, usual: 20 },
  workers: { kind: 'number', about: 'workers that each seat starts with', least: 1, most: 2, usual: 1 },
} as const;

export const skirmish: Family<Skirmish, typeof parameters> = {
  name: 'skirmish',
  kind: 'strategy',
  parameters,
  variants: [
    { values: { size: 6, fog: false, ticks: 40 }, about: 'close by and in full view' },
    { values: { stock: 12, ore: 40, workers: 2 }, about: 'rich: an army at once' },
    { values: { size: 9, stock: 0, ticks: 80 }, about: 'far apart and with nothing in stock' },
  ],

  rules({ size, fog, ticks, stock, ore, workers }) {
    const field = fieldOf(size, fog);
    const squares = size * size;

    const fresh = (seat: Seat, kind: Kind, square: number): Unit => ({
      seat,
      kind,
      square,
      hits: NATURES[kind].hits,
      carries: false,
      rest: 0,
      trains: null,
      known: kind === 'base',
    });

    const units = ([0, 1] as const)
      .flatMap(seat => [
        fresh(seat, 'base', field.bases[seat]),
        ...field.workers[seat].slice(0, workers).map(square => fresh(seat, 'worker', square)),
      ])
      .sort(bySquare);

    const start = askFirst(
      { tick: 0, units, orders: units.map(() => null), active: -1, ore: [ore, ore], stock: [stock, stock] },
      0,
    );

    /** The orders that the unit at this place may be given. One that is at work can only wait. */
    function ordersFor(state: Skirmish, place: number): readonly Move[] {
      const unit = state.units[place]!;
      const left = state.stock[unit.seat] - promised(state, unit.seat);
      return unit.rest > 0 || unit.trains !== null
        ? [WAIT]
        : WITHIN[unit.kind].filter(move => forbids(state, unit, move, left) === undefined);
    }

    /** The rule that forbids an order which this kind of unit may be given; undefined where it is legal. */
    function forbids({ units, ore }: Skirmish, unit: Unit, move: Move, left: number): string | undefined {
      const order = ORDERS[move]!;
      const square = field.target(unit.square, order);
      const on = units.find(other => other.square === square);
      const patch = field.patches.indexOf(square);
      const free = square >= 0 && on === undefined && (patch < 0 || ore[patch] === 0);
      switch (order.act) {
        case 'wait':
          return undefined;
        case 'move':
          return free ? undefined : 'R3';
        case 'attack':
          return on !== undefined && on.seat !== unit.seat ? undefined : 'R4';
        case 'harvest':
          return !unit.carries && patch >= 0 && ore[patch]! > 0 ? undefined : 'R5';
        case 'return':
          return unit.carries && units.some(other => isBaseBeside(unit, other)) ? undefined : 'R6';
        case 'build':
          return !free ? 'R7' : left < costOf(move) ? 'R9' : undefined;
        case 'train':
          return !free ? 'R8' : left < costOf(move) ? 'R9' : undefined;
      }
    }

    function isBaseBeside(unit: Unit, other: Unit): boolean {
      return other.kind === 'base' && other.seat === unit.seat && field.distance(unit.square, other.square) === 1;
    }

    /** Asks for the next order of a tick; once all are given, what they come to, and the first order of the next tick. */
    function askNext(state: Skirmish): Skirmish {
      const { seat } = state.units[state.active]!;
      const next = withChoice(state, seat, state.active + 1);
      if (next >= 0) return { ...state, active: next };
      if (seat === 0) return askFirst(state, 1);
      const after = tickOf(state);
      return isOver(after) ? after : askFirst(after, 0);
    }

    /** Asks a seat for its first order: that of its first unit where none has a choice. */
    function askFirst(state: Skirmish, seat: Seat): Skirmish {
      const active = withChoice(state, seat, 0);
      return { ...state, active: active >= 0 ? active : state.units.findIndex(unit => unit.seat === seat) };
    }

    /** The seat's first unit at `place` or after it that could do more than wait; -1 for none. */
    function withChoice(state: Skirmish, seat: Seat, place: number): number {
      return state.units.findIndex((unit, i) => i >= place && unit.seat === seat && ordersFor(state, i).length > 1);
    }

    const isOver = ({ tick, units }: Skirmish): boolean =>
      tick === ticks || units.every(unit => unit.seat === units[0]!.seat);

    /** What all orders of a tick come to. */
    function tickOf(state: Skirmish): Skirmish {
      const stock: [number, number] = [...state.stock];
      const left: [number, number] = [...state.ore];

      const damage = new Map<number, number>();
      const add = (sums: Map<number, number>, square: number, amount: number) =>
        sums.set(square, (sums.get(square) ?? 0) + amount);
      for (const [i, { kind, square }] of state.units.entries()) {
        const order = ORDERS[state.orders[i] ?? WAIT]!;
        if (order.act === 'attack') add(damage, field.target(square, order), NATURES[kind].damage);
      }
      const alive = state.units
        .map((unit, i) => ({
          unit: { ...unit, hits: unit.hits - (damage.get(unit.square) ?? 0), rest: Math.max(unit.rest - 1, 0) },
          order: ORDERS[state.orders[i] ?? WAIT]!,
          move: state.orders[i] ?? WAIT,
        }))
        .filter(({ unit }) => unit.hits > 0);

      const wanted = new Map<number, number>();
      const entering = new Map<number, number>();
      for (const { unit, order } of alive) {
        if (order.act === 'harvest') add(wanted, field.target(unit.square, order), 1);
        if (order.act === 'move' || order.act === 'build') add(entering, field.target(unit.square, order), 1);
        if (unit.trains !== null && unit.rest === 0) add(entering, field.target(unit.square, ORDERS[unit.trains]!), 1);
      }
      // Whatever stands on a square at the start of the tick keeps others out.
      for (const { unit } of alive) add(entering, unit.square, 2);

      const units: Unit[] = [];
      for (const { unit, order, move } of alive) {
        const target = field.target(unit.square, order);
        const enters = entering.get(target) === 1;
        switch (order.act) {
          case 'move':
            units.push(enters ? { ...unit, square: target, rest: NATURES[unit.kind].rest } : unit);
            break;
          case 'harvest': {
            const patch = field.patches.indexOf(target);
            const enough = wanted.get(target)! <= state.ore[patch]!;
            if (enough) left[patch]!--;
            units.push(enough ? { ...unit, carries: true } : unit);
            break;
          }
          case 'return':
            stock[unit.seat]++;
            units.push({ ...unit, carries: false });
            break;
          case 'build':
            units.push(unit);
            if (!enters) break;
            stock[unit.seat] -= costOf(move);
            units.push({ ...fresh(unit.seat, 'barracks', target), rest: NATURES.barracks.time });
            break;
          case 'train':
            stock[unit.seat] -= costOf(move);
            units.push({ ...unit, trains: move, rest: NATURES[order.made!].time });
            break;
          default: {
            const made = unit.trains !== null && unit.rest === 0 ? ORDERS[unit.trains]! : undefined;
            const exit = made === undefined ? -1 : field.target(unit.square, made);
            const leaves = made !== undefined && entering.get(exit) === 1;
            units.push(leaves ? { ...unit, trains: null } : unit);
            if (leaves) units.push(fresh(unit.seat, made.made!, exit));
          }
        }
      }
      units.sort(bySquare);
      return {
        tick: state.tick + 1,
        units: units.map(unit => (isSeenBuilding(unit, units) ? { ...unit, known: true } : unit)),
        orders: units.map(() => null),
        active: -1,
        ore: left,
        stock,
      };
    }

    const isSeenBuilding = (unit: Unit, units: readonly Unit[]): boolean =>
      fog &&
      isBuilding(unit.kind) &&
      units.some(other => other.seat !== unit.seat && field.distance(unit.square, other.square) <= SIGHT);

    function outcome(state: Skirmish): Outcome | undefined {
      if (state.active >= 0) return undefined;
      const has = ([0, 1] as const).map(seat => state.units.some(unit => unit.seat === seat));
      return outcomeOf(has[0]!, has[1]!, scoresOf(state));
    }

    const rules: Rules<Skirmish> = {
      title: titleOf({ size, fog, ticks, stock, ore, workers }),
      facts: { ...factsOf(field, workers), hasStock: stock > 0 },
      moveCount: ORDERS.length,
      observationShape: [PLANES, size, size],
      symmetries: [],
      openingPlies: 8,
      start,

      turn: turnOf,

      moves: state => (state.active < 0 ? [] : ordersFor(state, state.active)),

      play: (state, move) => askNext({ ...state, orders: state.orders.with(state.active, move) }),

      outcome,

      explain(state, move) {
        const unit = state.units[state.active]!;
        const rule = RULE_OF[ORDERS[move]!.act];
        if (!rules.moves(state).includes(move)) {
          const left = state.stock[unit.seat] - promised(state, unit.seat);
          return [WITHIN[unit.kind].includes(move) ? (forbids(state, unit, move, left) ?? 'R1') : rule];
        }
        const ids = ['R1', rule, ...(costOf(move) > 0 ? ['R9'] : [])];
        const after = rules.play(state, move);
        if (after.tick === state.tick) return ids;
        const orders = state.orders.with(state.active, move);
        const acts = new Set(orders.map(order => ORDERS[order ?? WAIT]!.act));
        return [
          ...ids,
          ...(acts.has('attack') ? ['R10'] : []),
          ...(acts.has('harvest') || acts.has('return') ? ['R11'] : []),
          ...(acts.has('move') ||
          acts.has('build') ||
          state.units.some(({ trains, rest }) => trains !== null && rest < 2)
            ? ['R12']
            : []),
          ...(state.units.some(({ rest }) => rest > 0) ? ['R13'] : []),
          ...(after.active < 0 ? ['R14'] : []),
        ];
      },

      playout: playoutOf(field, ticks, outcomeOf),

      hides: (state, _move, seat) => turnOf(state) !== seat,

      guess: (state, seat, random) => (state.active < 0 ? state : guessFrom(field.seenBy(state, seat), seat, random)),

      show: (state, seat) => showField(field, ticks, state, seat),

      notation:
        'an order to the unit that is asked: wait, return, or move-, harvest-, build-, train-worker-, train-light-, train-heavy-, ' +
        'train-ranged- with n, e, s or w (north is up), or attack- with n, e, s, w, ne, se, sw, nw, n2, e2, s2 or w2',

      formatMove: move => ORDERS[move]!.text,

      parseMove: text => BY_TEXT.get(text),

      observe: state => observeSight(field.seenBy(state, turnOf(state)), turnOf(state)),

      scripts: scriptsOf(field, state => rules.moves(state)),
    };

    /** A state in which a seat knows what it knows in `sight`, and what it does not know is likely enough. */
    function guessFrom(sight: Sight, seat: Seat, random: Random): Skirmish {
      const other = opponent(seat);
      const { units, hidden } = withHidden(sight, other, random);
      const stock: [number, number] = [hidden, hidden];
      const orders = units.map(unit => sight.orders[sight.units.indexOf(unit)] ?? null);
      stock[seat] = sight.left + orders.reduce<number>((sum, order) => sum + (order === null ? 0 : costOf(order)), 0);
      const places = units.flatMap((unit, i) => (unit.seat === other ? [i] : []));
      const state: Skirmish = { tick: sight.tick, units, orders, active: -1, ore: sight.ore, stock };

      if (sight.turn === other) return askFirst(state, other);
      const active = units.indexOf(sight.units[sight.active]!);
      if (other === 1) return { ...state, active };
      // Seat 0 has given its orders for this tick.
      for (const i of places) {
        const choices = ordersFor(state, i);
        if (choices.length > 1) orders[i] = pick(choices, random);
      }
      return { ...state, active };
    }

    /** The units in sight, and more of the other's in fog, bought with what it is known to own; with what is left of that. */
    function withHidden(sight: Sight, other: Seat, random: Random): { units: readonly Unit[]; hidden: number } {
      const units = [...sight.units];
      let { hidden } = sight;
      const isFree = (square: number) =>
        !sight.seen[square] &&
        units.every(unit => unit.square !== square) &&
        (field.patches.indexOf(square) < 0 || sight.ore[field.patches.indexOf(square)] === 0);
      const count = (...kinds: readonly Kind[]) =>
        units.filter(unit => unit.seat === other && kinds.includes(unit.kind)).length;

      for (;;) {
        const free = sight.seen.flatMap((_, square) => (isFree(square) ? [square] : []));
        const bare = units.every(unit => unit.seat !== other);
        const near = free.filter(square => field.distance(square, field.bases[other]) <= sight.tick + 1);
        const most = workers + Math.floor(sight.tick / (NATURES.worker.time + 1));
        const barracks = count('barracks') > 0;
        const kinds = KINDS.filter(kind => {
          if (NATURES[kind].cost > hidden || kind === 'base') return false;
          if (kind === 'worker') return bare || count('worker') < most;
          return kind === 'barracks' ? !barracks && sight.tick > 0 : barracks && sight.tick > NATURES.barracks.time;
        });
        const choice = Math.floor(random() * (bare ? kinds.length : kinds.length + 1));
        if (free.length === 0 || choice === kinds.length) return { units: units.sort(bySquare), hidden };
        const square = pick(near.length > 0 ? near : free, random);
        units.push(fresh(other, kinds[choice]!, square));
        hidden -= NATURES[kinds[choice]!].cost;
      }
    }

    /** What `seat` knows, as planes. */
    function observeSight(sight: Sight, seat: Seat): Float32Array {
      const planes = new Float32Array(PLANES * squares);
      const set = (plane: number, square: number, value: number) => {
        planes[plane * squares + square] = Math.min(value, 1);
      };
      const fill = (plane: number, value: number) => {
        for (let square = 0; square < squares; square++) set(plane, square, value);
      };
      for (const [i, { kind, square, hits, carries, rest, trains, ...unit }] of sight.units.entries()) {
        const side = unit.seat === seat ? 0 : 1;
        set(6 * side + KINDS.indexOf(kind), square, 1);
        set(12 + side, square, hits / 10);
        if (carries) set(14 + side, square, 1);
        set(16, square, rest / 6);
        if (trains !== null) set(17, square, (1 + KINDS.indexOf(ORDERS[trains]!.made!)) / KINDS.length);
        const order = ORDERS[sight.orders[i] ?? WAIT]!;
        if (order.act !== 'wait') set(18, field.target(square, order), 1);
      }
      for (const [i, patch] of field.patches.entries()) set(19, patch, sight.ore[i]! / 60);
      for (const [square, seen] of sight.seen.entries()) if (seen) set(20, square, 1);
      if (sight.active >= 0) set(21, sight.units[sight.active]!.square, 1);
      fill(22, sight.left / 20);
      fill(23, sight.scores[seat] / 100);
      fill(24, sight.scores[opponent(seat)] / 100);
      fill(25, sight.tick / ticks);
      return planes;
    }

    return rules;
  },
};

const bySquare = (a: { readonly square: number }, b: { readonly square: number }): number => a.square - b.square;

const turnOf = ({ units, active }: Skirmish): Seat => units[active]?.seat ?? 0;

/** The orders that a kind of unit may ever be given. */
const WITHIN: Readonly<Record<Kind, readonly Move[]>> = Object.fromEntries(
  KINDS.map(kind => [
    kind,
    ORDERS.flatMap((order, move) => {
      const { damage, range, trains } = NATURES[kind];
      const may = {
        wait: true,
        move: !isBuilding(kind),
        attack: damage > 0 && Math.abs(order.right) + Math.abs(order.down) <= range,
        harvest: kind === 'worker',
        return: kind === 'worker',
        build: kind === 'worker',
        train: order.made !== null && trains.includes(order.made),
      }[order.act];
      return may ? [move] : [];
    }),
  ]),
) as unknown as Record<Kind, readonly Move[]>;

const RULE_OF = {
  wait: 'R2',
  move: 'R3',
  attack: 'R4',
  harvest: 'R5',
  return: 'R6',
  build: 'R7',
  train: 'R8',
} as const;

/** How a game ends in which the seats have anything left or not, and these scores. */
function outcomeOf(first: boolean, second: boolean, scores: readonly [number, number]): Outcome {
  if (!first && !second) return { kind: 'draw', how: 'nothing left on either side', scores };
  if (!first || !second)
    return { kind: 'win', winner: first ? 0 : 1, how: 'everything of the other destroyed', scores };
  if (scores[0] === scores[1]) return { kind: 'draw', how: 'equal scores after the last tick', scores };
  return { kind: 'win', winner: scores[0] > scores[1] ? 0 : 1, how: 'higher score after the last tick', scores };
}

function titleOf({ size, fog, ticks, stock, ore, workers }: Values<typeof parameters>): string {
  return [
    'Skirmish',
    ...(size === parameters.size.usual ? [] : [`${size} × ${size}`]),
    ...(fog ? [] : ['without fog']),
    ...(ticks === parameters.ticks.usual ? [] : [`${ticks} ticks`]),
    ...(stock === parameters.stock.usual ? [] : [stock === 0 ? 'nothing in stock' : `${stock} in stock`]),
    ...(ore === parameters.ore.usual ? [] : [`${ore} in each patch`]),
    ...(workers === parameters.workers.usual ? [] : [`${workers} workers each`]),
  ].join(', ');
}

/** The squares that rules and guide name. */
const factsOf = ({ name, size, bases, patches, workers }: Field, count: number) => ({
  lastColumn: name(size - 1).charAt(0),
  xBase: name(bases[0]),
  oBase: name(bases[1]),
  xPatch: name(patches[0]),
  oPatch: name(patches[1]),
  xWorkers: workers[0].slice(0, count).map(name).join('` and `'),
  oWorkers: workers[1].slice(0, count).map(name).join('` and `'),
  twoWorkers: count === 2,
});

/** The position as `seat` sees it, all of it where none is given. */
function showField(field: Field, ticks: number, state: Skirmish, seat?: Seat): string {
  const { size, name, patches } = field;
  const sights = ([0, 1] as const).map(each => field.seenBy(state, each));
  const sight = seat === undefined ? undefined : sights[seat]!;
  const { units, orders, active } = sight ?? state;
  const stocks = ([0, 1] as const).flatMap(each =>
    each === seat || !sight || sight.seen.every(seen => seen) ? [`${SEATS[each]} ${state.stock[each]}`] : [],
  );
  const signs = Array.from({ length: size * size }, (_, square) => {
    const on = units.findIndex(unit => unit.square === square);
    if (on >= 0) {
      const { kind, seat: whose } = units[on]!;
      return `${on === active ? '>' : ' '}${SEATS[whose]}${NATURES[kind].letter}`;
    }
    const patch = patches.indexOf(square);
    if (patch >= 0 && state.ore[patch]! > 0) return String(state.ore[patch]).padStart(3);
    return sight && !sight.seen[square] ? '  ?' : '  .';
  });
  const label = (row: number) => String(size - row).padStart(2);
  const rows = Array.from(
    { length: size },
    (_, row) => `${label(row)} ${signs.slice(row * size, (row + 1) * size).join('')}`,
  );
  const described = units.map(unit => {
    const { kind, square, hits, carries, rest, trains, known } = unit;
    return [
      `${SEATS[unit.seat]} ${kind} ${name(square)}: hits ${hits}`,
      ...(carries ? ['carries ore'] : []),
      ...(trains === null ? [] : [ORDERS[trains]!.text]),
      ...(rest > 0 ? [`takes no order for ${rest} more`] : []),
      ...(sight && unit.seat !== seat && !sight.seen[square] ? ['seen before'] : []),
      ...(kind === 'barracks' && known && unit.seat === (seat ?? unit.seat) ? ['known to the other'] : []),
    ].join(', ');
  });
  const given = units.flatMap((unit, i) => {
    const order = orders[i] ?? null;
    return order === null ? [] : [`${SEATS[unit.seat]} ${name(unit.square)} ${ORDERS[order]!.text}`];
  });
  const asked = units[active];
  return [
    `tick ${Math.min(state.tick + 1, ticks)} of ${ticks}, score x ${sights[0]!.scores[0]} o ${sights[0]!.scores[1]}, stock ${stocks.join(' ')}`,
    ...rows,
    `   ${Array.from({ length: size }, (_, column) => `  ${name(column).charAt(0)}`).join('')}`,
    ...described,
    ...(given.length === 0 ? [] : [`ordered: ${given.join(', ')}`]),
    state.active < 0
      ? 'over'
      : asked
        ? `to be ordered: ${SEATS[asked.seat]} ${asked.kind} ${name(asked.square)}`
        : `${SEATS[turnOf(state)]} gives its orders`,
  ].join('\n');
}
