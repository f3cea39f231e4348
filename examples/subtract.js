// One's own boardgame.io game, hosted as it is: twenty counters, take one to three, whoever takes the last wins.
import { INVALID_MOVE } from 'boardgame.io/core';

export default {
  name: 'subtract',
  setup: () => ({ counters: 20 }),
  turn: { minMoves: 1, maxMoves: 1 },
  moves: {
    take: ({ G }, count) => (count > G.counters ? INVALID_MOVE : { counters: G.counters - count }),
  },
  endIf: ({ G, ctx }) => (G.counters === 0 ? { winner: ctx.currentPlayer } : undefined),
  ai: { enumerate: () => [1, 2, 3].map(count => ({ move: 'take', args: [count] })) },
};

export const rules = '# Subtract\n\nTwenty counters. Take one, two or three in turn. Whoever takes the last one wins.';
