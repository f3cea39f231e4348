import { expect, test } from 'vitest';
import { gameOf } from '../../games/family.ts';
import { replay } from '../../games/game.ts';
import { lastCounter } from './rules.ts';

const game = gameOf(lastCounter);

test('whoever takes the last counter wins', () => {
  expect(game.outcome(replay(game, ['3', '3', '3', '1']))).toMatchObject({ kind: 'win', winner: 1 });
});

test('whoever takes the last counter loses in misère', () => {
  const misere = gameOf(lastCounter, { misere: true });
  expect(misere.outcome(replay(misere, ['3', '3', '3', '1']))).toMatchObject({ kind: 'win', winner: 0 });
});

test('no more can be taken than are left', () => {
  const one = replay(game, ['3', '3', '3']);
  expect(game.moves(one).map(game.formatMove)).toEqual(['1']);
  expect(game.explain(one, game.parseMove('2')!)).toEqual(['R3']);
});
