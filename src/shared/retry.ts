/** What the next run of an event gets to know: one run is one attempt. A redriven event begins with attempt 1 again. */
export interface Retry {
  readonly attempt: number;
  /** Milliseconds since 1970: when the attempt may begin. */
  readonly nextAt: number;
  readonly emittedAt: number;
  readonly scheduledAt?: number;
  /** The attempts so far, newest last. */
  readonly errors: readonly FailedAttempt[];
}

export interface FailedAttempt {
  readonly attempt: number;
  readonly at: number;
  readonly message: string;
}

/** The two parts of a failed attempt's message, which is `TypeError: what` or, for a plain error, `what`. */
export function typeAndMessage(text: string): [type: string, message: string] {
  const [, type, message] = /^(\w+): (.*)$/s.exec(text) ?? [];
  return [type ?? 'Error', message ?? text];
}
