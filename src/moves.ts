/** Moves as a person types them. */

import type { Game, Move } from '../games/game.ts';
import { InputError } from './errors.ts';

/** So many legal moves are told in one line; of more, the first ones. */
const MOST_LISTED = 30;

export const listed = (texts: readonly string[]): string =>
  texts.length <= MOST_LISTED ? texts.join(' ') : `${texts.slice(0, MOST_LISTED).join(' ')} … (${texts.length} in all)`;

/** The texts of all legal moves. */
export const legalTexts = <State>(game: Game<State>, state: State): readonly string[] =>
  game.moves(state).map(move => game.formatMove(move));

/**
 * 'd d e' as moves of a game, chance's among them, checked one by one. Where
 * every move is a single letter, 'dde' will do. Throws InputError naming the
 * first that is no move or not legal, and the rule that forbids it.
 */
export function parseMoves(game: Game, text: string): readonly string[] {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(word => word !== '');
  const [word = ''] = words;
  const isOfLetters =
    words.length === 1 && game.parseMove(word) === undefined && game.parseMove(word[0]!) !== undefined;
  const moves = isOfLetters ? [...word] : words;
  let state = game.start;
  for (const [ply, text] of moves.entries()) {
    const move = game.parseMove(text);
    if (move === undefined || !game.moves(state).includes(move)) {
      throw new InputError(`move ${ply + 1}, '${text}', ${whyNot(game, state, move)}`);
    }
    state = game.play(state, move);
  }
  return moves;
}

/** Why a text that was read as `move` cannot be played, and what can. */
export function whyNot<State>(game: Game<State>, state: State, move: Move | undefined): string {
  if (game.outcome(state)) return 'comes after the end: the game is over';
  const legal = `legal are: ${listed(legalTexts(game, state))}`;
  if (move === undefined) return `is no move; a move is ${game.notation}; ${legal}`;
  const isChances = move >= game.moveCount;
  const chance = game.turn(state) === 'chance';
  if (chance !== isChances) return `is not legal: ${chance ? 'chance' : 'a seat'} is to move; ${legal}`;
  return `is not legal by ${game.explain(state, move).join(' and ')} of the rules; ${legal}`;
}
