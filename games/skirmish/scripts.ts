/**
 * Scripted players of Skirmish, after the rushes that micro-RTS comes with: one
 * way to give orders, and a plan for each of them.
 */

import { type Move, opponent, type Script } from '../game.ts';
import { pick } from '../random.ts';
import {
  type Field,
  isBuilding,
  type Kind,
  NATURES,
  ORDERS,
  type Sight,
  type Skirmish,
  type Unit,
  WAIT,
} from './field.ts';

interface Plan {
  /** How many workers fetch ore; all others fight. */
  readonly harvesters: number;
  /** Workers are trained while there are fewer. */
  readonly workers: number;
  /** Barracks are built while there are fewer. */
  readonly barracks: number;
  /** What the barracks train, in turn. */
  readonly army: readonly Kind[];
  /** So many fighters set out together; until then they stay at home. */
  readonly strength: number;
}

const PLANS: Readonly<Record<string, Plan>> = {
  'worker-rush': { harvesters: 1, workers: 20, barracks: 0, army: [], strength: 1 },
  'light-rush': { harvesters: 1, workers: 1, barracks: 1, army: ['light'], strength: 1 },
  economy: { harvesters: 2, workers: 2, barracks: 1, army: ['heavy'], strength: 5 },
};

/** How near to the own base an enemy has to come for those who stay at home to go for it. */
const ALARM = 4;

export const scriptsOf = (
  field: Field,
  moves: (state: Skirmish) => readonly Move[],
): Readonly<Record<string, Script<Skirmish>>> =>
  Object.fromEntries(
    Object.entries(PLANS).map(([name, plan]) => [
      name,
      (state, seat, random) => {
        const legal = moves(state);
        return orderBy(plan, field, field.seenBy(state, seat), legal, some => pick(some, random));
      },
    ]),
  );

type Picker = <T>(items: readonly T[]) => T;

/** The plan's order to the unit that is to be ordered. */
function orderBy(plan: Plan, field: Field, sight: Sight, legal: readonly Move[], one: Picker): Move {
  const unit = sight.units[sight.active]!;
  const { seat } = unit;
  const own = sight.units.filter(each => each.seat === seat);
  const enemies = sight.units.filter(each => each.seat !== seat);
  const home = field.bases[seat];
  const patch = field.patches[seat];
  const fromHere = (move: Move) => field.target(unit.square, ORDERS[move]!);
  const of = (...acts: readonly string[]) => legal.filter(move => acts.includes(ORDERS[move]!.act));
  const least = <T>(items: readonly T[], size: (item: T) => number): T[] => {
    const smallest = Math.min(...items.map(size));
    return items.filter(item => size(item) === smallest);
  };
  const count = (kind: Kind) =>
    own.filter(each => each.kind === kind || (each.trains !== null && ORDERS[each.trains]!.made === kind)).length;

  if (isBuilding(unit.kind)) {
    const wanted = wantedOf(unit);
    const able = legal.filter(move => ORDERS[move]!.made === wanted);
    // Towards the enemy, away from where the workers go to and fro.
    return able.length === 0
      ? WAIT
      : one(least(able, move => field.distance(fromHere(move), field.bases[opponent(seat)])));
  }

  const struck = of('attack');
  if (struck.length > 0)
    return one(least(struck, move => dangerOf(enemies.find(each => each.square === fromHere(move))!)));

  const workers = own.filter(each => each.kind === 'worker');
  const builds = of('build');
  const staffed = count('worker') >= plan.workers;
  if (staffed && count('barracks') + ordered('build') < plan.barracks && builds.length > 0) {
    return one(least(builds, move => -field.distance(fromHere(move), patch)));
  }
  const harvesters = workers.toSorted((a, b) => field.distance(a.square, patch) - field.distance(b.square, patch));
  const fetches = harvesters.indexOf(unit) >= 0 && harvesters.indexOf(unit) < plan.harvesters;
  if (fetches && (unit.carries || sight.ore[seat] > 0)) {
    const works = of('harvest', 'return');
    if (works.length > 0) return works[0]!;
    const goal = unit.carries ? home : patch;
    return stepTo(square => field.distance(square, goal) === 1);
  }

  const targets = enemies.length > 0 ? enemies.map(({ square }) => square) : unseen();
  const fighters = own.filter(each => !isBuilding(each.kind)).length - Math.min(workers.length, plan.harvesters);
  const alarms = targets.filter(square => enemies.length > 0 && field.distance(square, home) <= ALARM);
  const goals = fighters >= plan.strength ? targets : alarms;
  if (goals.length > 0) {
    const { range } = NATURES[unit.kind];
    const aim = least(goals, square => field.distance(square, unit.square))[0]!;
    return stepTo(square => field.distance(square, aim) <= range);
  }
  // Keeps clear of the base, for the next to come out of it.
  return field.distance(unit.square, home) < 3 ? stepTo(square => field.distance(square, home) === 3) : WAIT;

  /** What a building should train now; undefined for nothing. */
  function wantedOf({ kind }: Unit): Kind | undefined {
    if (kind === 'base') {
      return count('worker') < plan.workers ? 'worker' : undefined;
    }
    const soldiers = plan.army.reduce((sum, each) => sum + count(each), 0);
    return plan.army[soldiers % plan.army.length];
  }

  function ordered(act: string): number {
    return sight.orders.filter(order => order !== null && ORDERS[order]!.act === act).length;
  }

  /** Those that strike before those that do not, and of these the ones with the fewest hits left. */
  function dangerOf({ kind, hits }: Unit): number {
    return hits - 10 * NATURES[kind].damage;
  }

  /** Where an enemy of which nothing is known may be. */
  function unseen(): readonly number[] {
    const squares = sight.seen.flatMap((seen, square) => (seen ? [] : [square]));
    return squares.length > 0 ? squares : [field.bases[opponent(seat)]];
  }

  /** A step on a shortest way to the nearest square that will do, around all that is in the way; a wait where there is none. */
  function stepTo(isGoal: (square: number) => boolean): Move {
    if (isGoal(unit.square)) return WAIT;
    const taken = new Set([
      ...sight.units.map(({ square }) => square),
      ...field.patches.filter((_, i) => sight.ore[i]! > 0),
      ...sight.units.flatMap(({ square }, i) =>
        sight.orders[i] === null ? [] : [field.target(square, ORDERS[sight.orders[i]!]!)],
      ),
    ]);
    const starts = of('move').filter(move => !taken.has(fromHere(move)));
    const firsts = new Map(starts.map(move => [fromHere(move), move]));
    for (const [square, move] of firsts) {
      if (isGoal(square)) return move;
      for (const step of STEPS) {
        const next = field.target(square, step);
        if (next >= 0 && !taken.has(next) && !firsts.has(next)) firsts.set(next, move);
      }
    }
    return WAIT;
  }
}

const STEPS = ORDERS.filter(({ act }) => act === 'move');
