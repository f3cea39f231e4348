import type { Game } from '../../games/game.ts';
import type { View } from '../../games/view.ts';
import type { LastCounter } from './rules.ts';

/** A row of counters, a square each: a click on one takes it and all to the right of it. */
export const lastCounterView = (game: Game<LastCounter>): View<LastCounter> => ({
  squares: ({ left }) => [
    Array.from({ length: game.start.left }, (_, place) =>
      place < left ? { seat: null, sign: '●', label: 'a counter' } : null,
    ),
  ],
  movesAt: (state, [clicked]) =>
    game.moves(state).filter(move => clicked === undefined || clicked === state.left - move - 1),
});
