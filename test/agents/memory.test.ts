import { expect, test } from 'vitest';
import { Memory } from '../../agents/memory.ts';
import { connectFour as family } from '../../games/connect-four/rules.ts';
import { gameOf } from '../../games/family.ts';
import { replay } from '../../games/game.ts';

const connectFour = gameOf(family);
const at = (moves: string) => replay(connectFour, [...moves]);
const evaluation = { value: 0.5, priors: new Float32Array(7) };

test('a position is remembered by whatever way it was reached', () => {
  const memory = new Memory(connectFour);
  memory.set(memory.key(at('abcd')), evaluation);
  expect(memory.get(memory.key(at('cdab')))).toBe(evaluation);
  expect(memory.get(memory.key(at('badc')))).toBeUndefined();
});

test('what was not asked for lately is forgotten, what was is kept', () => {
  const memory = new Memory({ ...connectFour, moveCount: 1_999_999 });
  for (let i = 0; i < 4; i++) memory.set(`${i}`, evaluation);
  expect(memory.get('0')).toBe(evaluation);
  memory.set('4', evaluation);
  expect(memory.get('0')).toBe(evaluation);
  for (let i = 5; i < 9; i++) memory.set(`${i}`, evaluation);
  expect(memory.get('1')).toBeUndefined();
});
