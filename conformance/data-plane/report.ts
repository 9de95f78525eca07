// What the runner of meshes says of one: the JSON of internal/dataplane.
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { CallKind } from '../../src/mesh/routes/route';
import type { RefusedObject } from '../connections/verdict';

export interface SeenServer extends ObjectName {
  readonly port: number;
}

/** What a connection carries, by its first bytes; silence: nothing. */
export type Wire = 'plaintext' | 'tls' | 'mtls' | 'silence';

/** A connection that left the client's pod; its server is null outside the mesh. */
export interface SeenFlow {
  readonly server: SeenServer | null;
  readonly wire: Wire;
  readonly proxyHeader?: boolean;
  readonly refused?: boolean;
}

/** A call that was made. */
export interface SeenCall {
  readonly client: ObjectName;
  readonly requested: { readonly host: string; readonly port: number };
  readonly kind: CallKind;
  /** What the server's application said; without a name it is outside the mesh. */
  readonly arrived?: SeenServer & { readonly encrypted?: number; readonly clientCertificate?: boolean };
  /** Whether it arrived at the pod that made it. */
  readonly returned?: boolean;
  /** What the client's application was told, where the call has failed. */
  readonly failed?: string;
  readonly flows: readonly SeenFlow[];
}

/** A call of those made before, by its place among them, made again. */
export type SeenAgain = SeenCall & { readonly of: number };

/** What was seen while a change reached the proxies of a mesh one after the other. */
interface SeenConvergence {
  readonly before: readonly SeenCall[];
  /** Calls while proxies took what was pushed to them, and when they had it. */
  readonly steps: readonly SeenTurns[];
  /** Those that sidecars have made on the connections that they keep. */
  readonly handshakes: number;
}

export interface SeenTurns {
  readonly during: readonly SeenAgain[];
  readonly then: readonly SeenAgain[];
  /** How many of the connections that stay open have answered then, and how the others failed. */
  readonly kept: number;
  readonly lost?: readonly { readonly client: ObjectName; readonly requested: SeenCall['requested']; readonly failed: string }[];
  /** What proxies have logged of the calls of `then`: by namespace and name of their workload, each line with how often. */
  readonly logged?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A call: by curl, of a client that speaks first, or of one that waits for its server to speak. */
export interface Probe {
  readonly client: ObjectName;
  readonly requested: { readonly host: string; readonly port: number };
  readonly kind: 'http' | 'https' | 'tcp' | 'greeting';
  /** How often it is made, one after the other; default 1. */
  readonly times?: number;
  /** How many milliseconds lie between. */
  readonly pause?: number;
}

export interface Symptoms extends Probe {
  /** The exit code of curl; 1 where another client failed. */
  readonly exit: number;
  readonly said: string;
  readonly status?: number;
  readonly body?: string;
  /** A `header` is that of the PROXY protocol, whatever gets through after it. */
  readonly wire: readonly (Wire | 'header')[];
  readonly clientLog: readonly string[];
  readonly serverLog: readonly string[];
  /** What Envoy's counters came to, by namespace and name of the workload, where they were asked for. */
  readonly counters?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Those of its TLS, where they were asked for. */
  readonly records?: readonly TlsRecord[];
}

/** What can be told of a handshake message; of the lists, an answer chooses one. */
export interface HandshakeMessage {
  readonly type: string;
  /** Of the message's body, in bytes; none where it holds a signature, whose length is another each time. */
  readonly length?: number;
  readonly versions?: readonly string[];
  readonly serverName?: string;
  /** A ClientHello shows a ticket of an earlier connection; the ServerHello of TLS 1.3: the server takes it. */
  readonly resumes?: boolean;
  /** By ALPN. */
  readonly protocols?: readonly string[];
  readonly suites?: readonly string[];
  /** Of the key shares. */
  readonly groups?: readonly string[];
  /** Of whom a CertificateRequest asks for certificates. */
  readonly authorities?: readonly string[];
  /** Subject alternative names. */
  readonly names?: readonly string[];
}

export interface TlsRecord {
  readonly from: 'client' | 'server';
  readonly type: string;
  /** In the record's header. */
  readonly version: string;
  readonly length?: number;
  /** On the wire; what is told of it nevertheless was opened with the client's keys. */
  readonly encrypted: boolean;
  readonly messages?: readonly HandshakeMessage[];
}

export interface RunReport {
  readonly id: string;
  readonly calls: readonly SeenCall[];
  /** Workloads whose proxies couldn't be run. */
  readonly notRun: readonly (ObjectName & { readonly why: string })[];
  /** Calls that weren't made, by the reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly refused: readonly RefusedObject[];
  readonly symptoms?: readonly Symptoms[];
  readonly convergence?: SeenConvergence;
  readonly error?: string;
}
