import { analysisModules } from './app-mesh';
import type { FailureKind, Symptom } from '../explain/failures';

/** What a caller sees. */
export interface MtlsSymptom {
  /**
   * The HTTP status, `000` for no answer.
   *
   * @default - the caller speaks no HTTP
   */
  readonly status?: string;
  /** What curl or the application reports. */
  readonly message: string;
  /** The response flags in the access log of the client's sidecar; empty without a sidecar. */
  readonly flags: string[];
  /**
   * OpenSSL's reason for the failed handshake, from the same line of the log, such as `CERTIFICATE_VERIFY_FAILED`.
   *
   * @default - none is logged, or it depends on the server's application
   */
  readonly reason?: string;
  /** The response flags in the access log of the server's sidecar; empty without a sidecar, or if it logs nothing. */
  readonly serverFlags: string[];
}

/** How a call fails, as its caller sees it. */
export interface MtlsFailure {
  /** The kind of failure, as one of the words that docs/explain.md lists, such as `plaintext-to-strict`. */
  readonly kind: string;
  /** In a few words. */
  readonly title: string;
  /**
   * What a caller that speaks HTTP sees.
   *
   * @default - no caller speaks HTTP
   */
  readonly http?: MtlsSymptom;
  /**
   * What a caller that speaks TCP or its own TLS sees.
   *
   * @default - no caller speaks TCP or its own TLS
   */
  readonly tcp?: MtlsSymptom;
  /**
   * What a caller that speaks its own TLS sees.
   *
   * @default - the same as `tcp`
   */
  readonly tls?: MtlsSymptom;
  /** How the symptoms are known. */
  readonly source: string;
}

export function failureOf(kind: FailureKind): MtlsFailure {
  const { title, http, tcp, tls, source } = analysisModules().FAILURES[kind];
  return { kind, title, http: http && symptomOf(http), tcp: tcp && symptomOf(tcp), tls: tls && symptomOf(tls), source };
}

function symptomOf({ status, message, flags = [], reason, serverFlags = [] }: Symptom): MtlsSymptom {
  return { status, message, flags: [...flags], reason, serverFlags: [...serverFlags] };
}
