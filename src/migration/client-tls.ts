import { AutoMtlsOutcome, isSentByRulesAlone, sendsByRulesAlone, turningOn } from './auto-mtls';
import { doubtfulCalls, LostCall, lostHop, lostInCase, SeenCalls } from './callers';
import { HostTlsRules } from './client-rules';
import { MeshCases } from './mesh-cases';
import { RemedyKind } from './remedies';
import { ModeTarget } from './target';
import { grouped } from '../mesh/collections';
import { idKey } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { decisiveHop, serverKey, serverOf } from '../mesh/model/path';
import { isWildcard } from '../mesh/names/hosts';

/**
 * Makes clients send the TLS that the target's servers accept if only rules decide what they send: with
 * auto mTLS if it may be turned on, or else with rules for the called hosts. Unlike other remedies, these
 * cover all calls, known or possible, since auto mTLS would lose none of them either.
 */
export class ClientTlsRules {
  private readonly rules: HostTlsRules[] = [];
  private readonly useless = new Set<string>();
  private answer?: AutoMtlsOutcome;

  /** @param mayTurnOn whether auto mTLS may be turned on */
  constructor(
    private readonly before: MeshCases, private readonly target: ModeTarget, private readonly mayTurnOn: boolean,
    private readonly seen?: SeenCalls,
  ) {}

  /** The change of auto mTLS; undefined if no call needs it. */
  get autoMtls(): AutoMtlsOutcome | undefined {
    return this.answer;
  }

  /** The change that keeps a call working which the target alone would break; undefined if none of these does. */
  remedyFor(call: LostCall, wanted: MeshCases): RemedyKind | undefined {
    if (!isSentByRulesAlone(call, wanted.all[call.inCase])) return undefined;
    if (this.rules.some((one) => one.covers(call))) return this.target.mode === 'STRICT' ? 'rule-with-mutual-tls' : 'rule-with-plaintext';
    return this.answer?.isTurnedOn && lostHop(call).hop.sent.reason === 'auto-mtls-off' ? 'auto-mtls' : undefined;
  }

  /** The next state towards the target; the same state if none of these changes saves a lost call. */
  mended(after: MeshCases): MeshCases {
    const calls = this.lostIn(after);
    if (calls.length === 0) return after;
    if (this.target.mode === 'STRICT' && !this.answer) {
      const { answer, mesh } = this.turnedOn(after);
      this.answer = answer;
      if (mesh) return mesh;
    }
    return this.byRules(after, calls);
  }

  private lostIn(after: MeshCases): readonly LostCall[] {
    return after.all.flatMap((mesh, inCase) => this.lostInCase(inCase, mesh));
  }

  private lostInCase(inCase: number, after: Mesh): readonly LostCall[] {
    const clients = new Set(after.callers.filter((one) => sendsByRulesAlone(one, after)).map(idKey));
    if (clients.size === 0) return [];
    return lostInCase(inCase, this.before.all[inCase], after, this.seen).filter((call) => {
      const { hop: { sent: { tls: clientTls, reason: tlsReason }, rule }, sender } = lostHop(call);
      if (sender === call.client ? !clients.has(idKey(sender)) : !isSentByRulesAlone(call, after)) return false;
      if (this.target.mode !== 'STRICT') return clientTls === 'ISTIO_MUTUAL' && rule !== undefined && isWildcard(rule.host);
      return tlsReason === 'auto-mtls-off' || (call.evidence !== 'possible' && clientTls !== 'ISTIO_MUTUAL' && rule !== undefined);
    });
  }

  private turnedOn(after: MeshCases): { readonly answer: AutoMtlsOutcome; readonly mesh?: MeshCases } {
    if (this.target.scope !== undefined) return { answer: { isTurnedOn: false, because: 'scope' } };
    if (!this.mayTurnOn) return { answer: { isTurnedOn: false, because: 'no-order' } };
    if (!after.all.every(turningOn)) return { answer: { isTurnedOn: false, because: 'elsewhere' } };
    const mesh = after.with(...after.changes((one) => turningOn(one)!));
    const calls = newly(doubtfulCalls(this.before, mesh), doubtfulCalls(this.before, after));
    if (calls.length === 0) return { answer: { isTurnedOn: true }, mesh };
    const [call] = calls;
    const conditions = after.conditions(call.inCase, (index) => calls.some((one) => one.inCase === index && keyOf(one) === keyOf(call)));
    return { answer: { isTurnedOn: false, because: { ...call, ...conditions && { if: conditions } } } };
  }

  /** A rule that breaks working calls is limited to the other ports, or dropped; a rule that saves no call is dropped too. */
  private byRules(after: MeshCases, calls: readonly LostCall[]): MeshCases {
    const tls = this.target.mode === 'STRICT' ? 'ISTIO_MUTUAL' : 'DISABLE';
    const lost = doubtfulCalls(this.before, after);
    const isOpen = (call: LostCall): boolean => HostTlsRules.isPossible(call) && !this.useless.has(HostTlsRules.keyOf(call));
    const byKey = grouped(calls.filter(isOpen), HostTlsRules.keyOf);
    let rules: ReadonlyMap<string, HostTlsRules> = new Map(Array.from(byKey, ([key, some]) => [key, new HostTlsRules(tls, some)]));
    while (rules.size > 0) {
      const taken = new Set<string>();
      const mesh = after.with(...[...rules.values()].flatMap((one) => one.changes(after.all[one.calls[0].inCase], taken)));
      const still = doubtfulCalls(this.before, mesh);
      const harmed = grouped(newly(still, lost), ({ side }) => decisiveHop(side.path).target.host);
      const left = new Set(still.map(keyInCase));
      const next = new Map([...rules].flatMap(([key, one]) => {
        const ports = new Set((harmed.get(one.host) ?? []).map(({ side }) => decisiveHop(side.path).target.port));
        const kept = ports.size > 0 ? one.without(ports) : one.calls.every((call) => left.has(keyInCase(call))) ? undefined : one;
        if (!kept) this.useless.add(key);
        return kept ? [[key, kept] as const] : [];
      }));
      if ([...next].every(([key, one]) => rules.get(key) === one) && next.size === rules.size) {
        if (harmed.size > 0) break;
        this.rules.push(...next.values());
        return mesh;
      }
      rules = next;
    }
    for (const key of rules.keys()) this.useless.add(key);
    return after;
  }
}

function newly(calls: readonly LostCall[], known: readonly LostCall[]): readonly LostCall[] {
  const keys = new Set(known.map(keyInCase));
  return calls.filter((call) => !keys.has(keyInCase(call)));
}

function keyInCase(call: LostCall): string {
  return `${call.inCase} ${keyOf(call)}`;
}

function keyOf({ client, host, port, side }: LostCall): string {
  return `${idKey(client)} ${host}:${port} ${serverKey(serverOf(side.path).endpoint)}`;
}
