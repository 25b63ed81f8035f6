/** What was read lately, for all who look: one question where many would be asked. */
export interface Memo {
  /** What `read` gave at most `ms` ago, which may depend on what it is; else reads it, once for all who ask meanwhile. A failure is not kept. */
  read<T>(key: string, ms: Keep<T>, read: () => Promise<T>): Promise<T>;
  /** The next one reads anew: for who has changed it. */
  drop(key: string): void;
}

type Keep<T> = number | ((value: T) => number);

interface Entry {
  readonly value: Promise<unknown>;
  /** Until it is there, it is awaited. */
  goodUntil: number;
}

export function createMemo(now: () => number): Memo {
  const entries = new Map<string, Entry>();
  const forget = (): void => {
    for (const [key, { goodUntil }] of entries) if (goodUntil < now()) entries.delete(key);
  };
  return {
    async read<T>(key: string, ms: Keep<T>, read: () => Promise<T>): Promise<T> {
      forget();
      const known = entries.get(key);
      if (known !== undefined) return known.value as Promise<T>;
      const entry: Entry = { value: read(), goodUntil: Infinity };
      entries.set(key, entry);
      try {
        const value = (await entry.value) as T;
        entry.goodUntil = now() + (typeof ms === 'number' ? ms : ms(value));
        return value;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      }
    },
    drop(key) {
      entries.delete(key);
    },
  };
}
