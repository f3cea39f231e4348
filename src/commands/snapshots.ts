/** `swp snapshots` and `swp snapshot verify`: what trained networks there are, and whether they are whole. */

import { basename, dirname, relative } from 'node:path';
import { Command } from 'commander';
import { sizeOf } from '../../agents/network.ts';
import { InputError } from '../errors.ts';
import { examples, jsonOption } from '../options.ts';
import {
  defaultSnapshot,
  gameOf,
  hasSnapshot,
  loadManifest,
  type Manifest,
  networkOf,
  shippedSnapshots,
  snapshotNamed,
  snapshotsIn,
  verifySnapshot,
} from '../snapshots.ts';

export const snapshotsCommand = (): Command =>
  new Command('snapshots')
    .description('list trained networks: those that ship, and those in folders')
    .argument('[folders...]', 'snapshots, or folders that hold some')
    .addOption(jsonOption())
    .addHelpText('after', examples('snapshots', 'snapshots runs/c4 --json'))
    .action(async (folders: readonly string[], { json }: { readonly json: boolean }) => {
      const lines = await Promise.all((await found(folders)).map(lineOf));
      if (json) console.log(JSON.stringify(lines, null, 2));
      else for (const line of lines) console.log(textOf(line));
    });

export const snapshotCommand = (): Command => {
  const verify = new Command('verify')
    .description(
      'recompute the hashes of snapshots, load their networks, and compare what tfjs and onnxruntime make of a position',
    )
    .argument('[snapshots...]', 'folders, or hashes of snapshots that ship; all that ship where none is named')
    .addHelpText('after', examples('snapshot verify', 'snapshot verify runs/c4/HASH'))
    .action(async (names: readonly string[]) => {
      const folders = names.length > 0 ? await Promise.all(names.map(snapshotNamed)) : await shippedSnapshots();
      for (const folder of folders) {
        const { manifest, apart } = await verifySnapshot(folder);
        if (isNamedByHash(folder) && !manifest.sha256.startsWith(basename(folder))) {
          throw new InputError(`${folder} holds the snapshot ${manifest.sha256.slice(0, 12)}`);
        }
        console.log(
          `${manifest.game} ${manifest.sha256}: whole; tfjs and onnxruntime judge ${apart.toExponential(1)} apart`,
        );
      }
    });
  return new Command('snapshot')
    .description('look after trained networks')
    .addHelpText('after', examples('snapshot verify'))
    .addCommand(verify);
};

const isNamedByHash = (folder: string): boolean => /^[0-9a-f]{12}$/.test(basename(folder));

/** Those that ship, then those in the folders. Throws InputError for a folder without any. */
async function found(folders: readonly string[]): Promise<readonly string[]> {
  const others: string[] = [];
  for (const folder of folders) {
    const inside = await snapshotsIn(folder);
    if (inside.length === 0) throw new InputError(`${folder} is no snapshot and holds none`);
    others.push(...inside);
  }
  return [...(await shippedSnapshots()), ...others];
}

/** One snapshot as it is listed. */
interface Line {
  readonly folder: string;
  readonly game: string;
  readonly recipe: string;
  readonly sha256: string;
  readonly parameters: number;
  /** Of self-play, and those of the runs whose lessons it began with. */
  readonly games: number;
  readonly parent: string | null;
  readonly lessonsOf: Manifest['lessonsOf'];
  /** Whether it is what the game's specialist plays with. */
  readonly isDefault: boolean;
  readonly measured: Manifest['measured'];
}

async function lineOf(folder: string): Promise<Line> {
  const manifest = await loadManifest(folder);
  const { recipe, sha256, games, parent, lessonsOf, measured } = manifest;
  const game = gameOf(manifest, folder);
  return {
    folder: relative('.', folder) || '.',
    game: game.name,
    recipe,
    sha256,
    parameters: networkOf(game, manifest, folder).list.reduce((sum, parameter) => sum + sizeOf(parameter), 0),
    games,
    parent,
    lessonsOf,
    isDefault: hasSnapshot(game) && (await defaultSnapshot(game)) === folder,
    measured,
  };
}

function textOf({
  folder,
  game,
  recipe,
  sha256,
  parameters,
  games,
  parent,
  lessonsOf,
  isDefault,
  measured,
}: Line): string {
  const strengths = Object.entries(measured).map(([what, result]) => `  ${what}: ${resultText(result)}`);
  const number = (count: number) => count.toLocaleString('en');
  const facts = [
    recipe,
    `${number(parameters)} parameters`,
    lessonsOf ? `lessons of ${number(games)} games, other runs' among them` : `${number(games)} games of self-play`,
    ...(parent === null ? [] : [`from ${parent.slice(0, 12)}`]),
  ];
  return [
    `${game} ${sha256.slice(0, 12)}${isDefault ? ' (default)' : ''} in ${dirname(folder)}: ${facts.join(', ')}`,
    ...strengths,
  ].join('\n');
}

/** Numbers of a measurement by name, shares as they are. */
const resultText = (result: unknown): string =>
  typeof result === 'object' && result !== null
    ? Object.entries(result)
        .map(
          ([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toFixed(3)) : JSON.stringify(value)}`,
        )
        .join(', ')
    : JSON.stringify(result);
