/**
 * Makes @tensorflow/tfjs-node work, which trains convolutions faster than the
 * engine that every install has. Whatever happens here, everything runs without it.
 *
 *   npm run setup:tfjs-node
 *
 * Its own install fetches libtensorflow 2.9.1 from its publishers. Where they
 * cannot be reached, its binding is built here from its own source against
 * libtensorflow 2.15.1, taken from PyPI's wheel of tensorflow-cpu: the same
 * project's library and the same C interface, but a combination that nobody
 * supports. That way needs Linux on x86-64, pip, a C++ compiler with make, Node's
 * headers, and 620 MB in the cache folder.
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

const TFJS_NODE = '4.22.0';
const WHEEL = {
  version: '2.15.1',
  sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  /** Which build of the wheel: any would do, for nothing in it is run by Python. */
  tags: '--implementation cp --python-version 3.11 --abi cp311 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64',
  kept: /^tensorflow\/(libtensorflow_(cc|framework)\.so\.2|THIRD_PARTY_NOTICES\.txt|include\/(tensorflow\/c|tensorflow\/core\/platform|tsl)\/.*[^/])$|\.dist-info\/LICENSE$/,
};

const root = join(import.meta.dirname, '..');
const folder = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const cache = process.env.SWP_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'shall-we-play');

/** Runs a command and shows what it prints only where it fails. */
function run(command, words, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, words, { cwd: root, encoding: 'utf8', ...options });
  return { ok: status === 0, text: error?.message ?? `${stdout}${stderr}`.trim(), out: stdout?.trim() };
}

function stop(text) {
  console.error(`setup-tfjs-node: ${text}`);
  process.exit(1);
}

/** The version of the libtensorflow that answers, after a product of matrices came out right; undefined where none does. */
function working() {
  const trial =
    "const tf = require('@tensorflow/tfjs-node'); if (tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0] !== 11) throw 0; console.log(tf.backend().binding.TF_Version)";
  const { ok, out } = run(process.execPath, ['-e', trial], { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
  return ok ? out.split('\n').at(-1) : undefined;
}

/** Whose library it is: ours lies outside the package. */
const source = () =>
  lstatSync(join(folder, 'deps', 'lib'), { throwIfNoEntry: false })?.isSymbolicLink()
    ? "from PyPI's wheel of tensorflow-cpu"
    : 'from its publishers';

function finish(version) {
  console.log(`tfjs-node ${TFJS_NODE} works, with libtensorflow ${version} ${source()}`);
  process.exit(0);
}

function install() {
  if (existsSync(join(folder, 'package.json'))) return;
  const words = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
    `@tensorflow/tfjs-node@${TFJS_NODE}`,
  ];
  const { ok, text } = run('npm', words);
  if (!ok) stop(`npm could not bring @tensorflow/tfjs-node ${TFJS_NODE}:\n${text}`);
}

async function libtensorflow() {
  const place = join(cache, `libtensorflow-${WHEEL.version}`);
  if (existsSync(place)) return place;
  const fresh = `${place}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  console.log(`fetching tensorflow-cpu ${WHEEL.version} (207 MB) with pip`);
  const words = ['download', '--quiet', '--no-deps', '--only-binary', ':all:', ...WHEEL.tags.split(' ')];
  const { ok, text } = run('python3', ['-m', 'pip', ...words, '--dest', fresh, `tensorflow-cpu==${WHEEL.version}`]);
  if (!ok) stop(`pip could not bring the wheel of tensorflow-cpu ${WHEEL.version}:\n${text}`);
  const wheel = join(
    fresh,
    readdirSync(fresh).find(file => file.endsWith('.whl')),
  );
  const hash = createHash('sha256');
  await pipeline(createReadStream(wheel), hash);
  const actual = hash.digest('hex');
  if (actual !== WHEEL.sha256) {
    rmSync(fresh, { recursive: true });
    stop(`the wheel has SHA-256 ${actual}, not ${WHEEL.sha256}; it was thrown away`);
  }
  await unpack(wheel, fresh);
  rmSync(wheel);
  // The names under which the binding and its install script look for the libraries.
  symlinkSync('libtensorflow_cc.so.2', join(fresh, 'tensorflow', 'libtensorflow.so'));
  symlinkSync('libtensorflow_cc.so.2', join(fresh, 'tensorflow', 'libtensorflow.so.2.9.1'));
  symlinkSync('libtensorflow_framework.so.2', join(fresh, 'tensorflow', 'libtensorflow_framework.so'));
  renameSync(fresh, place);
  return place;
}

/** Unpacks the files that are needed, each under its own path. */
async function unpack(wheel, into) {
  const zip = await yauzl.openPromise(wheel);
  for await (const entry of zip.eachEntry()) {
    if (!WHEEL.kept.test(entry.fileName)) continue;
    const file = join(into, entry.fileName);
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
  }
}

function build(library) {
  const deps = join(folder, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(deps);
  symlinkSync(join(library, 'tensorflow'), join(deps, 'lib'));
  symlinkSync(join(library, 'tensorflow', 'include'), join(deps, 'include'));
  const headers = process.env.npm_config_nodedir ?? resolve(process.execPath, '..', '..');
  // Without headers beside node, node-gyp fetches them from nodejs.org.
  const env = {
    ...process.env,
    ...(existsSync(join(headers, 'include', 'node', 'node_api.h')) && { npm_config_nodedir: headers }),
  };
  const gyp = createRequire(join(folder, 'package.json')).resolve('@mapbox/node-pre-gyp/bin/node-pre-gyp');
  console.log('building the binding');
  const { ok, text } = run(process.execPath, [gyp, 'install', '--build-from-source'], { cwd: folder, env });
  if (!ok) stop(`the binding could not be built:\n${text.split('\n').slice(-30).join('\n')}`);
}

if (process.argv.length > 2) {
  console.error('setup-tfjs-node: it takes no arguments: npm run setup:tfjs-node');
  process.exit(2);
}
install();
const before = working();
if (before) finish(before);
console.log('trying its own install, which fetches libtensorflow from its publishers');
run('npm', ['rebuild', '--foreground-scripts', '@tensorflow/tfjs-node']);
// A rebuild that fails may take an optional package away.
install();
const own = working();
if (own) finish(own);
if (process.platform !== 'linux' || process.arch !== 'x64') {
  stop(
    `its publishers cannot be reached, and the wheel's library is for Linux on x64, not ${process.platform} ${process.arch}`,
  );
}
console.log(
  `they cannot be reached; building against libtensorflow ${WHEEL.version} from PyPI's tensorflow-cpu instead`,
);
build(await libtensorflow());
const built = working();
if (!built) stop('the binding was built, but does not run');
finish(built);
