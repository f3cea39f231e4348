/** What the page shows is told by its address, after the #, so that it can be kept and reloaded. */

/** The address of a board, without what comes before the #. A game may be named by a path. */
export const addressOf = ({ game, agent }: { readonly game: string; readonly agent?: string }): string =>
  ['#play', game, ...(agent === undefined ? [] : [agent])]
    .map(part => part.replaceAll(/[/%]/g, encodeURIComponent))
    .join('/');

/** The parts of an address after the #. */
export const partsOf = (address: string): readonly string[] =>
  address.split('/').map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      // Not of our making.
      return part;
    }
  });
