import { setTimeout as sleep } from 'node:timers/promises';

/** The value of `promise`, or undefined once `ms` have passed. */
export async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls `check` every `everyMs` until it says yes; false once `ms` have passed or `signal` fires. */
export async function poll(
  check: () => Promise<boolean>,
  ms: number,
  { everyMs = 25, signal }: { everyMs?: number; signal?: AbortSignal } = {},
): Promise<boolean> {
  const end = Date.now() + ms;
  for (;;) {
    if (signal?.aborted) return false;
    if (await check()) return true;
    if (Date.now() >= end) return false;
    await sleep(everyMs);
  }
}
