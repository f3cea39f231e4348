/** A small real server that gives out one file as the Hugging Face hub does, and a shelf of wheels for a pip that only copies. */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { crc32 } from 'node:zlib';

/** What the hub does with one request. */
export type HubBehaviour =
  /** The file, or the part of it that a Range asks for. */
  | 'whole'
  /** The file from its first byte, whatever Range asks for. */
  | 'no ranges'
  /** Cut off after so many bytes. */
  | { readonly cutAfter: number }
  | { readonly status: number };

export interface FakeHub {
  /** As in HF_ENDPOINT. */
  readonly address: string;
  readonly received: readonly { readonly url: string; readonly range: string | undefined }[];
  close(): Promise<void>;
}

/** Follows `script`, one behaviour a request; the last one again and again. */
export async function fakeHub(file: Buffer, ...script: readonly HubBehaviour[]): Promise<FakeHub> {
  const received: { url: string; range: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    received.push({ url: request.url ?? '', range });
    const behaviour = script[Math.min(received.length, script.length) - 1]!;
    if (typeof behaviour === 'object' && 'status' in behaviour) return response.writeHead(behaviour.status).end();
    const from = behaviour === 'no ranges' ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const body = file.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
    });
    if (typeof behaviour === 'string') return response.end(body);
    // What was sent must have left before the line is cut, or it never arrives.
    return response.write(body.subarray(0, behaviour.cutAfter), () => setTimeout(() => request.socket.destroy(), 100));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Puts a program called pip in `folder`, which "downloads" these wheels, by
 * name and version as pip has them in a file name, and fails for all others.
 * Returns a PATH on which it is the only pip.
 */
export function fakePip(folder: string, wheels: Readonly<Record<string, Buffer>>): string {
  const shelf = join(folder, 'shelf');
  const programs = join(folder, 'programs');
  mkdirSync(shelf, { recursive: true });
  mkdirSync(programs, { recursive: true });
  for (const [name, bytes] of Object.entries(wheels)) writeFileSync(join(shelf, `${name}-py3-none-any.whl`), bytes);
  const pip = join(programs, 'pip');
  writeFileSync(
    pip,
    [
      '#!/bin/sh',
      '# pip download --quiet --no-deps --dest FOLDER NAME==VERSION',
      `echo "$6" >> '${join(folder, 'pip.log')}'`,
      `for wheel in '${shelf}'/*.whl; do`,
      '  case "$(basename "$wheel" | tr _ -)" in',
      '    "$(echo "$6" | sed s/==/-/)"-*) cp "$wheel" "$5"; exit 0 ;;',
      '  esac',
      'done',
      'echo "collecting" >&2; echo "ERROR: No matching distribution found for $6" >&2; exit 1',
    ].join('\n'),
  );
  chmodSync(pip, 0o755);
  return [programs, '/usr/bin', '/bin'].join(delimiter);
}

/** A zip file with these files, stored as they are. */
export function zipOf(files: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    // What the two headers of a file share, from "version needed" to "length of the extra field".
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(bytes.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, offset, Buffer.from(name));
    const local = [Buffer.from('PK\x03\x04', 'latin1'), shared, Buffer.from(name), bytes];
    parts.push(...local);
    at += local.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
