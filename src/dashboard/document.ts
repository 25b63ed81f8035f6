import { html } from 'hono/html';
import type { Html } from './page';

/** A whole page as a browser wants it. */
export const document = (page: Html): ReturnType<typeof html> => html`<!doctype html>${page}`;
