// The dashboard's pages are JSX, which jiti compiles only when told how.
import { createJiti } from 'jiti';

const jsx = { runtime: 'automatic', importSource: 'hono/jsx' };
await createJiti(import.meta.url, { jsx }).import('./run.ts');
