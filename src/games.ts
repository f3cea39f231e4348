/** Finding a game by the name a person typed: one of ours, or a file with a boardgame.io game. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Entry, entryNamed, families } from '../games/catalog.ts';
import type { Game } from '../games/game.ts';
import { InputError } from './errors.ts';
import { suggestion } from './nearest.ts';

/** Games from files that were brought here, by the path that names them. */
const brought = new Map<string, Entry>();

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
  brought.set(name, fromModule(await loaded(name), name));
}

/** Bundled first: boardgame.io's own folders cannot be imported by Node as they are, and TypeScript will do. */
async function loaded(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { build } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      entryPoints: [resolve(file)],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    return await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`);
  } catch (error) {
    throw new InputError(`${file} cannot be loaded: ${error instanceof Error ? error.message.trim() : error}`);
  }
}

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
