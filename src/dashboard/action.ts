import type { Context, Hono } from 'hono';
import { InvalidInputError } from '../shared/errors';
import type { DashboardEnv } from './guard';
import type { PageDeps } from './page';

/** One thing that a button does. */
export interface Action {
  /** As Hono writes it: `/handlers/:name/pause`. */
  readonly path: string;
  /** Resolves to the page to show then. What it throws is shown, with what to do. */
  readonly run: (request: ActionRequest) => Promise<string>;
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
): void {
  for (const { path, run } of actions)
    app.post(path, async (context) => {
      const fields = await fieldsOf(context);
      const to = await run({
        ...deps,
        param: (name) => context.req.param(name) ?? '',
        field: (name) => fields.get(name),
      });
      return context.redirect(to, 303);
    });
}

async function fieldsOf(context: Context): Promise<ReadonlyMap<string, string>> {
  const form = await context.req.parseBody();
  const texts = Object.entries(form).flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
  );
  return new Map(texts);
}

/** A field that must be a number, if it is there. */
export function numberField(request: ActionRequest, name: string): number | undefined {
  const text = request.field(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  throw new InvalidInputError('rate_invalid', `"${name}" must be a number, got "${text}"`);
}
