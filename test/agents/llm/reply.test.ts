import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../agents/llm/model.ts';
import { readReply } from '../../../agents/llm/reply.ts';
import { connectFour as connectFourFamily } from '../../../games/connect-four/rules.ts';
import { gameOf } from '../../../games/family.ts';
import { type Game, replay } from '../../../games/game.ts';
import { othello as othelloFamily } from '../../../games/othello/rules.ts';
import { pick, type Random, seededRandom } from '../../../games/random.ts';
import { ticTacToe as ticTacToeFamily } from '../../../games/tic-tac-toe/rules.ts';

const connectFour = gameOf(connectFourFamily);
const othello = gameOf(othelloFamily);
const ticTacToe = gameOf(ticTacToeFamily);

/** After a3 and b2: those two squares are taken, the other seven are legal. */
const position = replay(ticTacToe, ['a3', 'b2']);

/** The move in the game's notation, or the fault. */
const verdict = (text: string, finish: Reply['finish'] = 'stop'): string => {
  const read = readReply({ text, finish }, ticTacToe, ticTacToe.moves(position));
  return 'move' in read ? ticTacToe.formatMove(read.move) : read.fault;
};

describe('a reply that names a move', () => {
  test.each([
    ['bare', '{"why": "corner", "move": "c1"}', 'c1'],
    ['the move alone', '{"move":"c1"}', 'c1'],
    ['over several lines', '{\n  "why": "corner",\n  "move": "c1"\n}\n', 'c1'],
    ['in a fence', '```json\n{"why": "corner", "move": "c1"}\n```', 'c1'],
    ['after thinking', '<think>Is b2 free? No. a1 or c1.</think>\n\n{"why": "corner", "move": "c1"}', 'c1'],
    ['after thinking with braces', 'The set {a1, c1} is left.\n{"why": "corner", "move": "c1"}', 'c1'],
    ['before an afterthought', '{"why": "corner", "move": "c1"} That blocks {everything}.', 'c1'],
    ['the second of two', '{"move": "a1"}\nNo, better:\n{"move": "c1"}', 'c1'],
    ['the second of two without a gap', '{"move": "a1"}{"move": "c1"}', 'c1'],
    ['upper case', '{"move": "C1"}', 'c1'],
    ['space around it', '{"move": "  c1\\n"}', 'c1'],
    ['braces in a text', '{"why": "{a1} or }c1{", "move": "c1"}', 'c1'],
    ['an object beside it', '{"options": {"move": "a1"}, "move": "c1"}', 'c1'],
    ['an object after it', '{"move": "c1", "other": {"move": "a1"}}', 'c1'],
    ['in a list', '[{"move": "c1"}]', 'c1'],
    ['a brace of prose before it', 'Either {a or b}, so {"why": "x", "move": "c1"}', 'c1'],
    ['a stray brace before it', '{ {"move": "c1"}', 'c1'],
    ['a stray brace after it', '{"move": "c1"} }', 'c1'],
    ['the same key twice', '{"move": "a1", "move": "c1"}', 'c1'],
  ])('%s', (_, text, move) => {
    expect(verdict(text)).toBe(move);
  });

  test('counts though the reply was cut off behind it', () => {
    expect(verdict('{"move": "c1"} because', 'length')).toBe('c1');
  });
});

describe('a reply that names none', () => {
  test.each([
    ['a square that is taken', '{"move": "b2"}', 'illegal'],
    ['a taken square, upper case', '{"move": " B2 "}', 'illegal'],
    ['legal first, illegal last', '{"move": "c1"} or {"move": "b2"}', 'illegal'],
    ['prose with a legal move', 'I play c1.', 'unparsable'],
    ['only a legal move', 'c1', 'unparsable'],
    ['a legal move as a JSON text', '"c1"', 'unparsable'],
    ['a list of legal moves', '["c1"]', 'unparsable'],
    ['MOVE: c1', 'MOVE: c1', 'unparsable'],
    ['a legal move in braces', '{c1}', 'unparsable'],
    ['a legal move first, then an object without one', '{"move": "c1"} {"why": "because"}', 'unparsable'],
    ['a legal move, then an empty object', '{"move": "c1"}\n{}', 'unparsable'],
    ['an object inside', '{"answer": {"move": "c1"}}', 'unparsable'],
    ['an object inside a broken one', '{"why": "x", "plan": {"move": "c1"}', 'unparsable'],
    ["the opponent's move inside a broken one", '{"why": "x", "opponent": {"move": "c1"}, "mov', 'unparsable'],
    ['a second thought that broke', '{"move": "c1"} or rather {"why": "y", "mov', 'unparsable'],
    ['another key', '{"Move": "c1"}', 'unparsable'],
    ['two moves', '{"move": "c1 a1"}', 'unparsable'],
    ['a square off the board', '{"move": "d4"}', 'unparsable'],
    ['a sentence', '{"move": "play c1"}', 'unparsable'],
    ['an empty text', '{"move": ""}', 'unparsable'],
    ['a number', '{"move": 8}', 'unparsable'],
    ['a list', '{"move": ["c1"]}', 'unparsable'],
    ['an object', '{"move": {"c1": "c1"}}', 'unparsable'],
    ['null', '{"move": null}', 'unparsable'],
    ['a missing brace', '{"why": "corner", "move": "c1"', 'unparsable'],
    ['a missing opening brace', '"why": "corner", "move": "c1"}', 'unparsable'],
    ['single quotes', "{'move': 'c1'}", 'unparsable'],
    ['a comma too many', '{"move": "c1",}', 'unparsable'],
    ['null alone', 'null', 'unparsable'],
    ['nothing', '', 'empty'],
    ['white space', ' \n\t ', 'empty'],
  ])('%s', (_, text, fault) => {
    expect(verdict(text)).toBe(fault);
  });

  test.each([
    ['in the middle of the object', '{"why": "corner", "move": "c'],
    ['before the object', 'I think that the corner c1'],
    ['before the first word', ''],
  ])('cut off %s', (_, text) => {
    expect(verdict(text, 'length')).toBe('truncated');
  });

  test('cut off behind an illegal move', () => {
    expect(verdict('{"move": "b2"} is', 'length')).toBe('illegal');
  });
});

const games: readonly Game[] = [ticTacToe, connectFour, othello];

/** What a model might say without an object, moves and the pieces of an object among it. */
const WORDS = 'I think play move: MOVE best is the and or "move" "why": {} } [ ] , : ``` json \\ null 1 \n **'.split(
  / /,
);

const prose = (moves: readonly string[], random: Random): string =>
  Array.from({ length: 1 + Math.floor(30 * random()) }, () => pick(random() < 0.4 ? moves : WORDS, random)).join(
    pick([' ', '', ', '], random),
  );

describe.each(games)('$title', game => {
  const legal = game.moves(game.start);
  const names = legal.map(move => game.formatMove(move));

  test('no prose ever yields a move', () => {
    const random = seededRandom(7);
    for (let i = 0; i < 3000; i++) {
      const text = prose(names, random);
      expect(readReply({ text, finish: pick(['stop', 'length'], random) }, game, legal), text).toHaveProperty('fault');
    }
  });

  test('a reply damaged anywhere throws nothing, and yields no move but one that stands in it', () => {
    const random = seededRandom(8);
    let moves = 0;
    for (let i = 0; i < 3000; i++) {
      let text = `Well. {"why": "{${pick(names, random)}}", "move": "${pick(names, random)}"} done`;
      for (let damages = 1 + Math.floor(4 * random()); damages > 0; damages--) {
        const at = Math.floor(random() * (text.length + 1));
        const inserted = pick(['', '', '{', '}', '"', '\\', ',', '\u0000', '\ud83d', ' ', 'a'], random);
        text = text.slice(0, at) + inserted + text.slice(at + Math.floor(4 * random()));
      }
      const read = readReply({ text, finish: 'stop' }, game, legal);
      if (!('move' in read)) continue;
      moves++;
      expect(legal).toContain(read.move);
      expect(text).toContain(game.formatMove(read.move));
    }
    expect(moves).toBeGreaterThan(0);
  });
});
