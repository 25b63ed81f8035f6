import { access, constants, writeFile } from 'node:fs/promises';
import { messageOf } from '../shared/errors';
import { sharedAptSettings } from './debian-mirror';
import { runTool, type ToolOptions } from './run-tool';
import { findProgram, WayClosed, type SetupContext } from './ways';

/** Debian's archive keys: what debootstrap installs is checked against them. */
export const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** The user's variables, with the system's folders in PATH: those of administrators are often missing there. */
export function systemEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    PATH: `${SYSTEM_PATH}:${env['PATH'] ?? ''}`,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
  };
}

/**
 * Runs a shell script that may mount things, in namespaces of its own: its mounts vanish and its processes end with
 * the outermost one, however that ends.
 */
export function inNamespaces(
  script: string,
  args: readonly string[],
  options: Omit<ToolOptions, 'stopSignal'>,
): Promise<string> {
  const unshare = ['--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const command = [...unshare, 'sh', '-c', script, 'sh', ...args];
  // The first process of a pid namespace ignores every other signal.
  return runTool('unshare', command, { ...options, stopSignal: 'SIGKILL' });
}

/** @throws {WayClosed} if a Debian in a folder cannot be run on this machine. */
export async function requireChroot(env: NodeJS.ProcessEnv): Promise<void> {
  if (process.platform !== 'linux') throw new WayClosed(`needs Linux, this is ${process.platform}`);
  if (process.getuid?.() !== 0) {
    throw new WayClosed('needs root, to run a Debian in a folder', 'Run it as root (sudo -E)');
  }
  for (const program of ['unshare', 'chroot', 'mount']) {
    if ((await findProgram(program, systemEnv(env))) === undefined) {
      throw new WayClosed(`there is no "${program}"`, 'Install util-linux and coreutils');
    }
  }
}

/** Installs debootstrap with this machine's apt if it is missing. @throws {WayClosed} if that cannot be done. */
export async function requireDebootstrap(
  context: SetupContext,
  note: (text: string) => void,
): Promise<void> {
  const env = { ...systemEnv(context.env), DEBIAN_FRONTEND: 'noninteractive' };
  const missing = [
    ...((await findProgram('debootstrap', env)) === undefined ? ['debootstrap'] : []),
    ...((await canRead(DEBIAN_KEYRING)) ? [] : ['debian-archive-keyring']),
  ];
  if (missing.length === 0) return;
  const names = missing.join(' ');
  const remedy = `Install ${names} (on Debian and Ubuntu: apt-get install ${names})`;
  if ((await findProgram('apt-get', env)) === undefined) {
    throw new WayClosed(`${names} missing, and no apt-get to install it with`, remedy);
  }
  note(`installing ${names}`);
  const options = { env, signal: context.signal, timeoutMs: 5 * 60_000 };
  try {
    await runTool('apt-get', ['-qq', 'update'], options);
    await runTool('apt-get', ['-yqq', 'install', '--no-install-recommends', ...missing], options);
  } catch (error) {
    if (context.signal?.aborted) throw error;
    throw new WayClosed(`cannot install ${names}: ${messageOf(error)}`, remedy);
  }
}

/**
 * Writes what this machine's apt knows about its network to `file`, for the Debian in the folder.
 * @returns the proxies among it as variables, for debootstrap, which does not read apt's settings.
 */
export async function writeAptSettings(
  file: string,
  { env, signal }: SetupContext,
): Promise<NodeJS.ProcessEnv> {
  const options = { env: systemEnv(env), signal, timeoutMs: 10_000 };
  const dump = await runTool('apt-config', ['dump'], options).catch(() => '');
  const settings = sharedAptSettings(dump);
  await writeFile(file, settings.map((line) => `${line}\n`).join(''));
  return proxiesOf(settings);
}

/** `Acquire::http::Proxy "…"` as `http_proxy`, and so on. */
export function proxiesOf(aptSettings: readonly string[]): NodeJS.ProcessEnv {
  const matches = aptSettings.map((line) =>
    /^Acquire::(https?)::Proxy "(https?:.+)";$/i.exec(line),
  );
  return Object.fromEntries(
    matches.flatMap((m) => (m === null ? [] : [[`${m[1]?.toLowerCase()}_proxy`, m[2]]])),
  );
}

function canRead(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
