import { describe, expect, test } from 'vitest';
import { randomAgent } from '../../agents/random.ts';
import { scriptAgent } from '../../agents/script.ts';
import { playMatch, points } from '../../arena/match.ts';
import { gameOf } from '../../games/family.ts';
import { type Game, type Outcome, opponent, plainPlayout, playout, type Seat } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { type Kind, NATURES, ORDERS, type Skirmish, type Unit } from '../../games/skirmish/field.ts';
import { skirmish } from '../../games/skirmish/rules.ts';
import { playout as steps } from '../playouts.ts';

const game = gameOf(skirmish);
const open = gameOf(skirmish, { fog: false });
const SIZE = 8;
const squareOf = (name: string): number => (SIZE - Number(name[1])) * SIZE + name.charCodeAt(0) - 97;

const unit = (seat: Seat, kind: Kind, name: string, more: Partial<Unit> = {}): Unit => ({
  seat,
  kind,
  square: squareOf(name),
  hits: NATURES[kind].hits,
  carries: false,
  rest: 0,
  trains: null,
  known: kind === 'base',
  ...more,
});

/** A tick in which seat 0 is asked for its first order. */
function field(units: readonly Unit[], more: Partial<Skirmish> = {}): Skirmish {
  const sorted = units.toSorted((a, b) => a.square - b.square);
  const orders = sorted.map(() => null);
  const active = sorted.findIndex(({ seat }) => seat === 0);
  return { tick: 0, units: sorted, orders, active, ore: [20, 20], stock: [5, 5], ...more };
}

/** Gives each unit that is asked its order, by its square; all others wait. Ends with the tick. */
function tick(state: Skirmish, orders: Readonly<Record<string, string>>, of: Game<Skirmish> = open): Skirmish {
  let last = state;
  while (last.tick === state.tick && !of.outcome(last)) {
    const { square } = last.units[last.active]!;
    const name = Object.keys(orders).find(each => squareOf(each) === square);
    const move = of.parseMove(name === undefined ? 'wait' : orders[name]!)!;
    expect(of.moves(last), `${name} ${of.formatMove(move)}`).toContain(move);
    last = of.play(last, move);
  }
  return last;
}

const told = ({ units }: Skirmish): readonly string[] =>
  units.map(({ seat, kind, square, hits }) => {
    const name = `${String.fromCharCode(97 + (square % SIZE))}${SIZE - Math.floor(square / SIZE)}`;
    return `${'xo'[seat]} ${kind} ${name} ${hits}`;
  });

/** So that nobody has lost everything. */
const BASES = [unit(0, 'base', 'b2'), unit(1, 'base', 'g7')];

describe('a tick', () => {
  test('units go to free squares, and two that want the same stay where they are', () => {
    const state = field([...BASES, unit(0, 'light', 'd4'), unit(1, 'light', 'd6'), unit(0, 'light', 'a5')]);
    expect(told(tick(state, { d4: 'move-n', d6: 'move-s', a5: 'move-e' }))).toEqual([
      'o base g7 10',
      'o light d6 4',
      'x light b5 4',
      'x light d4 4',
      'x base b2 10',
    ]);
  });

  test('nothing enters a square that was taken when the tick began', () => {
    const state = field([...BASES, unit(0, 'light', 'd4'), unit(1, 'light', 'e4')]);
    expect(open.moves(state).map(open.formatMove)).not.toContain('move-e');
    const behind = field([...BASES, unit(0, 'light', 'd4'), unit(0, 'light', 'c4')]);
    expect(
      open.explain(
        { ...behind, active: behind.units.findIndex(({ square }) => square === squareOf('c4')) },
        open.parseMove('move-e')!,
      ),
    ).toEqual(['R3']);
  });

  test('damage counts at once: two that destroy each other are both gone', () => {
    const state = field([...BASES, unit(0, 'ranged', 'd4'), unit(1, 'ranged', 'd6')]);
    expect(told(tick(state, { d4: 'attack-n2', d6: 'attack-s2' }))).toEqual(['o base g7 10', 'x base b2 10']);
  });

  test('the damage of all attackers is added', () => {
    const state = field([...BASES, unit(0, 'light', 'd4'), unit(0, 'worker', 'e5'), unit(1, 'heavy', 'd5')]);
    expect(told(tick(state, { d4: 'attack-n', e5: 'attack-w' }))).toContain('o heavy d5 5');
  });

  test('whoever walks away is missed', () => {
    const state = field([...BASES, unit(0, 'light', 'd4'), unit(1, 'light', 'd5')]);
    expect(told(tick(state, { d4: 'attack-n', d5: 'move-n' }))).toContain('o light d6 2');
  });

  test('a heavy unit rests after a step', () => {
    const state = field([...BASES, unit(0, 'heavy', 'd4')]);
    const after = tick(state, { d4: 'move-n' });
    expect(after.units.find(({ kind }) => kind === 'heavy')).toMatchObject({ square: squareOf('d5'), rest: 1 });
    const next = tick(after, {});
    expect(next.units.find(({ kind }) => kind === 'heavy')).toMatchObject({ rest: 0 });
  });
});

describe('ore', () => {
  test('is fetched, carried and returned', () => {
    const fetched = tick(field([...BASES, unit(0, 'worker', 'a2')]), { a2: 'harvest-s' });
    expect(fetched.ore).toEqual([19, 20]);
    expect(fetched.units.find(({ kind }) => kind === 'worker')).toMatchObject({ carries: true });
    const returned = tick(fetched, { a2: 'return' });
    expect(returned.stock).toEqual([6, 5]);
    expect(returned.units.find(({ kind }) => kind === 'worker')).toMatchObject({ carries: false });
  });

  test('nobody gets the last one if two reach for it', () => {
    const two = field([...BASES, unit(0, 'worker', 'a2'), unit(0, 'worker', 'b1')], { ore: [1, 20] });
    expect(tick(two, { a2: 'harvest-s', b1: 'harvest-w' }).ore).toEqual([1, 20]);
    expect(tick(two, { a2: 'harvest-s' }).ore).toEqual([0, 20]);
  });
});

describe('training and building', () => {
  test('cost when they begin, and a unit comes out after its time', () => {
    let state = tick(field(BASES), { b2: 'train-worker-n' });
    expect(state.stock).toEqual([4, 5]);
    for (let i = 0; i < NATURES.worker.time - 1; i++) {
      expect(told(state)).not.toContain('x worker b3 2');
      state = tick(state, {});
    }
    expect(told(tick(state, {}))).toContain('x worker b3 2');
  });

  test('barracks take no order before their time is over', () => {
    let state = tick(field([...BASES, unit(0, 'worker', 'd4')]), { d4: 'build-n' });
    expect(state.stock).toEqual([1, 5]);
    expect(told(state)).toContain('x barracks d5 6');
    expect(state.units.find(({ kind }) => kind === 'barracks')).toMatchObject({ rest: NATURES.barracks.time });
    for (let i = 0; i < NATURES.barracks.time; i++) state = tick(state, {});
    expect(state.units.find(({ kind }) => kind === 'barracks')).toMatchObject({ rest: 0 });
  });

  test('all orders of a tick together cost no more than the stock', () => {
    const state = field([...BASES, unit(0, 'barracks', 'd4')], { stock: [2, 0] });
    const first = open.play(
      { ...state, active: state.units.findIndex(({ kind }) => kind === 'barracks') },
      open.parseMove('train-light-n')!,
    );
    expect(first.units[first.active]).toMatchObject({ seat: 1 });
    expect(
      open.explain(
        { ...first, active: first.units.findIndex(({ kind, seat }) => kind === 'base' && seat === 0) },
        open.parseMove('train-worker-n')!,
      ),
    ).toEqual(['R9']);
  });
});

test('whoever has nothing left loses; after the last tick the score decides', () => {
  const last = field([unit(0, 'light', 'd4'), unit(1, 'worker', 'd5', { hits: 1 })]);
  expect(open.outcome(tick(last, { d4: 'attack-n' }))).toMatchObject({ kind: 'win', winner: 0 });
  const short = gameOf(skirmish, { fog: false, ticks: 10 });
  const even = field(BASES, { tick: 9 });
  expect(short.outcome(tick(even, {}, short))).toMatchObject({ kind: 'draw', scores: [15, 15] });
  const ahead = field([...BASES, unit(1, 'light', 'h1')], { tick: 9 });
  expect(short.outcome(tick(ahead, {}, short))).toMatchObject({ kind: 'win', winner: 1, scores: [15, 17] });
});

test('fog hides what is more than three steps away, orders, and stock', () => {
  const state = field([...BASES, unit(0, 'light', 'd4'), unit(1, 'light', 'd7'), unit(1, 'light', 'd8')]);
  const shown = game.show(state, 0);
  expect(shown).toContain('o light d7');
  expect(shown).not.toContain('o light d8');
  expect(shown).not.toMatch(/stock.* o 5/);
  expect(open.show(state, 0)).toContain('o light d8');
});

test('neither seat sees the orders of the other', () => {
  const state = field(BASES);
  const order = game.parseMove('train-worker-n')!;
  const after = game.play(state, order);
  expect([0, 1].map(seat => game.hides!(state, order, seat as Seat))).toEqual([false, true]);
  expect(after.units[after.active]).toMatchObject({ seat: 1 });
  expect([0, 1].map(seat => game.hides!(after, order, seat as Seat))).toEqual([true, false]);
  expect(game.show(after, 1)).toBe(game.show(game.play(state, game.parseMove('wait')!), 1));
});

/** The same position seen from the other side: turned by 180 degrees, seats exchanged. */
describe('neither seat has an advantage', () => {
  const TURNED: Readonly<Record<string, string>> = {
    n: 's',
    e: 'w',
    s: 'n',
    w: 'e',
    ne: 'sw',
    se: 'nw',
    sw: 'ne',
    nw: 'se',
    n2: 's2',
    e2: 'w2',
    s2: 'n2',
    w2: 'e2',
  };
  const turnedText = (text: string): string => text.replace(/-(\w+)$/, (_, at: string) => `-${TURNED[at]}`);
  const last = SIZE * SIZE - 1;
  const turned = (unit: Unit): Unit => ({
    ...unit,
    seat: opponent(unit.seat),
    square: last - unit.square,
    trains: unit.trains === null ? null : open.parseMove(turnedText(ORDERS[unit.trains]!.text))!,
  });

  test('what orders come to does not depend on who gives them', () => {
    const random = seededRandom(4);
    for (let seed = 0; seed < 20; seed++) {
      const played = steps(open, seed).map(({ state }) => state);
      const state = played[Math.floor(random() * played.length)]!;
      if (open.outcome(state)) continue;
      const begin = { ...state, orders: state.units.map(() => null) };
      const first = { ...begin, active: begin.units.findIndex(({ seat }) => seat === 0) };
      // Random orders for everybody, and the same, turned, for the turned position.
      const orders = new Map<number, string>();
      const after = run(first, square => orders.get(square) ?? 'wait', orders, random);
      const mirrored = field(begin.units.map(turned), {
        tick: state.tick,
        ore: [state.ore[1], state.ore[0]],
        stock: [state.stock[1], state.stock[0]],
      });
      const back = run(mirrored, square => turnedText(orders.get(last - square) ?? 'wait'));
      expect(back.units.map(turned).toSorted((a, b) => a.square - b.square)).toEqual(after.units);
      expect([back.stock[1], back.stock[0], back.ore[1], back.ore[0]]).toEqual([...after.stock, ...after.ore]);
      expect(flipped(open.outcome(back))).toEqual(open.outcome(after));
    }
  });

  /** Plays a tick; with `chosen`, of orders drawn at random and kept there. */
  function run(
    state: Skirmish,
    order: (square: number) => string,
    chosen?: Map<number, string>,
    random = seededRandom(0),
  ): Skirmish {
    let now = state;
    while (now.tick === state.tick && !open.outcome(now)) {
      const { square } = now.units[now.active]!;
      const moves = open.moves(now);
      if (chosen) chosen.set(square, open.formatMove(moves[Math.floor(random() * moves.length)]!));
      now = open.play(now, open.parseMove(order(square))!);
    }
    return now;
  }

  const flipped = (outcome: Outcome | undefined) =>
    outcome && {
      ...outcome,
      ...(outcome.kind === 'win' ? { winner: opponent(outcome.winner) } : {}),
      scores: [outcome.scores![1], outcome.scores![0]],
    };
});

test.each(['worker-rush', 'light-rush', 'economy'])('%s beats random play from both seats', async name => {
  const script = scriptAgent(name, game.scripts![name]!);
  for (const seat of [0, 1] as const) {
    const agents = seat === 0 ? ([script, randomAgent] as const) : ([randomAgent, script] as const);
    const { ending } = await playMatch({ game, agents, seed: 7, opening: [] });
    expect(points(ending)![seat]).toBe(1);
  }
});

describe.each([{}, { size: 6, fog: false }, { size: 12, ticks: 15, workers: 2, stock: 20 }])('with %j', values => {
  const varied = gameOf(skirmish, values);

  test('random play is the same, fast and plain', () => {
    for (let seed = 0; seed < 6; seed++) {
      const played = steps(varied, seed);
      const { state } = played[(37 * seed) % played.length]!;
      const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
      expect(playout(varied, state, fast)).toEqual(plainPlayout(varied, state, plain));
      expect(fast()).toBe(plain());
    }
  });
});
