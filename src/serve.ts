/**
 * The page's server: the built page and a small JSON API, for this machine only.
 *
 * It keeps no matches but those in which something is hidden. Otherwise whoever
 * asks for a move sends the moves so far, so the page may take back, branch or
 * reload as it likes. What it keeps besides is seated agents, because sitting down can take a model minutes of reading.
 */

import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { stream } from 'hono/streaming';
import { marked } from 'marked';
import { z } from 'zod';
import type { Agent, Turn } from '../agents/agent.ts';
import { type MatchRecord, turnAfter } from '../arena/match.ts';
import { type Game, replay } from '../games/game.ts';
import { dealer } from './dealer.ts';
import { documentsOf } from './documents.ts';
import { InputError } from './errors.ts';
import { root } from './files.ts';
import { gameNamed } from './games.ts';
import { parseMoves } from './moves.ts';
import { suggestion } from './nearest.ts';
import type {
  DealRequest,
  Dealt,
  DecideRequest,
  DocumentPages,
  GuestLine,
  Line,
  MatchLine,
  Opponent,
  Table,
  Thought,
} from './web/api.ts';

/** What the server needs from the rest of the program. */
export interface Service {
  readonly opponents: readonly Opponent[];
  /** Games that are not in the catalog, each with the module of a boardgame.io game, for browsers. */
  readonly guests: readonly { readonly name: string; readonly module: string }[];
  /** Brings an agent to a game, telling what it does meanwhile. Throws an InputError for a spec that means nothing. */
  seat(spec: string, game: Game, tell: (text: string) => void): Promise<Agent>;
  /** The rating table of each game that has matches. */
  tables(): readonly Table[];
  /** Every match of the log, oldest first. */
  matches(): readonly MatchLine[];
  match(id: number): MatchRecord | undefined;
}

export interface Server {
  /** Ends without a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 is any free port. Throws an InputError where the port is taken or the page is not built. */
export async function startServer(port: number, service: Service): Promise<Server> {
  const files = await pageFiles();
  const allowed = new Set<string>();
  const app = new Hono();
  guard(app, allowed);
  serveFiles(app, files);
  serveGuests(app, service);
  serveApi(app, service);
  app.notFound(context => context.json({ error: `there is nothing at ${context.req.path}` }, 404));
  app.onError(answerError);

  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(new InputError(`port ${port} ${REFUSED[code ?? ''] ?? message}; choose another with --port`)),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  for (const name of ['127.0.0.1', 'localhost']) allowed.add(bound === 80 ? name : `${name}:${bound}`);
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

/** Why a port cannot be had. */
const REFUSED: Readonly<Record<string, string>> = { EADDRINUSE: 'is taken', EACCES: 'is for the administrator' };

const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

async function pageFiles(): Promise<ReadonlyMap<string, { readonly body: string; readonly type: string }>> {
  const folder = join(root, 'dist', 'web');
  try {
    const files = Object.entries(TYPES).map(async ([name, type]) => {
      return [name, { body: await readFile(join(folder, name), 'utf8'), type }] as const;
    });
    return new Map(await Promise.all(files));
  } catch {
    throw new InputError(`the page is not in ${folder}; build it with npm run build`);
  }
}

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * Lets in only what this page itself sends. A web site elsewhere can make a
 * browser call 127.0.0.1: its Origin gives it away, and where it has its own name
 * resolve to this machine (DNS rebinding), the Host does.
 */
function guard(app: Hono, allowed: ReadonlySet<string>): void {
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const host = context.req.header('host') ?? '';
    const origin = context.req.header('origin');
    if (!allowed.has(host)) throw refusal(403, `this server does not answer to the name '${printable(host)}'`);
    if (origin !== undefined && origin !== `http://${host}`)
      throw refusal(403, 'requests from other sites are refused');
    await next();
  });
}

function serveFiles(app: Hono, files: Awaited<ReturnType<typeof pageFiles>>): void {
  for (const [name, { body, type }] of files) {
    app.get(name === 'index.html' ? '/' : `/${name}`, context => context.body(body, 200, { 'content-type': type }));
  }
}

function serveGuests(app: Hono, { guests }: Service): void {
  const lines: readonly GuestLine[] = guests.map(({ name }, i) => ({ name, module: `/guests/${i}.js` }));
  app.get('/api/guests', context => context.json(lines));
  for (const [i, { module }] of lines.entries()) {
    app.get(module, context => context.body(guests[i]!.module, 200, { 'content-type': TYPES['page.js'] }));
  }
}

const MAX_BODY_BYTES = 128 * 1024;
/** Moves of games from elsewhere may be written at length. */
const MAX_MOVE = 500;
const DecideBody = z.strictObject({
  game: z.string().max(1000),
  agent: z.string().min(1).max(200),
  moves: z.array(z.string().max(MAX_MOVE)).max(4000),
  seed: z.int().min(0).max(0xffff_ffff),
});

const DealBody = z.strictObject({
  game: z.string().max(1000),
  agent: z.string().min(1).max(200),
  match: z.string().max(100).nullable(),
  you: z.literal([0, 1]),
  plies: z.int().min(0).nullable(),
  move: z.string().max(MAX_MOVE).nullable(),
});

function serveApi(app: Hono, service: Service): void {
  const sit = seating(service);
  const deal = dealer();
  const queues = new Map<string, ReturnType<typeof oneAtATime>>();
  /** One queue for each kind of agent: a model that keeps silent holds up nobody but those who ask it. */
  const queueOf = (spec: string) => {
    const kind = spec.split(':', 1)[0]!;
    const queue = queues.get(kind) ?? oneAtATime();
    queues.set(kind, queue);
    return queue;
  };

  app.use(
    '/api/*',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw refusal(413, `a request may hold ${MAX_BODY_BYTES} bytes`);
      },
    }),
  );

  app.get('/api/agents', context => context.json(service.opponents));
  app.get('/api/ratings', context => context.json(service.tables()));
  app.get('/api/matches', context => context.json(service.matches()));
  app.get('/api/matches/:id{[0-9]{1,9}}', context => {
    const id = Number(context.req.param('id'));
    const record = service.match(id);
    if (record === undefined) throw refusal(404, `the log has no match ${id}`);
    return context.json(record);
  });

  app.get('/api/documents/:game', async context => {
    const { rules, guide } = await documentsOf(gameNamed(context.req.param('game')));
    const pages: DocumentPages = { rules: await marked(rules), guide: await marked(guide) };
    return context.json(pages);
  });

  app.post('/api/decide', async context => {
    const request = await bodyOf(context, DecideBody);
    const game = gameNamed(request.game);
    checkOffered(service.opponents, request.agent, game);
    const turn = turnOf(game, request);
    return lines<Thought>(context, async (tell, gone) => {
      const agent = await sit(request.agent, game, tell);
      return queueOf(request.agent)(async () => {
        if (gone()) throw new Error('nobody waits for this move any more');
        return decide(agent, turn);
      });
    });
  });

  app.post('/api/deal', async context => {
    const request: DealRequest = await bodyOf(context, DealBody);
    const game = gameNamed(request.game);
    if (!game.hides) throw refusal(400, `nothing is hidden in ${game.name}; ask for moves at /api/decide`);
    checkOffered(service.opponents, request.agent, game);
    return lines<Dealt>(context, async (tell, gone) => {
      const agent = await sit(request.agent, game, tell);
      return deal(game, request, turn =>
        queueOf(request.agent)(async () => {
          if (gone()) throw new Error('nobody waits for this move any more');
          return decide(agent, turn);
        }),
      );
    });
  });
}

async function decide(agent: Agent, turn: Turn): Promise<Thought> {
  const started = performance.now();
  const decision = await agent.decide(turn);
  const seconds = (performance.now() - started) / 1000;
  const isLegal = 'move' in decision && turn.legal.includes(decision.move);
  const move = isLegal ? turn.game.formatMove(decision.move) : null;
  return {
    move,
    fault: move !== null ? null : 'fault' in decision ? decision.fault : 'illegal',
    misses: decision.misses ?? [],
    trace: decision.trace ?? null,
    usage: decision.usage ?? null,
    seconds,
  };
}

/** Refuses agents that the page does not offer, and files named by a page that has no business with them. */
function checkOffered(opponents: readonly Opponent[], spec: string, game: Game): void {
  const name = spec.split(':', 1)[0]!;
  const found = opponents.find(opponent => opponent.name === name);
  if (!found) {
    const names = opponents.map(opponent => opponent.name);
    throw refusal(404, `no agent is called '${printable(name)}' here; ${suggestion(name, names)}`);
  }
  const able = found.strengths.some(({ games }) => games?.includes(game.name) ?? true);
  if (!able) throw refusal(400, `${name} does not play ${game.name}`);
  if (/[^\w:=,+.-]|snapshot=/.test(spec)) throw refusal(400, 'files are named on the command line, not in the page');
}

function turnOf(game: Game, { moves: texts, seed }: DecideRequest): Turn {
  const moves = parseMoves(game, texts.join(' '));
  const turn = turnAfter(game, moves, seed * 1009 + moves.length);
  if (!turn) throw refusal(400, game.outcome(replay(game, moves)) ? 'this game is over' : 'chance is to move');
  return turn;
}

type Tell = (text: string) => void;

const MAX_SEATED = 32;

/** Seats each agent once for a game. All who wait for the same one hear what it does. */
function seating(service: Service): (spec: string, game: Game, tell: Tell) => Promise<Agent> {
  const seats = new Map<string, { readonly agent: Promise<Agent>; readonly listeners: Set<Tell> }>();

  const take = (key: string, spec: string, game: Game, listeners: Set<Tell>) => {
    const agent = service.seat(spec, game, text => {
      for (const listener of listeners) listener(text);
    });
    const seat = { agent, listeners };
    seats.set(key, seat);
    agent.catch(() => seats.delete(key));
    const [oldest] = seats.keys();
    if (seats.size > MAX_SEATED) seats.delete(oldest!);
    return seat;
  };

  return async (spec, game, tell) => {
    const key = `${game.name} ${spec}`;
    const seat = seats.get(key) ?? take(key, spec, game, new Set([tell]));
    seat.listeners.add(tell);
    try {
      return await seat.agent;
    } finally {
      seat.listeners.delete(tell);
    }
  };
}

/** Runs tasks one after the other: two searches at once would only make each other slow, and a local model has one context. */
function oneAtATime(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return task => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Answers in lines of JSON while `work` goes on, so that the page can say what is being waited for. */
function lines<Answer>(context: Context, work: (tell: Tell, gone: () => boolean) => Promise<Answer>): Response {
  context.header('content-type', 'application/x-ndjson; charset=utf-8');
  return stream(context, async output => {
    const say = (line: Line<Answer>) => output.write(`${JSON.stringify(line)}\n`);
    try {
      const answer = await work(
        text => void say({ kind: 'status', text }),
        () => output.aborted,
      );
      await say({ kind: 'answer', answer });
    } catch (error) {
      await say({ kind: 'error', error: reasonOf(error) });
    }
  });
}

async function bodyOf<Shape extends z.ZodType>(context: Context, shape: Shape): Promise<z.infer<Shape>> {
  if (!context.req.header('content-type')?.startsWith('application/json')) throw refusal(415, 'send JSON');
  let body: unknown;
  try {
    body = await context.req.json();
  } catch (error) {
    if (error instanceof HTTPException) throw error;
    throw refusal(400, 'the request is not JSON');
  }
  const read = shape.safeParse(body);
  if (!read.success) throw refusal(400, z.prettifyError(read.error).replaceAll(/\s*\n\s*/g, ' '));
  return read.data;
}

const refusal = (status: 400 | 403 | 404 | 413 | 415, message: string) => new HTTPException(status, { message });

function answerError(error: Error, context: Context): Response {
  const status = error instanceof HTTPException ? error.status : error instanceof InputError ? 400 : 500;
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  return context.json({ error: reasonOf(error) }, status);
}

/** What went wrong, without anything that looks like a key. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\bsk-[\w*-]+/g, '[key]').slice(0, 2000);

/** A stranger's text, fit for an error message. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 60);
