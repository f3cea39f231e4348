/** Asking the server. */

import type { MatchRecord } from '../../arena/match.ts';
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
} from './api.ts';

async function get<Answer>(path: string): Promise<Answer> {
  const response = await reached(fetch(path));
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error((answer as { error: string }).error);
  return answer as Answer;
}

export const opponents = (): Promise<readonly Opponent[]> => get('/api/agents');
export const guests = (): Promise<readonly GuestLine[]> => get('/api/guests');
export const tables = (): Promise<readonly Table[]> => get('/api/ratings');
export const matches = (): Promise<readonly MatchLine[]> => get('/api/matches');
export const match = (id: string): Promise<MatchRecord> => get(`/api/matches/${encodeURIComponent(id)}`);

export const documents = (game: string): Promise<DocumentPages> => get(`/api/documents/${encodeURIComponent(game)}`);

/** Tells meanwhile what is being waited for. */
export const decide = (request: DecideRequest, tell: (text: string) => void, signal: AbortSignal): Promise<Thought> =>
  ask('/api/decide', request, tell, signal);

/** Tells meanwhile what is being waited for. */
export const deal = (request: DealRequest, tell: (text: string) => void, signal: AbortSignal): Promise<Dealt> =>
  ask('/api/deal', request, tell, signal);

async function ask<Answer>(
  path: string,
  request: object,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await reached(
    fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal,
    }),
  );
  if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
  for await (const text of linesOf(response.body!)) {
    const line = JSON.parse(text) as Line<Answer>;
    if (line.kind === 'status') tell(line.text);
    else if (line.kind === 'error') throw new Error(line.error);
    else return line.answer;
  }
  throw new Error('the server broke off');
}

const reached = (response: Promise<Response>): Promise<Response> =>
  response.catch((error: Error) => {
    throw error.name === 'AbortError' ? error : new Error('the server cannot be reached; is swp serve still running?');
  });

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}
