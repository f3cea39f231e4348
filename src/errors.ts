/** A mistake in what a person typed or in a file they gave: told in one line, exit code 2. */
export class InputError extends Error {}
