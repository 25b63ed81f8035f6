import {
  DEBIAN_KEYRING,
  inNamespaces,
  requireChroot,
  requireDebootstrap,
  systemEnv,
  writeAptSettings,
} from './chroot';
import { join } from 'node:path';
import { debianMirror } from './debian-mirror';
import { postgresArguments } from './postgres-settings';
import { DOCUMENTDB } from './versions';
import { type Report, type SetupContext } from './ways';

const TIMEOUT_MS = 20 * 60_000;

// A Debian in a folder. $1 the folder, $2 apt's settings, $3 the mirror, $4 suite, $5 package.
// Documentation and the ready-made cluster of PostgreSQL's packages are left out; no service is ever started.
const INSTALL_SCRIPT = `
set -eu
debootstrap --variant=minbase --keyring=${DEBIAN_KEYRING} --include=ca-certificates "$4" "$1" "$3" /usr/share/debootstrap/scripts/sid
echo '127.0.0.1 localhost' > "$1/etc/hosts"
cp -L /etc/resolv.conf "$1/etc/resolv.conf" 2>/dev/null || true
mv "$2" "$1/etc/apt/apt.conf.d/90host"
mkdir -p "$1/etc/dpkg/dpkg.cfg.d" "$1/etc/postgresql-common" "$1/pgdata" "$1/dev/shm"
for folder in doc man locale; do echo "path-exclude=/usr/share/$folder/*"; done > "$1/etc/dpkg/dpkg.cfg.d/90nightshift"
echo force-unsafe-io >> "$1/etc/dpkg/dpkg.cfg.d/90nightshift"
echo 'create_main_cluster = false' > "$1/etc/postgresql-common/createcluster.conf"
printf '#!/bin/sh\\nexit 101\\n' > "$1/usr/sbin/policy-rc.d"
chmod +x "$1/usr/sbin/policy-rc.d"
mount -t proc proc "$1/proc"
export DEBIAN_FRONTEND=noninteractive
chroot "$1" apt-get -q -o APT::Status-Fd=1 update
chroot "$1" apt-get -yq -o APT::Status-Fd=1 install --no-install-recommends "$5"
chroot "$1" apt-get clean
rm -rf "$1"/var/lib/apt/lists/*
`;

// A database cluster with the extension in it, of which each new state folder gets a copy: creating one takes seconds.
// PostgreSQL listens only on a socket in the folder. $1 the folder, $2 PostgreSQL's programs, then its settings.
const TEMPLATE_SCRIPT = `
set -eu
root=$1; bin=$2; shift 2
mount -t tmpfs tmpfs "$root/dev/shm"
chroot "$root" install -d -o postgres -g postgres -m 700 /template
as_postgres="chroot --userspec=postgres:postgres $root"
$as_postgres $bin/initdb -D /template --auth=trust -U postgres --locale=C.UTF-8 -E UTF8
$as_postgres $bin/postgres -D /template "$@" &
server=$!
tries=0
until $as_postgres $bin/pg_isready -q -h /tmp; do
  tries=$((tries + 1)); [ $tries -lt 300 ]; sleep 0.1
done
$as_postgres $bin/psql -qh /tmp -U postgres -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION documentdb CASCADE'
kill -INT $server
wait $server
`;

/**
 * Installs PostgreSQL with DocumentDB, and the Debian it belongs to, into `<dir>/root`.
 * @throws {WayClosed} if this machine cannot do it: not Linux, not root, no debootstrap.
 */
export async function buildDocumentdb(
  dir: string,
  context: SetupContext,
  report: Report,
): Promise<void> {
  await requireChroot(context.env);
  await requireDebootstrap(context, (text) => report(0, text));
  const root = join(dir, 'root');
  const aptConf = join(dir, 'apt.conf');
  const proxies = await writeAptSettings(aptConf, context);
  const env = { ...proxies, ...systemEnv(context.env) };
  const options = { env, signal: context.signal, timeoutMs: TIMEOUT_MS };
  const { suite, package: name, postgres } = DOCUMENTDB;
  await inNamespaces(INSTALL_SCRIPT, [root, aptConf, await debianMirror(), suite, name], {
    ...options,
    onLine: installProgress(report),
  });
  report(0.97, 'creating the database');
  const settings = postgresArguments({ listen_addresses: '', unix_socket_directories: '/tmp' });
  await inNamespaces(TEMPLATE_SCRIPT, [root, postgres, ...settings], options);
}

// A minimal system is about this many lines of debootstrap's; then apt tells per cent.
const DEBOOTSTRAP_LINES = 400;

/** Turns what debootstrap and apt write into progress. */
export function installProgress(report: Report): (line: string) => void {
  let lines = 0;
  let reached = 0; // apt counts from 0 for each of its runs
  const atLeast = (fraction: number, note: string): void => {
    reached = Math.max(reached, fraction);
    report(reached, note);
  };
  return (line) => {
    const apt = /^(dl|pm)status:[^:]*:([\d.]+):(.*)$/.exec(line);
    if (apt !== null) {
      const [, phase, percent, text = ''] = apt;
      const [from, to] = phase === 'dl' ? [0.6, 0.7] : [0.7, 0.96];
      atLeast(from + (Number(percent) / 100) * (to - from), text);
    } else if (/^[IW]: /.test(line)) {
      atLeast(0.6 * Math.min(1, ++lines / DEBOOTSTRAP_LINES), line.slice(3));
    }
  };
}
