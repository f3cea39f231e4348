import { describe, expect, test } from 'vitest';
import { randomAgent } from '../../agents/random.ts';
import { scriptAgent } from '../../agents/script.ts';
import { playMatch, points } from '../../arena/match.ts';
import { type Ball, type Board, type Breakout, breakout } from '../../games/breakout/rules.ts';
import { gameOf } from '../../games/family.ts';
import { plainPlayout, playout, type Seat } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { playout as steps } from '../playouts.ts';

const game = gameOf(breakout);
const FULL = 2 ** 10 - 1;
const ball = (row: number, column: number, way: string, through = false): Ball => ({
  row,
  column,
  down: way.includes('down'),
  right: way.includes('right'),
  through,
});
const board = (more: Partial<Board>): Board => ({
  paddle: 4,
  ball: null,
  balls: 1,
  bricks: [FULL, FULL, FULL],
  score: 0,
  ...more,
});
const STARTS = [2, 5, 8];
const still = board({ ball: ball(5, 2, 'up left'), balls: 3 });

/** The board of seat 0 after a tick with this order; seat 1 stays. */
function tick(first: Board, order = 'stay', of = game): Board {
  const state: Breakout = { tick: 0, starts: STARTS, boards: [first, still], order: null };
  const ordered = of.play(state, of.parseMove(order)!);
  return of.play(ordered, of.parseMove('stay')!).boards[0];
}

test('the ball flies diagonally, and turns at the sides and at the ceiling', () => {
  expect(tick(board({ ball: ball(5, 4, 'down right') })).ball).toEqual(ball(6, 5, 'down right'));
  expect(tick(board({ ball: ball(5, 9, 'down right') })).ball).toEqual(ball(6, 9, 'down left'));
  expect(tick(board({ ball: ball(5, 0, 'down left') })).ball).toEqual(ball(6, 0, 'down right'));
  expect(tick(board({ ball: ball(0, 4, 'up right') })).ball).toEqual(ball(0, 5, 'down right'));
});

test('a brick breaks, counts, and turns the ball, which then flies through others', () => {
  const hit = tick(board({ ball: ball(4, 4, 'up right') }));
  expect(hit).toMatchObject({ score: 1, bricks: [FULL, FULL, FULL & ~(1 << 5)], ball: ball(4, 5, 'down right', true) });
  const through = tick(board({ ball: ball(1, 4, 'down right', true) }));
  expect(through).toMatchObject({ score: 0, bricks: [FULL, FULL, FULL], ball: ball(2, 5, 'down right', true) });
  expect(tick(board({ ball: ball(4, 4, 'down right', true) })).ball).toEqual(ball(5, 5, 'down right'));
});

test('a piercing ball flies on', () => {
  const piercing = gameOf(breakout, { piercing: true });
  const hit = tick(board({ ball: ball(4, 4, 'up right') }), 'stay', piercing);
  expect(hit).toMatchObject({ score: 1, ball: ball(3, 5, 'up right') });
});

test.each([
  ['squarely', 'stay', ball(8, 5, 'up right')],
  ['with its edge', 'right', ball(8, 5, 'up left')],
])('the paddle meets the ball %s', (_, order, after) => {
  expect(tick(board({ ball: ball(8, 4, 'down right') }), order)).toMatchObject({ ball: after, balls: 1 });
});

test('a ball that is missed is lost, and the next one starts as was drawn', () => {
  const missed = board({ ball: ball(8, 4, 'down right'), balls: 2 });
  expect(tick(missed, 'left')).toMatchObject({ balls: 1, ball: ball(4, 4, 'down left'), paddle: 3 });
  expect(tick({ ...missed, balls: 1 }, 'left')).toMatchObject({ balls: 0, ball: null });
});

test('all bricks are back when the ball flies down from above the paddle and none is left', () => {
  const none = board({ ball: ball(8, 4, 'down right'), bricks: [0, 0, 0], score: 30 });
  expect(tick(none)).toMatchObject({ bricks: [FULL, FULL, FULL], score: 30 });
});

test('slow balls fly in every second tick; the paddle moves in each', () => {
  const slow = gameOf(breakout, { pace: 2 });
  const first = board({ ball: ball(5, 4, 'down right') });
  expect(tick(first, 'left', slow)).toMatchObject({ ball: first.ball, paddle: 3 });
  const state: Breakout = { tick: 1, starts: STARTS, boards: [first, first], order: 0 };
  const [mine, theirs] = slow.play(state, 2).boards;
  expect(mine).toMatchObject({ ball: ball(6, 5, 'down right'), paddle: 3 });
  expect(theirs).toMatchObject({ ball: ball(6, 5, 'down right'), paddle: 5 });
  // Where the ball flies to is shown the fainter the longer it hangs in the air.
  const shown = (at: number) => slow.solo!.observe({ ...state, tick: at }, 0)[3 * 100 + 6 * 10 + 5];
  expect([shown(0), shown(1)]).toEqual([0.5, 1]);
});

test('the paddle stays on the board, and mirrored controls mirror it', () => {
  const left = board({ ball: ball(5, 4, 'down right'), paddle: 0 });
  expect(tick(left, 'left').paddle).toBe(0);
  expect(tick({ ...left, paddle: 9 }, 'right').paddle).toBe(9);
  expect(tick(left, 'left', gameOf(breakout, { mirrored: true })).paddle).toBe(1);
});

describe('the end', () => {
  const at = (first: Partial<Board>, second: Partial<Board>, ticks = 50): Breakout => ({
    tick: ticks,
    starts: STARTS,
    boards: [board(first), board(second)],
    order: null,
  });
  const flying = { ball: ball(5, 4, 'down right'), balls: 1 };

  test.each([
    ['a player out of balls and behind has lost', at({ ...flying, score: 2 }, { balls: 0, score: 1 }), { winner: 0 }],
    ['a player out of balls and ahead waits', at({ balls: 0, score: 2 }, { ...flying, score: 1 }), undefined],
    ['as many bricks are not yet the end', at({ balls: 0, score: 2 }, { ...flying, score: 2 }), undefined],
    ['neither has a ball', at({ balls: 0, score: 2 }, { balls: 0, score: 2 }), { kind: 'draw' }],
    ['the ticks are over', at({ ...flying, score: 2 }, { ...flying, score: 5 }, 120), { winner: 1, scores: [2, 5] }],
  ])('%s', (_, state, outcome) => {
    if (outcome) expect(game.outcome(state)).toMatchObject(outcome);
    else expect(game.outcome(state)).toBeUndefined();
  });

  test('a seat without a ball gives no orders', () => {
    expect(game.turn(at({ balls: 0, score: 2 }, { ...flying, score: 1 }))).toBe(1);
    const alone = at({ ...flying, score: 1 }, { balls: 0, score: 2 });
    expect(game.turn(alone)).toBe(0);
    expect(game.play(alone, game.parseMove('stay')!).tick).toBe(51);
  });
});

test('the order of the first seat is hidden from the second', () => {
  const state: Breakout = { tick: 0, starts: STARTS, boards: [still, still], order: null };
  const left = game.parseMove('left')!;
  expect([0, 1].map(seat => game.hides!(state, left, seat as Seat))).toEqual([false, true]);
  const ordered = game.play(state, left);
  expect(game.show(ordered, 1)).not.toContain('ordered left');
  expect(
    new Set(Array.from({ length: 30 }, (_, i) => (game.guess!(ordered, 1, seededRandom(i)) as Breakout).order)).size,
  ).toBe(3);
});

test('keeper beats random play from both seats', async () => {
  const keeper = scriptAgent('keeper', game.scripts!['keeper']!);
  for (const seat of [0, 1] as const) {
    const agents = seat === 0 ? ([keeper, randomAgent] as const) : ([randomAgent, keeper] as const);
    expect(points((await playMatch({ game, agents, seed: 3, opening: [] })).ending)![seat]).toBe(1);
  }
});

describe.each([{}, { rows: 7, columns: 5, layers: 2, piercing: true }, { columns: 12, paddle: 3, balls: 5 }])(
  'with %j',
  values => {
    const varied = gameOf(breakout, values);

    test('random play is the same, fast and plain', () => {
      for (let seed = 0; seed < 40; seed++) {
        const played = steps(varied, seed);
        const { state } = played[seed % played.length]!;
        const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
        expect(playout(varied, state, fast)).toEqual(plainPlayout(varied, state, plain));
        expect(fast()).toBe(plain());
      }
    });
  },
);
