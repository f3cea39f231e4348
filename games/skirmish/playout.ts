/**
 * Random play of Skirmish on a board of numbers: what playing move by move gives
 * for the same random numbers, some thirty times as fast.
 *
 * The board has an edge of two squares that nothing can enter, so that no order
 * needs to be checked for leaving it.
 */

import type { Outcome, Seat } from '../game.ts';
import type { Random } from '../random.ts';
import { costOf, type Field, KINDS, NATURES, ORDERS, type Skirmish, WAIT } from './field.ts';

const EDGE = 2;
const EMPTY = 0;
const ORE = 1;
const WALL = 2;
/** A unit of kind k of seat s is UNIT + k + OTHER × s. */
const UNIT = 4;
const OTHER = 8;

const kindOf = (content: number): number => (content - UNIT) & (OTHER - 1);
const isOf = (content: number, seat: number): boolean => content >= UNIT && (content >= UNIT + OTHER ? 1 : 0) === seat;

const BASE = KINDS.indexOf('base');
const BARRACKS = KINDS.indexOf('barracks');
const WORKER = KINDS.indexOf('worker');
const HITS = KINDS.map(kind => NATURES[kind].hits);
const DAMAGE = KINDS.map(kind => NATURES[kind].damage);
const REST = KINDS.map(kind => NATURES[kind].rest);
const WORTH = KINDS.map(kind => NATURES[kind].cost);

const COSTS = ORDERS.map((_, move) => costOf(move));
const MADE = ORDERS.map(({ made }) => (made === null ? -1 : KINDS.indexOf(made)));
const TIMES = ORDERS.map(({ made }) => (made === null ? 0 : NATURES[made].time));
const firstOf = (text: string): number => ORDERS.findIndex(order => order.text === text);
const MOVE = firstOf('move-n');
const ATTACK = firstOf('attack-n');
const HARVEST = firstOf('harvest-n');
const RETURN = firstOf('return');
const BUILD = firstOf('build-n');
const TRAIN = firstOf('train-worker-n');
const TRAIN_SOLDIER = firstOf('train-light-n');
const DIRECTIONS = 4;
/** How many orders to attack each kind has: its range is that of the first so many. */
const TARGETS = KINDS.map(kind => (NATURES[kind].range === 2 ? HARVEST - ATTACK : NATURES[kind].range * DIRECTIONS));

export function playoutOf(
  { size, patches, bases }: Field,
  ticks: number,
  outcomeOf: (first: boolean, second: boolean, scores: readonly [number, number]) => Outcome,
): (state: Skirmish, random: Random) => Outcome {
  const width = size + 2 * EDGE;
  const inner = (square: number) => (Math.floor(square / size) + EDGE) * width + (square % size) + EDGE;
  const steps = ORDERS.map(({ right, down }) => down * width + right);
  const walls = new Int8Array(width * width).fill(WALL);
  for (let square = 0; square < size * size; square++) walls[inner(square)] = EMPTY;
  const patchAt = patches.map(inner) as [number, number];
  const baseAt = bases.map(inner) as [number, number];
  const first = inner(0);
  const end = inner(size * size - 1) + 1;

  const board = new Int8Array(width * width);
  const hits = new Int8Array(width * width);
  const carries = new Uint8Array(width * width);
  const rest = new Int8Array(width * width);
  /** The order to train that a building is at work on; WAIT for none. */
  const trains = new Uint8Array(width * width);
  const orders = new Uint8Array(width * width);
  const damage = new Int16Array(width * width);
  const entering = new Uint8Array(width * width);
  const left = new Int16Array(2);
  const stock = new Int16Array(2);
  const choices = new Uint8Array(ORDERS.length);
  const places = new Int16Array(size * size);

  function put(at: number, content: number): void {
    board[at] = content;
    hits[at] = HITS[kindOf(content)]!;
    carries[at] = 0;
    rest[at] = 0;
    trains[at] = WAIT;
    orders[at] = WAIT;
  }

  /** Fills `choices` with the orders that the unit may be given; how many. */
  function fill(at: number, seat: number, money: number): number {
    choices[0] = WAIT;
    if (rest[at]! > 0 || trains[at] !== WAIT) return 1;
    const kind = kindOf(board[at]!);
    let count = 1;
    if (kind === BASE || kind === BARRACKS) {
      const from = kind === BASE ? TRAIN : TRAIN_SOLDIER;
      const to = kind === BASE ? TRAIN_SOLDIER : ORDERS.length;
      for (let move = from; move < to; move++) {
        if (COSTS[move]! <= money && board[at + steps[move]!] === EMPTY) choices[count++] = move;
      }
      return count;
    }
    for (let move = MOVE; move < MOVE + DIRECTIONS; move++) {
      if (board[at + steps[move]!] === EMPTY) choices[count++] = move;
    }
    const targets = ATTACK + TARGETS[kind]!;
    for (let move = ATTACK; move < targets; move++) {
      if (isOf(board[at + steps[move]!]!, 1 - seat)) choices[count++] = move;
    }
    if (kind !== WORKER) return count;
    if (carries[at] === 0) {
      for (let move = HARVEST; move < HARVEST + DIRECTIONS; move++) {
        if (board[at + steps[move]!] === ORE) choices[count++] = move;
      }
    } else if (isBaseBeside(at, seat)) {
      choices[count++] = RETURN;
    }
    if (COSTS[BUILD]! <= money) {
      for (let move = BUILD; move < BUILD + DIRECTIONS; move++) {
        if (board[at + steps[move]!] === EMPTY) choices[count++] = move;
      }
    }
    return count;
  }

  function isBaseBeside(at: number, seat: number): boolean {
    const base = baseAt[seat]!;
    const apart = Math.abs(base - at);
    return (apart === 1 || apart === width) && board[base] === UNIT + BASE + OTHER * seat;
  }

  /** Lists the squares of all units; how many. */
  function list(): number {
    let count = 0;
    for (let at = first; at < end; at++) if (board[at]! >= UNIT) places[count++] = at;
    return count;
  }

  /** What all orders of a tick come to, for so many units in `places`. */
  function tick(count: number): void {
    for (let i = 0; i < count; i++) {
      const at = places[i]!;
      const order = orders[at]!;
      if (order >= ATTACK && order < HARVEST) damage[at + steps[order]!]! += DAMAGE[kindOf(board[at]!)]!;
    }
    let alive = 0;
    for (let i = 0; i < count; i++) {
      const at = places[i]!;
      hits[at]! -= damage[at]!;
      damage[at] = 0;
      if (hits[at]! <= 0) board[at] = EMPTY;
      else places[alive++] = at;
    }
    let wantedFirst = 0;
    let wantedSecond = 0;
    for (let i = 0; i < alive; i++) {
      const at = places[i]!;
      const order = orders[at]!;
      if (rest[at]! > 0) rest[at]!--;
      entering[at]! += 2;
      if (order >= MOVE && order < ATTACK) entering[at + steps[order]!]!++;
      else if (order >= BUILD && order < TRAIN) entering[at + steps[order]!]!++;
      else if (order >= HARVEST && order < RETURN) {
        if (at + steps[order]! === patchAt[0]) wantedFirst++;
        else wantedSecond++;
      }
      if (trains[at] !== WAIT && rest[at] === 0) entering[at + steps[trains[at]!]!]!++;
    }
    const enoughFirst = wantedFirst <= left[0]!;
    const enoughSecond = wantedSecond <= left[1]!;
    for (let i = 0; i < alive; i++) {
      const at = places[i]!;
      const order = orders[at]!;
      const content = board[at]!;
      const seat = content >= UNIT + OTHER ? 1 : 0;
      orders[at] = WAIT;
      if (order === WAIT) {
        const made = trains[at]!;
        if (made === WAIT || rest[at]! > 0 || entering[at + steps[made]!] !== 1) continue;
        trains[at] = WAIT;
        put(at + steps[made]!, UNIT + MADE[made]! + OTHER * seat);
      } else if (order < ATTACK) {
        const to = at + steps[order]!;
        if (entering[to] !== 1) continue;
        put(to, content);
        hits[to] = hits[at]!;
        carries[to] = carries[at]!;
        rest[to] = REST[kindOf(content)]!;
        board[at] = EMPTY;
      } else if (order < HARVEST) {
        // It has struck already.
      } else if (order < RETURN) {
        const patch = at + steps[order]! === patchAt[0] ? 0 : 1;
        if (!(patch === 0 ? enoughFirst : enoughSecond)) continue;
        carries[at] = 1;
        left[patch]!--;
        if (left[patch] === 0) board[patchAt[patch]!] = EMPTY;
      } else if (order === RETURN) {
        carries[at] = 0;
        stock[seat]!++;
      } else if (order < TRAIN) {
        const to = at + steps[order]!;
        if (entering[to] !== 1) continue;
        stock[seat]! -= COSTS[order]!;
        put(to, UNIT + BARRACKS + OTHER * seat);
        rest[to] = TIMES[order]!;
      } else {
        stock[seat]! -= COSTS[order]!;
        trains[at] = order;
        rest[at] = TIMES[order]!;
      }
    }
    entering.fill(0);
  }

  function load({ units, ore, stock: stocks, orders: given }: Skirmish): void {
    board.set(walls);
    for (let patch = 0; patch < 2; patch++) {
      left[patch] = ore[patch]!;
      stock[patch] = stocks[patch]!;
      if (ore[patch]! > 0) board[patchAt[patch]!] = ORE;
    }
    for (let i = 0; i < units.length; i++) {
      const unit = units[i]!;
      const at = inner(unit.square);
      put(at, UNIT + KINDS.indexOf(unit.kind) + OTHER * unit.seat);
      hits[at] = unit.hits;
      carries[at] = unit.carries ? 1 : 0;
      rest[at] = unit.rest;
      trains[at] = unit.trains ?? WAIT;
      orders[at] = given[i] ?? WAIT;
    }
  }

  return (state, random) => {
    load(state);
    let count = list();
    let now = state.tick;
    let seat: Seat = state.units[state.active]?.seat ?? 0;
    // The first to be asked; then, in each tick, whoever has a choice, or a seat's first unit where none has.
    let asked = state.active < 0 ? 0 : inner(state.units[state.active]!.square);
    let over = state.active < 0;
    while (!over) {
      for (; ; seat = 1) {
        let money = stock[seat]!;
        let given = asked > 0;
        for (let i = 0; i < count; i++) {
          const at = places[i]!;
          if (!isOf(board[at]!, seat)) continue;
          if (at < asked) {
            money -= COSTS[orders[at]!]!;
            continue;
          }
          const some = fill(at, seat, money);
          if (some === 1 && at !== asked) continue;
          const order = choices[Math.floor(random() * some)]!;
          orders[at] = order;
          money -= COSTS[order]!;
          given = true;
        }
        asked = 0;
        if (!given) random();
        if (seat === 1) break;
      }
      seat = 0;
      tick(count);
      now++;
      count = list();
      over = now === ticks || !bothLeft(count);
    }
    return result(count);
  };

  function bothLeft(count: number): boolean {
    if (count === 0) return false;
    const one = board[places[0]!]! >= UNIT + OTHER;
    for (let i = 1; i < count; i++) if (board[places[i]!]! >= UNIT + OTHER !== one) return true;
    return false;
  }

  function result(count: number): Outcome {
    const scores: [number, number] = [stock[0]!, stock[1]!];
    const has = [false, false];
    for (let i = 0; i < count; i++) {
      const at = places[i]!;
      const seat = board[at]! >= UNIT + OTHER ? 1 : 0;
      has[seat] = true;
      scores[seat] += WORTH[kindOf(board[at]!)]! + carries[at]! + COSTS[trains[at]!]!;
    }
    return outcomeOf(has[0]!, has[1]!, scores);
  }
}
