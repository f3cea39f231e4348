/** What the dealer tells of matches in which something is hidden. */

import { expect, test } from 'vitest';
import type { Turn } from '../../agents/agent.ts';
import { catalog, type Entry, entryNamed } from '../../games/catalog.ts';
import { replay, type Seat } from '../../games/game.ts';
import { dealer } from '../../src/dealer.ts';
import type { Dealt, Thought } from '../../src/web/api.ts';

/** As they are usually played, or a shorter variant. */
const hiding = catalog
  .filter(({ game }) => game.hides)
  .map(entry => (entry.game.name === 'skirmish' ? entryNamed('skirmish:ticks=12')! : entry));

const thoughtOf = (move: string | null): Thought => ({
  move,
  fault: move === null ? 'illegal' : null,
  misses: [],
  trace: { secret: true },
  usage: null,
  seconds: null,
});

const first = async ({ game, legal }: Turn): Promise<Thought> => thoughtOf(game.formatMove(legal.at(-1)!));

/** Plays to the end, always the first legal move; every answer on the way. */
async function played({ game }: Entry, you: Seat): Promise<readonly Dealt[]> {
  const deal = dealer();
  const ask = { game: game.name, agent: 'random', you };
  const answers = [await deal(game, { ...ask, match: null, plies: null, move: null }, first)];
  let states = answers[0]!.states;
  for (let i = 0; i < 400; i++) {
    const state = states.at(-1) ?? game.start;
    if (game.outcome(state)) break;
    const move = game.formatMove(game.moves(state)[0]!);
    const answer = await deal(game, { ...ask, match: answers[0]!.match, plies: states.length, move }, first);
    states = [...states.slice(0, answer.from), ...answer.states];
    answers.push(answer);
  }
  return answers;
}

test.each(hiding.map(entry => [entry.game.name, entry] as const))(
  '%s: what the seat sees and no more, and at the end everything',
  async (_, entry) => {
    const { game } = entry;
    for (const you of [0, 1] as const) {
      const answers = await played(entry, you);
      const end = answers.at(-1)!;
      expect(game.outcome(end.states.at(-1))).toBeDefined();
      expect(end.states.at(-1)).toEqual(replay(game, end.moves));
      expect(end.thoughts.length).toBeGreaterThan(0);
      const truth = [game.start, ...end.states];
      for (const { from, moves, states, thoughts } of answers.slice(0, -1)) {
        expect(thoughts).toEqual([]);
        for (const [i, text] of moves.entries()) {
          const before = truth[from + i];
          const isHidden = game.hides!(before, game.parseMove(end.moves[from + i]!)!, you);
          expect(text).toBe(isHidden ? '?' : end.moves[from + i]);
          expect(game.show(states[i], you)).toBe(game.show(truth[from + i + 1], you));
        }
      }
    }
  },
);

test("the other's card is not in what is told, however often one looks", async () => {
  const kuhn = catalog.find(({ game }) => game.name === 'kuhn-poker')!;
  let alike = 0;
  for (let i = 0; i < 60; i++) {
    const answers = await played(kuhn, 0);
    const cardsIn = (answer: Dealt) => (answer.states[1] as { cards: readonly number[] }).cards;
    if (cardsIn(answers[0]!)[1] === cardsIn(answers.at(-1)!)[1]) alike++;
  }
  // A guess is right half of the time.
  expect(alike).toBeGreaterThan(8);
  expect(alike).toBeLessThan(52);
});

test('taking back hides again what the end has shown; a forfeit ends the match; what is not kept begins anew', async () => {
  const { game } = catalog.find(({ game: { name } }) => name === 'kuhn-poker')!;
  const deal = dealer();
  const ask = { game: game.name, agent: 'random', you: 0 } as const;
  const begun = await deal(game, { ...ask, match: null, plies: null, move: null }, first);
  const { match } = begun;
  const over = await deal(game, { ...ask, match, plies: 2, move: 'bet' }, first);
  expect(over.moves).not.toContain('?');
  expect(over.moves[0]).toBe(begun.moves[0]);
  const back = await deal(game, { ...ask, match, plies: 2, move: null }, first);
  expect(back).toEqual(begun);
  const lost = await deal(game, { ...ask, match, plies: 2, move: 'pass' }, async () => thoughtOf(null));
  expect(lost.thoughts.at(-1)!.thought.move).toBeNull();
  expect(lost.moves).not.toContain('?');

  await expect(deal(game, { ...ask, match, plies: 2, move: 'shove' }, first)).rejects.toThrow(
    "'shove' is not legal here",
  );
  await expect(deal(game, { ...ask, match: 'x', plies: 0, move: 'bet' }, first)).rejects.toThrow(
    'not known here any more',
  );
  expect((await deal(game, { ...ask, match: 'x', plies: null, move: null }, first)).match).not.toBe('x');
});
