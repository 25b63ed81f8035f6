import { runTool, ToolError } from '../../../src/servers/run-tool';

const options = { env: { PATH: process.env['PATH'] }, signal: undefined, timeoutMs: 10_000 };
const sh = (text: string, more = {}): Promise<string> =>
  runTool('sh', ['-c', text], { ...options, ...more });

test('resolves with stdout, and tells each line of both streams', async () => {
  const lines: string[] = [];
  const onLine = (line: string): void => void lines.push(line);
  expect(await sh('echo one; echo two >&2; echo three', { onLine })).toBe('one\nthree');
  expect(lines.sort()).toEqual(['one', 'three', 'two']);
});

test('fails with the last lines the program wrote', async () => {
  const failing = sh('for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i; done; exit 2');
  await expect(failing).rejects.toThrow(ToolError);
  await expect(failing).rejects.toThrow(/^"sh" failed \(2\): line 3\n[^]*line 10$/);
});

test('ends a program that takes too long', async () => {
  await expect(sh('echo begun; sleep 60', { timeoutMs: 300 })).rejects.toThrow(
    '"sh" took longer than 0.3 s: begun',
  );
});

test('ends the program when cancelled, and starts none afterwards', async () => {
  const cancel = new AbortController();
  const running = sh('sleep 60', { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 100);
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  await expect(sh('true', { signal: cancel.signal })).rejects.toMatchObject({ code: 'cancelled' });
});
