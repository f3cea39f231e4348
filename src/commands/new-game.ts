/** `swp new-game`: a folder for a game of one's own, complete and green from the start. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../errors.ts';
import { root } from '../files.ts';
import { examples } from '../options.ts';

/** Where each file of the example goes. */
const FILES: readonly (readonly [from: string, to: (name: string) => string])[] = [
  ['rules.ts', name => `games/${name}/rules.ts`],
  ['view.ts', name => `games/${name}/view.ts`],
  ['rules.md', name => `games/${name}/rules.md`],
  ['guide.md', name => `games/${name}/guide.md`],
  ['test.ts', name => `test/games/${name}.test.ts`],
  ['faults.json', name => `test/faults/${name}.json`],
];

export const newGameCommand = (): Command =>
  new Command('new-game')
    .description('make a folder for a new game, with rules, guide, view and tests that pass, to be changed into yours')
    .argument('<name>', "the game's name, in small letters: 'nine-mens-morris'")
    .addHelpText('after', examples('new-game nine-mens-morris'))
    .action((name: string) => {
      if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
        throw new InputError(`a game's name is small letters and digits, words joined by '-'; '${name}' is not`);
      }
      const catalog = join(root, 'games', 'catalog.ts');
      if (!existsSync(catalog) || !existsSync(join(root, 'examples', 'new-game'))) {
        throw new InputError('a game is made in a clone of the repository, which this is not');
      }
      const targets = FILES.map(([, to]) => to(name));
      const taken = targets.find(target => existsSync(join(root, target)));
      if (taken !== undefined) throw new InputError(`${taken} exists already; nothing was written`);
      const listed = withGame(readFileSync(catalog, 'utf8'), name);
      for (const [from, to] of FILES) {
        const target = join(root, to(name));
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, named(readFileSync(join(root, 'examples', 'new-game', from), 'utf8'), name, to(name)));
      }
      writeFileSync(catalog, listed);
      console.log(`${targets.map(target => `made     ${target}`).join('\n')}\nchanged  games/catalog.ts\n`);
      console.log(`It is the game of the last counter until you change it. 'npm test' checks the laws of games/game.ts,
plays every block of rules.md and guide.md, and writes test/playthroughs/${name}.txt; 'node scripts/plant-faults.mjs
${name}' shows whether the tests would notice wrong rules. CONTRIBUTING.md tells the order of work.`);
    });

/** 'nine-mens-morris' as 'nineMensMorris'. */
const camelCase = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
const pascalCase = (name: string): string => camelCase(`-${name}`);
const title = (name: string): string =>
  name.replace(/(^|-)(.)/g, (_, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase());

/** The example's text under another name and from another place. */
const named = (text: string, name: string, target: string): string =>
  text
    .replaceAll('last-counter', name)
    .replaceAll('lastCounter', camelCase(name))
    .replaceAll('LastCounter', pascalCase(name))
    .replaceAll('Last Counter', title(name))
    .replaceAll("'../../games/", target.startsWith('games/') ? "'../" : "'../../games/")
    .replaceAll("'./rules.ts'", target.startsWith('games/') ? "'./rules.ts'" : `'../../games/${name}/rules.ts'`);

/** games/catalog.ts with the game's imports, in their order, and its place on the shelf. */
function withGame(catalog: string, name: string): string {
  const lines = catalog.split('\n');
  for (const [file, value] of [
    ['rules', camelCase(name)],
    ['view', `${camelCase(name)}View`],
  ] as const) {
    const path = `./${name}/${file}.ts`;
    const after = lines.findIndex(line => (/^import .* from '(.*)';$/.exec(line)?.[1] ?? '') > path);
    lines.splice(after, 0, `import { ${value} } from '${path}';`);
  }
  const end = lines.indexOf(
    '];',
    lines.findIndex(line => line.startsWith('const shelf')),
  );
  lines.splice(end, 0, `  shown(${camelCase(name)}, ${camelCase(name)}View),`);
  return lines.join('\n');
}
