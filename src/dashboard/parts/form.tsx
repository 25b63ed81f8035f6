import type { Html } from '../page';

interface ActionProps {
  /** Where it is posted to. */
  readonly to: string;
  readonly children: Html;
  readonly name?: string;
}

/** A form that does something: a POST, answered by the page it came from. */
export const Action = ({ to, children, name }: ActionProps): Html => (
  <form method="post" action={to} class="acts" aria-label={name}>
    {children}
  </form>
);

/** A link to the same page with the question of an action open. */
export const Ask = ({ what, children }: { what: string; children: Html }): Html => (
  <a class="btn" href={`?do=${what}`}>
    {children}
  </a>
);
