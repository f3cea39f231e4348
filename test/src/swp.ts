/** The program as a person runs it: the bundle in dist/, in a process of its own. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** The folder it runs in. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed at it. */
  readonly typed?: string;
  /** Interrupts it, as Ctrl-C does, once it has written something that matches on standard error. */
  readonly interruptAt?: RegExp;
  /** Kills it on the spot, as kill -9 does, likewise. */
  readonly killAt?: RegExp;
}

export const PROGRAM = join(import.meta.dirname, '../../dist/swp.js');

/** Without an endpoint, a cache or colours of whoever runs the tests. */
const BARE = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(OPENAI_|SWP_|HF_|NO_COLOR$|FORCE_COLOR$)/.test(name)),
);

/** Runs `swp` with these words to its end. */
export function swp(
  words: readonly string[],
  { cwd, env = {}, typed, interruptAt, killAt }: Surroundings,
): Promise<Ran> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing; run 'node build.mjs' before these tests`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      cwd,
      env: { ...BARE, SWP_CACHE: join(cwd, 'cache'), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A program that is done before it has read everything is no mistake.
    child.stdin.on('error', () => undefined);
    child.stdin.end(typed);
    let stdout = '';
    let stderr = '';
    let interrupted = false;
    child.stdout.on('data', chunk => {
      stdout += chunk;
    });
    child.stderr.on('data', chunk => {
      stderr += chunk;
      if (killAt?.test(stderr)) child.kill('SIGKILL');
      if (interrupted || !interruptAt?.test(stderr)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}
