import type { PastAnswer } from '../shared/rerun';

/** The answers of a past run, each to be used once, in their order. */
export class PastAnswers {
  readonly #open = new Map<string, number[]>();

  constructor(private readonly answers: readonly PastAnswer[]) {
    answers.forEach(({ name, content, about }, i) => {
      const key = content ?? keyOf(name, about);
      const list = this.#open.get(key);
      if (list === undefined) this.#open.set(key, [i]);
      else list.push(i);
    });
  }

  /** The next one for this step, and its number; undefined if there is none left. */
  take(
    name: string,
    content: string,
    about: string | undefined,
  ): (PastAnswer & { readonly number: number }) | undefined {
    for (const key of [content, keyOf(name, about), keyOf(name, undefined)]) {
      const number = this.#open.get(key)?.shift();
      const answer = number === undefined ? undefined : this.answers[number];
      if (number !== undefined && answer !== undefined) return { ...answer, number };
    }
    return undefined;
  }
}

/** Unlike any content, which goes on with JSON. */
const keyOf = (name: string, about: string | undefined): string => `${name}: ${about ?? ''}`;
