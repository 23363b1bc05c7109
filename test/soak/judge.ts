import { constants } from 'node:os';
import { CLOSING_RULES } from '../../graph/closing-rules.ts';
import type { Account } from './account.ts';
import type { PeerEnding } from './words.ts';

/**
 * What an account breaks of docs/closing-semantics.md, a sentence each; nothing when all was right. In short, for each direction: what
 * arrives is a prefix of what was said, and all of it unless an ending of the table there allows less; and
 * close_notify always means all.
 *
 * | ending                                     | all from the peer reaches a prog that reads to EOF | all from prog reaches the peer                    |
 * | ------------------------------------------ | --------------------------------------------------- | ------------------------------------------------- |
 * | close_notify, FIN, FIN inside a record     | yes                                                 | yes, but TLS 1.2 with -S or -N drops what comes after close_notify |
 * | bad record, alert                          | yes                                                 | no                                                |
 * | reset                                      | no                                                  | yes, if the peer had seen our end                 |
 * | -K ran out                                 | no                                                  | no                                                |
 * | our own ending under a policy that is deaf | no                                                  | yes                                               |
 */
export const judge = (account: Account): readonly string[] => {
  const broken: string[] = [];
  const must = (holds: boolean, otherwise: string): void => {
    if (!holds) broken.push(otherwise);
  };
  must(account.left.length === 0, `something is left: ${account.left.join('; ')}`);
  must(account.verdicts.length === 1, `${String(account.verdicts.length)} verdicts`);
  const verdict = VERDICT.exec(account.verdicts[0] ?? '')?.groups;
  must(verdict !== undefined, `no verdict can be read from ${JSON.stringify(account.verdicts)}`);
  const ends = verdict?.['ends'] ?? '';
  must(!timedOut(ends) || account.hasIdleTimeout, 'the verdict tells of a timeout that nobody asked for');
  const statuses = expectedStatuses(account, ends);
  must(
    account.exit === undefined || statuses.has(account.exit),
    `exit ${String(account.exit)} instead of ${[...statuses].join(' or ')}`,
  );
  if (account.handshake === 'failed') {
    must(!account.prog.ran, 'prog was run although the handshake failed');
    must(verdict?.['prog'] === 'prog not run', `the verdict says: ${String(verdict?.['prog'])}`);
    return broken;
  }
  const [inbound, outbound] = [Number(verdict?.['in']), Number(verdict?.['out'])];
  for (const check of [judgeInbound, judgeOutbound]) broken.push(...check(account, ends));
  const { peer, prog } = account;
  must(inbound >= prog.heard.bytes && inbound <= peer.said.most, `the verdict says in ${String(inbound)}`);
  must(outbound >= peer.heard && outbound <= prog.said.most, `the verdict says out ${String(outbound)}`);
  const sent = verdict?.['sent'] ?? '';
  if (peer.saw.startsWith('close_notify')) must(sent === 'close_notify', `the verdict says sent ${sent}`);
  return broken;
};

/** What may be missing of what the peer said. */
const judgeInbound = (account: Account, ends: string): readonly string[] => {
  const { peer, prog } = account;
  if (prog.heard.wrong) return ['prog has read bytes that the peer had not said there'];
  if (prog.heard.bytes > peer.said.most) return ['prog has read more than the peer has said'];
  const deaf = !rulesOf(account).keepsListening && prog.outputEndedBeforeEof;
  if (deaf || timedOut(ends) || account.signal !== undefined || peer.endings.includes('peer resets')) return [];
  if (!prog.heard.eof) {
    const may = !prog.readsToEof || outputWasGivenUp(account, ends);
    return may ? [] : ['prog has read to the end and has seen no EOF'];
  }
  return prog.heard.bytes >= peer.said.least
    ? []
    : [`prog has read ${String(prog.heard.bytes)} of ${String(peer.said.least)} bytes that the peer has said`];
};

/** What may be missing of what prog said, and how it must end. */
const judgeOutbound = (account: Account, ends: string): readonly string[] => {
  const { peer, prog } = account;
  const rules = rulesOf(account);
  if (peer.wrongAt !== undefined) return [`byte ${String(peer.wrongAt)} that the peer has received is not prog's`];
  if (peer.heard > prog.said.most) return ['the peer has received more than prog has written'];
  if (peer.bytesAfterCloseNotify > 0) return ['something has come after close_notify'];
  const answered = rules.answersAtOnce && peer.endings.includes('peer says close_notify');
  const said = `${String(prog.said.least)} bytes that prog has written`;
  const broken: string[] = [];
  const notified = peer.saw.startsWith('close_notify');
  if (notified && !answered && !timedOut(ends) && peer.heard < prog.said.least) {
    broken.push(`close_notify after ${String(peer.heard)} of ${said}`);
  }
  if (notified && !rules.sendsCloseNotify) broken.push(`close_notify under -${account.policy}`);
  if (outputWasGivenUp(account, ends)) {
    const alerted = /\balert \w+, (fin|reset)/.test(peer.saw);
    const onlyBroken = !answered && !prog.outputEndedBeforeOurs && account.signal === undefined;
    if (peer.endings.includes('peer sends a bad record') && onlyBroken) {
      if (notified) broken.push('close_notify on a connection that was broken');
      if (!alerted && !peer.stalled && !hasReset(account)) broken.push(`no alert for a bad record, but ${peer.saw}`);
    }
    return broken;
  }
  if (!answered && peer.heard < prog.said.least) broken.push(`the peer has received ${String(peer.heard)} of ${said}`);
  const ending = rules.sendsCloseNotify ? 'close_notify, fin' : 'fin';
  if (peer.saw !== ending) broken.push(`the peer has seen ${peer.saw} instead of ${ending}`);
  return broken;
};

/** Nobody need hear prog any more: SIGPIPE is right, and an answer cut short. A reset after our ending harms nothing. */
const outputWasGivenUp = ({ peer }: Account, ends: string): boolean =>
  timedOut(ends) ||
  peer.endings.some((ending) => BREAKS_TLS.has(ending) || (ending === 'peer resets' && !peer.sawOurEndFirst));

/** The exit statuses that are right: more than one only where the order of two events cannot be known from outside. */
const expectedStatuses = (account: Account, ends: string): ReadonlySet<number | string> => {
  const { peer, prog, signal, requireCloseNotify } = account;
  const faults = new Set<number>();
  const maybe = new Set<number | string>();
  const own = ownStatuses(account, ends);
  if (account.handshake === 'failed') faults.add(98);
  const notified = peer.endings.includes('peer says close_notify');
  for (const ending of peer.endings) {
    if (ending === 'peer sends FIN' && requireCloseNotify && !notified) faults.add(98);
    if (ending === 'peer sends FIN inside a record') faults.add(98);
    if (ending === 'peer sends a bad record' || ending === 'peer sends an alert') faults.add(98);
    if (ending === 'peer resets') {
      // A reset destroys what the peer's kernel has not delivered, a close_notify among it.
      const afterwards = requireCloseNotify ? [98, ...(notified ? own : [])] : own;
      if (account.handshake === 'failed') continue;
      if (!prog.outputEndedBeforeReset && !answeredAtOnce(account)) faults.add(111);
      else if (peer.sawOurEndFirst) afterwards.forEach((status) => maybe.add(status));
      else [111, ...afterwards].forEach((status) => maybe.add(status));
    }
  }
  const all = new Set<number | string>([...faults, ...maybe]);
  if (signal !== undefined) {
    all.add(128 + constants.signals[signal.name]);
    if (signal.progWasTold) own.forEach((status) => all.add(status));
  }
  if (all.size === 0 || timedOut(ends)) own.forEach((status) => all.add(status));
  return all;
};

/** prog's own, or of what it must have died. */
const ownStatuses = (account: Account, ends: string): readonly number[] => {
  const { ownEnd } = account.prog;
  const own = ownEnd === undefined ? [] : ['code' in ownEnd ? ownEnd.code : 128 + ownEnd.signal];
  return outputWasGivenUp(account, ends) ? [...own, 128 + constants.signals.SIGPIPE] : own;
};

const answeredAtOnce = (account: Account): boolean =>
  rulesOf(account).answersAtOnce && account.peer.endings.includes('peer says close_notify');
const rulesOf = ({ protocol, policy }: Account) => CLOSING_RULES[protocol][policy];
const hasReset = ({ peer }: Account): boolean => peer.endings.includes('peer resets');
const timedOut = (ends: string): boolean => ends.startsWith('timeout first');
const BREAKS_TLS: ReadonlySet<PeerEnding> = new Set<PeerEnding>(['peer sends a bad record', 'peer sends an alert']);
const VERDICT =
  /^closed: (?<ends>.*); sent (?<sent>close_notify|fin|nothing); in (?<in>\d+) out (?<out>\d+); \d+ ms; (?<prog>prog .*)$/;
