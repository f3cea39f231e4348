import { afterEach, describe, expect, test } from 'vitest';
import { llmAgent } from '../../agents/llm/agent.ts';
import type { Complete } from '../../agents/llm/model.ts';
import { study } from '../../agents/llm/study.ts';
import { randomAgent } from '../../agents/random.ts';
import { type MatchRecord, playMatch } from '../../arena/match.ts';
import { gameOf } from '../../games/family.ts';
import { ticTacToe as ticTacToeFamily } from '../../games/tic-tac-toe/rules.ts';
import { EndpointError } from '../../src/errors.ts';
import { type Endpoint, openaiComplete } from '../../src/openai.ts';
import { type Behaviour, type FakeOpenai, fakeOpenai } from '../fake-openai.ts';

const ticTacToe = gameOf(ticTacToeFamily);

const KEY = 'sk-never-to-be-seen-5f3a';

const servers: FakeOpenai[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.close()));
});

/** A server that follows the script, and what talks to it. */
async function endpoint(script: readonly Behaviour[], options: Partial<Endpoint> = {}) {
  const server = await fakeOpenai(...script);
  servers.push(server);
  const complete = openaiComplete({
    model: 'small-model',
    baseURL: server.address,
    apiKey: KEY,
    limitsText: false,
    retries: 0,
    timeoutSeconds: 20,
    ...options,
  });
  return { server, complete };
}

const HELLO = { messages: [{ role: 'user', content: 'Hello.' }], maxTokens: 5 } as const;

const say = (move: string): Behaviour => ({ say: JSON.stringify({ why: 'because', move }) });

/** One match in which the model has the first seat and reads nothing. After the opening b2, c3 it has the first move. */
async function match(complete: Complete, attempts = 2): Promise<MatchRecord> {
  const lessons = await study(complete, ticTacToe.title, {});
  const agent = llmAgent({
    name: 'llm',
    complete,
    lessons,
    fingerprint: 'f'.repeat(64),
    model: 'small-model',
    text: 'none',
    attempts,
  });
  return playMatch({ game: ticTacToe, agents: [agent, randomAgent], seed: 1, opening: ['b2', 'c3'] });
}

/** Waits so short that a test can. */
const AGAIN_SOON = { 'retry-after-ms': '1' };

describe('a request', () => {
  test('holds what was asked, greedy and seeded, and the key in its header alone', async () => {
    const { server, complete } = await endpoint([say('a1')]);
    await complete({ ...HELLO, schema: { type: 'object' } });
    const [{ headers, body, text }] = server.received as [FakeOpenai['received'][number]];
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(text).not.toContain(KEY);
    expect(body).toEqual({
      model: 'small-model',
      messages: HELLO.messages,
      max_completion_tokens: 5,
      temperature: 0,
      seed: 1,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'reply', strict: true, schema: { type: 'object' } },
      },
    });
  });

  test('wants no syntax where none is given', async () => {
    const { server, complete } = await endpoint([{ say: 'Hi.' }]);
    await complete(HELLO);
    expect(server.received[0]?.body).not.toHaveProperty('response_format');
  });
});

describe('a reply', () => {
  test('has its text, tokens, cached tokens and price', async () => {
    const { complete } = await endpoint([{ say: 'Hi.' }], { price: { prompt: 2, completion: 10 } });
    expect(await complete(HELLO)).toEqual({
      text: 'Hi.',
      finish: 'stop',
      usage: { promptTokens: 120, cachedTokens: 100, completionTokens: 8, dollars: (120 * 2 + 8 * 10) / 1e6 },
    });
  });

  test('has no price where none is known', async () => {
    const { complete } = await endpoint([{ say: 'Hi.' }]);
    expect((await complete(HELLO)).usage).toEqual({ promptTokens: 120, cachedTokens: 100, completionTokens: 8 });
  });

  test('of an endpoint that counts nothing has counts of zero', async () => {
    const { complete } = await endpoint([{ say: 'Hi.', usage: null }]);
    expect((await complete(HELLO)).usage).toEqual({ promptTokens: 0, cachedTokens: 0, completionTokens: 0 });
  });

  test('that was cut off says so', async () => {
    const { complete } = await endpoint([{ say: 'Hi', finish: 'length' }]);
    expect(await complete(HELLO)).toMatchObject({ text: 'Hi', finish: 'length' });
  });
});

describe('what passes is tried again', () => {
  test.each([
    ['429 with the time to wait', { status: 429, headers: AGAIN_SOON }],
    ['500', { status: 500, headers: AGAIN_SOON }],
    ['503', { status: 503, headers: AGAIN_SOON }],
    ['a connection that is cut', { hangUp: 'before' }],
  ] as const)('%s', async (_, failure) => {
    const { server, complete } = await endpoint([failure, { say: 'Hi.' }], { retries: 1 });
    expect((await complete(HELLO)).text).toBe('Hi.');
    expect(server.received).toHaveLength(2);
  });

  test('as often as allowed', async () => {
    const { server, complete } = await endpoint([{ status: 500, headers: AGAIN_SOON }], { retries: 3 });
    await expect(complete(HELLO)).rejects.toThrow('answered 500');
    expect(server.received).toHaveLength(4);
  });
});

/** Everything but a reply: what the endpoint does, and what a person is told. */
const FAILURES: readonly (readonly [string, Behaviour, string])[] = [
  [
    '401',
    { status: 401, body: `{"error": {"message": "bad key ${KEY}"}}` },
    'refused the key (401); check OPENAI_API_KEY',
  ],
  ['403', { status: 403, body: `{"error": {"message": "not with ${KEY}"}}` }, 'answered 403'],
  ['404', { status: 404 }, "knows no model 'small-model' (404); check --model"],
  ['400', { status: 400, body: '{"error": {"message": "bad"}}' }, 'refused the request (400 bad)'],
  ['429', { status: 429 }, 'too many requests (429)'],
  ['500', { status: 500, body: '<html>oops</html>' }, 'answered 500'],
  ['a connection cut before the answer', { hangUp: 'before' }, 'cannot be reached; check OPENAI_BASE_URL'],
  ['a connection cut within the answer', { hangUp: 'within' }, 'the connection to the model endpoint broke'],
  ['an answer without choices', { status: 200, body: '{"choices": []}' }, 'answered without a choice'],
  ['an answer of another kind', { status: 200, body: '{"hello": 1}' }, 'answered without a choice'],
  [
    'a page of a web site',
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>hi</html>' },
    'answered without a choice',
  ],
  ['an answer that is no JSON', { status: 200, body: '{"choices": [' }, 'answered with what is no JSON'],
];

describe('a failure of the endpoint', () => {
  test.each(FAILURES)('%s is one line without the key', async (_, failure, told) => {
    const { server, complete } = await endpoint([failure]);
    const error = await complete(HELLO).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EndpointError);
    const { message } = error as EndpointError;
    expect(message).toContain(told);
    expect(message).not.toContain('\n');
    expect(message).not.toContain(KEY);
    expect(server.received).toHaveLength(1);
  });

  test('a wrong key is not tried again', async () => {
    const { server, complete } = await endpoint([{ status: 401 }], { retries: 4 });
    await expect(complete(HELLO)).rejects.toThrow('401');
    expect(server.received).toHaveLength(1);
  });

  test('nobody listens', async () => {
    const { server, complete } = await endpoint([]);
    await server.close();
    await expect(complete(HELLO)).rejects.toThrow('cannot be reached; check OPENAI_BASE_URL');
  });

  test('no answer in time', async () => {
    const { complete } = await endpoint([{ silent: true }], { timeoutSeconds: 0.2 });
    await expect(complete(HELLO)).rejects.toThrow('did not answer in time');
  });

  test('a key that is no header is not told', async () => {
    const { complete } = await endpoint([say('a1')], { apiKey: `${KEY}\nand more` });
    const error = await complete(HELLO).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EndpointError);
    expect(String(error)).not.toContain(KEY);
    expect(String(error)).toContain('OPENAI_API_KEY');
  });
});

describe('a match against an endpoint', () => {
  test('is played to its end', async () => {
    // The opening leaves x at b2: with b1 and b3 it has a column, unless the opponent takes one of them.
    const { server, complete } = await endpoint([say('b1'), say('b3'), say('a2'), say('c2'), say('a1'), say('a3')]);
    const { plies, ending } = await match(complete);
    expect(plies[0]).toMatchObject({
      move: 'b1',
      misses: [],
      usage: { promptTokens: 120, cachedTokens: 100, completionTokens: 8 },
    });
    expect(ending.kind).not.toBe('void');
    expect(server.received.length).toBeGreaterThan(1);
  });

  test('tells the model no legal moves', async () => {
    const { server, complete } = await endpoint([say('b2'), say('b1'), { say: 'b3' }]);
    await match(complete);
    expect(server.received.length).toBeGreaterThan(3);
    for (const { text, body } of server.received) {
      expect(JSON.stringify(body.response_format)).not.toMatch(/enum|pattern/);
      const ours = body.messages.filter(({ role }) => role !== 'assistant').map(({ content }) => content);
      const played = /Moves so far: ([a-c1-3 ]*)/.exec(ours.join('\n'))![1]!.split(' ');
      expect(ours.join('\n').match(/\b[abc][123]\b/g), text).toEqual(played);
    }
  });

  test('counts what a move after a miss cost twice', async () => {
    const { complete } = await endpoint([say('b2'), say('b1'), { say: '' }]);
    const { plies } = await match(complete);
    expect(plies[0]).toMatchObject({
      move: 'b1',
      misses: ['illegal'],
      usage: { promptTokens: 240, cachedTokens: 200 },
    });
  });

  test('takes the last of two objects', async () => {
    const { complete } = await endpoint([{ say: '{"move": "a1"}\n{"move": "b1"}' }, { say: '' }]);
    expect((await match(complete)).plies[0]?.move).toBe('b1');
  });

  test.each([
    ['illegal', say('b2')],
    ['unparsable', { say: 'I play b1, in the middle of the bottom row.' }],
    ['truncated', { say: '{"why": "the middle", "mo', finish: 'length' }],
    ['empty', { say: '' }],
  ] as const)('is forfeited by replies that are %s', async (fault, reply) => {
    const { complete, server } = await endpoint([reply]);
    const { plies, ending } = await match(complete);
    expect(ending).toEqual({ kind: 'forfeit', loser: 0, fault });
    expect(plies).toMatchObject([{ move: null, misses: [fault] }]);
    expect(server.received).toHaveLength(2);
  });

  test('outlives an endpoint that is busy for a moment', async () => {
    const { complete } = await endpoint([{ status: 429, headers: AGAIN_SOON }, say('b1'), { say: '' }], { retries: 1 });
    expect((await match(complete)).plies[0]).toMatchObject({ move: 'b1', misses: [] });
  });

  test.each(FAILURES)('is void, for the reason that is told, after %s', async (_, failure, told) => {
    const { complete } = await endpoint([failure]);
    const record = await match(complete);
    expect(record.ending).toEqual({ kind: 'void', reason: expect.stringContaining(told) });
    expect(record.plies).toEqual([]);
    expect(JSON.stringify(record)).not.toContain(KEY);
  });

  test('is void when there is no answer in time, and keeps what was played', async () => {
    const { complete } = await endpoint([say('b1'), { silent: true }], { timeoutSeconds: 0.3 });
    const record = await match(complete);
    expect(record.ending).toEqual({ kind: 'void', reason: 'llm: the model endpoint did not answer in time' });
    expect(record.plies.map(({ seat }) => seat)).toEqual([0, 1]);
  });
});
