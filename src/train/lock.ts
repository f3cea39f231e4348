/** One training at a time in a folder. */

import { readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { makeFolder } from '../files.ts';

/**
 * Does `work` while `folder`, which is made where it is missing, holds a file
 * `lock` with the number of this process. A lock whose process is gone, as after
 * `kill -9`, is taken over. A folder that was made for work that left
 * nothing in it is removed. Throws InputError where another process holds it.
 */
export async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const first = await makeFolder(folder);
  const file = join(folder, 'lock');
  await lock(folder, file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
    if (first) await removeEmpty(resolve(folder), first);
  }
}

/** Removes a folder and those it lies in, up to `last`, as far as they are empty. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed && folder !== last) await removeEmpty(dirname(folder), last);
}

async function lock(folder: string, file: string): Promise<void> {
  for (;;) {
    try {
      return await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw new InputError(`${file} cannot be written (${code})`);
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (Number.isInteger(holder) && holder > 0 && isRunning(holder)) {
      throw new InputError(
        `process ${holder} trains in ${folder}; wait for it, or choose another --out (if it is no training, remove ${file})`,
      );
    }
    await rm(file, { force: true }).catch(({ code }: NodeJS.ErrnoException) => {
      throw new InputError(`${file} is no lock of a training that runs, and cannot be removed (${code})`);
    });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
