/** Settings of a recipe from the command line: `--set filters=64 --set rate=0.002,0.00005`. */

import { z } from 'zod';
import { InputError } from '../errors.ts';
import { suggestion } from '../nearest.ts';

/** Schemas whose messages say what is wanted. */
export const share = z.number('must be a number from 0 to 1').min(0, 'must be at least 0').max(1, 'must be at most 1');
export const positive = (number: z.ZodNumber) => number.positive('must be above 0');
export const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
};
const TWO_RATES = 'must be two learning rates, as in 0.002,0.00005';
export const RATES = z.tuple([positive(z.number(TWO_RATES)), positive(z.number(TWO_RATES))], TWO_RATES);

/** Where a run ends. */
export const GOAL = z.union(
  [
    z.strictObject({ iterations: whole(1, 1_000_000) }),
    z.strictObject({ minutes: positive(z.number('must be a number')) }),
  ],
  'must be iterations or minutes',
);

/** What every recipe's settings hold of the network. */
export const NETWORK_SETTINGS = { filters: whole(4, 512), blocks: whole(1, 40) };

/** What is wrong first in something that was read, and where. */
export function complaint({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return `${path.join('.')}: ${message}`;
}

type Values = { readonly [name: string]: unknown };

const isGroup = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every setting's name, those in groups among them. */
const namesIn = (values: Values): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => (isGroup(value) ? namesIn(value) : [name]));

/** `usual` with some settings changed, each given as NAME=VALUE. Throws InputError for one that does not exist or is out of its range. */
export function settingsFrom<Settings>(
  schema: z.ZodType<Settings>,
  usual: Settings,
  texts: readonly string[],
): Settings {
  const names = namesIn(usual as Values);
  let settings = usual as Values;
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (!names.includes(name))
      throw new InputError(`--set ${text}: no setting is called '${name}'; ${suggestion(name, names)}`);
    if (equals < 0) throw new InputError(`--set ${text}: say what ${name} is, as in --set ${name}=VALUE`);
    settings = withSetting(settings, name, parsedValue(text.slice(equals + 1)));
    const parsed = schema.safeParse(settings);
    if (!parsed.success) throw new InputError(`--set ${text}: ${parsed.error.issues[0]!.message}`);
  }
  return settings as Settings;
}

function parsedValue(text: string): unknown {
  if (text.includes(',')) return text.split(',').map(parsedValue);
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

const withSetting = (values: Values, name: string, value: unknown): Values =>
  Object.fromEntries(
    Object.entries(values).map(([key, old]) => [
      key,
      isGroup(old) ? withSetting(old, name, value) : key === name ? value : old,
    ]),
  );
