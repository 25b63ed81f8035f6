import { emitKeypressEvents, type Key } from 'node:readline';

export interface HeldKeys {
  /** Keys wait from now on. */
  hold(): void;
  /** Hands on those that waited, and then all, until they are held again. */
  release(): void;
}

/**
 * Hands on the keys of a terminal, but for the time in which a line runs: whatever is typed or pasted meanwhile comes
 * after it. Ctrl-C does not wait: it throws away what does.
 */
export function holdKeys(
  input: NodeJS.ReadableStream,
  { onKey, onInterrupt }: { onKey: (text: string, key: Key) => void; onInterrupt: () => void },
): HeldKeys {
  let held: [string, Key][] = [];
  let isHolding = false;
  emitKeypressEvents(input);
  input.on('keypress', (text: string, key: Key) => {
    if (!isHolding) {
      onKey(text, key);
    } else if (key.ctrl === true && key.name === 'c') {
      held = [];
      onInterrupt();
    } else {
      held.push([text, key]);
    }
  });
  input.resume();
  return {
    hold: () => {
      isHolding = true;
    },
    release: () => {
      isHolding = false;
      // A key may end a line, whose run holds the rest.
      for (let next = held.shift(); next !== undefined; next = held.shift()) {
        onKey(...next);
        if (isHolding as boolean) return;
      }
    },
  };
}
