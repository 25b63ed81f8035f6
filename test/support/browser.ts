import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SHOTS = join(__dirname, '..', '..', 'coverage', 'screenshots');

/** Shorter than a test, so that it tells what it waited for. */
const WAIT_MS = 25_000; // a page may bundle the app first

/** Without these a browser on a machine without internet asks for other hosts all the time. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser for the test file. Each page tells what went wrong in it. */
export interface TestBrowser {
  page(options?: BrowserContextOptions): Promise<WatchedPage>;
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, refused requests, violations of the content security policy; should be empty. */
  readonly troubles: string[];
  /** Keeps a picture among the artifacts of the run. */
  readonly shot: (name: string) => Promise<void>;
}

export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const executablePath = process.env['CHROMIUM'] ?? PATHS.find((path) => existsSync(path));
    if (executablePath === undefined)
      throw new Error('No browser found: install Chromium, or name one in the variable CHROMIUM');
    browser = await chromium.launch({ executablePath, args: QUIET });
  }, 60_000);
  afterAll(() => browser?.close());
  return {
    async page(options = {}) {
      if (browser === undefined) throw new Error('The browser starts before the tests');
      const page = await browser.newPage(options);
      page.setDefaultTimeout(WAIT_MS);
      const troubles: string[] = [];
      page.on('pageerror', ({ message }) => troubles.push(message));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(message.text());
      });
      page.on('dialog', (dialog) => {
        troubles.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      return {
        page,
        troubles,
        async shot(name) {
          mkdirSync(SHOTS, { recursive: true });
          await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
        },
      };
    },
  };
}
