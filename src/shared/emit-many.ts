/** So many events are started by one step. */
export const EMITTED_AT_ONCE = 100;

/** The ids of `count` events that are emitted together: `<id>-0`, `<id>-1`, … */
export function idsOf(id: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${id}-${n}`);
}

/** A step's summary: which events it emits. */
export function summaryOf(handler: string, ids: readonly string[]): string {
  return `${handler} ${ids[0] ?? ''} to ${ids.at(-1) ?? ''}`;
}

const SUMMARY = /^(?<handler>.*) (?<id>\S+)-(?<first>\d+) to \k<id>-(?<last>\d+)$/s;

/** The events that a summary names; undefined if it is none of these. */
export function eventsIn(
  summary: string,
): { readonly id: string; readonly handler: string }[] | undefined {
  const { handler, id, first, last } = SUMMARY.exec(summary)?.groups ?? {};
  if (handler === undefined || id === undefined) return undefined;
  const [from, to] = [Number(first), Number(last)];
  if (!(to >= from && to - from < EMITTED_AT_ONCE)) return undefined;
  return Array.from({ length: to - from + 1 }, (_, n) => ({ handler, id: `${id}-${from + n}` }));
}
