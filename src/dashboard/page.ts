import type { JSX } from 'hono/jsx/jsx-runtime';
import type { NightshiftClient } from '../../client';
import type { Role } from './access';
import type { Memo } from './memo';
import type { Sampler } from './sampler';

export type Html = JSX.Element | string | null | undefined | false | Html[];

/** One page of the dashboard: a path, and what stands there. */
export interface Page {
  /** As Hono writes it: `/handlers/:name`. */
  readonly path: string;
  show(request: PageRequest): Promise<PageView>;
}

export interface PageDeps {
  readonly client: NightshiftClient;
  readonly sampler: Sampler;
  readonly memo: Memo;
  readonly now: () => number;
}

export interface PageRequest extends PageDeps {
  readonly role: Role;
  param(name: string): string;
  query(name: string): string | undefined;
  /** There where a form was posted to this page and refused: why, and what it held. */
  readonly refused?: Refused;
}

export interface Refused {
  readonly message: string;
  field(name: string): string | undefined;
}

export interface PageView {
  readonly title: string;
  /** Where it stands, above the title. */
  readonly crumbs?: Html;
  /** The entry of the side list that leads here. */
  readonly nav?: string;
  /** Buttons beside the title. */
  readonly actions?: Html;
  /** From top to bottom. Live pages replace those whose content changes. */
  readonly sections: readonly Section[];
  /** True: nothing on it changes any more. */
  readonly still?: boolean;
}

export interface Section {
  readonly id: string;
  readonly content: Html;
}
