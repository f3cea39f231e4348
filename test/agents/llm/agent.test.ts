import { describe, expect, test } from 'vitest';
import type { Turn } from '../../../agents/agent.ts';
import { llmAgent, REPLY_TOKENS } from '../../../agents/llm/agent.ts';
import type { Complete, Reply, Request } from '../../../agents/llm/model.ts';
import { type Lessons, study } from '../../../agents/llm/study.ts';
import { randomAgent } from '../../../agents/random.ts';
import { playMatch } from '../../../arena/match.ts';
import { gameOf } from '../../../games/family.ts';
import { replay } from '../../../games/game.ts';
import { seededRandom } from '../../../games/random.ts';
import { ticTacToe as ticTacToeFamily } from '../../../games/tic-tac-toe/rules.ts';
import { documentsOf } from '../../../src/documents.ts';

const ticTacToe = gameOf(ticTacToeFamily);

const USAGE = { promptTokens: 100, cachedTokens: 60, completionTokens: 7 };

/** A model that gives these replies, the last one again and again, and everything it was asked. */
function scripted(...replies: readonly (string | Partial<Reply>)[]): { complete: Complete; asked: Request[] } {
  const asked: Request[] = [];
  return {
    asked,
    async complete(request) {
      // The agent goes on with its list of messages; what is kept is the list as it was sent.
      asked.push(structuredClone(request));
      const reply = replies[Math.min(asked.length, replies.length) - 1]!;
      return { text: '', finish: 'stop', usage: USAGE, ...(typeof reply === 'string' ? { text: reply } : reply) };
    },
  };
}

const LESSONS: Lessons = { messages: [{ role: 'system', content: 'You play.' }], notes: '', usage: null };

const agentOf = (complete: Complete, { attempts = 2, lessons = LESSONS } = {}) =>
  llmAgent({ name: 'llm', complete, lessons, fingerprint: 'f'.repeat(64), model: 'm', text: 'none', attempts });

const MOVES = ['a3', 'b2', 'c1'];
const state = replay(ticTacToe, MOVES);
const turn: Turn = {
  game: ticTacToe,
  state,
  seat: 1,
  legal: ticTacToe.moves(state),
  history: MOVES.map(text => ticTacToe.parseMove(text)!),
  random: seededRandom(1),
};

const say = (move: string): string => JSON.stringify({ why: 'because', move });

describe('a decision', () => {
  test('is the move of the first reply where that is legal', async () => {
    const { complete, asked } = scripted(say('a1'));
    expect(await agentOf(complete).decide(turn)).toEqual({
      move: ticTacToe.parseMove('a1'),
      misses: [],
      trace: { replies: [{ reply: say('a1'), verdict: 'legal' }] },
      usage: USAGE,
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.maxTokens).toBe(REPLY_TOKENS);
  });

  test('is the move of a later reply, and its misses are told', async () => {
    const { complete, asked } = scripted(say('b2'), 'I play a1.', say('a1'));
    expect(await agentOf(complete, { attempts: 3 }).decide(turn)).toMatchObject({
      move: ticTacToe.parseMove('a1'),
      misses: ['illegal', 'unparsable'],
      trace: { replies: [{ verdict: 'illegal' }, { verdict: 'unparsable' }, { verdict: 'legal' }] },
    });
    expect(asked.map(({ messages }) => messages.length)).toEqual([2, 4, 6]);
    expect(asked[1]?.messages.at(-2)).toEqual({ role: 'assistant', content: say('b2') });
  });

  test.each([
    [[say('b2'), say('b2')], 'illegal', ['illegal']],
    [[say('b2'), 'no'], 'unparsable', ['illegal']],
    [['no', ''], 'empty', ['unparsable']],
    [['', { text: '{"move": "a', finish: 'length' }], 'truncated', ['empty']],
  ] as const)('is a fault, never a move, when every reply was one: %j', async (replies, fault, misses) => {
    const { complete, asked } = scripted(...replies, say('a1'));
    const decision = await agentOf(complete).decide(turn);
    expect(decision).toMatchObject({ fault, misses });
    expect(decision).not.toHaveProperty('move');
    expect(asked).toHaveLength(2);
  });

  test('has one reply where one attempt is allowed', async () => {
    const { complete, asked } = scripted('no', say('a1'));
    expect(await agentOf(complete, { attempts: 1 }).decide(turn)).toMatchObject({ fault: 'unparsable', misses: [] });
    expect(asked).toHaveLength(1);
  });

  test('costs what all its replies cost', async () => {
    const { complete } = scripted(
      { text: 'no', usage: { promptTokens: 10, cachedTokens: 1, completionTokens: 2, dollars: 0.5 } },
      { text: say('a1'), usage: { promptTokens: 30, cachedTokens: 20, completionTokens: 4, dollars: 0.25 } },
    );
    expect((await agentOf(complete).decide(turn)).usage).toEqual({
      promptTokens: 40,
      cachedTokens: 21,
      completionTokens: 6,
      dollars: 0.75,
    });
  });

  test('names no price where one of its replies has none', async () => {
    const { complete } = scripted({ text: 'no', usage: { ...USAGE, dollars: 0.5 } }, say('a1'));
    expect((await agentOf(complete).decide(turn)).usage).not.toHaveProperty('dollars');
  });

  test('is none where the model breaks down', async () => {
    const agent = agentOf(async () => {
      throw new Error('the line is dead');
    });
    await expect(agent.decide(turn)).rejects.toThrow('the line is dead');
  });
});

describe('what a model is told', () => {
  test('names the position, both players, what was played, and no legal move', async () => {
    const { complete, asked } = scripted('no', say('b2'), '', { text: '{', finish: 'length' }, 'no');
    await agentOf(complete, { attempts: 5 }).decide(turn);
    expect(asked).toHaveLength(5);
    const told = asked.at(-1)!.messages.filter(({ role }) => role === 'user');
    expect(told[0]?.content).toContain(ticTacToe.show(state));
    expect(told[0]?.content).toContain('You are o, your opponent is x.');
    expect(told[0]?.content).toContain('Moves so far: a3 b2 c1');
    for (const { content } of told) {
      for (const move of turn.legal) expect(content).not.toContain(ticTacToe.formatMove(move));
    }
    expect(new Set(told.slice(1).map(({ content }) => content)).size).toBe(4);
  });

  test('never lists the legal moves, nor binds the reply to them, in a whole match', async () => {
    const { complete, asked } = scripted('no', say('b2'));
    await playMatch({
      game: ticTacToe,
      agents: [agentOf(complete), randomAgent],
      seed: 1,
      opening: ['a3'],
    });
    await playMatch({ game: ticTacToe, agents: [randomAgent, agentOf(complete)], seed: 1, opening: ['a3'] });
    expect(asked.length).toBeGreaterThan(2);
    for (const { schema, messages } of asked) {
      expect(JSON.stringify(schema)).not.toMatch(/enum|const|pattern|"[abc][123]"/);
      const [, ...atTheTable] = messages;
      const played = /Moves so far: (.*)/.exec(atTheTable[0]!.content)![1]!.split(' ');
      const text = atTheTable.filter(({ role }) => role === 'user').map(({ content }) => content);
      const named = text.flatMap(content => content.match(/\b[abc][123]\b/g) ?? []);
      expect(named).toEqual(played.filter(move => move !== 'none'));
    }
  });

  test('begins with its lessons, word for word, in every request of a match', async () => {
    const documents = await documentsOf(ticTacToe);
    const { complete, asked } = scripted('Take the middle.', say('b2'), 'no', say('a1'), say('c3'), 'no');
    const lessons = await study(complete, ticTacToe.title, documents);
    await playMatch({ game: ticTacToe, agents: [agentOf(complete, { lessons }), randomAgent], seed: 3, opening: [] });
    const [first, ...atTheTable] = asked;
    expect(atTheTable.length).toBeGreaterThan(2);
    for (const { messages } of atTheTable) {
      expect(JSON.stringify(messages.slice(0, 2))).toBe(JSON.stringify(first?.messages));
      expect(messages[2]).toEqual({ role: 'assistant', content: 'Take the middle.' });
      expect(messages.slice(0, 3)).toEqual(lessons.messages);
    }
  });
});

test('an agent says under which conditions it plays', () => {
  const { conditions, fingerprint } = agentOf(scripted('').complete, { attempts: 3 });
  expect(fingerprint).toBe('f'.repeat(64));
  expect(conditions).toEqual({
    division: 'direct',
    budget: { model: 'm', text: 'none', attempts: 3, tokens: REPLY_TOKENS, legalList: false },
  });
});

describe('study', () => {
  const documents = { rules: 'R1. Three in a row wins.\n', guide: 'G1. Take the middle.\n' };

  test('of nothing asks nothing and tells the name of the game', async () => {
    const { complete, asked } = scripted('notes');
    const lessons = await study(complete, 'Tic-tac-toe', {});
    expect(asked).toEqual([]);
    expect(lessons).toEqual({
      messages: [{ role: 'system', content: 'You play Tic-tac-toe. You play to win.' }],
      notes: '',
      usage: null,
    });
  });

  test.each([
    ['rules', { rules: documents.rules }, ['R1. Three in a row wins.'], ['G1.']],
    ['rules and guide', documents, ['R1. Three in a row wins.', 'G1. Take the middle.'], []],
  ] as const)('of %s shows these and keeps the notes', async (_, given, held, absent) => {
    const { complete, asked } = scripted(' Middle first.\nThen corners. \n');
    const { messages, notes, usage } = await study(complete, 'Tic-tac-toe', given);
    expect(asked).toHaveLength(1);
    expect(notes).toBe('Middle first.\nThen corners.');
    expect(usage).toEqual(USAGE);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
    expect(messages.slice(0, 2)).toEqual(asked[0]?.messages);
    expect(messages[2]?.content).toBe(notes);
    for (const text of held) expect(messages[0]?.content).toContain(text);
    for (const text of absent) expect(JSON.stringify(messages)).not.toContain(text);
  });

  test.each([
    ['loses its last, broken line', 'Middle first.\nThen corners.\nNever for', 'Middle first.\nThen corners.'],
    ['of one line is kept', 'Middle first, then', 'Middle first, then'],
  ])('a note that was cut off %s', async (_, text, notes) => {
    const { complete } = scripted({ text, finish: 'length' });
    expect((await study(complete, 'Tic-tac-toe', documents)).notes).toBe(notes);
  });
});
