/** What a model is told when it is to move. Never which moves are legal. */

import { opponent } from '../../games/game.ts';
import type { ReplyFault, Turn } from '../agent.ts';
import type { Message } from './model.ts';

export function movePrompt({ game, state, seat, history }: Turn): Message {
  const names = game.seatNames ?? ['x', 'o'];
  const moves = history.map(move => (move === null ? '?' : game.formatMove(move))).join(' ');
  return {
    role: 'user',
    content: [
      `You are ${names[seat]}, your opponent is ${names[opponent(seat)]}. The position:`,
      game.show(state, seat),
      `Moves so far: ${moves || 'none'}`,
      `It is your turn. Reply with one JSON object: {"why": "a few words", "move": "your move"}`,
    ].join('\n'),
  };
}

const REPROACH: Readonly<Record<ReplyFault, string>> = {
  illegal: 'That move is not legal in this position.',
  unparsable: 'That reply held no JSON object whose "move" is a move alone, written as the rules write it.',
  empty: 'That reply was empty.',
  truncated: 'That reply was cut off before the move.',
};

/** What a model is told when its reply was no legal move: the kind of fault, and nothing about the position. */
export const retryPrompt = (fault: ReplyFault): Message => ({
  role: 'user',
  content: `${REPROACH[fault]} Choose another move. Reply with one JSON object: {"why": "a few words", "move": "your move"}`,
});
