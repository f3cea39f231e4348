/** Settings as a person types them, of games and of agents alike: 'size=7,misere=yes'. */

/** A whole number in a range, or yes or no. */
export type Parameter =
  | {
      readonly kind: 'number';
      readonly about: string;
      readonly least: number;
      readonly most: number;
      readonly usual: number;
    }
  | { readonly kind: 'flag'; readonly about: string; readonly usual: boolean };

export type Parameters = Readonly<Record<string, Parameter>>;

/** The value of each parameter. */
export type Values<P extends Parameters = Parameters> = {
  readonly [Key in keyof P]: P[Key]['kind'] extends 'number'
    ? number
    : P[Key]['kind'] extends 'flag'
      ? boolean
      : number | boolean;
};

export const usualValues = (parameters: Parameters): Values =>
  Object.fromEntries(Object.entries(parameters).map(([key, { usual }]) => [key, usual]));

/** 'size=7,misere=yes': the values that differ from the usual ones, in the order of the parameters. */
export const formatValues = (parameters: Parameters, values: Values): string =>
  Object.entries(parameters)
    .filter(([key, { usual }]) => values[key] !== usual)
    .map(([key]) => `${key}=${formatValue(values[key]!)}`)
    .join(',');

const formatValue = (value: number | boolean): string =>
  typeof value === 'number' ? String(value) : value ? 'yes' : 'no';

/** All values, the usual ones where the text names none. Throws RangeError, saying what would do. */
export const parseValues = (parameters: Parameters, text: string): Values => ({
  ...usualValues(parameters),
  ...givenValues(parameters, text),
});

/** The values that the text names, and no other. Throws RangeError, saying what would do. */
export function givenValues(parameters: Parameters, text: string): Values {
  const values: Record<string, number | boolean> = {};
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    const parameter = Object.hasOwn(parameters, key) ? parameters[key]! : undefined;
    if (!parameter) {
      const keys = Object.keys(parameters);
      throw new RangeError(
        keys.length === 0 ? 'it has no parameters' : `it has no parameter '${key}'; there are: ${keys.join(', ')}`,
      );
    }
    if (Object.hasOwn(values, key)) throw new RangeError(`${key} is given twice`);
    values[key] = parseValue(key, equals < 0 ? '' : part.slice(equals + 1), parameter);
  }
  return values;
}

function parseValue(key: string, text: string, parameter: Parameter): number | boolean {
  if (parameter.kind === 'flag') {
    if (text === 'yes' || text === 'no') return text === 'yes';
    throw new RangeError(`${key} must be yes or no, not '${text}'`);
  }
  const { least, most } = parameter;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new RangeError(`${key} must be a whole number from ${least} to ${most}, not '${text}'`);
}
