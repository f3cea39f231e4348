/**
 * A program that speaks GTP: legal moves by a fixed seed, or some misbehaviour.
 *
 *     node fake-engine.mjs GAME MANNER [FOLDER]
 *
 * It knows the rules, and so refuses any move that is illegal where it stands. In
 * FOLDER it leaves a file named by its process id, and then does not mind when its
 * input ends: it has to be killed.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gameFor, gameOf } from '../games/family.ts';
import type { Game } from '../games/game.ts';
import { go } from '../games/go/rules.ts';
import { othello } from '../games/othello/rules.ts';
import { pick, seededRandom } from '../games/random.ts';

const [name = '', manner = 'fair', folder] = process.argv.slice(2);
const game: Game = name === 'othello' ? gameOf(othello) : gameFor(go, name.replace('go:', ''));
const random = seededRandom(1);
let state: unknown = game.start;

if (folder !== undefined) {
  writeFileSync(join(folder, String(process.pid)), '');
  setInterval(() => {}, 1000);
}
if (manner === 'chatty') console.error('this is for nobody to see');

/** What it does when it is asked for a move. */
const MANNERS: Readonly<Record<string, (id: string) => void>> = {
  illegal: id => say(`=${id} ${illegalVertex()}`),
  nonsense: id => say(`=${id} Z99`),
  resigns: id => say(`=${id} resign`),
  refuses: id => say(`?${id} out of order`),
  silent: () => {},
  babbles: () => say('I think …'),
  confuses: id => say(`=${Number(id) - 1} ${vertex()}`),
  dies() {
    console.error('out of memory');
    process.exit(3);
  },
};

const say = (text: string): void => void process.stdout.write(`${text}\n\n`);
const mover = (): string => (game.turn(state) === 0 ? 'black' : 'white');
const vertex = (): string => game.formatMove(game.moves(state)[0]!).toUpperCase();
function illegalVertex(): string {
  const legal = game.moves(state);
  for (let move = 0; ; move++) if (!legal.includes(move)) return game.formatMove(move).toUpperCase();
}

createInterface({ input: process.stdin }).on('line', line => {
  const [id = '', command, ...words] = line.split(' ');
  const refuse = (why: string): void => say(`?${id} ${why}`);
  switch (command) {
    case 'name':
      return say(`=${id} Fake`);
    case 'version':
      return say(`=${id} 0.${manner}`);
    case 'boardsize':
      return Number(words[0]) === game.gtp!.size ? say(`=${id}`) : refuse('unacceptable size');
    case 'komi':
      return Number(words[0]) === game.gtp!.komi ? say(`=${id}`) : refuse('unacceptable komi');
    case 'clear_board':
      state = game.start;
      return say(`=${id}`);
    case 'play': {
      const [colour, text = ''] = words;
      const move = game.parseMove(text);
      // Makes forced passes by itself.
      if (manner === 'passes' && text === 'pass') return refuse('syntax error');
      if (manner === 'passes') passIfForced();
      if (colour !== mover() || move === undefined || !game.moves(state).includes(move)) return refuse('illegal move');
      state = game.play(state, move);
      return say(`=${id}`);
    }
    case 'genmove': {
      if (words[0] !== mover() && manner === 'passes') passIfForced();
      if (words[0] !== mover()) return refuse('not my turn');
      if (MANNERS[manner]) return MANNERS[manner](id);
      const move = pick(game.moves(state), random);
      state = game.play(state, move);
      // Answers may have carriage returns, and end with more than one empty line.
      return say(`=${id} ${game.formatMove(move).toUpperCase()}\r\n\r\n`);
    }
    default:
      return refuse('unknown command');
  }
});

function passIfForced(): void {
  const moves = game.moves(state);
  if (moves.length === 1 && game.formatMove(moves[0]!) === 'pass') state = game.play(state, moves[0]!);
}
