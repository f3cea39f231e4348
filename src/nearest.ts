/** What a person probably meant by a name that does not exist. */

import { closest, distance } from 'fastest-levenshtein';

/** "did you mean 'mcts'?" where one of `names` is near, else "there are: a, b". */
export function suggestion(name: string, names: readonly string[]): string {
  const near = closest(name, names);
  return distance(name, near) <= Math.max(2, name.length / 3)
    ? `did you mean '${near}'?`
    : `there are: ${names.join(', ')}`;
}
