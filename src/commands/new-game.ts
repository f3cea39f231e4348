/** `swp new-game`: a folder for a game of one's own, complete and green from the start. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
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
      const texts = FILES.map(([from]) => readFileSync(join(root, 'examples', 'new-game', from), 'utf8'));
      const identifier = identifierFor(name, [readFileSync(catalog, 'utf8'), ...texts]);
      const listed = withGame(readFileSync(catalog, 'utf8'), name, identifier);
      for (const [i, target] of targets.entries()) {
        mkdirSync(dirname(join(root, target)), { recursive: true });
        writeFileSync(join(root, target), named(texts[i]!, name, identifier, target));
      }
      writeFileSync(catalog, listed);
      console.log(`${targets.map(target => `made     ${target}`).join('\n')}\nchanged  games/catalog.ts\n`);
      console.log(`It is the game of the last counter until you change it; CONTRIBUTING.md tells the order of work.

npx tsc --noEmit
npx vitest run test/games.test.ts test/faults.test.ts -t ${name}    # the laws; -u renews test/playthroughs/${name}.txt
npx vitest run test/games/${name}.test.ts                           # your own tests
npm run build && npx swp play ${name} --against random              # npx swp is what was built last
node scripts/plant-faults.mjs ${name}                               # would the tests notice wrong rules?

'npm test' checks everything.`);
    });

/** 'nine-mens-morris' as 'nineMensMorris'. */
const camelCase = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** What the game is called in code: 'catchGame' where 'catch' is a word of the language, or has a meaning in the files it goes to. */
function identifierFor(name: string, texts: readonly string[]): string {
  const word = camelCase(name);
  const hasMeaning = texts.some(text => new RegExp(`\\b(${word}|${capitalized(word)})\\b`).test(text));
  return hasMeaning || isReserved(word) ? `${word}Game` : word;
}

/** Whether the language keeps a word for itself; it is compiled, and never run. */
function isReserved(word: string): boolean {
  try {
    new Script(`async () => { 'use strict'; const ${word} = 0; }`);
    return false;
  } catch {
    return true;
  }
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const title = (name: string): string =>
  name.replace(/(^|-)(.)/g, (_, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase());

/** The example's text under another name and from another place. */
function named(text: string, name: string, identifier: string, target: string): string {
  const lines = text
    .replaceAll('last-counter', name)
    .replaceAll('lastCounter', identifier)
    .replaceAll('LastCounter', capitalized(identifier))
    .replaceAll('Last Counter', title(name))
    .replaceAll("'../../games/", target.startsWith('games/') ? "'../" : "'../../games/")
    .replaceAll("'./rules.ts'", target.startsWith('games/') ? "'./rules.ts'" : `'../../games/${name}/rules.ts'`)
    .split('\n');
  // The game's own name decides where the import of its rules belongs among those of games/.
  const first = lines.findIndex(line => importedFrom(line)?.startsWith('../../games/'));
  if (first >= 0) {
    const count = lines.slice(first).findIndex(line => importedFrom(line) === undefined);
    const sorted = lines.slice(first, first + count).sort((a, b) => order(importedFrom(a)!, importedFrom(b)!));
    lines.splice(first, count, ...sorted);
  }
  return lines.join('\n');
}

const importedFrom = (line: string): string | undefined => /^import .* from '(.*)';$/.exec(line)?.[1];

/** Paths as the formatter sorts them: folder by folder. */
function order(one: string, other: string): number {
  const [mine, theirs] = [one.split('/'), other.split('/')];
  const at = mine.findIndex((part, i) => part !== theirs[i]);
  return at < 0 ? 0 : mine[at]! < (theirs[at] ?? '') ? -1 : 1;
}

/** games/catalog.ts with the game's imports, in their order, and its place on the shelf. */
function withGame(catalog: string, name: string, identifier: string): string {
  const lines = catalog.split('\n');
  for (const [file, value] of [
    ['rules', identifier],
    ['view', `${identifier}View`],
  ] as const) {
    const path = `./${name}/${file}.ts`;
    const imports = lines.flatMap((line, i) => (importedFrom(line) === undefined ? [] : [i]));
    const next = imports.find(i => order(importedFrom(lines[i]!)!, path) > 0) ?? imports.at(-1)! + 1;
    lines.splice(next, 0, `import { ${value} } from '${path}';`);
  }
  const end = lines.indexOf(
    '];',
    lines.findIndex(line => line.startsWith('const shelf')),
  );
  lines.splice(end, 0, `  shown(${identifier}, ${identifier}View),`);
  return lines.join('\n');
}
