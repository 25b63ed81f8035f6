import type { GivenAnswer, Outcome } from '../shared/rerun';
import { toTagged } from '../shared/value-json';

/** Answers that were made for a run, each to be used once, in their order. */
export class GivenAnswers {
  readonly #open = new Map<string, Outcome[]>();

  constructor(answers: readonly GivenAnswer[]) {
    for (const { name, args, outcome } of answers) {
      const key = keyOf(name, args);
      const list = this.#open.get(key);
      if (list === undefined) this.#open.set(key, [outcome]);
      else list.push(outcome);
    }
  }

  take(name: string, args: readonly unknown[]): Outcome | undefined {
    if (this.#open.size === 0) return undefined;
    return this.#open.get(keyOf(name, JSON.stringify(toTagged(args))))?.shift();
  }
}

const keyOf = (name: string, args: string): string => `${name} ${args}`;
