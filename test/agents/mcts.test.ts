import { expect, test } from 'vitest';
import { mctsAgent } from '../../agents/mcts.ts';
import { turnAfter } from '../../arena/match.ts';
import { connectFour as connectFourFamily } from '../../games/connect-four/rules.ts';
import { gameOf } from '../../games/family.ts';

const connectFour = gameOf(connectFourFamily);

const turn = (moves: string, seed: number) => turnAfter(connectFour, [...moves], seed)!;

test('the same seed gives the same decision, another seed another trace', () => {
  const agent = mctsAgent({ simulations: 200 });
  expect(agent.decide(turn('dd', 7))).toEqual(agent.decide(turn('dd', 7)));
  expect(agent.decide(turn('dd', 7))).not.toEqual(agent.decide(turn('dd', 8)));
});

test('the trace holds every legal move with its visits and a value of at most four decimals', () => {
  const { trace } = mctsAgent({ simulations: 100 }).decide(turn('aaaaaa', 1)) as {
    trace: { moves: { move: string; visits: number; value: number }[] };
  };
  expect(trace.moves.map(({ move }) => move)).toEqual([...'bcdefg']);
  expect(trace.moves.reduce((sum, { visits }) => sum + visits, 0)).toBe(100);
  for (const { value } of trace.moves) expect(String(value)).toMatch(/^-?\d(\.\d{1,4})?$/);
});

test('the name is what a person types for it', () => {
  expect(mctsAgent({ simulations: 400 }).name).toBe('mcts:simulations=400');
  expect(mctsAgent({ simulations: 400 }).conditions).toEqual({ division: 'engine', budget: { simulations: 400 } });
});
