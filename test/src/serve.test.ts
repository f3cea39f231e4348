import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentNamed } from '../../src/roster.ts';
import { type Server, type Service, startServer } from '../../src/serve.ts';
import type { GuestLine, Line, MatchLine, Opponent, Thought } from '../../src/web/api.ts';
import { fakeOpenai } from '../fake-openai.ts';
import { PROGRAM, swp } from './swp.ts';

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
      strengths: [{ label: 'perfect', spec: 'perfect', games: ['tic-tac-toe'] }],
      usual: 'perfect',
    },
  ],
  guests: [{ name: 'games/theirs.js', module: 'export default {};' }],
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

test('games from elsewhere are listed with modules for the page', async () => {
  const [line] = JSON.parse((await send('GET', '/api/guests')).text) as GuestLine[];
  expect(line).toEqual({ name: 'games/theirs.js', module: '/guests/0.js' });
  const { headers, text } = await send('GET', line!.module);
  expect(headers['content-type']).toContain('text/javascript');
  expect(text).toBe('export default {};');
});

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
    expect((await send('GET', '/api/agents', headers)).status).toBe(403);
  });
});

describe('what cannot be meant is refused with a reason', () => {
  test.each([
    ['{', 400, 'not JSON'],
    [{ ...question, game: 'tic-tac-to' }, 400, "did you mean 'tic-tac-toe'?"],
    [{ ...question, agent: 'mtcs' }, 404, "did you mean 'mcts'?"],
    [{ ...question, agent: 'mcts:snapshot=/etc' }, 400, 'files are named on the command line'],
    [{ ...question, agent: 'perfect', game: 'connect-four', moves: [] }, 400, 'perfect does not play connect-four'],
    [{ ...question, moves: ['a1', 'a1'] }, 400, "move 2, 'a1', is not legal"],
    [{ ...question, moves: ['a1', 'a2', 'b1', 'b2', 'c1'] }, 400, 'this game is over'],
    [{ ...question, seed: -1 }, 400, 'seed'],
    [{ ...question, more: 1 }, 400, 'more'],
    [{ ...question, agent: 'x'.repeat(140_000) }, 413, 'bytes'],
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

describe('swp serve', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swp-serve-'));
  let command: ChildProcess;
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Starts the command and waits for its address. */
  async function served(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    command = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--no-open', ...words], {
      cwd: folder,
      env: { PATH: process.env['PATH']!, SWP_CACHE: join(folder, 'cache'), ...env },
    });
    const [line] = (await once(command.stdout!, 'data')) as [Buffer];
    return /http:\S+/.exec(String(line))![0];
  }

  async function interrupted(): Promise<unknown> {
    const exit = once(command, 'exit');
    command.kill('SIGINT');
    return (await exit)[0];
  }

  test('shows a log from the moment that a tournament begins it', async () => {
    const url = await served(['--log', 'later.db']);
    const matches = async () => ((await (await fetch(`${url}/api/matches`)).json()) as MatchLine[]).length;
    expect(await matches()).toBe(0);
    const words = ['tournament', '--game', 'tic-tac-toe', '--agents', 'greedy,random', '--games', '2'];
    expect((await swp([...words, '--log', 'later.db'], { cwd: folder })).code).toBe(0);
    expect(await matches()).toBe(2);
    expect(await interrupted()).toBe(0);
  });

  test('offers a language model only where one would answer', async () => {
    const offered = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const url = await served(words, env);
      const names = ((await (await fetch(`${url}/api/agents`)).json()) as Opponent[]).map(({ name }) => name);
      expect(await interrupted()).toBe(0);
      return names.includes('llm');
    };
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
    expect(await offered([])).toBe(false);
    expect(await offered([], env)).toBe(false);
    expect(await offered(['--model', 'any'], env)).toBe(true);
  });

  test('Ctrl-C ends it while a language model keeps everybody waiting', async () => {
    const model = await fakeOpenai({ silent: true });
    const url = await served(['--model', 'any'], { OPENAI_BASE_URL: model.address });
    const asked = fetch(`${url}/api/decide`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ game: 'tic-tac-toe', agent: 'llm:text=none', moves: [], seed: 1 }),
    }).then(response => response.text());
    const failed = expect(asked).rejects.toThrow();
    await expect.poll(() => model.received.length).toBe(1);
    expect(await interrupted()).toBe(0);
    await failed;
    await model.close();
  });
});
