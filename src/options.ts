/** What several commands' options have in common. */

import { Option } from 'commander';
import { InputError } from './errors.ts';

/** Reads a whole number within a range, or says which option wants what. */
export const wholeNumber =
  (name: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InputError(`${name} must be a whole number from ${least} to ${most}, not '${text}'`);
  };

export const seedOption = (): Option =>
  new Option('--seed <s>', 'all the luck there is: the same seed gives the same results')
    .argParser(wholeNumber('--seed', 0, 1_000_000))
    .default(1);

export const logOption = (): Option =>
  new Option('--log <file>', 'the log of matches, an SQLite file').default('swp.db');

export const jsonOption = (): Option => new Option('--json', 'print JSON instead of text').default(false);

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map(line => `  $ swp ${line}`).join('\n')}\n`;
