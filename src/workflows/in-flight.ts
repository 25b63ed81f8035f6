// A Temporal server takes 2,000 activities of one workflow at a time, and repeats the task for ever that starts more.
const AT_ONCE = 1_000;

interface InFlight {
  open: number;
  readonly waiting: (() => void)[];
}

// Each run has its own global object, while modules are shared: see step.ts.
const IN_FLIGHT: unique symbol = Symbol.for('nightshift.in-flight') as never;
const run = globalThis as { [IN_FLIGHT]?: InFlight };

/** Calls when fewer than the server takes are under way, in the order of the calls. */
export function whenFew<T>(call: () => Promise<T>): Promise<T> {
  const flight = (run[IN_FLIGHT] ??= { open: 0, waiting: [] });
  if (flight.open < AT_ONCE) {
    flight.open++;
    return landed(flight, call);
  }
  return new Promise<void>((resolve) => flight.waiting.push(resolve)).then(() =>
    landed(flight, call),
  );
}

async function landed<T>(flight: InFlight, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } finally {
    const next = flight.waiting.shift();
    if (next === undefined) flight.open--;
    else next(); // takes over the place
  }
}
