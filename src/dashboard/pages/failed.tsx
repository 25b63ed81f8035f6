import { Head } from '../parts/head';
import type { Html } from '../page';

interface FailedProps {
  readonly title: string;
  readonly message: string;
  readonly remedies?: readonly string[];
}

/** Instead of a page: what is wrong, and what to do. */
export const Failed = ({ title, message, remedies = [] }: FailedProps): Html => (
  <html lang="en">
    <Head title={title} />
    <body class="plain">
      <main id="main">
        <h1>{title}</h1>
        <p>{message}</p>
        {remedies.length === 0 ? null : (
          <ul>
            {remedies.map((remedy) => (
              <li>{remedy}</li>
            ))}
          </ul>
        )}
        <p>
          <a href="/">Overview</a>
        </p>
      </main>
    </body>
  </html>
);
