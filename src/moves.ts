/** Moves as a person types them. */

import type { Game } from '../games/game.ts';
import { InputError } from './errors.ts';

/**
 * 'd d e' as moves of a game, checked one by one. Where every move is a single
 * letter, 'dde' will do. Throws InputError naming the first that is not legal.
 */
export function parseMoves(game: Game, text: string): readonly string[] {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(word => word !== '');
  const moves = words.length === 1 && game.parseMove(words[0]!) === undefined ? [...words[0]!] : words;
  let state = game.start;
  for (const [ply, word] of moves.entries()) {
    const move = game.parseMove(word);
    if (move === undefined || !game.moves(state).includes(move)) {
      const legal = game.moves(state).map(other => game.formatMove(other));
      throw new InputError(
        `move ${ply + 1}, '${word}', is not legal; ${legal.length > 0 ? `legal are: ${legal.join(' ')}` : 'the game is over'}`,
      );
    }
    state = game.play(state, move);
  }
  return moves;
}
