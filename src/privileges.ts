import { Death, systemReason } from './messages.ts';

/** Whom to become. What is left out is kept. */
export interface Identity {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** (uid_t)-1 means `no change` to setuid(2) and its kin: it names nobody. */
export const LAST_ID = 4_294_967_294;

/**
 * Becomes another user for good: no supplementary groups, then the group, then the user, in all threads (libuv's pool too, which is
 * glibc's and musl's work in setuid(3)). To be called as root, after all key files are read.
 *
 * Throws a {@link Death} (111) when a step fails, when the kernel says afterwards that we are not who we should be, or when
 * the way back is open.
 */
export const dropPrivileges = ({ uid, gid }: Identity): void => {
  if (uid === undefined && gid === undefined) return;
  try {
    // Not initgroups(3): that would give us the groups that the user has in /etc/group.
    process.setgroups?.([]);
    if (gid !== undefined) process.setgid?.(gid);
    if (uid !== undefined) process.setuid?.(uid);
  } catch (error) {
    throw failed(systemReason(error));
  }
  if (gid !== undefined && !isNow(gid, process.getgid?.(), process.getegid?.())) throw failed('the gid did not change');
  if (uid !== undefined && !isNow(uid, process.getuid?.(), process.geteuid?.())) throw failed('the uid did not change');
  // Node adds the effective gid to what getgroups(2) says.
  if (process.getgroups?.().some((group) => group !== process.getegid?.()))
    throw failed('supplementary groups are left');
  if (uid && wayBackIsOpen(gid)) throw failed('they can be regained');
};

/** A saved id of 0 or a capability that survived would let whoever takes us over become root again. */
const wayBackIsOpen = (gid: number | undefined): boolean =>
  succeeds(() => process.setuid?.(0)) || (gid !== 0 && gid !== undefined && succeeds(() => process.setgid?.(0)));

const isNow = (wanted: number, real: number | undefined, effective: number | undefined): boolean =>
  real === wanted && effective === wanted;

const succeeds = (attempt: () => void): boolean => {
  try {
    attempt();
    return true;
  } catch {
    return false; // EPERM: as it should be.
  }
};

const failed = (reason: string): Death => new Death('system', { what: 'drop privileges', reason });
