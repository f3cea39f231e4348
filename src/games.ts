/** Finding a game by the name a person typed. */

import { catalog } from '../games/catalog.ts';
import type { Game } from '../games/game.ts';
import { InputError } from './errors.ts';

/** Throws InputError, with the names there are, for any other name. */
export function gameNamed(name: string): Game {
  const found = catalog.find(({ game }) => game.name === name);
  if (found) return found.game;
  throw new InputError(`no game is called '${name}'; the games are ${catalog.map(({ game }) => game.name).join(', ')}`);
}
