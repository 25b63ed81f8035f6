import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Progress } from '../../../src/shared/progress';

/** A folder that is gone after the test. */
export function useFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'nightshift-servers-'));
  });
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}

/** An executable shell script. */
export function script(path: string, text: string): string {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Progress that remembers its tasks, as `title: how it ended`. */
export function recordingProgress(): Progress & {
  readonly tasks: string[];
  readonly notes: string[];
} {
  const tasks: string[] = [];
  const notes: string[] = [];
  return {
    tasks,
    notes,
    task: (title) => ({
      update: (fraction, note) =>
        void notes.push(`${title} ${fraction?.toFixed(2) ?? '?'} ${note ?? ''}`),
      done: () => void tasks.push(`${title}: done`),
      failed: (note) => void tasks.push(`${title}: ${note}`),
    }),
  };
}

/** Runs TypeScript in a process of its own; its lines of output come through `line`. */
export function runTypeScript(code: string): { child: ChildProcess; line: () => Promise<string> } {
  const jiti = require.resolve('jiti');
  const program = `const ns = require(${JSON.stringify(jiti)}).createJiti(${JSON.stringify(__filename)}); (async () => { ${code} })();`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const line = async (): Promise<string> => {
    for (;;) {
      const end = text.indexOf('\n');
      if (end >= 0) {
        const found = text.slice(0, end);
        text = text.slice(end + 1);
        return found;
      }
      if (child.exitCode !== null) throw new Error(`The program ended: ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, line };
}
