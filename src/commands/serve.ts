/** `swp serve`: play in a browser, look at ratings, step through matches. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { movesOf } from '../../arena/match.ts';
import { catalog, variants } from '../../games/catalog.ts';
import type { Game } from '../../games/game.ts';
import { gameNamed, moduleFor } from '../games.ts';
import { type ModelOptions, modelOptions, whyNoModel, withModel } from '../llm.ts';
import { type Log, openLog } from '../log.ts';
import { examples, logOption, wholeNumber } from '../options.ts';
import { agentNamed, KINDS, parseSpec } from '../roster.ts';
import { type Service, startServer } from '../serve.ts';
import { hasSnapshot } from '../snapshots.ts';
import { standingsOf } from '../standings.ts';
import { distinctNames } from '../tournament.ts';
import { addressOf } from '../web/address.ts';
import type { Opponent, Strength } from '../web/api.ts';

interface Options extends ModelOptions {
  readonly port: number;
  readonly log: string;
  readonly open: boolean;
}

export const serveCommand = (): Command =>
  modelOptions(
    new Command('serve')
      .description('play an agent in the browser, see ratings, step through matches')
      .argument('[game]', 'the game to begin with, or a file with a boardgame.io game')
      .option(
        '--port <n>',
        'where to listen, on this machine only; 0 is any free port',
        wholeNumber('--port', 0, 65_535),
        8642,
      )
      .addOption(logOption())
      .option('--no-open', 'do not open a browser'),
  )
    .addHelpText(
      'after',
      examples(
        'serve',
        'serve hex:size=7',
        'serve examples/subtract.js',
        'serve --port 0 --log showdown/showdown.db',
        'serve --model gpt-4o-mini',
      ),
    )
    .action(serve);

async function serve(name: string | undefined, options: Options): Promise<void> {
  const game = name === undefined ? undefined : gameNamed(name);
  const module = name === undefined ? undefined : await moduleFor(name);
  const log = logWhenThere(options.log);
  log.current();
  try {
    const without = await whyNoModel(options);
    await withModel(options, async surroundings => {
      const server = await startServer(options.port, {
        opponents: opponents(without === undefined),
        guests: game && module !== undefined ? [{ name: game.name, module }] : [],
        seat: (spec, game, tell) => agentNamed(spec, game, surroundings(tell)),
        ...fromLog(log.current),
      });
      const address = game ? `${server.url}/${addressOf({ game: game.name })}` : server.url;
      console.log(`shall we play? ${address} (Ctrl-C ends)`);
      if (without !== undefined) console.log(`no language model is offered: ${without}`);
      if (options.open && process.stdout.isTTY) openBrowser(address);
      await once(process, 'SIGINT');
      await server.close();
    });
  } finally {
    log.close();
  }
  // A model may still be at an answer that nobody waits for.
  process.exit();
}

/** The log from the moment that there is one: a tournament may begin it while the page is open. */
function logWhenThere(file: string) {
  let log: Log | undefined;
  return {
    current(): Log | undefined {
      if (!log && existsSync(file)) log = openLog(file);
      return log;
    },
    close: () => log?.close(),
  };
}

/** What the page shows of a log; nothing while there is none. */
const fromLog = (log: () => Log | undefined): Pick<Service, 'tables' | 'matches' | 'match'> => ({
  tables() {
    const entries = log()?.entries() ?? [];
    const games = [...new Set(entries.map(({ record }) => record.game))].sort();
    return games.flatMap(game => {
      const standings = standingsOf(entries.filter(({ record }) => record.game === game));
      return standings ? [{ game, standings }] : [];
    });
  },
  matches() {
    const entries = log()?.entries() ?? [];
    const nameOf = distinctNames(entries.map(({ record }) => record));
    return entries.map(({ id, record }) => ({
      id,
      game: record.game,
      ending: record.ending,
      names: [nameOf(record, 0), nameOf(record, 1)] as const,
      plies: movesOf(record).length,
    }));
  },
  match: id => log()?.entry(id)?.record,
});

const simulations = (kind: string, numbers: readonly number[]): readonly Strength[] =>
  numbers.map(number => ({
    label: number === 0 ? 'the network alone' : `${number.toLocaleString('en')} simulations`,
    spec: `${kind}:simulations=${number}`,
  }));

/** Every agent that can play here, with the strengths that the page offers. */
export function opponents(model: boolean): readonly Opponent[] {
  const games = [...catalog, ...variants].map(({ game }) => game);
  const namesOf = (fits: (game: Game) => boolean) => games.filter(fits).map(({ name }) => name);
  const plans = new Set(games.flatMap(({ scripts = {} }) => Object.keys(scripts)));
  const offered: Readonly<Record<string, readonly Strength[]>> = {
    specialist: simulations('specialist', [0, 50, 200, 800]).map((each, i) => ({
      ...each,
      // Where something is hidden there is nothing but the network alone.
      games: namesOf(game => hasSnapshot(game) && (i === 0 || !game.hides)),
    })),
    mcts: simulations('mcts', [100, 1000, 10_000]),
    minimax: [2, 4, 6].map(depth => ({ label: `${depth} plies deep`, spec: `minimax:depth=${depth}` })),
    script: [...plans].map(plan => ({
      label: plan,
      spec: `script:name=${plan}`,
      games: namesOf(({ scripts = {} }) => Object.hasOwn(scripts, plan)),
    })),
    greedy: [{ label: 'one ply', spec: 'greedy' }],
    random: [{ label: 'any move', spec: 'random' }],
    perfect: [
      {
        label: 'never errs',
        spec: 'perfect',
        games: namesOf(({ solver, small = false }) => solver !== undefined || small),
      },
    ],
    llm: [
      ['reads rules and guide', 'rules+guide'],
      ['reads the rules', 'rules'],
      ['reads nothing', 'none'],
    ].map(([label, text]) => ({ label: label!, spec: `llm:text=${text}` })),
  };
  return Object.entries(offered)
    .filter(([name]) => model || name !== 'llm')
    .map(([name, strengths]) => ({
      name,
      about: KINDS[name]!.about,
      strengths: strengths as Opponent['strengths'],
      usual: (strengths.find(({ spec }) => isUsual(spec)) ?? strengths[0]!).spec,
    }));
}

/** Whether every setting of a spec has the value that it has when it is left out. */
function isUsual(spec: string): boolean {
  const { kind, values } = parseSpec(spec);
  return Object.entries(values).every(([key, value]) => {
    const setting = KINDS[kind]!.settings[key]!;
    return 'usual' in setting && String(setting.usual) === value;
  });
}

/** Asks the desktop to show the page; where there is none, the address was printed. */
function openBrowser(url: string): void {
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  spawn(command!, words, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
