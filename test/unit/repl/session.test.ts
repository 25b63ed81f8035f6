import { createSession, type Session } from '../../../src/repl/session';
import { MARKER } from '../../../src/shared/query-marker';
import { errorWith } from '../../support/error-with';

const DB = { query: (_store: unknown, lambda: unknown) => lambda };
const newSession = (): Session => createSession({ DB, Users: 'Users' });

async function run(session: Session, ...lines: string[]): Promise<unknown> {
  let value: unknown;
  for (const line of lines) value = await session.run(session.compile(line));
  return value;
}

describe('a session', () => {
  it('keeps the value of the last line that had one', async () => {
    expect(await run(newSession(), '1 + 1', 'let a', '_ + 1')).toBe(3);
  });

  it('has the names that were given and those that lines declare, but lists none of Node’s', async () => {
    const session = newSession();
    await run(session, 'const a = 1', 'b = 2', 'function f() {}');
    expect(session.names().sort()).toEqual(['DB', 'Users', '_', 'a', 'b', 'f']);
    expect(session.valueOf('a')).toBe(1);
    expect(session.valueOf('nobody')).toBeUndefined();
    expect(await run(session, 'typeof process.pid + typeof setTimeout + typeof URL')).toBe(
      'numberfunctionfunction',
    );
    expect(await run(session, 'console')).toBe(console);
  });

  it('compiles a query whose lambda an earlier line declared', async () => {
    const session = newSession();
    await run(session, 'min = 3', 'const old = (u: any) => u.age > min', 'min = 4');
    expect(await run(session, 'DB.query(Users, old)')).toMatchObject({
      [MARKER]: { text: '(u: any) => u.age > min', captures: ['min'] },
      captures: { min: 4 },
    });
    // named anew, it is the new one
    await run(session, 'const old = (u) => u.age > 65');
    expect(await run(session, 'DB.query(Users, old)')).toMatchObject({ captures: {} });
  });

  it('refuses one whose text it does not know, or no longer', async () => {
    const session = newSession();
    await run(session, 'make = (min) => (u) => u.age > min', 'const made = make(3)');
    const refused = errorWith({ code: 'query_invalid' });
    expect(() => session.compile('DB.query(Users, made)')).toThrow(refused);
    await run(session, 'let young = (u) => u.age < 3', 'young = make(3)');
    expect(() => session.compile('DB.query(Users, young)')).toThrow(refused);
  });

  it('runs imports of modules', async () => {
    expect(await run(newSession(), 'const { sep } = await import("node:path")', 'sep')).toBe('/');
  });

  it('interrupts what does not come to an end, if it may be interrupted', async () => {
    const session = newSession();
    const interrupt =
      'setTimeout(() => {}, 0); process.kill(process.pid, "SIGINT"); while (true) {}';
    await expect(
      session.run(session.compile(interrupt), { interruptible: true }),
    ).rejects.toMatchObject({ code: 'ERR_SCRIPT_EXECUTION_INTERRUPTED' });
  });
});
