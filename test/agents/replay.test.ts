import { expect, test } from 'vitest';
import { nStepReturn, Replay, SumTree } from '../../agents/replay.ts';
import { seededRandom } from '../../games/random.ts';

test('a slot is found where its share of the sum lies, whatever was set before', () => {
  const random = seededRandom(1);
  const tree = new SumTree(13);
  const priorities = Array<number>(13).fill(0);
  for (let i = 0; i < 200; i++) {
    const slot = Math.floor(13 * random());
    priorities[slot] = random() < 0.3 ? 0 : random();
    tree.set(slot, priorities[slot]!);
    const sum = priorities.reduce((total, priority) => total + priority, 0);
    expect(tree.total).toBeCloseTo(sum, 10);
    const mass = random() * tree.total;
    let [slotOfMass, left] = [0, mass];
    while (left >= priorities[slotOfMass]!) left -= priorities[slotOfMass++]!;
    if (sum > 0) expect(tree.find(mass)).toBe(slotOfMass);
  }
});

test('slots are drawn as often as their priorities say, and never one of no priority', () => {
  const tree = new SumTree(5);
  for (const [slot, priority] of [1, 0, 3, 4, 0].entries()) tree.set(slot, priority);
  const counts = Array<number>(5).fill(0);
  for (let i = 0; i < 8000; i++) counts[tree.find((i / 8000) * tree.total)]!++;
  expect(counts).toEqual([1000, 0, 3000, 4000, 0]);
  expect(tree.find(tree.total)).toBe(3);
});

test.each([
  ['within a game', 0, { reward: 1 + 0.5 * 2 + 0.25 * 4, bootstrap: 0.125 }],
  ['that ends with its second order', 2, { reward: 4 + 0.5 * 8, bootstrap: 0 }],
  ['that ends with its first', 3, { reward: 8, bootstrap: 0 }],
])('a return over three orders %s', (_, at, expected) => {
  const rewards = [1, 2, 4, 8, 16, 32, 64];
  const ends = [0, 0, 0, 1, 0, 0, 0];
  expect(nStepReturn(rewards, ends, at, slot => slot + 1, 3, 0.5)).toEqual(expected);
});

const shape = { boards: 2, ticks: 4, size: 1, moves: 3 };

/** Ticks in which each board sees its number and the tick, in steps of 1 / 255, and earns the tick. */
function replayOf(ticks: number, exponent = 1): Replay {
  const replay = new Replay(shape, 2, 0.5, exponent);
  for (let tick = 0; tick < ticks; tick++) {
    const seen = [tick / 255, (100 + tick) / 255];
    replay.add(seen, [1, 1, 0, 1, 1, 1], [tick % 2, 2], [tick, 0], [0, tick === 5 ? 1 : 0]);
  }
  return replay;
}

test('what is drawn is an order, what it earned, and what was seen after it', () => {
  const replay = replayOf(7);
  // Of ticks 3 to 6 are remembered; what came of the last two is not known yet.
  expect(replay.count).toBe(4);
  const drawn = replay.draw(400, 1, seededRandom(1));
  const rows = Array.from({ length: 400 }, (_, row) => ({
    seen: Math.round(255 * drawn.observations[row]!),
    order: drawn.orders.subarray(3 * row, 3 * row + 3).indexOf(1),
    reward: drawn.rewards[row],
    bootstrap: drawn.bootstraps[row],
    next: Math.round(255 * drawn.nextObservations[row]!),
    barred: [...drawn.nextBarred.subarray(3 * row, 3 * row + 3)].map(value => value < 0),
  }));
  const open = [false, false, false];
  const distinct = new Map(rows.map(row => [row.seen, row]));
  expect([...distinct.values()].toSorted((a, b) => a.seen - b.seen)).toEqual([
    { seen: 3, order: 1, reward: 3 + 0.5 * 4, bootstrap: 0.25, next: 5, barred: [false, false, true] },
    { seen: 4, order: 0, reward: 4 + 0.5 * 5, bootstrap: 0.25, next: 6, barred: [false, false, true] },
    { seen: 103, order: 2, reward: 0, bootstrap: 0.25, next: 105, barred: open },
    // The game ended on the way: nothing is to come.
    { seen: 104, order: 2, reward: 0, bootstrap: 0, next: 0, barred: open },
  ]);
});

test('what surprises is drawn more often, and weighs less for it', () => {
  const replay = replayOf(7);
  const slots = [...new Set(replay.draw(100, 1, seededRandom(1)).slots)];
  replay.surprise(Int32Array.from(slots), [3, 1, 1, 1]);
  const drawn = replay.draw(6000, 1, seededRandom(2));
  const often = drawn.slots.filter(slot => slot === slots[0]).length;
  expect(often / 6000).toBeCloseTo(0.5, 2);
  const weights = new Map([...drawn.slots].map((slot, row) => [slot, drawn.weights[row]]));
  expect(weights.get(slots[0]!)).toBeCloseTo(1 / 3, 2);
  expect(weights.get(slots[1]!)).toBeCloseTo(1, 5);
});

test('without priorities all are drawn alike', () => {
  const replay = replayOf(7, 0);
  replay.surprise(replay.draw(1, 1, seededRandom(1)).slots, [1000]);
  const drawn = replay.draw(4000, 1, seededRandom(2));
  for (const slot of new Set(drawn.slots)) {
    expect(drawn.slots.filter(other => other === slot).length).toBe(1000);
  }
  expect(drawn.weights.every(weight => weight === 1)).toBe(true);
});

test('a memory taken up again draws what it would have drawn', () => {
  const replay = replayOf(7);
  replay.surprise(replay.draw(4, 1, seededRandom(1)).slots, [1, 2, 3, 4]);
  const again = new Replay(shape, 2, 0.5, 1, structuredClone(replay.memory));
  expect(again.draw(20, 0.5, seededRandom(2))).toEqual(replay.draw(20, 0.5, seededRandom(2)));
  expect(again.count).toBe(replay.count);
});
