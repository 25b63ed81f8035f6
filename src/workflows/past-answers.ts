import type { PastAnswer } from '../shared/rerun';

/** The answers of a past run, each to be used once, in their order. */
export class PastAnswers {
  readonly #byContent = new Map<string, number[]>();
  readonly #byName = new Map<string, number[]>();

  constructor(private readonly answers: readonly PastAnswer[]) {
    answers.forEach(({ name, content }, i) =>
      content === undefined ? put(this.#byName, name, i) : put(this.#byContent, content, i),
    );
  }

  /** The next one for this step, and its number; undefined if there is none left. */
  take(name: string, content: string): (PastAnswer & { number: number }) | undefined {
    const number = this.#byContent.get(content)?.shift() ?? this.#byName.get(name)?.shift();
    const answer = number === undefined ? undefined : this.answers[number];
    return number === undefined || answer === undefined ? undefined : { ...answer, number };
  }
}

function put(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
