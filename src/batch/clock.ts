/** Milliseconds since some moment; with `performance` the engine would load thirty modules more when it starts. */
export function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
