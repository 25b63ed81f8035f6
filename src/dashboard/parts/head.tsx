import { assetUrl } from '../assets';
import type { Html } from '../page';

/** What every page loads; `live` for those that keep themselves as they are on the server. */
export const Head = ({ title, live = false }: { title: string; live?: boolean }): Html => (
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>{title}</title>
    <link rel="icon" href={assetUrl('icon.svg')} />
    <link rel="stylesheet" href={assetUrl('style.css')} />
    {live ? <script src={assetUrl('live.js')} defer></script> : null}
  </head>
);
