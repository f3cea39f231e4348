/** A small real server that speaks the chat completions of the `openai` package, and misbehaves as it is told. */

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
}

/** What the server does with one request. */
export type Behaviour =
  /** Answers with this text. */
  | { readonly say: string; readonly finish?: 'stop' | 'length'; readonly usage?: FakeUsage | null }
  /** Refuses with this status, and perhaps with headers and a body. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Closes the connection: before the answer, or in the middle of it. */
  | { readonly hangUp: 'before' | 'within' }
  /** Never answers. */
  | { readonly silent: true };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly max_completion_tokens: number;
    readonly temperature: number;
    readonly seed: number;
    readonly response_format?: { readonly json_schema: { readonly schema: object } };
  };
}

export interface FakeOpenai {
  /** As in OPENAI_BASE_URL. */
  readonly address: string;
  /** Every request so far. */
  readonly received: readonly Received[];
  close(): Promise<void>;
}

const USAGE: FakeUsage = {
  prompt_tokens: 120,
  completion_tokens: 8,
  total_tokens: 128,
  prompt_tokens_details: { cached_tokens: 100 },
};

/** Follows `script`, one behaviour a request; the last one again and again. */
export async function fakeOpenai(...script: readonly Behaviour[]): Promise<FakeOpenai> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return response.writeHead(405).end();
    received.push({ headers: request.headers, text, body: JSON.parse(text) });
    const behaviour = script[Math.min(received.length, script.length) - 1]!;
    if ('silent' in behaviour) return;
    if ('hangUp' in behaviour) {
      if (behaviour.hangUp === 'before') return request.socket.destroy();
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      return response.write('{"id": "half an ans', () => request.socket.destroy());
    }
    if ('status' in behaviour) {
      const type = { 'content-type': 'application/json' };
      return response.writeHead(behaviour.status, { ...type, ...behaviour.headers }).end(behaviour.body ?? '{}');
    }
    const { say, finish = 'stop', usage = USAGE } = behaviour;
    const message = { role: 'assistant', content: say, refusal: null };
    return response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: `reply-${received.length}`,
        object: 'chat.completion',
        created: 0,
        model: received.at(-1)!.body.model,
        choices: [{ index: 0, finish_reason: finish, message, logprobs: null }],
        ...(usage ? { usage } : {}),
      }),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    received,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
