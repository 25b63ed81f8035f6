import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets garbage lie until the heap has about doubled, which with thousands of unfinished events is 150 MB of it. From
 * here on it collects when half has been added; at a fifth, collecting costs a quarter of an event. For processes of our
 * own: the flag is the whole process's.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
