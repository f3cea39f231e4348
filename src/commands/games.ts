/** `swp games`: what can be played, what one game is like, and whether a recording agrees with our rules. */

import { Command } from 'commander';
import { families } from '../../games/catalog.ts';
import { type Family, gameOf, type Variant } from '../../games/family.ts';
import { type Game, randomMove } from '../../games/game.ts';
import { seededRandom } from '../../games/random.ts';
import { formatValues, givenValues, type Parameter, usualValues, type Values } from '../../games/settings.ts';
import { divergence, judgedPositions, POSITIONS, SIMULATIONS } from '../divergence.ts';
import { documentsOf } from '../documents.ts';
import { InputError } from '../errors.ts';
import { textOf } from '../files.ts';
import { gameNamed } from '../games.ts';
import { suggestion } from '../nearest.ts';
import { examples, jsonOption } from '../options.ts';
import { follow } from '../trace.ts';

/** Random games from which lengths and branching are told. */
const SAMPLE = 100;

interface Options {
  readonly trace: boolean;
  readonly rules: boolean;
  readonly guide: boolean;
  readonly divergence: boolean;
  readonly json: boolean;
}

export const gamesCommand = (): Command =>
  new Command('games')
    .description('list the games, show one, or check a recording against the rules')
    .argument('[game]', 'one game: its parameters, variants and first position')
    .argument('[file]', 'with --trace, a recording of it (.jsonl, also gzipped)')
    .option('--rules', "print the game's rulebook", false)
    .option('--guide', "print the game's guide", false)
    .option('--divergence', 'measure how far the variants lie from the usual game; takes a minute a game', false)
    .option('--trace', 'replay games that OpenSpiel recorded, and tell the first difference', false)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'games',
        'games hex',
        'games hex:size=5 --rules',
        'games connect-four --divergence',
        'games --trace connect-four recorded.jsonl.gz',
      ),
    )
    .action(async (name: string | undefined, file: string | undefined, options: Options) => {
      if (options.trace) return trace(name, file);
      if (file !== undefined) throw new InputError(`'${file}': a file is only read with --trace`);
      if (options.rules || options.guide) return await printDocuments(name, options);
      const asked = name === undefined ? families : [gameNamed(name).family];
      if (options.divergence) return printDivergence(asked.map(familyOf), options.json);
      if (name === undefined) return list(options.json);
      show(gameNamed(name), options.json);
    });

function familyOf(asked: Family | string): Family {
  if (typeof asked !== 'string') return asked;
  const found = families.find(({ name }) => name === asked);
  if (!found) throw new InputError(`'${asked}' is a game from a file; it has no variants`);
  return found;
}

/** 'size=7,misere=yes': the settings of a variant. */
const settingsOf = ({ parameters }: Family, { values }: Variant): string =>
  formatValues(parameters, { ...usualValues(parameters), ...values } as Values);

/** Plies of a random game, and the moves that a seat can choose from: means of {@link SAMPLE} games. */
function measured(game: Game): { readonly plies: number; readonly branching: number } {
  let plies = 0;
  let decisions = 0;
  let choices = 0;
  for (let seed = 0; seed < SAMPLE; seed++) {
    const random = seededRandom(seed);
    for (let state = game.start; !game.outcome(state); plies++) {
      if (game.turn(state) !== 'chance') {
        decisions++;
        choices += game.moves(state).length;
      }
      state = game.play(state, randomMove(game, state, random));
    }
  }
  return { plies: Math.round(plies / SAMPLE), branching: Math.round((10 * choices) / decisions) / 10 };
}

/** 'cards, luck, hidden': what sort of game it is, and whether it has luck or secrets. */
const kindOf = (game: Game, family: Family | undefined): string =>
  [
    family?.kind ?? 'boardgame.io game from a file',
    ...(game.chanceCount ? ['luck'] : []),
    ...(game.hides ? ['hidden'] : []),
  ].join(', ');

function list(json: boolean): void {
  const rows = families.map(family => {
    const game = gameOf(family);
    return {
      name: family.name,
      title: game.title,
      kind: kindOf(game, family),
      ...measured(game),
      variants: family.variants.map(variant => settingsOf(family, variant)),
    };
  });
  if (json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const lines = rows.map(({ name, kind, plies, branching, variants }) => [
    name,
    kind,
    String(plies),
    branching.toFixed(1),
    variants.join(' · '),
  ]);
  console.log(table([['game', 'kind', 'plies', 'moves', 'variants'], ...lines], [2, 3]));
  console.log(
    `\nplies: length of a random game; moves: legal ones a decision in it. A variant is written as in ${rows[1]!.name}:${rows[1]!.variants[0]};\n'swp games GAME' tells what can be set and what each variant changes.`,
  );
}

function show(game: Game, json: boolean): void {
  const family = families.find(({ name }) => name === game.family);
  const variants = (family?.variants ?? []).map(variant => ({
    name: `${game.family}:${settingsOf(family!, variant)}`,
    about: variant.about,
  }));
  const { plies, branching } = measured(game);
  const [planes, rows, columns] = game.observationShape;
  const scripts = Object.keys(game.scripts ?? {});
  if (json) {
    const { name, title, moveCount, chanceCount = 0, notation } = game;
    const { parameters = {} } = family ?? {};
    const kind = kindOf(game, family);
    const about = {
      name,
      title,
      kind,
      plies,
      branching,
      moveCount,
      chanceCount,
      notation,
      parameters,
      variants,
      scripts,
    };
    console.log(JSON.stringify(about, null, 2));
    return;
  }
  console.log(`${game.title} (${game.name})\n\n${game.show(game.start)}\n`);
  const facts = [
    ['kind', kindOf(game, family)],
    ['random play', `${plies} plies, ${branching} legal moves a decision`],
    ['a move is', game.notation],
    ['numbered', `${game.moveCount} moves${game.chanceCount ? ` and ${game.chanceCount} of chance` : ''}`],
    ['observed as', `${planes} × ${rows} × ${columns} numbers`],
    ...(scripts.length > 0 ? [['scripts', scripts.map(script => `script:name=${script}`).join(', ')]] : []),
  ];
  console.log(table(facts));
  const parameters = Object.entries(family?.parameters ?? {});
  if (parameters.length > 0) {
    console.log(
      `\nParameters\n${table(parameters.map(([key, parameter]) => [`  ${key}=${rangeOf(parameter)}`, parameter.about]))}`,
    );
  }
  if (variants.length > 0) console.log(`\nVariants\n${table(variants.map(({ name, about }) => [`  ${name}`, about]))}`);
  console.log(`\nRules: swp games ${game.name} --rules   Guide: --guide   Play: swp play ${game.name} --against mcts`);
}

const rangeOf = (parameter: Parameter): string =>
  parameter.kind === 'flag'
    ? `yes|no (usually ${parameter.usual ? 'yes' : 'no'})`
    : `${parameter.least}…${parameter.most} (usually ${parameter.usual})`;

/** Columns as wide as their widest text; the numbers of `right` stand at the right. */
function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  const cell = (text: string, column: number) =>
    right.includes(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!);
  return rows.map(row => row.map(cell).join('  ').trimEnd()).join('\n');
}

async function printDocuments(name: string | undefined, { rules, guide }: Options): Promise<void> {
  if (name === undefined)
    throw new InputError(`say of which game, as in 'swp games hex --${rules ? 'rules' : 'guide'}'`);
  const documents = await documentsOf(gameNamed(name));
  console.log([...(rules ? [documents.rules] : []), ...(guide ? [documents.guide] : [])].join('\n').trimEnd());
}

function printDivergence(of: readonly Family[], json: boolean): void {
  const found = of.flatMap(family => {
    console.error(`${family.name} …`);
    const positions = judgedPositions(gameOf(family));
    return family.variants.map(({ values }) => {
      const variant = gameOf(family, values);
      return { variant: variant.name, ...divergence(positions, variant) };
    });
  });
  if (json) {
    console.log(JSON.stringify(found, null, 2));
    return;
  }
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const lines = found.map(({ variant, absent, legal, best, noise }) => [
    variant,
    percent(absent + legal + best),
    percent(absent),
    percent(legal),
    percent(best),
    percent(noise),
  ]);
  console.log(
    table(
      [['variant', 'diverges', 'no such position', 'other legal moves', 'other best move', 'noise'], ...lines],
      [1, 2, 3, 4, 5],
    ),
  );
  console.log(
    `\nOf ${POSITIONS} positions of random play of the usual game. Best: by a tree search of ${SIMULATIONS} simulations; noise: the share on\nwhich two such searches of the usual game itself do not agree.`,
  );
}

function givenIn({ name, parameters }: Family, text: string): Partial<Values> {
  try {
    return givenValues(parameters, text);
  } catch (error) {
    throw error instanceof RangeError ? new InputError(`'${name}:${text}': ${error.message}`) : error;
  }
}

function trace(name: string | undefined, file: string | undefined): void {
  if (name === undefined || file === undefined) throw new InputError("say 'swp games --trace GAME FILE'");
  const [asked = '', ...settings] = name.split(':');
  const family = families.find(({ name, openSpiel }) => name === asked || openSpiel?.name === asked);
  if (!family) {
    throw new InputError(
      `no game is called '${asked}'; ${suggestion(
        asked,
        families.map(({ name }) => name),
      )}`,
    );
  }
  const values = settings.length === 0 ? {} : givenIn(family, settings.join(':'));
  const text = textOf(file);
  let followed: ReturnType<typeof follow>;
  try {
    followed = follow(family, text, values);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${file}: ${error.message}`) : error;
  }
  const { game, playouts, steps, difference } = followed;
  if (difference === undefined) console.log(`${game.name}: ${playouts} playouts, ${steps} steps, all as recorded`);
  else {
    console.log(`${game.name}: ${file} differs at ${difference}`);
    process.exitCode = 1;
  }
}
