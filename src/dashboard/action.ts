import type { Hono } from 'hono';
import { InvalidInputError } from '../shared/errors';
import type { DashboardEnv } from './guard';
import type { Access } from './access';
import { formOf } from './form';
import type { Page, PageDeps } from './page';
import { showPage } from './show-page';

/** One thing that a button does. */
export interface Action {
  /** As Hono writes it: `/handlers/:name/pause`. */
  readonly path: string;
  /** Resolves to the page to show then. What it throws is shown, with what to do. */
  readonly run: (request: ActionRequest) => Promise<string>;
  /** The page of the same path, which shows its form anew, with what was typed, if that is no good. */
  readonly again?: Page;
}

export interface ActionRequest extends PageDeps {
  param(name: string): string;
  /** A field of the form, trimmed; undefined if it is empty or absent. */
  field(name: string): string | undefined;
}

/** Each action at its path: a browser is sent on to the page that shows what came of it. */
export function addActions(
  app: Hono<DashboardEnv>,
  actions: readonly Action[],
  deps: PageDeps,
  access: Access,
): void {
  for (const { path, run, again } of actions)
    app.post(path, async (context) => {
      const fields = await formOf(context);
      const field = (name: string): string | undefined => fields.get(name);
      try {
        const to = await run({ ...deps, param: (name) => context.req.param(name) ?? '', field });
        return context.redirect(to, 303);
      } catch (error) {
        if (again === undefined || !(error instanceof InvalidInputError)) throw error;
        return showPage(again, context, deps, access, { message: error.message, field });
      }
    });
}

/** A field that must be a number, if it is there. */
export function numberField(request: ActionRequest, name: string): number | undefined {
  const text = request.field(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  throw new InvalidInputError('rate_invalid', `"${name}" must be a number, got "${text}"`);
}
