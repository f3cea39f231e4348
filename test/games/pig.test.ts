import { describe, expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { plainPlayout, playout, replay } from '../../games/game.ts';
import { type Pig, pig } from '../../games/pig/rules.ts';
import { seededRandom } from '../../games/random.ts';

const game = gameOf(pig);
const play = (moves: string, of = game): Pig => replay(of, moves.split(' '));

test('what is thrown is gained, and held it is safe', () => {
  const held = play('roll 5 roll 4 hold');
  expect(held).toMatchObject({ scores: [9, 0], gained: 0, seat: 1 });
  expect(play('roll 5 roll 4 hold roll 1 roll 2 roll 1')).toMatchObject({ scores: [9, 0], gained: 0, seat: 1 });
});

test('a one loses the gain of the turn and ends it', () => {
  expect(play('roll 6 roll 6')).toMatchObject({ gained: 12, seat: 0 });
  expect(play('roll 6 roll 6 roll 1')).toMatchObject({ scores: [0, 0], gained: 0, seat: 1 });
});

test('holding with nothing gained gives the turn away', () => {
  expect(play('hold hold hold')).toMatchObject({ scores: [0, 0], seat: 1, decisions: 3 });
});

test('whoever has enough has to hold, and wins only then', () => {
  const short = gameOf(pig, { target: 10 });
  const enough = play('roll 4 roll 6', short);
  expect(short.outcome(enough)).toBeUndefined();
  expect(short.moves(enough).map(short.formatMove)).toEqual(['hold']);
  expect(short.outcome(play('roll 4 roll 6 hold', short))).toMatchObject({ kind: 'win', winner: 0, scores: [10, 0] });
  expect(short.outcome(play('roll 1 roll 5 roll 5 hold', short))).toMatchObject({ kind: 'win', winner: 1 });
});

test('the die falls on each face alike; in piglet on the one or not', () => {
  expect(game.chances!(play('roll'))).toEqual(Array(6).fill(1 / 6));
  const piglet = gameOf(pig, { piglet: true });
  expect(piglet.chances!(play('roll', piglet))).toEqual([1 / 6, 5 / 6]);
  expect(play('roll other roll other', piglet)).toMatchObject({ gained: 2 });
  expect(play('roll other roll one', piglet)).toMatchObject({ gained: 0, seat: 1 });
});

describe('after the last decision that is allowed', () => {
  const limited = gameOf(pig, { limit: 10 });
  const last = 'hold hold hold hold hold hold hold hold hold';

  test('the game is a draw, even while the die is rolling', () => {
    expect(limited.outcome(play(last, limited))).toBeUndefined();
    expect(limited.outcome(play(`${last} hold`, limited))).toMatchObject({ kind: 'draw' });
    expect(limited.outcome(play(`${last} roll`, limited))).toMatchObject({ kind: 'draw' });
    expect(limited.moves(play(`${last} roll`, limited))).toEqual([]);
  });

  test('random play ends there too, fast and plain', () => {
    for (let seed = 0; seed < 200; seed++) {
      const short = gameOf(pig, { limit: 10 + (seed % 30), target: 20 });
      const [fast, plain] = [seededRandom(seed), seededRandom(seed)];
      expect(playout(short, short.start, fast)).toEqual(plainPlayout(short, short.start, plain));
      expect(fast()).toBe(plain());
    }
  });
});

/** How likely seat 0 wins if it holds from `first` points on and the other from `second`, or when they have enough: by value iteration. */
function shareWon(first: number, second: number, target: number): number {
  const chance = new Map<string, number>();
  /** How likely the seat to move wins with `own` against `other`, when its turn begins. */
  const turn = (own: number, other: number, at: number, against: number): number => {
    const key = `${own} ${other} ${at} ${against}`;
    return chance.get(key) ?? 0.5;
  };
  const sweep = (own: number, other: number, at: number, against: number): number => {
    const gained = (points: number): number => {
      if (own + points >= target) return 1;
      if (points >= at) return 1 - turn(other, own + points, against, at);
      let sum = 1 - turn(other, own, against, at);
      for (let face = 2; face <= 6; face++) sum += gained(points + face);
      return sum / 6;
    };
    return gained(0);
  };
  for (let round = 0; round < 60; round++) {
    for (let own = target - 1; own >= 0; own--) {
      for (let other = target - 1; other >= 0; other--) {
        chance.set(`${own} ${other} ${first} ${second}`, sweep(own, other, first, second));
        chance.set(`${own} ${other} ${second} ${first}`, sweep(own, other, second, first));
      }
    }
  }
  return turn(0, 0, first, second);
}

test('the guide is right that it loses to hold early', () => {
  expect(shareWon(12, 4, 25)).toBeGreaterThan(0.55);
});
