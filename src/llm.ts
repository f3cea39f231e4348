/** Bringing a language model to the table: which model, with what documents, live or from a cassette. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { llmAgent } from '../agents/llm/agent.ts';
import type { Complete } from '../agents/llm/model.ts';
import { study } from '../agents/llm/study.ts';
import { recording, replaying } from './cassette.ts';
import { documentsOf } from './documents.ts';
import { InputError } from './errors.ts';
import { DEFAULT_WEIGHTS, fileOf, isPulled, weightsNamed } from './models.ts';
import type { Price } from './openai.ts';
import type { Surroundings } from './roster.ts';

export interface ModelOptions {
  readonly model?: string;
  readonly price?: Price;
  readonly record?: string;
  readonly cassette?: string;
}

/** The options of every command that may seat a language model. */
export const modelOptions = (command: Command): Command =>
  command
    .option(
      '--model <name>',
      `the language model: of the endpoint in OPENAI_BASE_URL if that or OPENAI_API_KEY is set, else a local one ('${DEFAULT_WEIGHTS}')`,
    )
    .addOption(new Option('--price <in,out>', "the model's price in dollars per million tokens").argParser(parsePrice))
    .addOption(new Option('--record <file>', "keep the model's replies in a cassette").conflicts('cassette'))
    .option('--cassette <file>', 'answer from a cassette, with no model');

function parsePrice(text: string): Price {
  const [prompt, completion, ...rest] = text.split(',').map(Number);
  if (prompt === undefined || completion === undefined || rest.length > 0 || !(prompt >= 0) || !(completion >= 0)) {
    throw new InputError(`--price wants two numbers, as in 0.15,0.60; not '${text}'`);
  }
  return { prompt, completion };
}

/** A model that can be asked. */
interface Voice {
  readonly model: string;
  readonly complete: Complete;
  close(): Promise<void>;
}

/** What is set to nothing is not set. */
const variable = (name: string): string | undefined => process.env[name] || undefined;

export const hasEndpoint = (): boolean =>
  variable('OPENAI_BASE_URL') !== undefined || variable('OPENAI_API_KEY') !== undefined;

/**
 * Why no language model can be seated with these options; undefined where one
 * can. Asks nobody: whether an endpoint answers shows when it is asked to play.
 */
export async function whyNoModel({ cassette, record, model }: ModelOptions): Promise<string | undefined> {
  if (cassette !== undefined) return whyNoCassette(cassette);
  if (record !== undefined && existsSync(record)) return `${record} is there already; a cassette is never overwritten`;
  if (hasEndpoint()) return model === undefined ? NO_MODEL_NAMED : undefined;
  const weights = weightsNamed(model ?? DEFAULT_WEIGHTS);
  return (await isPulled(weights)) ? undefined : notPulled(weights.name);
}

function whyNoCassette(file: string): string | undefined {
  try {
    replaying(file);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

const NO_MODEL_NAMED = 'say which model of the endpoint is to play: --model NAME';
const notPulled = (name: string): string =>
  `the local model ${name} is not here yet; fetch it with 'swp model pull ${name}', or set OPENAI_BASE_URL`;

const OPENAI = 'https://api.openai.com/v1';
const RETRIES = 4;
const TIMEOUT_SECONDS = 120;

async function voiceOf({ model, price, record, cassette }: ModelOptions, say: (text: string) => void): Promise<Voice> {
  if (cassette !== undefined) return { ...replaying(cassette), close: async () => {} };
  const live = hasEndpoint() ? await endpoint(model, price) : await local(model, say);
  return record === undefined ? live : { ...live, ...recording(record, live.model, live.complete) };
}

/** Where the endpoint is, and its key. */
export const access = () => ({
  baseURL: variable('OPENAI_BASE_URL') ?? OPENAI,
  apiKey: variable('OPENAI_API_KEY') ?? 'none',
});

async function endpoint(model: string | undefined, price: Price | undefined): Promise<Voice> {
  if (model === undefined) throw new InputError(NO_MODEL_NAMED);
  const { openaiComplete } = await import('./openai.ts');
  const complete = openaiComplete({
    model,
    ...access(),
    limitsText: false,
    ...(price ? { price } : {}),
    retries: RETRIES,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return { model, complete, close: async () => {} };
}

async function local(name: string = DEFAULT_WEIGHTS, say: (text: string) => void): Promise<Voice> {
  const weights = weightsNamed(name);
  if (!(await isPulled(weights))) {
    throw new InputError(notPulled(name));
  }
  say(`loading ${name} …`);
  const { openaiComplete } = await import('./openai.ts');
  const { loadLocalModel } = await import('./local-model.ts');
  const model = await loadLocalModel(fileOf(weights));
  const complete = openaiComplete({
    model: name,
    baseURL: 'http://local.invalid/v1',
    apiKey: 'none',
    limitsText: true,
    fetch: model.fetch,
    retries: 0,
    timeoutSeconds: 3600,
  });
  return { model: name, complete, close: model.close };
}

/** What every agent can be seated with; the model is loaded when the first agent needs it, and kept for all. */
export function modelSurroundings(options: ModelOptions): {
  readonly around: (say: (text: string) => void) => Surroundings;
  close(): Promise<void>;
} {
  let voice: Promise<Voice> | undefined;
  return {
    around: say => ({
      async seatModel({ text, attempts }, game) {
        voice ??= voiceOf(options, say);
        // What failed once may succeed when it is tried again.
        voice.catch(() => {
          voice = undefined;
        });
        const { model, complete } = await voice;
        const { rules, guide } = await documentsOf(game);
        if (text !== 'none')
          say(`${model} reads the ${text === 'rules' ? 'rules' : 'rules and the guide'} of ${game.title} …`);
        const lessons = await study(complete, game.title, {
          ...(text === 'none' ? {} : { rules }),
          ...(text === 'rules+guide' ? { guide } : {}),
        });
        if (text !== 'none') say(`I have learned ${game.title} — shall we play?`);
        return llmAgent({
          name: `llm:text=${text}${attempts === 2 ? '' : `,attempts=${attempts}`}`,
          complete,
          lessons,
          fingerprint: createHash('sha256')
            .update(JSON.stringify([model, lessons.messages]))
            .digest('hex'),
          model,
          text,
          attempts,
        });
      },
    }),
    async close() {
      await (await voice?.catch(() => undefined))?.close();
    },
  };
}

/** Runs `act` with a way to make surroundings that tell their progress to `say`. */
export async function withModel(
  options: ModelOptions,
  act: (surroundings: (say: (text: string) => void) => Surroundings) => Promise<void>,
): Promise<void> {
  const { around, close } = modelSurroundings(options);
  try {
    await act(around);
  } finally {
    await close();
  }
}
