import { FindingSeverity } from './finding-severity';
import { MtlsConnection, MtlsMissingFact } from './mtls-connection';
import { AcknowledgedMtlsFinding, MtlsFinding } from './mtls-finding';
import type { Acknowledged } from '../analysis/acknowledgements';
import type { MeshFinding } from '../analysis/mesh-finding';
import { waitingText } from '../analysis/waiting-text';
import type { WantedFact } from '../analysis/would-decide';
import { fieldText } from '../findings/field-path';
import { printable } from '../findings/printable';
import { refusalMessage } from '../findings/refusal';
import type { Connection } from '../mesh/connections/connection';

/** A finding in the words of every language; `paths` knows the constructs that emit objects. */
export function findingOf({ object: { kind, namespace, name }, source, ...finding }: MeshFinding, paths: ReadonlyMap<object, string>): MtlsFinding {
  const { code, severity, actual, expected, because, fix, connections } = finding;
  const constructPath = source && paths.get(source);
  const field = fieldText(finding.field);
  const fullName = [namespace, name].filter(Boolean).join('/');
  const subject = source ? { kind, name: fullName, path: constructPath } : { kind: 'MtlsAnalysis' };
  const message = refusalMessage({ code, ...subject, field: field || 'the document', actual, expected, because, fix });
  return { code, severity: severity as FindingSeverity, kind, namespace, name, constructPath, field, message, fix, connections };
}

export function acknowledgedOf({ finding, reason }: Acknowledged, paths: ReadonlyMap<object, string>): AcknowledgedMtlsFinding {
  return { ...findingOf(finding, paths), reason };
}

export function missingFactOf(fact: WantedFact): MtlsMissingFact {
  const { need, subject, connections, telling } = fact;
  return {
    need,
    subject,
    connections,
    message: printable(`${connections} ${waitingText(fact)}`),
    injectedNamespaces: [...telling?.injectedNamespaces ?? []],
    installedRevisions: [...telling?.installedRevisions ?? []],
    decides: telling?.decides,
  };
}

export function connectionOf(connection: Connection): MtlsConnection {
  const { client, requested, service, server, clientTls, serverMode, outcome, undecidedBecause, because } = connection;
  return {
    clientKind: client.kind,
    clientNamespace: client.namespace,
    clientName: client.name,
    requestedHost: requested.host,
    requestedPort: requested.port,
    serviceHost: service.host,
    servicePort: service.port,
    subset: service.subset,
    serverKind: server?.kind,
    serverNamespace: server?.namespace,
    serverName: server?.name,
    serverPort: server?.port,
    clientTls,
    serverMode,
    outcome: outcome as MtlsConnection['outcome'],
    undecidedBecause,
    because: because.map(({ kind, namespace, name, field, effect }) => ({ kind, namespace, name, field, effect })),
  };
}
