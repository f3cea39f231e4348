/** A mistake in what a person typed or in a file they gave: told in one line, exit code 2. */
export class InputError extends Error {}

/** A failure of a language model's endpoint in one line that holds no secret, exit code 1. */
export class EndpointError extends Error {}
