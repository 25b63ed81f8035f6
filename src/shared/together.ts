/** Under way for longer than this, a call may never come back: what waits goes without it. */
const PATIENCE_MS = 100;

interface Waiting<K, V> {
  readonly key: K;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of many: what is asked while a call is under way goes out together in the next. An answer is never
 * older than its question, so it is as strict as a call of one's own.
 * @param call answers for all keys, in their order; repeated keys come repeatedly. If it rejects, so do all
 */
export function together<K, V>(
  call: (keys: readonly K[]) => Promise<readonly V[]>,
): (key: K) => Promise<V> {
  let waiting: Waiting<K, V>[] = [];
  let underWay = 0;
  let impatience: NodeJS.Timeout | undefined;

  const send = async (): Promise<void> => {
    clearTimeout(impatience);
    impatience = undefined;
    const sent = waiting;
    waiting = [];
    underWay++;
    try {
      const values = await call(sent.map(({ key }) => key));
      sent.forEach(({ resolve }, i) => resolve(values[i] as V));
    } catch (error) {
      for (const { reject } of sent) reject(error);
    }
    underWay--;
    if (waiting.length > 0) void send();
  };

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (underWay === 0) void send();
      else impatience ??= setTimeout(() => void send(), PATIENCE_MS).unref();
    });
}
