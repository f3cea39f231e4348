/**
 * Do the tests notice wrong rules? Plants each fault of test/faults/GAME.json in
 * a copy of games/GAME/rules.ts, runs the tests of the game on it, and reports
 * the share that some test caught. Ends with 1 where one was not.
 *
 *   node scripts/plant-faults.mjs             every game; takes minutes
 *   node scripts/plant-faults.mjs nim go      these games
 */

import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const PARTS = ['games', 'agents', 'arena', 'src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** Rules that never come to an end are caught too: no test survives them. */
const PATIENCE_SECONDS = 120;

/** Each planted fault needs so many, or the game's tests have not been put to the test. */
const LEAST = 5;

const all = readdirSync(join(root, 'test', 'faults')).map(file => file.replace(/\.json$/, ''));
const asked = process.argv.slice(2);
const unknown = asked.filter(name => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no faults are kept for ${unknown.join(', ')}; there are: ${all.join(', ')}`);
  process.exit(2);
}
const queue = (asked.length > 0 ? asked : all).flatMap(game => {
  const faults = JSON.parse(readFileSync(join(root, 'test', 'faults', `${game}.json`), 'utf8'));
  if (faults.length < LEAST) throw new Error(`test/faults/${game}.json holds ${faults.length}; ${LEAST} are needed`);
  return faults.map(fault => ({ game, ...fault }));
});
const total = queue.length;
const missed = [];
let done = 0;

const files = ({ game }) => [join('test', 'games', `${game}.test.ts`)];
const laws = ['test/games.test.ts', 'test/golden.test.ts'];

/** The name of the test that fails first, or undefined where none does. */
function failing(folder, words) {
  return new Promise((resolve, reject) => {
    const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, [program, 'run', '--bail=1', '--reporter=json', ...words], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that its workers end with it.
      detached: true,
    });
    const output = [];
    const errors = [];
    child.stdout.on('data', chunk => output.push(chunk));
    child.stderr.on('data', chunk => errors.push(chunk));
    const timer = setTimeout(() => {
      process.kill(-child.pid, 'SIGKILL');
      resolve('it never ends');
    }, 1000 * PATIENCE_SECONDS);
    child.on('close', () => {
      clearTimeout(timer);
      const text = Buffer.concat(output).toString();
      let report;
      try {
        report = JSON.parse(text.slice(text.indexOf('{')));
      } catch {
        return reject(new Error(`vitest gave no report: ${Buffer.concat(errors).toString() || text}`));
      }
      const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
      if (results.every(({ status }) => status === 'skipped' || status === 'pending') && !report.numFailedTestSuites) {
        return reject(new Error(`no test ran for ${words.join(' ')}`));
      }
      const failed = results.find(({ status }) => status === 'failed');
      const broken = report.testResults.find(({ status }) => status === 'failed');
      resolve(failed?.fullName ?? (broken && `it cannot be loaded: ${broken.message.split('\n', 1)[0]}`));
    });
  });
}

async function work() {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (let fault = queue.shift(); fault; fault = queue.shift()) {
      const { game, about, find, replace } = fault;
      const path = join(folder, 'games', game, fault.file ?? 'rules.ts');
      const rules = readFileSync(path, 'utf8');
      if (rules.split(find).length !== 2) {
        throw new Error(`${game}, '${about}': the text to replace is not there exactly once:\n${find}`);
      }
      writeFileSync(
        path,
        rules.replace(find, () => replace),
      );
      const own = files(fault).filter(file => existsSync(join(folder, file)));
      const caught =
        (own.length > 0 ? await failing(folder, own) : undefined) ??
        (await failing(folder, [...laws, '--testNamePattern', `^${game}([ .:]|$)`]));
      writeFileSync(path, rules);
      done++;
      if (!caught) missed.push(fault);
      console.log(
        `${done}/${total}  ${caught ? 'caught' : 'MISSED'}  ${game}: ${about}${caught ? `\n         by: ${caught}` : ''}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await Promise.all(Array.from({ length: Math.min(availableParallelism(), total) }, work));
const games = new Set(asked.length > 0 ? asked : all).size;
console.log(
  `\n${total - missed.length} of ${total} planted faults were caught (${((100 * (total - missed.length)) / total).toFixed(1)} %), in ${games} games`,
);
for (const { game, about } of missed) console.log(`missed  ${game}: ${about}`);
if (missed.length > 0) process.exitCode = 1;
