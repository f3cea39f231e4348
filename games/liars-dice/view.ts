import type { Game, Seat } from '../game.ts';
import type { Square, View } from '../view.ts';
import { isSeen, type LiarsDice } from './rules.ts';

const VOID: Square = { seat: null, ground: 'void', label: 'nothing' };

/** The second player's dice, all bids there are, and the first player's dice. The call is a button. */
export function liarsDiceView(game: Game<LiarsDice>): View<LiarsDice> {
  const [, total, sides] = game.observationShape;
  const each = total / 2;
  const call = game.moveCount - 1;
  const width = Math.max(sides, each);
  const filled = (row: readonly Square[]): readonly Square[] => [...row, ...Array(width - row.length).fill(VOID)];

  const diceOf = (state: LiarsDice, owner: Seat, viewer: Seat | undefined): readonly Square[] =>
    Array.from({ length: each }, (_, i): Square => {
      const die = state.dice[owner].toSorted((a, b) => a - b)[i];
      if (die === undefined) return { seat: null, label: 'no die yet' };
      return isSeen(state, owner, viewer, call)
        ? { seat: owner, sign: String(die + 1), label: `a die that shows ${die + 1}`, picture: 'die' }
        : { seat: owner, sign: '?', label: 'a hidden die', picture: 'die', ground: 'fog' };
    });

  const bidsIn = ({ bids }: LiarsDice, quantity: number): readonly Square[] =>
    Array.from({ length: sides }, (_, face): Square => {
      const bid = quantity * sides + face;
      const made = bids.indexOf(bid);
      const isOpen = bid > (bids.at(-1) ?? -1);
      return {
        seat: made === -1 ? null : made % 2 === 0 ? 0 : 1,
        sign: `${quantity + 1}×${face + 1}`,
        picture: 'die',
        label: `bid ${game.formatMove(bid)}`,
        ...(isOpen || made !== -1 ? {} : { ground: 'dark' }),
      };
    });

  return {
    squares: (state, viewer) => [
      filled(diceOf(state, 1, viewer)),
      ...Array.from({ length: total }, (_, quantity) => filled(bidsIn(state, quantity))),
      filled(diceOf(state, 0, viewer)),
    ],
    movesAt: (state, [clicked]) =>
      game.moves(state).filter(move => {
        if (clicked === undefined) return true;
        const row = Math.floor(clicked / width) - 1;
        return row >= 0 && row < total && clicked % width < sides && move === row * sides + (clicked % width);
      }),
    chance: 'rolled',
    keys: { l: ['liar'] },
  };
}
