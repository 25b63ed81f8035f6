const attempts = new Map<string, number>();

/** Fails `failures` times, then tells how often it was called. */
export async function sendMail(to: string, failures: number): Promise<string> {
  const attempt = (attempts.get(to) ?? 0) + 1;
  attempts.set(to, attempt);
  if (attempt <= failures) throw new Error(`mail server is away (${attempt})`);
  return `${to} after ${attempt}, from ${process.pid > 0 ? 'Node' : 'nowhere'}`;
}

export async function giveBack(value: unknown): Promise<unknown> {
  return value;
}
