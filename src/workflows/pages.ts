import { sleep } from '@temporalio/workflow';

const PAGE_SIZE = 500;
const PAGE_SECONDS = 1;

/** As many as take about a second, so that a change of the rules is noticed soon. */
export function pageSizeOf(rate: number | undefined): number {
  if (rate === undefined) return PAGE_SIZE;
  return Math.min(PAGE_SIZE, Math.max(1, Math.floor(rate * PAGE_SECONDS)));
}

/** A page keeps the distance between its own; this is the one between two pages. */
export async function waitForTurn(
  began: number,
  count: number,
  rate: number | undefined,
): Promise<void> {
  const rest = rate === undefined ? 0 : began + (count * 1000) / rate - Date.now();
  if (rest > 0) await sleep(rest);
}
