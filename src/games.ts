/** Finding a game by the name a person typed. */

import { catalog } from '../games/catalog.ts';
import type { Game } from '../games/game.ts';
import { InputError } from './errors.ts';
import { suggestion } from './nearest.ts';

/** Throws InputError, with a name that is near or all there are, for any other name. */
export function gameNamed(name: string): Game {
  const found = catalog.find(({ game }) => game.name === name);
  if (found) return found.game;
  const names = catalog.map(({ game }) => game.name);
  throw new InputError(`no game is called '${name}'; ${suggestion(name, names)}`);
}
