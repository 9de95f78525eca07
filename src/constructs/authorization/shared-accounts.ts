import { AcknowledgedWarnings } from './acknowledged-warnings';
import { GuardedCall, GuardedInMesh, GuardedMesh, listText, shownWorkload } from './guarded-calls';
import { RefusalDetails } from '../../findings/refusal';
import type { Workload } from '../../mesh/workloads/workload';

/** A service account that a declared caller shares with workloads that don't declare the same calls. */
interface SharedAccount {
  readonly callers: Set<Workload>;
  readonly others: Set<Workload>;
  readonly services: Set<string>;
}

/** Warns once of each service account by which policies let in workloads that don't declare the call. */
export function sharedAccounts(around: GuardedMesh, accepted: AcknowledgedWarnings): readonly RefusalDetails[] {
  const byIdentity = new Map<string, Workload[]>();
  for (const workload of around.workloads.keys()) {
    if (workload.proxy.encrypts === false) continue; // presents no certificate
    const alike = byIdentity.get(workload.identity);
    if (alike) alike.push(workload);
    else byIdentity.set(workload.identity, [workload]);
  }
  const accounts = new Map<string, SharedAccount>();
  for (const guarded of around.guarded) {
    for (const call of guarded.calls) {
      const caller = call.caller?.workload && around.workloadOf(call.caller.workload);
      if (!caller) continue;
      const undeclared = (byIdentity.get(caller.identity) ?? [])
        .filter((other) => other !== caller && isUndeclared(other, call, guarded, around) && !accepted.has('API859', other));
      if (undeclared.length === 0) continue;
      const account = accounts.get(caller.identity) ?? { callers: new Set(), others: new Set(), services: new Set() };
      accounts.set(caller.identity, account);
      account.callers.add(caller);
      for (const other of undeclared) account.others.add(other);
      account.services.add(`${guarded.service.metadata.namespace}/${guarded.service.name}`);
    }
  }
  return [...accounts.values()].map((account) => warningOf(account, around));
}

/** Whether no call that is declared for a workload, or for everybody like it, includes another's; its own Service's pods are left out. */
function isUndeclared(other: Workload, call: GuardedCall, { calls, endpoints }: GuardedInMesh, around: GuardedMesh): boolean {
  if (endpoints.some(({ server }) => server === other)) return false;
  return !calls.some((one) => isFor(one, other, around) && includes(one, call));
}

function isFor({ caller }: GuardedCall, client: Workload, around: GuardedMesh): boolean {
  if (!caller) return true;
  if (caller.workload) return around.workloadOf(caller.workload) === client;
  const value = caller.value();
  return caller.list === 'namespaces' ? value === client.namespace : value === '*' || `spiffe://${value}` === client.identity;
}

/** Whether what one call may request includes what the other may. */
function includes(wide: GuardedCall, narrow: GuardedCall): boolean {
  const [lists, asked] = [Object.entries(wide.operation), narrow.operation as Readonly<Record<string, readonly string[] | undefined>>];
  return narrow.ports.every((port) => wide.ports.includes(port))
    && lists.every(([key, values]) => values === undefined || asked[key]?.every((value) => values.includes(value)) === true);
}

function warningOf({ callers, others, services }: SharedAccount, around: GuardedMesh): RefusalDetails {
  const [first] = callers;
  const { namespace, serviceAccount } = first;
  const note = serviceAccount === 'default' ? ', which all pods without one run as,' : '';
  const called = `${services.size === 1 ? 'Service' : 'Services'} ${listText([...services])}`;
  return {
    code: 'API859',
    kind: 'Calls',
    path: around.workloads.get(first),
    field: 'serviceAccountName',
    actual: `${namespace}/${serviceAccount}${note} for ${listText([...new Set([...callers, ...others])].map(shownWorkload))}, which lets `
      + `${listText([...others].map(shownWorkload))} make undeclared calls to ${called}`,
    expected: 'a service account for each client',
    because: 'policies know callers by their service accounts',
    fix: 'give each client a service account of its own, or declare the same calls for all of them',
  };
}
