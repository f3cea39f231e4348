/** Where things are: what the package ships, and where it keeps what it fetched. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { InputError } from './errors.ts';

/** The package's own folder: the nearest one above this file with a package.json. */
export const root = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** Model weights and other large fetched files; $SWP_CACHE moves it. */
export const cacheFolder = (): string =>
  process.env['SWP_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'shall-we-play');

/** The text of a file a person named, gzipped or not. Throws InputError where it cannot be had. */
export function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new InputError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const isZipped = file.endsWith('.gz') || (bytes[0] === 0x1f && bytes[1] === 0x8b);
  try {
    return (isZipped ? gunzipSync(bytes) : bytes).toString();
  } catch {
    throw new InputError(`${file} cannot be unzipped: it is cut off, or no gzip file`);
  }
}

/** Makes a folder that a person named, where it is missing, and those it lies in. Returns the first that was missing. Throws InputError where it cannot be made. */
export async function makeFolder(folder: string): Promise<string | undefined> {
  const cannot = (code: string | undefined) => new InputError(`${folder} cannot be made (${code})`);
  // One after the other: Node's own way to make several at once never ends in /proc.
  const missing: string[] = [];
  for (let place = resolve(folder); !existsSync(place); place = dirname(place)) missing.unshift(place);
  for (const place of missing) {
    await mkdir(place).catch(({ code }: NodeJS.ErrnoException) => {
      if (code !== 'EEXIST') throw cannot(code);
    });
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw cannot('EEXIST');
  return missing[0];
}

/** Writes a file so that a crash at any moment leaves the one before, or the new one whole. */
export async function replaceFile(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
}
