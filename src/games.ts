/** Finding a game by the name a person typed: one of ours, or a file with a boardgame.io game. */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type Entry, entryNamed, families } from '../games/catalog.ts';
import type { Game } from '../games/game.ts';
import { InputError } from './errors.ts';
import { suggestion } from './nearest.ts';

/** Games from files that were brought here, by the path that names them. */
const brought = new Map<string, Entry>();

const UNSEEN = ['.css', '.scss', '.svg', '.png', '.jpg', '.jpeg', '.gif', '.webp', '.mp3', '.ogg', '.wav', '.woff2'];

const isFile = (name: string): boolean => /\.[cm]?[jt]sx?$/.test(name);

/**
 * Reads the file where the name is a path to one: a module that exports a
 * boardgame.io game and may export `rules`, `guide` (as text) and `guess` beside
 * it. To be called before such a game is named. Throws InputError for what cannot
 * be read or hosted.
 */
export async function bringGame(name: string): Promise<void> {
  if (!isFile(name) || brought.has(name)) return;
  if (!existsSync(name)) throw new InputError(`there is no file ${name}`);
  const { fromModule } = await import('./from-boardgame.ts');
  const code = await bundled(name, 'node');
  try {
    brought.set(
      name,
      fromModule(await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`), name),
    );
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`${name} cannot be loaded: ${reasonOf(error)}`);
  }
}

/** A game that was brought, as a module for browsers; undefined for one of ours. Throws InputError for what needs Node. */
export const moduleFor = async (name: string): Promise<string | undefined> =>
  brought.has(name) ? bundled(name, 'browser') : undefined;

/** boardgame.io's own folders cannot be imported by Node as they are, and TypeScript will do. */
async function bundled(file: string, platform: 'node' | 'browser'): Promise<string> {
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [resolve(file)],
      bundle: true,
      write: false,
      format: 'esm',
      platform,
      target: platform === 'node' ? 'node20' : 'es2022',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
      // A file that is not in a project of its own finds boardgame.io here.
      nodePaths: [ownModules()],
      // A game that comes with its board brings pictures and styles, which nobody looks at here.
      loader: { '.js': 'jsx', ...Object.fromEntries(UNSEEN.map(ending => [ending, 'empty' as const])) },
    });
    return outputFiles[0]!.text;
  } catch (error) {
    throw new InputError(
      `${file} cannot be loaded${platform === 'browser' ? ' in a browser' : ''}: ${reasonOf(error)}`,
    );
  }
}

/** The folder in which the boardgame.io stands that hosts the games. */
const ownModules = (): string => {
  const core = createRequire(import.meta.url).resolve('boardgame.io/dist/cjs/core.js');
  return core.slice(0, core.lastIndexOf('node_modules') + 'node_modules'.length);
};

/** esbuild's complaints in one line: the first, where it is, and what would mend it. */
function reasonOf(error: unknown): string {
  const [first, ...others] = (error as { errors?: readonly BuildMessage[] }).errors ?? [];
  if (!first) return error instanceof Error ? error.message.trim() : String(error);
  const { text, location } = first;
  const where = location ? `${location.file}:${location.line}: ` : '';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const missing = /^Could not resolve "(@[^"/]+\/[^"/]+|[^."/][^"/]*)/.exec(text);
  const old = /^No matching export in .*boardgame\.io.* for import "(Game|AI|Random)"/.exec(text);
  const cure = missing
    ? `; 'npm install ${missing[1]}' in its folder`
    : old
      ? `; boardgame.io has no '${old[1]}' since 0.33: export the object itself, with 'ai: { enumerate }' in it`
      : '';
  return `${where}${text}${more}${cure}`;
}

type BuildMessage = {
  readonly text: string;
  readonly location: { readonly file: string; readonly line: number } | null;
};

/** 'hex', 'hex:size=7' or a file that was brought. Throws InputError, with a name that is near, all there are, or what would do. */
export function entryFor(name: string): Entry {
  const file = brought.get(name);
  if (file) return file;
  try {
    const found = entryNamed(name);
    if (found) return found;
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(`'${name}': ${error.message}`);
    throw error;
  }
  const family = name.split(':', 1)[0]!;
  const names = families.map(({ name }) => name);
  throw new InputError(`no game is called '${family}'; ${suggestion(family, names)}`);
}

export const gameNamed = (name: string): Game => entryFor(name).game;
