import type { Game, Seat } from '../game.ts';
import type { Square, View } from '../view.ts';
import { chipsIn, type LeducPoker, seesCard } from './rules.ts';

const SUIT_SIGNS: Readonly<Record<string, string>> = { s: '♠', h: '♥' };
const SUIT_NAMES: Readonly<Record<string, string>> = { s: 'spades', h: 'hearts' };

/** A row for each seat, the second one's on top: its card, and its chips in the pot. Between them the public card and the pot. */
export const leducPokerView = (game: Game<LeducPoker>): View<LeducPoker> => ({
  squares(state, viewer) {
    const { cards, betting } = state;
    const chips = chipsIn(betting, [Number(game.facts['small']), Number(game.facts['large'])]);
    const rowOf = (seat: Seat): readonly Square[] => [
      seesCard(betting, seat, viewer) || cards[seat] === undefined
        ? cardSquare(game, cards[seat], seat)
        : { seat, sign: '?', label: 'hidden card', picture: 'card', ground: 'fog' },
      { seat, sign: String(chips[seat]), label: `chips in the pot: ${chips[seat]}`, picture: 'chips' },
    ];
    const pot = String(chips[0] + chips[1]);
    return [
      rowOf(1),
      [cardSquare(game, cards[2], null), { seat: null, sign: pot, label: `pot: ${pot}`, picture: 'chips' }],
      rowOf(0),
    ];
  },
  // Betting names no square: its moves are buttons.
  movesAt: (state, clicks) => (clicks.length === 0 ? game.moves(state) : []),
  chance: 'dealt',
  edges: { columns: ['card', 'chips'], rows: [] },
  tracks: { columns: [1, 1], rows: [0.7, 0.7, 0.7] },
});

function cardSquare(game: Game<LeducPoker>, card: number | undefined, seat: Seat | null): Square {
  if (card === undefined) return { seat: null, label: 'no card yet' };
  const [rank = '', suit = ''] = game.formatMove(game.moveCount + card).toUpperCase();
  return {
    seat,
    sign: rank + SUIT_SIGNS[suit.toLowerCase()]!,
    label: `${rank} of ${SUIT_NAMES[suit.toLowerCase()]}`,
    picture: 'card',
  };
}
