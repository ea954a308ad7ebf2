import { realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";

/** The operating-system account that the database server runs under. */
export interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root; Linux knows this number as `nobody` even where no account list says so. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

const READ = 4;
const ENTER = 1;

/**
 * Decides who runs the server. An ordinary user runs it as itself (undefined). Root hands it to the owner of a
 * cluster that is already there, else to nobody.
 */
export function chooseAccount(uid: number, owner: Account | undefined): Account | undefined {
  if (uid !== 0) return undefined;
  return owner !== undefined && owner.uid !== 0 ? owner : NOBODY;
}

/** True when an account may enter a folder: every folder on the way must let it through. */
export function canEnter(account: Account, folder: string): boolean {
  for (let current = realpathSync(folder); ; current = dirname(current)) {
    if (!allows(account, statSync(current), ENTER)) return false;
    if (current === dirname(current)) return true;
  }
}

/** True when an account may enter a file's folder and read the file. */
export function canRead(account: Account, file: string): boolean {
  const path = realpathSync(file);
  return allows(account, statSync(path), READ) && canEnter(account, dirname(path));
}

/** The permission bits that apply: the owner's, else the group's, else everybody's; never a sum of them. */
function allows(account: Account, stats: Stats, bit: number): boolean {
  if (stats.uid === account.uid) return (stats.mode & (bit << 6)) !== 0;
  if (stats.gid === account.gid) return (stats.mode & (bit << 3)) !== 0;
  return (stats.mode & bit) !== 0;
}
