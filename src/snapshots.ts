/**
 * Trained networks on disk. A snapshot is a folder: a tfjs LayersModel
 * (`model.json`, `weights.bin`), a `manifest.json` that says where it comes from
 * and how strong it is, and `log.jsonl`, the log of its training.
 *
 * Those that ship are in `snapshots/GAME/HASH`, or `snapshots/GAME/VARIANT/HASH`,
 * named by the first digits of their hash; `default` beside them holds the name of the one that plays.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Agent } from '../agents/agent.ts';
import { dqnAgent } from '../agents/dqn.ts';
import { type NetworkShape, type Parameter, parameters, shapeFor, type Weights } from '../agents/network.ts';
import { createQEvaluator, type QShape, qParameters, qShapeFor } from '../agents/q-network.ts';
import { drawingSpecialist, specialistAgent } from '../agents/specialist.ts';
import { createEvaluator, judgedByTfjs, type SavedModel, toLayersModel, toWorthsModel } from '../agents/tensors.ts';
import type { Game } from '../games/game.ts';
import { seededRandom } from '../games/random.ts';
import { InputError } from './errors.ts';
import { replaceFile, root } from './files.ts';
import { gameNamed } from './games.ts';
import { floatsOf, HEADS, kept, LESSONS_OF } from './train/checkpoints.ts';

/** The format that is written; a manifest that names none is of it too. */
const FORMAT = 1;

const Manifest = z.object({
  format: z.int().positive().default(FORMAT),
  game: z.string(),
  recipe: z.string(),
  /** All that the recipe was told; what makes the network among it: `filters`, and `blocks`, `widths` where they are unusual and `heads` where they may be, or, for DQN, `units`. */
  settings: z.looseObject({
    filters: z.int().positive(),
    blocks: z.int().nonnegative().optional(),
    units: z.int().positive().optional(),
    widths: z.array(z.int().positive()).optional(),
    heads: HEADS.optional(),
  }),
  seed: z.int(),
  /** SHA-256 of the snapshot it was trained on from; null if it began with random weights. */
  parent: z.string().nullable(),
  /** Where it began with the lessons of other runs. */
  lessonsOf: LESSONS_OF.optional(),
  iterations: z.int(),
  games: z.int(),
  positions: z.int(),
  /** How strong it was found to be, and on what. */
  measured: z.record(z.string(), z.unknown()),
  /** SHA-256 of model.json followed by weights.bin. */
  sha256: z.string(),
});

export type Manifest = z.infer<typeof Manifest>;

export interface Snapshot {
  readonly game: Game;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly network: Network;
  readonly weights: Weights;
  readonly saved: SavedModel;
}

const hashOf = (model: string | Uint8Array, weights: Uint8Array): string =>
  createHash('sha256').update(model).update(weights).digest('hex');

/** The network that a recipe trains: one of policy and value, or DQN's, which tells what each order is worth. */
export type Network = {
  readonly list: readonly Parameter[];
  readonly save: (weights: Weights) => Promise<SavedModel>;
} & (
  | { readonly kind: 'policy and value'; readonly shape: NetworkShape }
  | { readonly kind: 'worths'; readonly shape: QShape }
);

/** The network that a manifest describes. Throws InputError where it describes none. */
export function networkOf(
  game: Game,
  { recipe, settings }: Pick<Manifest, 'recipe' | 'settings'>,
  folder: string,
): Network {
  const { filters, blocks, units, widths, heads } = settings;
  if (recipe === 'dqn') {
    if (units === undefined) throw new InputError(`${folder}/manifest.json: settings.units is missing`);
    if (!game.solo) throw new InputError(`${folder} is a snapshot of DQN, which ${game.name} cannot be played by`);
    const shape = qShapeFor(game, filters, units, false);
    return {
      kind: 'worths',
      shape,
      list: qParameters(shape),
      save: weights => toWorthsModel(shape, weights),
    };
  }
  if (blocks === undefined) throw new InputError(`${folder}/manifest.json: settings.blocks is missing`);
  if (widths && widths.length !== blocks) {
    throw new InputError(`${folder}/manifest.json: ${blocks} blocks have ${widths.length} widths`);
  }
  const shape = shapeFor(game, filters, blocks, { widths, heads });
  return {
    kind: 'policy and value',
    shape,
    list: parameters(shape),
    save: weights => toLayersModel(shape, weights),
  };
}

/** Writes a snapshot into a new folder in `folder`, named by its hash. Returns that folder. Throws InputError where there is no room or no permission. */
export async function saveSnapshot(
  folder: string,
  game: Game,
  weights: Weights,
  about: Omit<Manifest, 'sha256' | 'game' | 'format'>,
  log: string,
): Promise<string> {
  const saved = await networkOf(game, about, folder).save(weights);
  const sha256 = hashOf(saved.model, saved.weights);
  const place = join(folder, sha256.slice(0, 12));
  const manifest: Manifest = { format: FORMAT, game: game.name, ...about, sha256 };
  await kept(folder, async () => {
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'model.json'), saved.model);
    await writeFile(join(place, 'weights.bin'), saved.weights);
    await writeFile(join(place, 'log.jsonl'), log);
    // Last and at once: a folder without a manifest is no snapshot.
    await replaceFile(join(place, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  });
  return place;
}

/** Where the snapshots of a game are that ship; those of a variant lie within its game's: hex/size=7. */
const shelfOf = ({ name }: Game): string => join(root, 'snapshots', ...name.split(':'));

/** Whether a snapshot ships with a game. */
export const hasSnapshot = (game: Game): boolean => existsSync(join(shelfOf(game), 'default'));

/** The folder of the snapshot that ships with a game. Throws InputError if none does. */
export async function defaultSnapshot(game: Game): Promise<string> {
  const folder = shelfOf(game);
  if (!hasSnapshot(game)) {
    const recipe = game.solo ? ' --recipe dqn' : game.hides ? ' --recipe league' : '';
    throw new InputError(
      `no specialist is trained for ${game.name} yet; train one with 'swp train ${game.name}${recipe} --minutes 30 --out FOLDER', then name it: specialist:snapshot=FOLDER/HASH`,
    );
  }
  return join(folder, (await readFile(join(folder, 'default'), 'utf8')).trim());
}

/** The folders of all snapshots that ship, by game. */
export async function shippedSnapshots(): Promise<readonly string[]> {
  const shelf = join(root, 'snapshots');
  const files = await readdir(shelf, { recursive: true });
  return files
    .filter(file => basename(file) === 'manifest.json')
    .map(file => join(shelf, dirname(file)))
    .sort();
}

/** The snapshots in a folder: itself if it is one, else the folders in it that are. */
export async function snapshotsIn(folder: string): Promise<readonly string[]> {
  if (isSnapshot(folder)) return [folder];
  const names = await readdir(folder).catch(() => []);
  return names
    .sort()
    .map(name => join(folder, name))
    .filter(isSnapshot);
}

const isSnapshot = (folder: string): boolean => existsSync(join(folder, 'manifest.json'));

/** A folder, or the first digits, four or more, of the hash of a snapshot that ships. Throws InputError for anything else. */
export async function snapshotNamed(text: string): Promise<string> {
  if (isSnapshot(text)) return text;
  const found = /^[0-9a-f]{4,}$/.test(text)
    ? (await shippedSnapshots()).filter(folder => basename(folder).startsWith(text.slice(0, 12)))
    : [];
  if (found.length === 1 && (await loadManifest(found[0]!)).sha256.startsWith(text)) return found[0]!;
  throw new InputError(
    `there is no snapshot '${text}': it is no folder with a manifest.json, and no four or more first digits of a hash that 'swp snapshots' lists`,
  );
}

const readFrom = async (folder: string, file: string): Promise<Uint8Array> => {
  try {
    return await readFile(join(folder, file));
  } catch {
    throw new InputError(`${folder} is no snapshot: ${file} cannot be read`);
  }
};

/** Throws InputError for a folder without a manifest, or with one that is damaged or of a later format. */
export async function loadManifest(folder: string): Promise<Manifest> {
  const content = json(`${folder}/manifest.json`, await readFrom(folder, 'manifest.json'));
  const format = z.object({ format: z.number() }).safeParse(content).data?.format ?? FORMAT;
  if (format > FORMAT) {
    throw new InputError(`${folder} is a snapshot of format ${format}; this version reads up to format ${FORMAT}`);
  }
  const parsed = Manifest.safeParse(content);
  if (!parsed.success) {
    throw new InputError(`${folder}/manifest.json: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  }
  return parsed.data;
}

/** Throws InputError for a folder that is no snapshot, is damaged, or is one of another game than `game` where that is given. */
export async function loadSnapshot(game: Game | undefined, folder: string): Promise<Snapshot> {
  const manifest = await loadManifest(folder);
  if (game && manifest.game !== game.name)
    throw new InputError(`${folder} is a snapshot of ${manifest.game}, not of ${game.name}`);
  const model = await readFrom(folder, 'model.json');
  const weights = await readFrom(folder, 'weights.bin');
  const sha256 = hashOf(model, weights);
  if (sha256 !== manifest.sha256) {
    throw new InputError(
      `${folder} is damaged: its content has SHA-256 ${sha256}, its manifest says ${manifest.sha256}`,
    );
  }
  const played = game ?? gameOf(manifest, folder);
  const network = networkOf(played, manifest, folder);
  return {
    game: played,
    folder,
    manifest,
    network,
    weights: weightsOf(network.list, folder, json(`${folder}/model.json`, model), floatsOf(weights)),
    saved: { model: new TextDecoder().decode(model), weights },
  };
}

/** The game that a snapshot plays. Throws InputError where there is none of that name. */
export function gameOf({ game }: Manifest, folder: string): Game {
  try {
    return gameNamed(game);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${folder}/manifest.json: ${error.message}`);
  }
}

/** A snapshot of policy and value, and the shape of its network. Throws InputError where it is another kind. */
export async function loadPolicy(
  game: Game | undefined,
  name: string,
): Promise<Snapshot & { readonly shape: NetworkShape }> {
  const folder = await snapshotNamed(name);
  const snapshot = await loadSnapshot(game, folder);
  if (snapshot.network.kind !== 'policy and value') {
    throw new InputError(`${folder} is a network of ${snapshot.manifest.recipe}, which has no policy`);
  }
  return { ...snapshot, shape: snapshot.network.shape };
}

/** How far the two engines may be apart in any output. */
const TOLERANCE = 1e-4;

/**
 * Reads a snapshot anew and lets onnxruntime and tfjs judge the same position, of
 * random zeros and ones, by it. Returns the largest difference between their outputs. Throws InputError
 * where something is not as it should be.
 */
export async function verifySnapshot(folder: string): Promise<{ readonly manifest: Manifest; readonly apart: number }> {
  const { manifest, network, weights, saved } = await loadSnapshot(undefined, folder);
  const [evaluator, outputs] = await (async () => {
    if (network.kind === 'worths') {
      const evaluator = await createQEvaluator(network.shape, weights, 1);
      return [evaluator, [evaluator.worths]] as const;
    }
    const evaluator = await createEvaluator(network.shape, weights, 1);
    return [evaluator, [evaluator.policy, evaluator.value]] as const;
  })();
  const random = seededRandom(1);
  const input = evaluator.input.map(() => (random() < 0.3 ? 1 : 0));
  evaluator.input.set(input);
  await evaluator.run();
  const theirs = await judgedByTfjs(saved, input, network.shape).catch((error: Error) => {
    throw new InputError(`${folder}: tfjs cannot load it: ${error.message.split('\n')[0]}`);
  });
  if (theirs.length !== outputs.length || theirs.some((output, i) => output.length !== outputs[i]!.length)) {
    throw new InputError(`${folder}: tfjs finds other outputs than its manifest promises`);
  }
  const apart = Math.max(...theirs.flatMap((output, i) => [...output].map((x, j) => Math.abs(x - outputs[i]![j]!))));
  if (!(apart <= TOLERANCE)) throw new InputError(`${folder}: tfjs and onnxruntime judge ${apart} apart`);
  return { manifest, apart };
}

/**
 * An agent that plays a snapshot: the game's default one, or the one that is
 * named, which then is part of its name. One of DQN searches nothing, however many
 * simulations it is given, nor does any where something is hidden.
 */
export async function loadSpecialist(game: Game, simulations: number, snapshot?: string): Promise<Agent> {
  const folder = snapshot === undefined ? await defaultSnapshot(game) : await snapshotNamed(snapshot);
  const { manifest, network, weights } = await loadSnapshot(game, folder);
  const name = `specialist:simulations=${simulations}${snapshot === undefined ? '' : `,snapshot=${snapshot}`}`;
  const fingerprint = manifest.sha256;
  if (network.kind === 'worths') {
    return dqnAgent(game, await createQEvaluator(network.shape, weights, 1), { name, fingerprint });
  }
  const evaluator = await createEvaluator(network.shape, weights, 1 + game.symmetries.length);
  return game.hides
    ? drawingSpecialist(game, evaluator, { name, fingerprint })
    : specialistAgent(game, evaluator, { simulations, name, fingerprint });
}

function json(file: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new InputError(`${file} is not JSON`);
  }
}

const Model = z.object({
  weightsManifest: z.tuple([
    z.object({
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32') })),
    }),
  ]),
});

/** Cuts weights.bin into the parameters that model.json lists, which must be those of our networks. */
function weightsOf(list: readonly Parameter[], folder: string, model: unknown, row: Float32Array): Weights {
  const listed = Model.safeParse(model).data?.weightsManifest[0].weights ?? [];
  const found: Record<string, Float32Array> = {};
  const shapes = new Map<string, string>();
  let start = 0;
  for (const { name, shape } of listed) {
    const size = shape.reduce((product, length) => product * length, 1);
    found[name] = row.slice(start, start + size);
    shapes.set(name, shape.join('×'));
    start += size;
  }
  const odd = list.find(({ name, shape }) => shapes.get(name) !== shape.join('×'));
  if (odd || start !== row.length) {
    const why = odd
      ? `, or one of another version of the game: ${odd.name} is ${shapes.get(odd.name) ?? 'missing'}, not ${odd.shape.join('×')}`
      : '';
    throw new InputError(`${folder}/model.json is another network than manifest.json says${why}`);
  }
  return found;
}
