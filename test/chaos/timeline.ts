/** What happened when: printed as it happens, and again beside a failure. */
export class Timeline {
  private readonly startedAt = Date.now();
  private readonly lines: string[] = [];
  /** What must not have happened, whatever the checks find afterwards. */
  readonly violations: string[] = [];

  constructor(private readonly print: (line: string) => void) {}

  say(text: string): void {
    const seconds = ((Date.now() - this.startedAt) / 1000).toFixed(1).padStart(7);
    const line = `${seconds} s  ${text}`;
    this.lines.push(line);
    this.print(line);
  }

  violation(text: string): void {
    this.violations.push(text);
    this.say(`VIOLATION: ${text}`);
  }

  text(): string {
    return this.lines.join('\n');
  }
}
