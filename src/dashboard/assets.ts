import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

export interface Asset {
  readonly type: string;
  readonly body: string;
  /** Changes with its content, so that browsers may keep it for ever. */
  readonly url: string;
}

/** The files that pages load, by name. */
export const assets: ReadonlyMap<string, Asset> = new Map(
  (['style.css', 'live.js', 'icon.svg'] as const).map((name) => {
    const body = readFileSync(join(folder(), name), 'utf8');
    const version = createHash('sha256').update(body).digest('base64url').slice(0, 8);
    const type = TYPES[name.split('.')[1] as keyof typeof TYPES];
    return [name, { type, body, url: `/assets/${name}?v=${version}` }];
  }),
);

export const assetUrl = (name: string): string => assets.get(name)?.url ?? '';

/** Seen from the sources as well as from `dist`. */
function folder(): string {
  for (let at = __dirname; ; at = dirname(at)) {
    const candidate = join(at, 'assets');
    if (existsSync(join(candidate, 'style.css'))) return candidate;
    if (at === dirname(at)) throw new Error('The package lacks its folder "assets"');
  }
}
