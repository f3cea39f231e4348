import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentNamed } from '../../src/roster.ts';
import { type Server, type Service, startServer } from '../../src/serve.ts';
import type { Line, Thought } from '../../src/web/api.ts';

const service: Service = {
  opponents: [
    {
      name: 'mcts',
      about: 'searches',
      strengths: [{ label: '50', spec: 'mcts:simulations=50' }],
      usual: 'mcts:simulations=50',
    },
    {
      name: 'perfect',
      about: 'never errs',
      strengths: [{ label: 'perfect', spec: 'perfect' }],
      usual: 'perfect',
      games: ['tic-tac-toe'],
    },
  ],
  async seat(spec, game, tell) {
    tell(`${spec} sits down`);
    return agentNamed(spec, game);
  },
  tables: () => [],
  matches: () => [],
  match: () => undefined,
};

let server: Server;
beforeAll(async () => {
  server = await startServer(0, service);
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Any request, with headers that fetch would not let us choose. */
function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${server.url}${path}`, { method, headers }, response => {
      let text = '';
      response.on('data', chunk => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const decide = (body: unknown) =>
  send(
    'POST',
    '/api/decide',
    { 'content-type': 'application/json' },
    typeof body === 'string' ? body : JSON.stringify(body),
  );
const question = { game: 'tic-tac-toe', agent: 'mcts:simulations=50', moves: ['a1', 'b2'], seed: 1 };
const linesOf = ({ text }: Answer) =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line<Thought>);

test('the page comes with headers that let nothing foreign in', async () => {
  const { status, headers, text } = await send('GET', '/');
  expect(status).toBe(200);
  expect(text).toContain('<div id="app">');
  expect(headers['content-security-policy']).toContain("default-src 'self'");
});

test('an agent is seated, says so, and moves by the same luck for the same seed', async () => {
  const lines = linesOf(await decide(question));
  expect(lines[0]).toEqual({ kind: 'status', text: 'mcts:simulations=50 sits down' });
  const last = lines.at(-1)!;
  if (last.kind !== 'answer') throw new Error(JSON.stringify(last));
  expect(last.answer.move).toMatch(/^[abc][123]$/);
  expect(['a1', 'b2']).not.toContain(last.answer.move);
  const [again] = linesOf(await decide(question));
  expect(again).toMatchObject({ kind: 'answer', answer: { move: last.answer.move, trace: last.answer.trace } });
});

describe('other sites are refused', () => {
  test.each([
    ['a foreign name that resolves to this machine', { host: 'evil.example' }],
    ['no such port', { host: '127.0.0.1:1' }],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an origin without a name', { origin: 'null' }],
  ])('%s', async (_, headers) => {
    expect((await send('GET', '/api/games', headers)).status).toBe(403);
  });
});

describe('what cannot be meant is refused with a reason', () => {
  test.each([
    ['{', 400, 'not JSON'],
    [{ ...question, game: 'tic-tac-to' }, 404, "did you mean 'tic-tac-toe'?"],
    [{ ...question, agent: 'mtcs' }, 404, "did you mean 'mcts'?"],
    [{ ...question, agent: 'mcts:snapshot=/etc' }, 400, 'files are named on the command line'],
    [{ ...question, agent: 'perfect', game: 'connect-four', moves: [] }, 400, 'perfect does not play connect-four'],
    [{ ...question, moves: ['a1', 'a1'] }, 400, "move 2, 'a1', is not legal"],
    [{ ...question, moves: ['a1', 'a2', 'b1', 'b2', 'c1'] }, 400, 'this game is over'],
    [{ ...question, seed: -1 }, 400, 'seed'],
    [{ ...question, more: 1 }, 400, 'more'],
    [{ ...question, agent: 'x'.repeat(20_000) }, 413, 'bytes'],
  ])('%j', async (body, status, reason) => {
    const answer = await decide(body);
    expect(answer.status).toBe(status);
    expect((JSON.parse(answer.text) as { error: string }).error).toContain(reason);
  });

  test('no JSON by its type', async () => {
    expect((await send('POST', '/api/decide', { 'content-type': 'text/plain' }, JSON.stringify(question))).status).toBe(
      415,
    );
  });

  test('a match that is not there, a page that is not there', async () => {
    expect((await send('GET', '/api/matches/7')).text).toContain('the log has no match 7');
    expect((await send('GET', '/../../etc/passwd')).status).toBe(404);
  });
});

test('a taken port is said', async () => {
  const port = Number(new URL(server.url).port);
  await expect(startServer(port, service)).rejects.toThrow(`port ${port} is taken; choose another with --port`);
});
