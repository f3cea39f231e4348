/** `swp doctor`: what backend, model and database are in use here, and why not better ones. */

import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { bestTrainingEngine } from '../../agents/tensors.ts';
import { catalog } from '../../games/catalog.ts';
import { cacheFolder, root } from '../files.ts';
import { GtpEngine, gtpIdentity } from '../gtp.ts';
import { access, hasEndpoint } from '../llm.ts';
import { openLog } from '../log.ts';
import { DEFAULT_WEIGHTS, fileOf, isPulled, size, WEIGHTS, weightsNamed } from '../models.ts';
import { examples } from '../options.ts';
import { Engine, fileOf as engineFile, KNOWN_ENGINES } from '../outside.ts';
import { hasSnapshot, loadSnapshot, shippedSnapshots } from '../snapshots.ts';
import { uciIdentity } from '../uci.ts';

/** How well one part is: in order, working but not at its best, or broken. */
type Health = 'ok' | 'note' | 'broken';

interface Finding {
  readonly part: string;
  readonly health: Health;
  readonly text: string;
}

const SIGNS: Readonly<Record<Health, string>> = { ok: '✓', note: '·', broken: '✗' };

/** Seconds an endpoint may take to list its models. */
const PATIENCE = 5;

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('say what is in use here – engine, model, database – and why not better')
    .addHelpText('after', `${examples('doctor')}\nExits with 1 where something is broken.\n`)
    .action(async () => {
      const examinations = [
        machine,
        database,
        engine,
        trainingEngine,
        snapshots,
        languageModel,
        localModels,
        outsideEngines,
        page,
        disk,
      ];
      const findings: Finding[] = [];
      for (const examine of examinations) {
        const finding = await examined(examine);
        findings.push(finding);
        console.log(`${SIGNS[finding.health]} ${finding.part.padEnd(15)} ${finding.text}`);
      }
      if (findings.some(({ health }) => health === 'broken')) process.exitCode = 1;
    });

type Examination = () => Finding | Promise<Finding>;

async function examined(examine: Examination): Promise<Finding> {
  try {
    return await examine();
  } catch (error) {
    return { part: examine.name, health: 'broken', text: error instanceof Error ? error.message : String(error) };
  }
}

const ok = (part: string, text: string): Finding => ({ part, health: 'ok', text });
const note = (part: string, text: string): Finding => ({ part, health: 'note', text });

const versionOf = (name: string): string => {
  const require = createRequire(join(root, 'package.json'));
  const folder = require.resolve.paths(name)?.find(place => existsSync(join(place, name, 'package.json')));
  if (folder === undefined) throw new Error(`${name} is not installed; run npm install`);
  return (require(join(folder, name, 'package.json')) as { version: string }).version;
};

function machine(): Finding {
  return ok(
    'machine',
    `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`,
  );
}

async function database(): Promise<Finding> {
  const folder = await mkdtemp(join(tmpdir(), 'swp-doctor-'));
  try {
    const log = openLog(join(folder, 'log.db'));
    log.begin({});
    log.close();
  } finally {
    await rm(folder, { recursive: true });
  }
  return ok('database', `SQLite through libsql ${versionOf('libsql')}: a log was written and closed`);
}

async function engine(): Promise<Finding> {
  await import('onnxruntime-node');
  return ok('engine', `onnxruntime-node ${versionOf('onnxruntime-node')} on the CPU, for play and self-play`);
}

async function trainingEngine(): Promise<Finding> {
  const { engine, version, whyNotFaster } = await bestTrainingEngine();
  const text = `${engine} ${version}`;
  if (whyNotFaster === undefined) return ok('training', text);
  return note('training', `${text}; tfjs-node is faster, but ${whyNotFaster}: 'npm run setup:tfjs-node' says more`);
}

async function snapshots(): Promise<Finding> {
  const trained: string[] = [];
  for (const folder of await shippedSnapshots()) {
    const { manifest } = await loadSnapshot(undefined, folder);
    trained.push(`${manifest.game} (${manifest.sha256.slice(0, 12)})`);
  }
  const others = catalog.filter(({ game }) => !hasSnapshot(game)).map(({ game }) => game.name);
  const missing = others.length > 0 ? `none for ${others.join(', ')}: 'swp train' makes one` : '';
  if (trained.length === 0) return note('snapshots', missing);
  return ok('snapshots', [`specialists for ${trained.join(', ')}`, missing].filter(text => text !== '').join('; '));
}

async function languageModel(): Promise<Finding> {
  const part = 'language model';
  if (!hasEndpoint()) {
    const weights = weightsNamed(DEFAULT_WEIGHTS);
    return (await isPulled(weights))
      ? ok(part, `${weights.name}, local, for OPENAI_BASE_URL and OPENAI_API_KEY are not set`)
      : note(part, `none yet: neither OPENAI_BASE_URL nor OPENAI_API_KEY is set, and 'swp model pull' was not run`);
  }
  const { baseURL, apiKey } = access();
  // Without what may stand before the host: it may be a password.
  const address = URL.canParse(baseURL) ? new URL(baseURL).host : 'OPENAI_BASE_URL, which is no address,';
  const { modelsOf } = await import('../openai.ts');
  try {
    const names = await modelsOf({ baseURL, apiKey }, PATIENCE);
    const some = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
    return ok(part, `the endpoint of ${address} answers; --model may be ${some}`);
  } catch (error) {
    return { part, health: 'broken', text: `${address}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function localModels(): Promise<Finding> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ logLevel: LlamaLogLevel.disabled, build: 'never', gpu: 'auto' });
  const backend = llama.gpu === false ? 'the CPU, for no GPU that llama.cpp can use was found' : llama.gpu;
  await llama.dispose();
  const here: string[] = [];
  for (const weights of WEIGHTS) if (await isPulled(weights)) here.push(weights.name);
  const text = `node-llama-cpp ${versionOf('node-llama-cpp')} on ${backend}; here: ${here.join(', ') || "none, 'swp model pull' fetches one"}`;
  return here.length > 0 ? ok('local models', text) : note('local models', text);
}

async function outsideEngines(): Promise<Finding> {
  const part = 'other engines';
  const here: string[] = [];
  const missing: (typeof KNOWN_ENGINES)[number][] = [];
  for (const known of KNOWN_ENGINES) {
    const [program, ...words] = known.command.split(' ');
    const file = engineFile(program!);
    if (file === undefined) missing.push(known);
    else {
      const name =
        known.protocol === 'uci'
          ? await uciIdentity(new Engine(file, words))
          : Object.values(await gtpIdentity(new GtpEngine(file, words))).join(' ');
      here.push(`${name} for ${known.plays} ('${known.protocol}:command=${known.command}')`);
    }
  }
  const brings = missing.map(({ package: name, plays }) => `${name} for ${plays}`).join(', ');
  const text = [here.join(', '), brings && `not here: Debian's ${brings}`].filter(text => text !== '').join('; ');
  return missing.length === 0 ? ok(part, text) : note(part, text);
}

async function page(): Promise<Finding> {
  const folder = join(root, 'dist', 'web');
  const files = existsSync(folder) ? await readdir(folder) : [];
  if (!files.includes('page.js')) throw new Error('the page is not built; run npm run build');
  return ok('page', "built; 'swp serve' shows it");
}

async function disk(): Promise<Finding> {
  const folder = [fileOf(weightsNamed(DEFAULT_WEIGHTS)), cacheFolder(), tmpdir()].find(existsSync)!;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free for ${cacheFolder()}`;
  const wanted = weightsNamed(DEFAULT_WEIGHTS);
  return free > 2 * wanted.bytes || (await isPulled(wanted))
    ? ok('disk', text)
    : note('disk', `${text}; the default model needs ${size(wanted)}, twice that while it is fetched`);
}
