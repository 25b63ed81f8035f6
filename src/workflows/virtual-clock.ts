/** A run's clock where nothing takes time: it stands until it is set. `new Date()` and `Date.now()` of the run show it. */
export class VirtualClock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
    // Each run has a global object of its own, so no other run sees this Date.
    globalThis.Date = dateOf(() => this.#now);
  }

  get now(): number {
    return this.#now;
  }

  /** Never goes back. */
  advanceTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  set(time: number): void {
    this.#now = time;
  }
}

function dateOf(now: () => number): DateConstructor {
  const Original = Date;
  // As Temporal's own: a Date of it is one of the real class.
  const Virtual = function (...args: []): Date {
    return args.length > 0 ? new Original(...args) : new Original(now());
  };
  return Object.assign(Virtual, {
    now,
    parse: (text: string) => Original.parse(text),
    UTC: (...args: Parameters<typeof Date.UTC>) => Original.UTC(...args),
    prototype: Original.prototype,
  }) as unknown as DateConstructor;
}
