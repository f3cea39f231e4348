import type { Game, Seat } from '../game.ts';
import type { Square, View } from '../view.ts';
import { chipsIn, type KuhnPoker, seesCard } from './rules.ts';

/** A row for each seat, the second one's on top: its card, and its chips in the pot. */
const ROWS: readonly Seat[] = [1, 0];

export const kuhnPokerView = (game: Game<KuhnPoker>): View<KuhnPoker> => ({
  squares({ cards, betting }, viewer) {
    const chips = chipsIn(betting, Number(game.facts['bet']));
    return ROWS.map(seat => [
      cardSquare(game, cards[seat], seat, seesCard(betting, seat, viewer)),
      { seat, sign: String(chips[seat]), label: `chips in the pot: ${chips[seat]}`, picture: 'chips' },
    ]);
  },
  // Betting names no square: its moves are buttons.
  movesAt: (state, clicks) => (clicks.length === 0 ? game.moves(state) : []),
  chance: 'dealt',
  edges: { columns: ['card', 'chips'], rows: [] },
  tracks: { columns: [1, 1], rows: [0.8, 0.8] },
});

function cardSquare(game: Game<KuhnPoker>, card: number | undefined, seat: Seat, isSeen: boolean): Square {
  if (card === undefined) return { seat: null, label: 'no card yet' };
  if (!isSeen) return { seat, sign: '?', label: 'hidden card', picture: 'card', ground: 'fog' };
  const rank = game.formatMove(game.moveCount + card).toUpperCase();
  return { seat, sign: rank, label: `card ${rank}`, picture: 'card' };
}
