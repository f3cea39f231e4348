import { expect, test } from 'vitest';
import { positionKey } from '../../agents/alphazero.ts';
import { randomAgent } from '../../agents/random.ts';
import { InputError } from '../../src/errors.ts';
import { gameNamed } from '../../src/games.ts';
import { isTrial, loadPositions, measure } from '../../src/positions.ts';
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

test('a game without labelled positions is refused', async () => {
  await expect(loadPositions(gameNamed('tic-tac-toe'), 'heldout')).rejects.toThrow(InputError);
});
