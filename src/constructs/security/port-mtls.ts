import { MtlsMode } from './mtls-mode';

/** The mutual TLS mode of one port of a workload. */
export interface PortMtls {
  /** The **container's** port, 1 to 65535: not the Service's, which may differ. */
  readonly port: number;

  /** What the workload's proxies accept on this port. */
  readonly mode: MtlsMode;
}
