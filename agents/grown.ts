/** The same numbers in twice the room, the new half zero. */
export function grown<Numbers extends Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array>(
  array: Numbers,
): Numbers {
  const larger = new (array.constructor as new (length: number) => Numbers)(2 * array.length);
  larger.set(array);
  return larger;
}
