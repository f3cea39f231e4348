import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { llmAgent } from '../../agents/llm/agent.ts';
import type { Complete } from '../../agents/llm/model.ts';
import { study } from '../../agents/llm/study.ts';
import { randomAgent } from '../../agents/random.ts';
import { type MatchRecord, playMatch } from '../../arena/match.ts';
import { gameOf } from '../../games/family.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';
import { recording, replaying } from '../../src/cassette.ts';
import { InputError } from '../../src/errors.ts';
import { recordText } from '../../src/log.ts';
import { openaiComplete } from '../../src/openai.ts';
import { fakeOpenai } from '../fake-openai.ts';

const ticTacToe = gameOf(ticTacToeFamily);

const fileIn = (name = 'model.jsonl') => join(mkdtempSync(join(tmpdir(), 'swp-cassette-')), name);
const textOf = (file: string): string => {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
};

const RULES = { rules: 'R1. Three in a row wins.' };

/** One match of a model that has read the rules, first seat, against chance. */
async function match(complete: Complete, documents: { readonly rules?: string } = RULES): Promise<MatchRecord> {
  const lessons = await study(complete, ticTacToe.title, documents);
  const agent = llmAgent({
    name: 'llm',
    complete,
    lessons,
    fingerprint: 'f'.repeat(64),
    model: 'small-model',
    text: 'rules',
    attempts: 2,
  });
  return playMatch({ game: ticTacToe, agents: [agent, randomAgent], seed: 1, opening: ['b2', 'c3'] });
}

/** Replies in order, the last again and again; after that a model would be asked in vain. */
const USAGE = { promptTokens: 9, cachedTokens: 3, completionTokens: 4, dollars: 0.1 };
function scripted(...texts: readonly string[]): Complete {
  let asked = 0;
  return async () => ({ text: texts[Math.min(asked++, texts.length - 1)]!, finish: 'stop', usage: USAGE });
}

const REPLIES = ['Take corners.', '{"move": "b2"}', '{"move": "b1"}', '{"move": "b3"}', 'no'];

describe.each(['model.jsonl', 'model.jsonl.gz'])('%s', name => {
  test('gives the same match again, byte for byte, with no model', async () => {
    const file = fileIn(name);
    const live = recordText(await match(recording(file, 'small-model', scripted(...REPLIES)).complete));
    expect(live).toContain('"misses":["illegal"]');
    for (let time = 0; time < 2; time++) {
      const { model, complete } = replaying(file);
      expect(model).toBe('small-model');
      expect(recordText(await match(complete))).toBe(live);
    }
    expect(readdirSync(dirname(file))).toEqual([name]);
  });

  test('holds the model, one line a reply, and what was asked', async () => {
    const file = fileIn(name);
    const { complete } = recording(file, 'small-model', scripted('one', 'two'));
    await complete({ messages: [{ role: 'user', content: 'First question?' }], maxTokens: 5 });
    // On disk after each reply: whatever stops the program, what was paid for is kept.
    expect(textOf(file).trim().split('\n')).toHaveLength(2);
    await complete({ messages: [{ role: 'user', content: 'Second question?' }], maxTokens: 5 });
    const [header, ...lines] = textOf(file)
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(header).toEqual({ version: 1, model: 'small-model' });
    expect(lines).toEqual([
      {
        request: expect.stringMatching(/^[0-9a-f]{64}$/),
        asked: 'First question?',
        reply: { text: 'one', finish: 'stop', usage: USAGE },
      },
      expect.objectContaining({ asked: 'Second question?', reply: expect.objectContaining({ text: 'two' }) }),
    ]);
  });
});

test('a question that was asked several times gets its replies in their order, then the last', async () => {
  const file = fileIn();
  const request = { messages: [{ role: 'user', content: 'Which?' }], maxTokens: 5 } as const;
  const live = recording(file, 'm', scripted('one', 'two'));
  await live.complete(request);
  await live.complete(request);
  const { complete } = replaying(file);
  const texts = [];
  for (let i = 0; i < 3; i++) texts.push((await complete(request)).text);
  expect(texts).toEqual(['one', 'two', 'two']);
});

test('keys and addresses stay out of the file', async () => {
  const server = await fakeOpenai(...REPLIES.map(say => ({ say })));
  const key = 'sk-never-to-be-seen-77aa';
  const file = fileIn();
  try {
    const complete = openaiComplete({
      model: 'small-model',
      baseURL: server.address,
      apiKey: key,
      limitsText: false,
      retries: 0,
      timeoutSeconds: 20,
    });
    await match(recording(file, 'small-model', complete).complete);
  } finally {
    await server.close();
  }
  const text = textOf(file);
  expect(text).toContain('Take corners.');
  expect(text).not.toContain(key);
  expect(text).not.toMatch(/127\.0\.0\.1|http|authorization|bearer/i);
});

test('a failure of the model is not recorded', async () => {
  const file = fileIn();
  const { complete } = recording(file, 'm', async () => {
    throw new Error('no line');
  });
  await expect(complete({ messages: [], maxTokens: 5 })).rejects.toThrow('no line');
  expect(textOf(file)).toBe('{"version":1,"model":"m"}\n');
});

describe('a request that was never recorded is refused', () => {
  const ask = async (recorded: readonly string[], asked: readonly string[]) => {
    const messages = (texts: readonly string[]) => texts.map(content => ({ role: 'user' as const, content }));
    const file = fileIn();
    const { complete } = recording(file, 'm', scripted('yes'));
    if (recorded.length > 0) await complete({ messages: messages(recorded), maxTokens: 5 });
    return replaying(file).complete({ messages: messages(asked), maxTokens: 5 });
  };

  test('by where it parts from the nearest', async () => {
    const refused = ask(['You are x. Choose a move.'], ['You are x. Pick a move.']);
    await expect(refused).rejects.toThrow(
      'The nearest recorded one has "Choose a move." where this has "Pick a move.".',
    );
    await expect(refused).rejects.toBeInstanceOf(InputError);
  });

  test('where only earlier messages changed', async () => {
    await expect(ask(['Old rules.', 'Move.'], ['New rules.', 'Move.'])).rejects.toThrow(
      'The last message was recorded; what came before it has changed.',
    );
  });

  test('where nothing was recorded at all', async () => {
    await expect(ask([], ['Move.'])).rejects.toThrow('It holds no replies at all.');
  });

  test('where its limit changed', async () => {
    const file = fileIn();
    const request = { messages: [{ role: 'user', content: 'Move.' }], maxTokens: 5 } as const;
    await recording(file, 'm', scripted('yes')).complete(request);
    await expect(replaying(file).complete({ ...request, maxTokens: 6 })).rejects.toThrow('holds no reply');
  });

  test('in a study with other rules', async () => {
    const file = fileIn();
    await match(recording(file, 'm', scripted(...REPLIES)).complete);
    await expect(match(replaying(file).complete, { rules: 'R1. Four in a row win.' })).rejects.toThrow(InputError);
  });
});

test('a cassette is never overwritten', async () => {
  const file = fileIn();
  writeFileSync(file, 'mine');
  expect(() => recording(file, 'm', scripted('yes'))).toThrow(`${file} is there already`);
  expect(() => recording(file, 'm', scripted('yes'))).toThrow(InputError);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('a folder that does not exist is told before the model is asked', () => {
  const file = join(fileIn('nowhere'), 'model.jsonl');
  expect(() => recording(file, 'm', scripted('yes'))).toThrow(InputError);
  expect(() => recording(file, 'm', scripted('yes'))).toThrow(`${file} cannot be written`);
});

describe('what is no cassette is refused', () => {
  const header = '{"version":1,"model":"m"}\n';
  test.each([
    ['prose', 'notes.jsonl', 'my notes\n', 'is no cassette'],
    ['nothing', 'empty.jsonl', '', 'is no cassette'],
    ['another version', 'old.jsonl', '{"version":7,"model":"m"}\n', 'is no cassette of version 1'],
    ['a log of matches', 'records.jsonl', '{"version":1,"game":"othello","plies":[]}\n', 'is no cassette'],
    ['null', 'null.jsonl', 'null\n', 'is no cassette'],
    ['a broken line', 'cut.jsonl', `${header}{"request": "12`, 'is no cassette'],
    ['a line without a reply', 'half.jsonl', `${header}{"request": "12", "asked": "?"}\n`, 'is no cassette'],
    ['a line of null', 'none.jsonl', `${header}null\n`, 'is no cassette'],
    ['text under the name of a gzipped file', 'text.jsonl.gz', header, 'cannot be unzipped'],
  ])('%s', (_, name, text, message) => {
    const file = fileIn(name);
    writeFileSync(file, text);
    expect(() => replaying(file)).toThrow(InputError);
    expect(() => replaying(file)).toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('a file that is not there', () => {
    const file = fileIn();
    expect(() => replaying(file)).toThrow(InputError);
    expect(() => replaying(file)).toThrow(`${file} cannot be read`);
    expect(existsSync(file)).toBe(false);
  });
});
