import { fieldText } from '../../../src/findings/finding';
import { Facts } from '../../../src/mesh/authorization/facts';
import { clausesOf, RULE_PROTOCOLS, RuleProtocol } from '../../../src/mesh/authorization/normal-form';
import { AuthorizationPolicy, readAuthorizationPolicy } from '../../../src/mesh/authorization/policy';
import { isCertain, leftOfClause, Residual } from '../../../src/mesh/authorization/residual';
import { Verdict, verdictOf } from '../../../src/mesh/authorization/verdict';
import { FieldRef } from '../../../src/mesh/inventory/field-ref';
import { readObject } from '../../../src/mesh/inventory/object';
import { authorizationPolicy } from '../../support/meshes/mesh';
import { isAdmitted, isMatched, SeenCall } from '../../support/meshes/naive-authorization';
import { casesOf } from '../../support/random/cases';
import { fc } from '../../support/random/fast-check';
import { randomCalls, randomPolicies, randomTrustDomains } from '../../support/random/random-policies';

type Known = Omit<Facts, 'protocol'>;

const read = (policies: readonly unknown[]): AuthorizationPolicy[] => policies.map((policy) => readAuthorizationPolicy(readObject(policy)!));
const protocolOf = ({ isHttp }: SeenCall): RuleProtocol => (isHttp ? 'HTTP' : 'TCP');

function factsOf({ port, uri, sni, method, host, path, headers, claims }: SeenCall, trustDomains: readonly string[]): Known {
  return { trustDomains, port, identity: uri, sni, request: { method, host, path, headers, claims } };
}

const FACTS = ['port', 'identity', 'sni', 'request'] as const;
const OF_REQUESTS = ['method', 'host', 'path', 'headers', 'claims'] as const;

/** Some of the facts. */
const hidden = fc.record({ facts: fc.subarray([...FACTS]), ofRequest: fc.subarray([...OF_REQUESTS]) });

function without(known: Known, { facts, ofRequest }: { facts: string[]; ofRequest: string[] }): Known {
  const request = Object.fromEntries(Object.entries(known.request!).filter(([name]) => !ofRequest.includes(name)));
  return Object.fromEntries(Object.entries({ ...known, request }).filter(([name]) => !facts.includes(name))) as unknown as Known;
}

/** A call that agrees with what is known of another one. */
function completed(call: SeenCall, other: SeenCall, { facts, ofRequest }: { facts: string[]; ofRequest: string[] }): SeenCall {
  const names = [...facts.flatMap((name) => (name === 'identity' ? ['uri'] : name === 'request' ? OF_REQUESTS : [name])), ...ofRequest];
  return { ...call, ...Object.fromEntries(Object.entries(other).filter(([name]) => names.includes(name))) };
}

/** A verdict on a call with all facts known. */
function admits(verdict: Verdict, facts: Facts): boolean {
  if (verdict.passes !== 'if') return verdict.passes === 'always';
  const isIn = (residual: Residual) => residual.some((clause) => {
    const left = leftOfClause(clause, facts);
    return left !== undefined && isCertain(left);
  });
  return !isIn(verdict.denied) && (!verdict.allowed || isIn(verdict.allowed));
}

describe('verdicts of random policies', () => {
  const { count } = casesOf('decisions');

  test('a call with all facts known is decided as a plain evaluation decides it', () => {
    fc.assert(fc.property(randomPolicies, randomCalls, randomTrustDomains, (policies, call, trustDomains) => {
      const { passes } = verdictOf(read(policies), factsOf(call, trustDomains), [protocolOf(call)]);
      expect(passes).toBe(isAdmitted(policies, call, trustDomains) ? 'always' : 'never');
    }), { numRuns: count(4_000) });
  });

  test('a verdict on partial facts is right for every call that matches these facts', () => {
    const fewCalls = fc.array(randomCalls, { minLength: 3, maxLength: 3 });
    fc.assert(fc.property(randomPolicies, randomCalls, fewCalls, hidden, randomTrustDomains, (policies, call, others, some, trustDomains) => {
      const protocol = protocolOf(call);
      const verdict = verdictOf(read(policies), without(factsOf(call, trustDomains), some), [protocol]);
      expect(verdict.passes).not.toBe('undecided');
      for (const one of [call, ...others.map((other) => completed(call, other, some))]) {
        expect(admits(verdict, { ...factsOf(one, trustDomains), protocol })).toBe(isAdmitted(policies, one, trustDomains));
      }
    }), { numRuns: count(4_000) });
  });

  test('with a detected protocol, the verdict is decided only if HTTP and TCP agree', () => {
    fc.assert(fc.property(randomPolicies, randomCalls, hidden, randomTrustDomains, (policies, call, some, trustDomains) => {
      const { passes } = verdictOf(read(policies), without(factsOf(call, trustDomains), some), RULE_PROTOCOLS);
      expect(passes).not.toBe('if');
      if (passes === 'undecided') return;
      for (const isHttp of [true, false]) expect(isAdmitted(policies, { ...call, isHttp }, trustDomains)).toBe(passes === 'always');
    }), { numRuns: count(1_500) });
  });

  test('a matching CUSTOM policy leaves the verdict undecided, unless another policy denies the call', () => {
    fc.assert(fc.property(randomPolicies, randomCalls, randomTrustDomains, (policies, call, trustDomains) => {
      const asking = policies.map((policy: any, index) => (index === 0 ? { ...policy, spec: { ...policy.spec, action: 'CUSTOM' } } : policy));
      const { passes } = verdictOf(read(asking), factsOf(call, trustDomains), [protocolOf(call)]);
      const isAdmittedOtherwise = isAdmitted(asking, call, trustDomains);
      expect(passes).toBe(!isAdmittedOtherwise ? 'never' : isMatched(asking[0], call, trustDomains) ? 'undecided' : 'always');
    }), { numRuns: count(1_500) });
  });

  test('keeps the position of each rule', () => {
    fc.assert(fc.property(randomPolicies, (policies) => {
      for (const policy of read(policies)) {
        for (const { at, sources, operations, conditions } of RULE_PROTOCOLS.flatMap((protocol) => clausesOf(policy, protocol))) {
          for (const atom of [...sources, ...operations, conditions].flat()) {
            expect(valueIn(atom.at)).toEqual(atom.values);
            expect(atom.at.field.slice(0, at.field.length)).toEqual(at.field);
          }
        }
      }
    }), { numRuns: count(250) });
  });
});

function valueIn({ object, field }: FieldRef): unknown {
  return field.reduce<any>((value, step) => value[step], object.source);
}

const rules = (...list: unknown[]) => ({ rules: list });
const from = (source: object) => ({ from: [{ source }] });
const to = (operation: object) => ({ to: [{ operation }] });
const X = from({ principals: ['x'] });
const PLAINTEXT: Known = { trustDomains: ['cluster.local'], port: 80, identity: '', sni: '' };

function shownVerdict(specs: readonly object[], protocols: readonly RuleProtocol[] = ['HTTP'], known: Known = PLAINTEXT): string {
  const policies = read(specs.map((spec, index) => authorizationPolicy(`a/p${index}`, spec)));
  const { passes, by } = verdictOf(policies, known, protocols);
  return [passes, ...by.map(({ object, field }) => `${object.name} ${fieldText(field)}`.trim())].join(', ');
}

describe('the verdict and the rules that decide it, with', () => {
  test.each<[string, object[], string]>([
    ['no policy', [], 'always'],
    ['a DENY that doesn\'t match', [{ action: 'DENY', ...rules(X) }], 'always'],
    ['a DENY of everything', [{ action: 'DENY', ...rules(X, {}) }, rules({})], 'never, p0 spec.rules[1]'],
    ['an ALLOW without rules', [{}], 'never, p0'],
    ['two ALLOWs that don\'t match', [rules(X), { rules: [] }], 'never, p0, p1'],
    ['an ALLOW of everything', [rules(X, {}), rules(to({ methods: ['GET'] }))], 'always, p0 spec.rules[1]'],
    ['an ALLOW of some requests', [rules(X, to({ methods: ['GET'] }))], 'if, p0 spec.rules[1]'],
    ['a DENY of some requests', [{ action: 'DENY', ...rules(to({ paths: ['/a'] })) }, rules({})], 'if, p0 spec.rules[0], p1 spec.rules[0]'],
    ['an AUDIT policy', [{ action: 'AUDIT', ...rules({}) }], 'always'],
    ['a CUSTOM policy', [{ action: 'CUSTOM', ...rules({}) }], 'undecided, p0 spec.rules[0]'],
    ['a CUSTOM policy for another port', [{ action: 'CUSTOM', ...rules(to({ ports: ['81'] })) }], 'always'],
    ['an ALLOW of an address', [rules(from({ ipBlocks: ['10.0.0.0/8'] }))], 'if, p0 spec.rules[0]'],
    ['an ALLOW by metadata of another filter', [rules({ when: [{ key: 'experimental.envoy.filters.a.b[c]', values: ['x'] }] })], 'if, p0 spec.rules[0]'],
    ['a path template that Envoy rejects', [rules({}), rules(to({ paths: ['/a', 'a/{*}'] }))], 'undecided, p1 spec.rules[0].to[0].operation.paths'],
    ['a path template that Envoy rejects, in the only rule', [rules(to({ paths: ['//{**}'] }))], 'undecided, p0 spec.rules[0].to[0].operation.paths'],
  ])('%s', (_, specs, expected) => {
    expect(shownVerdict(specs)).toBe(expected);
  });

  test.each<[string, object[], string, string]>([
    ['an ALLOW of some requests', [rules(to({ methods: ['GET'] }))], 'never, p0', 'undecided, p0 spec.rules[0], p0'],
    ['an ALLOW of some requests, or of a port', [rules({ to: [{ operation: { methods: ['GET'] } }, { operation: { ports: ['80'] } }] })], 'never, p0', 'undecided, p0 spec.rules[0], p0'],
    ['a DENY of some requests', [{ action: 'DENY', ...rules(to({ methods: ['GET'] })) }], 'never, p0 spec.rules[0]', 'undecided, p0 spec.rules[0]'],
    ['a DENY of some requests to another port', [{ action: 'DENY', ...rules(to({ methods: ['GET'], ports: ['81'] })) }], 'always', 'always'],
    ['a path template that Envoy rejects', [rules(to({ paths: ['a/{*}'] }))], 'undecided, p0 spec.rules[0].to[0].operation.paths', 'undecided, p0 spec.rules[0].to[0].operation.paths'],
    ['an ALLOW of everything', [rules({})], 'always, p0 spec.rules[0]', 'always, p0 spec.rules[0]'],
  ])('for TCP, and for either protocol: %s', (_, specs, ofTcp, ofEither) => {
    expect([shownVerdict(specs, ['TCP']), shownVerdict(specs, RULE_PROTOCOLS)]).toEqual([ofTcp, ofEither]);
  });
});
