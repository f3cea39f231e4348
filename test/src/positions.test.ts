import { describe, expect, test } from 'vitest';
import { positionKey } from '../../agents/alphazero.ts';
import { randomAgent } from '../../agents/random.ts';
import type { Nim } from '../../games/nim/rules.ts';
import { InputError } from '../../src/errors.ts';
import { gameNamed } from '../../src/games.ts';
import { isTrial, loadPositions, measure, solvePositions } from '../../src/positions.ts';
import { heldOutKeys } from '../../src/train/hall.ts';

const game = gameNamed('connect-four');
const heldOut = await loadPositions(game, 'heldout');
const validation = await loadPositions(game, 'validation');
const keyOf = ({ state }: { readonly state: unknown }) => positionKey(game, game.observe(state));

test('there are 2,000 distinct held-out positions, in 1,000 of which some move loses value', () => {
  expect(new Set(heldOut.map(keyOf)).size).toBeGreaterThanOrEqual(2000);
  expect(heldOut.filter(isTrial).length).toBeGreaterThanOrEqual(1000);
});

test('a move has a score exactly if it is legal, and a move that wins at once has the best there is', () => {
  for (const { state, history, scores } of [...heldOut, ...validation]) {
    const legal = game.moves(state);
    expect(scores.flatMap((score, move) => (score === null ? [] : [move]))).toEqual([...legal]);
    for (const move of legal) {
      const wins = game.outcome(game.play(state, move))?.kind === 'win';
      if (wins) expect(scores[move]).toBe(21 - (history.length >> 1));
    }
  }
});

test('the position a run is validated on is never one that strength is reported on', () => {
  const held = new Set(heldOut.map(keyOf));
  expect(validation.filter(position => held.has(keyOf(position)))).toEqual([]);
});

test('every labelled position is kept out of training', async () => {
  const keys = await heldOutKeys(game);
  expect([...heldOut, ...validation].filter(position => !keys.has(keyOf(position)))).toEqual([]);
});

test('random play keeps the value in 30 to 45 % of the positions where some move loses it', async () => {
  const { all, stages } = await measure(game, randomAgent, heldOut.filter(isTrial), 1);
  expect(all.kept).toBeGreaterThan(0.3);
  expect(all.kept).toBeLessThan(0.45);
  expect(all.optimal).toBeLessThanOrEqual(all.kept);
  expect(stages.reduce((sum, { shares }) => sum + shares.positions, 0)).toBe(all.positions);
});

describe('where there are no labelled positions they are solved on the spot', () => {
  test('a game of which no position can be solved is soon given up', () => {
    expect(() => solvePositions(gameNamed('go:size=5,komi=24'), 'heldout', 400)).toThrow(
      'has no positions to measure on: more than 10000 positions would have to be searched',
    );
  });

  test('in nim, as the nim-sum tells: a move keeps a win exactly if it leaves the sum 0, or piles of one that are odd in number', () => {
    const nim = gameNamed('nim');
    const positions = solvePositions(nim, 'heldout', 100);
    expect(positions.length).toBeGreaterThan(60);
    for (const { state, scores } of positions) {
      for (const move of nim.moves(state)) {
        const { piles } = nim.play(state, move) as Nim;
        const sum = piles.reduce((all, pile) => all ^ pile, 0);
        expect(scores[move]! > 0).toBe(Math.max(...piles) > 1 ? sum === 0 : sum === 1);
      }
    }
  });

  test('the same ones every time, none of them both held out and for validation', () => {
    const game = gameNamed('tic-tac-toe');
    const [first, again, other] = (['heldout', 'heldout', 'validation'] as const).map(split =>
      solvePositions(game, split, 100).map(({ state }) => game.key!(state)),
    );
    expect(again).toEqual(first);
    expect(other!.length).toBeGreaterThan(30);
    expect(other!.filter(key => first!.includes(key))).toEqual([]);
  });

  test('of othello those near the end', () => {
    const positions = solvePositions(gameNamed('othello'), 'heldout', 10);
    expect(positions).toHaveLength(10);
    expect(Math.min(...positions.map(({ history }) => history.length))).toBeGreaterThan(40);
  });

  test('in dice games there are none', () => {
    expect(() => solvePositions(gameNamed('backgammon'), 'heldout', 10)).toThrow(InputError);
  });
});
