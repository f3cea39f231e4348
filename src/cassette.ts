/**
 * Recorded model replies: with them a match of a language model is played again
 * byte for byte, with no model and no network.
 *
 * A cassette is a file of JSON lines, gzipped where its name ends in .gz: first
 * the model's name, then one reply a line, under the hash of the request it
 * answered. Requests hold prompts and limits only, never keys or addresses.
 */

import { createHash } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Complete, Reply, Request } from '../agents/llm/model.ts';
import { InputError } from './errors.ts';
import { textOf } from './files.ts';

const VERSION = 1;

interface Header {
  readonly version: number;
  readonly model: string;
}

interface Line {
  /** SHA-256 (hex) of the request as JSON. */
  readonly request: string;
  /** The end of the request's last message, for people and for finding what changed. */
  readonly asked: string;
  readonly reply: Reply;
}

export interface Cassette {
  readonly model: string;
  readonly complete: Complete;
}

const keyOf = (request: Request): string => createHash('sha256').update(JSON.stringify(request)).digest('hex');
const askedIn = ({ messages }: Request): string => (messages.at(-1)?.content ?? '').slice(-200);

/** A `complete` that asks the model and keeps every reply, on disk after each. */
export function recording(file: string, model: string, complete: Complete): Cassette {
  if (existsSync(file)) throw new InputError(`${file} is there already; a cassette is never overwritten`);
  const lines: (Header | Line)[] = [{ version: VERSION, model }];
  const write = () => {
    const text = lines.map(line => `${JSON.stringify(line)}\n`).join('');
    try {
      writeFileSync(`${file}.part`, file.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text);
      renameSync(`${file}.part`, file);
    } catch (error) {
      throw new InputError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  };
  write();
  return {
    model,
    async complete(request) {
      const reply = await complete(request);
      lines.push({ request: keyOf(request), asked: askedIn(request), reply });
      write();
      return reply;
    },
  };
}

/**
 * A `complete` that answers from a cassette. The n-th time that a request is
 * made it gets the n-th reply recorded for it; the last again after that.
 * Throws InputError for a file that is no cassette, and for a request that was
 * never recorded, which says what was recorded nearest to it.
 */
export function replaying(file: string): Cassette {
  const [header, ...lines] = read(file);
  const whole = typeof header?.model === 'string' && lines.every(isLine);
  if (header?.version !== VERSION || !whole) throw new InputError(`${file} is no cassette of version ${VERSION}`);
  const replies = new Map<string, Reply[]>();
  for (const { request, reply } of lines) replies.set(request, [...(replies.get(request) ?? []), reply]);
  const asked = new Map<string, number>();
  return {
    model: header.model,
    async complete(request) {
      const key = keyOf(request);
      const found = replies.get(key);
      if (!found)
        throw new InputError(`${file} holds no reply to this request. ${difference(askedIn(request), lines)}`);
      const time = asked.get(key) ?? 0;
      asked.set(key, time + 1);
      return found[Math.min(time, found.length - 1)]!;
    },
  };
}

function read(file: string): readonly [Header | undefined, ...Line[]] {
  const text = textOf(file);
  try {
    return text
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line)) as [Header, ...Line[]];
  } catch (error) {
    throw new InputError(`${file} is no cassette (${error instanceof Error ? error.message : error})`);
  }
}

const isLine = (line: Partial<Line> | null): boolean =>
  typeof line?.request === 'string' && typeof line.asked === 'string' && typeof line.reply?.text === 'string';

/** Which recorded question shares the longest beginning with this one, and where they part. */
function difference(asked: string, lines: readonly Line[]): string {
  const shared = (text: string) => {
    let i = 0;
    while (i < asked.length && asked[i] === text[i]) i++;
    return i;
  };
  const nearest = lines.toSorted((a, b) => shared(b.asked) - shared(a.asked))[0];
  if (!nearest) return 'It holds no replies at all.';
  if (nearest.asked === asked) return 'The last message was recorded; what came before it has changed.';
  const at = shared(nearest.asked);
  return `The nearest recorded one has ${JSON.stringify(nearest.asked.slice(at, at + 40))} where this has ${JSON.stringify(asked.slice(at, at + 40))}.`;
}
