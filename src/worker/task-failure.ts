const MESSAGE = /message: "((?:[^"\\]|\\.)*)"/;
const MAX_TEXT = 300;

/**
 * Why a workflow task failed, out of the failure as Temporal's worker writes it into its log: all of its fields, in the
 * notation of Rust. Undefined if it says nothing.
 */
export function reasonOfTaskFailure(failure: unknown): string | undefined {
  const [, escaped = ''] = MESSAGE.exec(String(failure)) ?? [];
  const text = unescaped(escaped).slice(0, MAX_TEXT);
  return text === '' ? undefined : text;
}

const unescaped = (text: string): string =>
  text.replace(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_, code: string | undefined, char: string) =>
    code === undefined ? ({ n: '\n', t: '\t', r: '\r' }[char] ?? char) : charOf(code),
  );

const charOf = (code: string): string => String.fromCodePoint(Number.parseInt(code, 16));
