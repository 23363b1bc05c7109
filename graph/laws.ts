import { defer, identity, tap, type Observable, type OperatorFunction } from 'rxjs';
import type { RuleText } from './closing-rules.ts';

/** One law at one place of the tunnel, in one sentence, and the operator that carries it out. */
interface LawText extends RuleText {
  /** The file in `operators/`. */
  readonly operator: string;
  /** It decides when it has waited long enough: a timer. */
  readonly waits?: true;
}

/** The laws that decide how a connection ends, by the name under which the tunnel applies them. */
export const LAWS = {
  handshakeTimeout: {
    says: 'The handshake as a whole was not done within -K, so the connection ended before prog was run.',
    clause: 's6-tlsd, -K kimeout',
    operator: 'breakOn',
    waits: true,
  },
  untilCloseNotify: {
    says: "The peer's close_notify ended what goes to prog: prog got EOF, and whatever follows a close_notify is not data.",
    clause: 'RFC 8446 §6.1; RFC 5246 §7.2.1',
    operator: 'untilCloseNotify',
  },
  requireCloseNotify: {
    says: 'Under -J an end that no close_notify announced is an error: what the peer sent may have been cut short.',
    clause: 'RFC 8446 §6.1, truncation attack; s6-tlsd, -J',
    operator: 'requireCloseNotify',
  },
  excuseProvoked: {
    says: "The peer's fault came after our own ending and is a known answer to it: it counts as the end of its TCP.",
    clause: 'RFC 9293 §3.10.7; OpenSSL 3, unexpected eof while reading',
    operator: 'excuseProvoked',
  },
  untilAnswered: {
    says: "TLS 1.2 answers the peer's close_notify at once: whatever prog still had to say was dropped.",
    clause: 'RFC 5246 §7.2.1',
    operator: 'untilAnswered',
  },
  endBy: {
    says: 'The policy ends what goes to the peer with close_notify, and then FIN.',
    clause: 'RFC 8446 §6.1; s6-tlsd, -S and -N',
    operator: 'endBy',
  },
  untilDeaf: {
    says: 'Our own ending also ended what goes to prog: the policy does not listen on after it.',
    clause: 's6-tlsd, -S; RFC 5246 §7.2.1',
    operator: 'untilDeaf',
  },
  breakOn: {
    says: 'The connection was broken, so neither close_notify nor FIN was sent: either would claim that the answer was complete.',
    clause: 'RFC 8446 §6.2; RFC 5246 §7.2.2',
    operator: 'breakOn',
  },
  idleTimeout: {
    says: 'Nothing had moved for as long as -K allows, so both directions were ended.',
    clause: 's6-tlsd, -K kimeout',
    operator: 'idleTimeout',
    waits: true,
  },
  linger: {
    says: 'Both directions had ended or been given up, and the peer kept TCP from ending for too long, so it was closed.',
    clause: 'RFC 9112 §9.6, lingering close',
    operator: 'linger',
    waits: true,
  },
  signalGrace: {
    says: 'The time that prog has after a signal was over: what it or the peer still sent was not passed on any more.',
    clause: 's6-tlsd, signals',
    operator: 'linger',
    waits: true,
  },
  unheard: {
    says: 'prog kept its stdout open when nobody could hear it any more, so it was closed.',
    clause: 'RFC 5246 §7.2.1, pending writes are discarded; pipe(7)',
    operator: 'linger',
    waits: true,
  },
} as const satisfies Readonly<Record<string, LawText>>;

export type Law = keyof typeof LAWS;

/** Whether a law decides because it has waited long enough. */
export const waits = (law: Law): boolean => 'waits' in LAWS[law];

/** Is told of a law in the moment in which it decides something. */
export type Witness = (law: Law) => void;

/**
 * Applies operators under the names of their laws, before a witness.
 *
 * A law has decided when its operator says something that it was not just told: another value, or an end that is not the
 * source's own. What it only lets pass, or leaves out, is no decision. Without a witness the operator itself is applied, so that
 * nobody pays for being watched who is not.
 */
export const witnessed =
  (witness: Witness | undefined) =>
  <T, R>(law: Law, operator: OperatorFunction<T, R>): OperatorFunction<T, R> => {
    // Under this policy there is no such law: it could decide nothing, and every chunk would go through its watching.
    if (witness === undefined || (operator as unknown) === identity) return operator;
    return (source$: Observable<T>): Observable<R> =>
      defer(() => {
        let told: unknown = NOTHING;
        let silent = true;
        const says = (what: unknown): void => {
          if (silent && what !== told) {
            silent = false;
            witness(law);
          }
        };
        const watched$ = source$.pipe(
          tap({ next: (value) => (told = value), complete: () => (told = COMPLETION), error: () => (told = ERROR) }),
        );
        return operator(watched$).pipe(
          tap<R>({ next: says, complete: () => says(COMPLETION), error: () => says(ERROR) }),
        );
      });
  };

const NOTHING = Symbol('nothing yet');
const COMPLETION = Symbol('completion');
const ERROR = Symbol('error');
