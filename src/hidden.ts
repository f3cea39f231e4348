/**
 * Guessing what a player cannot see of a boardgame.io game, whose rules for
 * hiding are known only as a function from the state to a view of it.
 */

import type { Random } from '../games/random.ts';

type Tree = Record<string, unknown>;

/** One unseen thing: these keys of `holder`, which change places together. */
interface Place {
  readonly holder: Tree;
  readonly keys: readonly string[];
}

/** Things in lists are cards of hands and decks, for all we know: they go from any list to any other. */
const IN_LIST = 'in a list';

/**
 * A copy of `state` in which what `view` does not show has changed places at
 * random: cards of hands and decks with each other, single things with those of
 * the same name, or with cards where there is only one. The lengths of lists stay.
 */
export function reshuffled<State extends object>(state: State, view: unknown, random: Random): State {
  const copy = structuredClone(state);
  const groups = new Map<string, Place[]>();
  collect(copy as Tree, view, false, (group, place) => groups.set(group, [...(groups.get(group) ?? []), place]));
  for (const [group, places] of groups) {
    const cards = groups.get(`${IN_LIST} ${group.slice(group.lastIndexOf(' ') + 1)}`);
    if (places.length === 1 && cards && cards !== places) {
      cards.push(...places);
      groups.delete(group);
    }
  }
  for (const places of groups.values()) {
    const things = places.map(({ holder, keys }) => keys.map(key => holder[key]));
    // In an order that does not tell what lay where.
    things.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    for (const { holder, keys } of places) {
      const [thing] = things.splice(Math.floor(random() * things.length), 1);
      for (const [i, key] of keys.entries()) holder[key] = thing![i];
    }
  }
  return copy;
}

/** Tells `found` of all that the view does not show, with the name of what it may be exchanged with. */
function collect(value: Tree, view: unknown, inList: boolean, found: (group: string, place: Place) => void): void {
  const seen: Tree = isTree(view) ? view : {};
  const unseen = Object.keys(value).filter(key => JSON.stringify(value[key]) !== JSON.stringify(seen[key]));
  const plain = unseen.filter(key => !isTree(value[key]));
  for (const key of unseen) {
    const child = value[key];
    if (isTree(child)) collect(child, seen[key], Array.isArray(value), found);
  }
  if (Array.isArray(value)) {
    for (const key of plain) found(`${IN_LIST} ${typeof value[Number(key)]}`, { holder: value, keys: [key] });
  } else if (inList && plain.length > 0) {
    // A card is more than one word: its suit never goes without its rank.
    found(`${IN_LIST} ${plain.toSorted().join()}`, { holder: value, keys: plain });
  } else {
    for (const key of plain) found(`${key} ${typeof value[key]}`, { holder: value, keys: [key] });
  }
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
