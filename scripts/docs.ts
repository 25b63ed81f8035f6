// npm run docs: writes the pages that are made from the code. With --check: says which of them are not as they would be.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { VARIABLES } from '../src/config-variables';
import { HTTP_CODES } from '../src/dashboard/http-codes';
import { ERROR_CODES } from '../src/shared/error-codes';

const ROOT = join(__dirname, '..');

const errorsPage = (): string => `# Errors

<!-- Made from src/shared/error-codes.ts and src/dashboard/http-codes.ts by npm run docs. -->

Every error that Nightshift throws on purpose is a \`NightshiftError\` with a \`code\`, a message that says what is wrong and where,
and often \`remedies\`. Programs test the code: \`hasCode(error, 'handler_failed')\` from \`nightshift\` looks through the causes, too,
and knows an error again that came through Temporal.

${table(
  ['code', 'what has happened', 'what to do'],
  Object.entries(ERROR_CODES).map(([name, { cause, remedy }]) => [code(name), cause, remedy]),
)}

## Over HTTP

A refusal has the form \`{ "error": { "code", "message", "remedies" } }\`. The codes above come with status 404 for what
is not there, 409 for what conflicts, 413 for what is too large, 422 for what cannot be taken, and 503 for a server that does not
answer. These come from HTTP itself:

${table(
  ['status', 'code', 'what has happened', 'what to do'],
  Object.entries(HTTP_CODES).map(([name, { status, cause, remedy }]) => [
    String(status),
    code(name),
    cause,
    remedy,
  ]),
)}
`;

const configurationPage = (): string => `# Configuration

<!-- Made from src/config-variables.ts by npm run docs. -->

For development nothing has to be configured. Options of \`connect\` and \`createWorker\` come first, then the environment, then a
file \`.env\` in the working directory, then Temporal's own configuration file, then the default. A value that cannot be right is
refused when a program starts, and the message names it.

${table(
  ['variable', 'meaning', 'default', 'option'],
  Object.entries(VARIABLES).map(([names, text]) => [
    names.split(', ').map(code).join(', '),
    text.meaning,
    text.default,
    'option' in text ? text.option : '',
  ]),
)}

Durations are texts such as \`10s\`, \`5 minutes\` or \`3 days\`, or milliseconds. Ports of the development servers are options of
\`nightshift dev\`; what they store lies in the folder \`.nightshift\` beside the package.json of the app.
`;

const PAGES = { 'docs/errors.md': errorsPage, 'docs/configuration.md': configurationPage };

const code = (text: string): string => ['`', text, '`'].join('');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => cells.map(cell).join(' | '));
  return lines.map((line) => `| ${line} |`).join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

async function main(check: boolean): Promise<void> {
  const options = await resolveConfig(join(ROOT, 'docs'));
  for (const [path, page] of Object.entries(PAGES)) {
    const text = await format(page(), { ...options, parser: 'markdown' });
    const file = join(ROOT, path);
    if (!check) writeFileSync(file, text);
    else if (readFileSync(file, 'utf8') !== text) {
      console.error(`${path} is not what the code says: npm run docs`);
      process.exitCode = 1;
    }
  }
}

void main(process.argv.includes('--check'));
