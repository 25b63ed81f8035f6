import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

const SIZES = [
  { width: 390, height: 844 },
  { width: 1600, height: 900 },
];

/** What is wrong with a page for people with other eyes, hands and screens: in dark and light, narrow and wide. */
export async function barriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  const before = page.viewportSize();
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const where = `${colorScheme}, ${size.width} px`;
      const wider = await page.evaluate<number>(
        'document.documentElement.scrollWidth - innerWidth',
      );
      if (wider > 0) found.push(`${where}: ${wider} px wider than the screen`);
      await page.evaluate(source);
      const { violations } = await page.evaluate<Found>('axe.run()');
      for (const { id, nodes } of violations)
        for (const { html, failureSummary = '' } of nodes)
          found.push(`${where}: ${id}: ${html.slice(0, 200)} ${failureSummary}`);
    }
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
  return found;
}
