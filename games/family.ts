/** A game and its variants: one set of rules with parameters. */

import type { Game, Move, Outcome, Rules } from './game.ts';
import { formatValues, type Parameters, parseValues, usualValues, type Values } from './settings.ts';

/** What sort of game it is, for lists. */
export type Kind = 'board' | 'dice' | 'cards' | 'arcade' | 'strategy';

/** Parameters under which what is known about the usual game fails. */
export interface Variant<P extends Parameters = Parameters> {
  /** The values that differ from the usual ones. */
  readonly values: Partial<Values<P>>;
  /** What is different, in a few words. */
  readonly about: string;
}

/**
 * How OpenSpiel (Lanctot et al., arXiv 1908.09453) plays the same game, so that
 * its recordings can be followed. Its players and, unless said otherwise, its
 * actions have our numbers; those of chance are ours less `moveCount`.
 */
export interface OpenSpiel<State = unknown, P extends Parameters = Parameters> {
  /** Its short name: 'connect_four'. */
  readonly name: string;
  /** Our values for its parameters. */
  values?(theirs: Readonly<Record<string, unknown>>): Partial<Values<P>>;
  /** Our move for its action. */
  move?(state: State, action: number, rules: Rules<State>): Move;
  /** Its returns, where they are not 1, 0 and -1 for won, drawn and lost. */
  returns?(outcome: Outcome, theirs: Readonly<Record<string, unknown>>): readonly [number, number];
}

export interface Family<State = unknown, P extends Parameters = Parameters> {
  /** Unique, and the name of its folder: 'connect-four'. */
  readonly name: string;
  readonly kind: Kind;
  readonly parameters: P;
  /** At least two. */
  readonly variants: readonly Variant<P>[];
  /** Easier ways to play it, easiest first, on a board of the same size: what a learner may begin with. Over the values of the game itself. */
  readonly lessons?: readonly Partial<Values<P>>[];
  /** Throws RangeError, saying what would do, where the values do not fit together. */
  rules(values: Values<P>): Rules<State>;
  readonly openSpiel?: OpenSpiel<State, P>;
}

/** The game with these values, the usual ones where none are given. */
export function gameOf<State, P extends Parameters>(
  family: Family<State, P>,
  values: Partial<Values<P>> = {},
): Game<State> {
  const all = { ...usualValues(family.parameters), ...values } as Values<P>;
  const rules = family.rules(all);
  const differing = formatValues(family.parameters, all);
  return {
    ...rules,
    name: differing === '' ? family.name : `${family.name}:${differing}`,
    family: family.name,
    facts: { ...all, title: rules.title, usual: differing === '', ...rules.facts },
  };
}

/** The game that 'size=7' after its name means. Throws RangeError, saying what would do. */
export const gameFor = <State, P extends Parameters>(family: Family<State, P>, text: string): Game<State> =>
  gameOf(family, parseValues(family.parameters, text) as Values<P>);
