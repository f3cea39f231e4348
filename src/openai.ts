/** Language models through the `openai` package: any endpoint that speaks its protocol. */

import OpenAI from 'openai';
import type { Complete } from '../agents/llm/model.ts';
import { EndpointError } from './errors.ts';

type Choice = OpenAI.Chat.Completions.ChatCompletion.Choice;

/** Dollars per million tokens. */
export interface Price {
  readonly prompt: number;
  readonly completion: number;
}

export interface Endpoint {
  readonly model: string;
  readonly baseURL?: string;
  readonly apiKey: string;
  /** Answers requests instead of the network. */
  readonly fetch?: typeof fetch;
  readonly price?: Price;
  /** Whether its JSON schemas may limit the length of texts: OpenAI's strict mode refuses such a schema. */
  readonly limitsText: boolean;
  /** Retries, with the package's exponential back-off, of lost connections, time-outs, 408, 409, 429 and 5xx. */
  readonly retries: number;
  readonly timeoutSeconds: number;
}

/** Greedy decoding with a fixed seed: the same request gets the same reply wherever the endpoint can promise that. */
const SEED = 1;

export function openaiComplete({ model, price, limitsText, retries, timeoutSeconds, ...access }: Endpoint): Complete {
  const client = new OpenAI({ ...access, maxRetries: retries, timeout: 1000 * timeoutSeconds });
  return async ({ messages, maxTokens, schema }) => {
    const answer = await client.chat.completions
      .create({
        model,
        messages: messages.map(message => ({ ...message })),
        max_completion_tokens: maxTokens,
        temperature: 0,
        seed: SEED,
        ...(schema
          ? {
              response_format: {
                type: 'json_schema',
                json_schema: {
                  name: 'reply',
                  strict: true,
                  schema: limitsText ? { ...schema } : withoutLimits(schema),
                },
              },
            }
          : {}),
      })
      .catch((error: unknown) => {
        throw new EndpointError(explain(error, model).replaceAll(access.apiKey, '[key]'));
      });
    // An endpoint may answer with anything, whatever its type says.
    const choice = (answer as Partial<typeof answer> | null)?.choices?.[0] as Partial<Choice> | undefined;
    if (!choice?.message) throw new EndpointError(`the model endpoint answered without a choice`);
    const promptTokens = answer.usage?.prompt_tokens ?? 0;
    const completionTokens = answer.usage?.completion_tokens ?? 0;
    return {
      text: choice.message.content ?? '',
      finish: choice.finish_reason === 'length' ? 'length' : 'stop',
      usage: {
        promptTokens,
        cachedTokens: answer.usage?.prompt_tokens_details?.cached_tokens ?? 0,
        completionTokens,
        ...(price ? { dollars: (promptTokens * price.prompt + completionTokens * price.completion) / 1e6 } : {}),
      },
    };
  };
}

/** The names of the models that an endpoint offers. Throws EndpointError. */
export async function modelsOf(
  access: Pick<Endpoint, 'baseURL' | 'apiKey'>,
  timeoutSeconds: number,
): Promise<string[]> {
  const client = new OpenAI({ ...access, maxRetries: 0, timeout: 1000 * timeoutSeconds });
  try {
    return (await client.models.list()).data.map(({ id }) => id);
  } catch (error) {
    throw new EndpointError(explain(error, '').replaceAll(access.apiKey, '[key]'));
  }
}

/** A JSON schema without limits to the length of texts; the reply's limit in tokens holds in any case. */
const withoutLimits = (schema: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(schema, (key, value) => (key === 'maxLength' ? undefined : value)));

function explain(error: unknown, model: string): string {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'the model endpoint did not answer in time';
  if (error instanceof OpenAI.APIConnectionError) return 'the model endpoint cannot be reached; check OPENAI_BASE_URL';
  if (error instanceof OpenAI.AuthenticationError)
    return 'the model endpoint refused the key (401); check OPENAI_API_KEY';
  if (error instanceof OpenAI.NotFoundError) return `the model endpoint knows no model '${model}' (404); check --model`;
  if (error instanceof OpenAI.RateLimitError) return 'the model endpoint refused for too many requests (429)';
  if (error instanceof OpenAI.BadRequestError)
    return `the model endpoint refused the request (${error.message.slice(0, 300).replaceAll('\n', ' ')})`;
  if (error instanceof OpenAI.APIError && error.status !== undefined)
    return `the model endpoint answered ${error.status}`;
  if (error instanceof SyntaxError) return 'the model endpoint answered with what is no JSON';
  if (error instanceof TypeError && error.message === 'terminated')
    return 'the connection to the model endpoint broke within an answer';
  // The error's own words may hold the key, as those about a header that cannot be sent do.
  return 'the model endpoint cannot be asked; check OPENAI_BASE_URL and OPENAI_API_KEY';
}
